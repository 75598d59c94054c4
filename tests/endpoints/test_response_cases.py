"""The worked cases of response endpoints of one subject (JSON; folder RECIST_CASES, or shared/cases)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recist import best_response
from survival import benefit_flags, derive_endpoint
from tests.endpoints.frames import at, course, one_subject
from tests.shared import SHARED

FOLDER = Path(os.environ.get("RECIST_CASES", SHARED / "cases"))
FLAG = {
    "orr_conf": "confirmed_objective_response",
    "orr_unconf": "objective_response",
    "dcr": "disease_control",
    "cbr24": "clinical_benefit",
}


def _cases() -> Iterator[Any]:
    found = 0
    for path in sorted(FOLDER.glob("*.json")) if FOLDER.is_dir() else []:
        content = json.loads(path.read_text(encoding="utf-8"))
        for case in content if isinstance(content, list) else []:
            if case.get("input_level") == "endpoints":
                found += 1
                yield pytest.param(case, id=case["id"])
    if not found:
        yield pytest.param(None, id="none", marks=pytest.mark.skip("no such cases; set RECIST_CASES"))


def _days(case: dict[str, Any], key: str) -> float | None:
    """A date of the case as days from its start."""
    if not case.get(key):
        return None
    return (pd.Timestamp(case[key]) - pd.Timestamp(case["ref_date"])).days


@pytest.mark.parametrize("case", list(_cases()))
def test_case(case: dict[str, Any]) -> None:
    responses = course(*((visit["day"], visit["overall_input"]) for visit in case["visits"]))
    subjects = one_subject(death=_days(case, "death"), new_therapy=_days(case, "nact_date"))
    best = best_response(responses, subjects=subjects)
    flags = benefit_flags(responses, best, subjects).iloc[0]
    got: dict[str, Any] = {key: "Y" if flags[name] else "N" for key, name in FLAG.items()}
    ttr = derive_endpoint("ttr_any", subjects, responses)
    dor = derive_endpoint("dor", subjects, responses)
    got["ttr"] = int(ttr["time"].iloc[0]) if len(ttr) else None
    got["dor"] = int(dor["time"].iloc[0]) if len(dor) else None
    got["dor_cnsr"] = int(not dor["event"].iloc[0]) if len(dor) else None
    assert {key: got[key] for key in case["expected"]} == case["expected"]


def test_best_response_is_derived_up_to_the_cutoff_and_new_therapy() -> None:
    responses = course((56, "PR"), (112, "PR"), (168, "PD"))
    assert len(derive_endpoint("dor", one_subject(), responses)) == 1
    assert len(derive_endpoint("dor", one_subject(cutoff=111), responses)) == 0
    assert len(derive_endpoint("dor", one_subject(new_therapy=111), responses)) == 0
    assert derive_endpoint("dor_any", one_subject(cutoff=111), responses)["date"].tolist() == [at(56)]
