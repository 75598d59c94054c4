"""Confidence limits of a single proportion.

Clopper and Pearson, Biometrika 1934; 26: 404-413.  Wilson, JASA 1927; 22: 209-212.  Which to use when:
Newcombe, Stat Med 1998; 17: 857-872.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from survival.estimate.observations import known_word
from survival.proportion_limits import (
    Limits,
    agresti_coull,
    checked_counts,
    jeffreys,
    mid_p,
    prop_test,
    wald,
    wald_continuity,
    wilson_continuity,
)


def clopper_pearson(responders: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """Exact limits: the beta quantiles that cut off half of the error at each end.

    Parameters
    ----------
    responders, n : counts, of one shape.
    level : confidence level, between 0 and 1.

    Returns
    -------
    lower, upper : proportions; 0 below no responder, 1 above all responders, missing where `n` is 0.

    Raises
    ------
    InputError : a count outside 0 to `n`, or a level that is not between 0 and 1.

    Examples
    --------
    >>> lower, upper = clopper_pearson(18, 86)
    >>> round(float(lower), 3), round(float(upper), 3)
    (0.129, 0.31)
    """
    from scipy.special import betaincinv

    (x, total), alpha = checked_counts(responders, n, level), 1 - level
    some, not_all, any_n = x > 0, x < total, total > 0
    # betaincinv has no value for a shape of 0: those limits are known, 0 and 1
    lower = np.where(some, betaincinv(np.where(some, x, 1), total - x + 1, alpha / 2), 0.0)
    upper = np.where(not_all, betaincinv(x + 1, np.where(not_all, total - x, 1), 1 - alpha / 2), 1.0)
    return np.where(any_n, lower, np.nan), np.where(any_n, upper, np.nan)


def wilson(responders: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """Score limits without continuity correction: the proportions that the score test does not reject.

    Parameters, returns and errors are those of `clopper_pearson`.

    Examples
    --------
    >>> lower, upper = wilson(0, 10)
    >>> round(float(lower), 4), round(float(upper), 4)
    (0.0, 0.2775)
    """
    from scipy.special import ndtri

    (x, total), alpha = checked_counts(responders, n, level), 1 - level
    z2 = float(ndtri(1 - alpha / 2)) ** 2
    size = np.where(total > 0, total, np.nan)
    share = x / size
    middle = (x + z2 / 2) / (size + z2)
    half = np.sqrt(z2 * (size * share * (1 - share) + z2 / 4)) / (size + z2)
    # at the ends the root is exact on paper but not in floating point
    lower = np.where(x == 0, np.where(total > 0, 0.0, np.nan), middle - half)
    upper = np.where(x == total, np.where(total > 0, 1.0, np.nan), middle + half)
    return lower, upper


@dataclass(frozen=True)
class Interval:
    """A method for limits: the function, its name as printed and its source."""

    limits: Callable[[ArrayLike, ArrayLike, float], Limits]
    title: str
    citation: str


METHODS = {
    "clopper-pearson": Interval(
        clopper_pearson, "Clopper-Pearson", "Clopper and Pearson, Biometrika 1934; 26: 404"
    ),
    "wilson": Interval(wilson, "Wilson", "Wilson, JASA 1927; 22: 209"),
    "wilson-cc": Interval(
        wilson_continuity, "Wilson with continuity correction", "Newcombe, Stat Med 1998; 17: 857"
    ),
    "agresti-coull": Interval(agresti_coull, "Agresti-Coull", "Agresti and Coull, Am Stat 1998; 52: 119"),
    "jeffreys": Interval(jeffreys, "Jeffreys", "Brown, Cai and DasGupta, Stat Sci 2001; 16: 101"),
    "mid-p": Interval(mid_p, "mid-P", "Lancaster, JASA 1961; 56: 223"),
    "wald": Interval(wald, "Wald", "Newcombe, Stat Med 1998; 17: 857"),
    "wald-cc": Interval(
        wald_continuity, "Wald with continuity correction", "Newcombe, Stat Med 1998; 17: 857"
    ),
    "prop-test": Interval(prop_test, "Wilson, corrected as in R's prop.test", "R, stats::prop.test"),
}
INTERVALS = {name: method.limits for name, method in METHODS.items()}
INTERVAL_TITLE = {name: method.title for name, method in METHODS.items()}

PROPORTION = {
    "n": "subjects",
    "responders": "subjects that count",
    "estimate": "responders / n; missing when n is 0",
    "lower": "lower confidence limit, a proportion",
    "upper": "upper confidence limit, a proportion",
    "method": "how the limits were obtained",
    "level": "confidence level, a proportion",
    "citation": "source of the limits",
    "note": "why a value is missing, else empty",
}


def proportion(
    responders: ArrayLike, n: ArrayLike, conf_type: str = "clopper-pearson", level: float = 0.95
) -> pd.DataFrame:
    """Proportions with confidence limits, from counts.

    Parameters
    ----------
    responders, n
        Counts: one number, or as many of one as of the other.
    conf_type
        A key of `METHODS`: "clopper-pearson", "wilson", "wilson-cc", "agresti-coull", "jeffreys", "mid-p",
        "wald", "wald-cc" or "prop-test".
    level
        Confidence level, a proportion.

    Returns
    -------
    DataFrame
        One row per pair of counts, columns of `PROPORTION`.

    Raises
    ------
    InputError
        For a count outside 0 to `n`, a level that is not between 0 and 1, or an unknown `conf_type`.

    Examples
    --------
    >>> proportion(2, 10, "agresti-coull")[["estimate", "lower", "upper"]].round(4).to_numpy().tolist()
    [[0.2, 0.0459, 0.5206]]
    """
    limits = interval(conf_type)
    some, of = np.broadcast_arrays(np.atleast_1d(responders), np.atleast_1d(n))
    x, total = checked_counts(some, of, level)
    lower, upper = limits(x, total, level)
    size = np.where(total > 0, total, np.nan)
    return pd.DataFrame(
        {
            "n": of,
            "responders": some,
            "estimate": x / size,
            "lower": lower,
            "upper": upper,
            "method": METHODS[conf_type].title,
            "level": level,
            "citation": METHODS[conf_type].citation,
            "note": np.where(total > 0, "", "not estimable: no subjects"),
        }
    )


def interval(conf_type: str) -> Callable[[ArrayLike, ArrayLike, float], Limits]:
    """The function behind a `conf_type`."""
    return METHODS[known_word(conf_type, tuple(METHODS), "conf_type")].limits
