"""A listing as a frame with headings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from survival.formats.faces import Faces
from survival.formats.grid import Column, Grid, Row, keep_blocks
from survival.results import rounded
from survival.tables.table import Shell, grid_of

NOTHING = "No subject to list."


@dataclass(frozen=True)
class Listing(Faces):
    """Rows as printed, below headings; nothing here computes.

    `data` has the values, `headings` the printed columns: name in `data` -> heading.  `decimals` says how many
    decimals a column of fractions is printed with; without it as many as the value has, up to 12 digits.
    Rows that agree in the first column are a block, kept on a page where that is possible.  The first `stub`
    columns stand on every page of a listing that is too wide for one.  `room` says how many em a column of
    sentences needs on paper, rather on a further page than in less.
    """

    shell: Shell
    headings: dict[str, str]
    data: pd.DataFrame
    decimals: dict[str, int] = field(default_factory=dict)
    stub: int = 1
    room: dict[str, float] = field(default_factory=dict)

    @property
    def frame(self) -> pd.DataFrame:
        """Texts as printed: days as 2024-03-15, nothing for a missing value."""
        columns = {
            heading: _texts(self.data[name], self.decimals.get(name))
            for name, heading in self.headings.items()
        }
        return pd.DataFrame(columns, columns=list(columns))

    @cached_property  # of a value that does not change, for all of its files
    def grid(self) -> Grid:
        """The texts of the frame with the words around them."""
        frame = self.frame
        numbers = [n > 0 and _is_number(self.data[name]) for n, name in enumerate(self.headings)]
        room = [self.room.get(name, 0.0) for name in self.headings]
        columns = [
            Column(str(head), number, em) for head, number, em in zip(frame, numbers, room, strict=True)
        ]
        texts = list(zip(*(frame.iloc[:, n].tolist() for n in range(frame.shape[1])), strict=True))
        kept = keep_blocks([n == 0 or cells[0] != texts[n - 1][0] for n, cells in enumerate(texts)])
        rows = [Row(cells, kept=keep) for cells, keep in zip(texts, kept, strict=True)]
        shell = self.shell if rows else replace(self.shell, footnotes=(NOTHING, *self.shell.footnotes))
        return grid_of("l", shell, columns, rows, self.stub)


def _is_number(column: pd.Series[Any]) -> bool:
    """Whether numbers stand in a column."""
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _texts(column: pd.Series[Any], decimals: int | None) -> list[str]:
    """A column as printed."""
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    elif pd.api.types.is_float_dtype(column):
        values = column.astype("Float64").tolist()
        return ["" if pd.isna(value) else _fraction(float(value), decimals) for value in values]
    return column.astype("string").fillna("").tolist()


def _fraction(value: float, decimals: int | None) -> str:
    """A fraction as printed."""
    return f"{value:.12g}" if decimals is None else rounded(value, decimals)
