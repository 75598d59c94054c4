"""Score limits of the difference, the ratio and the odds ratio of two proportions.

Miettinen and Nurminen, Stat Med 1985; 4: 213-226: the proportions that are likeliest at a given difference or
ratio are roots of a cubic or a quadratic and need no iteration (their appendix I); limits are the values that
the test does not reject.  Without the factor N / (N - 1) of the variance the difference is that of Mee,
Biometrics 1984; 40: 1175-1176.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Limits = tuple[FloatArray, FloatArray]
HALVINGS = 64
FAR = 16.0  # log of a ratio, 9 million, beyond which a limit is 0 or infinite


@dataclass(frozen=True)
class TwoSamples:
    """Responders and sizes of the arm (1) and the reference (2), arrays of one shape; sizes above 0."""

    x1: FloatArray
    n1: FloatArray
    x2: FloatArray
    n2: FloatArray

    @property
    def difference(self) -> FloatArray:
        """Share of the arm less that of the reference."""
        return self.x1 / self.n1 - self.x2 / self.n2

    @property
    def correction(self) -> FloatArray:
        """N / (N - 1), the factor by which Miettinen and Nurminen widen the variance."""
        total = self.n1 + self.n2
        return total / (total - 1)

    def reversed(self) -> TwoSamples:
        """The same samples with arm and reference exchanged."""
        return TwoSamples(self.x2, self.n2, self.x1, self.n1)


def shares_at_difference(samples: TwoSamples, delta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The likeliest proportions that are `delta` apart: the middle root of the cubic of appendix I."""
    total, responders = samples.n1 + samples.n2, samples.x1 + samples.x2
    l2 = (samples.n1 + 2 * samples.n2) * delta - total - responders
    l1 = (samples.n2 * delta - total - 2 * samples.x2) * delta + responders
    l0 = samples.x2 * delta * (1 - delta)
    third = l2 / (3 * total)
    q = third**3 - l1 * l2 / (6 * total**2) + l0 / (2 * total)
    p = np.where(q >= 0, 1.0, -1.0) * np.sqrt(np.maximum(third**2 - l1 / (3 * total), 0))
    cube = p**3
    ratio = np.divide(q, cube, out=np.ones_like(q), where=cube != 0)
    angle = (np.pi + np.arccos(np.clip(ratio, -1, 1))) / 3
    low = np.clip(2 * p * np.cos(angle) - third, np.maximum(0, -delta), np.minimum(1, 1 - delta))
    return np.clip(low + delta, 0, 1), low


def variance_at_difference(samples: TwoSamples, delta: FloatArray) -> FloatArray:
    """Variance of the difference, at the likeliest proportions, without the factor N / (N - 1)."""
    p1, p2 = shares_at_difference(samples, delta)
    variance: FloatArray = p1 * (1 - p1) / samples.n1 + p2 * (1 - p2) / samples.n2
    return variance


def standardised(distance: FloatArray, variance: FloatArray) -> FloatArray:
    """Distance over its standard error; 0 where both are 0, infinite where the error alone is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z: FloatArray = distance / np.sqrt(variance)
    return np.where(np.abs(distance) < 1e-15, 0.0, z)


def difference_limits(samples: TwoSamples, z: float, factor: FloatArray) -> Limits:
    """The differences that the score test does not reject."""

    def score(delta: FloatArray) -> FloatArray:
        distance = samples.difference - delta
        return standardised(distance, variance_at_difference(samples, delta) * factor)

    return not_rejected(score, samples.difference, z)


def not_rejected(score: Callable[[FloatArray], FloatArray], estimate: FloatArray, z: float) -> Limits:
    """The differences on both sides of the estimate where a falling score is z and -z."""
    one = np.ones_like(estimate)
    lower = boundary(lambda delta: score(delta) <= z, -one, estimate)
    upper = boundary(lambda delta: score(delta) >= -z, one, estimate)
    return lower, upper


def boundary(
    inside: Callable[[FloatArray], npt.NDArray[np.bool_]], out: FloatArray, kept: FloatArray
) -> FloatArray:
    """Where an interval ends between a value outside it and one inside; by halving."""
    for _ in range(HALVINGS):
        middle = (out + kept) / 2
        good = inside(middle)
        out, kept = np.where(good, out, middle), np.where(good, middle, kept)
    return kept


def relative_risk_limits(samples: TwoSamples, z: float) -> Limits:
    """The ratios of the two shares that the score test does not reject."""

    def score(log_ratio: FloatArray) -> FloatArray:
        ratio = np.exp(log_ratio)
        b = samples.n1 * ratio + samples.x1 + samples.n2 + samples.x2 * ratio
        a, c = (samples.n1 + samples.n2) * ratio, samples.x1 + samples.x2
        p2 = np.clip(2 * c / (b + np.sqrt(np.maximum(b**2 - 4 * a * c, 0))), 0, np.minimum(1, 1 / ratio))
        p1 = np.clip(p2 * ratio, 0, 1)
        variance = p1 * (1 - p1) / samples.n1 + ratio**2 * p2 * (1 - p2) / samples.n2
        distance = samples.x1 / samples.n1 - ratio * samples.x2 / samples.n2
        return standardised(distance, variance * samples.correction)

    return _ratio_limits(score, samples, z)


def odds_ratio_limits(samples: TwoSamples, z: float) -> Limits:
    """The ratios of the two odds that the score test does not reject."""
    return _odds_ratio_limits(samples, z, 0.0)


def odds_ratio_limits_gart(samples: TwoSamples, z: float) -> Limits:
    """The same after Gart's correction of the score's bias (Biometrika 1985; 72: 673-677), as in ratesci."""
    return _odds_ratio_limits(samples, z, 1.0)


def _odds_ratio_limits(samples: TwoSamples, z: float, gart: float) -> Limits:
    def score(log_ratio: FloatArray) -> FloatArray:
        p1, p2 = shares_at_odds_ratio(samples, log_ratio)
        w1, w2 = samples.n1 * p1 * (1 - p1), samples.n2 * p2 * (1 - p2)
        both = np.where(w1 + w2 > 0, w1 + w2, 1.0)
        distance = samples.x1 * (1 - p1) - (samples.n1 - samples.x1) * p1
        distance = distance - gart * (p1 - p2) * w1 * w2 / both**2
        return standardised(distance, samples.correction * w1 * w2 / both)

    lower, upper = _ratio_limits(score, samples, z)
    nil = (samples.x1 == 0) | (samples.x2 == samples.n2)
    endless = (samples.x1 == samples.n1) | (samples.x2 == 0)
    return np.where(nil, 0.0, lower), np.where(endless, np.inf, upper)


def shares_at_odds_ratio(samples: TwoSamples, log_ratio: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The likeliest proportions whose odds have this ratio: a root of a quadratic, free of cancellation."""
    more, responders = np.expm1(log_ratio), samples.x1 + samples.x2
    a, b = samples.n2 * more, samples.n1 * np.exp(log_ratio) + samples.n2 - responders * more
    root = np.sqrt(np.maximum(b**2 + 4 * a * responders, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        p2 = np.clip(np.where(b > 0, 2 * responders / (b + root), (root - b) / (2 * a)), 0, 1)
        odds = p2 / (1 - p2) * np.exp(log_ratio)
        p1 = np.where(np.isinf(odds), 1.0, odds / (1 + odds))
    return p1, p2


def _ratio_limits(score: Callable[[FloatArray], FloatArray], samples: TwoSamples, z: float) -> Limits:
    """Limits on the log scale; 0 or infinite where no ratio up to exp(FAR) is rejected."""
    far = np.full_like(samples.x1, FAR)
    within = _middle(score, far)
    low = boundary(lambda ratio: score(ratio) <= z, -far, within)
    high = boundary(lambda ratio: score(ratio) >= -z, far, within)
    lower = np.where(score(-far) <= z, 0.0, np.exp(low))
    return lower, np.where(score(far) >= -z, np.inf, np.exp(high))


def _middle(score: Callable[[FloatArray], FloatArray], far: FloatArray) -> FloatArray:
    """Where a falling score is 0."""
    return boundary(lambda ratio: score(ratio) >= 0, far, -far)
