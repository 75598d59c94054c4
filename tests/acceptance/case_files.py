"""The worked cases of the shared folder: read, and turned into the frames of the product."""

from __future__ import annotations

import json
import os
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pandas as pd

from recist import Criteria, get_criteria
from tests.shared import SHARED

Case = dict[str, Any]
CRITERIA = {
    "RECIST1.1": "recist_1_1",
    "iRECIST": "irecist",
    "mRECIST-HCC": "mrecist_hcc",
    "mRECIST-MPM": "mrecist_mpm",
}
ROLES = {
    "target": "target",
    "nontarget": "non-target",
    "new": "new",
    "new_target": "new target",
    "new_nontarget": "new non-target",
}
NEW_KINDS = {"NLT": "new target", "NLNT": "new non-target"}
NOT_FOR_US = ("ref_date",)


def folder() -> Path:
    """Where the case files lie."""
    return Path(os.environ.get("RECIST_CASES", SHARED / "cases"))


def cases(criteria: str, *levels: str) -> list[Case]:
    """All cases of one criteria at some input levels, from every file of the folder."""
    found: list[Case] = []
    for path in sorted(folder().glob("*.json")):
        content = json.loads(path.read_text())
        if isinstance(content, list):
            found += [c for c in content if c["criteria"] == criteria and c["input_level"] in levels]
    return found


def readings(case: Case) -> list[tuple[str, dict[str, Any], Case]]:
    """Name, conventions and expectation: the default one, and what each alternative says it changes."""
    result = [(case["id"], case["params"], case["expected_merged"])]
    for n, other in enumerate(case["alternatives"], 1):
        if other.get("params") and not other.get("descriptive"):
            name = f"{case['id']} alternative {n}"
            result.append((name, case["params"] | other["params"], {"visits": {}} | other["expected"]))
    return result


def load(criteria: str, *levels: str) -> list[tuple[str, dict[str, Any], Case, Case]]:
    """(name, conventions, expectation, case) for everything that is to be tested."""
    result = []
    for case in cases(criteria, *levels):
        visits = {v["visit"]: dict(v.get("expected") or {}) for v in case["visits"]}
        case["expected_merged"] = dict(case["expected"]) | {"visits": visits}
        result += [(name, params, expected, case) for name, params, expected in readings(case)]
    return result


def edited(case: Case, params: dict[str, Any]) -> Criteria:
    """The criteria of a case with its conventions."""
    criteria = get_criteria(CRITERIA[case["criteria"]])
    known = {f.name for f in fields(criteria)}
    unknown = set(params) - known - set(NOT_FOR_US)
    assert not unknown, f"{case['id']}: {unknown} is no convention of {criteria.name}"
    return replace(criteria, **{k: v for k, v in params.items() if k in known})


def lesion_frame(case: Case) -> pd.DataFrame:
    """The lesion rows of a case."""
    base = [lesion_row(lesion, "BASELINE", True) for lesion in case["baseline"]["lesions"]]
    rows = base + [lesion_row(lesion, v["visit"], False) for v in case["visits"] for lesion in v["lesions"]]
    columns = [
        "subject",
        "visit",
        "date",
        "lesion",
        "role",
        "organ",
        "node",
        "diameter_mm",
        "state",
        "baseline",
    ]
    return pd.DataFrame(rows, columns=None if rows else columns)


def lesion_row(lesion: dict[str, Any], visit: str, baseline: bool) -> dict[str, Any]:
    """One row of the lesion table."""
    role = ROLES[lesion["role"]]
    if role == "new" and lesion.get("kind") in NEW_KINDS:
        role = NEW_KINDS[lesion["kind"]]
    return {
        "subject": lesion["subject"],
        "visit": visit,
        "date": lesion["date"],
        "lesion": lesion["lesion_id"],
        "role": role,
        "organ": lesion.get("organ"),
        "node": bool(lesion.get("nodal")),
        "diameter_mm": float("nan") if lesion.get("mm") is None else float(lesion["mm"]),
        "state": lesion_state(lesion, role),
        "parent": lesion.get("parent"),
        "merged_into": lesion.get("merged_into"),
        "baseline": baseline,
        "method": lesion.get("method"),
        "baseline_pet": lesion.get("baseline_pet"),
        "reason": lesion.get("reason"),
        "further_increase": lesion.get("further_increase"),
        "pattern": lesion.get("pattern"),
        "cytology_positive": lesion.get("cytology_positive"),
    }


def viable_frame(case: Case) -> pd.DataFrame:
    """The lesion rows of a case whose sizes are those of viable tumour."""
    frame = lesion_frame(case)
    viable = (frame["role"] == "target") & ~frame["node"]
    return frame.assign(
        viable_mm=frame["diameter_mm"].where(viable), diameter_mm=frame["diameter_mm"].mask(viable)
    )


def lesion_state(lesion: dict[str, Any], role: str) -> str | None:
    """The state in our words; of a new lesion absence outweighs certainty."""
    state = lesion.get("state") or lesion.get("status")
    if role.startswith("new") and state in (None, "MEASURED", "PRESENT"):
        state = lesion.get("certainty")
    words = {"UNEQUIVOCAL_PD": "unequivocal progression", None: None}
    return words.get(state, str(state).lower().replace("_", " "))


def visit_frame(case: Case) -> pd.DataFrame:
    """Facts about the visits of a case, baseline included."""
    subject = case["id"]
    rows: list[dict[str, Any]] = [
        {"subject": subject, "visit": "BASELINE", "date": case["baseline"]["date"], "baseline": True}
    ]
    for visit in case["visits"]:
        rows.append(
            {
                "subject": subject,
                "visit": visit["visit"],
                "date": visit["date"],
                "baseline": False,
                "imaging_done": visit.get("imaging_done", True),
                "tumour_marker_elevated": visit.get("tumour_marker_elevated", False),
                "new_symptoms": visit.get("new_symptoms", False),
            }
        )
    return pd.DataFrame(rows)


def subject_frame(case: Case) -> pd.DataFrame:
    """Start and new therapy date."""
    return pd.DataFrame(
        {
            "subject": [case["id"]],
            "start_date": pd.to_datetime([case["ref_date"]]),
            "new_therapy_date": pd.to_datetime([case.get("nact_date")]),
        }
    )


def response_frame(case: Case) -> pd.DataFrame:
    """The given responses of a case of level `response`."""
    visits = case["visits"]
    return pd.DataFrame(
        {
            "subject": pd.Series([case["id"]] * len(visits), dtype=str),
            "visit": [v["visit"] for v in visits],
            "start_date": pd.Timestamp(case["ref_date"]),
            "date": pd.to_datetime([v["date"] for v in visits]),
            "overall": pd.Series([v["overall_input"] for v in visits], dtype=str),
            "target": pd.Series(["NA" if case.get("nt_only") else "SD"] * len(visits), dtype=str),
        }
    )
