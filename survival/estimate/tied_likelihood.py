"""The partial likelihood when tied events are taken as they are: in discrete time, or in an unknown order.

"discrete" (R's coxph "exact", SAS TIES=DISCRETE): Cox's logistic likelihood, its sums over all sets of tied
events by the recursion of Gail, Lubin and Rubinstein, Biometrika 68 (1981) 703.  "exact" (SAS TIES=EXACT; not
in R): the events came one by one and their order was not seen, as an integral in one variable, DeLong,
Guirguis and So, Biometrika 81 (1994) 607.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from survival.estimate.observations import FloatArray, Groups, IntArray, Observations
from survival.estimate.partial_likelihood import PartialLikelihood, Point, prepare
from survival.estimate.risk_table import in_order

STEP, LAST = 1 / 16, 5.0  # of the double-exponential rule: 161 nodes, right to 12 digits


class TiedTime(NamedTuple):
    """Subjects at one tied time, positions in order of stratum and time."""

    events: IntArray  # whose event it was
    others: IntArray  # at risk beside them
    number: int


@dataclass(frozen=True)
class TiedLikelihood:
    """Times with one event as always, tied times by `tied_part`."""

    single: PartialLikelihood
    covariates: FloatArray  # (subject, covariate), ordered by stratum and time
    tied: tuple[TiedTime, ...]
    ties: str

    def at(self, beta: FloatArray) -> Point:
        """Value, slope and information at `beta`."""
        size = len(beta)
        nothing = Point(0.0, np.zeros(size), np.zeros((size, size)))
        total = self.single.at(beta) if self.single.event.any() else nothing
        part = discrete_part if self.ties == "discrete" else exact_part
        for time in self.tied:
            here = part(self.covariates[time.events], self.covariates[time.others], beta)
            total = Point(*(one + other for one, other in zip(vars(total).values(), here, strict=True)))
        return total


def prepare_tied(seen: Observations, strata: Groups, covariates: FloatArray, ties: str) -> TiedLikelihood:
    """Sort the subjects and set the tied times apart."""
    rows, plain = in_order(seen, strata), prepare(seen, strata, covariates, "breslow")
    stop = np.append(rows.start[1:], len(rows.time))
    number = np.add.reduceat(rows.event.astype(np.int64), rows.start)
    tied = []
    for row in np.flatnonzero(number > 1):
        here = np.arange(rows.start[row], rows.end[row])
        mine = (here < stop[row]) & rows.event[here]
        tied.append(TiedTime(here[mine], here[~mine], int(number[row])))
    alone = np.repeat(number == 1, stop - rows.start)
    single = replace(
        plain,
        event=np.where(alone, plain.event, 0.0),
        term_row=np.flatnonzero(number == 1),
        gone=np.zeros(int((number == 1).sum())),
    )
    return TiedLikelihood(single, plain.covariates, tuple(tied), ties)


def discrete_part(
    events: FloatArray, others: FloatArray, beta: FloatArray
) -> tuple[float, FloatArray, FloatArray]:
    """The product of the hazards of the tied events over its sum for all sets of as many at risk.

    The recursion runs over those at risk; its sums are kept as means over sets, so that they stay in range.
    """
    from scipy.special import gammaln

    at_risk, size, number = np.vstack([events, others]), len(beta), len(events)
    predictor = at_risk @ beta
    middle = float(predictor.mean())
    weight = np.exp(predictor - middle)
    # [k] holds the mean over sets of k of their weight times (1, z)(1, z)', z the sum of their covariates
    mean = np.zeros((number + 1, size + 1, size + 1))
    mean[0, 0, 0] = 1.0
    k = np.arange(1, number + 1)[:, np.newaxis, np.newaxis]
    join = np.eye(size + 1)  # turns (1, z) into (1, z + x)
    for place, (w, x) in enumerate(zip(weight, at_risk, strict=True), start=1):
        join[1:, 0] = x
        with_it = join @ mean[:-1] @ join.T
        mean[1:] = mean[1:] * np.maximum(place - k, 0) / place + with_it * w * (k / place)
    top = mean[-1]
    slope, second = top[0, 1:] / top[0, 0], top[1:, 1:] / top[0, 0]
    sets = gammaln(len(at_risk) + 1) - gammaln(number + 1) - gammaln(len(others) + 1)
    log_sum = float(np.log(top[0, 0]) + sets) + number * middle
    return (
        float((events @ beta).sum()) - log_sum,
        events.sum(axis=0) - slope,
        second - np.outer(slope, slope),
    )


def exact_part(
    events: FloatArray, others: FloatArray, beta: FloatArray
) -> tuple[float, FloatArray, FloatArray]:
    """The chance that the tied events come before all others at risk, whatever their own order.

    The integral over t of exp(-t) prod (1 - exp(-r t)), r the hazard of an event over that of all others.
    """
    size = len(beta)
    if not len(others):
        return 0.0, np.zeros(size), np.zeros((size, size))
    predictor = others @ beta
    weight = np.exp(predictor - predictor.max())
    share = weight / weight.sum()
    mean = share @ others
    spread = (others * share[:, np.newaxis]).T @ others - np.outer(mean, mean)
    log_ratio = events @ beta - float(predictor.max()) - np.log(weight.sum())
    away = events - mean
    t, log_weight = _rule()
    z = np.exp(log_ratio)[:, np.newaxis] * t  # (event, node)
    log_node = log_weight + np.log(-np.expm1(-z)).sum(axis=0)
    log_chance = float(np.logaddexp.reduce(log_node))
    chance = np.exp(log_node - log_chance)
    grows, bends = _growth(z)
    slope = grows.T @ away  # (node, covariate)
    mean_slope = chance @ slope
    second = (slope * chance[:, np.newaxis]).T @ slope - spread * float(chance @ grows.sum(axis=0))
    second += (away * (bends @ chance)[:, np.newaxis]).T @ away
    return log_chance, mean_slope, np.outer(mean_slope, mean_slope) - second


def _growth(z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Derivatives of log(1 - exp(-z)) by log z, first and second."""
    with np.errstate(over="ignore", invalid="ignore"):
        first = np.where(z > 500, 0.0, z / np.expm1(np.minimum(z, 500)))
        second = first * (1 - z - first)
    return first, np.where(z > 500, 0.0, second)


def _rule() -> tuple[FloatArray, FloatArray]:
    """Nodes and log weights for the integral of exp(-t) f(t) from 0 to infinity.

    Takahasi and Mori, Publ RIMS Kyoto Univ 9 (1974) 721: t = exp(y - exp(-y)), equal steps in y.  Unlike
    Gauss-Laguerre nodes they also follow a rise close to 0, when few others are at risk.
    """
    y = np.arange(-LAST, LAST + STEP / 2, STEP)
    t = np.exp(y - np.exp(-y))
    log_weight = np.log(STEP) + y - np.exp(-y) + np.log1p(np.exp(-y)) - t
    return t, log_weight
