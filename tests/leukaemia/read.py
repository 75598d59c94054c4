"""Golden leukaemia cases: subjects written as short tables, with the response that follows from the rules.

A paragraph is one subject.  Its first line is a sentence; then come lines `word: ...`, then the table.

    conventions: a=b, c=d   fields of the classification that differ from the published ones
    landmark: 70            day by which remission must be reached
    why: ...                the working
    best: CR 39             best response and its day; `best in 28: ...` within a window of days

Assessments go down; the first row, without an overall response, is the one before treatment.  `day` counts
from the start.  Empty: not recorded.  `rules` are those of response, residual disease and course.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent / "golden"
START = pd.Timestamp("2024-01-01")
COLUMN = {
    "blasts": "blasts_pct",
    "anc": "neutrophils",
    "plt": "platelets",
    "blood": "circulating_blasts",
    "emd": "extramedullary",
    "auer": "auer_rods",
    "tri": "trilineage",
    "cells": "cells_counted",
    "cellularity": "cellularity_pct",
    "spicules": "spicules",
    "evaluable": "evaluable",
    "mrd": "mrd",
    "level": "mrd_level_pct",
    "red cells": "red_cell_transfusion",
    "platelets given": "platelet_transfusion",
}
SAID = ("conventions", "landmark", "why", "best", "best in 28")


@dataclass(frozen=True)
class Case:
    """One golden case as it is written."""

    criteria: str  # name, from the name of the file
    title: str
    subject: str
    said: dict[str, str]
    table: list[dict[str, str]]

    @property
    def label(self) -> str:
        """The classification with the conventions of the case."""
        edits = self.said.get("conventions", "")
        return f"{self.criteria}[{edits}]" if edits else self.criteria

    @property
    def expected(self) -> list[tuple[str, str]]:
        """Overall response and rules of every assessment after baseline."""
        return [(row["overall"], row["rules"]) for row in self.table if row["overall"]]


def read_cases() -> list[Case]:
    """All cases, in the order of the files."""
    return [case for path in sorted(FOLDER.glob("*.txt")) for case in _cases_of(path)]


def _cases_of(path: Path) -> Iterator[Case]:
    for number, paragraph in enumerate(re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()), 1):
        title, *lines = [line for line in paragraph.splitlines() if not line.startswith("#")]
        said: dict[str, str] = {}
        rows = []
        for line in lines:
            key, _, text = (part.strip() for part in line.partition(":"))
            if key in SAID:
                said[key] = text
            else:
                rows.append([cell.strip() for cell in line.split("|")])
        head, *body = rows
        if set(head) - set(COLUMN) - {"day", "overall", "rules"} or any(
            len(row) != len(head) for row in body
        ):
            raise ValueError(f"{path.stem}, {title!r}: unreadable columns {head}, or a row of another length")
        table = [dict(zip(head, row, strict=True)) for row in body]
        yield Case(path.stem, title, f"{path.stem}-{number:02d}", said, table)


def day(number: str | int) -> pd.Timestamp:
    return START + pd.Timedelta(int(number), "D")


def marrow_frame(cases: list[Case]) -> pd.DataFrame:
    """The table of assessments of the cases, as text like a file's."""
    rows = [
        {"subject": case.subject, "date": day(row["day"]), "baseline": not row["overall"]}
        | {COLUMN[name]: cell or None for name, cell in row.items() if name in COLUMN}
        for case in cases
        for row in case.table
    ]
    return pd.DataFrame(rows)


def subject_frame(cases: list[Case]) -> pd.DataFrame:
    """Start and landmark of the cases."""
    landmark = [day(c.said["landmark"]) if "landmark" in c.said else pd.NaT for c in cases]
    frame = pd.DataFrame({"subject": [c.subject for c in cases], "treatment_start_date": START})
    return frame.assign(landmark_date=pd.Series(landmark, dtype="datetime64[ns]"))
