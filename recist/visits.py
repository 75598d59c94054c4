"""One row per subject, evaluator and visit: the sum of diameters and the facts the tables ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recist.criteria.base import Criteria
from recist.rows import (
    BY_SIZE,
    MISSING,
    NEVER,
    NON_TARGET_MEANING,
    NOT_DONE,
    PRESENT,
    PROGRESSED,
    ZERO,
    Block,
)
from recist.sums import Hundredths, limit
from recist.terms import NEW_LESION, ROLE

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]


@dataclass
class VisitFacts:
    """Facts of every visit of a block, baseline visits included; one element per visit."""

    total: Hundredths  # sum over the targets that have a value
    n_valued: Ints  # how many baseline targets have one
    any_valued: Mask  # at least part of one has
    target_present: Mask  # a non-nodal target is there
    node_enlarged: Mask  # a target node is at or above the normal limit
    n_evaluated: Ints  # how many baseline non-targets were evaluated
    progressed: Mask  # a non-target progressed unequivocally
    present: Mask  # a non-target is there
    present_not_node: Mask
    new_lesion: Ints  # NEW_LESION code
    first_day: Ints
    last_day: Ints
    is_baseline: Mask
    marker: Mask  # tumour marker above normal
    assessed: Mask  # imaged, and a baseline to compare with


def visit_facts(block: Block, criteria: Criteria, imaged: Mask, marker: Mask) -> VisitFacts:
    """Read the facts of each visit off the rows of a block.

    `imaged` and `marker` (one element per visit of the block) come from the table of visits.
    """
    (is_baseline,) = _any(block, block.baseline)
    facts = VisitFacts(
        *_target_facts(block, criteria),
        *_non_target_facts(block, criteria),
        new_lesions(block, criteria),
        *_days(block),
        is_baseline,
        marker,
        _comparable(block, is_baseline),
    )
    return facts if bool(imaged.all()) else _not_imaged(facts, ~imaged)


def _comparable(block: Block, is_baseline: Mask) -> Mask:
    """False for a series whose lesions are followed without any baseline visit."""
    has_baseline = np.bincount(block.series_of_visit[is_baseline], minlength=block.n_series) > 0
    if has_baseline.all():
        return np.ones(block.n_visits, bool)
    followed = np.asarray((block.role == ROLE.index("target")) | (block.role == ROLE.index("non-target")))
    followed_series = np.bincount(block.series[followed], minlength=block.n_series) > 0
    comparable: Mask = (has_baseline | ~followed_series)[block.series_of_visit]
    return comparable


def _not_imaged(facts: VisitFacts, visits: Mask) -> VisitFacts:
    """Nothing was seen at these visits, whatever the rows say (section 4.4.2)."""
    for name in (
        "total",
        "n_valued",
        "any_valued",
        "target_present",
        "node_enlarged",
        "n_evaluated",
        "progressed",
        "present",
    ):
        getattr(facts, name)[visits] = 0
    facts.present_not_node[visits] = False
    facts.new_lesion[visits] = 0
    facts.assessed[visits] = False
    return facts


def _any(block: Block, *questions: Mask) -> list[Mask]:
    """For each question about rows: does any row of the visit say yes?  One pass for up to eight of them."""
    packed = questions[0].view(np.uint8).copy()
    for bit, rows in enumerate(questions[1:], 1):
        packed |= rows.view(np.uint8) << np.uint8(bit)
    found = np.bitwise_or.reduceat(packed, block.visit_start)
    return [(found & np.uint8(1 << bit)) != 0 for bit in range(len(questions))]


def _count(block: Block, rows: Mask) -> Ints:
    """How many rows of each visit say yes."""
    upto = np.cumsum(rows, dtype=np.int32)
    at_end = upto[np.append(block.visit_start[1:], len(rows)) - 1]
    count: Ints = np.diff(at_end, prepend=0).astype(np.int16)
    return count


def _target_facts(block: Block, criteria: Criteria) -> tuple[Hundredths, Ints, Mask, Mask, Mask]:
    """A series with a target that has no size at baseline has no sum to compare with: nothing is valued."""
    value, tiny = block.target_value, block.tiny
    valued = block.is_target & ~block.missing_as_target
    if block.no_baseline_sum.any():
        valued &= ~block.no_baseline_sum[block.series]
    total = np.add.reduceat(np.where(valued, value, 0), block.visit_start)
    normal = limit(criteria.node_normal_lt)
    there = valued & ~block.node & ((value > 0) | tiny)
    enlarged = valued & block.node & (value >= normal)
    any_valued, is_there, is_enlarged = _any(block, valued, there, enlarged)
    return total, _n_valued(block, valued), any_valued, is_there, is_enlarged


def _n_valued(block: Block, valued: Mask) -> Ints:
    """Baseline targets with a value; a split lesion has one when all its fragments have."""
    if not block.arrays.any_parent:
        return _count(block, valued)
    rows = np.flatnonzero(block.is_target)
    key = block.visit[rows].astype(np.int64) * (len(block.base_role) + 1) + block.lesion[rows]
    number, lesion_visit = np.unique(key, return_inverse=True)
    lacks = ~valued[rows] & ~block.replaced[rows]
    complete = np.ones(len(number), bool)
    complete[lesion_visit[lacks]] = False
    visit = (number // (len(block.base_role) + 1))[complete]
    return np.bincount(visit, minlength=block.n_visits).astype(np.int16)


def _non_target_facts(block: Block, criteria: Criteria) -> tuple[Ints, Mask, Mask, Mask]:
    nothing = np.zeros(block.n_visits, bool)
    if not block.is_non_target.any():
        return np.zeros(block.n_visits, np.int16), nothing, nothing, nothing
    found = non_target_rows(block, criteria)
    visit, node = block.visit[found.rows], block.node[found.rows]
    evaluated = np.bincount(visit[found.seen], minlength=block.n_visits).astype(np.int16)
    worse, is_there, not_node = (
        np.asarray(np.bincount(visit[fact], minlength=block.n_visits) > 0)
        for fact in (found.progressed, found.there, found.there & ~node)
    )
    return evaluated, worse, is_there, not_node


@dataclass(frozen=True)
class NonTargetRows:
    """The rows of non-targets after baseline, and what each shows."""

    rows: Ints
    seen: Mask
    there: Mask
    progressed: Mask


def non_target_rows(block: Block, criteria: Criteria) -> NonTargetRows:
    """Evaluated, present and progressed non-targets; a node below the normal limit is not there."""
    rows = np.flatnonzero(block.is_non_target)
    state, size, node = block.state[rows], block.size[rows], block.node[rows]
    meaning, tiny = NON_TARGET_MEANING[state], block.tiny[rows]
    by_size = (meaning == BY_SIZE) & ~PRESENT[state]
    seen = (meaning != MISSING) & ~(by_size & ~block.sized[rows] & ~tiny)
    size = np.where(tiny, block.arrays.too_small, size)
    large = np.where(node, size >= limit(criteria.node_normal_lt), (size > 0) | tiny)
    progressed = state == PROGRESSED
    if criteria.discount_non_target is not None:
        progressed &= ~criteria.discount_non_target(block, rows)
    return NonTargetRows(rows, seen, seen & (meaning != ZERO) & (PRESENT[state] | large), progressed)


def new_lesion_rows(block: Block, criteria: Criteria) -> tuple[Ints, Ints]:
    """Rows of new lesions after baseline, and the finding of each (NEW_LESION code), back-dated."""
    is_new = np.array([role.startswith("new") for role in ROLE] + [False])
    rows = np.flatnonzero(is_new[block.role] & ~block.baseline)
    if not len(rows):
        return rows, np.zeros(0, np.int8)
    table = criteria.in_force("new_lesion")
    codes = (block.recorded_new[rows], block.by_pet[rows], block.baseline_pet[rows])
    rule = table.decide(*codes)
    found: Ints = table.outcome("new_lesion", rule)
    if criteria.temper_new is not None:
        found = criteria.temper_new(block, rows, found, criteria)
    if criteria.equivocal_backdate:
        evaluated = codes[0] != table.inputs["recorded"].index("not evaluated")
        found = _back_dated(block, rows, found, evaluated)
    return rows, found


def _back_dated(block: Block, rows: Ints, found: Ints, evaluated: Mask) -> Ints:
    """An equivocal lesion later found unequivocal was there from the first scan (section 4.3.5).

    Not across a visit at which the lesion was absent; a visit at which it was not evaluated says nothing.
    """
    equivocal, unequivocal = NEW_LESION.index("E"), NEW_LESION.index("Y")
    said = np.flatnonzero(evaluated)
    key = block.series[rows][said].astype(np.int64) * block.arrays.labels + block.label[rows][said]
    order = said[
        np.lexsort((-block.visit[rows][said].astype(np.int64), key))
    ]  # each lesion, latest visit first
    lesion = block.series[rows][order].astype(np.int64) * block.arrays.labels + block.label[rows][order]
    decided = np.where(found[order] != equivocal, np.arange(len(order)), -1)
    starts = np.append(True, lesion[1:] != lesion[:-1]) if len(order) else np.zeros(0, bool)
    begin = np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0)) if len(order) else order
    latest = np.maximum.accumulate(decided) if len(order) else order
    confirmed = (latest >= begin) & (found[order][np.maximum(latest, 0)] == unequivocal)
    result = found.copy()
    result[order[confirmed & (found[order] == equivocal)]] = unequivocal
    return result


def new_lesions(block: Block, criteria: Criteria) -> Ints:
    """NEW_LESION code of each visit: unequivocal over equivocal over none."""
    rows, found = new_lesion_rows(block, criteria)
    code = np.zeros(block.n_visits, np.int8)
    for term in ("E", "Y"):
        code[block.visit[rows[found == NEW_LESION.index(term)]]] = NEW_LESION.index(term)
    return code


def _days(block: Block) -> tuple[Ints, Ints]:
    """First and last scan of each visit; scans that were not done have no say unless there is no other."""
    idle = block.state == NOT_DONE
    if not idle.any():
        return np.minimum.reduceat(block.day, block.visit_start), np.maximum.reduceat(
            block.day, block.visit_start
        )
    alone = np.bitwise_and.reduceat(idle.view(np.uint8), block.visit_start).astype(bool)
    counts = ~idle | alone[block.visit]
    first = np.minimum.reduceat(np.where(counts, block.day, NEVER), block.visit_start)
    last = np.maximum.reduceat(np.where(counts, block.day, -NEVER), block.visit_start)
    return first, last
