"""Sums scaled up for missing targets, where the analysis plan says so (convention `scale_up_third`).

With at most a third of the targets missing, the sum of the others is scaled by nadir / their sum at the nadir
visit: S* = P * N / Q.  Kept as a fraction, P * N over Q.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from recist.rows import Block
from recist.sums import Hundredths

if TYPE_CHECKING:
    from recist.course import Grid

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]


def scaled_sums(block: Block, grid: Grid, few: Mask, nadir_rank: Ints) -> tuple[Hundredths, Mask]:
    """Denominator Q of every visit in `few` (1 elsewhere), and where Q lets the sum be scaled."""
    lesions = len(block.base_role) + 1
    valued = np.flatnonzero(block.is_target & ~block.missing_as_target)
    key, value = _by_visit_and_lesion(
        block.visit[valued], block.lesion[valued], block.target_value[valued], lesions
    )
    denominator = np.zeros(grid.shape, np.int64)
    visit_at = np.full(grid.shape, -1, np.int64)
    visit_at[grid.series, grid.rank] = grid.visit
    for series, rank in np.argwhere(few):
        here = visit_at[series, rank]
        seen = key[(key >= here * lesions) & (key < (here + 1) * lesions)] % lesions
        if (then := nadir_rank[series, rank]) < 0:
            denominator[series, rank] = block.base_value[seen].sum()
        else:
            wanted = visit_at[series, then] * lesions + seen
            denominator[series, rank] = value[np.searchsorted(key, wanted)].sum()
    scaled = few & (denominator > 0)
    return np.where(scaled, denominator, 1), scaled


def _by_visit_and_lesion(
    visit: Ints, lesion: Ints, value: Hundredths, lesions: int
) -> tuple[Ints, Hundredths]:
    """Sorted keys visit * lesions + lesion, and the value of each (fragments added up)."""
    key, where = np.unique(visit.astype(np.int64) * lesions + lesion, return_inverse=True)
    total = np.zeros(len(key), np.int64)
    np.add.at(total, where, value)
    return key, total
