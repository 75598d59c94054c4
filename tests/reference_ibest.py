"""Best response and progression of iRECIST a second time (RULES B.5 and B.6), record by record.

The numbers of decisions are those of the list in tests/reference_irecist.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.reference_best import RULES, Record, late_enough, pairs

ORDER = ("iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "NED", "iCPD", "iUPD", "NE")
STABLE = ("iSD", "NON-iCR/NON-iUPD")
ENDS_BLOCK = ("iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "NED")


def ibor(
    records: Iterable[Record],
    rules: Mapping[str, Any] | None = None,
    new_therapy_date: dt.date | None = None,
    start: dt.date | None = None,
    no_targets: bool | None = None,
) -> dict[str, Any]:
    """Best and confirmed best response of one subject with their dates."""
    event = {"i_unconfirmed_is_event": (rules or {}).get("i_unconfirmed_is_event", True)}
    rule = RULES | {name: value for name, value in (rules or {}).items() if name in RULES} | event
    given = sorted(records, key=lambda record: record[0])
    if no_targets is None:
        no_targets = any(term == "NON-iCR/NON-iUPD" for _, term in given)
    window = cut(given, rule, new_therapy_date, start)
    early = [
        (date, "NE" if term in STABLE and not late_enough(date, rule, start) else term)
        for date, term in window
    ]
    best, best_date = best_of(early, rule)
    corrected = after_icr(window, rule, no_targets)
    found = confirmed(corrected, rule)
    confirmed_best, confirmed_date = confirmed_ibor(corrected, found, rule, start, no_targets)
    progression, event_happened = ipfs(window, rule, None, start)
    return {
        "best_response": best,
        "confirmed_best_response": confirmed_best,
        "best_response_date": best_date,
        "confirmed_best_response_date": confirmed_date,
        "response_date": min((d for d, term in window if term in ("iCR", "iPR")), default=None),
        "confirmed_response_date": min((date for _, date in found), default=None),
        "progression_date": progression if event_happened else None,
    }


def cut(
    given: Sequence[Record], rule: Mapping[str, Any], new_therapy: dt.date | None, start: dt.date | None
) -> list[Record]:
    """After the start, not after new anticancer therapy, up to and including the first iCPD."""
    window: list[Record] = []
    for date, term in given:
        if start is not None and date <= start:
            continue
        if new_therapy is not None:
            if rule["nact_rule"] == "on_or_before" and date > new_therapy:
                continue
            if rule["nact_rule"] == "before" and date >= new_therapy:
                continue
        window.append((date, term))
        if term == "iCPD":
            break
    return window


def best_of(carried: Sequence[Record], rule: Mapping[str, Any]) -> tuple[str, dt.date | None]:
    """The best term carried by any record, and the first record that carries it."""
    if not carried:
        return rule["no_assessment"], None
    best = min((term for _, term in carried), key=ORDER.index)
    return best, next(date for date, term in carried if term == best)


def after_icr(window: Sequence[Record], rule: Mapping[str, Any], no_targets: bool) -> list[Record]:
    """Decision 21: what is lesser than iCR after it."""
    lesser = ("iPR", *STABLE)
    records = list(window)
    if rule["cr_then_lesser"] == "table3_strict":
        for k, (date, term) in enumerate(records):
            if term in lesser and any(earlier == "iCR" for _, earlier in records[:k]):
                return [*records[:k], (date, "iUPD")]
        return records
    for k, (date, term) in enumerate(records):
        if term == "iCR" and any(later in lesser for _, later in records[k + 1 :]):
            records[k] = (date, "NON-iCR/NON-iUPD" if no_targets else "iPR")
    return records


def confirmed(records: Sequence[Record], rule: Mapping[str, Any]) -> list[tuple[str, dt.date]]:
    """Confirmed responses, iCR first, at the date of the response that is confirmed."""
    days, ne = rule["confirm_days"], rule["max_ne_between"]
    crs = pairs(records, ("iCR",), ("iCR",), {"iCR": None, "NE": ne}, days)
    limits = {"iCR": None, "iPR": None, "NE": ne, "iSD": rule["max_sd_between_pr"]}
    prs = pairs(records, ("iPR",), ("iPR", "iCR"), limits, days)
    return [("iCR", records[i][0]) for i, _ in crs] + [("iPR", records[i][0]) for i, _ in prs]


def confirmed_ibor(
    records: Sequence[Record],
    found: Sequence[tuple[str, dt.date]],
    rule: Mapping[str, Any],
    start: dt.date | None,
    no_targets: bool,
) -> tuple[str, dt.date | None]:
    """A confirmed response, else what an unconfirmed one falls back to."""
    if found:
        return found[0]
    instead = {"NON-CR/NON-PD": "NON-iCR/NON-iUPD", "SD": "iSD"}[rule["unconfirmed_cr_nt_only"]]
    carried = []
    for date, term in records:
        fallback = term
        if term in ("iCR", "iPR"):
            fallback = instead if no_targets and term == "iCR" else "iSD"
        if fallback in STABLE and not late_enough(date, rule, start):
            fallback = "NE"
        carried.append((date, fallback))
    return best_of(carried, rule)


def ipfs(
    records: Iterable[Record],
    rules: Mapping[str, Any] | None = None,
    death: dt.date | None = None,
    start: dt.date | None = None,
) -> tuple[dt.date | None, bool]:
    """Date of progression, death or censoring, and whether it is an event (decision 22)."""
    unconfirmed_counts = (rules or {}).get("i_unconfirmed_is_event", True)
    block: dt.date | None = None
    last = start
    for date, term in sorted(records, key=lambda record: record[0]):
        if term == "iCPD":
            return block or date, True
        if term == "iUPD":
            block = block or date
        if term in ENDS_BLOCK:
            block = None
        if term != "NE":
            last = date
    if block is not None and unconfirmed_counts:
        return block, True
    return (death, True) if death is not None else (last, False)
