"""Best overall response a second time, record by record (RECIST 1.1 4.4 to 4.6, Table 3, Appendix III)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Record = tuple[dt.date, str]

ORDER = ("CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD", "NE")
RULES: dict[str, Any] = {
    "min_sd_days": 42,
    "confirm_days": 28,
    "max_ne_between": 1,
    "max_sd_between_pr": 1,
    "cr_then_lesser": "table3_strict",
    "unconfirmed_cr_nt_only": "NON-CR/NON-PD",
    "no_assessment": "NE",
    "nact_rule": "on_or_before",
}


def best_response(
    records: Iterable[Record],
    rules: Mapping[str, Any] | None = None,
    new_therapy_date: dt.date | None = None,
    start: dt.date | None = None,
    no_targets: bool | None = None,
) -> dict[str, Any]:
    """Best and confirmed best response of one subject with their dates.

    `start` None: every record is late enough to be SD.  `no_targets` None: read off the records, because
    NON-CR/NON-PD exists only without target lesions (Table 2).
    """
    rule = RULES | {name: value for name, value in (rules or {}).items() if name in RULES}
    given = sorted(records, key=lambda record: record[0])
    if no_targets is None:
        no_targets = any(response == "NON-CR/NON-PD" for _, response in given)
    window = cut(given, rule, new_therapy_date, start)
    best, best_date = unconfirmed(window, rule, start)
    confirmed, confirmed_date = confirmed_best(window, rule, start, no_targets)
    corrected = after_cr(window, rule, no_targets)
    responses = [date for date, response in window if response in ("CR", "PR")]
    confirmed_responses = [corrected[i][0] for i, _ in confirmed_crs(corrected, rule)]
    confirmed_responses += [corrected[i][0] for i, _ in confirmed_prs(corrected, rule)]
    return {
        "best_response": best,
        "confirmed_best_response": confirmed,
        "best_response_date": best_date,
        "confirmed_best_response_date": confirmed_date,
        "response_date": min(responses, default=None),
        "confirmed_response_date": min(confirmed_responses, default=None),
        # As recorded: a lesser response after CR that Table 3 reads as PD is not a progression by itself.
        "progression_date": next((date for date, response in window if response == "PD"), None),
    }


def cut(
    given: Sequence[Record], rule: Mapping[str, Any], new_therapy: dt.date | None, start: dt.date | None
) -> list[Record]:
    """After the start, not after new anticancer therapy, up to and including the first PD."""
    window: list[Record] = []
    for date, response in given:
        if start is not None and date <= start:
            continue
        if new_therapy is not None:
            if rule["nact_rule"] == "on_or_before" and date > new_therapy:
                continue
            if rule["nact_rule"] == "before" and date >= new_therapy:
                continue
        window.append((date, response))
        if response == "PD":
            break
    return window


def late_enough(date: dt.date, rule: Mapping[str, Any], start: dt.date | None) -> bool:
    """Stable disease must be seen at least the minimum time after the start (4.6.3)."""
    return start is None or (date - start).days >= rule["min_sd_days"]


def best_of(carried: Sequence[Record], rule: Mapping[str, Any]) -> tuple[str, dt.date | None]:
    """The best term carried by any record, and the first record that carries it."""
    if not carried:
        return rule["no_assessment"], None
    best = min((response for _, response in carried), key=ORDER.index)
    return best, next(date for date, response in carried if response == best)


def unconfirmed(
    window: Sequence[Record], rule: Mapping[str, Any], start: dt.date | None
) -> tuple[str, dt.date | None]:
    """4.6.1 without confirmation: the best in order; SD before the minimum time counts as NE."""
    carried = []
    for date, response in window:
        early = response in ("SD", "NON-CR/NON-PD") and not late_enough(date, rule, start)
        carried.append((date, "NE" if early else response))
    return best_of(carried, rule)


def after_cr(window: Sequence[Record], rule: Mapping[str, Any], no_targets: bool) -> list[Record]:
    """Table 3, footnote a: what is seen after a CR ends it, or shows that there never was a CR."""
    lesser = ("PR", "SD", "NON-CR/NON-PD")
    records = list(window)
    if rule["cr_then_lesser"] == "table3_strict":
        for k, (date, response) in enumerate(records):
            if response in lesser and any(earlier == "CR" for _, earlier in records[:k]):
                return [*records[:k], (date, "PD")]
        return records
    for k, (date, response) in enumerate(records):
        if response == "CR" and any(later in lesser for _, later in records[k + 1 :]):
            # Table 2 knows no PR: without target lesions the corrected CR is NON-CR/NON-PD.
            records[k] = (date, "NON-CR/NON-PD" if no_targets else "PR")
    return records


def pairs(
    records: Sequence[Record],
    first: tuple[str, ...],
    second: tuple[str, ...],
    limits: Mapping[str, int | None],
    confirm_days: int,
) -> list[tuple[int, int]]:
    """Positions i < j of a response and one that confirms it; `limits`: what may lie between, None any."""
    found = []
    for i, (date_i, response_i) in enumerate(records):
        for j in range(i + 1, len(records)):
            date_j, response_j = records[j]
            between = [response for _, response in records[i + 1 : j]]
            if response_i not in first or response_j not in second:
                continue
            if (date_j - date_i).days < confirm_days:
                continue
            if any(response not in limits for response in between):
                continue
            counts = ((between.count(term), most) for term, most in limits.items())
            if all(most is None or count <= most for count, most in counts):
                found.append((i, j))
    return found


def confirmed_crs(records: Sequence[Record], rule: Mapping[str, Any]) -> list[tuple[int, int]]:
    """CR, then CR at least 4 weeks later, with only CR and at most one NE between."""
    limits = {"CR": None, "NE": rule["max_ne_between"]}
    return pairs(records, ("CR",), ("CR",), limits, rule["confirm_days"])


def confirmed_prs(records: Sequence[Record], rule: Mapping[str, Any]) -> list[tuple[int, int]]:
    """PR, then PR or CR at least 4 weeks later; at most one NE and one SD between (4.4.4, Appendix III)."""
    limits = {"CR": None, "PR": None, "NE": rule["max_ne_between"], "SD": rule["max_sd_between_pr"]}
    return pairs(records, ("PR",), ("PR", "CR"), limits, rule["confirm_days"])


def confirmed_best(
    window: Sequence[Record], rule: Mapping[str, Any], start: dt.date | None, no_targets: bool
) -> tuple[str, dt.date | None]:
    """4.6.1 with confirmation, Table 3."""
    records = after_cr(window, rule, no_targets)
    for term, found in (("CR", confirmed_crs(records, rule)), ("PR", confirmed_prs(records, rule))):
        if found:
            return term, records[found[0][0]][0]
    carried = []
    for date, response in records:
        fallback = response
        if response in ("CR", "PR"):
            fallback = rule["unconfirmed_cr_nt_only"] if no_targets and response == "CR" else "SD"
        if fallback in ("SD", "NON-CR/NON-PD") and not late_enough(date, rule, start):
            fallback = "NE"
        carried.append((date, fallback))
    return best_of(carried, rule)
