"""Every worked leukaemia case: assessment to response, and dates to endpoint, with every alternative."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import recist
import survival
from tests.acceptance.case_files import folder
from tests.leukaemia.case_files import (
    Case,
    criteria_of,
    endpoint_of,
    load,
    marrow_frame,
    response_frame,
    subject_frame,
)

RESPONSES, TIMES = load("aml"), load("aml_tte")


def named(readings: list[tuple[str, Case, Case]]) -> list[Any]:
    return [pytest.param(*reading[1:], id=reading[0]) for reading in readings]


def test_there_are_cases() -> None:
    if not folder().exists():
        pytest.skip(f"no worked cases in {folder().name}; set RECIST_SHARED or RECIST_CASES to run them")
    assert RESPONSES and TIMES


@pytest.mark.parametrize(("case", "expected"), named(RESPONSES))
def test_responses(case: Case, expected: Case) -> None:
    responses = recist.assess_leukaemia(marrow_frame(case), criteria_of(case), start=subject_frame(case))
    row = responses[responses["visit"] == "RESPONSE"].iloc[0]
    assert row["overall"].upper() == expected["response"].upper()
    assert str(row["overall"]) in recist.explain(responses, case["id"], "RESPONSE").splitlines()[0]


@pytest.mark.parametrize(("case", "expected"), named(TIMES))
def test_times(case: Case, expected: Case) -> None:
    tte = survival.derive_endpoint(endpoint_of(case), subject_frame(case), response_frame(case)).iloc[0]
    assert tte["date"] == pd.Timestamp(expected["adt"])
    assert tte["event"] == (expected["cnsr"] == 0)
    assert tte["time"] == expected["aval"]
