"""The odds ratio given the margins: Fisher's exact test, and its extension to strata.

Fisher, J R Stat Soc 1935; 98: 39-54; several tables: Gart, Biometrika 1970; 57: 471-475, and Mehta, Patel
and Gray, JASA 1985; 80: 969-973.  Given the margins the number of responders in the arm, added up over
strata, has a distribution that depends on the common odds ratio alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
AS_LIKELY = 1 + 1e-7  # tables this much likelier than the observed one count as equally likely, as in R
HALVINGS = 200
FAR = 700.0  # log of an odds ratio: the whole range of doubles


@dataclass(frozen=True)
class ExactTable:
    """Possible numbers of responders in the arm, their log weights at odds ratio 1, and the observed one."""

    support: FloatArray
    log_weight: FloatArray
    observed: float

    @property
    def says_nothing(self) -> bool:
        """Whether the margins leave only one table: all or none responded, or an arm is empty."""
        return len(self.support) == 1

    def chances(self, log_ratio: float) -> FloatArray:
        """The distribution at an odds ratio."""
        tilted = self.log_weight + log_ratio * self.support
        weight = np.exp(tilted - tilted.max())
        chances: FloatArray = weight / weight.sum()
        return chances

    def two_sided(self) -> float:
        """The chance, at odds ratio 1, of tables no likelier than the observed one."""
        chances = self.chances(0.0)
        mine = chances[self.support == self.observed][0]
        return min(float(chances[chances <= mine * AS_LIKELY].sum()), 1.0)

    def at_least(self, log_ratio: float) -> float:
        """The chance of as many responders in the arm, or more."""
        return float(self.chances(log_ratio)[self.support >= self.observed].sum())

    def at_most(self, log_ratio: float) -> float:
        """The chance of as many responders in the arm, or fewer."""
        return float(self.chances(log_ratio)[self.support <= self.observed].sum())

    def estimate(self) -> float:
        """The odds ratio that makes the observed number the expected one; 0 or infinite at the ends."""
        if self.observed == self.support[0]:
            return 0.0
        if self.observed == self.support[-1]:
            return np.inf
        return _rises_to(lambda ratio: float(self.chances(ratio) @ self.support), self.observed)

    def limits(self, level: float) -> tuple[float, float]:
        """The odds ratios at which the observed number is just not too large, and just not too small."""
        tail = (1 - level) / 2
        lower = 0.0 if self.observed == self.support[0] else _rises_to(self.at_least, tail)
        if self.observed == self.support[-1]:
            return lower, np.inf
        return lower, _rises_to(lambda ratio: -self.at_most(ratio), -tail)


def exact_table(x: FloatArray, n: FloatArray, x_reference: FloatArray, n_reference: FloatArray) -> ExactTable:
    """The distribution from responders and sizes of both arms, one entry per stratum."""
    from scipy.special import gammaln

    log_weight, low = np.zeros(1), 0.0
    for some, size, others, rest in zip(x, n, x_reference, n_reference, strict=True):
        responders = some + others
        first = max(0.0, responders - rest)
        count = np.arange(first, min(size, responders) + 1)
        cells = np.stack([count, size - count, responders - count, rest - responders + count])
        ways: FloatArray = -np.asarray(gammaln(1 + cells), dtype=np.float64).sum(axis=0)
        log_weight, low = _sum_of(log_weight, ways - ways.max()), low + first
    support: FloatArray = np.arange(len(log_weight), dtype=np.float64) + low
    return ExactTable(support, log_weight, float(x.sum()))


def _sum_of(one: FloatArray, other: FloatArray) -> FloatArray:
    """Log weights of the sum of two independent counts."""
    terms = np.full((len(other), len(one) + len(other) - 1), -np.inf)
    for place, weight in enumerate(other):
        terms[place, place : place + len(one)] = one + weight
    top = terms.max(axis=0)
    total: FloatArray = top + np.log(np.exp(terms - top).sum(axis=0))
    total -= total.max()
    return total


def _rises_to(rising: Callable[[float], float], wanted: float) -> float:
    """The odds ratio at which a function that rises with its logarithm has this value."""
    low, high = -FAR, FAR
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return float(np.exp((low + high) / 2))
