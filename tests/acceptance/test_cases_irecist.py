"""Every worked iRECIST case: measurements to iRECIST responses to best response."""

from __future__ import annotations

from typing import Any

import pytest

import recist
from tests.acceptance.case_files import Case, edited, lesion_frame, load, subject_frame, visit_frame
from tests.acceptance.test_cases_recist_1_1 import named

LESION, RESPONSE = load("iRECIST", "lesion"), load("iRECIST", "response")


@pytest.mark.parametrize(("params", "expected", "case"), named(LESION))
def test_lesions(params: dict[str, Any], expected: Case, case: Case) -> None:
    criteria, subjects = edited(case, params), subject_frame(case)
    responses = recist.assess(lesion_frame(case), criteria, start=subjects, visits=visit_frame(case))
    for row in responses.itertuples():
        wanted = expected["visits"].get(row.visit, {})
        got = {"target": row.target, "nontarget": row.non_target, "new": row.new_lesion, "ioverall": row.ioverall}
        assert got == {key: wanted.get(key, got[key]) for key in got}, (row.visit, row.ioverall_rule)
