"""Marrow and blood at each assessment: numbers that lie well inside what their state means.

The limits are those of ELN 2022 (AML) and ELN 2024 (ALL); no number is drawn near one of them, so that the
state of a recorded assessment is never in doubt, only its absence is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from recist.simulation.columns import category, dates_of, yes_no
from recist.simulation.draws import Bools, Draws, Floats, Ints
from recist.simulation.leukaemia_course import (
    CR,
    CRH,
    CRI,
    CRITERIA,
    DISEASES,
    MLFS,
    NR,
    PR,
    RELAPSE,
    STATES,
    LeukaemiaCourse,
    LeukaemiaDesign,
)

ASSESSMENTS = ("SCREENING", "DAY 14", "DAY 28", "MONTH 2", "MONTH 3", "MONTH 6", "MONTH 9", "MONTH 12",
               "MONTH 18", "MONTH 24")  # fmt: skip
_DAYS = np.array([-6.0, 14, 27, 60, 91, 182, 273, 364, 546, 728])
_JITTER = np.array([4.0, 1, 1, 4, 4, 7, 7, 7, 10, 10])
AFTER_FAILURE = 3  # assessments up to this one are done although there is no remission
# state: marrow blasts %, neutrophils and platelets 10^9/L, cellularity %, blood with blasts, transfused
RANGES: dict[int, tuple[tuple[float, float], tuple[float, float], tuple[float, float], float, float]] = {
    CR: ((0.0, 3.5), (1.3, 5.5), (115, 310), 0.0, 0.0),
    CRH: ((0.0, 3.8), (0.55, 0.95), (55, 95), 0.0, 0.1),
    CRI: ((0.0, 3.8), (1.2, 3.5), (14, 45), 0.0, 0.4),
    MLFS: ((0.0, 3.8), (0.1, 0.4), (10, 45), 0.0, 0.7),
    PR: ((6.5, 19.0), (1.3, 3.0), (110, 200), 0.0, 0.0),
    NR: ((30.0, 90.0), (0.1, 0.8), (8, 60), 0.6, 0.7),
    RELAPSE: ((30.0, 85.0), (0.2, 2.5), (15, 140), 0.5, 0.4),
}
REASONS = ("", "dry tap", "sample haemodilute", "not done: subject's decision", "not done: infection")
NEGATIVE_PCT, POSITIVE_PCT = (0.0005, 0.008), (0.15, 0.8)  # the limits are 0.1 in AML and 0.01 in ALL


@dataclass(frozen=True)
class Assessments:
    """The plan of all subjects; subject x assessment."""

    day: Floats  # from the first dose
    state: Ints  # position in STATES; at screening of no meaning
    due: Bools


def plan_assessments(
    draws: Draws, design: LeukaemiaDesign, course: LeukaemiaCourse, end: Floats
) -> Assessments:
    """Assessments while the subject takes part, until failure or relapse is known; `end` is the last day."""
    n = end.size
    jitter = np.rint(draws.uniform((n, _DAYS.size), -1, 1) * _JITTER)
    day = _DAYS + jitter
    label = np.broadcast_to(np.arange(_DAYS.size), day.shape)
    state = course.state(day, label)
    alive = (day < course.death_day[:, None]) & (day <= end[:, None])
    relapsed = (state == RELAPSE).cumsum(axis=1) > 1
    failed = (state >= PR) & (state < RELAPSE) & (label >= 2)
    longer = draws.happens(0.5, (n, 1)) & (label == AFTER_FAILURE)
    over = (failed.cumsum(axis=1) > 1) | (failed & (label >= AFTER_FAILURE) & ~longer)
    transplanted = day >= course.transplant_day[:, None]
    return Assessments(day, state, (alive & ~relapsed & ~over & ~transplanted) | (label == 0))


def marrow_frame(
    draws: Draws, design: LeukaemiaDesign, course: LeukaemiaCourse, plan: Assessments, subjects: pd.DataFrame
) -> pd.DataFrame:
    """The recorded assessments, one row per subject and day."""
    numbers = _numbers(draws, course, plan)
    shape = plan.day.shape
    follow_up = np.arange(shape[1]) > 0
    missed = draws.happens(design.missed, shape) & follow_up
    bad = draws.happens(design.inadequate, shape) & follow_up & ~missed
    there = plan.due & (~missed | draws.happens(0.5, shape))  # some missed ones have a row that says so
    reason = np.where(missed, draws.integers(shape, 3, 4), np.where(bad, draws.integers(shape, 1, 2), 0))
    for name in numbers:
        lost = missed if name in ("neutrophils", "platelets") else missed | bad
        numbers[name] = np.where(lost, np.nan, numbers[name])
    subject, label = np.nonzero(there)
    frame = pd.DataFrame(
        {
            "subject": subjects["subject"].array.take(subject),
            "visit": category(label, ASSESSMENTS),
            "date": _date(subjects, subject, plan.day[there]),
            "baseline": label == 0,
            "evaluable": yes_no(~(missed | bad)[there]),
            **{name: values[there] for name, values in numbers.items() if name not in _YES_NO},
            **{name: yes_no(numbers[name][there]) for name in _YES_NO},
        }
    )
    level = frame.pop("mrd_level_pct")
    positive = (numbers["mrd_positive"][there] > 0).astype(int)
    frame["mrd"] = category(np.where(np.isnan(level), -1, positive), ["negative", "positive"])
    frame["mrd_level_pct"] = level
    frame["reason"] = category(reason[there] - 1, REASONS[1:])
    return frame.drop(columns="mrd_positive")


_YES_NO = ("spicules", "circulating_blasts", "extramedullary", "red_cell_transfusion", "platelet_transfusion")


def _numbers(draws: Draws, course: LeukaemiaCourse, plan: Assessments) -> dict[str, Floats]:
    """What an adequate marrow and the blood show; missing where a column does not apply."""
    shape = plan.day.shape
    screening = np.arange(shape[1]) == 0
    state = np.where(screening, NR, plan.state)
    low = np.array([[span[0] for span in RANGES[code][:3]] for code in range(len(STATES))])[state]
    high = np.array([[span[1] for span in RANGES[code][:3]] for code in range(len(STATES))])[state]
    chance = np.array([RANGES[code][3:] for code in range(len(STATES))])[state]
    share = draws.uniform((*shape, 3))
    blasts, neutrophils, platelets = np.moveaxis(low + share * (high - low), -1, 0)
    other = (state == CRI) & (draws.uniform((shape[0], 1)) < 0.4)  # the other line is the one that recovered
    neutrophils = np.where(other, 0.1 + 0.3 * share[..., 1], neutrophils)
    platelets = np.where(other, 110 + 80 * share[..., 2], platelets)
    blasts = np.where(screening, 45 + 50 * share[..., 0], blasts)
    remission = np.isin(state, (CR, CRH, CRI)) & (np.arange(shape[1]) > 1)
    negative = np.broadcast_to(course.mrd_negative[:, None], shape)
    limits = np.array([NEGATIVE_PCT, POSITIVE_PCT])[(~negative).astype(int)]
    level = limits[..., 0] + draws.uniform(shape) * (limits[..., 1] - limits[..., 0])
    transfused = draws.uniform(shape) < chance[..., 1]
    return {
        "blasts_pct": np.round(blasts, 1),
        "cells_counted": draws.integers(shape, 240, 500).astype(float),
        "cellularity_pct": np.round(draws.uniform(shape, 15, 70)),
        "neutrophils": np.round(neutrophils, 2),
        "platelets": np.round(platelets),
        "mrd_level_pct": np.where(remission, np.round(level, 4), np.nan),
        "mrd_positive": np.where(remission, (~negative).astype(float), np.nan),
        "spicules": np.ones(shape),
        "circulating_blasts": (draws.uniform(shape) < chance[..., 0]).astype(float),
        "extramedullary": np.zeros(shape),
        "red_cell_transfusion": transfused.astype(float),
        "platelet_transfusion": (transfused & (platelets < 60)).astype(float),
    }


def true_responses(course: LeukaemiaCourse, plan: Assessments, subjects: pd.DataFrame) -> pd.DataFrame:
    """The response that each due assessment would show, by the classification of the subject's disease."""
    due = plan.due & (np.arange(plan.day.shape[1]) > 0)
    subject, label = np.nonzero(due)
    state = plan.state[due]
    negative = (course.mrd_negative[subject] & (label > 1)) & np.isin(state, (CR, CRH, CRI))
    words = np.array(STATES)[state]
    disease = course.disease[subject]
    return pd.DataFrame(
        {
            "subject": subjects["subject"].array.take(subject),
            "criteria": category(disease, [CRITERIA[d] for d in DISEASES]),
            "visit": category(label, ASSESSMENTS),
            "date": _date(subjects, subject, plan.day[due]),
            "true_overall": pd.Categorical(np.where(negative, np.char.add(words, "_MRD-"), words)),
        }
    )


def _date(subjects: pd.DataFrame, subject: Any, day: Floats) -> Any:
    start = subjects["treatment_start_date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    return dates_of(start[subject] + day)
