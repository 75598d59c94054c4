"""Every worked mRECIST case, hepatocellular carcinoma and mesothelioma."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.case_files import Case, lesion_frame, load, viable_frame
from tests.acceptance.test_cases_recist_1_1 import check_responses, named

HCC, MPM = load("mRECIST-HCC", "lesion"), load("mRECIST-MPM", "lesion")


@pytest.mark.parametrize(("params", "expected", "case"), named(HCC))
def test_hepatocellular_carcinoma(params: dict[str, Any], expected: Case, case: Case) -> None:
    check_responses(viable_frame(case), params, expected, case)


@pytest.mark.parametrize(("params", "expected", "case"), named(MPM))
def test_mesothelioma(params: dict[str, Any], expected: Case, case: Case) -> None:
    check_responses(lesion_frame(case), params, expected, case)
