"""A table as lines that read results, and its faces: frame, csv, html."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from recist import InputError
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

    @property
    def heading(self) -> str:
        """Number and title as one line."""
        return f"{self.number}  {self.title}".strip()


@dataclass(frozen=True)
class Line:
    """A line of a table: what is printed at the left, which result it reads, and in what form."""

    title: str
    row: str = ""  # empty: a heading
    form: str = "n (%)"
    indent: int = 1


@dataclass(frozen=True)
class Table:
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

    def to_csv(self, path: str | Path | None = None) -> str:
        """The frame as csv; written to `path` too when it is given."""
        text = self.frame.to_csv(index=False, lineterminator="\n")
        if path is not None:
            Path(path).write_text(text, encoding="utf-8", newline="\n")
        return text

    def to_html(self, path: str | Path | None = None) -> str:
        """The table as html: a fragment as the answer, a whole page in `path` when it is given."""
        from survival.tables.render import fragment, page

        if path is not None:
            Path(path).write_text(page(self), encoding="utf-8", newline="\n")
        return fragment(self)

    def _repr_html_(self) -> str:
        return self.to_html()

    @property
    def html_id(self) -> str:
        """An identifier that the same table always has."""
        return re.sub(r"[^a-z0-9]+", "-", f"t {self.shell.heading}".lower()).strip("-")


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


def escaped(text: str) -> str:
    """Text from data as html text; leading spaces stay as indentation."""
    stripped = text.lstrip(" ")
    return "\N{NO-BREAK SPACE}" * 2 * (len(text) - len(stripped)) + html.escape(stripped)
