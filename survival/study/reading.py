"""Whose assessments, under which criteria, of which subjects an outcome is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from recist import Criteria, get_criteria
from survival.study.known import RATE_KEYS
from survival.study.leukaemia import leukaemia_label
from survival.study.load import StudyData
from survival.study.model import EndpointSpec, Study
from survival.study.readers import evaluators_of
from survival.study.source import nearest
from survival.study.time_frame import frame_days


@dataclass(frozen=True)
class Reading:
    """Whose assessments, under which criteria, of which subjects an outcome is made of."""

    evaluator: str
    criteria: str  # as the column `criteria` of the responses has it
    population: str
    frame_days: int | None = None  # of rates: responses after that many days do not count


def criteria_of(study: Study) -> dict[str, Criteria]:
    """The criteria of a study by the names it gives them, edits made."""
    found = {}
    for name, edits in study.criteria.items():
        fields = {field: value for field, value in edits.items() if field != "base"}
        found[name] = replace(get_criteria(edits.get("base", name)), **fields)
    return found


def labels(study: Study) -> dict[str, str]:
    """Name of the criteria in the study file -> what the column `criteria` of the responses holds."""
    return {name: criteria.label for name, criteria in criteria_of(study).items()}


def reading(study: Study, spec: EndpointSpec, data: StudyData) -> Reading:
    """Whose assessments an endpoint is made of: its own keys, else those of [response]."""
    number = next(place for place, one in enumerate(study.endpoint) if one.name == spec.name)
    evaluator = _evaluator(study, number, spec.evaluator, evaluators_of(study, data.evaluators))
    if data.marrow is not None:
        return Reading(evaluator, leukaemia_label(study), _population(study, spec), _frame(spec))
    name = spec.criteria or study.response.criteria
    if name is None and len(study.criteria) > 1:
        raise study.source.error(
            ("endpoint", number),
            f"'{spec.name}' does not say which criteria count: {', '.join(study.criteria)}. "
            "Add criteria here or in [response].",
        )
    label = labels(study)[name or next(iter(study.criteria))]
    return Reading(evaluator, label, _population(study, spec), _frame(spec))


def _frame(spec: EndpointSpec) -> int | None:
    """The time frame of a rate in days; times to events keep to theirs as they are derived."""
    return None if spec.frame is None or spec.key not in RATE_KEYS else frame_days(spec.frame)


def _population(study: Study, spec: EndpointSpec) -> str:
    return spec.population or study.analysis.population


def _evaluator(study: Study, number: int, own: str | None, there: list[str]) -> str:
    """The evaluator that an endpoint or [response] names, or the only one there is."""
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
