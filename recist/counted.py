"""The records that count for the best overall response, and which kinds of response they are.

RECIST 1.1 sections 4.5 and 4.6, Table 3; iRECIST applies the same to its own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recist.best_response_tables import BestTables
from recist.confirmation import CR, NN, PR, SD, confirmations
from recist.criteria.base import BestResponseRules
from recist.decision_table import DecisionTable
from recist.records import NOTHING, Records
from recist.terms import OVERALL

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
Kinds = dict[str, Mask]  # input of the tables -> the records that are such
PD, NED = OVERALL.index("PD"), OVERALL.index("NED")


@dataclass(frozen=True)
class Counted:
    """What of the records counts under a set of rules; a record that does not has the code -1."""

    records: Records
    window: Mask
    overall: Ints
    unheld: Ints
    late: Mask  # late enough for SD
    not_done: Mask  # ND kept apart from what was assessed


def count(records: Records, rules: BestResponseRules) -> Counted:
    """The records that count, with what depends on the start date."""
    window = in_window(records, rules)
    graded, not_done = window, np.zeros(window.shape, bool)
    if rules.not_done == "apart":
        graded, not_done = window & ~records.not_done, window & records.not_done
    minus = np.int8(-1)
    overall = np.where(graded, records.overall, minus)
    unheld = overall if records.unheld is records.overall else np.where(graded, records.unheld, minus)
    late = graded & (records.day >= records.start[:, None] + rules.min_sd_days)
    return Counted(records, window, overall, unheld, late, not_done)


def in_window(records: Records, rules: BestResponseRules) -> Mask:
    """Records that count: after start, up to the first PD, not after new anticancer therapy."""
    therapy = records.new_therapy[:, None]
    window = records.real
    if rules.first_record == "after_start":
        window = window & (records.day > records.start[:, None])
    if rules.nact_rule != "ignore":
        limit = therapy if rules.nact_rule == "on_or_before" else therapy - 1
        window = window & ((records.day <= limit) | (therapy == NOTHING))
    if rules.last_record == "any":
        return window
    return _up_to(window, window & (records.overall == PD))


def _up_to(window: Mask, ends: Mask) -> Mask:
    """The window closed after the first of `ends`, which stays in it."""
    open_ = np.ones(len(window), bool)
    result = window.copy()
    for j in range(window.shape[1]):
        result[:, j] &= open_
        open_ &= ~ends[:, j]
    return result


def kinds_of(overall: Ints, cr: Mask, pr: Mask, late: Mask) -> Kinds:
    """Records that can carry each kind of best response: inputs of the tables."""
    return {
        "cr": cr,
        "pr": pr,
        "sd": (overall == SD) & late,
        "non_cr_non_pd": (overall == NN) & late,
        "ned": overall == NED,
        "pd": overall == PD,
        "assessed": overall >= 0,
    }


def confirmed_kinds(overall: Ints, counted: Counted, rules: BestResponseRules) -> Kinds:
    """The same with CR and PR only where confirmed; one that is not falls back to SD (RECIST 1.1 Table 3)."""
    day, late = counted.records.day, counted.late
    confirmed_cr, _ = confirmations(overall, day, CR, rules)
    confirmed_pr, _ = confirmations(overall, day, PR, rules)
    kinds = kinds_of(overall, confirmed_cr, confirmed_pr, late)
    fallback = ((overall == CR) | (overall == PR)) & late
    no_targets = counted.records.without_targets[:, None]
    if rules.unconfirmed_cr_nt_only == "SD" or not no_targets.any():
        kinds["sd"] |= fallback
        return kinds
    keeps_sd = (overall != CR) | ~no_targets
    kinds["sd"] |= fallback & keeps_sd
    kinds["non_cr_non_pd"] |= fallback & ~keeps_sd
    return kinds


def after_cr(overall: Ints, no_targets: Mask, rules: BestResponseRules, lost: int) -> Ints:
    """PR, SD or NON-CR/NON-PD after CR: read as `lost` and last, or the CR was never one (Table 3, footnote a)."""
    is_cr = overall == CR
    if rules.cr_then_lesser == "as_recorded" or not is_cr.any():
        return overall
    lesser = (overall == PR) | (overall == SD) | (overall == NN)
    had_cr = np.maximum.accumulate(is_cr, axis=1)
    if rules.cr_then_lesser == "table3_strict":
        ends = lesser & had_cr
        closed = _up_to(overall >= 0, ends | (overall == PD))
        return np.where(closed, np.where(ends, lost, overall), -1).astype(np.int8)
    lesser_follows = np.maximum.accumulate(lesser[:, ::-1], axis=1)[:, ::-1]
    instead = np.where(no_targets, NN, PR)[:, None]
    return np.where(is_cr & lesser_follows, instead, overall).astype(np.int8)


def decided(
    name: str, tables: BestTables, kinds: Kinds, day: Ints, rules: BestResponseRules
) -> dict[str, Any]:
    """Best response, the date of the first record that carries it, and the row of the table."""
    table: DecisionTable = getattr(tables, name)
    rule = table.decide(*(_has(kinds[column]) for column in table.inputs))
    best = table.outcome("best", rule)
    first = np.full(len(rule), NOTHING, np.int32)
    for number, row in enumerate(table.rules):
        chosen = np.flatnonzero(rule == number)
        kind = next((column for column in table.inputs if row[column] == "Y"), None)
        if kind is not None:
            first[chosen] = first_day(day[chosen], kinds[kind][chosen])
        elif rules.no_assessment == "MISSING":
            best[chosen] = tables.terms.index("MISSING")
    return {name: best, f"{name}_date": first, f"{name}_rule": rule}


def first_day(day: Ints, which: Mask) -> npt.NDArray[np.int32]:
    """Day of the first record of each subject that is one of `which`."""
    if not which.shape[1]:
        return np.full(len(which), NOTHING, np.int32)
    at = _first_place(which)
    return np.where(which.ravel()[at], day.ravel()[at], NOTHING).astype(np.int32)


def _has(which: Mask) -> Mask:
    """Subjects with a record that is one of `which`; argmax stops at the first, `any` along rows does not."""
    found: Mask = which.ravel()[_first_place(which)] if which.shape[1] else np.zeros(len(which), bool)
    return found


def _first_place(which: Mask) -> npt.NDArray[np.intp]:
    """Place of each subject's first record that is one of `which`, or of its first cell, in the flat array."""
    place: npt.NDArray[np.intp] = which.argmax(axis=1) + np.arange(0, which.size, which.shape[1])
    return place
