"""A table as lines that read results."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from recist import InputError
from survival.formats.faces import Faces
from survival.formats.grid import Column, Grid, Row, keep_blocks, printable
from survival.groups import label
from survival.results import cell


@dataclass(frozen=True, kw_only=True)
class Shell:
    """The words around a table.  Another wording is an edit: `replace(shell, population="Safety set")`."""

    title: str
    number: str = ""
    population: str = "All subjects"
    footnotes: tuple[str, ...] = ()
    total: str = ""  # label of a column over all groups; empty for none
    source: str = ""  # last note: program, data, cut-off

    @property
    def heading(self) -> str:
        """Number and title as one line."""
        return f"{self.number}  {self.title}".strip()

    @property
    def notes(self) -> tuple[str, ...]:
        """Footnotes, and the source after them."""
        return (*self.footnotes, *([self.source] if self.source else []))


@dataclass(frozen=True)
class Line:
    """A line of a table: what is printed at the left, which result it reads, and in what form."""

    title: str
    row: str = ""  # empty: a heading
    form: str = "n (%)"
    indent: int = 1


@dataclass(frozen=True)
class Table(Faces):
    """A table laid out from results; nothing here computes."""

    shell: Shell
    lines: tuple[Line, ...]
    columns: dict[str, int]  # group -> its number of subjects, in order
    results: pd.DataFrame

    @property
    def frame(self) -> pd.DataFrame:
        """Strings as printed: the first column is the line, then one column per group."""
        texts: dict[tuple[str, str], dict[str, str]] = {}
        read = self.results[["row", "group", "statistic", "text"]]
        for row, group, statistic, text in read.itertuples(index=False, name=None):
            texts.setdefault((row, group), {})[statistic] = text
        columns: dict[str, list[str]] = {"": ["  " * line.indent + line.title for line in self.lines]}
        for group, n in self.columns.items():
            columns[f"{group} (N={n})"] = [
                cell(texts.get((line.row, group), {}), line.form) if line.row else "" for line in self.lines
            ]
        return pd.DataFrame(columns)

    @cached_property  # of a value that does not change, for all of its files
    def grid(self) -> Grid:
        """The texts of the frame with the words around them; a line that reads no result heads a block."""
        frame = self.frame
        groups = [Column(f"{group}\n(N={n})", numbers=True) for group, n in self.columns.items()]
        texts = frame.iloc[:, 1:].to_numpy().tolist()
        kept = keep_blocks([line.indent == 0 or not line.row for line in self.lines])
        rows = [
            Row((line.title, *cells), line.indent, _heads(line), keep)
            for line, cells, keep in zip(self.lines, texts, kept, strict=True)
        ]
        return grid_of("t", self.shell, [Column(""), *groups], rows)


def grid_of(kind: str, shell: Shell, columns: Sequence[Column], rows: Sequence[Row], stub: int = 1) -> Grid:
    """A grid with the words of a shell, every text of it printable."""
    return Grid(
        id=identifier(kind, shell.heading),
        number=printable(shell.number),
        title=printable(shell.title),
        population=printable(shell.population),
        columns=tuple(replace(column, head=printable(column.head)) for column in columns),
        rows=tuple(map(_printable_row, rows)),
        notes=tuple(map(printable, shell.notes)),
        stub=stub,
    )


def _printable_row(row: Row) -> Row:
    """The row in characters that every format can hold."""
    return Row(tuple(map(printable, row.cells)), row.indent, row.heading, row.kept, row.link)


def _heads(line: Line) -> bool:
    """Whether a line is printed as a heading."""
    return not line.row or line.indent == 0


def identifier(kind: str, heading: str) -> str:
    """An identifier for html that the same display always has."""
    return re.sub(r"[^a-z0-9]+", "-", f"{kind} {heading}".lower()).strip("-")


def column_sizes(keyed: list[tuple[tuple[object, ...], int]], total: str) -> dict[str, int]:
    """Printed group names with their sizes, and the total where it is asked for and there are several."""
    sizes: dict[str, int] = {}
    for key, n in keyed:
        if label(key) in sizes:
            raise InputError(f"two groups print as {label(key)!r}; rename one of them")
        sizes[label(key)] = n
    if total and len(keyed) > 1:
        if total in sizes:
            raise InputError(f"a group is called {total!r} as the total column is; set another `total`")
        sizes[total] = sum(n for _, n in keyed)
    return sizes
