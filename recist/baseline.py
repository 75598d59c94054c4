"""The lesions of each series at baseline, and which baseline lesion a row at follow-up belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recist.terms import ROLE

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
TARGET, NON_TARGET = ROLE.index("target"), ROLE.index("non-target")
_DENSE_LIMIT = 8  # cells of the lookup per row, above which labels are matched by sorting instead


@dataclass(frozen=True)
class LesionLookup:
    """(series, lesion label) -> number of the baseline lesion in this block, -1 when it has none."""

    labels: int
    cells: Ints
    keys: Ints | None  # sorted keys of `cells`; None when `cells` is addressed by the key itself

    @classmethod
    def of(cls, series: Ints, label: Ints, labels: int, n_series: int, rows: int) -> LesionLookup:
        """Number the baseline rows 0, 1, 2 ...; of a lesion recorded twice the last row counts."""
        key, number = series.astype(np.int64) * labels + label, np.arange(len(series), dtype=np.int32)
        if n_series * labels <= _DENSE_LIMIT * max(rows, 1000):
            cells = np.full(n_series * labels, -1, np.int32)
            cells[key] = number
            return cls(labels, cells, None)
        by_key = np.argsort(key, kind="stable")
        last = np.append(key[by_key][1:] != key[by_key][:-1], True) if len(key) else np.zeros(0, bool)
        return cls(labels, number[by_key][last], key[by_key][last])

    def find(self, series: Ints, label: Ints) -> Ints:
        """Baseline lesion of each row, -1 for none (a label below 0 is no lesion)."""
        known = label >= 0
        key = series.astype(np.int64) * self.labels + np.where(known, label, 0)
        if self.keys is None:
            found: Ints = self.cells[key]
        elif not len(self.keys):
            return np.full(len(key), -1, np.int32)
        else:
            at = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
            found = np.where(self.keys[at] == key, self.cells[at], -1)
        return found if known.all() else np.where(known, found, -1)
