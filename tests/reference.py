"""RECIST 1.1 a second time, slow and plain, from the sentences of the rules: one subject, one reader.

Shares nothing with the engine.  Lengths are exact fractions of their decimal text, so nothing is rounded.
Sentences marked *house* are decisions where the papers are silent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.reference_best import RULES, best_response, pairs
from tests.reference_lesions import (
    Past,
    Row,
    Values,
    Visit,
    blank,
    is_new,
    new_lesions,
    non_target_response,
    rows_of,
    target_response,
    target_values,
    total,
    word,
    yes,
)

__all__ = ["CONVENTIONS", "assess", "assess_best", "best_response"]

Facts = Mapping[str, Mapping[str, Any]]

# Conventions of baseline selection: accepted, so that a whole set can be handed over, and not used here.
NOT_ASKED = {"measure", "node_target_min", "max_targets", "max_per_organ", "baseline_window_days"}

CONVENTIONS: dict[str, Any] = RULES | {
    "pr_pct": 30,
    "pd_pct": 20,
    "pd_abs_mm": 5,
    "node_normal_lt": 10,
    "tstm_mm": 5,
    "pct_decimals": None,
    "missing_target": "ne_unless_pd",
    "nt_partial_missing": "NE",
    "cr_with_nt_ne": "PR",
    "reappearance_after_cr": "overall_cr",
    "node_regrowth_after_cr": "ge10_and_sum_rule",
    "sticky_pr": "none",
    "equivocal_backdate": True,
    "post_pd": "carry_pd",
    "pd_date_rule": "earliest_in_visit",
    "response_date_rule": "latest_in_visit",
}


def assess(
    rows: Iterable[Row], facts: Facts | None = None, conventions: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Responses of one subject, one dict per visit after baseline, in date order.

    Keys: visit date sum_mm baseline_mm nadir_mm target non_target new_lesion overall; and, before PR or PD is
    carried forward, target_as_assessed overall_as_assessed; overall_unsticky carries PD but not PR.
    """
    rule = CONVENTIONS | dict(conventions or {})
    if unknown := set(rule) - set(CONVENTIONS) - NOT_ASKED:
        raise ValueError(f"no such convention: {sorted(unknown)}")
    baseline, visits = split_visits(list(rows), facts or {})
    first_nodes = nodes_of("target", baseline)
    first = target_values(baseline, first_nodes, rule)
    # House: without a complete baseline sum there is no reference, and targets are not evaluable.
    sums = [] if None in first.values() else [first]
    out: list[dict[str, Any]] = []
    for visit, shown in zip(visits, new_lesions(visits, rule), strict=True):
        record, target = target_side(visit, nodes_of("target", baseline), sums, out, rule)
        after_cr = rule["reappearance_after_cr"] != "off" and had(out, "overall_as_assessed")
        non_target, worse = non_target_response(visit, nodes_of("non-target", baseline), after_cr, rule)
        marker = next((code for code in ("Y", "E") if code in shown.values() and visit.imaged), "N")
        record |= {"target_as_assessed": target, "non_target": non_target, "new_lesion": marker}
        overall = record["overall_as_assessed"] = overall_response(record, target, rule)
        worse += [row for row in visit.rows if is_new(row) and shown[row["lesion"]] == "Y"]
        mine = [row for lesion in first for row in rows_of(lesion, visit.rows, first_nodes)]
        dates = {r: response_date(visit, r, (target, mine), worse, rule) for r in ("PD", overall)}
        out.append(record | {"dates": dates})
    carry_pr(out, rule)
    carry_pd(out, rule)
    return out


def target_side(
    visit: Visit,
    targets: Mapping[str, bool],
    sums: list[Values],
    out: Sequence[Mapping[str, Any]],
    rule: Mapping[str, Any],
) -> tuple[dict[str, Any], str]:
    """Sums and target response of one visit; a complete sum joins `sums`, the candidates for later nadirs."""
    record = {"visit": visit.label, "imaged": visit.imaged}
    record |= dict.fromkeys(("sum_mm", "baseline_mm", "nadir_mm"))
    values = target_values(visit.rows, targets, rule)
    if not values:
        return record, "NA"
    if not sums:
        return record, "NE"
    lowest = min(sums, key=total)  # House: of equal sums the earliest.
    record |= {"baseline_mm": total(sums[0]), "nadir_mm": total(lowest)}
    if not visit.imaged:
        return record, "NE"
    past = Past(total(sums[0]), total(lowest), lowest, target_back_is_pd(out, rule))
    if None not in values.values():
        record["sum_mm"] = total(values)
        sums.append(values)
    return record, target_response(visit.rows, values, targets, past, rule)


def nodes_of(role: str, baseline: Sequence[Row]) -> dict[str, bool]:
    """Baseline lesions of this role, and whether each is a lymph node."""
    return {row["lesion"]: yes(row.get("node")) for row in baseline if word(row["role"]) == role}


def had(out: Sequence[Mapping[str, Any]], name: str) -> bool:
    return any(record[name] == "CR" for record in out)


def target_back_is_pd(out: Sequence[Mapping[str, Any]], rule: Mapping[str, Any]) -> bool:
    """Whether a target that comes back now is PD at any size: after which CR is a convention.

    CR is taken as assessed at its visit; a PD that is only carried on does not hide it.
    """
    after = {"overall_cr": "overall_as_assessed", "target_cr": "target_as_assessed"}
    convention = rule["reappearance_after_cr"]
    return convention in after and had(out, after[convention])


def split_visits(rows: list[Row], facts: Facts) -> tuple[list[Row], list[Visit]]:
    """Baseline rows, and the visits after baseline ordered by their earliest scan.

    *House*: a visit without rows exists only when the visit facts name it and date it.
    """
    labels = list(dict.fromkeys([row["visit"] for row in rows] + [v for v in facts if facts[v].get("date")]))
    visits = [Visit(v, [row for row in rows if row["visit"] == v], facts.get(v, {})) for v in labels]
    visits.sort(key=lambda visit: min(visit.dates))
    if rows and all(blank(row.get("baseline")) for row in rows):
        return visits[0].rows, visits[1:]
    baseline = [row for row in rows if yes(row.get("baseline"))]
    return baseline, [v for v in visits if not v.rows or not all(yes(r.get("baseline")) for r in v.rows)]


# ---------------------------------------------------------------- the time point


def overall_response(record: Mapping[str, Any], target: str, rule: Mapping[str, Any]) -> str:
    """Tables 1 and 2; without any disease at baseline there is no table."""
    non_target, new = record["non_target"], record["new_lesion"]
    if target == "PD" or non_target == "PD" or new == "Y":
        return "PD"
    if not record["imaged"]:
        return "NE"
    if target == "NA":
        return "NED" if non_target == "NA" else str(non_target)
    if target == "CR":
        when_cr = {"CR": "CR", "NA": "CR", "NON-CR/NON-PD": "PR", "NE": rule["cr_with_nt_ne"]}
        return str(when_cr[non_target])
    return target


def response_date(
    visit: Visit,
    response: str,
    targets: tuple[str, Sequence[Row]],
    worse: Sequence[Row],
    rule: Mapping[str, Any],
) -> dt.date:
    """Which of the visit's scan dates the response bears (FDA 2018, Appendix 2 for the trigger)."""
    if response != "PD":
        return min(visit.dates) if rule["response_date_rule"] == "earliest_in_visit" else max(visit.dates)
    if rule["pd_date_rule"] == "latest_in_visit":
        return max(visit.dates)
    triggers = [row["date"] for row in worse]
    target, rows = targets
    if target == "PD":
        triggers.append(max(row["date"] for row in rows if word(row.get("state")) != "not done"))
    # House: a PD that is only carried on has no trigger of its own and takes the earliest scan.
    return min(triggers if rule["pd_date_rule"] == "trigger" and triggers else visit.dates)


def carry_pr(out: list[dict[str, Any]], rule: Mapping[str, Any]) -> None:
    """EORTC: PR, once assigned or confirmed, goes on until PD; confirmation looks at what was assessed."""
    holds = False
    plain = [(r["dates"][r["overall_as_assessed"]], r["overall_as_assessed"]) for r in out]
    limits = {"CR": None, "PR": None, "NE": rule["max_ne_between"], "SD": rule["max_sd_between_pr"]}
    confirmed = pairs(plain, ("PR",), ("PR", "CR"), limits, rule["confirm_days"])
    for k, record in enumerate(out):
        target = record["target_as_assessed"]
        record["target"] = "PR" if holds and target == "SD" else target
        record["overall"] = overall_response(record, record["target"], rule)
        if record["overall"] == "PD":
            holds = False
        elif rule["sticky_pr"] == "after_pr":
            holds = holds or target == "PR"
        elif rule["sticky_pr"] == "after_confirmed_pr":
            holds = holds or any(j == k for _, j in confirmed)


def carry_pd(out: list[dict[str, Any]], rule: Mapping[str, Any]) -> None:
    """Once PD, later resolution does not undo it: the overall response only, and its date."""
    progressed = False
    for record in out:
        record["overall_unsticky"] = record["overall_as_assessed"]
        if progressed and rule["post_pd"] == "carry_pd":
            record["overall"] = record["overall_unsticky"] = "PD"
        progressed = progressed or record["overall"] == "PD"
        dates = record.pop("dates")
        record["date"] = dates["PD" if record["overall"] == "PD" else record["overall_as_assessed"]]


def assess_best(
    rows: Iterable[Row],
    facts: Facts | None = None,
    conventions: Mapping[str, Any] | None = None,
    new_therapy_date: dt.date | None = None,
    start: dt.date | None = None,
) -> dict[str, Any]:
    """Best response from lesion rows: always on the responses before PR is carried forward."""
    rule = CONVENTIONS | dict(conventions or {})
    out = assess(rows, facts, rule)
    records = [(record["date"], record["overall_unsticky"]) for record in out]
    # Without visits the records say nothing of targets, and nothing hangs on it.
    no_targets = bool(out) and out[0]["target"] == "NA" and out[0]["non_target"] != "NA"
    return best_response(records, rule, new_therapy_date, start, no_targets)
