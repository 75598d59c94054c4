"""The one loop of the engine: step through the visits, all subjects at once.

Only what depends on an *earlier* response needs it: a lesion back after complete response, PD that is not
undone, PR that continues.  Everything else is decided by a table from the facts of the visit alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recist.criteria.base import Criteria
from recist.terms import OVERALL, TARGET

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Tests:
    """What the tables ask, as series x visits arrays; the first two as one value per series."""

    targets_at_baseline: Mask
    non_targets_at_baseline: Mask
    evaluated: Ints  # EVALUATED code
    gone: Mask
    present: Mask  # a non-nodal target
    node_enlarged: Mask
    grew: Mask
    shrank: Mask
    progressed: Mask
    missing: Mask  # a non-target
    non_target_present: Mask
    non_target_present_not_node: Mask
    marker: Mask
    new_lesion: Ints  # NEW_LESION code
    assessed: Mask


@dataclass(frozen=True)
class Course:
    """Rule numbers and responses of every visit, series x visits."""

    target_rule: Ints
    non_target_rule: Ints
    overall_rule: Ints
    target: Ints
    non_target: Ints
    overall: Ints
    non_target_returned: Mask


def walk(tests: Tests, criteria: Criteria, held: Mask) -> Course:
    """Decide every visit in turn.  `held`: visits at which an earlier PR continues (series x visits)."""
    tables = [criteria.in_force(name) for name in ("target", "non_target", "time_point")]
    terms = [table.outcome(next(iter(table.outputs)), np.arange(len(table.rules))) for table in tables]
    shape = tests.evaluated.shape
    rules = [np.zeros(shape, np.int8) for _ in tables]
    responses = [np.zeros(shape, np.int8) for _ in tables]
    returned = np.zeros(shape, bool)
    was_complete = np.zeros(shape[0], bool)  # complete response at an earlier visit, as the convention reads it
    progressed = np.zeros(shape[0], bool)
    for v in range(shape[1]):
        back = _targets_back(tests, criteria, v) & was_complete
        returned[:, v] = tests.non_target_present_not_node[:, v] & was_complete
        target_rule = tables[0].decide(*_target_inputs(tests, v, back, held[:, v]))
        non_target_rule = tables[1].decide(*_non_target_inputs(tests, v, returned[:, v]))
        target, non_target = terms[0][target_rule], terms[1][non_target_rule]
        overall_rule = tables[2].decide(
            progressed, target, non_target, tests.new_lesion[:, v], tests.assessed[:, v]
        )
        overall = terms[2][overall_rule]
        for array, value in zip(rules, (target_rule, non_target_rule, overall_rule), strict=True):
            array[:, v] = value
        for array, value in zip(responses, (target, non_target, overall), strict=True):
            array[:, v] = value
        was_complete |= _complete(criteria, target, overall)
        if criteria.post_pd == "carry_pd":
            progressed |= overall == OVERALL.index("PD")
    return Course(*rules, *responses, returned)


def _targets_back(tests: Tests, criteria: Criteria, v: int) -> Mask:
    """Is a target there that complete response would rule out (RECIST 1.1 Appendix III, EORTC FAQ)?"""
    if criteria.node_regrowth_after_cr == "ge10":
        return np.asarray(tests.present[:, v] | tests.node_enlarged[:, v])
    return tests.present[:, v]


def _complete(criteria: Criteria, target: Ints, overall: Ints) -> Mask:
    if criteria.reappearance_after_cr == "overall_cr":
        return np.asarray(overall == OVERALL.index("CR"))
    if criteria.reappearance_after_cr == "target_cr":
        return np.asarray((overall == OVERALL.index("CR")) | (target == TARGET.index("CR")))
    return np.zeros(len(overall), bool)


def _target_inputs(tests: Tests, v: int, back: Mask, held: Mask) -> tuple[npt.ArrayLike, ...]:
    return (
        tests.targets_at_baseline,
        tests.evaluated[:, v],
        tests.gone[:, v],
        back,
        tests.grew[:, v],
        tests.shrank[:, v],
        held,
    )


def _non_target_inputs(tests: Tests, v: int, returned: Mask) -> tuple[npt.ArrayLike, ...]:
    return (
        tests.non_targets_at_baseline,
        tests.progressed[:, v],
        returned,
        tests.missing[:, v],
        tests.non_target_present[:, v],
        tests.marker[:, v],
    )


def earlier(flag: Mask) -> Mask:
    """Has `flag` held at any visit before this one?"""
    before = np.zeros_like(flag)
    for v in range(1, flag.shape[1]):
        before[:, v] = before[:, v - 1] | flag[:, v - 1]
    return before


