"""Difference of response rates averaged over strata, with limits.

Weights of Cochran, Mantel and Haenszel, n1 n2 / (n1 + n2).  Limits: score (Miettinen and Nurminen, Stat Med
1985; 4: 213-226), normal with the variance of each stratum or of Sato (Biometrics 1989; 45: 1323), Newcombe's
extended to strata (Yan and Su, Stat Biopharm Res 2010; 2: 329-335).  Strata in which one arm has nobody say
nothing and are left out.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from survival.difference_score import (
    FloatArray,
    TwoSamples,
    not_rejected,
    standardised,
    variance_at_difference,
)
from survival.estimate.limits import chi2_tail, normal_quantile
from survival.estimate.observations import known_word
from survival.proportion_counts import ArmCounts
from survival.proportion_limits import wilson_with_quantile
from survival.stratified import cmh_chi2

Found = tuple[float, float, float, float]  # estimate, lower, upper, p
STEPS = 10  # of the weights of Yan and Su
SETTLED = 1e-3  # their total change below which they stand, as in R (tern)


def stratified_row(counts: ArmCounts, arm: int, conf_type: str, level: float) -> dict[str, object]:
    """The stratified difference of one arm, as a row of `rate_difference`."""
    method, title, citation = METHODS[known_word(conf_type, tuple(METHODS), "conf_type")]
    row = counts.sizes(arm) | {"method": title, "level": level, "citation": citation}
    if note := counts.empty_arm(arm):
        return row | {"note": note}
    x1, n1, x2, n2 = counts.pair(arm)
    both = (n1 > 0) & (n2 > 0)
    if not both.any():
        return row | {"note": "not estimable: no stratum has subjects of both arms"}
    samples = TwoSamples(x1[both], n1[both], x2[both], n2[both])
    values = dict(zip(("estimate", "lower", "upper", "p"), method(samples, level), strict=True))
    lonely = [name for name, used in zip(counts.strata, both, strict=True) if not used]
    note = f"left out, one arm has nobody: {'; '.join(lonely)}" if lonely else ""
    return row | values | {"note": note}


def cmh_weights(samples: TwoSamples) -> FloatArray:
    """Weights of the strata, adding up to 1."""
    weight = samples.n1 * samples.n2 / (samples.n1 + samples.n2)
    share: FloatArray = weight / weight.sum()
    return share


def miettinen_nurminen(samples: TwoSamples, level: float) -> Found:
    """Differences that the stratified score test does not reject."""
    weight = cmh_weights(samples)
    estimate = float(weight @ samples.difference)

    def score(delta: FloatArray) -> FloatArray:
        variance = variance_at_difference(samples, np.full_like(weight, delta)) * samples.correction
        distance = np.atleast_1d(estimate - delta)
        z: FloatArray = standardised(distance, np.atleast_1d(weight**2 @ variance))[0]
        return z

    lower, upper = not_rejected(score, np.array(estimate), normal_quantile(level))
    p = chi2_tail(float(score(np.array(0.0))) ** 2, 1)
    return estimate, float(lower), float(upper), p


def mantel_haenszel(samples: TwoSamples, level: float) -> Found:
    """Normal limits with the variance of each stratum; p of the Cochran-Mantel-Haenszel test."""
    weight, (p1, p2) = cmh_weights(samples), _shares(samples)
    variance = p1 * (1 - p1) / samples.n1 + p2 * (1 - p2) / samples.n2
    return *_normal(samples, weight, float(weight**2 @ variance), level), _cmh_p(samples)


def sato(samples: TwoSamples, level: float) -> Found:
    """Normal limits with Sato's variance, valid in many sparse strata as in few large ones."""
    x1, n1, x2, n2 = samples.x1, samples.n1, samples.x2, samples.n2
    weight, total = cmh_weights(samples), n1 + n2
    estimate = float(weight @ samples.difference)
    p = (n1**2 * x2 - n2**2 * x1 + n1 * n2 * (n2 - n1) / 2) / total**2
    q = (x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * total)
    variance = float((estimate * p.sum() + q.sum()) / (n1 * n2 / total).sum() ** 2)
    z2 = float(standardised(np.array(estimate), np.array(variance))) ** 2
    return *_normal(samples, weight, variance, level), chi2_tail(z2, 1)


def newcombe(samples: TwoSamples, level: float) -> Found:
    """Newcombe's limits with the weights of Cochran, Mantel and Haenszel."""
    return _newcombe(samples, cmh_weights(samples), level)


def newcombe_wilson(samples: TwoSamples, level: float) -> Found:
    """Newcombe's limits with the weights that make the pooled Wilson interval narrowest."""
    pooled, size = samples.x1 + samples.x2, samples.n1 + samples.n2
    variance = pooled / size * (1 - pooled / size) / size
    weight = np.full_like(size, 1 / len(size))
    for _ in range(STEPS):
        z2 = _stratum_quantile(variance, weight, level) ** 2
        following = (1 + z2 / size) ** 2 / (variance + z2 / (4 * size**2))
        following = following / following.sum()
        change, weight = float(np.abs(following - weight).sum()), following
        if change < SETTLED:
            break
    return _newcombe(samples, weight, level)


def _newcombe(samples: TwoSamples, weight: FloatArray, level: float) -> Found:
    arm = _stratified_wilson(samples.x1, samples.n1, weight, level)
    reference = _stratified_wilson(samples.x2, samples.n2, weight, level)
    spread1, spread2 = float((weight**2 / samples.n1).sum()), float((weight**2 / samples.n2).sum())
    free = [[limit * (1 - limit) for limit in limits] for limits in (arm, reference)]
    estimate, z = float(weight @ samples.difference), normal_quantile(level)
    below = z * np.sqrt(spread1 * free[0][0] + spread2 * free[1][1])
    above = z * np.sqrt(spread1 * free[0][1] + spread2 * free[1][0])
    return estimate, float(estimate - below), float(estimate + above), _cmh_p(samples)


def _stratified_wilson(x: FloatArray, n: FloatArray, weight: FloatArray, level: float) -> tuple[float, float]:
    """Limits of a weighted mean of shares: Wilson's in each stratum, at a quantile all strata have."""
    variance = x / n * (1 - x / n) / n
    lower, upper = wilson_with_quantile(x, n, _stratum_quantile(variance, weight, level))
    return float(weight @ lower), float(weight @ upper)


def _stratum_quantile(variance: FloatArray, weight: FloatArray, level: float) -> float:
    """The normal quantile that, taken in each stratum, gives the level over all; formula 5 of Yan and Su."""
    parts = weight**2 * variance
    z = normal_quantile(level)
    return z if parts.sum() == 0 else float(z * np.sqrt(parts.sum()) / np.sqrt(parts).sum())


def _shares(samples: TwoSamples) -> tuple[FloatArray, FloatArray]:
    return samples.x1 / samples.n1, samples.x2 / samples.n2


def _normal(
    samples: TwoSamples, weight: FloatArray, variance: float, level: float
) -> tuple[float, float, float]:
    """Estimate and limits at z standard errors."""
    estimate, half = float(weight @ samples.difference), normal_quantile(level) * np.sqrt(variance)
    return estimate, float(estimate - half), float(estimate + half)


def _cmh_p(samples: TwoSamples) -> float:
    return chi2_tail(*cmh_chi2(samples.x1, samples.n1, samples.x2, samples.n2, 0.0))


METHODS: dict[str, tuple[Callable[[TwoSamples, float], Found], str, str]] = {
    "miettinen-nurminen": (
        miettinen_nurminen,
        "stratified Miettinen-Nurminen, Mantel-Haenszel weights",
        "Miettinen and Nurminen, Stat Med 1985; 4: 213",
    ),
    "newcombe": (
        newcombe,
        "stratified Newcombe, Mantel-Haenszel weights",
        "Yan and Su, Stat Biopharm Res 2010; 2: 329",
    ),
    "newcombe-wilson": (
        newcombe_wilson,
        "stratified Newcombe, weights of Yan and Su",
        "Yan and Su, Stat Biopharm Res 2010; 2: 329",
    ),
    "mantel-haenszel": (
        mantel_haenszel,
        "Mantel-Haenszel weights, normal limits",
        "Mantel and Haenszel, J Natl Cancer Inst 1959; 22: 719",
    ),
    "sato": (sato, "Mantel-Haenszel weights, Sato's variance", "Sato, Biometrics 1989; 45: 1323"),
}
