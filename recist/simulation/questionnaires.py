"""Answers to the EORTC QLQ-C30 at every due form, and when quality of life really fell.

Each subject has a day from which some scales are worse for good; forms before it differ only on bad days.
The truth is that of the forms as they would have been filled in: nothing missing, no slip of the pen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from recist.simulation.columns import category, dates_of, days_of
from recist.simulation.design import Design
from recist.simulation.draws import Bools, Draws, Floats, Ints
from recist.simulation.features import Questionnaires

N_ITEMS = 30
# scale: items, whether a higher score is better, highest less lowest answer (Scoring Manual 2001, Table 1)
SCALES: dict[str, tuple[tuple[int, ...], bool, int]] = {
    "QL2": ((29, 30), True, 6),
    "PF2": ((1, 2, 3, 4, 5), True, 3),
    "RF2": ((6, 7), True, 3),
    "EF": ((21, 22, 23, 24), True, 3),
    "CF": ((20, 25), True, 3),
    "SF": ((26, 27), True, 3),
    "FA": ((10, 12, 18), False, 3),
    "NV": ((14, 15), False, 3),
    "PA": ((9, 19), False, 3),
    "DY": ((8,), False, 3),
    "SL": ((11,), False, 3),
    "AP": ((13,), False, 3),
    "CO": ((16,), False, 3),
    "DI": ((17,), False, 3),
    "FI": ((28,), False, 3),
}
FALLS = {
    "QL2": 0.95,
    "PF2": 0.85,
    "RF2": 0.8,
    "FA": 0.85,
    "PA": 0.6,
    "AP": 0.6,
    "SF": 0.5,
    "EF": 0.4,
    "SL": 0.35,
}
RARELY = 0.12  # the other scales
GLOBAL = np.array([28, 29])  # columns of items 29 and 30, in which more is better
_STAYS = 0.3


@dataclass(frozen=True)
class Forms:
    """The due forms of all subjects; subject x form, days since the epoch."""

    day: Floats
    due: Bools
    labels: tuple[str, ...]


def questionnaire_frames(
    draws: Draws, design: Design, plan: Questionnaires, subjects: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The answers, the truth per subject and scale, and the latent day of each subject as one column."""
    n = len(subjects)
    forms = _forms(draws, design, plan, subjects)
    group = subjects[design.group_column].cat.codes.to_numpy(np.intp)
    median = np.array(plan.to_deterioration)[np.minimum(group, len(plan.to_deterioration) - 1)]
    fall = forms.day[:, 0] + 14 + np.floor(draws.waiting(median, n))
    answers = _answers(draws, plan, forms, fall)
    truth = _truth(answers, forms, subjects)
    given = _given(draws, plan, answers, forms)
    latent = pd.DataFrame({"true_deterioration_date": dates_of(np.minimum(fall, 40_000.0))})
    return _frame(given, forms, subjects), truth, latent


def _forms(draws: Draws, design: Design, plan: Questionnaires, subjects: pd.DataFrame) -> Forms:
    """Baseline on the day of the start or the day before, then every few weeks while the subject takes part."""
    start = days_of(subjects["randomization_date" if design.randomised else "treatment_start_date"])
    weeks = np.arange(0, design.weeks[-1] + 1, plan.every_weeks)
    n = start.size
    jitter = np.clip(np.rint(draws.normal((n, weeks.size)) * 2.0), -4, 4)
    jitter[:, 0] = -draws.integers(n, 0, 1)
    day = start[:, None] + 7.0 * weeks + jitter
    end = np.fmin(days_of(subjects["last_alive_date"]), days_of(subjects["cutoff_date"]))
    left = days_of(subjects["discontinuation_date"])
    end = np.fmin(end, left + 7 * plan.every_weeks + 7)  # one form after the end of treatment
    labels = ("BASELINE", *(f"WEEK {week}" for week in weeks[1:].tolist()))
    return Forms(day, day <= end[:, None], labels)


def _answers(draws: Draws, plan: Questionnaires, forms: Forms, fall: Floats) -> Ints:
    """What is true on the day of each form; subject x form x item."""
    n, n_forms = forms.day.shape
    base = 1 + draws.happens(0.35, (n, N_ITEMS)).astype(np.int64)
    base[:, GLOBAL] = draws.integers((n, 2), 4, 7)
    step = np.zeros((n, N_ITEMS), np.int64)
    for name, (items, _, _) in SCALES.items():
        falls = draws.happens(FALLS.get(name, RARELY), (n, 1))
        moves = ~draws.happens(_STAYS, (n, len(items)))
        moves[:, :2] = True  # at least 10 points in every scale
        step[:, np.array(items) - 1] = falls & moves
    worse = (forms.day >= fall[:, None])[:, :, None] * step[:, None, :]
    bad_day = draws.happens(plan.passing, (n, n_forms, 1)) * draws.happens(0.6, (n, 1, N_ITEMS))
    bad_day[:, 0] = 0
    change = np.maximum(worse, bad_day.astype(np.int64))
    change[:, :, GLOBAL] *= -1
    return np.asarray(base[:, None, :] + change)


def _given(draws: Draws, plan: Questionnaires, answers: Ints, forms: Forms) -> Floats:
    """The answers on paper: some a step beside, some items and whole forms missing."""
    slip = draws.happens(plan.wrong_answer, answers.shape) * (2 * draws.integers(answers.shape, 0, 1) - 1)
    highest = np.full(N_ITEMS, 4)
    highest[GLOBAL] = 7
    given = np.clip(answers + slip, 1, highest).astype(float)
    given[draws.happens(plan.missing_item, answers.shape)] = np.nan
    missed = draws.happens(plan.missing_form, forms.day.shape)
    missed[:, 0] = draws.happens(plan.missing_form / 2, len(missed))
    given[missed] = np.nan
    return np.asarray(given, float)


def _frame(given: Floats, forms: Forms, subjects: pd.DataFrame) -> pd.DataFrame:
    """One row per form that was handed in."""
    there = forms.due & ~np.isnan(given).all(axis=2)
    subject, form = np.nonzero(there)
    items = given[there]
    columns: dict[str, Any] = {
        "subject": subjects["subject"].array.take(subject),
        "visit": category(form, forms.labels),
        "date": dates_of(forms.day[there]),
    }
    return pd.DataFrame(
        columns | {f"q{k + 1}": pd.Series(items[:, k]).astype("Int64").array for k in range(N_ITEMS)}
    )


def scale_scores(answers: Floats | Ints, scale: str) -> Floats:
    """Scores from complete answers (last axis: 30 items) by the formulas of the manual."""
    items, better, width = SCALES[scale]
    raw = np.asarray(answers[..., np.array(items) - 1], float).mean(axis=-1)
    share = (raw - 1) / width
    return np.asarray(100 * (1 - share if better and scale != "QL2" else share))


def _truth(answers: Ints, forms: Forms, subjects: pd.DataFrame) -> pd.DataFrame:
    """First due form from which a scale is 10 points worse at two consecutive due forms; blank where none is."""
    parts = []
    for name, (_, better, _) in SCALES.items():
        score = scale_scores(answers, name)
        worse = (score - score[:, :1]) * (-1 if better else 1) >= 10 - 1e-9
        held = np.zeros_like(worse)
        held[:, 1:-1] = (worse & forms.due)[:, 1:-1] & (worse & forms.due)[:, 2:]
        first = held.argmax(axis=1)
        day = np.where(held.any(axis=1), forms.day[np.arange(len(first)), first], np.nan)
        parts.append(
            pd.DataFrame({"subject": subjects["subject"].array, "true_deterioration_date": dates_of(day)})
        )
    truth = pd.concat(dict(zip(SCALES, parts, strict=True)), names=["scale"]).reset_index(level=0)
    truth["scale"] = pd.Categorical(truth["scale"], list(SCALES))
    return truth.sort_values(["subject", "scale"], kind="stable", ignore_index=True)[
        ["subject", "scale", "true_deterioration_date"]
    ]
