"""The visits after baseline as series x visits arrays: sums against baseline and nadir, and the walk over them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from recist.confirmation import confirmations
from recist.criteria.base import Criteria
from recist.rows import Block
from recist.scaling import scaled_sums
from recist.sums import UNKNOWN, Hundredths, grew, shrank
from recist.terms import EVALUATED, NEW_LESION, OVERALL, TARGET
from recist.visits import VisitFacts
from recist.walk import Course, Tests, holding, walk

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
NONE, SOME, ALL, SCALED = range(len(EVALUATED))


@dataclass(frozen=True)
class Grid:
    """Where each visit after baseline stands in a series x visits array."""

    series: Ints
    rank: Ints
    visit: Ints  # number of the visit within the block
    shape: tuple[int, int]
    full: bool  # every series has the same visits: the array is a view

    @classmethod
    def of(cls, series_of_visit: Ints, is_baseline: Mask, n_series: int) -> Grid:
        visit = np.flatnonzero(~is_baseline)
        series = series_of_visit[visit]
        count = np.bincount(series, minlength=n_series)
        start = np.cumsum(count) - count
        width = int(count.max()) if len(count) else 0
        return cls(
            series,
            np.arange(len(visit)) - start[series],
            visit,
            (n_series, width),
            bool((count == width).all()),
        )

    def spread(self, fact: npt.NDArray[Any], fill: Any) -> npt.NDArray[Any]:
        """A fact per visit of the block as a series x visits array."""
        values = fact[self.visit]
        if self.full:
            return values.reshape(self.shape)
        out = np.full(self.shape, fill, fact.dtype)
        out[self.series, self.rank] = values
        return out

    def gather(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Back to one element per visit after baseline, in order."""
        return array.ravel() if self.full else array[self.series, self.rank]


@dataclass(frozen=True)
class Sums:
    """Sum, baseline and nadir at every visit, in hundredths of a millimetre."""

    total: Hundredths  # over the targets with a value
    complete: Mask  # all targets have a value
    nadir: Hundredths  # smallest complete sum before this visit; UNKNOWN without baseline
    baseline: Hundredths  # per series
    scale: Hundredths  # denominator of a scaled sum; 1
    scaled: Mask


def sums(block: Block, facts: VisitFacts, grid: Grid, criteria: Criteria) -> Sums:
    """Nadir: the smallest of baseline and every earlier complete sum (RECIST 1.1 section 4.3.1)."""
    total = grid.spread(facts.total, 0)
    n_valued = grid.spread(facts.n_valued, 0)
    complete = (n_valued == block.n_targets[:, None]) & (block.n_targets > 0)[:, None]
    baseline = np.where(block.n_targets > 0, block.baseline_sum, UNKNOWN)
    nadir, lowest = np.empty_like(total), baseline.copy()
    nadir_rank = np.full(total.shape, -1, np.int32)  # -1: baseline
    lowest_rank = np.full(len(baseline), -1, np.int32)
    for v in range(total.shape[1]):
        nadir[:, v], nadir_rank[:, v] = lowest, lowest_rank
        lower = complete[:, v] & (total[:, v] < lowest)
        lowest = np.where(lower, total[:, v], lowest)
        lowest_rank[lower] = v
    scale, scaled = np.ones((1, 1), np.int64), np.zeros(total.shape, bool)
    if criteria.missing_target == "scale_up_third":
        few = (
            (n_valued > 0)
            & ~complete
            & (3 * (block.n_targets[:, None] - n_valued) <= block.n_targets[:, None])
        )
        there = grid.spread(facts.target_present | facts.node_enlarged, False)
        few &= ~(there & grew(total, nadir, 1, criteria))  # what was measured is progression already
        part, scale, scaled = scaled_sums(block, grid, few, nadir_rank)
        total = np.where(scaled, part, total)
    return Sums(total, complete, nadir, baseline, scale, scaled)


def tests(block: Block, facts: VisitFacts, grid: Grid, amounts: Sums, criteria: Criteria) -> Tests:
    """The yes/no questions of the tables, answered for every visit."""
    partly = grid.spread(facts.any_valued, False)
    now = np.where(amounts.scaled, amounts.total * amounts.nadir, amounts.total)
    has_targets = block.n_targets > 0
    evaluated = np.where(
        amounts.complete, ALL, np.where(amounts.scaled, SCALED, np.where(partly, SOME, NONE))
    )
    present, enlarged = grid.spread(facts.target_present, False), grid.spread(facts.node_enlarged, False)
    known = has_targets[:, None]
    return Tests(
        targets_at_baseline=has_targets,
        non_targets_at_baseline=block.n_non_targets > 0,
        evaluated=evaluated.astype(np.int8),
        gone=~(present | enlarged),
        present=present,
        node_enlarged=enlarged,
        grew=known & grew(now, amounts.nadir, amounts.scale, criteria),
        shrank=known & shrank(now, amounts.baseline[:, None], amounts.scale, criteria),
        progressed=grid.spread(facts.progressed, False),
        missing=grid.spread(facts.n_evaluated, 0) < block.n_non_targets[:, None],
        non_target_present=grid.spread(facts.present, False),
        non_target_present_not_node=grid.spread(facts.present_not_node, False),
        marker=grid.spread(facts.marker, False),
        new_lesion=grid.spread(facts.new_lesion, NEW_LESION.index("N")),
        assessed=grid.spread(facts.assessed, False),
    )


def course_of(asked: Tests, day: Ints, past: Mask, criteria: Criteria) -> Course:
    """The walk; where PR continues by convention, a second one that knows where it does.

    `past` marks the cells behind a series' last visit.
    """
    free = np.zeros(asked.evaluated.shape, bool)
    if criteria.sticky_pr == "none":
        return walk(asked, criteria, free)
    plain = walk(asked, replace(criteria, post_pd="as_assessed"), free)
    if criteria.sticky_pr == "after_pr":
        begins = plain.target == TARGET.index("PR")
    else:
        overall = np.where(past, -1, plain.overall)
        begins = confirmations(overall, day, OVERALL.index("PR"), criteria)[1]
    ends = (plain.target == TARGET.index("PD")) | (plain.overall == OVERALL.index("PD"))
    return walk(asked, criteria, holding(begins, ends))
