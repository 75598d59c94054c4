"""Every worked iRECIST case: measurements to iRECIST responses to best response."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import recist
from tests.acceptance.case_files import (
    Case,
    edited,
    lesion_frame,
    load,
    response_frame,
    subject_frame,
    visit_frame,
)
from tests.acceptance.test_cases_recist_1_1 import named

LESION, RESPONSE = load("iRECIST", "lesion"), load("iRECIST", "response")


@pytest.mark.parametrize(("params", "expected", "case"), named(LESION))
def test_lesions(params: dict[str, Any], expected: Case, case: Case) -> None:
    criteria, subjects = edited(case, params), subject_frame(case)
    responses = recist.assess(lesion_frame(case), criteria, start=subjects, visits=visit_frame(case))
    for row in responses.itertuples():
        wanted = expected["visits"].get(row.visit, {})
        got = {
            "target": row.target,
            "nontarget": row.non_target,
            "new": row.new_lesion,
            "ioverall": row.ioverall,
        }
        assert got == {key: wanted.get(key, got[key]) for key in got}, (row.visit, row.ioverall_rule)
        if "recist11_overall" in expected:
            assert row.overall in expected["recist11_overall"]
    check_best(recist.best_response(responses, subjects=subjects), expected, case)


@pytest.mark.parametrize(("params", "expected", "case"), named(RESPONSE))
def test_responses(params: dict[str, Any], expected: Case, case: Case) -> None:
    responses = response_frame(case).assign(criteria="irecist")
    best = recist.best_response(responses, rules=edited(case, params), subjects=subject_frame(case))
    check_best(best, expected, case)


def check_best(best: pd.DataFrame, expected: Case, case: Case) -> None:
    assert len(best) == 1
    if expected.get("ibor"):
        assert best.loc[0, "best_response"] == expected["ibor"]
    progression = best.loc[0, "progression_date"]
    if expected.get("ipfs_cnsr") == 0 and not case.get("death"):
        assert progression == pd.Timestamp(expected["ipfs_date"])
    if expected.get("ipfs_cnsr") == 1:
        assert pd.isna(progression)
