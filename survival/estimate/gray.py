"""Gray's test that groups have the same cumulative incidence of a cause.

Gray, Ann Stat 16 (1988) 1141: a log-rank test of subdistribution hazards, in which subjects with a competing
event stay at risk in the proportion that would not have been censored; rho = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from survival.estimate.causes import read_causes
from survival.estimate.limits import chi2_tail
from survival.estimate.log_rank import chi2_of
from survival.estimate.observations import EstimateError, FloatArray, column_names, read_groups

GRAY = {
    "cause": "the event compared; the others compete with it",
    "statistic": "chi-square; missing when not estimable",
    "df": "degrees of freedom",
    "p": "its p",
    "method": "Gray's test",
    "citation": "source",
    "note": "why a value is missing, else empty",
}


def gray_test(tte: pd.DataFrame, by: str | Sequence[str] = "arm") -> pd.DataFrame:
    """Compare the cumulative incidence of each cause between groups.

    Parameters
    ----------
    tte
        One row per subject with `time`, `event`, `cause` (see `cumulative_incidence`) and the columns of `by`.
    by
        Column or columns that name the groups.

    Returns
    -------
    DataFrame
        One row per cause with the columns of `GRAY`.

    Raises
    ------
    EstimateError
        As `cumulative_incidence`, and for fewer than two groups.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6], "event": [1, 1, 1, 1, 1, 0],
    ...     "cause": ["relapse", "death", "relapse", "relapse", "death", None], "arm": list("ABABAB")})
    >>> gray_test(tte)[["cause", "df"]].to_numpy().tolist()
    [['death', 1], ['relapse', 1]]
    """
    columns = column_names(by)
    causes, groups = read_causes(tte, columns), read_groups(tte, columns)
    if len(groups) < 2:
        only = ", ".join(groups.names())
        raise EstimateError(f"a test needs at least two groups with subjects; by={by!r} has {only} alone")
    rows = []
    for position, cause in enumerate(causes.names):
        kind = np.where(causes.code < 0, 0, np.where(causes.code == position, 1, 2))
        difference, variance = _score(causes.time, kind, groups.code, len(groups))
        statistic, df = chi2_of(difference, variance) if kind.max() else (np.nan, 0)
        note = "" if df else "not estimable: no event of this cause while two groups were at risk"
        told = {"cause": cause, "statistic": statistic, "df": df, "p": chi2_tail(statistic, df), "note": note}
        rows.append(told)
    citation = "Gray, Ann Stat 1988; 16: 1141"
    return pd.DataFrame(rows).assign(method="Gray's test", citation=citation)[list(GRAY)]


@dataclass
class _Sums:
    """What the test adds up over time, by group."""

    size: int
    score: FloatArray = field(init=False)
    variance: FloatArray = field(init=False)
    path: FloatArray = field(init=False)  # (group, group), how a group's curve pulls on the others' scores
    mixed: FloatArray = field(init=False)
    own: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.score, self.own = np.zeros(self.size), np.zeros(self.size)
        self.variance, self.path, self.mixed = (np.zeros((self.size, self.size)) for _ in range(3))

    def add(self, along: FloatArray, pull: FloatArray, weight: FloatArray) -> None:
        """Independent increments: their effect on the scores, on the curves to come, and their variance."""
        self.variance += (along * weight) @ along.T
        self.mixed += along * pull * weight
        self.own += pull**2 * weight

    def total(self) -> FloatArray:
        """The variance of the scores."""
        cross = self.path @ self.mixed.T
        return self.variance + (self.path * self.own) @ self.path.T + cross + cross.T


def _score(time: FloatArray, kind: np.ndarray, group: np.ndarray, size: int) -> tuple[FloatArray, FloatArray]:
    """The scores of the groups and their variance."""
    sums, member = _Sums(size), group == np.arange(size)[:, np.newaxis]
    free, curve, pooled = np.ones(size), np.zeros(size), 0.0
    for moment in np.unique(time[kind > 0]):
        at_risk = (member & (time >= moment)).sum(axis=1).astype(np.float64)
        first, second = ((member & (time == moment) & (kind == k)).sum(axis=1).astype(float) for k in (1, 2))
        there = at_risk > 0
        n = np.where(there, at_risk, 1.0)
        after = np.where(there, free * (n - first - second) / n, free)
        share = np.where(there, at_risk / np.where(there, free, 1.0), 0.0)
        exposed = share * (1 - curve)
        events = first.sum()
        following = pooled + events / share.sum()
        here = np.diag(share) - np.outer(share, share) / share.sum()
        sums.score += first - events * exposed / exposed.sum()
        sums.path += here * events / (share.sum() * (1 - pooled))
        left = np.where(after > 0, (1 - following) / np.where(after > 0, after, 1.0), 0.0)
        if events:
            pull = np.where(after > 0, 1 - left, 1.0)
            tied = 1 - (events - 1) / (share.sum() * free - 1) if events > 1 else np.ones(size)
            weight = np.where(there, tied * free * events / (share.sum() * n), 0.0)
            sums.add(here - pull * sums.path, pull, weight)
        if second.any():
            used = (after > 0) & (second > 0)
            tied = np.where(second > 1, 1 - (second - 1) / np.maximum(n - 1, 1), 1.0)
            sums.add(left * sums.path, -left, np.where(used, tied * free**2 * second / n**2, 0.0))
        curve = np.where(there, curve + free * first / n, curve)
        free, pooled = after, following
    return sums.score, sums.total()
