"""Scores put in order of date, baseline found, and every assessment placed before or after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist import InputError
from survival import fact_sources as source
from survival.qlq_c30.scales import SCALES

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]
Days = npt.NDArray[np.datetime64]
TIMING = ("before", "baseline", "after", "repeated", "after cutoff", "after death", "undated")
BEFORE, BASELINE, AFTER, REPEATED, AFTER_CUTOFF, AFTER_DEATH, UNDATED = range(len(TIMING))
NEEDED = ("subject", "date", "scale", "score")


@dataclass(frozen=True)
class Placed:
    """Scores in order of subject, scale and date; `order` leads back to the rows of the frame of scores."""

    order: Ints
    position: Ints  # of the subject
    group: Ints  # of subject and scale, rising
    date: Days
    score: Floats
    timing: Ints
    baseline: Ints  # row of the baseline of the group, in this order; -1 for none

    def at_baseline(self, values: npt.NDArray[Any], missing: Any) -> npt.NDArray[Any]:
        """Values of the baseline of each row's group."""
        return np.where(self.baseline >= 0, values[self.baseline], missing)


def place(scores: pd.DataFrame, facts: pd.DataFrame, rule: str) -> Placed:
    """The scores of the subjects of `facts`, in order, with the baseline that the rule names.

    Two different scores of a subject, scale and day are refused, for their order is not known; the same
    score twice counts once.
    """
    check_scores(scores)
    position = source.positions(facts["subject"], scores["subject"], "scores")
    scale = pd.Categorical(scores["scale"].astype("str"), categories=list(SCALES)).codes
    date = source.dates(scores["date"], "scores, column date").to_numpy()
    score = scores["score"].to_numpy(np.float64, na_value=np.nan)
    group = position * len(SCALES) + scale
    order = np.lexsort((score, date.view(np.int64), group))
    at = position[order]
    known = {
        name: facts[name].to_numpy("datetime64[ns]")[at]
        for name in ("start_date", "first_dose_date", "cutoff_date", "death_date")
    }
    group, date, score = group[order], date[order], score[order]
    timing = _timing(group, date, known)
    _refuse_two_scores(scores, order, timing, score)
    timing, baseline = _baseline(group, date, score, timing, known, rule)
    return Placed(order, at, group, date, score, timing, baseline)


def check_scores(scores: pd.DataFrame) -> None:
    """An error for a frame that is none of scores, or holds another scale."""
    if missing := [name for name in NEEDED if name not in scores]:
        raise InputError(
            f"the scores have no column {', '.join(missing)}; derive them with survival.score_qlq from the answers"
        )
    if unknown := [scale for scale in scores["scale"].unique() if scale not in SCALES]:
        raise InputError(f"{unknown[0]!r} is no scale of the QLQ-C30; there are {', '.join(SCALES)}")


def _timing(group: Ints, date: Days, known: dict[str, Days]) -> Ints:
    """What does not count, and why; the rest is `before` until baseline is known."""
    timing = np.full(len(group), BEFORE, np.int8)
    again = np.append(False, (group[1:] == group[:-1]) & (date[1:] == date[:-1]))[: len(group)]
    for code, hit in (
        (REPEATED, again),  # of those of one day the first has the score, if any has
        (AFTER_CUTOFF, date > known["cutoff_date"]),
        (AFTER_DEATH, date > known["death_date"]),
        (UNDATED, np.isnat(date)),
    ):
        timing[hit] = code
    return timing


def _refuse_two_scores(scores: pd.DataFrame, order: Ints, timing: Ints, score: Floats) -> None:
    later = np.flatnonzero(timing == REPEATED)
    differ = later[score[later] != score[later - 1]]
    differ = differ[~np.isnan(score[differ])]
    if len(differ):
        row = scores.iloc[order[differ[0]]]
        raise InputError(
            f"{row['subject']}, {row['scale']}: two scores on {row['date']:%Y-%m-%d}, {score[differ[0] - 1]:.4g} and "
            f"{score[differ[0]]:.4g}. Keep the assessment that counts; survival.check_qlq lists all such"
        )


def _baseline(
    group: Ints, date: Days, score: Floats, timing: Ints, known: dict[str, Days], rule: str
) -> tuple[Ints, Ints]:
    """Baseline and after, by the rule: last score up to a day, or the first of all."""
    day = np.timedelta64(1, "D")
    start = known["start_date"]
    dose = known["first_dose_date"]
    limit = {
        "on_or_before_start": start,
        "before_start": start - day,
        "on_or_before_first_dose": np.where(np.isnat(dose), start, dose),
        "first_assessment": start,
    }[rule]
    scored = (timing == BEFORE) & ~np.isnan(score)
    row_of = np.full(int(group.max(initial=-1)) + 1, -1)
    if rule == "first_assessment":
        rows = np.flatnonzero(scored)[::-1]  # reversed: the first of a group is written last
        row_of[group[rows]] = rows
        found = row_of[group]
        limit = np.where(found >= 0, np.fmax(date[found], start), start)
    else:
        rows = np.flatnonzero(scored & (date <= limit))
        row_of[group[rows]] = rows
    baseline = row_of[group]
    timing = np.where((timing == BEFORE) & (date > limit), AFTER, timing)
    timing[row_of[row_of >= 0]] = BASELINE
    return timing, baseline
