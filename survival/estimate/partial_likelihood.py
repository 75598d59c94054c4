"""The partial likelihood of Cox's model for any covariates: value, slope, information, and its maximum.

Cox, Biometrika 62 (1975) 269; ties by Efron, J Am Stat Assoc 72 (1977) 557, or Breslow, Biometrics 30
(1974) 89.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from survival.estimate.observations import FloatArray, Groups, IntArray, Observations
from survival.estimate.risk_table import in_order

STEPS = 50  # Newton steps; about 6 are needed unless the likelihood has no maximum
GAIN = 1e-12  # relative gain in log likelihood below which it has converged


@dataclass(frozen=True)
class Point:
    """The likelihood at one set of coefficients."""

    loglik: float
    slope: FloatArray
    information: FloatArray


class Likelihood(Protocol):
    """Anything with a value, a slope and an information at given coefficients."""

    def at(self, beta: FloatArray, /) -> Point:
        """Value, slope and information at `beta`."""
        ...


@dataclass(frozen=True)
class PartialLikelihood:
    """Subjects sorted by stratum and time, prepared for evaluation at any coefficients."""

    covariates: FloatArray  # (subject, covariate), centred and scaled
    design: FloatArray  # (subject, 1 + size + size^2): 1, x, x x'
    event: FloatArray  # (subject,), 1 when it happened
    start: IntArray  # first subject of each stratum and distinct time
    first: IntArray  # first of those rows in each stratum
    term_row: IntArray  # the row of each term of the sum over events
    gone: FloatArray  # the part of the tied events that Efron's term leaves out
    order: IntArray  # the subjects' positions in the frame

    def at(self, beta: FloatArray) -> Point:
        """Value, slope and information at `beta`, on the scale of the covariates here."""
        predictor, size = self.covariates @ beta, len(beta)
        total, mean, second = self.terms(predictor)
        happened = self.event > 0
        log_sum = float(np.log(total).sum()) + len(total) * float(predictor.max())
        return Point(
            float(predictor[happened].sum()) - log_sum,
            self.covariates[happened].sum(axis=0) - mean.sum(axis=0),
            second.sum(axis=0).reshape(size, size) - mean.T @ mean,
        )

    def terms(self, predictor: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Of each term of the sum over events: total weight at risk, mean of x and of x x' under it."""
        weight = np.exp(predictor - predictor.max())
        moments = weight[:, np.newaxis] * self.design
        terms = self._backwards(np.add.reduceat(moments, self.start))[self.term_row]
        if self.gone.any():
            moments *= self.event[:, np.newaxis]
            tied = np.add.reduceat(moments, self.start)[self.term_row]
            terms -= self.gone[:, np.newaxis] * tied
        size = self.covariates.shape[1]
        means = terms[:, 1:] / terms[:, :1]
        return terms[:, 0], means[:, :size], means[:, size:]

    def _backwards(self, sums: FloatArray) -> FloatArray:
        """Sums over those at risk: from each row to the end of its stratum."""
        for start, end in zip(self.first[:-1], self.first[1:], strict=True):
            sums[start:end] = np.cumsum(sums[start:end][::-1], axis=0)[::-1]
        return sums


def prepare(seen: Observations, strata: Groups, covariates: FloatArray, ties: str) -> PartialLikelihood:
    """Sort the subjects and lay out the terms of the sum over events."""
    ordered = in_order(seen, strata)
    event = ordered.event.astype(np.float64)
    tied = np.add.reduceat(event, ordered.start).astype(np.int64)
    term_row = np.repeat(np.arange(len(tied)), tied)
    place = np.arange(len(term_row)) - np.repeat(np.cumsum(tied) - tied, tied)
    gone = place / tied[term_row] if ties == "efron" else np.zeros(len(term_row))
    x = covariates[ordered.order]
    squares = (x[:, :, np.newaxis] * x[:, np.newaxis, :]).reshape(len(x), -1)
    design = np.column_stack([np.ones(len(x)), x, squares])
    return PartialLikelihood(x, design, event, ordered.start, ordered.first, term_row, gone, ordered.order)


def maximise(likelihood: Likelihood, size: int) -> tuple[FloatArray, Point, Point, FloatArray]:
    """Coefficients, the likelihood at 0 and there, and the Newton step that would follow.

    A step that stays large although the likelihood no longer rises marks a coefficient without maximum.
    """
    beta: FloatArray = np.zeros(size)
    null = here = likelihood.at(beta)
    step: FloatArray = np.linalg.solve(here.information, here.slope).astype(np.float64)
    for _ in range(STEPS):
        following = likelihood.at(beta + step)
        while following.loglik < here.loglik - GAIN * abs(here.loglik) and np.abs(step).max() > 1e-9:
            step = step / 2
            following = likelihood.at(beta + step)
        gain, beta, here = following.loglik - here.loglik, beta + step, following
        step = (np.linalg.pinv(here.information, hermitian=True) @ here.slope).astype(np.float64)
        if gain <= GAIN * abs(here.loglik):
            break
    return beta, null, here, step
