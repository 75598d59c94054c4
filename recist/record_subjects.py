"""Records and the subject table: new therapy dates, and a row for every subject without any response."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.errors import InputError
from recist.records import DEFAULT_CRITERIA, KEYS, NOTHING, Records, optional_days
from recist.terms import DEFAULT_EVALUATOR

Ints = npt.NDArray[np.integer[Any]]


def with_subjects(
    names: pd.DataFrame, records: Records, subjects: pd.DataFrame
) -> tuple[pd.DataFrame, Records]:
    """New therapy dates of the subject table, and a row for every subject without a response."""
    who = _texts(subjects["subject"])
    if not who.is_unique:
        twice = who[who.duplicated()][0]
        raise InputError(f"Subject {twice} has two rows in the table of subjects. Keep one.")
    known = _categories(names["subject"])
    of_category = np.arange(len(who)) if known is who else who.get_indexer(known)
    at = of_category[names["subject"].cat.codes] if len(names) else np.zeros(0, np.intp)
    therapy = records.new_therapy
    if "new_therapy_date" in subjects and len(who):
        given = optional_days(subjects["new_therapy_date"])
        therapy = np.where(at >= 0, given[at], therapy)
    changed = dict(vars(records)) | {"new_therapy": therapy}
    lone, grown = _unseen(names, who, at)
    if not lone:
        return names, Records(**changed)
    for field, value in changed.items():
        fill = {"overall": -1, "unheld": -1, "new_therapy": NOTHING}.get(field, 0)
        extra = np.full((lone, *value.shape[1:]), fill, value.dtype)
        changed[field] = np.concatenate([value, extra])
    if records.unheld is records.overall:
        changed["unheld"] = changed["overall"]
    return grown, Records(**changed)


def _texts(subject: pd.Series) -> pd.Index[Any]:
    """Identifiers as text."""
    if isinstance(subject.dtype, pd.CategoricalDtype):
        words, codes = _categories(subject), subject.cat.codes.to_numpy()
        return words if np.array_equal(codes, np.arange(len(words))) else words.take(codes)
    return pd.Index(subject.astype(str))


def _categories(column: pd.Series) -> pd.Index[Any]:
    words: pd.Index[Any] = column.cat.categories
    return words if words.inferred_type == "string" else words.astype(str)


def _unseen(names: pd.DataFrame, who: pd.Index[Any], at: Ints) -> tuple[int, pd.DataFrame]:
    """How many readings of subjects there are without a response, and the names with those at the end."""
    readings = names[["evaluator", "criteria"]].drop_duplicates()
    if readings.empty:
        readings = pd.DataFrame({"evaluator": [DEFAULT_EVALUATOR], "criteria": [DEFAULT_CRITERIA]})
    readings = readings.astype(str)
    seen = np.zeros((len(who), len(readings)), bool)
    for number, (evaluator, criteria) in enumerate(readings.itertuples(index=False, name=None)):
        of_reading = (names["evaluator"] == evaluator) & (names["criteria"] == criteria) & (at >= 0)
        seen[at[of_reading.to_numpy()], number] = True
    row, reading = np.nonzero(~seen)
    added = {"subject": who[row], **{name: pd.Index(readings[name])[reading] for name in KEYS[1:]}}
    columns = {name: _extended(names[name], added[name]) for name in KEYS} if len(row) else {}
    return len(row), pd.DataFrame(columns, copy=False)


def _extended(column: pd.Series[Any], added: pd.Index[Any]) -> pd.Categorical:
    """The column with more values at its end; new categories are put in alphabetical order."""
    known = _categories(column)
    if len(known) and (places := known.get_indexer(added)).min(initial=0) >= 0:
        return pd.Categorical.from_codes(np.concatenate([column.cat.codes, places]), known)
    every = known.union(added.unique()) if len(known) else added.unique().sort_values()
    codes = np.concatenate([every.get_indexer(known)[column.cat.codes], every.get_indexer(added)])
    return pd.Categorical.from_codes(codes, every)
