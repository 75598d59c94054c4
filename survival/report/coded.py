"""Frames as compact json: texts once, days as numbers, explanations as forms with their numbers.

The page of 1,000 subjects holds some 10,000 explanations of a dozen lines each; they differ in numbers and dates.
What makes them up is written once, and `lookup.js` puts it together again.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from survival.formats.grid import printable
from survival.results import rounded

SLOT = "\x01"  # where a number or day stands in a line; `printable` leaves no such character in a text
BETWEEN = "|"  # stands between the numbers of an explanation
_VALUE = re.compile(r"\d{4}-\d{2}-\d{2}|[+-]?\d+(?:\.\d+)?")

Kind = Literal["text", "date", "number", "percent", "flag", "lines"]


@dataclass(frozen=True)
class Field:
    """A column of a table of the page: its name in the frame, its heading and how it is written."""

    name: str
    head: str
    kind: Kind = "text"


@dataclass
class Texts:
    """Every text of the page once; a text is known by its number."""

    texts: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    forms: list[list[int]] = field(default_factory=list)
    _known: dict[object, int] = field(default_factory=dict)
    _parsed: dict[str, tuple[int, list[str]]] = field(default_factory=dict)

    def number(self, text: str) -> int:
        """The number of a text."""
        return self._enter("text", printable(text), self.texts)

    def explanation(self, text: str) -> list[Any]:
        """A text of several lines as the number of its form and the numbers that stand in it."""
        values: list[str] = []
        form = []
        for line in printable(text).split("\n"):
            number, found = self._line(line)
            form.append(number)
            values += found
        return [self._enter_form(tuple(form)), BETWEEN.join(values)]

    def _line(self, line: str) -> tuple[int, list[str]]:
        """The number of a line without its values, and these; most lines come many times."""
        if line not in self._parsed:
            number = self._enter("line", _VALUE.sub(SLOT, line), self.lines)
            self._parsed[line] = (number, _VALUE.findall(line))
        return self._parsed[line]

    def _enter(self, kind: str, text: str, into: list[str]) -> int:
        key = (kind, text)
        if key not in self._known:
            self._known[key] = len(into)
            into.append(text)
        return self._known[key]

    def _enter_form(self, form: tuple[int, ...]) -> int:
        if form not in self._known:
            self._known[form] = len(self.forms)
            self.forms.append(list(form))
        return self._known[form]


def coded_column(column: pd.Series[Any], kind: Kind, texts: Texts) -> list[Any]:
    """The values of a column as the page reads them; None for a missing one."""
    gone = column.isna().tolist()
    if kind == "date":
        days = (pd.to_datetime(column) - pd.Timestamp("1970-01-01")).dt.days
        return [None if no else int(day) for no, day in zip(gone, days.tolist(), strict=True)]
    values = column.tolist()
    if kind == "flag":
        return [None if no else int(bool(value)) for no, value in zip(gone, values, strict=True)]
    if kind in ("number", "percent"):
        return [None if no else _number(float(value), kind) for no, value in zip(gone, values, strict=True)]
    if kind == "lines":
        return [texts.explanation(str(value)) for value in values]
    return [None if no else texts.number(_text(value)) for no, value in zip(gone, values, strict=True)]


def by_subject(frame: pd.DataFrame, fields: Sequence[Field], texts: Texts) -> dict[str, list[list[Any]]]:
    """The rows of each subject, in the order of the frame, each a list of the fields' values."""
    found: dict[str, list[list[Any]]] = {}
    columns = [coded_column(frame[one.name], one.kind, texts) for one in fields]
    who = frame["subject"].astype("string").fillna("").tolist()
    for subject, *row in zip(who, *columns, strict=True):
        found.setdefault(printable(str(subject)), []).append(row)
    return found


def present(frame: pd.DataFrame, fields: Iterable[Field]) -> list[Field]:
    """The fields that the frame has and that are not empty throughout."""
    return [one for one in fields if one.name in frame and frame[one.name].notna().any()]


def json_text(value: object) -> str:
    """Json that can stand inside a page: no `<` in it, so that no text of the data ends or begins a tag."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _text(value: object) -> str:
    """A single value as printed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _number(value: float, kind: Kind) -> float | int | None:
    """A number with the decimals that are printed: one of per cent, two of a length."""
    if not math.isfinite(value):
        return None
    shown = float(rounded(value, 1 if kind == "percent" else 2))
    return int(shown) if shown == int(shown) else shown
