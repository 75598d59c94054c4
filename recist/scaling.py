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


def scaled_sums(block: Block, grid: Grid, few: Mask, nadir_rank: Ints) -> tuple[Hundredths, Hundredths, Mask]:
    """P and Q of every visit in `few` (0 and 1 elsewhere), and where Q lets the sum be scaled.

    Of a lesion that is measured in part (a fragment missing) no part is used.
    """
    lesions = len(block.base_role) + 1
    key, value = _complete_lesions(block, lesions)
    part, whole = np.zeros(grid.shape, np.int64), np.zeros(grid.shape, np.int64)
    visit_at = np.full(grid.shape, -1, np.int64)
    visit_at[grid.series, grid.rank] = grid.visit
    for series, rank in np.argwhere(few):
        here = visit_at[series, rank]
        mine = (key >= here * lesions) & (key < (here + 1) * lesions)
        part[series, rank] = value[mine].sum()
        seen = key[mine] % lesions
        if (then := nadir_rank[series, rank]) < 0:
            whole[series, rank] = block.base_value[seen].sum()
        else:
            wanted = visit_at[series, then] * lesions + seen
            whole[series, rank] = value[np.searchsorted(key, wanted)].sum()
    scaled = few & (whole > 0)
    return np.where(scaled, part, 0), np.where(scaled, whole, 1), scaled


def _complete_lesions(block: Block, lesions: int) -> tuple[Ints, Hundredths]:
    """Sorted keys visit * lesions + lesion of the targets with a value, and the value (fragments added up)."""
    rows = np.flatnonzero(block.is_target)
    key, where = np.unique(
        block.visit[rows].astype(np.int64) * lesions + block.lesion[rows], return_inverse=True
    )
    missing = block.missing_as_target[rows]
    total, complete = np.zeros(len(key), np.int64), np.ones(len(key), bool)
    np.add.at(total, where, np.where(missing, 0, block.target_value[rows]))
    complete[where[missing & ~block.replaced[rows]]] = False
    return key[complete], total[complete]
