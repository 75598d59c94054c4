"""Confidence limits of a single proportion.

Clopper and Pearson, Biometrika 1934; 26: 404-413.  Wilson, JASA 1927; 22: 209-212.  Which to use when:
Newcombe, Stat Med 1998; 17: 857-872.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recist import InputError

Limits = tuple[NDArray[np.float64], NDArray[np.float64]]


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

    x, total, alpha = _checked(responders, n, level)
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

    x, total, alpha = _checked(responders, n, level)
    z2 = float(ndtri(1 - alpha / 2)) ** 2
    size = np.where(total > 0, total, np.nan)
    share = x / size
    middle = (x + z2 / 2) / (size + z2)
    half = np.sqrt(z2 * (size * share * (1 - share) + z2 / 4)) / (size + z2)
    # at the ends the root is exact on paper but not in floating point
    lower = np.where(x == 0, np.where(total > 0, 0.0, np.nan), middle - half)
    upper = np.where(x == total, np.where(total > 0, 1.0, np.nan), middle + half)
    return lower, upper


INTERVALS: dict[str, Callable[[ArrayLike, ArrayLike, float], Limits]] = {
    "clopper-pearson": clopper_pearson,
    "wilson": wilson,
}
INTERVAL_TITLE = {"clopper-pearson": "Clopper-Pearson", "wilson": "Wilson"}


def interval(conf_type: str) -> Callable[[ArrayLike, ArrayLike, float], Limits]:
    """The function behind a `conf_type`."""
    if conf_type not in INTERVALS:
        raise InputError(f"unknown conf_type {conf_type!r}; known: {', '.join(INTERVALS)}")
    return INTERVALS[conf_type]


def _checked(responders: ArrayLike, n: ArrayLike, level: float) -> tuple[Any, Any, float]:
    """Counts as arrays and the error probability, or an error that names what is impossible."""
    if not 0 < level < 1:
        raise InputError(f"confidence level {level} is not between 0 and 1; 95 % is 0.95")
    x, total = np.asarray(responders, dtype=float), np.asarray(n, dtype=float)
    if np.any(~((x >= 0) & (x <= total))):
        raise InputError(f"{x} responders of {total}: a count lies between 0 and the size of its group")
    return x, total, 1 - level
