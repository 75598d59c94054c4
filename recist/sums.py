"""Sums of diameters and what the tables ask of them, in whole hundredths of a millimetre.

Binary fractions misjudge exact limits (0.7 * 90 is 62.99...), so lengths are compared as integers:
S is at least 20 % above N when 100 * S >= 120 * N.  RECIST 1.1 section 4.3.1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Hundredths = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

UNKNOWN = np.int64(2**40)  # a sum that is not known: larger than any sum, so never a nadir


def hundredths(mm: npt.ArrayLike) -> Hundredths:
    """Millimetres as whole hundredths; a missing value becomes 0 and must be masked by the caller."""
    scaled = np.multiply(mm, 100.0)
    np.rint(scaled, out=scaled)
    np.nan_to_num(scaled, copy=False, nan=0.0)
    return scaled.astype(np.int64)


def limit(mm: float) -> int:
    """A limit in mm as whole hundredths."""
    return round(mm * 100)


def millimetres(value: Hundredths, known: Mask) -> npt.NDArray[np.float64]:
    """Hundredths as millimetres, missing where not known."""
    result: npt.NDArray[np.float64] = value / 100.0
    result[~known] = np.nan
    return result


def grew(now: Hundredths, nadir: Hundredths, scale: Hundredths | int, criteria: Any) -> Mask:
    """Has the sum grown by enough per cent and enough millimetres over the nadir?

    `scale` is the denominator of `now` (1 unless a sum was scaled up).  A nadir of 0 has no percentage:
    there the absolute rule decides.
    """
    floor = limit(criteria.pd_abs_mm)
    before = nadir * scale
    absolute = (now - before >= floor * scale) & (now > before)
    if criteria.pct_decimals is None:
        exact: Mask = absolute & (100 * now >= (100 + criteria.pd_pct) * before)
        return exact
    unit = 10**criteria.pct_decimals
    enough = rounded_percent(now - before, before, unit) >= criteria.pd_pct * unit
    result: Mask = absolute & (enough | (before == 0))
    return result


def shrank(now: Hundredths, baseline: Hundredths, scale: Hundredths | int, criteria: Any) -> Mask:
    """Has the sum fallen by enough per cent below baseline?"""
    before = baseline * scale
    if criteria.pct_decimals is None:
        result: Mask = 100 * now <= (100 - criteria.pr_pct) * before
        return result
    unit = 10**criteria.pct_decimals
    enough: Mask = rounded_percent(before - now, before, unit) >= criteria.pr_pct * unit
    return enough


def rounded_percent(part: Hundredths, whole: Hundredths, unit: int) -> Hundredths:
    """100 * part / whole in units of 1/unit per cent, rounded half away from zero; 0 where whole is 0."""
    safe = np.where(whole > 0, whole, 1)
    size = (2 * 100 * unit * np.abs(part) + safe) // (2 * safe)
    return np.where(whole > 0, np.sign(part) * size, 0)


def change_percent(now: npt.NDArray[np.float64], before: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Change in per cent for display, missing where `before` is 0 or either is missing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        result = 100.0 * (now - before) / before
    result[~np.isfinite(result)] = np.nan
    return result
