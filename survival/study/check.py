"""What is asked of the data before anything is derived from them: the findings of a study."""

from __future__ import annotations

import pandas as pd

import recist
from survival.study.derive import without_start
from survival.study.leukaemia import classifications
from survival.study.load import StudyData
from survival.study.model import Study
from survival.study.reading import criteria_of
from survival.study.stack import stacked

COLUMNS = ("finding", "severity", "subject", "evaluator", "visit", "lesion", "row", "message")


def findings_of(study: Study, data: StudyData) -> pd.DataFrame:
    """What reading found, and what every table is asked from which something is derived."""
    frames = [*data.findings, *_of_lesions(study, data), *_of_tables(study, data), *_undated(study, data)]
    kept = [frame for frame in frames if len(frame)]
    if not kept:
        return pd.DataFrame(columns=list(COLUMNS))
    return kept[0] if len(kept) == 1 else stacked(kept)


def _of_lesions(study: Study, data: StudyData) -> list[pd.DataFrame]:
    """What the lesion table is asked when responses are derived from it."""
    if data.lesions is None or data.recorded is not None:
        return []
    criteria = next(iter(criteria_of(study).values()))
    return [recist.check_lesions(data.lesions, criteria, data.subjects, data.visits)]


def _of_tables(study: Study, data: StudyData) -> list[pd.DataFrame]:
    """What marrow assessments, questionnaires and adverse events are asked."""
    frames = []
    if data.marrow is not None:
        criteria = next(iter(classifications(study).values()))
        frames.append(recist.check_leukaemia(data.marrow, criteria, data.subjects))
    if data.qlq_c30 is not None:
        from survival import check_qlq

        frames.append(check_qlq(data.qlq_c30, data.subjects))
    if data.adverse_events is not None:
        from survival import check_adverse_events

        frames.append(check_adverse_events(data.adverse_events, data.subjects))
    return frames


def _undated(study: Study, data: StudyData) -> list[pd.DataFrame]:
    """A finding for each subject with assessments and without the start date of the study."""
    assessed = data.lesions if data.marrow is None else data.marrow
    if assessed is None or data.recorded is not None:
        return []
    measured = set(assessed["subject"].astype(str))
    said = f"has no {study.study.start_date}: its responses are not derived. Is the date missing?"
    rows = [
        {"finding": "no-start-date", "severity": "warning", "subject": subject}
        | {"message": f"Subject {subject} {said}"}
        for subject in without_start(study, data.subjects)
        if subject in measured
    ]
    return [pd.DataFrame(rows).reindex(columns=list(COLUMNS))] if rows else []
