"""Every worked RECIST 1.1 case: measurements to responses to best response, default and alternative conventions."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import recist
from tests.acceptance.case_files import (
    Case,
    edited,
    folder,
    lesion_frame,
    load,
    response_frame,
    subject_frame,
    visit_frame,
)

Reading = tuple[str, dict[str, Any], Case, Case]
LESION, RESPONSE = load("RECIST1.1", "lesion"), load("RECIST1.1", "response")


def named(readings: list[Reading]) -> list[Any]:
    return [pytest.param(*reading[1:], id=reading[0]) for reading in readings]


def test_there_are_cases() -> None:
    if not folder().exists():
        pytest.skip(f"no worked cases in {folder().name}; set RECIST_SHARED or RECIST_CASES to run them")
    assert LESION and RESPONSE


@pytest.mark.parametrize(("params", "expected", "case"), named(LESION))
def test_lesions(params: dict[str, Any], expected: Case, case: Case) -> None:
    check_responses(lesion_frame(case), params, expected, case)


def check_responses(lesions: pd.DataFrame, params: dict[str, Any], expected: Case, case: Case) -> None:
    """Responses by visit and best responses of one reading of a case."""
    criteria, subjects = edited(case, params), subject_frame(case)
    responses = recist.assess(lesions, criteria, start=subjects, visits=visit_frame(case))
    assert responses["visit"].tolist() == [v["visit"] for v in case["visits"]]
    for row in responses.itertuples():
        wanted = expected["visits"].get(row.visit, {})
        got = {
            "target": row.target,
            "nontarget": row.non_target,
            "new": row.new_lesion,
            "overall": row.overall,
        }
        assert got == {key: wanted.get(key, got[key]) for key in got}, row.visit
        if "sum" in wanted:
            assert row.sum_mm == pytest.approx(wanted["sum"], abs=1e-9)
        if "response_date" in wanted:
            assert row.date == pd.Timestamp(wanted["response_date"])
        assert row.day == (row.date - pd.Timestamp(case["ref_date"])).days
    check_best(recist.best_response(responses, subjects=subjects), expected)


@pytest.mark.parametrize(("params", "expected", "case"), named(RESPONSE))
def test_responses(params: dict[str, Any], expected: Case, case: Case) -> None:
    check_best(
        recist.best_response(response_frame(case), rules=edited(case, params), subjects=subject_frame(case)),
        expected,
    )


def check_best(best: pd.DataFrame, expected: Case) -> None:
    assert len(best) == 1
    found = best.iloc[0]
    if "bor_unconfirmed" in expected:
        assert found["best_response"] == expected["bor_unconfirmed"]
    if "bor_confirmed" in expected:
        assert found["confirmed_best_response"] == expected["bor_confirmed"]
    if "response_date" in expected:
        assert found["response_date"] == pd.Timestamp(expected["response_date"])
