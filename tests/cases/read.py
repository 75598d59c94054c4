"""Golden cases: subjects written as short tables, with the response that follows from the rules.

A paragraph is one case.  Its first line is a sentence; then come lines `word: ...`, then the table, then
what is expected of the best response.  `== ... ==` opens a section, `#` is a remark.

    conventions: a=b, c=d   fields of the criteria that differ from the published ones
    baseline: none          the first visit is no baseline
    targets: none           (sequences) the subject has no target lesions
    new therapy: 84         day on which new anticancer therapy began
    why: ...                the working
    best: PR B.2 day 42     best response, its rule, its day; `confirmed:` likewise
    dates: response 42, confirmed 42, progression 126   or, say, progression none

Visits go down. Columns whose name begins with T, N or X and a number are lesions (target, non-target, new;
under iRECIST XT and XN: new target, new non-target) with their organ; `marker` and `imaged` are facts of
the visit (`symptoms`: scanned for new ones); the rest is expected. A lesion cell is a length in mm, a word
(`absent`, `too small`, ...), fragments (`15 + 12`, `?` for one not evaluable), `PET` when FDG-PET showed it,
`22 of 40` when 22 of 40 mm are viable,
`40 at 55 HU` with its attenuation, with remarks after commas (`12, atypical`; see REMARKS) and `@ 45`
when it was scanned on another day than the visit's. Empty: no row. An organ `... node` is a lymph node.
A table without lesions is a sequence of responses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

FOLDER = Path(__file__).parent
START = pd.Timestamp("2024-01-01")
ROLES = {
    "T": "target",
    "N": "non-target",
    "X": "new",
    "XT": "new target",
    "XN": "new non-target",
}
LESION = re.compile(r"((?:T|N|X|XT|XN)\d+) ([a-z ]+?)(?: \(PET (\w+)\))?$")
VISIT_FACTS = ("visit", "day", "marker", "imaged", "symptoms")
EXPECTED = (
    *("sum", "nadir", "HU", "injected sum", "non-injected sum", "target", "non-target", "new"),
    *("injected", "non-injected", "overall", "ioverall", "rules", "date"),
)
SAID = ("conventions", "baseline", "targets", "new therapy", "why", "best", "confirmed", "dates")
Row = dict[str, Any]
REMARKS: dict[str, Row] = {
    "larger": {"further_increase": True},
    "not larger": {"further_increase": False},
    "typical": {"pattern": "typical"},
    "atypical": {"pattern": "atypical"},
    "injected": {"injected": True},
    "cytology positive": {"cytology_positive": True},
    "cytology negative": {"cytology_positive": False},
}


@dataclass(frozen=True)
class Case:
    """One golden case as it is written."""

    criteria: str  # name, from the name of the file
    section: str
    title: str
    number: int
    said: dict[str, str]
    head: list[str]
    table: list[dict[str, str]] = field(repr=False)

    @property
    def subject(self) -> str:
        return f"C{self.number:03d}"

    @property
    def label(self) -> str:
        """The criteria with the conventions of the case."""
        edits = self.said.get("conventions", "")
        return f"{self.criteria}[{edits}]" if edits else self.criteria

    @property
    def is_sequence(self) -> bool:
        return not any(LESION.match(column) or column == "rules" for column in self.head)

    @property
    def visits(self) -> list[dict[str, str]]:
        """The rows on which something is expected."""
        return [row for row in self.table if row["overall"]]


def read_cases(folder: Path = FOLDER) -> list[Case]:
    """All cases, in the order of the files."""
    cases: list[Case] = []
    for path in sorted(folder.glob("*.txt")):
        cases += _cases_of(path, len(cases))
    return cases


def _cases_of(path: Path, before: int) -> Iterator[Case]:
    section, number = "", before
    for paragraph in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        lines = [line for line in paragraph.splitlines() if line and not line.startswith("#")]
        if lines and lines[0].startswith("=="):
            section = lines[0].strip("= ")
        elif lines:
            number += 1
            yield _case(path.stem, section, number, lines)


def _case(criteria: str, section: str, number: int, lines: list[str]) -> Case:
    said, rows = {}, []
    for line in lines[1:]:
        key, colon, text = (part.strip() for part in line.partition(":"))
        if colon and key in SAID and "|" not in line:
            said[key] = text
        else:
            rows.append([cell.strip() for cell in line.split("|")])
    head, *body = rows
    known = [c for c in head if LESION.match(c) or c in VISIT_FACTS + EXPECTED]
    if known != head or any(len(row) != len(head) for row in body):
        raise ValueError(f"{criteria}, {lines[0]!r}: unreadable columns {head}, or a row of another length")
    table = [dict(zip(head, row, strict=True)) for row in body]
    return Case(criteria, section, lines[0], number, said, head, table)


def day(number: str | int) -> pd.Timestamp:
    return START + pd.Timedelta(int(number), "D")


def lesion_frame(cases: list[Case]) -> pd.DataFrame:
    """The lesion table of the cases, one subject each."""
    columns = ["subject", "visit", "date", "lesion", "role", "organ", "node", "diameter_mm", "state"]
    columns += ["parent", "baseline", "method", "baseline_pet", "viable_mm", "attenuation_hu"]
    columns += list(dict.fromkeys(column for remark in REMARKS.values() for column in remark))
    rows = [row for case in cases for row in _lesion_rows(case)]
    return pd.DataFrame({name: [row.get(name) for row in rows] for name in columns}).astype(
        {
            "diameter_mm": "float64",
            "viable_mm": "float64",
            "attenuation_hu": "float64",
            "node": bool,
            "baseline": bool,
        }
    )


def visit_frame(cases: list[Case]) -> pd.DataFrame:
    """The table of visits of the cases."""
    return pd.DataFrame(
        [
            {
                "subject": case.subject,
                "visit": visit["visit"],
                "date": day(visit["day"]),
                "baseline": _is_baseline(case, visit),
                "imaging_done": visit.get("imaged", "") != "no",
                "tumour_marker_elevated": visit.get("marker", "") == "elevated",
                "new_symptoms": visit.get("symptoms", "") == "yes",
            }
            for case in cases
            for visit in case.table
        ]
    )


def subject_frame(cases: list[Case]) -> pd.DataFrame:
    """Start date of the cases."""
    return pd.DataFrame({"subject": [case.subject for case in cases], "start_date": START})


def sequence_frame(cases: list[Case]) -> pd.DataFrame:
    """The recorded responses of the sequences."""
    return pd.DataFrame(
        [
            {
                "subject": case.subject,
                "criteria": case.label,
                "date": day(record["day"]),
                "start_date": START,
                "overall": record["overall"],
                "target": "NA" if case.said.get("targets") == "none" else "NE",
                "new_therapy_date": day(case.said["new therapy"]) if "new therapy" in case.said else pd.NaT,
            }
            for case in cases
            for record in case.table
        ]
    )


def _is_baseline(case: Case, visit: dict[str, str]) -> bool:
    return visit is case.table[0] and case.said.get("baseline") != "none"


def _lesion_rows(case: Case) -> Iterator[Row]:
    for visit in case.table:
        for column, cell in visit.items():
            if (name := LESION.match(column)) and cell:
                lesion, organ, pet = name.groups()
                plain: Row = {"subject": case.subject, "visit": visit["visit"], "lesion": lesion}
                plain |= {
                    "role": ROLES[lesion.rstrip("0123456789")],
                    "organ": organ.upper(),
                    "node": organ.endswith(" node"),
                }
                plain |= {"baseline": _is_baseline(case, visit), "baseline_pet": pet}
                cell, _, elsewhen = cell.partition("@")
                size, *remarks = cell.strip().split(", ")
                for remark in remarks:
                    plain |= REMARKS[remark]
                yield from _rows_of_cell(plain | {"date": day(elsewhen or visit["day"])}, size)


def _rows_of_cell(plain: Row, cell: str) -> Iterator[Row]:
    if " + " in cell:
        for k, part in enumerate(cell.split(" + "), 1):
            fragment = {"lesion": f"{plain['lesion']}.{k}", "parent": plain["lesion"]}
            yield plain | fragment | _value("not evaluable" if part == "?" else part)
    elif cell.startswith("PET"):
        yield plain | {"method": "FDG-PET"} | _value(cell.removeprefix("PET").strip())
    else:
        yield plain | _value(cell)


def _value(cell: str) -> Row:
    """A length, alone or with its viable part or attenuation, or a word; a blank stays blank."""
    if cell.endswith(" HU"):
        size, attenuation = cell.removesuffix(" HU").split(" at ")
        return _value(size) | {"attenuation_hu": float(attenuation)}
    if " of " in cell:
        viable, diameter = map(float, cell.split(" of "))
        return {"viable_mm": viable, "diameter_mm": diameter}
    return {"diameter_mm": float(cell)} if re.match(r"[\d.]+$", cell) else {"state": cell or None}
