"""Responses by visit as subjects x records arrays: the input of best response, and its frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.best_response_tables import BestTables
from recist.days import as_days, ticks_per_day
from recist.errors import InputError
from recist.terms import BEST, DEFAULT_EVALUATOR, OVERALL

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
NOTHING = np.int32(np.iinfo(np.int32).min)
KEYS = ["subject", "evaluator", "criteria"]
HELD = ("TL-PRh", "TL-S3h")  # PR that continues by convention: it confirms nothing
DEFAULT_CRITERIA = "recist_1_1"


@dataclass(frozen=True)
class Records:
    """One row per subject, evaluator and criteria; one column per record, in date order.

    Days are counted from 1970-01-01; cells past the last record have `real` False.
    """

    overall: Ints
    unheld: Ints  # with PR that merely continues taken as SD
    day: Ints
    real: Mask
    start: Ints
    new_therapy: Ints  # NOTHING where there is none
    without_targets: Mask
    not_done: Mask  # recorded as the word kept apart (ND; iUPD under iRECIST), which `overall` holds as NE


@dataclass(frozen=True)
class RecordTable:
    """The records of all criteria, and who they belong to."""

    keys: pd.DataFrame  # subject, evaluator, criteria; one row per series
    records: Records

    def by_criteria(self) -> Iterator[tuple[str, Ints, Records]]:
        """Name of each criteria, the positions of its series and their records, in the order of `frame`."""
        for code, label in enumerate(self.keys["criteria"].cat.categories):
            which = np.flatnonzero(self.keys["criteria"].cat.codes == code)
            if len(which) == len(self.keys):
                yield label, which, self.records
            elif len(which):
                yield label, which, Records(*(value[which] for value in vars(self.records).values()))

    def frame(
        self, pieces: list[dict[str, Any]], tables: list[BestTables], columns: list[str]
    ) -> pd.DataFrame:
        """The frame of best responses from the arrays and the tables of each criteria."""
        order = np.argsort(self.keys["criteria"].cat.codes.to_numpy(), kind="stable")
        result: dict[str, Any] = {name: self.keys[name].array[order] for name in KEYS}
        names = list(pieces[0]) if pieces else columns[len(KEYS) :]
        for name in names:
            result[name] = _column(name, [piece[name] for piece in pieces], tables)
        frame = pd.DataFrame({name: result[name] for name in columns}, copy=False)
        if len(self.keys["criteria"].cat.categories) > 1:
            back = np.empty(len(order), np.intp)
            back[order] = np.arange(len(order))
            frame = frame.iloc[back].reset_index(drop=True)
        return frame


def _column(name: str, pieces: list[Ints], tables: list[BestTables]) -> Any:
    if name.endswith("_rule"):
        return _rules(name.removesuffix("_rule"), pieces, tables)
    values = np.concatenate(pieces) if pieces else np.zeros(0, np.int32)
    if name.endswith("_date"):
        return as_dates(values)
    return pd.Categorical.from_codes(values, pd.Index(tables[0].terms if tables else BEST))


def _rules(name: str, pieces: list[Ints], tables: list[BestTables]) -> pd.Categorical:
    """Ids of the rows that decided; criteria may have tables of their own."""
    ids = [getattr(table, name).ids() for table in tables]
    every = pd.Index(list(dict.fromkeys(rule for table in ids for rule in table)), dtype="str")
    codes = [
        every.get_indexer(pd.Index(table)).astype(np.int16)[piece]
        for table, piece in zip(ids, pieces, strict=True)
    ]
    return pd.Categorical.from_codes(np.concatenate(codes) if codes else np.zeros(0, np.int8), every)


def as_dates(days: Ints) -> npt.NDArray[np.datetime64]:
    """Dates of days since 1970; NOTHING is a missing date."""
    nothing = days == NOTHING
    ticks = np.where(nothing, 0, days).astype(np.int64) * ticks_per_day(np.zeros(0, "datetime64[ns]"))
    ticks[nothing] = np.iinfo(np.int64).min  # what numpy calls NaT
    return ticks.view("datetime64[ns]")


@dataclass(frozen=True)
class _Rows:
    """The rows of the responses, by series and date."""

    series: Ints  # of each row
    order: Ints | None  # where each row lies in the responses; None: there
    overall: Ints
    not_done: Mask
    day: Ints

    def taken(self, column: Any) -> Any:
        """A column of the responses in the order of the rows."""
        return column if self.order is None else column[self.order]


def read_records(responses: pd.DataFrame, subjects: pd.DataFrame | None, apart: str = "ND") -> RecordTable:
    """Check the responses and put them into subjects x records arrays.

    `apart`: the one word outside OVERALL that is allowed; read as NE, and told apart by `not_done`.
    """
    if absent := [c for c in ("subject", "date", "overall", "start_date") if c not in responses]:
        raise InputError(
            f"The responses have no column {absent[0]!r}; best_response asks for subject, date, overall and start_date."
        )
    keys = _keys(responses)
    overall, not_done = _codes(responses["overall"], apart)
    day = _days(responses, "date")
    series, order, names = _series(keys, day)
    if order is not None:
        overall, not_done, day = overall[order], not_done[order], day[order]
    records = _matrix(responses, _Rows(series, order, overall, not_done, day))
    if subjects is not None:
        from recist.record_subjects import with_subjects

        names, records = with_subjects(names, records, subjects)
    return RecordTable(names, records)


def _keys(responses: pd.DataFrame) -> pd.DataFrame:
    defaults = {"evaluator": DEFAULT_EVALUATOR, "criteria": DEFAULT_CRITERIA}
    columns: dict[str, Any] = {}
    for name in KEYS:
        if name in responses:
            column = responses[name]
            columns[name] = (
                column.array
                if isinstance(column.dtype, pd.CategoricalDtype)
                else pd.Categorical(column.astype(str))
            )
        else:
            zeros = np.zeros(len(responses), np.int8)
            columns[name] = pd.Categorical.from_codes(zeros, pd.Index([defaults[name]]))
        if (columns[name].codes < 0).any():
            row = int(np.flatnonzero(columns[name].codes < 0)[0])
            raise InputError(f"The responses lack a {name} in row {row + 2}. Fill it in.")
    return pd.DataFrame(columns, copy=False)


def _codes(overall: pd.Series, apart: str) -> tuple[npt.NDArray[np.int8], Mask]:
    """OVERALL code of each response, the word kept apart as NE, and which are that word.

    Spelling variants are the reader's to normalise, case is not.
    """
    column = overall.array if isinstance(overall.dtype, pd.CategoricalDtype) else pd.Categorical(overall)
    words = [str(word).upper() for word in column.categories]
    known = {**{term: code for code, term in enumerate(OVERALL)}, apart.upper(): OVERALL.index("NE")}
    used = np.bincount(column.codes[column.codes >= 0], minlength=len(words)) > 0
    if unknown := [w for w, u in zip(words, used, strict=True) if u and w not in known]:
        raise InputError(f"Response {unknown[0]!r} is not one of {', '.join(OVERALL)}. Correct the spelling.")
    if (column.codes < 0).any():
        row = int(np.flatnonzero(column.codes < 0)[0])
        raise InputError(
            f"The responses lack an overall response in row {row + 2}. Drop the row or write NE."
        )
    codes: npt.NDArray[np.int8] = np.array([known.get(w, -1) for w in words], np.int8)[column.codes]
    not_done: Mask = np.array([w == apart.upper() for w in words], bool)[column.codes]
    return codes, not_done


def _days(frame: pd.DataFrame, column: str) -> npt.NDArray[np.int32]:
    dates = _dates(frame[column])
    if np.isnat(dates).any():
        row = int(np.flatnonzero(np.isnat(dates))[0])
        raise InputError(f"The responses lack a {column} in row {row + 2}. Fill it in or drop the row.")
    return as_days(dates).astype(np.int32)


def _series(keys: pd.DataFrame, day: Ints) -> tuple[Ints, Ints | None, pd.DataFrame]:
    """Series of each row, the order of the rows (None: as they lie), and the keys of each series."""
    if not len(day):
        return np.zeros(0, np.intp), None, keys
    codes = [keys[name].array.codes for name in KEYS if len(keys[name].cat.categories) > 1]
    order = None
    if not _in_order(codes, day):
        order = np.lexsort((day, *codes[::-1]))
        codes = [code[order] for code in codes]
    change = np.zeros(len(day) - 1, bool)
    for code in codes:
        change |= code[1:] != code[:-1]
    first = np.append(0, np.flatnonzero(change) + 1)
    series = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(day))))
    return series, order, keys.iloc[first if order is None else order[first]].reset_index(drop=True)


def _in_order(codes: list[Ints], day: Ints) -> bool:
    """Are the rows sorted by subject, evaluator, criteria and date already?"""
    later = day[1:] >= day[:-1]
    for code in codes[::-1]:
        later = (code[1:] > code[:-1]) | ((code[1:] == code[:-1]) & later)
    return bool(later.all())


def _matrix(responses: pd.DataFrame, rows: _Rows) -> Records:
    count = np.bincount(rows.series) if len(rows.series) else np.zeros(0, np.intp)
    first = np.cumsum(count) - count
    width = int(count.max()) if len(count) else 0
    full = bool((count == width).all())
    place = None if full else np.arange(len(rows.series)) + (width * rows.series - first[rows.series])

    def spread(values: npt.NDArray[Any], fill: Any) -> npt.NDArray[Any]:
        if place is None:
            return values.reshape(len(count), width)
        out = np.full(len(count) * width, fill, values.dtype)
        out[place] = values
        return out.reshape(len(count), width)

    firsts = responses.iloc[first if rows.order is None else rows.order[first]]
    therapy = np.full(len(count), NOTHING, np.int32)
    if "new_therapy_date" in responses and len(count):
        therapy = optional_days(firsts["new_therapy_date"])
    overall = spread(rows.overall, -1)
    unheld = overall
    if (held := _held(responses, rows)).any():
        unheld = spread(np.where(held, OVERALL.index("SD"), rows.overall), -1)
    return Records(
        overall=overall,
        unheld=unheld,
        day=spread(rows.day, 0),
        real=overall >= 0,
        start=_days(firsts[["start_date"]], "start_date") if len(count) else np.zeros(0, np.int32),
        new_therapy=therapy,
        without_targets=_without_targets(responses, rows, len(count)),
        not_done=spread(rows.not_done, False) if rows.not_done.any() else np.zeros(overall.shape, bool),
    )


def _held(responses: pd.DataFrame, rows: _Rows) -> Mask:
    if "target_rule" not in responses:
        return np.zeros(len(responses), bool)
    held = responses["target_rule"].isin(HELD).to_numpy() & (responses["overall"] == "PR").to_numpy()
    return np.asarray(rows.taken(held))


def _without_targets(responses: pd.DataFrame, rows: _Rows, n_series: int) -> Mask:
    """Series without target lesions: by `target`, or by a NON-CR/NON-PD, which such subjects alone can have."""
    if "target" in responses:
        none = rows.taken((responses["target"] == "NA").to_numpy())
    else:
        none = rows.overall == OVERALL.index("NON-CR/NON-PD")
    return np.bincount(rows.series[none], minlength=n_series) > 0


def optional_days(dates: pd.Series) -> npt.NDArray[np.int32]:
    """Days since 1970 of dates that may be missing (NOTHING)."""
    values = _dates(dates)
    missing = np.isnat(values)
    return np.where(
        missing, NOTHING, as_days(np.where(missing, np.datetime64(0, "D"), values)).astype(np.int32)
    )


def _dates(column: pd.Series) -> npt.NDArray[np.datetime64]:
    """The column as dates; text is read, dates are taken as they are."""
    dates: npt.NDArray[np.datetime64] = (
        column if column.dtype.kind == "M" else pd.to_datetime(column)
    ).to_numpy()
    return dates
