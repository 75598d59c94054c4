"""The worked cases of iRECIST (JSON; folder RECIST_CASES, or shared/cases): date of iPFS, and iDOR that ends there."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import recist
from survival import derive_endpoint
from tests.acceptance.case_files import (
    Case,
    edited,
    lesion_frame,
    load,
    response_frame,
    subject_frame,
    visit_frame,
)

NONE = pytest.param("", {}, {}, {}, id="none", marks=pytest.mark.skip("no iRECIST cases; set RECIST_CASES"))


def _cases() -> list[Any]:
    found = [case for level in ("lesion", "response") for case in load("iRECIST", level)]
    dated = [pytest.param(*case, id=case[0]) for case in found if "ipfs_date" in case[2]]
    return dated or [NONE]


def _frames(params: dict[str, Any], case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The subject table and the responses of a case."""
    start, criteria = subject_frame(case), edited(case, params)
    subjects = start.rename(columns={"start_date": "randomization_date"})
    subjects["death_date"] = pd.to_datetime([case.get("death")]).astype("datetime64[ns]")
    if case["input_level"] == "response":
        return subjects, response_frame(case).assign(criteria=criteria.label)
    return subjects, recist.assess(lesion_frame(case), criteria, start=start, visits=visit_frame(case))


@pytest.mark.parametrize(("name", "params", "expected", "case"), _cases())
def test_case(name: str, params: dict[str, Any], expected: Case, case: Case) -> None:
    subjects, responses = _frames(params, case)
    row = derive_endpoint("ipfs", subjects, responses).iloc[0]
    got = (f"{row['date']:%Y-%m-%d}", int(not row["event"]))
    assert got == (expected["ipfs_date"], expected["ipfs_cnsr"]), row["description"]
    duration = derive_endpoint("idor_any", subjects, responses)
    assert len(duration) == (expected["ibor"] in ("iCR", "iPR"))
    for found in duration.itertuples():
        assert (found.date, found.event) == (row["date"], row["event"])
