"""The lesion table put in order: series (one subject, one evaluator), visits by date, rows of a visit together.

Sorted input is noticed and not sorted again; a large table is handed out in blocks of whole series, so that
the arrays of the work stay small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
BLOCK_ROWS = 1 << 18


@dataclass(frozen=True)
class Layout:
    """Where each visit and each series begins.

    order         row numbers in working order; None when the rows lie in it already
    visit_start   first row of each visit, plus the end          (visits + 1)
    series_start  first visit of each series, plus the end       (series + 1)
    subject, evaluator  codes per series;  visit  code per visit
    """

    order: Ints | None
    visit_start: Ints
    series_start: Ints
    subject: Ints
    evaluator: Ints
    visit: Ints

    def blocks(self) -> Iterator[tuple[int, int]]:
        """Series numbers from-to, about BLOCK_ROWS lesion rows at a time."""
        first_row = self.visit_start[self.series_start]
        first, last = 0, len(self.subject)
        while first < last:
            upto = int(np.searchsorted(first_row, first_row[first] + BLOCK_ROWS, "right")) - 1
            upto = min(max(upto, first + 1), last)
            yield first, upto
            first = upto


def lay_out(lesions: pd.DataFrame) -> Layout:
    """Order of the rows of a conformed lesion table: subject, evaluator, visit by earliest date."""
    key = _Key.of(lesions)
    layout = _as_it_lies(key)
    if layout is not None:
        return layout
    order = _sorted_order(key)
    sorted_layout = _as_it_lies(key.take(order))
    assert sorted_layout is not None, "rows in working order must be recognised as such"
    return Layout(order, *list(vars(sorted_layout).values())[1:])


@dataclass(frozen=True)
class _Key:
    subject: Ints
    evaluator: Ints
    visit: Ints
    day: Ints

    @classmethod
    def of(cls, lesions: pd.DataFrame) -> _Key:
        subject, evaluator, visit = (
            np.asarray(lesions[column].array.codes) for column in ("subject", "evaluator", "visit")
        )
        return cls(subject, evaluator, visit, lesions["date"].to_numpy().view(np.int64))

    def take(self, order: Ints) -> _Key:
        return _Key(self.subject[order], self.evaluator[order], self.visit[order], self.day[order])


def _as_it_lies(key: _Key) -> Layout | None:
    """The layout, if rows of a visit and visits of a series lie together and in order; else None."""
    if not len(key.subject):
        nothing = np.zeros(0, np.intp)
        return Layout(None, np.zeros(1, np.intp), np.zeros(1, np.intp), nothing, nothing, nothing)
    new_series = (key.subject[1:] != key.subject[:-1]) | (key.evaluator[1:] != key.evaluator[:-1])
    new_visit = new_series | (key.visit[1:] != key.visit[:-1])
    start = np.concatenate([[0], np.flatnonzero(new_visit) + 1])
    begins = np.concatenate([[True], new_series[start[1:] - 1]])
    subject, evaluator = key.subject[start[begins]], key.evaluator[start[begins]]
    if not _rising(subject, evaluator):
        return None
    day, visit = np.minimum.reduceat(key.day, start), key.visit[start]
    later = ~begins[1:]
    in_order = (day[1:] > day[:-1]) | ((day[1:] == day[:-1]) & (visit[1:] > visit[:-1]))
    if not in_order[later].all() or _revisited(visit, np.flatnonzero(begins), later):
        return None
    return Layout(
        None,
        np.append(start, len(key.subject)),
        np.append(np.flatnonzero(begins), len(start)),
        subject,
        evaluator,
        visit,
    )


def _rising(subject: Ints, evaluator: Ints) -> bool:
    same = subject[1:] == subject[:-1]
    return bool(((subject[1:] > subject[:-1]) | (same & (evaluator[1:] > evaluator[:-1]))).all())


def _revisited(visit: Ints, series_start: Ints, later: Mask) -> bool:
    """Does a visit label occur twice, apart, in one series?"""
    if (visit[1:][later] > visit[:-1][later]).all():
        return False
    series = np.repeat(np.arange(len(series_start)), np.diff(np.append(series_start, len(visit))))
    label = np.sort(series * (int(visit.max()) + 1) + visit)
    return bool((label[1:] == label[:-1]).any())


def _sorted_order(key: _Key) -> Ints:
    """Row order by subject, evaluator, date of the visit, visit; rows of a visit keep their order."""
    labels = int(key.visit.max()) + 1
    series = key.subject.astype(np.int64) * (int(key.evaluator.max()) + 1) + key.evaluator
    number, visit_of_row = np.unique(series * labels + key.visit, return_inverse=True)
    day = np.full(len(number), np.iinfo(np.int64).max)
    np.minimum.at(day, visit_of_row, key.day)
    rank = np.empty(len(number), np.int64)
    rank[np.lexsort((number % labels, day, number // labels))] = np.arange(len(number))
    return np.argsort(rank[visit_of_row], kind="stable")
