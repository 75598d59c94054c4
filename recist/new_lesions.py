"""What became of each new lesion: known from which visit, there, gone or not evaluated, and how large.

iRECIST: measurable new lesions have a sum of their own (iSOM), the others are judged as non-targets are.
irRECIST and imRECIST: measurable new lesions join the sum of the targets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recist.criteria.base import ConfirmedProgression
from recist.rows import Block
from recist.sums import UNKNOWN, Hundredths, limit
from recist.terms import NEW_LESION, RECORDED_NEW, ROLE, STATE
from recist.visits import new_lesion_rows

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
NOT_KNOWN, PRESENT, GONE, NOT_EVALUATED = range(4)


@dataclass(frozen=True)
class NewLesions:
    """One row per new lesion that was ever unequivocal; lesions x visits arrays by visit after baseline."""

    series: Ints
    known: Ints  # rank of the first visit at which it is unequivocal
    is_target: Mask
    node: Mask
    status: Ints
    size: Hundredths  # of targets, gone = 0; of the others where recorded; UNKNOWN else
    increased: Mask  # recorded as grown further
    unsaid: Mask  # recorded neither as grown further nor as not

    @classmethod
    def none(cls, width: int) -> NewLesions:
        """No new lesion in any series."""
        no, flag, each = np.zeros(0, np.int64), np.zeros(0, bool), np.zeros((0, width), bool)
        return cls(no, no, flag, flag, each.astype(np.int8), each.astype(np.int64), each, each)

    def any_in(self, which: Mask, n_series: int) -> Mask:
        """Series with any of these lesions."""
        return np.asarray(np.bincount(self.series[which], minlength=n_series) > 0)


def new_lesion_history(
    block: Block, rank: Ints, width: int, imaged: Mask, criteria: ConfirmedProgression
) -> NewLesions:
    """Read the history of every new lesion; `rank` is the place of each visit in its series, -1 at baseline."""
    rows, found = new_lesion_rows(block, criteria)
    seen = imaged[block.visit[rows]] & (rank[block.visit[rows]] >= 0)
    rows, found = rows[seen], found[seen]
    if not len(rows):
        return NewLesions.none(width)
    key = block.series[rows].astype(np.int64) * block.arrays.labels + block.label[rows]
    lesion_key, lesion = np.unique(key, return_inverse=True)
    at = rank[block.visit[rows]]
    known = np.full(len(lesion_key), width, np.int64)
    unequivocal = found == NEW_LESION.index("Y")
    np.minimum.at(known, lesion[unequivocal], at[unequivocal])
    status: Ints = np.full((len(lesion_key), width), NOT_EVALUATED, np.int8)
    status[lesion, at] = _status(block, rows)
    status[np.arange(width) < known[:, None]] = NOT_KNOWN
    first = unequivocal & (at == known[lesion])
    is_target = np.zeros(len(lesion_key), bool)
    is_target[lesion[first]] = _measured(block, rows[first], criteria)
    node = np.zeros(len(lesion_key), bool)
    node[lesion[first]] = block.arrays.values("node", block.rows)[rows[first]]
    size: Hundredths = np.full((len(lesion_key), width), UNKNOWN)
    size[lesion, at] = _sizes(block, rows)
    size[status == GONE] = 0
    size[(status == NOT_EVALUATED) | (status == NOT_KNOWN)] = UNKNOWN
    increased = np.zeros((len(lesion_key), width), bool)
    increased[lesion, at] = grew_further(block, rows)
    unsaid = np.ones((len(lesion_key), width), bool)
    unsaid[lesion, at] = further_increase_blank(block, rows)
    keep = known < width
    series = (lesion_key // block.arrays.labels)[keep]
    grown = increased & (status == PRESENT)
    return NewLesions(
        series,
        known[keep],
        is_target[keep],
        node[keep],
        status[keep],
        size[keep],
        grown[keep],
        unsaid[keep],
    )


def _status(block: Block, rows: Ints) -> Ints:
    recorded = block.recorded_new[rows]
    gone = np.isin(recorded, [RECORDED_NEW.index("absent"), RECORDED_NEW.index("not new")])
    missing = recorded == RECORDED_NEW.index("not evaluated")
    return np.where(gone, GONE, np.where(missing, NOT_EVALUATED, PRESENT))


def _measured(block: Block, rows: Ints, criteria: ConfirmedProgression) -> Mask:
    """Is a new lesion measured?  By its role, or, listed as `new` without more, by its size."""
    role, node = block.role[rows], block.arrays.values("node", block.rows)[rows]
    enough = np.where(node, limit(criteria.node_target_min), limit(criteria.new_target_min_mm))
    large = block.sized[rows] & (block.size[rows] >= enough)
    return np.asarray((role == ROLE.index("new target")) | ((role == ROLE.index("new")) & large))


def _sizes(block: Block, rows: Ints) -> Hundredths:
    size = np.where(block.sized[rows], block.size[rows], UNKNOWN)
    return np.where(block.tiny[rows], block.arrays.too_small, size)


def grew_further(block: Block, rows: Ints) -> Mask:
    """Recorded as a further increase; for a non-target the state `increased` says so where the flag is blank."""
    flag = np.zeros(len(block.label), bool)
    blank = np.ones(len(block.label), bool)
    if block.arrays.has("further_increase"):
        column = block.arrays.flags("further_increase", block.rows)
        flag, blank = column == 1, column < 0
    increased = block.state == STATE.index("increased")
    return np.asarray((flag | (blank & increased))[rows])


def further_increase_blank(block: Block, rows: Ints) -> Mask:
    """Rows on which the reader said neither yes nor no to a further increase."""
    if not block.arrays.has("further_increase"):
        return np.ones(len(rows), bool)
    return np.asarray(block.arrays.flags("further_increase", block.rows)[rows] < 0)
