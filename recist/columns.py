"""A frame's data dictionary as data, and the conforming of a user's frame to it.

Text becomes categorical once, so that all that follows is decided per distinct value and never per row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.errors import InputError
from recist.terms import DEFAULT_EVALUATOR
from recist.values import BadValue, Change, as_text, column_of_kind

Kind = Literal[
    "identifier", "text", "upper", "lower", "term", "date", "number", "signed number", "flag", "yes/no"
]
DTYPE = {  # the rest: category
    "date": "datetime64",
    "number": "float64",
    "signed number": "float64",
    "flag": "bool",
    "yes/no": "boolean",
}
SHOWN = 5  # places named in one message


@dataclass(frozen=True)
class Column:
    """One column of a frame: its name, kind, meaning, and which values it may hold."""

    name: str
    kind: Kind
    sentence: str
    needed: str = "no"
    unit: str = ""
    terms: tuple[str, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def dtype(self) -> str:
        """The pandas dtype of the column after conforming."""
        return DTYPE.get(self.kind, "category")

    @property
    def required(self) -> bool:
        """Whether a frame without the column is refused."""
        return self.needed.startswith("yes")


@dataclass(frozen=True)
class Dictionary:
    """The columns of one frame, what the frame is called, and how a row is named in an error."""

    name: str
    columns: tuple[Column, ...]
    place: tuple[tuple[str, str], ...]
    error: type[InputError]

    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    def markdown(self) -> str:
        """The dictionary as a Markdown table."""
        rows = ["| column | dtype | unit | needed | meaning |", "|---|---|---|---|---|"]
        for c in self.columns:
            terms = f" One of {', '.join(f'`{t}`' for t in c.terms)}." if c.terms else ""
            rows.append(f"| `{c.name}` | {c.dtype} | {c.unit} | {c.needed} | {c.sentence}{terms} |")
        return "\n".join(rows)


def conform(frame: pd.DataFrame, dictionary: Dictionary) -> pd.DataFrame:
    """Bring the known columns of a frame to their dtypes and words; the others are kept untouched.

    Parameters
    ----------
    frame : DataFrame
        One row per record; row 0 is spreadsheet row 2.
    dictionary : Dictionary
        The columns the frame may have.

    Returns
    -------
    DataFrame
        With a default index; the very same frame when it conforms already.

    Raises
    ------
    InputError
        (the dictionary's kind) with every kind of problem, the first five places of each and the remedy.
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"the {dictionary.name} must be a pandas DataFrame, not {type(frame).__name__}")
    _refuse_columns(frame, dictionary)
    changed: dict[str, Any] = {}
    problems: list[str] = []
    for column in dictionary.columns:
        if column.name not in frame:
            continue
        found = column_of_kind(frame[column.name], column.kind, column.terms, column.spellings)
        if isinstance(found, BadValue):
            problems.append(_problem(frame, dictionary, column.name, found))
        elif isinstance(found, Change):
            changed[column.name] = found.values
        if column.needed == "yes" and not isinstance(found, BadValue):
            now = changed.get(column.name, frame[column.name])
            problems += missing_values(frame, dictionary, column.name, np.asarray(pd.isna(now)))
    if problems:
        raise dictionary.error("\n".join(problems))
    return with_columns(frame, changed)


def with_columns(frame: pd.DataFrame, changed: Mapping[str, Any]) -> pd.DataFrame:
    """The frame with columns replaced or added and a default index; unchanged columns are not copied."""
    default = isinstance(frame.index, pd.RangeIndex) and frame.index.start == 0 and frame.index.step == 1
    if not changed and default and frame.index.name is None:
        return frame
    data = {name: changed[name] if name in changed else frame[name].array for name in frame.columns}
    return pd.DataFrame(data | dict(changed), copy=False)


def missing_values(
    frame: pd.DataFrame, dictionary: Dictionary, name: str, missing: npt.NDArray[np.bool_]
) -> list[str]:
    """One sentence when a needed value is missing, none otherwise."""
    if not missing.any():
        return []
    bad = BadValue(np.flatnonzero(missing), "is missing", f"Fill in {name}, or remove the row.")
    return [_problem(frame, dictionary, name, bad)]


def place_of(frame: pd.DataFrame, dictionary: Dictionary, row: int) -> str:
    """How a user finds the row: `SYN-017, visit 3, lesion T2`."""
    known = [(name, word) for name, word in dictionary.place if name in frame]
    values = [(word, frame[name].iloc[row]) for name, word in known]
    given = [(word, as_text(value)) for word, value in values if pd.notna(value)]
    return (
        ", ".join(word + text for word, text in given if text.strip() not in ("", DEFAULT_EVALUATOR))
        or "no identifier"
    )


def _problem(frame: pd.DataFrame, dictionary: Dictionary, name: str, bad: BadValue) -> str:
    shown = []
    for row in bad.rows[:SHOWN].tolist():
        value = frame[name].iloc[row]
        given = "" if pd.isna(value) or not as_text(value).strip() else f" {as_text(value)!r}"
        shown.append(f"{place_of(frame, dictionary, row)}: {name}{given} {bad.fact} (row {row + 2})")
    more = [f"... and {len(bad.rows) - SHOWN} more like this"] if len(bad.rows) > SHOWN else []
    return "\n".join([*shown, *more, bad.remedy])


def _refuse_columns(frame: pd.DataFrame, dictionary: Dictionary) -> None:
    """Repeated, missing and nearly right column names, and a table without rows."""
    if not frame.columns.is_unique:
        name = str(frame.columns[frame.columns.duplicated()][0])
        raise dictionary.error(
            f"{dictionary.name}: column {name!r} occurs more than once. Remove one of them"
        )
    names = [str(c) for c in frame.columns]
    known = dictionary.names()
    extra = {name.strip().lower().replace(" ", "_"): name for name in names if name not in known}
    if missing := [c.name for c in dictionary.columns if c.required and c.name not in names]:
        said = [f"{name!r}{_nearest(name, extra)}" for name in missing]
        index = [n for n in frame.index.names if n in missing]
        remedy = "Use frame.reset_index()" if index else 'Rename with columns={"their name": "our name"}'
        raise dictionary.error(
            f"{dictionary.name}: no column {', '.join(said)}. {remedy}. The columns are {', '.join(names)}"
        )
    for column in dictionary.columns:  # `evalutor` beside no `evaluator` would silently merge two readers
        if column.name not in names and (near := get_close_matches(column.name, extra, 1, 0.84)):
            theirs = extra[near[0]]
            raise dictionary.error(
                f"{dictionary.name}: column {theirs!r} is not known; did you mean {column.name!r}? "
                "Rename it, or remove it"
            )
    if not len(frame):
        raise dictionary.error(
            f"{dictionary.name}: there are column names but no rows. Is the file complete?"
        )


def _nearest(name: str, extra: Mapping[str, str]) -> str:
    near = get_close_matches(name, extra, 1, 0.5) or [
        e for e in extra if e.startswith(name.split("_")[0]) or name.startswith(e)
    ]
    return f" (is it {extra[near[0]]!r}?)" if near else ""
