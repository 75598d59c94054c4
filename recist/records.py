"""Responses by visit as subjects x records arrays: the input of best response, and its frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.best_response_tables import BEST_RESPONSE, CONFIRMED_BEST_RESPONSE
from recist.days import as_days
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


@dataclass(frozen=True)
class RecordTable:
    """The records of all criteria, and who they belong to."""

    keys: pd.DataFrame  # subject, evaluator, criteria; one row per series
    records: Records

    def by_criteria(self) -> Iterator[tuple[str, Records]]:
        """Name of each criteria and its records, in the order of `frame`."""
        for code, label in enumerate(self.keys["criteria"].cat.categories):
            which = np.flatnonzero(self.keys["criteria"].cat.codes == code)
            if len(which) == len(self.keys):
                yield label, self.records
            elif len(which):
                yield label, Records(*(value[which] for value in vars(self.records).values()))

    def frame(self, pieces: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
        """The frame of best responses from the arrays of each criteria."""
        order = np.argsort(self.keys["criteria"].cat.codes.to_numpy(), kind="stable")
        result: dict[str, Any] = {name: self.keys[name].array[order] for name in KEYS}
        names = list(pieces[0]) if pieces else columns[len(KEYS) :]
        for name in names:
            values = np.concatenate([p[name] for p in pieces]) if pieces else np.zeros(0, np.int32)
            result[name] = _column(name, values)
        frame = pd.DataFrame({name: result[name] for name in columns}, copy=False)
        if len(self.keys["criteria"].cat.categories) > 1:
            back = np.empty(len(order), np.intp)
            back[order] = np.arange(len(order))
            frame = frame.iloc[back].reset_index(drop=True)
        return frame


def _column(name: str, values: Ints) -> Any:
    if name.endswith("_date"):
        dates = values.astype("datetime64[D]").astype("datetime64[ns]")
        dates[values == NOTHING] = np.datetime64("NaT")
        return dates
    if name.endswith("_rule"):
        table = CONFIRMED_BEST_RESPONSE if name.startswith("confirmed") else BEST_RESPONSE
        return pd.Categorical.from_codes(values, pd.Index(table.ids()))
    return pd.Categorical.from_codes(values, pd.Index(BEST))


def read_records(responses: pd.DataFrame, subjects: pd.DataFrame | None) -> RecordTable:
    """Check the responses and put them into subjects x records arrays."""
    if absent := [c for c in ("subject", "date", "overall", "start_date") if c not in responses]:
        raise InputError(
            f"The responses have no column {absent[0]!r}; best_response asks for subject, date, overall and start_date."
        )
    keys = _keys(responses)
    overall = _codes(responses["overall"])
    day = _days(responses, "date")
    series, order, names = _series(keys, day)
    if order is not None:
        overall, day = overall[order], day[order]
    records = _matrix(responses, series, order, overall, day)
    if subjects is not None:
        names, records = _with_subjects(names, records, subjects)
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


def _codes(overall: pd.Series) -> npt.NDArray[np.int8]:
    """OVERALL code of each response; spelling variants are the reader's to normalise, case is not."""
    column = overall.array if isinstance(overall.dtype, pd.CategoricalDtype) else pd.Categorical(overall)
    words = [str(word).upper() for word in column.categories]
    known = {**{term: code for code, term in enumerate(OVERALL)}, "ND": OVERALL.index("NE")}
    used = np.bincount(column.codes[column.codes >= 0], minlength=len(words)) > 0
    if unknown := [w for w, u in zip(words, used, strict=True) if u and w not in known]:
        raise InputError(f"Response {unknown[0]!r} is not one of {', '.join(OVERALL)}. Correct the spelling.")
    if (column.codes < 0).any():
        row = int(np.flatnonzero(column.codes < 0)[0])
        raise InputError(
            f"The responses lack an overall response in row {row + 2}. Drop the row or write NE."
        )
    codes: npt.NDArray[np.int8] = np.array([known.get(w, -1) for w in words], np.int8)[column.codes]
    return codes


def _days(frame: pd.DataFrame, column: str) -> npt.NDArray[np.int32]:
    dates = pd.to_datetime(frame[column]).to_numpy()
    if np.isnat(dates).any():
        row = int(np.flatnonzero(np.isnat(dates))[0])
        raise InputError(f"The responses lack a {column} in row {row + 2}. Fill it in or drop the row.")
    return as_days(dates).astype(np.int32)


def _series(keys: pd.DataFrame, day: Ints) -> tuple[Ints, Ints | None, pd.DataFrame]:
    """Series of each row, the order of the rows (None: as they lie), and the keys of each series."""
    codes = [keys[name].array.codes for name in KEYS]
    if len(day) and _in_order(codes, day):
        change = np.zeros(len(day) - 1, bool)
        for code in codes:
            change |= code[1:] != code[:-1]
        first = np.append(0, np.flatnonzero(change) + 1)
        series = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(day))))
        return series, None, keys.iloc[first].reset_index(drop=True)
    order = np.lexsort((day, *codes[::-1]))
    taken = keys.iloc[order]
    change = np.zeros(max(len(day) - 1, 0), bool)
    for name in KEYS:
        code = taken[name].array.codes
        change |= code[1:] != code[:-1]
    first = np.append(0, np.flatnonzero(change) + 1) if len(day) else np.zeros(0, np.intp)
    series = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(day)))) if len(day) else first
    return series, order, taken.iloc[first].reset_index(drop=True)


def _in_order(codes: list[Ints], day: Ints) -> bool:
    """Are the rows sorted by subject, evaluator, criteria and date already?"""
    later = day[1:] >= day[:-1]
    for code in codes[::-1]:
        later = (code[1:] > code[:-1]) | ((code[1:] == code[:-1]) & later)
    return bool(later.all())


def _matrix(responses: pd.DataFrame, series: Ints, order: Ints | None, overall: Ints, day: Ints) -> Records:
    count = np.bincount(series) if len(series) else np.zeros(0, np.intp)
    first = np.cumsum(count) - count
    width = int(count.max()) if len(count) else 0
    full = bool((count == width).all())
    rank = np.arange(len(series)) - first[series] if not full else None

    def spread(values: npt.NDArray[Any], fill: Any) -> npt.NDArray[Any]:
        if full:
            return values.reshape(len(count), width)
        out = np.full((len(count), width), fill, values.dtype)
        out[series, rank] = values
        return out

    def of_first(column: str) -> Ints:
        rows = first if order is None else order[first]
        return _days(responses.iloc[rows][[column]], column)

    held = _held(responses, order)
    therapy = np.full(len(count), NOTHING, np.int32)
    if "new_therapy_date" in responses and len(count):
        rows = first if order is None else order[first]
        therapy = optional_days(responses["new_therapy_date"].iloc[rows])
    return Records(
        overall=spread(overall, -1),
        unheld=spread(np.where(held, OVERALL.index("SD"), overall), -1)
        if held.any()
        else spread(overall, -1),
        day=spread(day, 0),
        real=spread(np.ones(len(series), bool), False),
        start=of_first("start_date") if len(count) else np.zeros(0, np.int32),
        new_therapy=therapy,
        without_targets=_without_targets(responses, order, series, overall, len(count)),
    )


def _held(responses: pd.DataFrame, order: Ints | None) -> Mask:
    if "target_rule" not in responses:
        return np.zeros(len(responses), bool)
    held = responses["target_rule"].isin(HELD).to_numpy() & (responses["overall"] == "PR").to_numpy()
    return held if order is None else held[order]


def _without_targets(
    responses: pd.DataFrame, order: Ints | None, series: Ints, overall: Ints, n_series: int
) -> Mask:
    """Series without target lesions: by `target`, or by a NON-CR/NON-PD, which such subjects alone can have."""
    if "target" in responses:
        none = (responses["target"] == "NA").to_numpy()
        none = none if order is None else none[order]
    else:
        none = overall == OVERALL.index("NON-CR/NON-PD")
    return np.bincount(series[none], minlength=n_series) > 0


def optional_days(dates: pd.Series) -> npt.NDArray[np.int32]:
    """Days since 1970 of dates that may be missing (NOTHING)."""
    values = pd.to_datetime(dates).to_numpy().astype("datetime64[D]")
    days = np.where(np.isnat(values), 0, values.view(np.int64)).astype(np.int32)
    return np.where(np.isnat(values), NOTHING, days)


def _with_subjects(
    names: pd.DataFrame, records: Records, subjects: pd.DataFrame
) -> tuple[pd.DataFrame, Records]:
    """New therapy dates of the subject table, and a row for every subject without a response."""
    who = pd.Index(subjects["subject"].astype(str))
    at = who.get_indexer(pd.Index(names["subject"].astype(str)))
    therapy = records.new_therapy
    if "new_therapy_date" in subjects and len(who):
        given = optional_days(subjects["new_therapy_date"])
        therapy = np.where(at >= 0, given[at], therapy)
    changed = dict(vars(records)) | {"new_therapy": therapy}
    readings = names[["evaluator", "criteria"]].drop_duplicates().astype(str).to_numpy().tolist()
    readings = readings or [[DEFAULT_EVALUATOR, DEFAULT_CRITERIA]]
    seen = set(names.astype(str).itertuples(index=False, name=None))
    lone = [(s, e, c) for s in who for e, c in readings if (s, e, c) not in seen]
    if not lone:
        return names, Records(**changed)
    for field, value in changed.items():
        fill = {"overall": -1, "unheld": -1, "new_therapy": NOTHING}.get(field, 0)
        extra = np.full((len(lone), *value.shape[1:]), fill, value.dtype)
        changed[field] = np.concatenate([value, extra])
    grown = pd.concat([names.astype(str), pd.DataFrame(lone, columns=KEYS)], ignore_index=True)
    return grown.astype({name: "category" for name in KEYS}), Records(**changed)
