"""Limits of the difference of two proportions.

Most of them are compared by Newcombe, Stat Med 1998; 17: 873-890.  Wald and Agresti-Caffo limits can lie
outside -1 to 1 and are given as they come, as R's DescTools has them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from survival.difference_score import FloatArray, Limits, TwoSamples, difference_limits
from survival.estimate.limits import normal_quantile
from survival.proportion import wilson
from survival.proportion_limits import wilson_continuity


def miettinen_nurminen(samples: TwoSamples, level: float) -> Limits:
    """Score limits with the variance widened by N / (N - 1)."""
    return difference_limits(samples, normal_quantile(level), samples.correction)


def mee(samples: TwoSamples, level: float) -> Limits:
    """Score limits."""
    return difference_limits(samples, normal_quantile(level), np.ones_like(samples.n1))


def newcombe(samples: TwoSamples, level: float) -> Limits:
    """Square-and-add of the Wilson limits of the two shares: method 10."""
    arm, reference = wilson(samples.x1, samples.n1, level), wilson(samples.x2, samples.n2, level)
    return _square_and_add(samples, arm, reference)


def newcombe_continuity(samples: TwoSamples, level: float) -> Limits:
    """Square-and-add of the Wilson limits with continuity correction: method 11."""
    arm = wilson_continuity(samples.x1, samples.n1, level)
    return _square_and_add(samples, arm, wilson_continuity(samples.x2, samples.n2, level))


def _square_and_add(samples: TwoSamples, arm: Limits, reference: Limits) -> Limits:
    p1, p2 = samples.x1 / samples.n1, samples.x2 / samples.n2
    below = np.sqrt((p1 - arm[0]) ** 2 + (reference[1] - p2) ** 2)
    above = np.sqrt((arm[1] - p1) ** 2 + (p2 - reference[0]) ** 2)
    return samples.difference - below, samples.difference + above


def wald(samples: TwoSamples, level: float) -> Limits:
    """The difference plus and minus z standard errors: no width when all or none respond."""
    half = normal_quantile(level) * _wald_se(samples, samples.n1, samples.n2)
    return samples.difference - half, samples.difference + half


def wald_continuity(samples: TwoSamples, level: float) -> Limits:
    """Wald limits, wider by half of 1/n1 + 1/n2."""
    lower, upper = wald(samples, level)
    wider = (1 / samples.n1 + 1 / samples.n2) / 2
    return lower - wider, upper + wider


def agresti_caffo(samples: TwoSamples, level: float) -> Limits:
    """Wald limits after one responder and one other are added to each arm; Am Stat 2000; 54: 280-288."""
    return wald(TwoSamples(samples.x1 + 1, samples.n1 + 2, samples.x2 + 1, samples.n2 + 2), level)


def hauck_anderson(samples: TwoSamples, level: float) -> Limits:
    """Wald limits with n - 1 and a correction by the smaller arm; Am Stat 1986; 40: 318-322."""
    with np.errstate(divide="ignore", invalid="ignore"):
        se = _wald_se(samples, samples.n1 - 1, samples.n2 - 1)
    half = 1 / (2 * np.minimum(samples.n1, samples.n2)) + normal_quantile(level) * se
    return _within_one(samples.difference - half, samples.difference + half)


def haldane(samples: TwoSamples, level: float) -> Limits:
    """Limits of Beal, Biometrics 1987; 43: 941-950, around the mean of the two shares."""
    return _beal(samples, (samples.x1 / samples.n1 + samples.x2 / samples.n2) / 2, level)


def jeffreys_perks(samples: TwoSamples, level: float) -> Limits:
    """Limits of Beal, around the mean of the two shares after half a responder is added."""
    x1, x2 = samples.x1 + 0.5, samples.x2 + 0.5
    return _beal(samples, (x1 / (samples.n1 + 1) + x2 / (samples.n2 + 1)) / 2, level)


def _beal(samples: TwoSamples, mean: FloatArray, level: float) -> Limits:
    z2, d = normal_quantile(level) ** 2, samples.difference
    u, v = (1 / samples.n1 + 1 / samples.n2) / 4, (1 / samples.n1 - 1 / samples.n2) / 4
    free, tilt = mean * (1 - mean), v * (1 - 2 * mean)
    inside = u * (4 * free - d**2) + 2 * tilt * d + 4 * z2 * u**2 * free + z2 * tilt**2
    half = np.sqrt(z2 * np.maximum(inside, 0)) / (1 + z2 * u)
    middle = (d + z2 * tilt) / (1 + z2 * u)
    return _within_one(middle - half, middle + half)


def _wald_se(samples: TwoSamples, free1: FloatArray, free2: FloatArray) -> FloatArray:
    p1, p2 = samples.x1 / samples.n1, samples.x2 / samples.n2
    se: FloatArray = np.sqrt(p1 * (1 - p1) / free1 + p2 * (1 - p2) / free2)
    return se


def _within_one(lower: FloatArray, upper: FloatArray) -> Limits:
    return np.maximum(lower, -1.0), np.minimum(upper, 1.0)


METHODS: dict[str, tuple[Callable[[TwoSamples, float], Limits], str, str]] = {  # limits, as printed, source
    "miettinen-nurminen": (
        miettinen_nurminen,
        "Miettinen-Nurminen",
        "Miettinen and Nurminen, Stat Med 1985; 4: 213",
    ),
    "newcombe": (newcombe, "Newcombe", "Newcombe, Stat Med 1998; 17: 873, method 10"),
    "newcombe-cc": (
        newcombe_continuity,
        "Newcombe with continuity correction",
        "Newcombe, Stat Med 1998; 17: 873, method 11",
    ),
    "mee": (mee, "Mee", "Mee, Biometrics 1984; 40: 1175"),
    "wald": (wald, "Wald", "Newcombe, Stat Med 1998; 17: 873, method 1"),
    "wald-cc": (
        wald_continuity,
        "Wald with continuity correction",
        "Newcombe, Stat Med 1998; 17: 873, method 2",
    ),
    "agresti-caffo": (agresti_caffo, "Agresti-Caffo", "Agresti and Caffo, Am Stat 2000; 54: 280"),
    "hauck-anderson": (hauck_anderson, "Hauck-Anderson", "Hauck and Anderson, Am Stat 1986; 40: 318"),
    "haldane": (haldane, "Haldane", "Newcombe, Stat Med 1998; 17: 873, method 3"),
    "jeffreys-perks": (jeffreys_perks, "Jeffreys-Perks", "Newcombe, Stat Med 1998; 17: 873, method 4"),
}
