"""What each row of the lesion table says, in codes: the rows of one block of series, in working order."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.baseline import NON_TARGET, TARGET, LesionLookup
from recist.criteria.base import Criteria
from recist.days import ticks_per_day
from recist.errors import LesionError
from recist.layout import Layout
from recist.measure import sizes
from recist.sums import Hundredths, hundredths, limit
from recist.terms import BASELINE_PET, RECORDED_NEW, STATE

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
NEVER = np.int64(np.iinfo(np.int64).max)

# What a state means for the value of a target lesion (RECIST 1.1 sections 4.3.2 and 4.4.2).
BY_SIZE, ZERO, TOO_SMALL, MISSING = range(4)
_OF_TARGET = {
    "absent": ZERO,
    "merged": ZERO,
    "too small": TOO_SMALL,
    "not evaluable": MISSING,
    "not done": MISSING,
}
# What it means for a non-target lesion (section 4.3.3); BY_SIZE: a node below the normal limit is absent.
_OF_NON_TARGET = {"absent": ZERO, "merged": ZERO, "not evaluable": MISSING, "not done": MISSING}
_OF_NEW = {
    "unequivocal": "unequivocal",
    "equivocal": "equivocal",
    "absent": "absent",
    "not new": "not new",
    "not evaluable": "not evaluated",
    "not done": "not evaluated",
}
_NO_PET = {"not done": "none", "none": "none"}


def _lookup(words: dict[str, int], default: int) -> npt.NDArray[np.int8]:
    """State code -> meaning; the last cell serves the code -1, a blank state."""
    return np.array([words.get(state, default) for state in STATE] + [default], np.int8)


TARGET_MEANING = _lookup(_OF_TARGET, BY_SIZE)
NON_TARGET_MEANING = _lookup(_OF_NON_TARGET, BY_SIZE)
NEW_MEANING = _lookup({s: RECORDED_NEW.index(w) for s, w in _OF_NEW.items()}, RECORDED_NEW.index("blank"))
PRESENT = np.array([s in ("present", "increased", "unequivocal progression") for s in STATE] + [False])
PROGRESSED = STATE.index("unequivocal progression")
NOT_DONE = STATE.index("not done")


class LesionArrays:
    """The columns of a conformed lesion table as arrays; a block is a slice, or a selection, of them."""

    def __init__(self, lesions: pd.DataFrame, layout: Layout, criteria: Criteria) -> None:
        if criteria.measure not in lesions:
            raise LesionError(
                f"{criteria.title} sums {criteria.measure!r}; the lesion table has no such column."
            )
        self._lesions, self._layout = lesions, layout
        self._size = sizes(lesions, criteria.measure)
        self.too_small = limit(criteria.tstm_mm)
        self.ticks_per_day = ticks_per_day(lesions["date"].to_numpy())
        self.labels = max(len(lesions["lesion"].cat.categories), 1)
        self.any_parent = "parent" in lesions and bool((lesions["parent"].array.codes >= 0).any())

    def codes(self, column: str, rows: slice) -> Ints:
        return self._take(np.asarray(self._lesions[column].array.codes), rows)

    def values(self, column: str, rows: slice) -> npt.NDArray[Any]:
        return self._take(self._lesions[column].to_numpy(), rows)

    def _take(self, column: npt.NDArray[Any], rows: slice) -> npt.NDArray[Any]:
        return column[rows] if self._layout.order is None else column[self._layout.order[rows]]

    def flags(self, column: str, rows: slice) -> Ints:
        """A yes/no column as 1, 0 and -1 for blank."""
        values = self._lesions[column].astype("boolean")
        codes = values.to_numpy(np.int8, na_value=-1)
        return self._take(codes, rows)

    def has(self, column: str) -> bool:
        return column in self._lesions

    def categories(self, column: str) -> pd.Index:
        return self._lesions[column].cat.categories

    def size(self, rows: slice) -> npt.NDArray[np.float64]:
        return self._take(self._size, rows)

    def frame_rows(self, rows: slice) -> Ints:
        """Row numbers in the user's table."""
        where = np.arange(rows.start, rows.stop)
        return where if self._layout.order is None else self._layout.order[where]


class Block:
    """The rows of some series: local numbers of series and visit per row, and what each row says."""

    def __init__(self, arrays: LesionArrays, layout: Layout, first: int, last: int) -> None:
        self.arrays = arrays
        visits = slice(layout.series_start[first], layout.series_start[last])
        start = layout.visit_start[visits.start : visits.stop + 1]
        self.rows = slice(int(start[0]), int(start[-1]))
        self.visit_start = start[:-1] - start[0]
        self.visits_per_series = np.diff(layout.series_start[first : last + 1])
        self.n_series, self.n_visits = last - first, len(start) - 1
        self.series_of_visit = np.repeat(np.arange(self.n_series, dtype=np.int32), self.visits_per_series)
        rows_per_visit = np.diff(start)
        self.visit = np.repeat(np.arange(self.n_visits, dtype=np.int32), rows_per_visit)
        self.series = np.repeat(self.series_of_visit, rows_per_visit)
        self.label = arrays.codes("lesion", self.rows)
        self.role = arrays.codes("role", self.rows)
        self.state = arrays.codes("state", self.rows)
        self.day = arrays.values("date", self.rows).view(np.int64)
        self.baseline = arrays.values("baseline", self.rows)
        self._count_each_lesion_once()
        self._match_baseline()

    @cached_property
    def root(self) -> Ints:
        """Label of the lesion a row belongs to: its own, or that of the lesion it split from."""
        if not self.arrays.any_parent:
            return self.label
        names = self.arrays.categories("parent")
        to_label = np.append(self.arrays.categories("lesion").get_indexer(names), -1)
        parent = self.arrays.codes("parent", self.rows)
        return np.where(parent >= 0, to_label[parent], self.label)

    @cached_property
    def fragment(self) -> Mask:
        return np.asarray(self.root != self.label)

    @cached_property
    def replaced(self) -> Mask:
        """Rows of a split lesion itself that only say that its fragments stand for it."""
        if not self.arrays.has("reason"):
            return np.zeros(len(self.label), bool)
        words = np.array(["split" in w.lower() for w in self.arrays.categories("reason")] + [False], bool)
        return words[self.arrays.codes("reason", self.rows)] & ~self.fragment & ~self.sized

    @cached_property
    def size(self) -> Hundredths:
        return hundredths(self._mm)

    @cached_property
    def sized(self) -> Mask:
        return ~np.isnan(self._mm)

    @cached_property
    def _mm(self) -> npt.NDArray[np.float64]:
        return self.arrays.size(self.rows)

    def _count_each_lesion_once(self) -> None:
        """An exact repeat of a row is set aside; two different rows for a lesion and visit are refused."""
        key = self.visit.astype(np.int64) * self.arrays.labels + self.label
        if not _repeated(key, self.n_visits * self.arrays.labels):
            return
        order = np.argsort(key, kind="stable")
        again = np.flatnonzero(np.append(False, key[order][1:] == key[order][:-1]))
        later, former = order[again], order[again - 1]
        same = (self.role[later] == self.role[former]) & (self.state[later] == self.state[former])
        same &= (self._mm[later] == self._mm[former]) | (~self.sized[later] & ~self.sized[former])
        if not same.all():
            raise LesionError(self._two_values(former[~same][0], later[~same][0]))
        self.role = self.role.copy()
        self.role[later] = -1

    def _two_values(self, former: int, later: int) -> str:
        rows = self.arrays.frame_rows(self.rows)[[former, later]] + 2
        one = slice(self.rows.start + former, self.rows.start + former + 1)
        subject, visit, lesion = (
            self.arrays.categories(c)[self.arrays.codes(c, one)[0]] for c in ("subject", "visit", "lesion")
        )
        return (
            f"{subject}, visit {visit}, lesion {lesion}: two different records (rows {rows[0]} and {rows[1]}). "
            "Keep the one that counts; recist check lists all of them."
        )

    def _match_baseline(self) -> None:
        """Lesions at baseline, and which of them each row belongs to."""
        known = np.asarray((self.role == NON_TARGET) | (self.role == TARGET))
        own = self.label == self.root if self.arrays.any_parent else np.True_
        at = np.flatnonzero(self.baseline & known & own)
        found = LesionLookup.of(
            self.series[at], self.label[at], self.arrays.labels, self.n_series, len(self.label)
        )
        self.base_rows = at
        self.base_series, self.base_role = self.series[at], self.role[at]
        self.base_value = self.target_value[at]
        self.base_node = self.arrays.values("node", self.rows)[at]
        lesion = found.find(self.series, self.root)
        kept = lesion[at] == np.arange(len(at))  # recorded twice at baseline: the last record counts
        counted, others = kept & (self.base_role == TARGET), kept & (self.base_role == NON_TARGET)
        self.n_targets = np.bincount(self.base_series[counted], minlength=self.n_series)
        self.n_non_targets = np.bincount(self.base_series[others], minlength=self.n_series)
        sizeless = self.base_series[counted & self.missing_as_target[at]]
        self.no_baseline_sum = np.bincount(sizeless, minlength=self.n_series) > 0
        self.baseline_sum = _sum_by(self.base_series[counted], self.base_value[counted], self.n_series)
        follows = (lesion >= 0) & ~self.baseline
        role = np.append(self.base_role, -2)[lesion]
        self.is_target = follows & (self.role == TARGET) & (role == TARGET)
        self.is_non_target = follows & (self.role == NON_TARGET) & (role == NON_TARGET)
        self.lesion = lesion
        self.node = np.append(self.base_node, False)[lesion]

    @cached_property
    def missing_as_target(self) -> Mask:
        meaning = TARGET_MEANING[self.state]
        return np.asarray((meaning == MISSING) | ((meaning == BY_SIZE) & ~self.sized))

    @cached_property
    def target_value(self) -> Hundredths:
        """Size where it counts; the value of a lesion too small to measure is the criteria's."""
        if (meaning := TARGET_MEANING[self.state]).any():
            return np.where(
                meaning == TOO_SMALL, self.arrays.too_small, np.where(meaning == BY_SIZE, self.size, 0)
            )
        return self.size

    @cached_property
    def tiny(self) -> Mask:
        return np.asarray(TARGET_MEANING[self.state] == TOO_SMALL)

    @cached_property
    def recorded_new(self) -> Ints:
        """RECORDED_NEW code of each row; meant for the rows of new lesions."""
        recorded = NEW_MEANING[self.state]
        gone = self.sized & (self.size == 0) & (recorded != RECORDED_NEW.index("not new"))
        return np.where(gone, np.int8(RECORDED_NEW.index("absent")), recorded)

    @cached_property
    def by_pet(self) -> Ints:
        if not self.arrays.has("method"):
            return np.zeros(len(self.label), np.int8)
        words = np.array(["PET" in w.upper() for w in self.arrays.categories("method")], bool)
        return np.append(words, False)[self.arrays.codes("method", self.rows)].astype(np.int8)

    @cached_property
    def baseline_pet(self) -> Ints:
        if not self.arrays.has("baseline_pet"):
            return np.full(len(self.label), BASELINE_PET.index("none"), np.int8)
        words = [_NO_PET.get(w.lower(), w.lower()) for w in self.arrays.categories("baseline_pet")]
        none = BASELINE_PET.index("none")
        codes = [BASELINE_PET.index(w) if w in BASELINE_PET else none for w in words]
        return np.array([*codes, none], np.int8)[self.arrays.codes("baseline_pet", self.rows)]


def _repeated(key: Ints, cells: int) -> bool:
    if (key[1:] > key[:-1]).all():
        return False
    if cells <= 8 * max(len(key), 1000):
        return bool((np.bincount(key) > 1).any())
    ordered = np.sort(key)
    return bool((ordered[1:] == ordered[:-1]).any())


def _sum_by(group: Ints, value: Hundredths, groups: int) -> Hundredths:
    total = np.zeros(groups, np.int64)
    np.add.at(total, group, value)
    return total
