"""Where a criteria brings steps of its own: what is known of the visits, handed to the criteria's functions.

A criteria that needs another number than the sum of its targets names a function in its file (`join_sum`, `ask`,
`confirm`, `further` of `recist.criteria.base.Criteria`); the path of `recist.assess` stays the same for all.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from recist.course import Grid, Sums, tests
from recist.criteria.base import ConfirmedProgression, Criteria
from recist.errors import LesionError
from recist.immune_step import ImmuneVisit, immune_columns
from recist.lesions import LESIONS
from recist.new_lesions import NewLesions, new_lesion_history
from recist.rows import Block
from recist.visit_table import VisitTable
from recist.visits import VisitFacts, visit_facts
from recist.walk import Course, Tests

Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Seen:
    """The visits of some series as the steps of a criteria may look at them."""

    block: Block
    grid: Grid
    facts: VisitFacts
    marked: VisitTable
    criteria: Criteria

    @cached_property
    def new(self) -> NewLesions:
        """The history of every new lesion, for criteria that measure them."""
        rank = np.full(self.block.n_visits, -1, np.int64)
        rank[self.grid.visit] = self.grid.rank
        chosen = cast(ConfirmedProgression, self.criteria)
        return new_lesion_history(self.block, rank, self.grid.shape[1], self.marked.imaged, chosen)

    def facts_of(self, lesions: npt.NDArray[np.bool_]) -> VisitFacts:
        """The facts of the visits with some of the lesions at baseline alone (one element per lesion)."""
        part = copy(self.block)
        mine = np.append(lesions, False)[self.block.lesion]
        part.is_target, part.is_non_target = self.block.is_target & mine, self.block.is_non_target & mine
        return visit_facts(part, self.criteria, self.marked.imaged, self.marked.marker)


def with_joined_sum(seen: Seen) -> Seen:
    """The visits with what joins the sum of the targets under these criteria."""
    if seen.criteria.join_sum is None:
        return seen
    joined = Seen(seen.block, seen.grid, seen.criteria.join_sum(seen), seen.marked, seen.criteria)
    joined.__dict__["new"] = seen.new
    return joined


def questions(seen: Seen, amounts: Sums) -> Tests:
    """The questions of the tables, answered by the sums, or by what else the criteria look at."""
    asked = tests(seen.block, seen.facts, seen.grid, amounts, seen.criteria)
    if seen.criteria.ask is None:
        return asked
    changed: Tests = seen.criteria.ask(seen, amounts, asked)
    return changed


def confirmed(seen: Seen, asked: Tests, amounts: Sums, course: Course, day: Ints) -> dict[str, Any]:
    """Columns of the responses with progression confirmed or not; `day` of each visit as a progression."""
    if seen.criteria.confirmation is None:
        return {}
    if seen.criteria.confirm is None:
        visit = ImmuneVisit(seen.block, seen.grid, asked, amounts, course, seen.marked)
        return immune_columns(visit, seen.facts, day, seen.criteria)
    columns: dict[str, Any] = seen.criteria.confirm(seen, course, day)
    return columns


def further(seen: Seen, asked: Tests, course: Course) -> dict[str, Any]:
    """The columns that these criteria add to the responses, one element per visit after baseline."""
    own = seen.criteria.further
    return {} if own is None else own.compute(seen, asked, course)


def refuse_missing_columns(lesions: Any, criteria: Criteria) -> None:
    """Raise LesionError when the lesion table lacks a column these criteria cannot do without."""
    for name in criteria.needs:
        if name not in lesions:
            column = next(column for column in LESIONS.columns if column.name == name)
            raise LesionError(
                f"lesion table: no column {name!r}, and {criteria.title} cannot do without: {column.sentence} "
                "Add it, or choose other criteria."
            )
