"""From the RECIST 1.1 course of some series to their iRECIST columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from recist.course import Grid, Sums
from recist.criteria.base import Criteria
from recist.criteria.irecist import ImmuneCriteria
from recist.immune import immune_facts, immune_walk
from recist.new_lesions import grew_further, new_lesion_history
from recist.rows import MISSING, NON_TARGET_MEANING, ZERO, Block
from recist.terms import IRECIST
from recist.visit_table import VisitTable
from recist.visits import VisitFacts
from recist.walk import Course, Tests

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
IS_PROGRESSION = np.array([term in ("iUPD", "iCPD") for term in IRECIST])


@dataclass(frozen=True)
class ImmuneVisit:
    """What RECIST 1.1 knows of the visits of a block."""

    block: Block
    grid: Grid
    asked: Tests
    amounts: Sums
    course: Course
    marked: VisitTable


def immune_columns(seen: ImmuneVisit, facts: VisitFacts, day: Ints, criteria: Criteria) -> dict[str, Any]:
    """Columns `ioverall`, its rule, and flags, one element per visit; and `progressed` as series x visits.

    `day`: the day each visit is dated at as a progression, series x visits.
    """
    chosen, grid, block = cast(ImmuneCriteria, criteria), seen.grid, seen.block
    rank = np.full(block.n_visits, -1, np.int32)
    rank[grid.visit] = grid.rank
    history = new_lesion_history(block, rank, grid.shape[1], seen.marked.imaged, chosen)
    rest = {
        "increased": _spread(grid, _non_target_increased(block) & seen.marked.imaged),
        "new_symptoms": _spread(grid, seen.marked.new_symptoms),
        "assessed": seen.asked.assessed,
    }
    below_pr = seen.asked.shrank & ~seen.amounts.scaled
    walk = immune_walk(immune_facts(seen.course, seen.amounts, below_pr, day, rest, history), chosen)
    return {
        "ioverall": grid.gather(walk.response),
        "ioverall_rule": grid.gather(walk.rule),
        "late_confirmation": grid.gather(walk.late),
        "clinically_stable": seen.marked.stable[grid.visit],
        "progressed": IS_PROGRESSION[walk.response],
    }


def _spread(grid: Grid, fact: Mask) -> Mask:
    """A fact per visit as a series x visits array, which takes no room where it is never so."""
    return grid.spread(fact, False) if fact.any() else np.broadcast_to(np.False_, grid.shape)


def _non_target_increased(block: Block) -> Mask:
    rows = np.flatnonzero(block.is_non_target)
    if not len(rows):
        return np.zeros(block.n_visits, bool)
    meaning = NON_TARGET_MEANING[block.state[rows]]
    grew = grew_further(block, rows) & (meaning != ZERO) & (meaning != MISSING)
    return np.asarray(np.bincount(block.visit[rows[grew]], minlength=block.n_visits) > 0)
