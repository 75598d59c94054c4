"""Frames of one kind below one another."""

from __future__ import annotations

from typing import Any

import pandas as pd


def stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Frames below one another; a text column is a category over all the words that occur in it."""
    text = {name for frame in frames for name in frame if _is_text(frame[name])}
    plain = [frame.astype({name: "string" for name in frame if name in text}) for frame in frames]
    whole = pd.concat(plain, ignore_index=True)
    return whole.astype(dict.fromkeys(text, "category"))


def _is_text(column: pd.Series[Any]) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype | pd.StringDtype) or column.dtype == object
