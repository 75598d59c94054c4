"""iRECIST a second time, slow and plain, from the sentences of the rules: one subject, one reader.

Decisions of this house where the papers are silent (cited below by number).

 1. T and NT are the RECIST 1.1 target and non-target responses of the same visit under the same conventions,
    PR carried on (`sticky_pr`) included; `overall` is RECIST 1.1 with `post_pd = as_assessed`.
 2. ioverall is dated by itself: iUPD and iCPD as RECIST 1.1 dates PD at that visit (`pd_date_rule`; where
    RECIST 1.1 has no PD there: latest scan for `latest_in_visit`, else the earliest), all others by
    `response_date_rule`.  The gap of the time gate is this PD date minus the date of the anchor.
 3. A new lesion is known from the first imaged visit at which it is unequivocal, back-dating included.  At a
    visit a known lesion is *present* (unequivocal, or equivocal again), *gone* (absent, not new, blank at
    0 mm) or *not evaluated* (not evaluable, not done, no row, visit not imaged).  Known once, it is never new
    again, also when it was gone and comes back.  Lesions that are only equivocal do nothing.
 4. A new lesion is what its first unequivocal row says: role `new target` is measured, `new non-target` is
    not; plain `new` is a new target when that row has at least 10 mm (a node: `node_target_min`), else a
    non-target.  The numbers 5 and 2 per organ are not enforced: the site's choice is data.
 5. States `measured` and `too small` of a new target mean unequivocal, with the diameter or `tstm_mm`.
 6. iSOM = sum over the known new targets; gone = 0; one not evaluated or without diameter: incomplete.  Its
    nadir = smallest complete iSOM of the earlier visits from the one on at which the youngest of the new
    targets that are known now became known (a sum of fewer lesions is no nadir).
 7. Category NL progresses when a lesion becomes known; or, for lesions known before, when iSOM is at least
    20 % and 5 mm (`pd_pct`, `pd_abs_mm`) over its nadir, or a new non-target that is present has
    further_increase true (in NORMAL that flag is the only way to say unequivocal growth).  An incomplete iSOM
    counts with what is measured (a lower bound).
 8. The anchor is the first iUPD of the block and stays as it is.  "Additional" and "category that had not
    progressed" compare with the anchor, so what an early scan showed still confirms when seen 28 days on.
 9. Confirmation of T: T is PD and the sum is at least 5 mm (fixed, whatever `pd_abs_mm`) above the reference.
    Reference `iupd`: the first complete sum of the block, from the anchor on; `min_since_iupd`: the lowest
    complete one.  With targets missing now, the sum of the available ones counts (a lower bound; of a split
    lesion the fragments that are measured).  The same for iSOM and, without the 5 mm, for the diameter of a
    new non-target (gone = 0 mm).
10. Further increase of a non-target: further_increase true, or state `increased` with that flag blank.  Of a
    new non-target known at the anchor: further_increase true, or blank and its diameter above the reference.
    The flag is not read from rows that are absent, not evaluable, not done.
11. A path confirms only the category that drove the block (T by sum, NT by increase, NL by growth); whatever
    category was not in the anchor confirms by progressing as in NORMAL.
12. A visit that would confirm but for the time gate is iUPD, never a reset.  The early exception needs
    new_symptoms at that visit and an additional new lesion present; it never works for anything else.
13. Reset needs every category that drove the block to be evaluated: with NT = NE for a block by NT, or a new
    lesion of the anchor not evaluated for a block by NL, or T and NT giving NE, the visit is NE, still
    pending.  Lesions of the anchor: those present there.  One of an earlier block that was not evaluated at the
    anchor did not drive this one, and unread again it makes nothing NE, as in NORMAL.
14. `pr_vs_baseline_wins`: T = PD is read as PR when the complete sum is below the first complete sum of the
    block and at most 0.70 of baseline.  Only when leaving a block: at the next visit T = PD is iUPD again.
15. `faq_improvement` asks for improvement only when NL drove the block and a lesion of the anchor is present.
    Improvement against the anchor, any amount: base response better (CR, PR, then SD = NON-CR/NON-PD = NED,
    then PD; NE at the anchor compares with nothing), target sum lower, iSOM lower (sums: first complete ones
    of the block), or a lesion that was present at the anchor gone.
16. `strict_table2`: any known new lesion present, whatever drove the block: iUPD; before NE is considered.
17. With a known new lesion not shown gone, CR becomes iPR, and without targets NON-iCR/NON-iUPD; NED becomes
    NON-iCR/NON-iUPD.
18. iCPD is carried to all later visits, also those not evaluable.
19. i_max_days only sets `late_confirmation` at the visit that confirms.
20. iBOR: records after the start, not after new therapy (`nact_rule`), up to the first iCPD; order iCR, iPR,
    iSD, NON-iCR/NON-iUPD, NED, iCPD, iUPD, NE; early iSD is NE.  It reads the responses before PR is carried
    on.
21. Confirmed iBOR: as RECIST 1.1; iUPD between two responses breaks the pair; a lesser response after iCR
    (`table3_strict`) is read as iUPD and ends the sequence; unconfirmed iCR and iPR fall back to iSD.
22. iPFS: the block's first iUPD also when the block stays open (`i_unconfirmed_is_event`); iCPD without iUPD
    before it is dated at itself; censoring at the last visit that is not NE (iUPD is evaluable), none: at the
    start.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from tests import reference
from tests.reference import Facts, split_visits
from tests.reference_best import Record
from tests.reference_ibest import ibor, ipfs
from tests.reference_lesions import Row, Visit, blank, row_value, rows_of, word, yes
from tests.reference_machine import Machine, Seen
from tests.reference_new import NewLesions, as_new_row

__all__ = ["CONVENTIONS", "assess", "assess_ibor", "assess_ipfs", "ibor", "ipfs"]

OWN: dict[str, Any] = {
    "i_min_days": 28,
    "i_tol_days": 0,
    "i_max_days": 56,
    "i_early_exception": True,
    "i_increase_ref": "iupd",
    "i_reset_rule": "pr_vs_baseline_wins",
    "i_new_lesion_policy": "faq_improvement",
    "i_unconfirmed_is_event": True,
}
CONVENTIONS: dict[str, Any] = reference.CONVENTIONS | {"node_target_min": 15} | OWN


def assess(
    rows: Iterable[Row], facts: Facts | None = None, conventions: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """RECIST 1.1 records as assessed, with ioverall, idate, isom_mm, isom_nadir_mm and late_confirmation.

    `ioverall_unsticky` is ioverall before PR is carried on.
    """
    rule = CONVENTIONS | dict(conventions or {})
    plain = {name: value for name, value in rule.items() if name not in OWN} | {"post_pd": "as_assessed"}
    table = [as_new_row(row, rule) for row in rows]
    records = reference.assess(table, facts, plain)
    baseline, visits = split_visits(table, facts or {})
    new = NewLesions(visits, rule)
    seen = [
        look(k, visit, record, baseline, rule)
        for k, (visit, record) in enumerate(zip(visits, records, strict=True))
    ]
    shown = Machine(seen, new, rule, "target").run()
    unsticky = Machine(seen, new, rule, "target_as_assessed").run()
    for k, (record, (term, late)) in enumerate(zip(records, shown, strict=True)):
        dates = visits[k].dates
        other = min(dates) if rule["response_date_rule"] == "earliest_in_visit" else max(dates)
        record |= {
            "ioverall": term,
            "ioverall_unsticky": unsticky[k][0],
            "idate": seen[k].date if term in ("iUPD", "iCPD") else other,
            "isom_mm": new.isom(k),
            "isom_nadir_mm": new.nadir(k),
            "late_confirmation": late,
        }
    return records


def look(
    at: int, visit: Visit, record: Mapping[str, Any], baseline: Sequence[Row], rule: Mapping[str, Any]
) -> Seen:
    """The date of a progression (decision 2), available targets and further increase of non-targets."""
    if record["overall"] == "PD":
        date = record["date"]
    else:
        date = max(visit.dates) if rule["pd_date_rule"] == "latest_in_visit" else min(visit.dates)
    targets = reference.nodes_of("target", baseline)
    rows = [row for lesion in targets for row in rows_of(lesion, visit.rows, targets)]
    known = sum((value for row in rows if (value := row_value(row, rule)) is not None), Fraction(0))
    lesions = reference.nodes_of("non-target", baseline)
    of_baseline = [r for r in visit.rows if word(r["role"]) == "non-target" and r["lesion"] in lesions]
    further = visit.imaged and any(increased(row) for row in of_baseline)
    symptoms = yes(visit.facts.get("new_symptoms"))
    return Seen(at, record, date, known if visit.imaged else Fraction(0), further, symptoms)


def increased(row: Row) -> bool:
    """Decision 10: the flag, or the reader's `increased` where nothing else is said."""
    state, flag = word(row.get("state")), row.get("further_increase")
    if state in ("absent", "not evaluable", "not done"):
        return False
    return state == "increased" if blank(flag) else bool(flag)


def assess_ibor(
    rows: Iterable[Row],
    facts: Facts | None = None,
    conventions: Mapping[str, Any] | None = None,
    new_therapy_date: dt.date | None = None,
    start: dt.date | None = None,
) -> dict[str, Any]:
    """Best response from lesion rows: always on the responses before PR is carried on."""
    out = assess(rows, facts, conventions)
    no_targets = bool(out) and out[0]["target"] == "NA" and out[0]["non_target"] != "NA"
    records: list[Record] = [(record["idate"], record["ioverall_unsticky"]) for record in out]
    return ibor(records, CONVENTIONS | dict(conventions or {}), new_therapy_date, start, no_targets)


def assess_ipfs(
    rows: Iterable[Row],
    facts: Facts | None = None,
    conventions: Mapping[str, Any] | None = None,
    death: dt.date | None = None,
    start: dt.date | None = None,
) -> tuple[dt.date | None, bool]:
    """Date of iPFS from lesion rows, and whether it is an event."""
    records = [(record["idate"], record["ioverall"]) for record in assess(rows, facts, conventions)]
    return ipfs(records, CONVENTIONS | dict(conventions or {}), death, start)
