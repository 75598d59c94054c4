"""irRECIST: measured new lesions join the sum of the targets, and progression counts once it is confirmed.

Nishino M et al. Developing a common language for tumor response to immunotherapy: immune-related response criteria
using unidimensional measurements. Clin Cancer Res 2013;19:3936-43, doi:10.1158/1078-0432.CCR-13-0895
Compared with its kin in Dromain C et al. Eur Radiol Exp 2020;4:2, Table 3 (PMC6942076).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from recist.criteria import recist_1_1
from recist.criteria.base import ConfirmedProgression, ConventionCell, FurtherColumns, doc
from recist.decision_table import DecisionTable
from recist.immune_best_tables import IMMUNE_TABLES
from recist.sums import UNKNOWN, limit, millimetres
from recist.terms import IRECIST, NEW_LESION, NON_TARGET, OVERALL, PROGRESSION, TARGET, YES_NO

Ints = npt.NDArray[np.integer[Any]]
NOT_KNOWN, GONE = 0, 2  # status of a new lesion: recist.new_lesions
NONE, PENDING = PROGRESSION.index("none"), PROGRESSION.index("unconfirmed")


@dataclass(frozen=True, kw_only=True, repr=False)
class BurdenCriteria(ConfirmedProgression):
    """Total measured burden instead of the sum of the targets; the conventions that irRECIST leaves open."""

    ir_non_target: Literal["cr_only", "progression"] = doc(
        "cr_only",
        "what non-target lesions decide: whether a complete response is one, or progression too",
        "PMC6942076 Table 3; progression: Bohnsack 2014, PMC5994498 Table 2",
    )
    ir_early_non_pd: Literal["stays", "cancels"] = doc(
        "stays",
        "a scan without progression sooner than `i_min_days` after the first one: leaves it pending, or cancels it",
        "PMC6942076 Table 3: negated by a non-PD assessment at least 4 weeks later",
    )
    ir_after_confirmed: Literal["carried", "as_assessed"] = doc(
        "carried",
        "response of the visits after confirmed progression",
        "Hodi 2018: the best response may come after progression; else house",
    )


# The rows of RECIST 1.1 keep their ids; a row that says something else has one of its own.
TIME_POINT_RESPONSE = DecisionTable(
    name="Overall response at a time point, by total burden",
    where="irRECIST",
    inputs={
        "progressed": YES_NO,  # overall PD at an earlier visit (convention post_pd)?
        "target": TARGET,  # by the sum of the targets and the measured new lesions
        "non_target": NON_TARGET,
        "new_lesion": NEW_LESION,
        "assessed": YES_NO,  # was the visit imaged, and is there a baseline to compare with?
    },
    outputs={"overall": OVERALL},
    text="""
    rule  | progressed | target | non_target                | new_lesion | assessed | overall       | cite
    T0    | Y          | *      | *                         | *          | *        | PD            | RECIST 1.1 section 4.3.5: once PD, later resolution does not undo it
    T1.1  | N          | CR     | CR                        | not Y      | *        | CR            | RECIST 1.1 Table 1, row 1
    T1.Ha | N          | CR     | NA                        | not Y      | *        | CR            | house: RECIST 1.1 Table 1, row 1 without non-target disease
    IR.1  | N          | CR     | CR, NA                    | Y          | *        | PR            | PMC6942076 Table 3: a new lesion is no progression, but complete response needs all lesions gone
    IR.2  | N          | CR     | NON-CR/NON-PD             | *          | *        | PR            | PMC6942076 Table 3: non-target lesions only define complete response
    IR.3  | N          | CR     | NE                        | *          | *        | PR            | house: as RECIST 1.1 Table 1, row 3
    IR.4  | N          | PR     | CR, NON-CR/NON-PD, NE, NA | *          | *        | PR            | PMC6942076 Table 3: 30 % below baseline, new lesions in the sum
    IR.5  | N          | SD     | CR, NON-CR/NON-PD, NE, NA | *          | *        | SD            | PMC6942076 Table 3: neither PR nor PD, new lesions in the sum
    IR.6  | N          | NE     | CR, NON-CR/NON-PD, NE, NA | *          | *        | NE            | house: as RECIST 1.1 Table 1, row 6
    IR.7  | N          | PD     | *                         | *          | *        | PD            | PMC6942076 Table 3: 20 % above nadir, new lesions in the sum
    IR.n1 | N          | CR     | PD                        | *          | *        | PR            | PMC6942076 Table 3: non-target lesions only define complete response
    IR.n2 | N          | PR     | PD                        | *          | *        | PR            | PMC6942076 Table 3: progression only by measurable disease
    IR.n3 | N          | SD     | PD                        | *          | *        | SD            | PMC6942076 Table 3: progression only by measurable disease
    IR.n4 | N          | NE     | PD                        | *          | *        | NE            | PMC6942076 Table 3: progression only by measurable disease
    T2.1  | N          | NA     | CR                        | not Y      | *        | CR            | RECIST 1.1 Table 2, row 1
    T2.2  | N          | NA     | NON-CR/NON-PD             | not Y      | *        | NON-CR/NON-PD | RECIST 1.1 Table 2, row 2
    T2.3  | N          | NA     | NE                        | not Y      | *        | NE            | RECIST 1.1 Table 2, row 3
    T2.4  | N          | NA     | PD                        | *          | *        | PD            | house: without measurable disease as RECIST 1.1 Table 2, row 4
    T2.5  | N          | NA     | *                         | Y          | *        | PD            | house: without measurable disease as RECIST 1.1 Table 2, row 5
    T2.Ha | N          | NA     | NA                        | not Y      | Y        | NED           | house: no disease at baseline, none now (CDISC ONCRSR)
    T2.Hb | N          | NA     | NA                        | not Y      | N        | NE            | house: not imaged, or no baseline to compare with
    """,
)

CONFIRMATION = DecisionTable(
    name="Progression confirmed by the next assessment",
    where="irRECIST",
    inputs={
        "before": PROGRESSION,
        "overall": OVERALL,  # of this visit
        "late": YES_NO,  # is it at least i_min_days after the first progression?
    },
    outputs={"ioverall": IRECIST, "after": PROGRESSION},
    text="""
    rule   | before      | overall                        | late | ioverall         | after       | cite
    IRC.1  | none        | CR                             | *    | iCR              | none        | PMC6942076 Table 3: the response of the visit
    IRC.2  | none        | PR                             | *    | iPR              | none        | PMC6942076 Table 3: the response of the visit
    IRC.3  | none        | SD                             | *    | iSD              | none        | PMC6942076 Table 3: the response of the visit
    IRC.4  | none        | NON-CR/NON-PD                  | *    | NON-iCR/NON-iUPD | none        | house: the response of the visit
    IRC.5  | none        | NED                            | *    | NED              | none        | house: the response of the visit
    IRC.6  | none        | NE                             | *    | NE               | none        | house: the response of the visit
    IRC.7  | none        | PD                             | *    | iUPD             | unconfirmed | Nishino 2013: progression needs two consecutive observations
    IRC.8  | unconfirmed | PD                             | Y    | iCPD             | confirmed   | Nishino 2013: the second observation, at least 4 weeks later
    IRC.9  | unconfirmed | PD                             | N    | iUPD             | unconfirmed | Nishino 2013: less than 4 weeks later
    IRC.10 | unconfirmed | NE                             | *    | NE               | unconfirmed | house: nothing is said either way
    IRC.11 | unconfirmed | CR                             | Y    | iCR              | none        | PMC6942076 Table 3: negated by a later assessment that is not PD
    IRC.12 | unconfirmed | PR                             | Y    | iPR              | none        | PMC6942076 Table 3: negated by a later assessment that is not PD
    IRC.13 | unconfirmed | SD                             | Y    | iSD              | none        | PMC6942076 Table 3: negated by a later assessment that is not PD
    IRC.14 | unconfirmed | NON-CR/NON-PD                  | Y    | NON-iCR/NON-iUPD | none        | house: as with measurable disease
    IRC.15 | unconfirmed | NED                            | Y    | NED              | none        | house: as with measurable disease
    IRC.16 | unconfirmed | CR, PR, SD, NON-CR/NON-PD, NED | N    | iUPD             | unconfirmed | PMC6942076 Table 3: less than 4 weeks later, neither confirmed nor negated
    IRC.17 | confirmed   | PD                             | *    | iCPD             | confirmed   | house: progression stays confirmed
    IRC.18 | confirmed   | CR                             | *    | iCPD             | confirmed   | house: later responses do not undo confirmed progression
    IRC.19 | confirmed   | PR                             | *    | iCPD             | confirmed   | house: later responses do not undo confirmed progression
    IRC.20 | confirmed   | SD                             | *    | iCPD             | confirmed   | house: later responses do not undo confirmed progression
    IRC.21 | confirmed   | NON-CR/NON-PD                  | *    | iCPD             | confirmed   | house: later responses do not undo confirmed progression
    IRC.22 | confirmed   | NED                            | *    | iCPD             | confirmed   | house: later responses do not undo confirmed progression
    IRC.23 | confirmed   | NE                             | *    | iCPD             | confirmed   | house: later responses do not undo confirmed progression
    """,
)

_NON_TARGET_CELLS = tuple(
    ConventionCell("ir_non_target", "progression", "time_point", f"IR.n{n}", "PD") for n in (1, 2, 3, 4)
)
_AFTER_CELLS = tuple(
    ConventionCell("ir_after_confirmed", "as_assessed", "confirmation", rule, response)
    for rule, response in (
        ("IRC.18", "iCR"),
        ("IRC.19", "iPR"),
        ("IRC.20", "iSD"),
        ("IRC.21", "NON-iCR/NON-iUPD"),
        ("IRC.22", "NED"),
        ("IRC.23", "NE"),
    )
)


def total_burden(seen: Any) -> Any:
    """The facts of the visits with measured new lesions in the sum, from the first scan that shows them.

    A measured new lesion without a value leaves the sum unknown.  A new lesion that is not known to be gone stands,
    whether it is recorded at the visit or not.
    """
    new, block, facts, imaged = seen.new, seen.block, seen.facts, seen.marked.imaged
    has_sum = ((block.n_targets > 0) & ~block.no_baseline_sum)[block.series_of_visit]
    measured, node = new.is_target[:, None], new.node[:, None]
    known = new.status != NOT_KNOWN
    valued = known & measured & (new.size < UNKNOWN)
    enlarged = valued & node & (new.size >= limit(seen.criteria.node_normal_lt))
    added = _per_visit(seen, np.where(valued, new.size, 0))
    valued_here, lacking, there, large, stands = (
        has_sum & (_per_visit(seen, which) > 0)
        for which in (
            valued,
            known & measured & ~valued,
            valued & ~node & (new.status != GONE),
            enlarged,
            known & (new.status != GONE),
        )
    )
    at_most = np.where(lacking, block.n_targets[block.series_of_visit] - 1, facts.n_valued)
    return replace(
        facts,
        total=facts.total + np.where(has_sum, added, 0),
        n_valued=np.minimum(facts.n_valued, at_most),
        any_valued=facts.any_valued | valued_here,
        target_present=facts.target_present | there,
        node_enlarged=facts.node_enlarged | large,
        new_lesion=np.where(stands & imaged, NEW_LESION.index("Y"), facts.new_lesion),
    )


def _per_visit(seen: Any, amount: npt.NDArray[Any]) -> Ints:
    """A number per new lesion and visit, summed over the lesions: one element per visit of the block."""
    grid = seen.grid
    total = np.zeros(grid.shape, np.int64)
    np.add.at(total, seen.new.series, amount.astype(np.int64))
    result = np.zeros(seen.block.n_visits, np.int64)
    result[grid.visit] = total[grid.series, grid.rank]
    return result


def confirmed_progression(seen: Any, course: Any, day: Ints) -> dict[str, Any]:
    """Walk over the visits: progression is pending until a later one confirms or cancels it."""
    criteria, table = seen.criteria, seen.criteria.in_force("confirmation")
    rules = np.arange(len(table.rules))
    ioverall, after = (table.outcome(name, rules) for name in ("ioverall", "after"))
    shape, pd = course.overall.shape, OVERALL.index("PD")
    state, since = np.full(shape[0], NONE), np.zeros(shape[0], np.int64)
    decided, flagged = np.zeros(shape, np.int8), np.zeros(shape, bool)
    for v in range(shape[1]):
        overall, gap = course.overall[:, v], day[:, v] - since
        late = gap >= criteria.i_min_days - criteria.i_tol_days
        if criteria.ir_early_non_pd == "cancels":
            late = late | (overall != pd)
        decided[:, v] = rule = table.decide(state, overall, late)
        confirms = (ioverall[rule] == IRECIST.index("iCPD")) & (state == PENDING)
        flagged[:, v] = confirms & (gap > criteria.i_max_days)
        since = np.where((state == NONE) & (after[rule] == PENDING), day[:, v], since)
        state = after[rule]
    response = ioverall[decided]
    return {
        "ioverall": seen.grid.gather(response),
        "ioverall_rule": seen.grid.gather(decided),
        "late_confirmation": seen.grid.gather(flagged),
        "clinically_stable": seen.marked.stable[seen.grid.visit],
        "progressed": np.isin(response, [IRECIST.index(word) for word in ("iUPD", "iCPD")]),
    }


def new_lesion_sum(seen: Any, asked: Any, course: Any) -> dict[str, Any]:
    """What measured new lesions add to the sum of each visit, mm."""
    new = seen.new
    valued = (new.status != NOT_KNOWN) & new.is_target[:, None] & (new.size < UNKNOWN)
    added = _per_visit(seen, np.where(valued, new.size, 0))[seen.grid.visit]
    has_sum = ((seen.block.n_targets > 0) & ~seen.block.no_baseline_sum)[seen.grid.series]
    return {"new_lesion_sum_mm": millimetres(added, has_sum)}


def new_lesion_lines(row: Any, criteria: Any) -> list[str]:
    """How much of the sum is new, for an explanation."""
    if not row.new_lesion_sum_mm > 0:
        return []
    return [f"  Measured new lesions in the sum: {row.new_lesion_sum_mm:.1f} mm."]


NEW_IN_SUM = FurtherColumns(
    dictionary={
        "new_lesion_sum_mm": (
            "float64",
            "mm",
            "What measured new lesions add to `sum_mm` and `available_sum_mm`.",
        )
    },
    terms={},
    compute=new_lesion_sum,
    explain=new_lesion_lines,
)

CRITERIA = BurdenCriteria(
    **{f.name: getattr(recist_1_1.CRITERIA, f.name) for f in fields(recist_1_1.CRITERIA)}
    | {
        "name": "irrecist",
        "title": "irRECIST",
        "citation": "Nishino 2013, Clin Cancer Res 19:3936-3943, doi:10.1158/1078-0432.CCR-13-0895",
        "time_point": TIME_POINT_RESPONSE,
        "confirmation": CONFIRMATION,
        "tables": IMMUNE_TABLES,
        "join_sum": total_burden,
        "confirm": confirmed_progression,
        "further": NEW_IN_SUM,
        "convention_cells": (recist_1_1.CRITERIA.convention_cells[0], *_NON_TARGET_CELLS, *_AFTER_CELLS),
        "reappearance_after_cr": "off",  # progression only by the sum
        "cr_then_lesser": "as_recorded",
        "post_pd": "as_assessed",  # progression is carried on by the confirmation
        "i_max_days": 84,
    }
)
