"""Change of QLQ-C30 scores from baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from recist import InputError
from survival import fact_sources as source
from survival.fact_rules import FactRules
from survival.facts import subject_facts
from survival.qlq_c30.placed import AFTER, TIMING, place
from survival.qlq_c30.rules import conventions

START = FactRules().start
CHANGE = {  # column -> (dtype, unit, sentence), after the columns of the scores
    "day": ("float64", "days", "date - start date: 0 on the start date; missing without a date."),
    "timing": (
        "category",
        "",
        "before: up to the start; baseline; after: counts as a change; repeated: the same day again; after cutoff; "
        "after death; undated.",
    ),
    "baseline_date": ("datetime64", "", "Day of the baseline of this subject and scale."),
    "baseline_score": ("float64", "score", "Its score; missing when there is no baseline."),
    "change": ("float64", "score", "score - baseline_score, of assessments after baseline."),
}


def qlq_change(
    scores: pd.DataFrame,
    subjects: pd.DataFrame,
    baseline_rule: str = "on_or_before_start",
    start: str | Sequence[str] = START,
) -> pd.DataFrame:
    """Scores with their baseline and the change from it.

    Parameters
    ----------
    scores : DataFrame
        From `survival.score_qlq`; scores from 0 to 100.
    subjects : DataFrame
        One row per subject: `subject`, a start date, and `treatment_start_date`, `death_date` and
        `cutoff_date` where known.
    baseline_rule : str
        `on_or_before_start` (the last score on or before the start date), `before_start`,
        `on_or_before_first_dose` (of `treatment_start_date`), `first_assessment`.
    start : str or sequence of str
        Names of the start date; the first that the subject table has counts.

    Returns
    -------
    DataFrame
        The rows and columns of `scores`, in their order, with the columns of
        `survival.qlq_c30.change.CHANGE`.  Baseline is found for each scale by itself.

    Raises
    ------
    InputError
        For an unknown rule or scale, a subject that `subjects` lacks, or two different scores of one day.

    Examples
    --------
    >>> scores = pd.DataFrame({"subject": "01", "visit": ["BL", "W8"], "scale": "QL2", "score": [75.0, 50.0],
    ...     "date": pd.to_datetime(["2023-12-28", "2024-02-26"])})
    >>> subjects = pd.DataFrame({"subject": ["01"], "randomization_date": pd.to_datetime(["2024-01-01"])})
    >>> qlq_change(scores, subjects)[["visit", "day", "timing", "change"]].values.tolist()
    [['BL', -4.0, 'baseline', nan], ['W8', 56.0, 'after', -25.0]]
    """
    if baseline_rule not in (known := conventions()["baseline_rule"]):
        raise InputError(f"baseline_rule {baseline_rule!r} is not one of {', '.join(known)}")
    facts = assessed_facts(subjects, FactRules(start=(start,) if isinstance(start, str) else tuple(start)))
    placed = place(scores, facts, baseline_rule)
    back = np.empty(len(placed.order), np.int64)
    back[placed.order] = np.arange(len(placed.order))
    start_date = facts["start_date"].to_numpy("datetime64[ns]")[placed.position]
    day = (placed.date - start_date) / np.timedelta64(1, "D")
    base = placed.at_baseline(placed.score, np.nan)
    added = {
        "day": day,
        "timing": placed.timing,
        "baseline_date": placed.at_baseline(placed.date, np.datetime64("NaT", "ns")),
        "baseline_score": base,
        "change": np.where(placed.timing == AFTER, placed.score - base, np.nan),
    }
    found = {name: values[back] for name, values in added.items()}
    timing = pd.Categorical.from_codes(found.pop("timing"), pd.Index(TIMING))
    kept = scores.reset_index(drop=True)
    return kept.assign(**found, timing=timing)[[*kept.columns, *(c for c in CHANGE if c not in kept)]]


def assessed_facts(subjects: pd.DataFrame, rules: FactRules) -> pd.DataFrame:
    """Dates of the subjects that say which assessments count; the day of the first dose among them."""
    plain = replace(
        FactRules(),
        start=rules.start,
        max_gap_days=rules.max_gap_days,
        columns=rules.columns,
        followed=rules.followed,
    )
    facts = subject_facts(subjects, None, None, plain)
    return facts.assign(first_dose_date=source.subject_dates(subjects)["treatment_start_date"])
