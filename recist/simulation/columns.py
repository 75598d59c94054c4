"""Columns of the frames: categories from codes, dates from days, yes and no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.simulation.draws import Floats


def category(codes: npt.ArrayLike, words: Sequence[str] | pd.Index[Any]) -> pd.Categorical[Any]:
    """Words by their position; -1 is blank."""
    return pd.Categorical.from_codes(np.asarray(codes, np.int64), categories=pd.Index(words, dtype=str))


def yes_no(values: npt.ArrayLike) -> pd.Categorical[Any]:
    """Y, N, or blank where missing."""
    given = np.asarray(values, float)
    return category(np.where(np.isnan(given), -1, (given > 0).astype(int)), ("N", "Y"))


def days_of(dates: pd.Series[Any]) -> Floats:
    """Days since the epoch, missing where there is no date."""
    days = dates.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), np.nan, days.astype(np.int64))


def dates_of(day: npt.ArrayLike) -> npt.NDArray[np.datetime64]:
    """Dates of days since the epoch; none where the day is missing or infinite."""
    number = np.asarray(day, float)
    known = np.isfinite(number)
    whole = np.where(known, number, 0).astype(np.int64).astype("datetime64[D]").astype("datetime64[ns]")
    return np.where(known, whole, np.datetime64("NaT", "ns"))
