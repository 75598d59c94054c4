"""The worked cases of progression-free survival (JSON; folder RECIST_CASES, or shared/cases)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from survival import derive_endpoint, get_endpoint
from tests.shared import SHARED

FOLDER = Path(os.environ.get("RECIST_CASES", SHARED / "cases"))
VARIANT = {"A": "pfs", "B": "pfs_fda_b", "C": "pfs_fda_c"}
SUBJECT_DATES = {
    "randdt": "randomization_date",
    "death": "death_date",
    "nact": "new_therapy_date",
    "cutoff": "cutoff_date",
    "discontinuation": "discontinuation_date",
    "last_alive": "last_alive_date",
}


def _cases() -> Iterator[Any]:
    """Every case at its default, and each alternative that names parameters or input."""
    found = 0
    for path in sorted(FOLDER.glob("*.json")) if FOLDER.is_dir() else []:
        content = json.loads(path.read_text(encoding="utf-8"))
        for case in content if isinstance(content, list) else []:
            if case.get("input_level") != "tte":
                continue
            found += 1
            yield pytest.param(case, case["params"], case["input"], case["expected"], id=case["id"])
            for n, other in enumerate(case["alternatives"]):
                if not other.get("descriptive"):
                    given = {**case["input"], **other.get("input", {})}
                    params = {**case["params"], **other.get("params", {})}
                    yield pytest.param(case, params, given, other["expected"], id=f"{case['id']}-{n}")
    if not found:
        yield pytest.param(
            None, {}, {}, {}, id="none", marks=pytest.mark.skip("no PFS cases; set RECIST_CASES")
        )


def _subjects(given: dict[str, Any], ref_date: str) -> pd.DataFrame:
    table = pd.DataFrame({"subject": ["01"], "randomization_date": [pd.Timestamp(ref_date)]})
    for key, column in SUBJECT_DATES.items():
        if key in given:
            table[column] = pd.to_datetime([given[key]])
    return table.assign(baseline_adequate=given.get("baseline_adequate", True))


def _responses(given: dict[str, Any]) -> pd.DataFrame:
    seen = given.get("assessments", [])
    return pd.DataFrame(
        {
            "subject": pd.Series(["01"] * len(seen), dtype="str"),
            "date": pd.to_datetime([visit["date"] for visit in seen]),
            "overall": pd.Series([visit["ovr"] for visit in seen], dtype="str"),
        }
    )


@pytest.mark.parametrize(("case", "params", "given", "expected"), list(_cases()))
def test_case(
    case: dict[str, Any], params: dict[str, Any], given: dict[str, Any], expected: dict[str, Any]
) -> None:
    settings = {**params, **given}
    name = "pfs_ema" if settings.get("policy") == "EMA" else VARIANT[settings.get("pfs_variant", "A")]
    endpoint = get_endpoint(name)
    if "max_gap_days" in settings:
        endpoint = replace(endpoint, max_gap_days=settings["max_gap_days"])
    tte = derive_endpoint(endpoint, _subjects(given, case["ref_date"]), _responses(given)).iloc[0]
    got = {"adt": f"{tte['date']:%Y-%m-%d}", "cnsr": int(not tte["event"]), "aval": int(tte["time"])}
    assert {key: got[key] for key in expected if key in got} == expected, tte["description"]
