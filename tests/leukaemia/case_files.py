"""The worked leukaemia cases of the shared folder, turned into the frames of the product."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pandas as pd

from recist import LeukaemiaCriteria, get_leukaemia_criteria
from tests.acceptance.case_files import folder

Case = dict[str, Any]
CRITERIA = {"AML-ELN2022": "aml_eln2022", "AML-ELN2017": "aml_eln2017", "AML": "aml_eln2022"}
VERSION = {"ELN2017": "aml_eln2017", "ELN2022": "aml_eln2022"}
COLUMN = {  # what a word of the cases begins with or holds -> column of the table of assessments
    r"(bm_)?blasts(_pct)?$": "blasts_pct",
    r"anc|neutrophils": "neutrophils",
    r"plt|platelets": "platelets",
    r"circulating|pb_blasts|blood": "circulating_blasts",
    r"emd|extramedullary": "extramedullary",
    r"auer": "auer_rods",
    r"mrd$|mrd_(result|status)": "mrd",
    r"mrd_(level|pct|value)": "mrd_level_pct",
    r".*cellularity": "cellularity_pct",
    r".*cells": "cells_counted",
    r".*spicul": "spicules",
    r"(?!non|not).*(evaluable|adequate)": "evaluable",
}
INADEQUATE = re.compile(r"(non|not|in).*(evaluable|adequate)|suboptimal|early_death|withdraw|dry_tap")
PRIOR = re.compile(r"prior|previous|in_remission|after_")  # a remission before
FLAGS = ("circulating_blasts", "extramedullary", "auer_rods", "spicules", "evaluable")
NOT_A_COLUMN = re.compile(r"bm_blasts_pre|criteria_version|.*aplastic|landmark|note")
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


def column_of(word: str) -> str | None:
    """The column a word of the cases stands for."""
    return next((column for pattern, column in COLUMN.items() if re.match(pattern, word)), None)


def judged(case: Case) -> dict[str, Any]:
    """The marrow to be judged; a word that stands for nothing fails the case."""
    row: dict[str, Any] = {}
    conventions = criteria_of(case).conventions()
    for word, value in case["input"].items():
        if INADEQUATE.match(word):
            row["evaluable"] = not value
        elif re.match(r".*aplastic", word) and value:
            row["cellularity_pct"] = 0
        elif PRIOR.match(word) or NOT_A_COLUMN.match(word) or (word in conventions and word != "mrd"):
            continue
        else:
            column = column_of(word)
            assert column or value is None, f"{case['id']}: {word!r} is no column of the table of assessments"
            row[str(column)] = bool(value) if column in FLAGS and value is not None else value
    return row


def marrow_frame(case: Case) -> pd.DataFrame:
    """The marrow before treatment and the one to be judged; a remission between them where the case names one."""
    given, start = case["input"], pd.Timestamp(case["ref_date"])
    before = given.get("bm_blasts_pre") or case["baseline"].get("bm_blasts")
    rows = [{"visit": "BASELINE", "date": case["baseline"]["date"], "baseline": True, "blasts_pct": before}]
    if any(PRIOR.match(word) and value for word, value in given.items()):
        first = {"blasts_pct": 2, "neutrophils": 1.5, "platelets": 150}
        rows.append({"visit": "REMISSION", "date": start + pd.Timedelta(30, "D"), "baseline": False} | first)
    day = {"visit": "RESPONSE", "date": start + pd.Timedelta(60, "D"), "baseline": False}
    frame = pd.DataFrame([*rows, day | judged(case)]).assign(subject=case["id"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


def subject_frame(case: Case) -> pd.DataFrame:
    """Start date, landmark and death of a case."""
    given = case["input"]
    row = {"subject": case["id"], "randomization_date": given.get("randdt") or case["ref_date"]}
    row |= {name: given[key] for key, name in TTE_DATES.items() if given.get(key)}
    if given.get("landmark_passed") is True:
        row["landmark_date"] = row["randomization_date"]
    if given.get("last_alive"):
        row["last_alive_date"] = given["last_alive"]
    frame = pd.DataFrame([row])
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in frame if name != "subject"})


def response_frame(case: Case) -> pd.DataFrame:
    """The responses that the dates of a time-to-event case stand for."""
    given = case["input"]
    evaluable = given.get("evaluable", True) and not any(INADEQUATE.match(word) for word in given)
    refractory = next((given[word] for word in given if re.match("refractory|fail", word)), None)
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
