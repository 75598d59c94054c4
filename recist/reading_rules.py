"""Which of several readings of a visit counts: one function per rule, over visits x readers.

Two readers and an adjudicator: FDA, Clinical Trial Imaging Endpoint Process Standards (2018), section on
central image interpretation.  Two readers are discordant in a subject by best response, date of response or
date of progression: Discordance Between BICR Readers, Applied Clinical Trials, November 2010.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.errors import InputError
from recist.terms import OVERALL

Ints = npt.NDArray[np.integer[Any]]
KEYS = ["subject", "criteria", "visit"]
WORST_FIRST = ("PD", "SD", "NON-CR/NON-PD", "PR", "CR", "NED", "NE")
BEST_FIRST = ("CR", "NED", "PR", "NON-CR/NON-PD", "SD", "PD", "NE")
FIRST, SECOND, ADJUDICATOR = 0, 1, 2  # columns of `Readings.row_of`


@dataclass(frozen=True)
class Readings:
    """Every visit of every subject, and the row of each reader there.

    `row_of` has a row per visit and a column per reader: position in `rows`, -1 where that reader has none.
    """

    rows: pd.DataFrame
    visits: pd.DataFrame  # KEYS, one row per visit
    row_of: Ints
    names: tuple[str, ...]  # evaluators, in the order of the columns

    @property
    def overall(self) -> Ints:
        """Code of each reader's response, -1 where there is no reading."""
        codes = pd.Categorical(self.rows["overall"], list(OVERALL)).codes
        return np.where(self.row_of >= 0, codes[self.row_of], -1)

    def place(self, visit: int) -> str:
        """A visit in words."""
        row = self.visits.iloc[visit]
        return f"{row['subject']}, {row['visit']}"


@dataclass(frozen=True)
class Choice:
    """The column of `Readings.row_of` that counts at each visit, and why."""

    reader: Ints
    why: npt.NDArray[np.str_]


def _always(reader: int) -> Callable[[Readings], Choice]:
    def choose(readings: Readings) -> Choice:
        if reader >= len(readings.names):
            raise InputError(
                "There is no adjudicator among the readers. Name one: Readers(..., adjudicator=...)."
            )
        size = len(readings.visits)
        return Choice(np.full(size, reader), np.full(size, f"always {readings.names[reader]}"))

    return choose


def _if_discordant(readings: Readings) -> Choice:
    """Reader 1 in subjects in whom the two agree on best response and its dates; else the adjudicator."""
    from recist.best_response import best_response

    best = best_response(readings.rows)
    compared = ["best_response", "response_date", "progression_date"]
    of = [
        best[(best["evaluator"] == name).to_numpy()][["subject", "criteria", *compared]]
        for name in readings.names[:ADJUDICATOR]
    ]
    both = of[0].merge(of[1], "outer", ["subject", "criteria"], suffixes=("_1", "_2"))
    differ = np.zeros(len(both), bool)
    for name in compared:
        one, two = (both[f"{name}_{n}"].astype("string").fillna("") for n in (1, 2))
        differ |= (one != two).to_numpy(bool)
    named = both.loc[differ, ["subject", "criteria"]].astype("string").assign(differ=True)
    found = readings.visits[["subject", "criteria"]].astype("string").merge(named, "left")
    return _adjudicated(readings, found["differ"].notna().to_numpy())


def _if_visit_discordant(readings: Readings) -> Choice:
    """Reader 1 at visits at which the two gave the same response; else the adjudicator."""
    overall = readings.overall
    return _adjudicated(readings, overall[:, FIRST] != overall[:, SECOND])


def _adjudicated(readings: Readings, differ: npt.NDArray[np.bool_]) -> Choice:
    if differ.any() and len(readings.names) <= ADJUDICATOR:
        where = readings.place(int(np.flatnonzero(differ)[0]))
        raise InputError(
            f"{where}: the readers differ, and no adjudicator is named. Name one, or choose another rule."
        )
    if differ.any():
        unread = set(np.flatnonzero(differ)) - set(np.flatnonzero(_has_any(readings, ADJUDICATOR)))
        if unread:
            where = readings.place(int(min(unread)))
            who = readings.names[ADJUDICATOR]
            raise InputError(
                f"{where}: the readers differ, and {who} has not read this subject. Wait for that reading, "
                "or name the accepted one in the table of adjudications."
            )
    reader = np.where(differ, ADJUDICATOR, FIRST)
    return Choice(reader, np.where(differ, "adjudicator", "readers agree"))


def _has_any(readings: Readings, reader: int) -> npt.NDArray[np.bool_]:
    """Whether that reader has any reading of the subject of each visit."""
    read = pd.Series(readings.row_of[:, reader] >= 0)
    subject = [readings.visits[name].astype("string") for name in ("subject", "criteria")]
    any_read: npt.NDArray[np.bool_] = read.groupby(subject).transform("any").to_numpy(bool)
    return any_read


def _majority(readings: Readings) -> Choice:
    """The response that more than half of those who read the visit gave; without one, the adjudicator's."""
    overall = readings.overall
    same = (overall[:, :, None] == overall[:, None, :]) & (overall >= 0)[:, :, None]
    votes = same.sum(axis=2)
    enough = votes * 2 > (overall >= 0).sum(axis=1)[:, None]
    has = enough.any(axis=1)
    open_ = ~has & (readings.row_of[:, ADJUDICATOR:] < 0).all(axis=1)
    if open_.any():
        where = readings.place(int(np.flatnonzero(open_)[0]))
        raise InputError(f"{where}: no majority, and no adjudicator has read it. Choose another rule.")
    reader = np.where(has, enough.argmax(axis=1), ADJUDICATOR)
    return Choice(reader, np.where(has, "majority", "adjudicator"))


def _by_order(order: tuple[str, ...], why: str) -> Callable[[Readings], Choice]:
    def choose(readings: Readings) -> Choice:
        rank = np.array([*(order.index(word) for word in OVERALL), len(order)])[readings.overall]
        return Choice(rank.argmin(axis=1), np.full(len(rank), why))

    return choose


def _earliest_progression(readings: Readings) -> Choice:
    """The whole reading of whoever saw progression first; reader 1 where none did."""
    rows = readings.rows
    date = pd.DatetimeIndex(rows["date"].where(rows["overall"].eq("PD").to_numpy(bool)))
    days = np.where(
        readings.row_of >= 0, date.to_numpy("datetime64[D]")[readings.row_of], np.datetime64("NaT")
    )
    never = np.iinfo(np.int64).max
    number = np.where(np.isnat(days), never, days.astype("datetime64[D]").astype(np.int64))
    keys = [readings.visits[name].astype("string") for name in ("subject", "criteria")]
    first = pd.DataFrame(number).groupby(keys).transform("min").to_numpy()
    return Choice(first.argmin(axis=1), np.full(len(first), "earliest progression"))


RULES: dict[str, tuple[str, Callable[[Readings], Choice]]] = {  # name -> what it does
    "reader_1": ("the first reader's reading", _always(FIRST)),
    "reader_2": ("the second reader's reading", _always(SECOND)),
    "adjudicator": ("the adjudicator's reading", _always(ADJUDICATOR)),
    "adjudicator_if_discordant": (
        "the adjudicator's in subjects in whom the readers differ in best response, its first date or the "
        "date of progression; else reader 1's",
        _if_discordant,
    ),
    "adjudicator_if_visit_discordant": (
        "the adjudicator's at visits at which the readers differ; else reader 1's",
        _if_visit_discordant,
    ),
    "majority": (
        "at each visit the response of more than half of the readers; without one the adjudicator's",
        _majority,
    ),
    "worst": ("at each visit the worst response", _by_order(WORST_FIRST, "worst")),
    "best": ("at each visit the best response", _by_order(BEST_FIRST, "best")),
    "earliest_progression": (
        "the reading that has progression first; reader 1's without any",
        _earliest_progression,
    ),
}
