"""iRECIST beside RECIST 1.1: the walk over iUPD, its confirmation and the reset of the bar.

Seymour 2017; EORTC iRECIST FAQ.  docs/decisions/0010-irecist.md lists what the papers leave open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from recist.course import Sums
from recist.criteria.irecist import FURTHER, LEAVE, ImmuneCriteria
from recist.immune_anchor import UNRANKED, Anchor, note
from recist.new_lesions import GONE, NOT_EVALUATED, NOT_KNOWN, PRESENT, NewLesions
from recist.sums import UNKNOWN, Hundredths, limit
from recist.terms import IRECIST, NON_TARGET, PROGRESSION, TARGET
from recist.walk import Course

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
NONE, PENDING, CONFIRMED = range(len(PROGRESSION))
T_PR, T_SD, T_PD, T_NE, T_NA = (TARGET.index(t) for t in ("PR", "SD", "PD", "NE", "NA"))
T_CR = TARGET.index("CR")
N_CR, N_NN, N_PD, N_NE, N_NA = (NON_TARGET.index(t) for t in ("CR", "NON-CR/NON-PD", "PD", "NE", "NA"))
WORST = 9


@dataclass(frozen=True)
class ImmuneFacts:
    """What the walk compares between visits; series x visits."""

    target: Ints
    non_target: Ints
    day: Ints  # day of the scan that PD would be dated at
    total: Hundredths  # sum over the targets with a value
    complete: Mask
    below_pr: Mask  # complete sum at or below the PR limit
    increased: Mask  # a non-target grew further
    new_symptoms: Mask
    assessed: Mask
    new: NewLesions


@dataclass
class Walk:
    """State of the walk and what it has decided."""

    facts: ImmuneFacts
    criteria: ImmuneCriteria
    state: Ints
    anchor: Anchor
    rule: Ints
    response: Ints
    late: Mask
    isom: Hundredths = field(init=False)
    isom_complete: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.isom, self.isom_complete = isom(self.facts)


def isom(facts: ImmuneFacts) -> tuple[Hundredths, Mask]:
    """Sum over the known new targets (a lower bound where one is not evaluated), and where it is complete."""
    new, shape = facts.new, facts.target.shape
    total, lacking = np.zeros(shape, np.int64), np.zeros(shape, bool)
    for v in range(shape[1]):
        known = new.is_target & (new.status[:, v] != NOT_KNOWN)
        sized = known & (new.size[:, v] < UNKNOWN)
        np.add.at(total[:, v], new.series[sized], new.size[sized, v])
        lacking[new.series[known & ~sized], v] = True
    return total, ~lacking


def immune_walk(facts: ImmuneFacts, criteria: ImmuneCriteria) -> Walk:
    """Decide every visit in turn."""
    n, width = facts.target.shape
    lesions = len(facts.new.series)
    walk = Walk(
        facts, criteria, np.zeros(n, np.int8), Anchor.none(n, lesions),
        np.zeros((n, width), np.int8), np.zeros((n, width), np.int8), np.zeros((n, width), bool),
    )  # fmt: skip
    table = criteria.in_force("confirmation")
    rules = np.arange(len(table.rules))
    after, here = table.outcome("after", rules), table.outcome("anchor", rules) == 1
    ioverall = table.outcome("ioverall", rules)
    for v in range(width):
        at = Visit(walk, v)
        rule = table.decide(
            walk.state, at.target, facts.non_target[:, v], at.new_lesion, at.standing,
            at.further, at.leave, facts.assessed[:, v],
        )  # fmt: skip
        walk.rule[:, v], walk.response[:, v] = rule, ioverall[rule]
        walk.late[:, v] = (
            (ioverall[rule] == IRECIST.index("iCPD"))
            & (walk.state == PENDING)
            & (at.gap > criteria.i_max_days)
        )
        _move_anchor(walk, at, v, here[rule])
        walk.state = after[rule]
        _follow_block(walk, v)
    return walk


class Visit:
    """The questions of the table at one visit."""

    def __init__(self, walk: Walk, v: int) -> None:
        facts, criteria, anchor = walk.facts, walk.criteria, walk.anchor
        self._walk, self._v, self.n = walk, v, len(walk.state)
        self.pending = walk.state == PENDING
        self.gap = facts.day[:, v] - anchor.day
        new = facts.new
        self.fresh = new.any_in(new.known == v, self.n)
        self.new_grew = _isom_progressed(walk, v) | new.any_in(
            ~new.is_target & new.increased[:, v] & (new.known < v), self.n
        )
        self.new_progress = self.fresh | self.new_grew
        self.new_lesion = np.where(
            self.pending, self.fresh, self.new_progress
        )  # growth alone is for `further`
        self.standing = new.any_in((new.known <= v) & (new.status[:, v] != GONE), self.n)
        target = self._target()
        if criteria.cr_with_nt_ne == "NE":
            target = np.where((target == T_CR) & (facts.non_target[:, v] == N_NE), T_NE, target)
        self.target = target
        self.base = _base_rank(facts, target, v)
        self.further = self._further()
        self.leave = self._leave()

    def _target(self) -> Ints:
        """Target response; by `pr_vs_baseline_wins` PD is read as PR where the sum fell back below the PR limit."""
        facts, anchor, v = self._walk.facts, self._walk.anchor, self._v
        target = facts.target[:, v]
        if self._walk.criteria.i_reset_rule == "nadir_strict":
            return target
        fell = facts.complete[:, v] & (facts.total[:, v] < anchor.first_sum) & (anchor.first_sum < UNKNOWN)
        wins = self.pending & (target == T_PD) & fell & facts.below_pr[:, v]
        return np.where(wins, np.int8(T_PR), target)

    def _further(self) -> Ints:
        """Is the pending progression confirmed, and late enough?"""
        walk, v, anchor, facts = self._walk, self._v, self._walk.anchor, self._walk.facts
        criteria, new = walk.criteria, facts.new
        of_block = criteria.i_increase_ref == "iupd"
        sum_then = anchor.first_sum if of_block else anchor.lowest_sum
        isom_then = anchor.first_isom if of_block else anchor.lowest_isom
        size_then = anchor.lesion_first if of_block else anchor.lesion_lowest
        enough = limit(criteria.i_increase_mm)
        target_pd, non_target_pd = facts.target[:, v] == T_PD, facts.non_target[:, v] == N_PD
        by_target = target_pd & ((facts.total[:, v] - sum_then >= enough) | ~anchor.by_target)
        by_non_target = np.where(anchor.by_non_target, facts.increased[:, v], non_target_pd)
        larger = (
            ~new.is_target & new.unsaid[:, v] & (new.status[:, v] == PRESENT) & (size_then < UNKNOWN)
            & (new.known <= anchor.rank[new.series]) & (new.size[:, v] < UNKNOWN) & (new.size[:, v] > size_then)
        )  # fmt: skip
        not_target_grew = ~new.is_target & new.increased[:, v] & (new.known < v)
        by_growth = (walk.isom[:, v] - isom_then >= enough) | new.any_in(larger | not_target_grew, self.n)
        additional = new.any_in((new.known > anchor.rank[new.series]) & (new.status[:, v] == PRESENT), self.n)
        by_new = additional | np.where(anchor.by_new, by_growth, self.new_progress)
        met = self.pending & (by_target | by_non_target | by_new)
        early = self.gap < criteria.i_min_days - criteria.i_tol_days
        excepted = criteria.i_early_exception & facts.new_symptoms[:, v] & additional
        return np.where(met, np.where(early & ~excepted, FURTHER.index("too early"), FURTHER.index("yes")), 0)

    def _leave(self) -> Ints:
        """May the block be left?  Not while what drove it is not evaluated, or a new lesion stands unimproved."""
        walk, v, anchor, facts = self._walk, self._v, self._walk.anchor, self._walk.facts
        new, no, unknown, yes = facts.new, *(LEAVE.index(word) for word in LEAVE)
        of_anchor = (new.known <= anchor.rank[new.series]) & anchor.lesion_there
        not_evaluated = new.any_in(of_anchor & (new.status[:, v] == NOT_EVALUATED), self.n)
        blind = (anchor.by_non_target & (facts.non_target[:, v] == N_NE)) | (anchor.by_new & not_evaluated)
        blind |= self.base == UNRANKED
        if walk.criteria.i_new_lesion_policy == "strict_table2":
            there = new.any_in((new.known <= v) & (new.status[:, v] == PRESENT), self.n)
            return np.where(there, no, np.where(blind, unknown, yes))
        stands = anchor.by_new & new.any_in(of_anchor & (new.status[:, v] == PRESENT), self.n)
        better = (self.base < anchor.base) & (anchor.base < UNRANKED)
        lower = facts.complete[:, v] & (facts.total[:, v] < anchor.first_sum) & (anchor.first_sum < UNKNOWN)
        isom_lower = (
            walk.isom_complete[:, v] & (walk.isom[:, v] < anchor.first_isom) & (anchor.first_isom < UNKNOWN)
        )
        gone = new.any_in(of_anchor & (new.status[:, v] == GONE), self.n)
        return np.where(blind, unknown, np.where(stands & ~(better | lower | isom_lower | gone), no, yes))


def _base_rank(facts: ImmuneFacts, target: Ints, v: int) -> Ints:
    """Rank of the response by target and non-target alone: CR 0, PR 1, SD 2, PD worst, not evaluable unranked."""
    non_target = facts.non_target[:, v]
    rank = np.full(len(target), UNRANKED)
    complete = (non_target == N_CR) | (non_target == N_NA)
    rank[target == T_CR] = 1
    rank[(target == T_CR) & complete] = 0
    rank[target == T_PR] = 1
    rank[target == T_SD] = 2
    rank[(target == T_NA) & (non_target == N_CR)] = 0
    rank[(target == T_NA) & (non_target == N_NN)] = 2
    rank[(target == T_NA) & (non_target == N_NA) & facts.assessed[:, v]] = 2
    rank[(target == T_PD) | (non_target == N_PD)] = WORST
    return rank


def _isom_progressed(walk: Walk, v: int) -> Mask:
    """iSOM 20 % and 5 mm above its nadir, the smallest complete one since the last new target joined it."""
    facts, criteria = walk.facts, walk.criteria
    new, n = facts.new, len(walk.state)
    members = new.is_target & (new.known <= v)
    if not members.any():
        return np.zeros(n, bool)
    since = np.zeros(n, np.int64)
    np.maximum.at(since, new.series[members], new.known[members])
    nadir = np.full(n, UNKNOWN)
    for u in range(v):
        counts = walk.isom_complete[:, u] & (since <= u) & new.any_in(new.is_target & (new.known <= u), n)
        nadir = np.where(counts, np.minimum(nadir, walk.isom[:, u]), nadir)
    now = walk.isom[:, v]
    grew = (now - nadir >= limit(criteria.pd_abs_mm)) & (now > nadir)
    return np.asarray(grew & (100 * now >= (100 + criteria.pd_pct) * nadir) & (nadir < UNKNOWN))


def _move_anchor(walk: Walk, at: Visit, v: int, moves: Mask) -> None:
    """A new block begins: remember what drove it and what there was."""
    anchor, facts = walk.anchor, walk.facts
    for name, value in (
        ("rank", v),
        ("day", facts.day[:, v]),
        ("by_target", facts.target[:, v] == T_PD),
        ("by_non_target", facts.non_target[:, v] == N_PD),
        ("by_new", at.new_progress),
        ("base", at.base),
        ("first_sum", UNKNOWN),
        ("lowest_sum", UNKNOWN),
        ("first_isom", UNKNOWN),
        ("lowest_isom", UNKNOWN),
    ):
        setattr(anchor, name, np.where(moves, value, getattr(anchor, name)))
    lesions = moves[facts.new.series]
    present = (facts.new.status[:, v] == PRESENT) & (facts.new.known <= v)
    anchor.lesion_there = np.where(lesions, present, anchor.lesion_there)
    anchor.lesion_first = np.where(lesions, UNKNOWN, anchor.lesion_first)
    anchor.lesion_lowest = np.where(lesions, UNKNOWN, anchor.lesion_lowest)


def _follow_block(walk: Walk, v: int) -> None:
    """First and lowest complete sums of the block, this visit included."""
    anchor, facts, pending = walk.anchor, walk.facts, walk.state == PENDING
    new = facts.new
    has_new = new.any_in(new.is_target & (new.known <= v), len(walk.state))
    for name, now, known in (
        ("sum", facts.total[:, v], facts.complete[:, v] & pending),
        ("isom", walk.isom[:, v], walk.isom_complete[:, v] & pending & has_new),
        ("lesion", new.size[:, v], (new.size[:, v] < UNKNOWN) & pending[new.series]),
    ):
        note(anchor, name, now, known)


def immune_facts(
    course: Course, amounts: Sums, below_pr: Mask, day: Ints, rest: dict[str, Mask], new: NewLesions
) -> ImmuneFacts:
    """Put together what the walk needs from the RECIST 1.1 course of the same visits."""
    return ImmuneFacts(
        target=course.target,
        non_target=course.non_target,
        day=day,
        total=amounts.total,
        complete=amounts.complete,
        below_pr=below_pr & amounts.complete,
        new=new,
        **rest,
    )
