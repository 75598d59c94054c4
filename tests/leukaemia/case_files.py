"""The worked leukaemia cases of the shared folder, turned into the frames of the product."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pandas as pd

from recist import LeukaemiaCriteria, get_leukaemia_criteria
from tests.acceptance.case_files import folder

Case = dict[str, Any]
CRITERIA = {"AML-ELN2022": "aml_eln2022", "AML-ELN2017": "aml_eln2017", "AML": "aml_eln2022"}
VERSION = {"ELN2017": "aml_eln2017", "ELN2022": "aml_eln2022"}
COLUMN = {  # word of the cases -> column of the table of assessments
    "bm_blasts": "blasts_pct",
    "blasts": "blasts_pct",
    "anc": "neutrophils",
    "plt": "platelets",
    "circulating_blasts": "circulating_blasts",
    "pb_blasts": "circulating_blasts",
    "emd": "extramedullary",
    "extramedullary": "extramedullary",
    "auer_rods": "auer_rods",
    "mrd": "mrd",
    "mrd_level": "mrd_level_pct",
    "cells": "cells_counted",
    "cells_counted": "cells_counted",
    "n_cells": "cells_counted",
    "bm_cells": "cells_counted",
    "cellularity": "cellularity_pct",
    "bm_cellularity": "cellularity_pct",
    "spicules": "spicules",
    "bm_spicules": "spicules",
    "evaluable": "evaluable",
    "bm_evaluable": "evaluable",
    "adequate": "evaluable",
    "bm_adequate": "evaluable",
}
NOT_A_COLUMN = ("bm_blasts_pre", "criteria_version", "aplastic", "bm_aplastic", "landmark_passed")
PRIOR = ("prior_response", "prior_cr", "in_remission", "after_cr", "previous_response")  # a remission before
TTE_DATES = {"death": "death_date", "landmark": "landmark_date", "randdt": "randomization_date"}


def cases(level: str) -> list[Case]:
    """All cases of an input level, from every file of the folder."""
    found: list[Case] = []
    for path in sorted(folder().glob("*.json")):
        content = json.loads(path.read_text())
        if isinstance(content, list):
            found += [case for case in content if case["input_level"] == level]
    return found


def load(level: str) -> list[tuple[str, Case, Case]]:
    """(name, case, expectation): the default one, and every alternative that changes something."""
    result = []
    for case in cases(level):
        result.append((case["id"], case, case["expected"]))
        for n, other in enumerate(case["alternatives"], 1):
            edits = (other.get("input") or {}) | (other.get("params") or {})
            if edits and not other.get("descriptive"):
                edited = case | {"input": case["input"] | edits}
                result.append((f"{case['id']} alternative {n}", edited, case["expected"] | other["expected"]))
    return result


def criteria_of(case: Case) -> LeukaemiaCriteria:
    """The classification of a case with its conventions."""
    given = case["input"] | case["params"]
    name = VERSION.get(given.get("criteria_version"), CRITERIA[case["criteria"]])
    criteria = get_leukaemia_criteria(name)
    known = criteria.conventions()
    return replace(criteria, **{key: value for key, value in given.items() if key in known})


def marrow_frame(case: Case) -> pd.DataFrame:
    """The marrow before treatment and the one to be judged; a remission between them where the case names one."""
    given, known = case["input"], set(criteria_of(case).conventions())
    strange = {key for key in given if given[key]} - set(COLUMN) - set(NOT_A_COLUMN) - set(PRIOR) - known
    assert not strange, f"{case['id']}: {strange} is no column of the table of assessments"
    start = pd.Timestamp(case["ref_date"])
    before = given.get("bm_blasts_pre") or case["baseline"].get("bm_blasts")
    rows = [{"visit": "BASELINE", "date": case["baseline"]["date"], "baseline": True, "blasts_pct": before}]
    if any(given.get(key) for key in PRIOR):
        first = {"blasts_pct": 2, "neutrophils": 1.5, "platelets": 150}
        rows.append({"visit": "REMISSION", "date": start + pd.Timedelta(30, "D"), "baseline": False} | first)
    judged = {COLUMN[key]: value for key, value in given.items() if key in COLUMN}
    if given.get("aplastic") or given.get("bm_aplastic"):
        judged["cellularity_pct"] = 0
    rows.append({"visit": "RESPONSE", "date": start + pd.Timedelta(60, "D"), "baseline": False} | judged)
    frame = pd.DataFrame(rows).assign(subject=case["id"])
    frame["date"] = pd.to_datetime(frame["date"])
    return frame


def subject_frame(case: Case) -> pd.DataFrame:
    """Start date, landmark and death of a case."""
    given = case["input"]
    row = {"subject": case["id"], "randomization_date": given.get("randdt") or case["ref_date"]}
    row |= {name: given[key] for key, name in TTE_DATES.items() if given.get(key)}
    if given.get("landmark_passed"):
        row["landmark_date"] = row["randomization_date"]
    if given.get("last_alive"):
        row["last_alive_date"] = given["last_alive"]
    frame = pd.DataFrame([row])
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in frame if name != "subject"})


def response_frame(case: Case) -> pd.DataFrame:
    """The responses that the dates of a time-to-event case stand for."""
    given = case["input"]
    evaluable = given.get("evaluable", True)
    refractory = given.get("refractory") or given.get("refractory_date")
    seen = [(given.get("first_cr"), "CR"), (given.get("relapse"), "RELAPSE"), (refractory, "REFRACTORY")]
    seen.append(
        (given.get("last_assessed"), ("CR" if given.get("first_cr") else "NR") if evaluable else "NE")
    )
    rows = [(case["id"], date, overall) for date, overall in seen if date]
    frame = pd.DataFrame(rows, columns=["subject", "date", "overall"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


def endpoint_of(case: Case) -> str:
    """The endpoint a case is about: RFS, or EFS by its rule."""
    given = case["input"]
    return "rfs" if given["endpoint"] == "RFS" else f"efs_{given['rule'].lower()}"
