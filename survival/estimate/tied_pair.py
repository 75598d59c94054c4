"""The likelihood of two arms when tied events are taken as they are, from the numbers at risk and of events alone.

"discrete": at each time the events of the arm are noncentral hypergeometric given those of both (Cox, J R Stat Soc B 34
(1972) 187, section 6).  "exact": the tied events came in an unknown order (DeLong, Guirguis and So, Biometrika 81
(1994) 607).  With a yes-or-no covariate both need no more than four counts per time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import lgamma

import numpy as np

from survival.estimate.observations import FloatArray
from survival.estimate.risk_table import RiskTable
from survival.estimate.tied_likelihood import exact_part

FAR = 40.0  # log ratio that stands for infinity where ties are: the likelihood there is right to 17 digits


@dataclass(frozen=True)
class TiedRow:
    """Counts at one time with several events."""

    n_reference: int
    n: int
    d_reference: int
    d: int

    @property
    def lowest(self) -> int:
        """The fewest of these events that the arm can have had."""
        return max(0, self.d + self.d_reference - self.n_reference)

    @property
    def highest(self) -> int:
        """The most."""
        return min(self.d + self.d_reference, self.n)


Part = Callable[[TiedRow, float], tuple[float, float, float]]  # log likelihood, slope, information


def discrete_row(row: TiedRow, beta: float) -> tuple[float, float, float]:
    """The hypergeometric chance of the arm's events, weighted by the ratio."""
    k = np.arange(row.lowest, row.highest + 1)
    log_ways: FloatArray = np.array(
        [_log_ways(row.n, i) + _log_ways(row.n_reference, row.d + row.d_reference - i) for i in k.tolist()]
    )
    tilted = log_ways + beta * k
    total = float(np.logaddexp.reduce(tilted))
    share = np.exp(tilted - total)
    mean = float(share @ k)
    own = log_ways[row.d - row.lowest] + beta * row.d
    return float(own) - total, row.d - mean, float(share @ (k - mean) ** 2)


def exact_row(row: TiedRow, beta: float) -> tuple[float, float, float]:
    """The chance that these events come before all others at risk, whatever their own order."""
    events = np.repeat([1.0, 0.0], [row.d, row.d_reference])[:, np.newaxis]
    others = np.repeat([1.0, 0.0], [row.n - row.d, row.n_reference - row.d_reference])[:, np.newaxis]
    value, slope, information = exact_part(events, others, np.array([beta]))
    return value, float(slope[0]), float(information[0, 0])


PARTS: dict[str, Part] = {"discrete": discrete_row, "exact": exact_row}


@dataclass(frozen=True)
class TiedPair:
    """Times with one event by their odds, tied times by `part`."""

    odds: FloatArray
    single: int  # events of the arm at times with one event
    rows: tuple[TiedRow, ...]
    part: Part

    @property
    def events(self) -> int:
        """Events of the arm that say something."""
        return self.single + sum(row.d for row in self.rows)

    @property
    def lowest(self) -> int:
        """The fewest events that the arm could have had of those that happened."""
        return sum(row.lowest for row in self.rows)

    @property
    def highest(self) -> int:
        """The most."""
        return len(self.odds) + sum(row.highest for row in self.rows)

    def score(self, beta: float) -> tuple[float, float]:
        """First derivative and information."""
        share = self.odds * np.exp(beta) / (1 + self.odds * np.exp(beta))
        slope, information = self.single - float(share.sum()), float((share * (1 - share)).sum())
        for row in self.rows:
            _, rise, curve = self.part(row, beta)
            slope, information = slope + rise, information + curve
        return slope, information

    def gain(self, beta: float) -> float:
        """How much higher the log likelihood is than at equal hazards; beta may be infinite."""
        beta = float(np.clip(beta, -FAR, FAR))
        change = np.log1p(self.odds * np.expm1(beta) / (1 + self.odds))
        tied = sum(self.part(row, beta)[0] - self.part(row, 0.0)[0] for row in self.rows)
        return self.single * beta - float(change.sum()) + tied


def tied_pair(pair: RiskTable, ties: str) -> TiedPair:
    """The likelihood of two arms (reference first) from their table; times that say nothing are left out."""
    columns = (pair.at_risk[0], pair.at_risk[1], pair.events[0], pair.events[1])
    rows = [TiedRow(*counts) for counts in zip(*(column.tolist() for column in columns), strict=True)]
    telling = [row for row in rows if row.lowest < row.highest]
    alone = [row for row in telling if row.d + row.d_reference == 1]
    tied = tuple(row for row in telling if row.d + row.d_reference > 1)
    odds = np.array([row.n / row.n_reference for row in alone], dtype=np.float64)
    return TiedPair(odds, sum(row.d for row in alone), tied, PARTS[ties])


def _log_ways(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
