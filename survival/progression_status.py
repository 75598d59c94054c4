"""Progression by two evaluators: who saw it, who saw it first, and the rates of early and late discrepancy.

Amit O and others, Blinded independent central review of progression in cancer clinical trials: results from a
meta-analysis, Eur J Cancer 2011; 47: 1772-1778.  Progression seen by both is a (a1 on one day, a2 later by
the first evaluator, a3 earlier by the first), by the first only b, by the second only c, by neither d.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survival.difference_limits import miettinen_nurminen
from survival.difference_score import TwoSamples
from survival.groups import as_columns, groups
from survival.proportion import clopper_pearson

STATUS = {  # status -> sentence, first and second being the two evaluators
    "a1": "both, on the same day",
    "a2": "both, the first evaluator later",
    "a3": "both, the first evaluator earlier",
    "b": "the first evaluator only",
    "c": "the second evaluator only",
    "d": "neither",
}
PROGRESSION = {  # column after the groups -> sentence
    "n": "subjects whom both evaluators read",
    **{name: f"subjects with progression: {text}" for name, text in STATUS.items()},
    "agreement": "(a + d) / n: both or neither saw progression",
    "agreement_lower": "lower limit, Clopper-Pearson",
    "agreement_upper": "upper limit, Clopper-Pearson",
    "early": "b + a3: progressions that the first evaluator saw alone or first",
    "progressions": "a + b: progressions of the first evaluator",
    "edr": "early discrepancy rate, early / progressions; missing without any",
    "edr_lower": "lower limit, Clopper-Pearson",
    "edr_upper": "upper limit, Clopper-Pearson",
    "late": "c + a2: progressions that the first evaluator did not see, or saw later",
    "discrepancies": "b + c + a2 + a3",
    "ldr": "late discrepancy rate, late / discrepancies; missing without any",
    "ldr_lower": "lower limit, Clopper-Pearson",
    "ldr_upper": "upper limit, Clopper-Pearson",
    "dated": "subjects in whom both saw progression: a",
    "median_days": "median of the second date minus the first, days",
    "lower_quartile_days": "quarter of these differences, linear between two",
    "upper_quartile_days": "three quarters",
    "minimum_days": "smallest of these differences",
    "maximum_days": "largest of these differences",
}
FRACTIONS = {"edr": ("early", "progressions"), "ldr": ("late", "discrepancies")}  # rate -> what of what
DIFFERENCE = {
    "arm": "an arm",
    "reference": "the arm it is compared with",
    "edr_difference": "EDR of the arm minus EDR of the reference",
    "edr_difference_lower": "lower limit, Miettinen-Nurminen; missing where a rate is",
    "edr_difference_upper": "upper limit",
    "ldr_difference": "LDR of the arm minus LDR of the reference",
    "ldr_difference_lower": "lower limit, Miettinen-Nurminen; missing where a rate is",
    "ldr_difference_upper": "upper limit",
}


def progression_status(first: pd.Series, second: pd.Series, tolerance_days: int = 0) -> pd.Series:
    """Status of each subject from the two dates of progression; up to `tolerance_days` apart is one day.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-01-01", "2024-02-01", None])
    >>> progression_status(pd.Series(days), pd.Series(days[[1, 1, 0]])).tolist()
    ['a3', 'a1', 'c']
    """
    days = (second - first).dt.days
    both = first.notna() & second.notna()
    status = np.select(
        [both & (days.abs() <= tolerance_days), both & (days < 0), both, first.notna(), second.notna()],
        ["a1", "a2", "a3", "b", "c"],
        "d",
    )
    return pd.Series(pd.Categorical(status, list(STATUS)), index=first.index)


def discrepancy_rates(
    subjects: pd.DataFrame, by: Sequence[str] | str | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Counts of each status, agreement, EDR and LDR of each group.

    Parameters
    ----------
    subjects : one row per subject: `status` (missing unless both read), `difference_days`, columns of `by`.
    by : columns that make the groups.
    level : confidence level, a proportion.

    Returns
    -------
    frame with the columns of `by`, then those of `PROGRESSION`.

    Examples
    --------
    >>> days = [0, 56, None, None, None]
    >>> read = pd.DataFrame({"status": ["a1", "a3", "b", "c", "d"], "difference_days": days})
    >>> discrepancy_rates(read)[["edr", "ldr"]].round(3).values.tolist()
    [[0.667, 0.333]]
    """
    by = as_columns(by)
    rows = [
        dict(zip(by, key, strict=True)) | _rates(part[part["status"].notna()], level)
        for key, part in groups(subjects, by)
    ]
    return pd.DataFrame(rows, columns=[*by, *PROGRESSION])


def _rates(part: pd.DataFrame, level: float) -> dict[str, Any]:
    count = {name: int((part["status"] == name).sum()) for name in STATUS}
    both = count["a1"] + count["a2"] + count["a3"]
    early, progressions = count["b"] + count["a3"], both + count["b"]
    late = count["c"] + count["a2"]
    discrepancies = count["b"] + count["c"] + count["a2"] + count["a3"]
    days = part["difference_days"].dropna().astype(float)
    return {
        "n": len(part),
        **count,
        **_proportion("agreement", both + count["d"], len(part), level),
        "early": early,
        "progressions": progressions,
        **_proportion("edr", early, progressions, level),
        "late": late,
        "discrepancies": discrepancies,
        **_proportion("ldr", late, discrepancies, level),
        "dated": both,
        "median_days": days.median(),
        "lower_quartile_days": days.quantile(0.25),
        "upper_quartile_days": days.quantile(0.75),
        "minimum_days": days.min(),
        "maximum_days": days.max(),
    }


def _proportion(name: str, count: int, n: int, level: float) -> dict[str, float]:
    lower, upper = clopper_pearson(count, n, level)
    share = count / n if n else np.nan
    return {name: share, f"{name}_lower": float(lower), f"{name}_upper": float(upper)}


def rate_differences(rates: pd.DataFrame, by: str, reference: object, level: float = 0.95) -> pd.DataFrame:
    """EDR and LDR of each arm minus those of the reference with limits, in the order of the arms."""
    base = rates[_is(rates[by], reference)].iloc[0]
    others = rates[~_is(rates[by], reference)]
    found = {"arm": others[by].to_numpy(), "reference": str(reference)}
    for name, (count, size) in FRACTIONS.items():
        found[f"{name}_difference"] = (others[name] - base[name]).to_numpy()
        limits = [
            _limits(row, base, (count, size), level) for row in others[[count, size]].to_dict("records")
        ]
        for place, end in enumerate(("lower", "upper")):
            found[f"{name}_difference_{end}"] = np.array([pair[place] for pair in limits], dtype=float)
    return pd.DataFrame(found, columns=list(DIFFERENCE))


def _limits(
    arm: dict[Any, Any], base: pd.Series, names: tuple[str, str], level: float
) -> tuple[float, float]:
    """Limits of the difference of two rates; missing where one of them has no denominator."""
    count, size = names
    if not arm[size] or not base[size]:
        return np.nan, np.nan
    numbers = (np.array([float(row[name])]) for row in (arm, base) for name in (count, size))
    lower, upper = miettinen_nurminen(TwoSamples(*numbers), level)
    return float(lower[0]), float(upper[0])


def _is(column: pd.Series, value: object) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (column.astype(str) == str(value)).to_numpy(bool)
    return found
