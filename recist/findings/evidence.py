"""What the findings look at: the lesion table as integer keys and masks, each computed once, on demand.

A series is one subject read by one evaluator, a slot one visit of a series, a trail one lesion of a series.
Every array has one element per row of the lesion table unless its sentence says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.criteria import Criteria
from recist.errors import SubjectError
from recist.measurability import measurability
from recist.organs import organ_key

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Evidence:
    """A conformed lesion table, the criteria, and the subject and visit tables where they were given."""

    lesions: pd.DataFrame
    criteria: Criteria
    subjects: pd.DataFrame | None = None
    visits: pd.DataFrame | None = None

    def has(self, column: str) -> bool:
        """Whether the lesion table has the column."""
        return column in self.lesions

    def codes(self, column: str) -> Ints:
        """Category codes of a column of words; -1 where blank or where there is no such column."""
        if not self.has(column):
            return np.full(len(self.lesions), -1, np.int64)
        return np.asarray(self.lesions[column].array.codes, np.int64)

    def words(self, column: str) -> list[str]:
        """The distinct words of a column."""
        return [str(word) for word in self.lesions[column].cat.categories] if self.has(column) else []

    def text(self, column: str, at: Ints) -> list[str]:
        """The words of a column at some rows; empty where blank."""
        words = np.array([*self.words(column), ""], dtype=object)
        return list(words[self.codes(column)[at]])

    def by_word(self, column: str, holds: Any) -> Mask:
        """Where a column of words holds something, asked once per distinct word; blank is no."""
        hit = np.array([bool(holds(word)) for word in self.words(column)] + [False])
        return np.asarray(hit[self.codes(column)])

    def role(self, *roles: str) -> Mask:
        """Rows of these roles."""
        return self.by_word("role", lambda word: word in roles)

    def state(self, *states: str) -> Mask:
        """Rows in these states."""
        return self.by_word("state", lambda word: word in states)

    @cached_property
    def target(self) -> Mask:
        """Rows of target lesions."""
        return self.role("target")

    @cached_property
    def non_target(self) -> Mask:
        """Rows of non-target lesions."""
        return self.role("non-target")

    @cached_property
    def new(self) -> Mask:
        """Rows of new lesions of any kind."""
        return self.by_word("role", lambda word: word.startswith("new"))

    @cached_property
    def baseline(self) -> Mask:
        """Baseline rows."""
        return self.lesions["baseline"].to_numpy(bool)

    @cached_property
    def node(self) -> Mask:
        """Rows of lymph nodes."""
        return self.lesions["node"].to_numpy(bool)

    @cached_property
    def diameter(self) -> Floats:
        """Longest diameter (short axis of a node), mm."""
        return self.lesions["diameter_mm"].to_numpy(float)

    @cached_property
    def size(self) -> Floats:
        """What the criteria sum: the diameter, or the diameter of the viable part, mm."""
        measure = self.criteria.measure
        return self.lesions[measure].to_numpy(float) if self.has(measure) else self.diameter

    @cached_property
    def sized(self) -> Mask:
        """Rows with a size of either kind."""
        return ~np.isnan(self.size) | ~np.isnan(self.diameter)

    @cached_property
    def day(self) -> Ints:
        """Date as whole days since 1970."""
        return self.lesions["date"].to_numpy().astype("datetime64[D]").astype(np.int64)

    @cached_property
    def series(self) -> Ints:
        """Number of the series."""
        key = self.codes("subject") * max(len(self.words("evaluator")), 1) + self.codes("evaluator")
        return compact(key)

    @cached_property
    def slot(self) -> Ints:
        """Number of the visit within its series, over all series."""
        return compact(self.series * max(len(self.words("visit")), 1) + self.codes("visit"))

    @cached_property
    def trail(self) -> Ints:
        """Number of the lesion within its series, over all series."""
        return compact(self.series * max(len(self.words("lesion")), 1) + self.codes("lesion"))

    @cached_property
    def first_same(self) -> Ints:
        """Position of the first row of the same lesion at the same visit."""
        key = self.slot * (self.trail.max(initial=0) + 1) + self.trail
        number = compact(key)  # in order of appearance: the first of each is where the maximum rises
        first: Ints = np.flatnonzero(np.diff(np.maximum.accumulate(number), prepend=-1)).astype(np.int64)
        return np.asarray(first[number])

    @cached_property
    def organ(self) -> pd.Series:
        """The organ that each row counts for; missing where not recorded."""
        return organ_key(self.lesions["organ"], self.node)

    @cached_property
    def organ_code(self) -> Ints:
        """Number of that organ; -1 where not recorded."""
        return np.asarray(self.organ.cat.codes, np.int64)

    @cached_property
    def slots(self) -> pd.DataFrame:
        """One row per slot: its first row, series, visit code, first and last day, and what it holds."""
        frame = pd.DataFrame(
            {"slot": self.slot, "at": np.arange(len(self.lesions)), "series": self.series}
            | {"visit": self.codes("visit"), "first": self.day, "last": self.day, "baseline": self.baseline}
            | {"target": self.target, "non_target": self.non_target, "old": ~self.new}
        )
        by = frame.groupby("slot", sort=True)
        head = by[["at", "series", "visit", "first"]].min()
        return head.join(by[["last"]].max()).join(by[["baseline", "target", "non_target", "old"]].any())

    @cached_property
    def order(self) -> Ints:
        """Row positions by trail, baseline first, then in the order of the visits."""
        visit_day = self.slots["first"].to_numpy()[self.slot]
        return np.lexsort((self.slot, visit_day, ~self.baseline, self.trail))

    @cached_property
    def previous(self) -> Ints:
        """Position of the same lesion's row before this one; -1 for the first."""
        return self._neighbour(self.order)

    @cached_property
    def following(self) -> Ints:
        """Position of the same lesion's row after this one; -1 for the last."""
        return self._neighbour(self.order[::-1])

    def _neighbour(self, order: Ints) -> Ints:
        found = np.full(len(order), -1, np.int64)
        same = self.trail[order[1:]] == self.trail[order[:-1]]
        found[order[1:]] = np.where(same, order[:-1], -1)
        return found

    def in_group(self, group: Ints, rows: Mask) -> Mask:
        """Whether any of the given rows lies in the group of each row."""
        hit = np.zeros(int(group.max(initial=-1)) + 1, bool)
        hit[group[rows]] = True
        return np.asarray(hit[group])

    def before(self, rows: Mask) -> Mask:
        """Whether one of the given rows comes before each row in its trail."""
        ordered = rows[self.order]
        total: Ints = np.cumsum(ordered) - ordered
        trail = self.trail[self.order]
        start = np.flatnonzero(np.diff(trail, prepend=-1))
        base: Ints = np.repeat(total[start], np.diff(start, append=len(trail)))
        found = np.zeros(len(rows), bool)
        found[self.order] = total > base
        return found

    def subject_day(self, *columns: str) -> Floats:
        """Day of the first of these dates that the subject table has; missing otherwise."""
        day = np.full(len(self.lesions), np.nan)
        if self.subjects is None:
            return day
        for column in (name for name in columns if name in self.subjects):
            day = np.where(np.isnan(day), self._dates_of(column)[self.codes("subject")], day)
        return day

    def _dates_of(self, column: str) -> Floats:
        assert self.subjects is not None
        try:
            dates = pd.to_datetime(self.subjects[column])
        except (ValueError, TypeError) as problem:
            raise SubjectError(
                f"Subject table, column {column}: {problem}. Write dates as 2024-03-15."
            ) from None
        known = pd.Series(dates.to_numpy(), index=self.subjects["subject"].astype(str)).dropna()
        known = known[~known.index.duplicated()].reindex(pd.Index(self.words("subject"), dtype=object))
        days = known.to_numpy().astype("datetime64[D]")
        return np.append(np.where(np.isnat(days), np.nan, days.astype(np.int64)), np.nan)

    @cached_property
    def measurable(self) -> pd.DataFrame:
        """Rule of the measurability table for each target and non-target row at baseline, by position."""
        rows = self.lesions[self.baseline & (self.target | self.non_target)]
        return measurability(rows, self.criteria)

    def by_rule(self, *rules: str) -> Mask:
        """Baseline rows that one of these rules of the measurability table decided."""
        found = np.zeros(len(self.lesions), bool)
        found[self.measurable.index[self.measurable["measurability_rule"].isin(rules)]] = True
        return found

    def listed(self, group: Ints, rows: Mask, wanted: Ints) -> list[str]:
        """For each wanted group its lesions, in order of appearance: `T01, T02`."""
        at = np.flatnonzero(rows & np.isin(group, wanted))
        named = pd.DataFrame({"group": group[at], "lesion": self.text("lesion", at)}).drop_duplicates()
        joined = named.groupby("group")["lesion"].agg(", ".join)
        return [str(text) for text in joined.reindex(wanted).to_numpy()]


def first_of(group: Ints, rows: Mask) -> Ints:
    """Position of the first of the given rows in every group that has one."""
    at = np.flatnonzero(rows)
    return np.sort(at[np.unique(group[at], return_index=True)[1]])


def compact(key: Ints) -> Ints:
    """Keys as 0, 1, 2 ... in order of appearance."""
    return np.asarray(pd.factorize(key)[0], np.int64)


def mm(sizes: Floats | Sequence[float]) -> list[str]:
    """Lengths as a person writes them: `12 mm`, `9.5 mm`."""
    return [f"{size:.10g} mm" for size in sizes]


def days(numbers: Any) -> list[str]:
    """Days since 1970 as dates."""
    return [str(day) for day in np.asarray(numbers, np.int64).astype("datetime64[D]")]
