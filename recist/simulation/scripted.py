"""Subjects written by hand (`scripts`), placed into a simulated study."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from recist.simulation.design import SITES, Design
from recist.simulation.scripts import SCRIPTS

_ROLE = {"T": "target", "N": "non-target", "X": "new"}
_SITE = {site.organ: site for site in SITES}
TRUTH = ("subject", "evaluator", "visit", "expected_overall", "remark")


@dataclass(frozen=True)
class Script:
    """One hand-written course."""

    name: str
    sentence: str
    facts: dict[str, str]  # best, confirmed, new therapy
    lesions: tuple[str, ...]  # column heads such as `T1.1 liver of T1`
    visits: tuple[dict[str, str], ...]

    def progressed(self) -> bool:
        """The last visit is progression."""
        return self.visits[-1]["expected"] == "PD"


def read_scripts() -> dict[str, Script]:
    """All scripts by name."""
    return {script.name: script for script in map(_read, SCRIPTS.strip().split("\n\n"))}


def _read(paragraph: str) -> Script:
    title, facts, head, *lines = paragraph.splitlines()
    name, sentence = title.split(": ", 1)
    columns = [cell.strip() for cell in head.split("|")]
    rows = [dict(zip(columns, (c.strip() for c in line.split("|")), strict=True)) for line in lines]
    pairs = [fact.strip().rsplit(" ", 1) for fact in facts.split("|")]
    answers = {pair[0]: pair[1] for pair in pairs}
    return Script(name, sentence, answers, tuple(columns[1:-2]), tuple(rows))


def visit_day(design: Design, visit: str) -> int:
    """Scripted scans keep to the plan: a week before the start, then the planned day."""
    return -7 if visit == "0" else 7 * design.weeks[int(visit) - 1]


def script_lesions(design: Design, script: Script, subject: str, start: Any) -> pd.DataFrame:
    """Lesion rows of a scripted subject, the same for every evaluator."""
    rows = [
        {"subject": subject, "evaluator": evaluator} | row
        for evaluator in design.readers
        for row in _rows(design, script, pd.Timestamp(start))
    ]
    return _with_further_columns(design, pd.DataFrame(rows))


def _with_further_columns(design: Design, rows: pd.DataFrame) -> pd.DataFrame:
    """What else the study records: these tumours enhance as a whole, and nobody says that they grew further."""
    if design.beyond_progression is not None:
        rows["further_increase"] = -1
    if design.necrosis is not None:
        liver = (rows["role"] == "target") & (rows["organ"] == "LIVER")
        rows["viable_mm"] = rows["diameter_mm"].where(liver)
    return rows


def _rows(design: Design, script: Script, start: pd.Timestamp) -> Iterator[dict[str, Any]]:
    for line in script.visits:
        for head in script.lesions:
            if cell := line[head]:
                lesion, organ, parent = _head(head)
                site = _SITE[organ]
                yield {
                    "visit": design.visit_labels[int(line["visit"])],
                    "date": start + pd.Timedelta(days=visit_day(design, line["visit"])),
                    "lesion": lesion,
                    "role": _ROLE[lesion[0]],
                    "organ": organ.upper(),
                    "node": site.node,
                    "method": site.method,
                    "parent": parent,
                    "baseline": line["visit"] == "0",
                } | _cell(cell, lesion[0])


def _head(head: str) -> tuple[str, str, str | None]:
    lesion, rest = head.split(" ", 1)
    organ, _, parent = rest.partition(" of ")
    return lesion, organ, parent or None


def _cell(cell: str, letter: str) -> dict[str, Any]:
    """State, diameter, reason and partner from a cell such as `9.8` or `merged T1`."""
    values: dict[str, Any] = {"diameter_mm": np.nan, "reason": None, "merged_into": None}
    if re.fullmatch(r"[\d.]+", cell):
        return values | {"diameter_mm": float(cell), "state": "measured"}
    if found := re.fullmatch(r"(not evaluable|not done) \((.+)\)", cell):
        return values | {"state": found[1], "reason": found[2]}
    if cell.startswith("merged "):
        return values | {"state": "merged", "merged_into": cell.removeprefix("merged ")}
    return values | {"state": cell, "diameter_mm": 0.0 if cell == "absent" and letter == "T" else np.nan}


def script_truth(design: Design, script: Script, subject: str) -> pd.DataFrame:
    """Expected overall response per evaluator and visit."""
    rows = [
        (subject, evaluator, design.visit_labels[int(line["visit"])], line["expected"], line["remark"])
        for evaluator in design.evaluators
        for line in script.visits[1:]
    ]
    return pd.DataFrame(rows, columns=list(TRUTH))


def script_visits(design: Design, script: Script, subject: str, start: Any) -> pd.DataFrame:
    """The visit table of a scripted subject: every scan took place."""
    day = [visit_day(design, line["visit"]) for line in script.visits]
    stable = {"clinically_stable": True} if design.beyond_progression is not None else {}
    return pd.DataFrame(
        {
            "subject": subject,
            "visit": [design.visit_labels[int(line["visit"])] for line in script.visits],
            "date": pd.Timestamp(start) + pd.to_timedelta(day, unit="D"),
            "imaging_done": True,
            "symptomatic_deterioration": False,
            **stable,
        }
    )


def script_dates(design: Design, script: Script, start: Any, cutoff: pd.Timestamp) -> dict[str, Any]:
    """Subject dates that go with the script: it ends with its last scan, in life or after progression."""
    place = list(read_scripts()).index(script.name)
    last = pd.Timestamp(start) + pd.Timedelta(days=visit_day(design, script.visits[-1]["visit"]))
    death = last + pd.Timedelta(days=90 + 149 * place % 460)  # spread, so that no step of the curve is theirs
    died = script.progressed() and death <= cutoff
    therapy = script.facts.get("new therapy")
    on = pd.Timestamp(start) + pd.Timedelta(days=int(therapy)) if therapy else pd.NaT
    left = on if therapy else last + pd.Timedelta(days=3)
    other = "NEW ANTICANCER THERAPY" if therapy else "WITHDRAWAL BY SUBJECT"
    return {
        "death_date": death if died else pd.NaT,
        "last_alive_date": death - pd.Timedelta(days=5)
        if died
        else cutoff - pd.Timedelta(days=5 + 3 * place),
        "new_therapy_date": on,
        "discontinuation_date": left,
        "discontinuation_reason": "PROGRESSIVE DISEASE" if script.progressed() else other,
        "safety": True,
        "response_evaluable": True,
    }
