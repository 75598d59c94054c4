"""Why a subject has its best overall response: the chain of visits, and what was confirmed by what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd

from recist.best_response import best_response
from recist.criteria import get_criteria
from recist.criteria.base import BestResponseRules, Criteria
from recist.immune_best import WORDS
from recist.wording import source

RESPONSES = ("CR", "PR")
LESSER = ("PR", "SD", "NON-CR/NON-PD")
AFTER_CR = {  # cr_then_lesser -> what that means for the visit
    "table3_strict": "read as PD when confirmation is required (Table 3, footnote a)",
    "downgrade_cr": "the CR is taken as PR when confirmation is required",
    "as_recorded": "both stay as recorded",
}


@dataclass(frozen=True)
class Step:
    """One visit of the chain."""

    name: str
    date: dt.date
    day: int
    overall: str  # in the words of RECIST 1.1, so that one set of rules reads both
    shown: str  # as the criteria say it


def explain_best(series: pd.DataFrame, rules: BestResponseRules | None) -> list[str]:
    """Lines about the best response of one subject, reader and criteria."""
    label = str(series["criteria"].iloc[0])
    chosen = rules or get_criteria(label)
    best = best_response(series, rules).iloc[0]
    therapy = _therapy(series)
    steps = [_step(row) for row in series.itertuples()]
    lines = [f"{chosen.title}, subject {best['subject']}, {best['evaluator']}: best overall response", ""]
    lines += _chain(steps, therapy, chosen)
    lines += ["", *_result(best, "best_response", "not required", chosen)]
    lines += _result(best, "confirmed_best_response", "required", chosen)
    window = _window(steps, therapy, chosen)
    lines += ["", *_confirmation(window, chosen)]
    start = series["start_date"].iloc[0]
    lines.append(
        f"Days are counted from {start:%Y-%m-%d}. SD counts from day {chosen.min_sd_days}; CR and PR are confirmed "
        f"after {chosen.confirm_days} days or more, with at most {chosen.max_ne_between} NE (and, for PR, "
        f"{chosen.max_sd_between_pr} SD) between."
    )
    return [*lines, "", f"Source: {chosen.citation}"]


def _step(row: Any) -> Step:
    name = str(getattr(row, "visit", f"{row.date:%Y-%m-%d}"))
    immune = getattr(row, "ioverall", None)
    shown = str(row.overall if immune is None or pd.isna(immune) else immune)
    overall = shown if shown == "ND" else WORDS.get(shown, shown)  # whether ND is NE, the rules say
    return Step(name, row.date.date(), (row.date - row.start_date).days, overall, shown)


def _therapy(series: pd.DataFrame) -> dt.date | None:
    if "new_therapy_date" not in series or pd.isna(series["new_therapy_date"].iloc[0]):
        return None
    return pd.Timestamp(series["new_therapy_date"].iloc[0]).date()


def _counts(step: Step, therapy: dt.date | None, rules: BestResponseRules) -> bool:
    if _too_soon(step, rules):
        return False
    if therapy is None or rules.nact_rule == "ignore":
        return True
    return step.date < therapy or (step.date == therapy and rules.nact_rule == "on_or_before")


def _too_soon(step: Step, rules: BestResponseRules) -> bool:
    return step.day <= 0 and rules.first_record == "after_start"


def _window(steps: list[Step], therapy: dt.date | None, rules: BestResponseRules) -> list[Step]:
    """Records up to and with the first PD, after start, not after new therapy."""
    window = []
    for step in steps:
        if not _counts(step, therapy, rules):
            continue
        window.append(step)
        if step.overall == "PD" and rules.last_record == "first_pd":
            break
    return window


def _chain(steps: list[Step], therapy: dt.date | None, rules: BestResponseRules) -> list[str]:
    """Every visit on a line, with why it does or does not count."""
    window = _window(steps, therapy, rules)
    lines = []
    for step in steps:
        remark = (
            _counted(step, window, rules)
            if step in window
            else f"{_left_out(step, therapy, rules)}: does not count"
        )
        lines.append(
            f"  {step.name}, {step.date}, day {step.day}: {step.shown}{' - ' + remark if remark else ''}"
        )
    return lines or ["  no response on record"]


def _left_out(step: Step, therapy: dt.date | None, rules: BestResponseRules) -> str:
    """Why a visit does not count."""
    if _too_soon(step, rules):
        return "not after the start date"
    if not _counts(step, therapy, rules):
        return f"after new anticancer therapy ({therapy})"
    return "after progression"


def _counted(step: Step, window: list[Step], rules: BestResponseRules) -> str:
    """What there is to say about a visit that counts."""
    if step.overall == "PD":
        return "progression: closes the window" if rules.last_record == "first_pd" else "progression"
    if step.overall == "ND" and rules.not_done == "apart":
        return "not done: no assessment"
    if step.overall in ("SD", "NON-CR/NON-PD") and step.day < rules.min_sd_days:
        return f"before day {rules.min_sd_days}: too early to count as {step.shown}"
    if step.overall in LESSER and any(s.overall == "CR" for s in window if s.date < step.date):
        return f"less than an earlier CR: {AFTER_CR[rules.cr_then_lesser]}"
    return ""


def _result(best: pd.Series, name: str, asked: str, rules: BestResponseRules) -> list[str]:
    table = getattr(rules.tables, name)
    rule = table.rule(best[f"{name}_rule"])
    date = best[f"{name}_date"]
    on = "" if pd.isna(date) else f", {date:%Y-%m-%d}"
    paper = table.paper if isinstance(rules, Criteria) else rules.title  # a variant may share another's table
    return [f"Confirmation {asked}: {best[name]}{on}, by rule {rule['rule']}: {source(paper, rule['cite'])}"]


def _confirmation(window: list[Step], rules: BestResponseRules) -> list[str]:
    """For each CR and PR: confirmed by which visit, or why by none."""
    if rules.cr_then_lesser == "table3_strict":
        window = _cut_after_cr(window)
    lines = []
    for number, step in enumerate(window):
        if step.overall in RESPONSES:
            lines.append(f"  {step.shown} at {step.name} {_fate(number, window, rules)}")
    return ["Confirmation of each response:", *lines] if lines else ["No CR or PR to confirm."]


def _cut_after_cr(window: list[Step]) -> list[Step]:
    for number, step in enumerate(window):
        if step.overall in LESSER and any(s.overall == "CR" for s in window[:number]):
            return window[:number]
    return window


def _fate(number: int, window: list[Step], rules: BestResponseRules) -> str:
    step, ne, sd, had_cr = window[number], 0, 0, False
    confirming = ("CR",) if step.overall == "CR" else RESPONSES
    why = "no later record that could confirm it"
    for later in window[number + 1 :]:
        gap = (later.date - step.date).days
        if had_cr and later.overall == "PR" and rules.cr_then_lesser == "as_recorded":
            return f"is not confirmed: PR at {later.name} follows a CR."
        had_cr |= step.overall == "PR" and later.overall == "CR"
        if later.overall in confirming:
            if gap >= rules.confirm_days:
                return f"is confirmed by {later.shown} at {later.name}, {gap} days later."
            why = f"{later.name} is only {gap} days later"
            continue
        not_evaluable = later.overall == "NE" or (later.overall == "ND" and rules.not_done == "NE")
        ne += not_evaluable
        sd += later.overall == "SD"
        if not_evaluable and ne <= rules.max_ne_between:
            continue
        if step.overall == "PR" and later.overall == "SD" and sd <= rules.max_sd_between_pr:
            continue
        if later.overall == "PD":
            return f"is not confirmed: PD at {later.name} came before a {' or '.join(confirming)} that could confirm it."
        return f"is not confirmed: {later.shown} at {later.name} stands in between."
    return f"is not confirmed: {why}."
