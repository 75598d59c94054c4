"""More confidence limits of a single proportion, for protocols that name them.

Compared with one another by Newcombe, Stat Med 1998; 17: 857-872, and Brown, Cai and DasGupta, Stat Sci 2001;
16: 101-133.  Wald and Agresti-Coull limits can lie outside 0 to 1 and are given as they come, as R has them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recist import InputError

FloatArray = NDArray[np.float64]
Limits = tuple[FloatArray, FloatArray]
HALVINGS = 60  # bisections of 0 to 1: down to the last bit of a double


def agresti_coull(responders: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """Wald limits after z^2 / 2 successes and as many failures are added; Am Stat 1998; 52: 119-126."""
    x, size, z = _sample(responders, n, level)
    middle = (x + z**2 / 2) / (size + z**2)
    half = z * np.sqrt(middle * (1 - middle) / (size + z**2))
    return middle - half, middle + half


def jeffreys(responders: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """Quantiles of the beta(x + 1/2, n - x + 1/2) posterior, 0 without and 1 with all responders."""
    from scipy.special import betaincinv

    x, size, _ = _sample(responders, n, level)
    tail = (1 - level) / 2
    lower, upper = (betaincinv(x + 0.5, size - x + 0.5, part) for part in (tail, 1 - tail))
    return np.where(x == 0, 0.0 * size, lower), np.where(x == size, 1.0, upper)


def mid_p(responders: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """Exact limits that count half of the observed outcome; Lancaster, JASA 1961; 56: 223-234."""
    from scipy.special import betainc

    x, size, _ = _sample(responders, n, level)
    tail = (1 - level) / 2

    def at_least(share: FloatArray) -> FloatArray:
        """P(X > x) + P(X = x) / 2, rising with the share."""
        more = np.where(x < size, betainc(x + 1, np.where(x < size, size - x, 1), share), 0.0)
        as_many = np.where(x > 0, betainc(np.where(x > 0, x, 1), size - x + 1, share), 1.0)
        return (more + as_many) / 2

    lower, upper = (_where(at_least, part, x.shape) + 0 * size for part in (tail, 1 - tail))
    return np.where(x == 0, 0.0 * size, lower), np.where(x == size, 1.0, upper)


def wald(responders: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """The share plus and minus z standard errors: no width at 0 and 1, and too narrow in small trials."""
    x, size, z = _sample(responders, n, level)
    half = z * np.sqrt(x / size * (1 - x / size) / size)
    return x / size - half, x / size + half


def wald_continuity(responders: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """Wald limits, wider by 1 / (2n)."""
    lower, upper = wald(responders, n, level)
    _, size, _ = _sample(responders, n, level)
    return lower - 0.5 / size, upper + 0.5 / size


def wilson_continuity(responders: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """Score limits with continuity correction; Newcombe 1998, method 4."""
    x, size, z = _sample(responders, n, level)
    return _score(x, size, z, 0.5 / size)


def prop_test(responders: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """Limits of R's prop.test: its correction is no larger than the distance of the count from n / 2."""
    x, size, z = _sample(responders, n, level)
    return _score(x, size, z, np.minimum(0.5, np.abs(x - size / 2)) / size)


def wilson_with_quantile(x: FloatArray, size: FloatArray, z: float) -> Limits:
    """Score limits at a given normal quantile."""
    return _score(x, size, z, 0 * size)


def _score(x: FloatArray, size: FloatArray, z: float, correction: FloatArray) -> Limits:
    """Score limits of the share moved outwards by the correction."""
    low, high, part = x / size - correction, x / size + correction, z**2 / (2 * size)
    with np.errstate(invalid="ignore"):
        below = z * np.sqrt(low * (1 - low) / size + part / (2 * size))
        above = z * np.sqrt(high * (1 - high) / size + part / (2 * size))
    lower = np.where(low <= 0, 0.0, (low + part - below) / (1 + 2 * part))
    return lower, np.where(high >= 1, 1.0, (high + part + above) / (1 + 2 * part))


def _where(rising: Callable[[FloatArray], FloatArray], wanted: float, shape: tuple[int, ...]) -> FloatArray:
    """The share at which a rising function of it has the wanted value."""
    low, high = np.zeros(shape), np.ones(shape)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = rising(middle) < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


def _sample(responders: ArrayLike, n: ArrayLike, level: float) -> tuple[Any, Any, float]:
    """Counts, sizes (missing where 0) and the normal quantile."""
    from scipy.special import ndtri

    x, total = checked_counts(responders, n, level)
    return x, np.where(total > 0, total, np.nan), float(ndtri(0.5 + level / 2))


def checked_counts(responders: ArrayLike, n: ArrayLike, level: float) -> tuple[Any, Any]:
    """Counts as arrays, or an error that names what is impossible."""
    if not 0 < level < 1:
        raise InputError(f"confidence level {level} is not between 0 and 1; 95 % is 0.95")
    x, total = np.asarray(responders, dtype=float), np.asarray(n, dtype=float)
    if np.any(~((x >= 0) & (x <= total))):
        raise InputError(f"{x} responders of {total}: a count lies between 0 and the size of its group")
    return x, total
