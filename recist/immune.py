"""iRECIST beside RECIST 1.1: the walk over iUPD, its confirmation and the reset of the bar.

Seymour 2017; EORTC iRECIST FAQ.  docs/decisions/0010-irecist.md lists what the papers leave open.
Before any progression the table decides from the visit alone, all visits at once; the walk asks its questions
only of the series whose progression is pending.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recist.course import Sums
from recist.criteria.irecist import FURTHER, LEAVE, ImmuneCriteria
from recist.immune_anchor import UNRANKED, Anchor, note
from recist.immune_signs import NewSigns, new_signs
from recist.new_lesions import GONE, NOT_EVALUATED, PRESENT, NewLesions
from recist.sums import UNKNOWN, Hundredths, limit
from recist.terms import IRECIST, NON_TARGET, PROGRESSION, TARGET
from recist.walk import Course

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
NONE, PENDING, CONFIRMED = range(len(PROGRESSION))
T_CR, T_PR, T_SD, T_PD, T_NE, T_NA = (TARGET.index(t) for t in ("CR", "PR", "SD", "PD", "NE", "NA"))
N_CR, N_NN, N_PD, N_NE, N_NA = (NON_TARGET.index(t) for t in ("CR", "NON-CR/NON-PD", "PD", "NE", "NA"))
WORST = 9


def _ranks() -> Ints:
    """Rank of the response by target, non-target and assessed: CR 0, PR 1, SD 2, PD worst, not evaluable unranked."""
    rank = np.full((len(TARGET), len(NON_TARGET), 2), UNRANKED)
    rank[T_CR] = 1
    rank[T_CR, [N_CR, N_NA]] = 0
    rank[T_PR], rank[T_SD] = 1, 2
    rank[T_NA, N_CR], rank[T_NA, N_NN], rank[T_NA, N_NA, 1] = 0, 2, 2
    rank[T_PD], rank[:, N_PD] = WORST, WORST
    return rank


RANK = _ranks()


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
    target: Ints  # as the table reads it: with CR beside a non-target not evaluated as the convention has it
    signs: NewSigns
    state: Ints
    anchor: Anchor
    rule: Ints
    response: Ints
    late: Mask

    @classmethod
    def begin(cls, facts: ImmuneFacts, criteria: ImmuneCriteria) -> Walk:
        """No progression yet, and no visit decided."""
        shape, target = facts.target.shape, facts.target
        if criteria.cr_with_nt_ne == "NE":
            target = np.where((target == T_CR) & (facts.non_target == N_NE), T_NE, target)
        return cls(
            facts, criteria, target, new_signs(facts.new, shape, criteria), np.zeros(shape[0], np.int8),
            Anchor.none(shape[0], len(facts.new.series)), np.zeros(shape, np.int8), np.zeros(shape, np.int8),
            np.zeros(shape, bool),
        )  # fmt: skip


def immune_walk(facts: ImmuneFacts, criteria: ImmuneCriteria) -> Walk:
    """Decide every visit in turn."""
    walk, table = Walk.begin(facts, criteria), criteria.in_force("confirmation")
    rules = np.arange(len(table.rules))
    after, here = table.outcome("after", rules), table.outcome("anchor", rules) == 1
    ioverall, confirms = table.outcome("ioverall", rules), IRECIST.index("iCPD")
    signs, non_target, assessed = walk.signs, facts.non_target, facts.assessed
    walk.rule = table.decide(
        NONE, walk.target, non_target, signs.progress, signs.standing, 0, 0, assessed
    ).astype(np.int8)
    for v in range(facts.target.shape[1]):
        rule = walk.rule[:, v]
        who = np.flatnonzero(walk.state == CONFIRMED)
        rule[who] = table.decide(
            CONFIRMED, walk.target[who, v], non_target[who, v], 0, 0, 0, 0, assessed[who, v]
        )
        who = np.flatnonzero(walk.state == PENDING)
        if len(who):
            at = Visit(walk, v, who)
            rule[who] = table.decide(
                PENDING, at.target, at.non_target, signs.fresh[who, v], signs.standing[who, v],
                at.further, at.leave, assessed[who, v],
            )  # fmt: skip
            walk.late[who, v] = (ioverall[rule[who]] == confirms) & (at.gap > criteria.i_max_days)
        _move_anchor(walk, v, np.flatnonzero(here[rule]))
        walk.state = after[rule]
        _follow_block(walk, v)
    walk.response = ioverall[walk.rule]
    return walk


class Visit:
    """The questions of the table at one visit, asked of the series `who` whose progression is pending."""

    def __init__(self, walk: Walk, v: int, who: Ints) -> None:
        facts = walk.facts
        self._walk, self._v, self._who = walk, v, who
        self._anchor = walk.anchor.of(who)
        self.gap = facts.day[who, v] - self._anchor.day
        self._total, self._complete = facts.total[who, v], facts.complete[who, v]
        self._lower = self._complete & self._below(self._total, self._anchor.first_sum)
        self.non_target = facts.non_target[who, v]
        self._seen: Ints = walk.target[who, v]
        self.target = self._target()
        self._base = RANK[self.target, self.non_target, facts.assessed[who, v].astype(np.int8)]
        self.further = self._further()
        self.leave = self._leave()

    @staticmethod
    def _below(now: Hundredths, before: Hundredths) -> Mask:
        return np.asarray((now < before) & (before < UNKNOWN))

    def _any(self, lesions: Mask) -> Mask:
        """Series with any of these new lesions."""
        new = self._walk.facts.new
        return new.any_in(lesions, len(self._walk.state))[self._who]

    def _target(self) -> Ints:
        """Target response; by `pr_vs_baseline_wins` PD is read as PR where the sum fell back below the PR limit."""
        if self._walk.criteria.i_reset_rule == "nadir_strict":
            return self._seen
        below_pr = self._walk.facts.below_pr[self._who, self._v]
        target: Ints = np.where((self._seen == T_PD) & self._lower & below_pr, np.int8(T_PR), self._seen)
        return target

    def _further(self) -> Ints:
        """Is the pending progression confirmed, and late enough?"""
        walk, v, who, anchor = self._walk, self._v, self._who, self._anchor
        criteria, facts = walk.criteria, walk.facts
        sum_then = anchor.first_sum if criteria.i_increase_ref == "iupd" else anchor.lowest_sum
        more = self._total - sum_then >= limit(criteria.i_increase_mm)
        by_target = (self._seen == T_PD) & (more | ~anchor.by_target)
        by_non_target = np.where(anchor.by_non_target, facts.increased[who, v], self.non_target == N_PD)
        met, excepted = by_target | by_non_target, np.False_
        if len(facts.new.series):
            additional, by_growth = self._by_new_lesions()
            met |= additional | np.where(anchor.by_new, by_growth, walk.signs.progress[who, v])
            excepted = criteria.i_early_exception & facts.new_symptoms[who, v] & additional
        early = self.gap < criteria.i_min_days - criteria.i_tol_days
        too_early, yes = FURTHER.index("too early"), FURTHER.index("yes")
        return np.asarray(np.where(met, np.where(early & ~excepted, too_early, yes), FURTHER.index("no")))

    def _by_new_lesions(self) -> tuple[Mask, Mask]:
        """Is there a new lesion that the block did not begin with, and did those it began with grow?"""
        walk, v, new = self._walk, self._v, self._walk.facts.new
        criteria, anchor = walk.criteria, walk.anchor
        of_block = criteria.i_increase_ref == "iupd"
        isom_then = self._anchor.first_isom if of_block else self._anchor.lowest_isom
        size_then = anchor.lesion_first if of_block else anchor.lesion_lowest
        status, size, rank = new.status[:, v], new.size[:, v], anchor.rank[new.series]
        sized = (size < UNKNOWN) & (size_then < UNKNOWN)
        larger = new.unsaid[:, v] & (status == PRESENT) & (new.known <= rank) & sized & (size > size_then)
        grew = ~new.is_target & (larger | (new.increased[:, v] & (new.known < v)))
        enough = walk.signs.isom[self._who, v] - isom_then >= limit(criteria.i_increase_mm)
        return self._any((new.known > rank) & (status == PRESENT)), enough | self._any(grew)

    def _leave(self) -> Ints:
        """May the block be left?  Not while what drove it is not evaluated, or a new lesion stands unimproved."""
        new, anchor, no_lesions = self._walk.facts.new, self._anchor, not len(self._walk.facts.new.series)
        no, unknown, yes = (LEAVE.index(word) for word in LEAVE)
        blind = (anchor.by_non_target & (self.non_target == N_NE)) | (self._base == UNRANKED)
        if no_lesions:
            return np.where(blind, unknown, yes)
        status = new.status[:, self._v]
        of_anchor = (new.known <= self._walk.anchor.rank[new.series]) & self._walk.anchor.lesion_there
        blind |= anchor.by_new & self._any(of_anchor & (status == NOT_EVALUATED))
        if self._walk.criteria.i_new_lesion_policy == "strict_table2":
            there = self._any((new.known <= self._v) & (status == PRESENT))
            return np.where(there, no, np.where(blind, unknown, yes))
        stands = anchor.by_new & self._any(of_anchor & (status == PRESENT))
        improved = self._improved() | self._any(of_anchor & (status == GONE))
        return np.where(blind, unknown, np.where(stands & ~improved, no, yes))

    def _improved(self) -> Mask:
        """A better response, a smaller sum or a smaller iSOM than at the anchor."""
        anchor, signs, here = self._anchor, self._walk.signs, (self._who, self._v)
        better = (self._base < anchor.base) & (anchor.base < UNRANKED)
        smaller = signs.isom_complete[here] & self._below(signs.isom[here], anchor.first_isom)
        return np.asarray(better | self._lower | smaller)


def _move_anchor(walk: Walk, v: int, who: Ints) -> None:
    """A new block begins: remember what drove it and what there was."""
    if not len(who):
        return
    anchor, facts, new = walk.anchor, walk.facts, walk.facts.new
    target, non_target = walk.target[who, v], facts.non_target[who, v]
    anchor.rank[who], anchor.day[who] = v, facts.day[who, v]
    anchor.by_target[who], anchor.by_non_target[who] = target == T_PD, non_target == N_PD
    anchor.by_new[who] = walk.signs.progress[who, v]
    anchor.base[who] = RANK[target, non_target, facts.assessed[who, v].astype(np.int8)]
    for sums in (anchor.first_sum, anchor.lowest_sum, anchor.first_isom, anchor.lowest_isom):
        sums[who] = UNKNOWN
    if len(new.series):
        moved = np.flatnonzero(_among(walk, who)[new.series])
        anchor.lesion_there[moved] = (new.status[moved, v] == PRESENT) & (new.known[moved] <= v)
        anchor.lesion_first[moved] = anchor.lesion_lowest[moved] = UNKNOWN


def _among(walk: Walk, who: Ints) -> Mask:
    mask = np.zeros(len(walk.state), bool)
    mask[who] = True
    return mask


def _follow_block(walk: Walk, v: int) -> None:
    """First and lowest complete sums of the block, this visit included."""
    who = np.flatnonzero(walk.state == PENDING)
    if not len(who):
        return
    anchor, facts, signs, new = walk.anchor, walk.facts, walk.signs, walk.facts.new
    known = who[facts.complete[who, v]]
    note(anchor.first_sum, anchor.lowest_sum, known, facts.total[known, v])
    if len(new.series):
        known = who[signs.isom_complete[who, v] & signs.has_target[who, v]]
        note(anchor.first_isom, anchor.lowest_isom, known, signs.isom[known, v])
        known = np.flatnonzero((new.size[:, v] < UNKNOWN) & (walk.state == PENDING)[new.series])
        note(anchor.lesion_first, anchor.lesion_lowest, known, new.size[known, v])


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
