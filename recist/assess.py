"""Lesion measurements in, responses out: the main path, top to bottom."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.course import Grid, Sums, course_of, sums
from recist.criteria import get_criteria
from recist.criteria.base import Criteria
from recist.dates import response_days
from recist.layout import Layout, lay_out
from recist.lesions import as_lesions
from recist.own_steps import (
    Seen,
    confirmed,
    further,
    questions,
    refuse_missing_columns,
    with_joined_sum,
)
from recist.responses import responses_frame
from recist.rows import NEVER, Block, LesionArrays
from recist.several import named_once, stack_responses
from recist.start import start_days
from recist.sums import UNKNOWN, millimetres
from recist.terms import OVERALL
from recist.visit_table import VisitFactsFrame, VisitTable, add_visits, no_lesions, visit_table
from recist.visits import VisitFacts, visit_facts

Columns = dict[str, npt.NDArray[Any]]


def assess(
    lesions: pd.DataFrame,
    criteria: str | Criteria | Sequence[str | Criteria] = "recist_1_1",
    start: pd.DataFrame | None = None,
    visits: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Response of every subject at every visit after baseline, each with the rule that decided it.

    Parameters
    ----------
    lesions : DataFrame
        The lesion table (`recist.read_lesions`), lengths in mm.
    criteria : str or Criteria, or several of them
        Name, label or value; an edited value shows its edits in the column `criteria`.  The responses under
        several criteria are stacked.
    start : DataFrame, optional
        Start dates: `subject` and `start_date`, or else `randomization_date`, or else `treatment_start_date`.
        Without it the first scan of the baseline visit is the start.
    visits : DataFrame, optional
        Facts about visits: `subject`, `visit`, optionally `evaluator`, `date`, `baseline`, `imaging_done`,
        `tumour_marker_elevated`.  A visit without lesion rows needs its `date`.

    Returns
    -------
    DataFrame
        One row per subject, evaluator and visit after baseline, in date order; the columns of
        `recist.responses.RESPONSES`.  `sum_mm` is missing where a target is; `available_sum_mm` is what the
        others add up to.  `day` is `date - start_date` in days.

    Raises
    ------
    LesionError
        When a lesion has two different records at a visit, or a column the criteria need is missing.

    Examples
    --------
    >>> rows = [("BASELINE", "2024-01-02", 50.0), ("WEEK 8", "2024-02-27", 35.0), ("WEEK 16", "2024-04-23", 42.0)]
    >>> lesions = pd.DataFrame(rows, columns=["visit", "date", "diameter_mm"]).assign(
    ...     subject="01-001", lesion="T1", role="target", organ="LIVER")
    >>> assess(lesions)[["sum_mm", "nadir_mm", "overall", "overall_rule"]].to_numpy().tolist()
    [[35.0, 50.0, 'PR', 'T1.Hb'], [42.0, 35.0, 'PD', 'T1.7']]
    """
    if not isinstance(criteria, str | Criteria):
        several = named_once(criteria)
        shared = lesions if lesions.empty else as_lesions(lesions)
        return stack_responses([assess(shared, one, start, visits) for one in several])
    chosen = get_criteria(criteria)
    table = no_lesions() if visits is not None and lesions.empty else as_lesions(lesions)
    facts: VisitFactsFrame | None = None
    if visits is not None:
        facts = visit_table(visits, table)
        table = add_visits(table, facts, start)
    _return_memory_of_reading()
    refuse_missing_columns(table, chosen)
    layout = lay_out(table)
    arrays = LesionArrays(table, layout, chosen)
    marks = None if facts is None else facts.on(layout, table)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:  # numpy works outside the interpreter's lock
        pieces = list(pool.map(lambda span: _block(arrays, layout, span, chosen, marks), layout.blocks()))
    return _frame(pieces, table, layout, chosen, start)


def _return_memory_of_reading() -> None:
    """What Arrow keeps after a Parquet file is read is more than the responses of a large trial need."""
    if arrow := sys.modules.get("pyarrow"):
        arrow.default_memory_pool().release_unused()


def _block(
    arrays: LesionArrays, layout: Layout, span: tuple[int, int], criteria: Criteria, marks: VisitTable | None
) -> Columns:
    """The response columns of some series, as arrays."""
    block = Block(arrays, layout, *span)
    visits = slice(layout.series_start[span[0]], layout.series_start[span[1]])
    marked = VisitTable.silent(block.n_visits) if marks is None else marks.of(visits)
    facts = visit_facts(block, criteria, marked.imaged, marked.marker)
    grid = Grid.of(block.series_of_visit, facts.is_baseline, block.n_series)
    seen = with_joined_sum(Seen(block, grid, facts, marked, criteria))
    facts = seen.facts
    amounts = sums(block, facts, grid, criteria)
    asked = questions(seen, amounts)
    past = ~grid.spread(np.ones(block.n_visits, bool), False)
    scan = facts.first_day if criteria.response_date_rule == "earliest_in_visit" else facts.last_day
    course = course_of(asked, grid.spread(scan, NEVER) // arrays.ticks_per_day, past, criteria)
    progression_day, other_day = response_days(block, facts, grid, course, criteria)
    immune = confirmed(seen, asked, amounts, course, progression_day // arrays.ticks_per_day)
    progressed = immune.pop("progressed", course.overall == OVERALL.index("PD"))
    numbers = _millimetres(block, facts, grid, amounts)
    baseline_day = np.full(block.n_series, NEVER)
    at_baseline = np.flatnonzero(facts.is_baseline)
    np.minimum.at(baseline_day, block.series_of_visit[at_baseline], facts.first_day[at_baseline])
    return {
        "series": grid.series + span[0],
        "visit": layout.visit[visits][grid.visit],
        "date": grid.gather(np.where(progressed, progression_day, other_day)),
        "baseline_date": baseline_day[grid.series],
        **numbers,
        "n_targets": np.minimum(block.n_targets, 127).astype(np.int8)[grid.series],
        "n_targets_missing": np.minimum(
            block.n_targets[grid.series] - facts.n_valued[grid.visit], 127
        ).astype(np.int8),
        **{name: grid.gather(getattr(course, name)) for name in _DECIDED},
        "new_lesion": grid.gather(asked.new_lesion),
        **immune,
        **further(seen, asked, course),
    }


_DECIDED = ("target", "target_rule", "non_target", "non_target_rule", "overall", "overall_rule")


def _millimetres(block: Block, facts: VisitFacts, grid: Grid, amounts: Sums) -> Columns:
    """Sum, baseline and nadir in mm, missing where they are not known."""
    complete, scaled = grid.gather(amounts.complete), grid.gather(amounts.scaled)
    total = grid.gather(amounts.total)
    nadir, baseline = grid.gather(amounts.nadir), amounts.baseline[grid.series]
    has_baseline = (baseline < UNKNOWN) & ~block.no_baseline_sum[grid.series]
    result = {
        "sum_mm": millimetres(total, complete),
        "available_sum_mm": millimetres(facts.total[grid.visit], has_baseline),
        "baseline_mm": millimetres(baseline, has_baseline),
        "nadir_mm": millimetres(nadir, has_baseline),
    }
    if scaled.any():
        scale = grid.gather(np.broadcast_to(amounts.scale, grid.shape))
        result["sum_mm"][scaled] = (total * nadir / scale)[scaled] / 100.0
    return result


def _frame(
    pieces: list[Columns], table: pd.DataFrame, layout: Layout, criteria: Criteria, start: pd.DataFrame | None
) -> pd.DataFrame:
    """The columns of all blocks as one frame of responses."""
    column = {}
    for name in list(pieces[0]) if pieces else []:
        column[name] = np.concatenate([piece.pop(name) for piece in pieces])
    if not pieces:
        return responses_frame({}, table, criteria)
    series = column.pop("series")
    column["subject"], column["evaluator"] = layout.subject[series], layout.evaluator[series]
    dtype = table["date"].to_numpy().dtype
    dates = {name: column[name].view(dtype) for name in ("date", "baseline_date")}
    column |= dates
    column["start_date"] = start_days(column.pop("baseline_date"), column["subject"], table, start)
    return responses_frame(column, table, criteria)
