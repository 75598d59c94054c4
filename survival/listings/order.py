"""The order in which listings print: subjects, visits and lesions as people count them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

_NUMBER = re.compile(r"(\d+)")


def natural(text: str) -> tuple[tuple[bool, int, str], ...]:
    """A key that sorts numbers inside text as numbers.

    Examples
    --------
    >>> sorted(["T10", "T2", "N1"], key=natural)
    ['N1', 'T2', 'T10']
    """
    parts = _NUMBER.split(text)
    return tuple((part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts if part)


def in_order(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The rows sorted by columns: text by natural order, categories of text too, the rest by value; missing last."""
    ranks = {name: _rank(frame[name]) for name in names}
    order = pd.DataFrame(ranks, index=frame.index).sort_values(list(names), kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _rank(column: pd.Series) -> pd.Series:
    """Numbers in the order of the values."""
    if pd.api.types.is_datetime64_any_dtype(column) or pd.api.types.is_numeric_dtype(column):
        return column
    text = column.astype("string")
    places = {word: place for place, word in enumerate(sorted(text.dropna().unique(), key=natural))}
    return text.map(places).astype("Float64")
