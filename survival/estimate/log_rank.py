"""The log-rank test of two or more groups, stratified and weighted.

Mantel, Cancer Chemother Rep 50 (1966) 163; k groups and strata as in Kalbfleisch and Prentice (2002), section
1.5; weights of Gehan (Biometrika 52 (1965) 203), Tarone and Ware (Biometrika 64 (1977) 156), Harrington and
Fleming (Biometrika 69 (1982) 553).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survival.estimate.limits import chi2_tail
from survival.estimate.observations import (
    EstimateError,
    FloatArray,
    column_names,
    known_word,
    read_groups,
    read_observations,
)
from survival.estimate.risk_table import RiskTable, risk_table

WEIGHTS = ("log-rank", "gehan", "tarone-ware")
NO_VARIANCE = 1e-12  # relative to the largest: a direction in which the groups were never at risk together


@dataclass(frozen=True, eq=False)
class LogRank:
    """Result of `log_rank`: the statistic, and what was observed and expected in each group.

    `groups` has the columns of `by`, then `n observed expected`; weighted when the test is. `chi2` and `p`
    are missing, and `df` 0, when no two groups were ever at risk together at an event.
    """

    chi2: float
    df: int
    p: float
    groups: pd.DataFrame


def log_rank(
    tte: pd.DataFrame,
    by: str | Sequence[str] = "arm",
    strata: str | Sequence[str] | None = None,
    weights: str | tuple[float, float] = "log-rank",
) -> LogRank:
    """Test whether the groups of `by` have the same hazard.

    Parameters
    ----------
    tte
        One row per subject with `time`, `event` and the columns named in `by` and `strata`.
    by
        Column or columns that name the groups.
    strata
        Column or columns; groups are compared within each stratum and the comparisons added up.
    weights
        "log-rank", "gehan" (number at risk), "tarone-ware" (its square root), or the pair (rho, gamma) of
        Fleming and Harrington: S^rho (1 - S)^gamma with the pooled curve of the stratum just before the time.

    Returns
    -------
    LogRank
        `chi2`, `df`, `p`, and the frame `groups`.

    Raises
    ------
    EstimateError
        For bad columns or values (see `kaplan_meier`), an unknown weight, or fewer than two groups.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4], "event": True, "arm": list("AABB")})
    >>> result = log_rank(tte, by="arm")
    >>> round(result.chi2, 4), result.df
    (2.8824, 1)
    """
    if not isinstance(weights, tuple):
        known_word(weights, WEIGHTS, "weights")
    columns, layers = column_names(by), column_names(strata)
    seen = read_observations(tte, [*columns, *layers])
    groups = read_groups(tte, columns)
    if len(groups) < 2:
        only = ", ".join(groups.names()) or "none"
        raise EstimateError(f"a test needs at least two groups with subjects; by={by!r} has {only} alone")
    table = risk_table(seen, read_groups(tte, layers), groups)
    used = weigh(table, weights)
    observed, expected, variance = observed_expected(table, used)
    chi2, df = chi2_of(observed - expected, variance)
    n = np.bincount(groups.code, minlength=len(groups))
    frame = groups.labels.assign(n=n, observed=observed, expected=expected)
    return LogRank(chi2, df, chi2_tail(chi2, df), frame)


def weigh(table: RiskTable, weights: str | tuple[float, float]) -> FloatArray:
    """The weight of each row."""
    at_risk: FloatArray = table.at_risk.sum(axis=0).astype(np.float64)
    if weights == "gehan":
        return at_risk
    if weights == "tarone-ware":
        return at_risk**0.5
    if not isinstance(weights, tuple):
        return np.ones_like(at_risk)
    rho, gamma = weights
    step = 1 - table.events.sum(axis=0) / at_risk
    before = np.ones_like(step)
    for start, end in zip(table.first[:-1], table.first[1:], strict=True):
        before[start + 1 : end] = np.cumprod(step[start : end - 1])
    weight: FloatArray = before**rho * (1 - before) ** gamma
    return weight


def observed_expected(table: RiskTable, weight: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weighted events per group, those expected under equal hazards, and the variance of the difference."""
    n, d = table.at_risk.sum(axis=0), table.events.sum(axis=0)
    share = table.at_risk / n
    spread = weight**2 * d * (n - d) / np.maximum(n - 1, 1)
    scaled = share * spread
    variance = np.diag(scaled.sum(axis=1)) - scaled @ share.T
    return table.events @ weight, share @ (d * weight), variance


def chi2_of(difference: FloatArray, variance: FloatArray) -> tuple[float, int]:
    """The quadratic form and its degrees of freedom; missing and 0 when the variance is nil."""
    values, vectors = np.linalg.eigh(variance)
    kept = values > NO_VARIANCE * max(float(values[-1]), 1e-300)
    df = min(int(kept.sum()), len(difference) - 1)
    if df == 0:
        return np.nan, 0
    along = (difference @ vectors[:, -df:]) ** 2 / values[-df:]
    return float(along.sum()), df
