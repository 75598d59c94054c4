"""Why a visit has its response: the numbers, the rows that decided, and what kept it from another response."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from recist.criteria import get_criteria
from recist.criteria.base import Criteria
from recist.explain_lesions import lesion_lines, unequivocal_lines
from recist.explain_tempered import tempered_lines
from recist.terms import YES_NO
from recist.wording import conditions, counterfactuals, mm, signed, source

Row = Any  # one row of the responses, by attribute


def explain_visit(row: Row, earlier: Sequence[Row], lesions: pd.DataFrame | None) -> list[str]:
    """Lines about one visit; `earlier` holds the visits of the same series before it, in order of date."""
    criteria = _criteria(str(row.criteria))
    lines = [headline(row, criteria), ""]
    if _has(row, "target_rule"):
        reference = nadir_visit(row, earlier)
        lines += sum_lines(row, reference)
        if lesions is not None:
            lines += lesion_lines(row, lesions, criteria)
        lines += ["", *target_lines(row, criteria)]
        if criteria.further is not None and criteria.further.explain is not None:
            lines += criteria.further.explain(row, criteria)
        lines += ["", *non_target_lines(row, criteria), *new_lesion_lines(row, lesions)]
        lines += tempered_lines(row, lesions, criteria)
        lines += ["", *overall_lines(row, earlier)]
        if _has(row, "ioverall"):
            lines += ["", *immune_lines(row, criteria, earlier)]
    else:
        lines.append("This response was recorded in the data, not derived from lesions.")
    return [*lines, "", f"Source: {criteria.citation}"]


@lru_cache(maxsize=64)
def _criteria(label: str) -> Criteria:
    """The criteria of a label; one table of responses has the same few labels in thousands of rows."""
    return get_criteria(label)


def headline(row: Row, criteria: Criteria) -> str:
    """Subject, reader, visit and response on one line."""
    edits = str(row.criteria).removeprefix(criteria.name)
    return (
        f"{criteria.title}{' ' + edits if edits else ''}, subject {row.subject}, {row.evaluator}, "
        f"{row.visit} ({row.date:%Y-%m-%d}, day {row.day}): {row.ioverall if _has(row, 'ioverall') else row.overall}"
    )


def nadir_visit(row: Row, earlier: Sequence[Row]) -> str:
    """Where the nadir was measured: the first earlier visit with that sum, or baseline."""
    if math.isnan(row.nadir_mm) or math.isnan(row.baseline_mm) or row.nadir_mm == row.baseline_mm:
        return "baseline"
    for visit in earlier:
        if visit.sum_mm == row.nadir_mm and visit.n_targets_missing == 0:
            return f"{visit.visit}, {visit.date:%Y-%m-%d}"
    return "an earlier visit"


def sum_lines(row: Row, reference: str) -> list[str]:
    """The sum against baseline and nadir."""
    if row.n_targets == 0:
        return ["No target lesions at baseline."]
    count = f"{row.n_targets} target lesion{'s' if row.n_targets > 1 else ''}"
    if math.isnan(row.baseline_mm):
        return [f"{count}; at least one has no size at baseline, so there is no sum to compare with."]
    if row.n_targets_missing:
        lines = [
            f"Sum of diameters not known: {row.n_targets_missing} of {count} without a value at this visit; "
            f"the others add up to {mm(row.available_sum_mm)}."
        ]
        if not math.isnan(row.sum_mm):
            lines.append(f"  scaled up for the missing ones: {mm(row.sum_mm)}")
    else:
        lines = [f"Sum of diameters {mm(row.sum_mm)} ({count}, all with a value)"]
    change = "" if math.isnan(row.sum_mm) else f": {signed(row.change_from_baseline_pct, '%')}"
    lines.append(f"  baseline {mm(row.baseline_mm)}{change}")
    change = ""
    if not math.isnan(row.sum_mm):
        change = f": {signed(row.change_from_nadir_pct, '%')}, {signed(row.change_from_nadir_mm, 'mm')}"
    lines.append(f"  nadir {mm(row.nadir_mm)} ({reference}){change}")
    return lines


def target_lines(row: Row, criteria: Criteria) -> list[str]:
    """Target response, its row, and the limits that were or were not reached."""
    table = criteria.in_force("target")
    rule = table.rule(row.target_rule)
    lines = [f"Target response {row.target} by rule {row.target_rule}: {source(table.paper, rule['cite'])}"]
    if criteria.explain_target is not None:
        return lines + criteria.explain_target(row, criteria)
    if row.target == "NA" or math.isnan(row.baseline_mm):
        return lines
    now = row.available_sum_mm if math.isnan(row.sum_mm) else row.sum_mm
    pr_limit = row.baseline_mm * (100 - criteria.pr_pct) / 100
    pd_limit = max(row.nadir_mm * (100 + criteria.pd_pct) / 100, row.nadir_mm + criteria.pd_abs_mm)
    both = f"{mm(pd_limit)} or more (nadir {mm(row.nadir_mm)} + {criteria.pd_pct} % and + {criteria.pd_abs_mm:g} mm)"
    if row.target not in ("CR", "NE"):
        lines.append("  CR needs every target gone and every node below " + mm(criteria.node_normal_lt) + ".")
    if row.target != "PR" and not row.n_targets_missing:
        word = (
            "met, but " + ("CR" if row.target == "CR" else "PD") + " is decided first"
            if now <= pr_limit
            else "not met"
        )
        lines.append(
            f"  PR needs a sum of {mm(pr_limit)} or less (baseline {mm(row.baseline_mm)} - {criteria.pr_pct} %): {word}."
        )
    if row.target_rule in ("TL-PD", "TL-PDm", "TL-S1"):
        lines.append(f"  PD needs a sum of {both}: {mm(now)} meets it.")
    elif row.target != "PD":
        met = now >= pd_limit
        why = "reached, but all that is measured is gone or normal" if met else "not reached"
        lines.append(f"  PD by the sum needs {both}: {why} with {mm(now)}.")
    return lines


def non_target_lines(row: Row, criteria: Criteria) -> list[str]:
    """Non-target response and its row."""
    table = criteria.in_force("non_target")
    rule = table.rule(row.non_target_rule)
    return [
        f"Non-target response {row.non_target} by rule {row.non_target_rule}: {source(table.paper, rule['cite'])}"
    ]


def new_lesion_lines(row: Row, lesions: pd.DataFrame | None) -> list[str]:
    """What is known of new lesions; which they are, and whether a later scan decided, when lesions are there."""
    if row.new_lesion == "Y" and lesions is not None and (named := unequivocal_lines(row, lesions)):
        return named
    words = {
        "N": "No new lesion.",
        "E": "Equivocal new lesion: no progression unless a later scan makes it unequivocal.",
        "Y": "Unequivocal new lesion (or one that a later scan showed to have been there).",
    }
    return [words[row.new_lesion]]


def overall_lines(row: Row, earlier: Sequence[Row]) -> list[str]:
    """Overall response, its row, and which single change would have given another."""
    asked = (row.overall, row.overall_rule, row.target, row.non_target, row.new_lesion)
    lines = list(_overall_words(str(row.criteria), *map(str, asked)))
    if row.overall_rule != "T0":
        return lines
    first = next(visit for visit in earlier if visit.overall == "PD")
    return [*lines[:1], f"  First progression: {first.visit}, {first.date:%Y-%m-%d}."]


@lru_cache(maxsize=4096)
def _overall_words(
    label: str, overall: str, rule_id: str, target: str, non_target: str, new_lesion: str
) -> tuple[str, ...]:
    """The lines that follow from the words of a visit alone."""
    table = _criteria(label).in_force("time_point")
    rule = table.rule(rule_id)
    why = conditions(table, rule)
    first = (
        f"Overall response {overall} by rule {rule_id}: {why + '. ' if why else ''}"
        f"{source(table.paper, rule['cite'])}"
    )
    given = {"progressed": "N", "target": target, "non_target": non_target, "new_lesion": new_lesion}
    assessed = YES_NO[0] if rule_id == "T2.Hb" else YES_NO[1]
    others = counterfactuals(table, given | {"assessed": assessed})
    return (first, *(f"  It would be {word} if {', or '.join(ways)}." for word, ways in others.items()))


IMMUNE_INPUT = {
    "before": (
        "",
        {"none": "no progression pending", "unconfirmed": "iUPD pending", "confirmed": "iCPD before"},
    ),
    "new_lesion": (
        "",
        {"N": "no fresh new lesion", "Y": "a fresh new lesion, or earlier ones that progress"},
    ),
    "standing": ("", {"N": "no new lesion stands", "Y": "a new lesion stands"}),
    "further": ("further progression: ", {}),
    "leave": ("the pending iUPD may be left: ", {}),
    "assessed": ("assessed against a baseline: ", {"N": "no", "Y": "yes"}),
    "target": ("target response ", {}),
    "non_target": ("non-target response ", {}),
    "overall": ("response at this visit ", {}),
    "late": ("", {"N": "too early to confirm or to cancel", "Y": "late enough to confirm or to cancel"}),
}


def immune_lines(row: Row, criteria: Criteria, earlier: Sequence[Row]) -> list[str]:
    """Response with progression confirmed or not, its row in words, and the iUPD it is measured from."""
    table = criteria.in_force("confirmation")
    rule = table.rule(row.ioverall_rule)
    asked = []
    for column in table.inputs:
        if rule[column] != "*":
            lead, words = IMMUNE_INPUT[column]
            asked.append(lead + words.get(rule[column], rule[column].replace(", ", " or ")))
    lines = [
        f"{criteria.title} response {row.ioverall} by rule {row.ioverall_rule}: {'; '.join(asked)}. "
        f"{source(table.paper, rule['cite'])}"
    ]
    block = _open_block(earlier)
    if block is not None and rule["before"] == "unconfirmed":
        since = (row.date - block.date).days
        lines.append(
            f"  Pending since the iUPD at {block.visit}, {block.date:%Y-%m-%d}, {since} days before."
        )
        if not math.isnan(block.available_sum_mm) and not math.isnan(row.available_sum_mm):
            more = row.available_sum_mm - block.available_sum_mm
            lines.append(
                f"  Sum then {mm(block.available_sum_mm)}, now {mm(row.available_sum_mm)}: {signed(more, 'mm')}."
            )
    if row.late_confirmation:
        lines.append("  Confirmed later than the criteria's window (i_max_days): accepted, and flagged.")
    return lines


def _open_block(earlier: Sequence[Row]) -> Row | None:
    """The first iUPD of the block that is pending after these visits."""
    first = None
    for visit in earlier:
        if visit.ioverall == "iUPD":
            first = visit if first is None else first
        elif visit.ioverall != "NE":
            first = None
    return first


def _has(row: Row, column: str) -> bool:
    value = getattr(row, column, None)
    return value is not None and not pd.isna(value)
