"""From the tables of a study to its responses, best responses and times to events."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

import recist
from recist import get_rules
from survival.study.leukaemia import leukaemia_best, leukaemia_responses
from survival.study.load import StudyData
from survival.study.model import Study
from survival.study.readers import with_accepted
from survival.study.reading import criteria_of, labels
from survival.study.source import nearest
from survival.study.stack import stacked

RECORDED = "recorded"


@dataclass(frozen=True)
class Derived:
    """Everything that is derived per subject."""

    responses: pd.DataFrame
    best: pd.DataFrame
    tte: dict[str, pd.DataFrame]  # name of the endpoint -> its frame, in the order of the file
    situations: pd.DataFrame


def derive_responses(study: Study, data: StudyData) -> pd.DataFrame:
    """Responses under every criteria of the study, stacked; or those recorded; with the accepted reading."""
    if data.marrow is not None:
        return leukaemia_responses(study, data, start_dates(study, data.subjects))
    flagged = data.lesions if data.recorded is None else data.recorded
    return with_accepted(study, _responses_read(study, data), data.adjudication, flagged)


def _responses_read(study: Study, data: StudyData) -> pd.DataFrame:
    """The responses of everyone who read."""
    if data.recorded is not None:
        return with_start(study, data.recorded, data.subjects)
    assert data.lesions is not None  # the study file was refused otherwise
    start = start_dates(study, data.subjects)
    undated = set(without_start(study, data.subjects))
    lesions = data.lesions[~data.lesions["subject"].astype(str).isin(undated)].reset_index(drop=True)
    frames = [
        recist.assess(lesions, criteria=criteria, start=start, visits=_visits(data, undated))
        for criteria in criteria_of(study).values()
    ]
    return frames[0] if len(frames) == 1 else stacked(frames)


def without_start(study: Study, subjects: pd.DataFrame) -> list[str]:
    """Subjects of the subject table whose start date is not known: nothing can be counted from it."""
    dated = set(start_dates(study, subjects)["subject"].astype(str))
    return [subject for subject in subjects["subject"].astype(str) if subject not in dated]


def _visits(data: StudyData, undated: set[str]) -> pd.DataFrame | None:
    """The table of visits of the subjects with a start date."""
    if data.visits is None:
        return None
    return data.visits[~data.visits["subject"].astype(str).isin(undated)].reset_index(drop=True)


def start_dates(study: Study, subjects: pd.DataFrame) -> pd.DataFrame:
    """Subject and start date, of those who have one."""
    column = study.study.start_date
    if column not in subjects:
        raise study.source.error(
            ("study", "start_date"),
            f"the subject table has no column '{column}'.{nearest(column, map(str, subjects.columns))}",
        )
    if not pd.api.types.is_datetime64_any_dtype(subjects[column]):
        raise study.source.error(
            ("study", "start_date"),
            f"column '{column}' of the subject table holds no dates. Name a date column.",
        )
    known = subjects[subjects[column].notna()]
    return pd.DataFrame({"subject": known["subject"], "start_date": known[column]}).reset_index(drop=True)


def with_start(study: Study, responses: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """Recorded responses with the start date of the study and the day counted from it."""
    start = start_dates(study, subjects).set_index("subject")["start_date"]
    start.index = start.index.astype(str)
    found = responses["subject"].astype(str).map(start)
    kept = responses.assign(start_date=found, criteria=_recorded_label(study))[found.notna()]
    return kept.assign(day=(kept["date"] - kept["start_date"]).dt.days).reset_index(drop=True)


def _recorded_label(study: Study) -> str:
    """The criteria that recorded responses are taken to follow: the one of the study file."""
    if len(study.criteria) > 1:
        raise study.source.error(("criteria",), "recorded responses have one criteria. Name only one.")
    return next(iter(labels(study).values()))


def derive_best(study: Study, data: StudyData, responses: pd.DataFrame) -> pd.DataFrame:
    """Best responses per subject, evaluator and criteria, by the rules of the study, up to the cutoff."""
    counted = up_to_cutoff(responses, data.subjects)
    if data.marrow is not None:
        return leukaemia_best(study, data, counted)
    if not (study.response.preset or study.response.rules) and study.data.responses != RECORDED:
        return recist.best_response(counted, subjects=data.subjects)
    frames = []
    for name, label in labels(study).items():
        part = counted[counted["criteria"].astype(str) == label].reset_index(drop=True)
        if part.empty and len(counted):
            continue  # another reading is asked for
        rules = get_rules(study.response.preset) if study.response.preset else criteria_of(study)[name]
        edited = replace(rules, **study.response.rules)
        frames.append(recist.best_response(part, rules=edited, subjects=data.subjects))
    return frames[0] if len(frames) == 1 else stacked(frames)


def up_to_cutoff(responses: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """Responses dated no later than the data cutoff of their subject."""
    if "cutoff_date" not in subjects:
        return responses
    cutoff = (
        responses["subject"]
        .astype(str)
        .map(subjects.set_index(subjects["subject"].astype(str))["cutoff_date"])
    )
    return responses[cutoff.isna() | (responses["date"] <= cutoff)].reset_index(drop=True)
