"""The date of a response whose scans span several days.

RECIST 1.1 has no rule; the conventions are `pd_date_rule` and `response_date_rule` of the criteria.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from recist.course import Grid
from recist.criteria.base import Criteria
from recist.rows import NEVER, NOT_DONE, Block
from recist.terms import NEW_LESION, NON_TARGET, TARGET
from recist.visits import VisitFacts, new_lesion_rows, non_target_rows
from recist.walk import Course

Ints = npt.NDArray[np.integer[Any]]


def response_days(
    block: Block, facts: VisitFacts, grid: Grid, course: Course, criteria: Criteria
) -> tuple[Ints, Ints]:
    """Date of each visit as a progression, and as any other response (ticks, series x visits)."""
    first, last = grid.spread(facts.first_day, NEVER), grid.spread(facts.last_day, NEVER)
    other = first if criteria.response_date_rule == "earliest_in_visit" else last
    if criteria.pd_date_rule != "trigger":
        return (first if criteria.pd_date_rule == "earliest_in_visit" else last), other
    progression = _trigger_days(block, grid, course, criteria)
    return np.where(progression == NEVER, first, progression), other


def _trigger_days(block: Block, grid: Grid, course: Course, criteria: Criteria) -> Ints:
    """Day of the scan that showed progression; the earliest when several did.

    A new lesion: when first seen at the visit.  A non-target: the scan of that lesion.  The sum: the last
    measurement of the targets (FDA 2018 endpoints guidance, Appendix 2).
    """
    rows, found = new_lesion_rows(block, criteria)
    days = grid.spread(_earliest(block, rows[found == NEW_LESION.index("Y")]), NEVER)
    state = block.state
    non_targets = non_target_rows(block, criteria)
    worse = non_targets.rows[non_targets.progressed]
    back = non_targets.rows[non_targets.there & ~block.node[non_targets.rows]]
    by_worse, by_back = (grid.spread(_earliest(block, r), NEVER) for r in (worse, back))
    by_back = np.where(course.non_target_returned, by_back, NEVER)
    non_target = np.minimum(by_worse, by_back)
    days = np.where(course.non_target == NON_TARGET.index("PD"), np.minimum(days, non_target), days)
    target = grid.spread(_latest(block, np.flatnonzero(block.is_target & (state != NOT_DONE))), NEVER)
    return np.where(course.target == TARGET.index("PD"), np.minimum(days, target), days)


def _earliest(block: Block, rows: Ints) -> Ints:
    day = np.full(block.n_visits, NEVER)
    np.minimum.at(day, block.visit[rows], block.day[rows])
    return day


def _latest(block: Block, rows: Ints) -> Ints:
    day = np.full(block.n_visits, -NEVER)
    np.maximum.at(day, block.visit[rows], block.day[rows])
    return np.where(day == -NEVER, NEVER, day)
