"""itRECIST: RECIST 1.1 for therapy injected into tumours, with responses of their own of what was and was not injected.

Goldmacher GV et al. Response criteria for intratumoral immunotherapy in solid tumors: itRECIST. J Clin Oncol
2020;38:2667-2676, doi:10.1200/JCO.19.02985
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from recist.criteria import recist_1_1
from recist.criteria.base import Criteria, FurtherColumns, doc
from recist.sums import UNKNOWN, grew, millimetres, shrank
from recist.terms import EVALUATED, NEW_LESION, OVERALL, ROLE, TARGET
from recist.wording import mm

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
NONE, SOME, ALL = (EVALUATED.index(word) for word in ("none", "some", "all"))
GROUPS = ("injected", "non_injected")


@dataclass(frozen=True, kw_only=True, repr=False)
class InjectedCriteria(Criteria):
    """The combined response of RECIST 1.1, and what itRECIST leaves open about the two groups."""

    it_new_lesions: Literal["non_injected", "neither"] = doc(
        "non_injected",
        "group in which a new lesion is progression; the combined response has it in any case",
        "house: nobody injected it before it was seen",
    )


def injected_lesions(seen: Any) -> Mask:
    """Lesions at baseline x visits: chosen for injection at baseline, or injected before the scan of that visit.

    Once injected a lesion stays so; one whose row says nothing is as it was.
    """
    block, grid = seen.block, seen.grid
    lesions = len(block.base_role)
    said = block.arrays.flags("injected", block.rows) == 1
    at = np.flatnonzero(said & (block.lesion >= 0))
    injected = np.zeros((lesions, grid.shape[1]), bool)
    rank = np.zeros(block.n_visits, np.int64)  # a baseline row speaks of every visit
    rank[grid.visit] = grid.rank
    if lesions and grid.shape[1]:
        injected[block.lesion[at], rank[block.visit[at]]] = True
    return np.asarray(np.logical_or.accumulate(injected, axis=1))


def group_columns(seen: Any, asked: Any, course: Any) -> dict[str, Any]:
    """Sum, baseline, nadir and responses of the injected and of the other lesions, one element per visit.

    A lesion counts in the group it is in at the visit, for baseline and nadir too: both are those of the lesions that
    make up the group now, so that a lesion that changes groups is neither growth nor shrinkage.
    """
    injected = injected_lesions(seen)
    columns: dict[str, Any] = {}
    for name, members in zip(GROUPS, (injected, ~injected), strict=True):
        new = asked.new_lesion
        if name == "injected" or seen.criteria.it_new_lesions == "neither":
            new = np.full(new.shape, NEW_LESION.index("N"), new.dtype)
        group = _group(seen, members)
        found = _responses(seen.criteria, group, new, asked.assessed)
        columns |= {f"{name}_{what}": seen.grid.gather(values) for what, values in found.items()}
    return columns


def _group(seen: Any, members: Mask) -> dict[str, npt.NDArray[Any]]:
    """Sums of the members of a group and the answers to the questions of the tables, series x visits."""
    columns: list[dict[str, npt.NDArray[Any]]] = []
    of: dict[str, Any] = {}
    for v in range(members.shape[1]):
        if v == 0 or not np.array_equal(members[:, v], members[:, v - 1]):
            of = _at_all_visits(seen, members[:, v])
        columns.append(_at_visit(of, v, seen.criteria))
    return {name: np.stack([column[name] for column in columns], axis=1) for name in (columns or [{}])[0]}


def _at_all_visits(seen: Any, members: Mask) -> dict[str, Any]:
    """What is known of these lesions: how many, their baseline, and the facts of every visit."""
    block, grid = seen.block, seen.grid
    kept = block.lesion[block.base_rows] == np.arange(len(block.base_rows))
    facts, n = seen.facts_of(members), grid.shape[0]
    targets, others = (members & kept & (block.base_role == ROLE.index(r)) for r in ("target", "non-target"))
    baseline = np.zeros(n, np.int64)
    np.add.at(baseline, block.base_series[targets], block.base_value[targets])
    count = np.bincount(block.base_series[targets], minlength=n)
    return {
        "count": count,
        "others": np.bincount(block.base_series[others], minlength=n),
        "known": (count > 0) & ~block.no_baseline_sum,
        "baseline": baseline,
        "total": grid.spread(facts.total, 0),
        "complete": (grid.spread(facts.n_valued, 0) == count[:, None]) & (count > 0)[:, None],
        "evaluated": grid.spread(facts.n_evaluated, 0),
        **_answers(grid, facts),
    }


def _at_visit(of: dict[str, Any], v: int, criteria: Criteria) -> dict[str, npt.NDArray[Any]]:
    """The sums of the lesions at one visit and the answers that follow."""
    total, complete, known, baseline = of["total"][:, v], of["complete"][:, v], of["known"], of["baseline"]
    earlier = np.where(of["complete"][:, :v], of["total"][:, :v], UNKNOWN)
    nadir = np.minimum(baseline, earlier.min(axis=1, initial=UNKNOWN))
    return {
        "sum_mm": millimetres(total, complete & known),
        "baseline_mm": millimetres(baseline, known),
        "nadir_mm": millimetres(nadir, known),
        "targets": of["count"] > 0,
        "evaluated": np.where(complete, ALL, np.where(of["any_valued"][:, v], SOME, NONE)),
        "gone": ~(of["target_present"] | of["node_enlarged"])[:, v],
        "grew": known & grew(total, nadir, 1, criteria),
        "shrank": known & shrank(total, baseline, 1, criteria),
        "non_targets": of["others"] > 0,
        "progressed": of["progressed"][:, v],
        "missing": of["evaluated"][:, v] < of["others"],
        "present": of["present"][:, v],
    }


def _answers(grid: Any, facts: Any) -> dict[str, Mask]:
    names = ("any_valued", "target_present", "node_enlarged", "progressed", "present")
    return {name: grid.spread(getattr(facts, name), False) for name in names}


def _responses(
    criteria: Criteria, group: dict[str, npt.NDArray[Any]], new: Ints, assessed: Mask
) -> dict[str, npt.NDArray[Any]]:
    """Target and overall response of a group by the tables of RECIST 1.1; nothing of an earlier visit counts."""
    if not group:
        return {name: np.zeros(new.shape) for name in COLUMNS}
    target_table, non_target_table, table = (
        criteria.in_force(name) for name in ("target", "non_target", "time_point")
    )
    target_rule = target_table.decide(
        group["targets"], group["evaluated"], group["gone"], 0, group["grew"], group["shrank"], 0
    )
    target = target_table.outcome("target", target_rule)
    non_target = non_target_table.outcome(
        "non_target",
        non_target_table.decide(
            group["non_targets"], group["progressed"], 0, group["missing"], group["present"], 0
        ),
    )
    rule = table.decide(0, target, non_target, new, assessed)
    response = table.outcome("overall", rule)
    empty = ~group["targets"] & ~group["non_targets"] & (response == OVERALL.index("NED"))
    return {
        **{name: group[name] for name in ("sum_mm", "baseline_mm", "nadir_mm")},
        "target": target,
        "target_rule": target_rule,
        "response": np.where(empty, len(OVERALL), response),
        "response_rule": rule,
    }


def group_lines(row: Any, criteria: Any) -> list[str]:
    """The two groups with their sums and responses, for an explanation."""
    lines = []
    for name in GROUPS:
        response = getattr(row, f"{name}_response")
        total, baseline, nadir = (getattr(row, f"{name}_{what}_mm") for what in ("sum", "baseline", "nadir"))
        size = "" if np.isnan(baseline) else f", baseline {mm(baseline)}, nadir {mm(nadir)}"
        size = ("no sum" if np.isnan(total) else f"sum {mm(total)}") + size
        rules = f"{getattr(row, f'{name}_target_rule')}, {getattr(row, f'{name}_response_rule')}"
        lines.append(f"  {name.replace('_', '-').capitalize()} lesions: {response} by {rules}; {size}.")
    return lines


COLUMNS = {  # of each group
    "sum_mm": ("float64", "mm", "Sum of diameters of the {} targets; missing when one of them is."),
    "baseline_mm": ("float64", "mm", "Sum at baseline of the targets that are {} at this visit."),
    "nadir_mm": (
        "float64",
        "mm",
        "Smallest complete sum before this visit of the targets that are {} at it.",
    ),
    "target": ("category", "", "Target response of the {} targets; NA: none."),
    "target_rule": ("category", "", "Row of the target table that decided it."),
    "response": ("category", "", "Response of the {} lesions, targets and non-targets; NA: none."),
    "response_rule": ("category", "", "Row of the table of overall responses that decided it."),
}
_TERMS = {
    "target": TARGET,
    "target_rule": recist_1_1.CRITERIA.target.ids(),
    "response": (*OVERALL, "NA"),
    "response_rule": recist_1_1.CRITERIA.time_point.ids(),
}
BY_INJECTION = FurtherColumns(
    dictionary={
        f"{group}_{name}": (dtype, unit, sentence.format(group.replace("_", "-")))
        for group in GROUPS
        for name, (dtype, unit, sentence) in COLUMNS.items()
    },
    terms={f"{group}_{name}": terms for group in GROUPS for name, terms in _TERMS.items()},
    compute=group_columns,
    explain=group_lines,
)

CRITERIA = InjectedCriteria(
    **{f.name: getattr(recist_1_1.CRITERIA, f.name) for f in fields(recist_1_1.CRITERIA)}
    | {
        "name": "itrecist",
        "title": "itRECIST",
        "citation": "Goldmacher 2020, J Clin Oncol 38:2667-2676, doi:10.1200/JCO.19.02985",
        "needs": ("injected",),
        "further": BY_INJECTION,
        "max_targets": 10,  # five injected and five not
        "max_per_organ": 10,  # no limit of its own found
    }
)
