"""Values of one column brought to one dtype: identifiers, words, dates, numbers and flags.

Each function returns what to put in the column's place, or None when it is right already, or the rows that
cannot be read, with the fact and the remedy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.spellings import FLAG, MISSING, plain

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})([T ]\d{2}(:\d{2}){0,2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?")
_PARTIAL = re.compile(r"\d{4}(-(\d{2}|-|UNK?))?(-(-|UNK?))?(T.*)?", re.IGNORECASE)
_DAY_NS = 86_400_000_000_000
_FIRST, _LAST = np.datetime64("1900-01-01", "s"), np.datetime64("2101-01-01", "s")
_MISSING_AS_WRITTEN = frozenset(w for m in MISSING for w in (m, m.upper(), m.capitalize())) | {"NaN", "NaT"}


@dataclass(frozen=True)
class Change:
    """New values for a column."""

    values: Any


@dataclass(frozen=True)
class BadValue:
    """Rows whose value cannot be read: the fact about them, and what the user can do."""

    rows: npt.NDArray[np.intp]
    fact: str
    remedy: str


Found = Change | BadValue | None
Reader = Callable[[str], Any]  # one distinct text -> its value, or Unreadable


class Unreadable(ValueError):
    """A text that has no value; the fact and the remedy."""

    def __init__(self, fact: str, remedy: str) -> None:
        super().__init__(fact)
        self.fact, self.remedy = fact, remedy


def as_text(value: Any) -> str:
    """A value as a person would write it: 3.0 as `3`, a date without its midnight."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).removesuffix(" 00:00:00")


def column_of_kind(
    column: pd.Series[Any], kind: str, terms: Sequence[str], spellings: Mapping[str, str]
) -> Found:
    """The column conformed to its kind (see `Column`)."""
    if kind == "date":
        return _dates(column)
    if kind in ("number", "signed number"):
        return _numbers(column, 0.0 if kind == "number" else -np.inf)
    if kind in ("flag", "yes/no"):
        return _flags(column, kind)
    if kind == "term":
        dtype = pd.CategoricalDtype(list(terms))
        return (
            None if column.dtype == dtype and _same_order(column, terms) else _terms(column, dtype, spellings)
        )
    case = {"upper": str.upper, "lower": str.lower}.get(kind, str)
    return _words(column, (lambda t: spellings.get(plain(t), case(t))) if spellings else case)


def _same_order(column: pd.Series[Any], terms: Sequence[str]) -> bool:
    return tuple(column.cat.categories) == tuple(terms)


def categories(column: pd.Series[Any]) -> tuple[npt.NDArray[Any], list[str | None]]:
    """Codes and, for each code, the trimmed text it stands for (None: nothing was given)."""
    found = column.array if isinstance(column.dtype, pd.CategoricalDtype) else pd.Categorical(column)
    texts = [as_text(value).strip() for value in found.categories]
    return np.asarray(found.codes), [None if t in _MISSING_AS_WRITTEN else t for t in texts]


def _read(column: pd.Series[Any], read: Reader) -> tuple[npt.NDArray[Any], list[Any]] | BadValue:
    """Codes and the value of each distinct text, or the rows of the first kind of text that has none."""
    codes, texts = categories(column)
    values: list[Any] = []
    bad: dict[str, tuple[list[int], str]] = {}
    for code, text in enumerate(texts):
        try:
            values.append(None if text is None else read(text))
        except Unreadable as problem:
            values.append(None)
            bad.setdefault(problem.fact, ([], problem.remedy))[0].append(code)
    for fact, (found, remedy) in bad.items():
        if len(rows := np.flatnonzero(np.isin(codes, found))):  # unused categories harm nobody
            return BadValue(rows, fact, remedy)
    return codes, values


def _recode(codes: npt.NDArray[Any], values: list[Any], dtype: pd.CategoricalDtype | None) -> Change:
    words = list(dtype.categories) if dtype else list(dict.fromkeys(v for v in values if v is not None))
    position = {word: n for n, word in enumerate(words)}
    table = np.array([-1 if v is None else position[v] for v in values] + [-1], np.int32)
    dtype = dtype or pd.CategoricalDtype(pd.Index(words, dtype=object if not words else None))
    return Change(pd.Categorical.from_codes(table[codes], dtype=dtype))


def _words(column: pd.Series[Any], read: Callable[[str], str]) -> Found:
    if isinstance(column.dtype, pd.CategoricalDtype):
        given = column.cat.categories
        if not len(given) or (given.inferred_type == "string" and _clean(given, read)):
            return None
    codes, texts = categories(column)
    return _recode(codes, [None if t is None else read(t) for t in texts], None)


def _clean(given: pd.Index[Any], read: Callable[[str], str]) -> bool:
    """Nothing to trim or to take for missing; a million subjects are as many categories, hence no loop."""
    words = given.tolist()
    return _MISSING_AS_WRITTEN.isdisjoint(words) and list(map(read, map(str.strip, words))) == words


def _terms(column: pd.Series[Any], dtype: pd.CategoricalDtype, spellings: Mapping[str, str]) -> Found:
    known = list(dtype.categories)

    def read(text: str) -> str:
        if (word := spellings.get(plain(text))) is not None:
            return word
        near = get_close_matches(plain(text), spellings, 1, 0.6)
        hint = f"; did you mean {spellings[near[0]]!r}?" if near else ""
        raise Unreadable(f"is not a known word{hint}", f"Use one of: {', '.join(known)}.")

    found = _read(column, read)
    return found if isinstance(found, BadValue) else _recode(*found, dtype)


def read_day(text: str) -> np.datetime64:
    """The day of an ISO date or date-time; Unreadable for anything else, a date without a day included."""
    if match := _DAY.fullmatch(text):
        try:
            day = date(*(int(part) for part in match.groups()[:3]))
        except ValueError:
            raise Unreadable("is no day of the calendar", "Correct the date.") from None
        if _FIRST <= np.datetime64(day) < _LAST:
            return np.datetime64(day, "ns")
        raise Unreadable("is not between the years 1900 and 2100", "Correct the year.")
    if _PARTIAL.fullmatch(text):
        raise Unreadable(
            "is a date without a day",
            "Ask the site for the day, or leave the row out: a day is never guessed.",
        )
    raise Unreadable("is not a date of the form 2024-03-15", "Write year-month-day.")


def _dates(column: pd.Series[Any]) -> Found:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return Change(column.dt.tz_localize(None).dt.normalize().array)
    if column.dtype.kind == "M":
        return _days(column)
    if pd.api.types.is_numeric_dtype(column.dtype):
        rows = np.flatnonzero(column.notna())
        if len(rows):
            return BadValue(rows, "is a number, not a date", "Write dates as 2024-03-15.")
        return Change(np.full(len(column), "NaT", "datetime64[ns]"))
    found = _read(column, read_day)
    if isinstance(found, BadValue):
        return found
    nat = np.datetime64("NaT", "ns")
    table = np.array([nat if day is None else day for day in found[1]] + [nat], "datetime64[ns]")
    return Change(table[found[0]])


def _days(column: pd.Series[Any]) -> Found:
    """Dates that are typed already: within bounds, without time of day, in nanoseconds."""
    given = column.to_numpy()
    if given.dtype == "datetime64[ns]" and _are_days(given):
        return None
    known = ~np.isnat(given)
    if len(rows := np.flatnonzero(known & ((given < _FIRST) | (given >= _LAST)))):
        return BadValue(rows, "is not between the years 1900 and 2100", "Correct the year.")
    days = given.astype("datetime64[ns]", copy=False)
    off = days.view(np.int64) % _DAY_NS != 0
    if (off & known).any():
        days = days.astype("datetime64[D]").astype("datetime64[ns]")
    return None if days is given else Change(days)


def _are_days(given: npt.NDArray[Any]) -> bool:
    """Nothing to change: all dates known, within bounds, at midnight (looked at in pieces that fit the cache)."""
    ticks, piece = given.view(np.int64), 1 << 16
    first, last = (int(bound.astype("datetime64[ns]").astype(np.int64)) for bound in (_FIRST, _LAST))
    for begin in range(0, len(ticks), piece):
        part = ticks[begin : begin + piece]
        whole = part // _DAY_NS
        if part.min() < first or part.max() >= last or not np.array_equal(whole * _DAY_NS, part):
            return False
    return True


def read_number(text: str) -> float:
    """A finite number; Unreadable, with what to do, for units, signs of comparison and decimal commas."""
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        raise Unreadable("has a decimal comma", f"Write it with a point: {text.replace(',', '.')}.")
    if re.fullmatch(r"[<>≤≥]=?\s*\d+(\.\d+)?", text):
        raise Unreadable(
            "is a limit, not a number", "A lesion too small to measure gets state 'too small' and no number."
        )
    if match := re.fullmatch(r"([+-]?\d+(?:\.\d+)?)\s*(mm|cm)", text, re.IGNORECASE):
        size = Decimal(match[1]) * (10 if match[2].lower() == "cm" else 1)
        raise Unreadable("carries its unit", f"Write the number of millimetres alone ({size:f}).")
    try:
        value = float(text)
    except ValueError:
        raise Unreadable(
            "is not a number",
            "Write the number alone; what a lesion is instead of measured goes into `state`.",
        ) from None
    if not np.isfinite(value):
        raise Unreadable("is not a finite number", "Correct it, or leave it empty.")
    return value


def _numbers(column: pd.Series[Any], least: float) -> Found:
    if column.dtype == np.float64 or (
        pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)
    ):
        values = (
            column.to_numpy(np.float64, na_value=np.nan) if column.dtype != np.float64 else column.to_numpy()
        )
        return _check_range(values, least, None if column.dtype == np.float64 else Change(values))
    found = _read(column, read_number)
    if isinstance(found, BadValue):
        return found
    table = np.array([np.nan if number is None else number for number in found[1]] + [np.nan])
    values = table[found[0]]
    return _check_range(values, least, Change(values))


def _check_range(values: npt.NDArray[np.float64], least: float, otherwise: Found) -> Found:
    if len(rows := np.flatnonzero(values < least)):
        return BadValue(rows, "is negative", "A size is 0 or more; leave it empty when it is not known.")
    if len(rows := np.flatnonzero(np.isinf(values))):
        return BadValue(rows, "is not a finite number", "Correct it, or leave it empty.")
    return otherwise


def _flags(column: pd.Series[Any], kind: str) -> Found:
    if column.dtype == bool or column.dtype == "boolean":
        right = column.dtype == (bool if kind == "flag" else "boolean")
        return None if right else Change(_typed(column.astype("boolean"), kind))

    def read(text: str) -> bool:
        if (value := FLAG.get(plain(text))) is None:
            raise Unreadable("is neither yes nor no", "Write Y or N (or true, false, 1, 0).")
        return value

    found = _read(column, read)
    if isinstance(found, BadValue):
        return found
    codes, values = found
    truth = np.array([bool(v) for v in values] + [False])[codes]
    missing = np.array([v is None for v in values] + [True])[codes]
    return Change(_typed(pd.array(truth, "boolean"), kind, missing))


def _typed(values: Any, kind: str, missing: Any = None) -> Any:
    """A yes/no keeps what is missing; a flag that is missing is not set."""
    given = pd.array(values, "boolean")
    if missing is not None:
        given[missing] = pd.NA
    return given.fillna(False).to_numpy(bool) if kind == "flag" else given
