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
    told: list[tuple[int, tuple[str, ...]]] = field(
        default_factory=list
    )  # form, and the numbers that stand in it
    _known: dict[object, int] = field(default_factory=dict)
    _parsed: dict[str, tuple[int, list[str]]] = field(default_factory=dict)

    def number(self, text: str) -> int:
        """The number of a text."""
        return self._enter(("text", shown := printable(text)), shown, self.texts)

    def explanation(self, text: str) -> int:
        """The number of a text of several lines; two readers often get the same one."""
        values: list[str] = []
        form = []
        for line in printable(text).split("\n"):
            number, found = self._line(line)
            form.append(number)
            values += found
        one = self._enter(("form", tuple(form)), form, self.forms)
        return self._enter(("told", one, tuple(values)), (one, tuple(values)), self.told)

    def explanations(self) -> dict[str, list[Any]]:
        """Lines, forms and explanations as the page reads them.

        A number that a line has in every explanation, such as that of a section, is written into the line.
        """
        fixed = self._fixed()
        lines = []
        for line, same in zip(self.lines, fixed, strict=True):
            first, *rest = line.split(SLOT)
            lines.append(
                first
                + "".join((SLOT if one is None else one) + part for one, part in zip(same, rest, strict=True))
            )
        varies = [[one is None for number in form for one in fixed[number]] for form in self.forms]
        told = [
            [form, BETWEEN.join(value for value, kept in zip(values, varies[form], strict=True) if kept)]
            for form, values in self.told
        ]
        return {"lines": lines, "forms": self.forms, "told": told}

    def _fixed(self) -> list[list[str | None]]:
        """Of each line its numbers; None for one that is not the same in every explanation."""
        fixed: list[list[str | None]] = [[] for _ in self.lines]
        for number, values in self._parsed.values():
            known = fixed[number]
            fixed[number] = (
                [a if a == b else None for a, b in zip(known, values, strict=True)] if known else [*values]
            )
        return fixed

    def _line(self, line: str) -> tuple[int, list[str]]:
        """The number of a line without its values, and these; most lines come many times."""
        if line not in self._parsed:
            form = _VALUE.sub(SLOT, line)
            self._parsed[line] = (self._enter(("line", form), form, self.lines), _VALUE.findall(line))
        return self._parsed[line]

    def _enter(self, key: object, value: Any, into: list[Any]) -> int:
        """The number of a value, which is taken in when it is new."""
        if key not in self._known:
            self._known[key] = len(into)
            into.append(value)
        return self._known[key]


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
