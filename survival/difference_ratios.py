"""The ratio of two response rates and the ratio of their odds, with limits.

Katz et al., Biometrics 1978; 34: 469-474; Woolf, Ann Hum Genet 1955; 19: 251-253; Miettinen and Nurminen,
Stat Med 1985; 4: 213-226; exact limits of the odds ratio given the margins: Fisher, J R Stat Soc 1935; 98:
39-54.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np
import pandas as pd

from survival.difference_score import (
    FloatArray,
    Limits,
    TwoSamples,
    odds_ratio_limits,
    odds_ratio_limits_gart,
    relative_risk_limits,
)
from survival.difference_tests import ALIKE, SIZES
from survival.estimate.limits import normal_quantile
from survival.estimate.observations import known_level, known_word
from survival.proportion_counts import count_arms
from survival.stratified_exact import exact_table

RATIO = {
    "measure": "relative risk or odds ratio, arm to reference",
    "estimate": "the ratio; infinite when only the reference lacks responders, missing when both do",
    "lower": "lower limit",
    "upper": "upper limit",
    "method": "how the limits were obtained",
    "level": "confidence level, a proportion",
    "citation": "source of the limits",
    "note": "why a value is missing, else empty",
}


def _katz(samples: TwoSamples, level: float) -> Limits:
    """Wald limits on the log scale."""
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt(1 / samples.x1 - 1 / samples.n1 + 1 / samples.x2 - 1 / samples.n2)
        return _around(samples.x1 * samples.n2 / (samples.x2 * samples.n1), se, level)


def _woolf(samples: TwoSamples, level: float) -> Limits:
    """Wald limits on the log scale."""
    y1, y2 = samples.n1 - samples.x1, samples.n2 - samples.x2
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt(1 / samples.x1 + 1 / y1 + 1 / samples.x2 + 1 / y2)
        return _around(samples.x1 * y2 / (samples.x2 * y1), se, level)


def _around(ratio: FloatArray, se: FloatArray, level: float) -> Limits:
    """Limits at z standard errors of the logarithm; from 0 to infinity when the error is infinite."""
    wide = np.exp(normal_quantile(level) * se)
    endless = np.isinf(wide)
    return np.where(endless, 0.0, ratio / wide), np.where(endless, np.inf, ratio * wide)


def _exact(samples: TwoSamples, level: float) -> Limits:
    """Limits given the margins."""
    lower, upper = exact_table(samples.x1, samples.n1, samples.x2, samples.n2).limits(level)
    return np.array([lower]), np.array([upper])


RATIOS: dict[str, dict[str, tuple[Callable[[TwoSamples, float], Limits], str, str]]] = {
    "relative risk": {
        "wald": (_katz, "Wald on the log scale (Katz)", "Katz et al., Biometrics 1978; 34: 469"),
        "score": (
            lambda samples, level: relative_risk_limits(samples, normal_quantile(level)),
            "Miettinen-Nurminen",
            "Miettinen and Nurminen, Stat Med 1985; 4: 213",
        ),
    },
    "odds ratio": {
        "wald": (_woolf, "Wald on the log scale (Woolf)", "Woolf, Ann Hum Genet 1955; 19: 251"),
        "score": (
            lambda samples, level: odds_ratio_limits(samples, normal_quantile(level)),
            "Miettinen-Nurminen",
            "Miettinen and Nurminen, Stat Med 1985; 4: 213",
        ),
        "score-gart": (
            lambda samples, level: odds_ratio_limits_gart(samples, normal_quantile(level)),
            "Miettinen-Nurminen with Gart's bias correction",
            "Gart, Biometrika 1985; 72: 673; R, ratesci",
        ),
        "exact": (_exact, "exact, given the margins", "Fisher, J R Stat Soc 1935; 98: 39"),
    },
}


def rate_ratio(
    frame: pd.DataFrame,
    response: str,
    by: str = "arm",
    reference: Hashable = "CONTROL",
    measure: str = "odds ratio",
    conf_type: str = "wald",
    level: float = 0.95,
) -> pd.DataFrame:
    """Ratio of the response rates, or of their odds, each arm to the reference arm.

    Parameters
    ----------
    frame, response, by, reference
        As in `rate_difference`.
    measure
        "odds ratio" or "relative risk".
    conf_type
        "wald" (log scale) or "score" (Miettinen-Nurminen); for odds ratios also "score-gart" and "exact",
        whose estimate is the conditional one.
    level
        Confidence level, a proportion.

    Returns
    -------
    DataFrame
        One row per arm: the column of `by`, sizes, then the columns of `RATIO`.

    Raises
    ------
    InputError
        As `rate_difference`, and for an unknown measure.

    Examples
    --------
    >>> frame = pd.DataFrame({"arm": ["A"] * 10 + ["B"] * 10, "orr": [1] * 2 + [0] * 8 + [1] * 6 + [0] * 4})
    >>> found = rate_ratio(frame, "orr", reference="A", measure="relative risk")
    >>> found[["arm", "estimate", "lower", "upper"]].round(3).to_numpy().tolist()
    [['B', 3.0, 0.786, 11.445]]
    """
    level = known_level(level)
    methods = RATIOS[known_word(measure, tuple(RATIOS), "measure")]
    limits, title, citation = methods[known_word(conf_type, tuple(methods), "conf_type")]
    counts = count_arms(frame, response, by, reference)
    rows = []
    for arm in counts.others:
        row = counts.sizes(arm) | {"measure": measure, "method": title, "level": level, "citation": citation}
        if note := counts.empty_arm(arm):
            rows.append(row | {"note": note})
            continue
        samples = TwoSamples(*counts.pair(arm))
        estimate = _ratio(samples, measure, conf_type)
        lower, upper = (
            (np.nan, np.nan) if np.isnan(estimate) else (float(v[0]) for v in limits(samples, level))
        )
        note = ALIKE if np.isnan(estimate) else ""
        rows.append(row | {"estimate": estimate, "lower": lower, "upper": upper, "note": note})
    return counts.frame(rows, [*SIZES, *RATIO])


def _ratio(samples: TwoSamples, measure: str, conf_type: str) -> float:
    """The estimate; missing for 0 to 0."""
    if conf_type == "exact":
        exact = exact_table(samples.x1, samples.n1, samples.x2, samples.n2)
        return np.nan if exact.says_nothing else exact.estimate()
    x1, n1, x2, n2 = (float(value[0]) for value in (samples.x1, samples.n1, samples.x2, samples.n2))
    rest1, rest2 = (n1, n2) if measure == "relative risk" else (n1 - x1, n2 - x2)
    above, below = x1 * rest2, x2 * rest1
    if below == 0:
        return np.nan if above == 0 else np.inf
    return above / below
