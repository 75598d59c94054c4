"""Tests that two response rates are equal.

Pearson's chi-square with and without the correction of Yates, J R Stat Soc Suppl 1934; 1: 217-235; the score
test of Miettinen and Nurminen, Stat Med 1985; 4: 213-226; the exact test of Fisher, J R Stat Soc 1935; 98:
39-54.
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

from survival.difference_score import TwoSamples
from survival.estimate.limits import chi2_tail
from survival.proportion_counts import ArmCounts, count_arms
from survival.stratified_exact import exact_table

SIZES = ("reference", "n", "responders", "n_reference", "responders_reference")
TEST = {  # after the arm and the sizes
    "test": "pearson, yates, score, fisher, fisher greater or fisher less",
    "statistic": "chi-square with one degree of freedom; missing for exact tests",
    "p": "its p; missing when not defined",
    "method": "the test's name as printed",
    "citation": "source",
    "note": "why a value is missing, else empty",
}
ALIKE = "not defined: all or none of the subjects responded"
TESTS = {
    "pearson": ("Pearson's chi-square", "Pearson, Philos Mag 1900; 50: 157"),
    "yates": (
        "Pearson's chi-square with continuity correction",
        "Yates, J R Stat Soc Suppl 1934; 1: 217",
    ),
    "score": ("Miettinen-Nurminen score test", "Miettinen and Nurminen, Stat Med 1985; 4: 213"),
    "fisher": ("Fisher's exact test, two-sided", "Fisher, J R Stat Soc 1935; 98: 39"),
    "fisher greater": (
        "Fisher's exact test, arm better than reference",
        "Fisher, J R Stat Soc 1935; 98: 39",
    ),
    "fisher less": (
        "Fisher's exact test, arm worse than reference",
        "Fisher, J R Stat Soc 1935; 98: 39",
    ),
}


def rate_tests(
    frame: pd.DataFrame, response: str, by: str = "arm", reference: Hashable = "CONTROL"
) -> pd.DataFrame:
    """Test whether each arm responds at the rate of the reference arm.

    Parameters
    ----------
    frame
        One row per subject with the yes-or-no column `response` and the column of `by`.
    response, by, reference
        As in `rate_difference`.

    Returns
    -------
    DataFrame
        One row per arm and test: the column of `by`, sizes, then the columns of `TEST`.

    Raises
    ------
    InputError
        As `rate_difference`.

    Examples
    --------
    >>> frame = pd.DataFrame({"arm": ["A"] * 10 + ["B"] * 10, "orr": [1] * 2 + [0] * 8 + [1] * 6 + [0] * 4})
    >>> rate_tests(frame, "orr", reference="A")[["test", "p"]].round(4).to_numpy().tolist()[:2]
    [['pearson', 0.0679], ['yates', 0.1709]]
    """
    counts = count_arms(frame, response, by, reference)
    rows = []
    for arm in counts.others:
        empty = counts.empty_arm(arm)
        found = {} if empty else _tests(counts, arm)
        for test, (method, citation) in TESTS.items():
            statistic, p = found.get(test, (np.nan, np.nan))
            note = empty or (ALIKE if np.isnan(p) else "")
            told = {"test": test, "statistic": statistic, "p": p, "method": method, "citation": citation}
            rows.append(counts.sizes(arm) | told | {"note": note})
    return counts.frame(rows, [*SIZES, *TEST])


def _tests(counts: ArmCounts, arm: int) -> dict[str, tuple[float, float]]:
    """Statistic and p of each test."""
    samples, exact = TwoSamples(*counts.pair(arm)), exact_table(*counts.pair(arm))
    found = {name: (chi2, chi2_tail(chi2, 1)) for name, chi2 in chi_squares(samples).items()}
    found["fisher"] = np.nan, exact.two_sided()
    found["fisher greater"] = np.nan, exact.at_least(0.0)
    found["fisher less"] = np.nan, exact.at_most(0.0)
    return found


def chi_squares(samples: TwoSamples) -> dict[str, float]:
    """Pearson's statistic, with Yates' correction, and with the variance of Miettinen and Nurminen."""
    x1, n1, x2, n2 = (float(value[0]) for value in (samples.x1, samples.n1, samples.x2, samples.n2))
    total, responders = n1 + n2, x1 + x2
    free = n1 * n2 * responders * (total - responders)
    if free == 0:
        return dict.fromkeys(("pearson", "yates"), np.nan) | {"score": 0.0}
    cross = abs(x1 * n2 - x2 * n1)
    pearson = total * cross**2 / free
    yates = total * (cross - min(total / 2, cross)) ** 2 / free
    return {"pearson": pearson, "yates": yates, "score": pearson * (total - 1) / total}


def p_of_difference(samples: TwoSamples) -> float:
    """p of the score test of Miettinen and Nurminen; 1 when all or none responded."""
    return chi2_tail(chi_squares(samples)["score"], 1)
