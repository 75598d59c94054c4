"""From the tables of a study to its responses, best responses and times to events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

import recist
from recist import Criteria, get_criteria, get_rules
from survival.study.known import RATE_KEYS, edited_endpoint
from survival.study.load import StudyData
from survival.study.model import EndpointSpec, Study
from survival.study.populations import population
from survival.study.readers import evaluators_of, with_accepted
from survival.study.source import nearest

RECORDED = "recorded"


@dataclass(frozen=True)
class Reading:
    """Whose assessments, under which criteria, of which subjects an outcome is made of."""

    evaluator: str
    criteria: str  # as the column `criteria` of the responses has it
    population: str


@dataclass(frozen=True)
class Derived:
    """Everything that is derived per subject."""

    responses: pd.DataFrame
    best: pd.DataFrame
    tte: dict[str, pd.DataFrame]  # name of the endpoint -> its frame, in the order of the file
    situations: pd.DataFrame


def criteria_of(study: Study) -> dict[str, Criteria]:
    """The criteria of a study by the names it gives them, edits made."""
    found = {}
    for name, edits in study.criteria.items():
        fields = {field: value for field, value in edits.items() if field != "base"}
        found[name] = replace(get_criteria(edits.get("base", name)), **fields)
    return found


def derive_responses(study: Study, data: StudyData) -> pd.DataFrame:
    """Responses under every criteria of the study, stacked; or those recorded; with the accepted reading."""
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
    counted = _up_to_cutoff(responses, data.subjects)
    if not (study.response.preset or study.response.rules) and study.data.responses != RECORDED:
        return recist.best_response(counted, subjects=data.subjects)
    frames = []
    for name, label in labels(study).items():
        part = counted[counted["criteria"].astype(str) == label].reset_index(drop=True)
        rules = get_rules(study.response.preset) if study.response.preset else criteria_of(study)[name]
        edited = replace(rules, **study.response.rules)
        frames.append(recist.best_response(part, rules=edited, subjects=data.subjects))
    return frames[0] if len(frames) == 1 else stacked(frames)


def _up_to_cutoff(responses: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """Responses dated no later than the data cutoff of their subject."""
    if "cutoff_date" not in subjects:
        return responses
    cutoff = (
        responses["subject"]
        .astype(str)
        .map(subjects.set_index(subjects["subject"].astype(str))["cutoff_date"])
    )
    return responses[cutoff.isna() | (responses["date"] <= cutoff)].reset_index(drop=True)


def derive_endpoints(
    study: Study, data: StudyData, responses: pd.DataFrame, best: pd.DataFrame
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Times to events of every such endpoint of the study, and all situations that applied."""
    from survival.endpoint import all_situations, derive_endpoint

    tte: dict[str, pd.DataFrame] = {}
    situations = []
    for spec in time_endpoints(study):
        which = reading(study, spec, data)
        subjects = _with_baseline(population(study, data.subjects, which.population), data, which.evaluator)
        given = (edited_endpoint(spec, study), subjects)
        frames = (of_reading(responses, which, subjects), of_reading(best, which, subjects))
        tte[spec.name] = derive_endpoint(*given, *frames)
        situations.append(all_situations(*given, *frames))
    return tte, stacked(situations) if situations else pd.DataFrame()


def _with_baseline(subjects: pd.DataFrame, data: StudyData, evaluator: str) -> pd.DataFrame:
    """Say of subjects whose lesions are followed without a baseline that none is adequate (FDA table A, first row)."""
    if data.lesions is None or data.recorded is not None or "baseline_adequate" in subjects:
        return subjects
    read = data.lesions[data.lesions["evaluator"].astype(str) == evaluator]
    lacking = set(read["subject"].astype(str)) - set(read.loc[read["baseline"], "subject"].astype(str))
    if not lacking:
        return subjects
    return subjects.assign(baseline_adequate=~subjects["subject"].astype(str).isin(lacking))


def time_endpoints(study: Study) -> list[EndpointSpec]:
    """The endpoints of a study that are times to an event."""
    return [spec for spec in study.endpoint if spec.key not in RATE_KEYS]


def rate_endpoints(study: Study) -> list[EndpointSpec]:
    """The endpoints of a study that are proportions of subjects."""
    return [spec for spec in study.endpoint if spec.key in RATE_KEYS]


def reading(study: Study, spec: EndpointSpec, data: StudyData) -> Reading:
    """Whose assessments an endpoint is made of: its own keys, else those of [response]."""
    number = study.endpoint.index(spec)
    evaluator = _evaluator(study, number, evaluators_of(study, data.evaluators))
    name = spec.criteria or study.response.criteria
    if name is None and len(study.criteria) > 1:
        raise study.source.error(
            ("endpoint", number),
            f"'{spec.name}' does not say which criteria count: {', '.join(study.criteria)}. "
            "Add criteria here or in [response].",
        )
    return Reading(evaluator, labels(study)[name or next(iter(study.criteria))], _population(study, spec))


def labels(study: Study) -> dict[str, str]:
    """Name of the criteria in the study file -> what the column `criteria` of the responses holds."""
    return {name: criteria.label for name, criteria in criteria_of(study).items()}


def _population(study: Study, spec: EndpointSpec) -> str:
    return spec.population or study.analysis.population


def _evaluator(study: Study, number: int, there: list[str]) -> str:
    """The evaluator that an endpoint or [response] names, or the only one there is."""
    own = study.endpoint[number].evaluator
    wanted = own or study.response.evaluator
    if wanted is None and study.readers is not None:
        wanted = study.readers.accepted
    key = ("response", "evaluator") if own is None else ("endpoint", number, "evaluator")
    if wanted is None and len(there) > 1:
        raise study.source.error(
            key,
            f'the data hold the readings of {", ".join(there)}. Say whose counts: evaluator = "{there[0]}".',
        )
    if wanted is not None and wanted not in there:
        raise study.source.error(key, f"evaluator '{wanted}' is not in the data.{nearest(wanted, there)}")
    return wanted or there[0]


def of_reading(frame: pd.DataFrame, which: Reading, subjects: pd.DataFrame) -> pd.DataFrame:
    """The rows of one evaluator, one criteria and the given subjects."""
    rows = frame["evaluator"].astype(str) == which.evaluator
    rows &= frame["criteria"].astype(str) == which.criteria
    rows &= frame["subject"].astype(str).isin(subjects["subject"].astype(str))
    return frame[rows].reset_index(drop=True)


def stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Frames below one another; a text column is a category over all the words that occur in it."""
    text = {name for frame in frames for name in frame if _is_text(frame[name])}
    plain = [frame.astype({name: "string" for name in frame if name in text}) for frame in frames]
    whole = pd.concat(plain, ignore_index=True)
    return whole.astype(dict.fromkeys(text, "category"))


def _is_text(column: pd.Series[Any]) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype | pd.StringDtype) or column.dtype == object
