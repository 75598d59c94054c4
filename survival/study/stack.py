"""Frames of one kind below one another."""

from __future__ import annotations

from typing import Any

import pandas as pd


def stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Frames below one another; a text column is a category over all the words that occur in it.

    A column that holds nothing has no say: it takes the type that it has in the other frames.
    """
    order = list(dict.fromkeys(name for frame in frames for name in frame))
    text = {name for frame in frames for name in frame if _is_text(frame[name])}
    plain = [
        frame.drop(columns=[name for name in frame if name not in text and _is_blank(frame[name])]).astype(
            {name: "string" for name in frame if name in text}
        )
        for frame in [frame for frame in frames if len(frame)] or frames
    ]
    whole = pd.concat(plain, ignore_index=True).reindex(columns=order)
    return whole.astype(dict.fromkeys(text, "category"))


def _is_text(column: pd.Series[Any]) -> bool:
    """Whether words are meant."""
    if isinstance(column.dtype, pd.CategoricalDtype | pd.StringDtype):
        return True
    return column.dtype == object and not _is_blank(column)


def _is_blank(column: pd.Series[Any]) -> bool:
    """Whether a column has neither values nor a type."""
    return column.dtype == object and bool(column.isna().all())
