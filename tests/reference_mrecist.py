"""mRECIST a second time: what it changes in the lesion table before RECIST 1.1 (tests/reference.py) reads it.

Decisions of this house where the papers are silent.

 1. Hepatocellular carcinoma: a target that is no node is measured by viable_mm when its baseline row has one,
    and then always: at a visit with diameter_mm alone it is missing.  A target without viable_mm at baseline
    (atypical, infiltrative, extrahepatic) and every node is measured by diameter_mm.
 2. `pd_abs_mm` is 5 as in the cases' default_params; 0 is the letter of the 2010 text.
 3. Site limits of nodes say what is disease (baseline findings, new nodes); the limit of a normal node in
    complete response stays `node_normal_lt` everywhere.
 4. The classifier only tempers what the reader calls unequivocal (or leaves blank); equivocal, absent, not
    new, not evaluable stay.  What it tempers is equivocal, and `equivocal_backdate` dates it back.
 5. New nodule of the liver (organ holds LIVER, no node): unequivocal with at least `mrecist_new_min_mm` and
    pattern typical, or once it is `mrecist_growth_mm` larger than at its first measurement since it was last
    absent or not new.  Size is diameter_mm, else viable_mm; without size or pattern it is not shown typical.
 6. New effusion: organ holds EFFUSION or ASCITES, or PERITONE, PLEURA or PERICARDI without a diameter, or
    cytology_positive was given, at that visit or before.  Unequivocal once cytology was positive, at that
    visit or before: a finding of the laboratory, whatever the scan of that visit is worth.
 7. New node whose organ holds PORTA HEPATIS: equivocal below 20 mm; unmeasured: the reader's word.  All else
    is the reader's word (RECIST 1.1).
 8. What a read scan has shown (typical, grown, 20 mm) stays shown at later visits, also where the reader was
    still in doubt, until the lesion is absent or not new; a scan that was not evaluated shows nothing.
 9. Non-target whose organ holds EFFUSION or ASCITES: unequivocal progression is read as increased unless
    cytology was positive at that visit or before, baseline included; its return after complete response needs
    none.
10. Organ and node of a lesion are those of its first row that has an organ.
11. Mesothelioma: RECIST 1.1 as it stands; the positions of thickness are targets that are no nodes, and
    progression that is provable from the levels seen counts (`missing_target`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests import reference
from tests.reference import Facts, split_visits
from tests.reference_lesions import Row, Visit, blank, is_new, length, new_state, word, yes

OWN: dict[str, Any] = {"mrecist_new_min_mm": 10, "mrecist_growth_mm": 10}
CONVENTIONS: dict[str, Any] = reference.CONVENTIONS | OWN
HILAR_NODE_MM = 20


def assess_hcc(
    rows: Iterable[Row], facts: Facts | None = None, conventions: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The records of tests.reference.assess for hepatocellular carcinoma."""
    table, plain = prepared(list(rows), facts, conventions)
    return reference.assess(table, facts, plain)


def best_hcc(
    rows: Iterable[Row], facts: Facts | None = None, conventions: Mapping[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """The best response of tests.reference.assess_best for hepatocellular carcinoma."""
    table, plain = prepared(list(rows), facts, conventions)
    return reference.assess_best(table, facts, plain, **more)


assess_mpm = reference.assess
best_mpm = reference.assess_best


def prepared(
    rows: list[Row], facts: Facts | None, conventions: Mapping[str, Any] | None
) -> tuple[list[Row], dict[str, Any]]:
    """The table as RECIST 1.1 shall read it, and its conventions."""
    rule = CONVENTIONS | dict(conventions or {})
    plain = {name: value for name, value in rule.items() if name not in OWN}
    baseline, visits = split_visits(rows, facts or {})
    viable = {
        row["lesion"]
        for row in baseline
        if word(row["role"]) == "target" and not yes(row.get("node")) and not blank(row.get("viable_mm"))
    }
    table = [measured(row, viable) for row in baseline]
    sites = site_of([row for visit in [Visit("", baseline, {}), *visits] for row in visit.rows])
    fluid = {
        row["lesion"]
        for row in baseline
        if word(row["role"]) == "non-target" and yes(row.get("cytology_positive"))
    }
    nodules: dict[str, NewLesion] = {}
    for visit in visits:
        for row in visit.rows:
            lesion = row["lesion"]
            if is_new(row):
                nodule = nodules.setdefault(lesion, NewLesion(*sites.get(lesion, ("", False))))
                table.append(nodule.read(row, rule))
                continue
            if yes(row.get("cytology_positive")):
                fluid.add(lesion)
            table.append(tempered(measured(row, viable), sites, fluid))
    return table, plain


def site_of(rows: Sequence[Row]) -> dict[str, tuple[str, bool]]:
    """Organ in capitals and whether it is a node, from the first row that has an organ."""
    sites: dict[str, tuple[str, bool]] = {}
    for row in rows:
        if not blank(row.get("organ")):
            sites.setdefault(row["lesion"], (str(row["organ"]).upper(), yes(row.get("node"))))
    return sites


def measured(row: Row, viable: set[str]) -> Row:
    """The viable part in place of the whole diameter."""
    own = row["lesion"] in viable or row.get("parent") in viable
    if word(row["role"]) != "target" or not own:
        return row
    return {**row, "diameter_mm": row.get("viable_mm")}


def tempered(row: Row, sites: Mapping[str, tuple[str, bool]], fluid: set[str]) -> Row:
    """A non-target effusion needs positive cytology to progress."""
    organ = sites.get(row["lesion"], ("", False))[0]
    effusion = "EFFUSION" in organ or "ASCITES" in organ
    worse = word(row["role"]) == "non-target" and word(row.get("state")) == "unequivocal progression"
    if worse and effusion and row["lesion"] not in fluid:
        return {**row, "state": "increased"}
    return row


@dataclass
class NewLesion:
    """A new lesion from visit to visit."""

    organ: str
    node: bool
    first_mm: Fraction | None = None
    shown: bool = False
    tested: bool = False
    cytology: bool = False

    def read(self, row: Row, rule: Mapping[str, Any]) -> Row:
        """The row with the state that mRECIST gives the lesion."""
        state = new_state(row)
        self.tested = self.tested or not blank(row.get("cytology_positive"))
        self.cytology = self.cytology or yes(row.get("cytology_positive"))
        if state in ("absent", "not new"):
            self.first_mm, self.shown = None, False
        if state not in ("unequivocal", "equivocal"):
            return {**row, "state": state}
        size = length(row.get("diameter_mm"))
        size = length(row.get("viable_mm")) if size is None else size
        self.first_mm = size if self.first_mm is None else self.first_mm
        self.shown = self.shown or self.qualifies(row, size, state == "unequivocal", rule)
        return {**row, "state": "unequivocal" if state == "unequivocal" and self.shown else "equivocal"}

    def qualifies(self, row: Row, size: Fraction | None, sure: bool, rule: Mapping[str, Any]) -> bool:
        """Decisions 5 to 7 on a row that was read; `sure` is the reader's word."""
        serous = any(name in self.organ for name in ("PERITONE", "PLEURA", "PERICARDI")) and size is None
        named = "EFFUSION" in self.organ or "ASCITES" in self.organ
        if serous or named or self.tested:
            return self.cytology
        if self.node and "PORTA HEPATIS" in self.organ and size is not None:
            return size >= HILAR_NODE_MM
        if self.node or "LIVER" not in self.organ:
            return sure
        if size is None or self.first_mm is None:
            return False
        typical = word(row.get("pattern")) == "typical" and size >= Fraction(rule["mrecist_new_min_mm"])
        return typical or size - self.first_mm >= Fraction(rule["mrecist_growth_mm"])
