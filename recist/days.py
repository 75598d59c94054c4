"""Dates as whole days: how many ticks of a datetime64 array make a day."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_TICKS = {"D": 1, "s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def ticks_per_day(dates: npt.NDArray[Any]) -> int:
    """Ticks of the array's resolution in one day."""
    return _TICKS[np.datetime_data(dates.dtype)[0]]


def as_days(dates: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Days since 1970-01-01; a missing date must be masked by the caller."""
    days: npt.NDArray[np.int64] = dates.view(np.int64) // ticks_per_day(dates)
    return days
