"""Target, non-target and new lesions at one visit, for the second implementation (tests/reference.py).

Sentences marked *house* are decisions where the papers are silent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

Row = Mapping[str, Any]
Values = dict[str, Fraction | None]

NEW_ROLES = ("new", "new target", "new non-target")


@dataclass
class Visit:
    """One visit after baseline: its rows, what is known about it, and its scan dates."""

    label: str
    rows: list[Row]
    facts: Mapping[str, Any]

    @property
    def imaged(self) -> bool:
        return blank(self.facts.get("imaging_done")) or bool(self.facts["imaging_done"])

    @property
    def marker_elevated(self) -> bool:
        return yes(self.facts.get("tumour_marker_elevated"))

    @property
    def dates(self) -> list[dt.date]:
        """Dates of the scans that were done; *house*: when none was, the dates entered for them."""
        done = [row["date"] for row in self.rows if word(row.get("state")) != "not done"]
        return done or [row["date"] for row in self.rows] or [self.facts["date"]]


@dataclass
class Past:
    """What earlier visits leave behind for the target response."""

    baseline: Fraction
    nadir: Fraction
    nadir_values: Values
    after_cr: bool


def blank(value: Any) -> bool:
    """Nothing was entered: None, NaN, NaT, NA or the empty text."""
    return value is None or type(value).__name__ in ("NAType", "NaTType") or value != value or value == ""


def word(value: Any) -> str:
    return "" if blank(value) else str(value).strip().lower()


def yes(value: Any) -> bool:
    return not blank(value) and bool(value)


def length(value: Any) -> Fraction | None:
    """The decimal number that was written, exactly; None when none was."""
    if blank(value):
        return None
    if isinstance(value, (int, str, Decimal, Fraction)):
        return Fraction(value)
    return Fraction(Decimal(repr(float(value))))


# ---------------------------------------------------------------- target lesions


def row_value(row: Row, rule: Mapping[str, Any]) -> Fraction | None:
    """What a target row adds to the sum (section 4.3.2); None when it is missing, which is never 0."""
    state = word(row.get("state"))
    if state in ("absent", "merged"):
        return Fraction(0)
    if state == "too small":
        return length(rule["tstm_mm"])
    if state in ("", "measured"):
        return length(row.get("diameter_mm"))
    if state in ("not evaluable", "not done"):
        return None
    raise ValueError(f"{row['visit']}, {row['lesion']}: {state} is no state of a target lesion")


def rows_of(lesion: str, rows: Sequence[Row], targets: Mapping[str, bool]) -> list[Row]:
    """The rows of a baseline target: its own, and the fragments that name it as parent.

    *House*: any other target row has no baseline and stays out of the sum.
    """
    of_target = [row for row in rows if word(row["role"]) == "target"]
    own = [row for row in of_target if row["lesion"] == lesion]
    if len(own) > 1:
        raise ValueError(f"{own[0]['visit']}, {lesion}: two rows of one lesion at one visit")
    return own + [r for r in of_target if r.get("parent") == lesion and r["lesion"] not in targets]


def target_values(rows: Sequence[Row], targets: Mapping[str, bool], rule: Mapping[str, Any]) -> Values:
    """Value of each baseline target: of a split lesion the sum of its fragments; None = missing.

    *House*: no row at all is missing; one unmeasured fragment makes the whole lesion missing.
    """
    values: Values = {}
    for lesion in targets:
        parts = [row_value(row, rule) for row in rows_of(lesion, rows, targets)]
        known = [part for part in parts if part is not None]
        values[lesion] = sum(known, Fraction(0)) if parts and len(known) == len(parts) else None
    return values


def total(values: Values) -> Fraction:
    return sum((value for value in values.values() if value is not None), Fraction(0))


def change_pct(now: Fraction, reference: Fraction, rule: Mapping[str, Any]) -> Fraction:
    """Change in per cent, rounded (half away from zero) only when the convention asks for decimals."""
    change = (now - reference) * 100 / reference
    if rule["pct_decimals"] is None:
        return change
    unit = Fraction(1, 10 ** rule["pct_decimals"])
    whole = (abs(change) / unit + Fraction(1, 2)) // 1
    return whole * unit * (1 if change > 0 else -1)


def is_pd(now: Fraction, nadir: Fraction, rule: Mapping[str, Any]) -> bool:
    """At least 20 % over nadir and at least 5 mm; over a nadir of 0 the percentage is infinite.

    It is an increase in any case: 0 mm after 0 mm is none, also where no absolute minimum is asked for.
    """
    enough = nadir == 0 or change_pct(now, nadir, rule) >= rule["pd_pct"]
    return enough and now > nadir and now - nadir >= Fraction(rule["pd_abs_mm"])


def target_response(
    rows: Sequence[Row], values: Values, nodes: Mapping[str, bool], past: Past, rule: Mapping[str, Any]
) -> str:
    """Section 4.3.1 in the order: missing, CR, reappearance, PD, PR, SD."""
    measured = [
        (row_value(row, rule), nodes[lesion]) for lesion in nodes for row in rows_of(lesion, rows, nodes)
    ]
    parts = [(value, node) for value, node in measured if value is not None]
    if not parts:
        return "NE"
    normal = Fraction(rule["node_normal_lt"])
    pathological = rule["node_regrowth_after_cr"] == "ge10"
    # Any non-nodal lesion back at any size; a node at 10 mm by itself only in the literal reading.
    back = past.after_cr and (
        any(value > 0 for value, node in parts if not node)
        or (pathological and any((values[lesion] or 0) >= normal for lesion in nodes if nodes[lesion]))
    )
    if None in values.values():
        known = sum((value for value, _ in parts), Fraction(0))
        if not back and all(value < normal if node else value == 0 for value, node in parts):
            # All that was measured is gone or a normal node: with the rest gone too this would be CR (A.10).
            known = Fraction(0)
        return partial_response(known, values, back, past, rule)
    if all((value or 0) < normal if nodes[lesion] else value == 0 for lesion, value in values.items()):
        return "CR"
    return "PD" if back else by_sum(total(values), past, rule)


def partial_response(known: Fraction, values: Values, back: bool, past: Past, rule: Mapping[str, Any]) -> str:
    """Some targets missing (4.4.2): PD when the known part already shows it, else NE or the scaled sum."""
    if back or is_pd(known, past.nadir, rule):
        return "PD"
    missing = [lesion for lesion, value in values.items() if value is None]
    if rule["missing_target"] == "scale_up_third" and 3 * len(missing) <= len(values):
        then = total({lesion: past.nadir_values[lesion] for lesion in values if lesion not in missing})
        if then > 0:
            return by_sum(total(values) * past.nadir / then, past, rule)
    return "NE"


def by_sum(now: Fraction, past: Past, rule: Mapping[str, Any]) -> str:
    """PD against nadir comes before PR against baseline; the rest is SD."""
    if is_pd(now, past.nadir, rule):
        return "PD"
    return "PR" if change_pct(now, past.baseline, rule) <= -rule["pr_pct"] else "SD"


# ---------------------------------------------------------------- non-target and new lesions


def non_target_state(row: Row, node: bool, rule: Mapping[str, Any]) -> str:
    """The reader's word; *house*: without one the diameter decides, and nothing at all is not evaluated."""
    state = word(row.get("state"))
    if state:
        return state
    size = length(row.get("diameter_mm"))
    if size is None:
        return "not evaluable"
    gone = size < Fraction(rule["node_normal_lt"]) if node else size == 0
    return "absent" if gone else "present"


def non_target_response(
    visit: Visit, non_targets: Mapping[str, bool], after_cr: bool, rule: Mapping[str, Any]
) -> tuple[str, list[Row]]:
    """Sections 4.3.3 and 4.3.4, and the rows that show progression."""
    if not non_targets:
        return "NA", []
    if not visit.imaged:
        return "NE", []
    states = dict.fromkeys(non_targets, "not done")
    worse: list[Row] = []
    for row in visit.rows:
        if word(row["role"]) != "non-target" or row["lesion"] not in non_targets:
            continue
        node = non_targets[row["lesion"]]
        state = states[row["lesion"]] = non_target_state(row, node, rule)
        back = after_cr and not node and state in ("present", "increased")
        if back or state == "unequivocal progression":
            worse.append(row)
    if worse:
        return "PD", worse
    present = any(state in ("present", "increased") for state in states.values())
    if any(state in ("not evaluable", "not done") for state in states.values()):
        wins = present and rule["nt_partial_missing"] == "present_wins"
        return ("NON-CR/NON-PD" if wins else "NE"), []
    if set(states.values()) == {"absent"} and not visit.marker_elevated:
        return "CR", []
    return "NON-CR/NON-PD", []


def is_new(row: Row) -> bool:
    return word(row["role"]) in NEW_ROLES


def new_state(row: Row) -> str:
    """The reader's word; *house*: 0 mm is absent, FDG-PET goes by the baseline PET, else unequivocal."""
    state = word(row.get("state"))
    if state:
        return state
    if length(row.get("diameter_mm")) == 0:
        return "absent"
    if word(row.get("method")) == "fdg-pet":
        known = {"negative": "unequivocal", "positive": "not new"}
        return known.get(word(row.get("baseline_pet")), "equivocal")
    return "unequivocal"


def new_lesions(visits: Sequence[Visit], rule: Mapping[str, Any]) -> list[dict[str, str]]:
    """Per visit and new lesion: Y unequivocal, E equivocal, N neither.

    Section 4.3.5: an equivocal lesion that proves to be one dates from the first scan, but not across a
    visit where it was absent (*house*: nor where it was not new; a visit without it breaks nothing).
    """
    code = {"unequivocal": "Y", "equivocal": "E"}
    states = [{row["lesion"]: new_state(row) for row in visit.rows if is_new(row)} for visit in visits]
    out = [{lesion: code.get(state, "N") for lesion, state in at.items()} for at in states]
    for k, at in enumerate(states):
        for lesion in at:
            later = [then[lesion] for then in states[k + 1 :] if lesion in then]
            decisive = [state for state in later if state in ("unequivocal", "absent", "not new")]
            if rule["equivocal_backdate"] and out[k][lesion] == "E" and decisive[:1] == ["unequivocal"]:
                out[k][lesion] = "Y"
    return out
