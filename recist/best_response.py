"""Best overall response of each subject, unconfirmed and confirmed, from the responses of the visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.assess_several import stack_responses
from recist.confirmation import CR, NN, PR, SD, confirmations
from recist.criteria import get_rules
from recist.criteria.base import BestResponseRules
from recist.decision_table import DecisionTable
from recist.immune_best import immune_best_response, is_immune
from recist.records import NOTHING, Records, read_records
from recist.terms import BEST, OVERALL

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
PD, NED = OVERALL.index("PD"), OVERALL.index("NED")

BEST_COLUMNS = {  # column -> sentence
    "subject": "Who.",
    "evaluator": "Who read the scans.",
    "criteria": "Name of the criteria and every edit of its conventions.",
    "best_response": "Best overall response, confirmation not required.",
    "best_response_date": "Date of the first record that carries it.",
    "best_response_rule": "Row of the table that decided it.",
    "confirmed_best_response": "Best overall response, confirmation required.",
    "confirmed_best_response_date": "Date of the first record that carries it.",
    "confirmed_best_response_rule": "Row of the table that decided it.",
    "response_date": "First CR or PR.",
    "confirmed_response_date": "First CR or PR that is confirmed later.",
    "progression_date": "First PD.",
}


def best_response(
    responses: pd.DataFrame, rules: BestResponseRules | None = None, subjects: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Best overall response of every subject, evaluator and criteria, without and with confirmation.

    Parameters
    ----------
    responses : DataFrame
        Responses by visit, derived or recorded: `subject`, `date`, `overall`, `start_date`; `evaluator`,
        `criteria`, `target` (NA: no target lesions) and `new_therapy_date` where there.
    rules : BestResponseRules, optional
        Minimum duration of SD, confirmation and the rest; by default those of each row's criteria.
    subjects : DataFrame, optional
        The subject table: `new_therapy_date` ends the window, and subjects without any response get a row.

    Returns
    -------
    DataFrame
        One row per subject, evaluator and criteria; the columns of `recist.best_response.BEST_COLUMNS`.  Dates
        are missing where there is no such record.  Only records after the start date, up to and including
        the first PD and not after new anticancer therapy count (RECIST 1.1 section 4.6).

    Raises
    ------
    InputError
        When a column is missing, a date is missing, or a response is not a known term.

    Examples
    --------
    >>> responses = pd.DataFrame({"subject": "01-001", "start_date": pd.Timestamp("2024-01-01"),
    ...     "date": pd.to_datetime(["2024-02-26", "2024-03-25"]), "overall": ["PR", "PR"]})
    >>> best_response(responses).loc[0, ["best_response", "confirmed_best_response"]].tolist()
    ['PR', 'PR']
    """
    immune = is_immune(responses)
    if immune.any():
        mine = responses if immune.all() else responses[immune]
        best = immune_best_response(mine, rules, subjects, list(BEST_COLUMNS))
        if len(mine) == len(responses):
            return best
        others = responses[~immune].drop(columns="ioverall", errors="ignore")
        return stack_responses([best, best_response(others, rules, subjects)])
    records = read_records(responses, subjects)
    pieces, tables = [], []
    for label, _, part in records.by_criteria():
        chosen = rules or get_rules(label)
        pieces.append(best_of(count(part, chosen), chosen))
        tables.append(chosen.tables)
    return records.frame(pieces, tables, list(BEST_COLUMNS))


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
    window = _window(records, rules)
    graded, not_done = window, np.zeros(window.shape, bool)
    if rules.not_done == "apart":
        graded, not_done = window & ~records.not_done, window & records.not_done
    minus = np.int8(-1)
    overall = np.where(graded, records.overall, minus)
    unheld = overall if records.unheld is records.overall else np.where(graded, records.unheld, minus)
    late = graded & (records.day >= records.start[:, None] + rules.min_sd_days)
    return Counted(records, window, overall, unheld, late, not_done)


def best_of(counted: Counted, rules: BestResponseRules) -> dict[str, Any]:
    """The columns of `best` under one set of rules, as codes and days."""
    overall, day = counted.overall, counted.records.day
    result = _unconfirmed(counted, rules)
    result |= _confirmed(counted, rules)
    result["response_date"] = first_day(day, (overall == CR) | (overall == PR))
    result["progression_date"] = first_day(day, overall == PD)
    return result


def _window(records: Records, rules: BestResponseRules) -> Mask:
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


@dataclass(frozen=True)
class _Kinds:
    """Records that can carry each kind of best response: the tables' inputs."""

    cr: Mask
    pr: Mask
    sd: Mask
    non_cr_non_pd: Mask
    ned: Mask
    pd: Mask
    assessed: Mask
    not_done: Mask


def _unconfirmed(counted: Counted, rules: BestResponseRules) -> dict[str, Any]:
    overall, late = counted.overall, counted.late
    kinds = _Kinds(
        overall == CR,
        overall == PR,
        (overall == SD) & late,
        (overall == NN) & late,
        overall == NED,
        overall == PD,
        overall >= 0,
        counted.not_done,
    )
    return _decided("best_response", kinds, counted.records.day, rules)


def _confirmed(counted: Counted, rules: BestResponseRules) -> dict[str, Any]:
    records, late, day = counted.records, counted.late, counted.records.day
    overall = _after_cr(counted.unheld, records.without_targets, rules)
    confirmed_cr, _ = confirmations(overall, day, CR, rules)
    confirmed_pr, _ = confirmations(overall, day, PR, rules)
    no_targets = records.without_targets[:, None]
    fallback = np.isin(overall, (CR, PR, SD)) & late
    keeps_sd = (overall != CR) | ~no_targets | (rules.unconfirmed_cr_nt_only == "SD")
    kinds = _Kinds(
        confirmed_cr,
        confirmed_pr,
        fallback & keeps_sd,
        ((overall == NN) & late) | (fallback & ~keeps_sd),
        overall == NED,
        overall == PD,
        overall >= 0,
        counted.not_done,
    )
    result = _decided("confirmed_best_response", kinds, day, rules)
    result["confirmed_response_date"] = first_day(day, confirmed_cr | confirmed_pr)
    return result


def _after_cr(overall: Ints, no_targets: Mask, rules: BestResponseRules) -> Ints:
    """PR, SD or NON-CR/NON-PD after CR: PD at that record, or the CR was never one (Table 3, footnote a)."""
    if rules.cr_then_lesser == "as_recorded":
        return overall
    lesser = np.isin(overall, (PR, SD, NN))
    had_cr = np.maximum.accumulate(overall == CR, axis=1)
    if rules.cr_then_lesser == "table3_strict":
        changed = np.where(lesser & had_cr, PD, overall)
        closed = _up_to(overall >= 0, changed == PD)
        return np.where(closed, changed, -1).astype(np.int8)
    lesser_follows = np.maximum.accumulate(lesser[:, ::-1], axis=1)[:, ::-1]
    instead = np.where(no_targets, NN, PR)[:, None]
    return np.where((overall == CR) & lesser_follows, instead, overall).astype(np.int8)


def _decided(name: str, kinds: _Kinds, day: Ints, rules: BestResponseRules) -> dict[str, Any]:
    """Best response, the date of the first record that carries it, and the row of the table."""
    table: DecisionTable = getattr(rules.tables, name)
    masks = vars(kinds)
    rule = table.decide(*(_has(masks[column]) for column in table.inputs))
    best = table.outcome("best", rule)
    first = np.full(len(rule), NOTHING, np.int32)
    for number, row in enumerate(table.rules):
        chosen = rule == number
        kind = next((column for column in table.inputs if row[column] == "Y"), None)
        if kind is not None:
            first[chosen] = first_day(day[chosen], masks[kind][chosen])
        elif rules.no_assessment == "MISSING":
            best[chosen] = BEST.index("MISSING")
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
