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
    rules: list[Ints] = [np.zeros(shape, np.int8) for _ in tables]
    responses: list[Ints] = [np.zeros(shape, np.int8) for _ in tables]
    returned = np.zeros(shape, bool)
    was_complete = np.zeros(shape[0], bool)  # overall CR at an earlier visit
    targets_were = np.zeros(shape[0], bool)  # complete response as the convention for targets reads it
    progressed = np.zeros(shape[0], bool)
    carried = tables[2].decide(1, 0, 0, 0, 0)
    for v in range(shape[1]):
        back = _targets_back(tests, criteria, v) & targets_were
        returned[:, v] = tests.non_target_present_not_node[:, v] & was_complete
        target_rule = tables[0].decide(*_target_inputs(tests, v, back, held[:, v]))
        non_target_rule = tables[1].decide(*_non_target_inputs(tests, v, returned[:, v]))
        target, non_target = terms[0][target_rule], terms[1][non_target_rule]
        as_assessed = tables[2].decide(0, target, non_target, tests.new_lesion[:, v], tests.assessed[:, v])
        seen = terms[2][as_assessed]
        overall_rule = np.where(progressed, carried, as_assessed)
        overall = terms[2][overall_rule]
        for array, value in zip(rules, (target_rule, non_target_rule, overall_rule), strict=True):
            array[:, v] = value
        for array, value in zip(responses, (target, non_target, overall), strict=True):
            array[:, v] = value
        if criteria.reappearance_after_cr != "off":
            was_complete |= seen == OVERALL.index("CR")
            targets_were |= was_complete
        if criteria.reappearance_after_cr == "target_cr":
            targets_were |= target == TARGET.index("CR")
        if criteria.post_pd == "carry_pd":
            progressed |= overall == OVERALL.index("PD")
    return Course(rules[0], rules[1], rules[2], responses[0], responses[1], responses[2], returned)


def _targets_back(tests: Tests, criteria: Criteria, v: int) -> Mask:
    """Is a target there that complete response would rule out (RECIST 1.1 Appendix III, EORTC FAQ)?"""
    if criteria.node_regrowth_after_cr == "ge10":
        return np.asarray(tests.present[:, v] | tests.node_enlarged[:, v])
    return tests.present[:, v]


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


def holding(begins: Mask, ends: Mask) -> Mask:
    """Visits at which something holds that began at an earlier visit and has not ended since."""
    held = np.zeros_like(begins)
    for v in range(1, begins.shape[1]):
        held[:, v] = (held[:, v - 1] | begins[:, v - 1]) & ~ends[:, v - 1]
    return held
