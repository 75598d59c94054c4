"""Overall survival: death, or the last contact up to the cutoff."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from survival import derive_endpoint
from tests.endpoints.frames import START, course, one_subject


def outcome(subjects: pd.DataFrame, responses: pd.DataFrame | None = None) -> tuple[str, int, bool]:
    tte = derive_endpoint("os", subjects, responses).iloc[0]
    assert tte["time"] == (tte["date"] - START).days + 1
    return str(tte["situation"]), int((tte["date"] - START).days), bool(tte["event"])


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"death": 100}, ("O1", 100, True)),
        ({"death": 100, "last_alive": 120}, ("O1", 100, True)),
        ({"death": 100, "cutoff": 100}, ("O1", 100, True)),
        ({"death": 101, "cutoff": 100}, ("O2", 100, False)),
        ({"death": -2}, ("O1", 0, True)),
        ({"last_alive": 130, "cutoff": 100}, ("O2", 100, False)),
        ({"last_alive": 100, "cutoff": 100}, ("O2", 100, False)),
        ({"last_alive": 99, "cutoff": 100}, ("O4", 99, False)),
        ({"last_alive": 80}, ("O4", 80, False)),
        ({"last_alive": 80, "new_therapy": 90}, ("O4", 90, False)),
        ({"last_alive": 80, "discontinuation": 95}, ("O4", 95, False)),
        ({}, ("O3", 0, False)),
        ({"last_alive": -5}, ("O3", 0, False)),
    ],
)
def test_overall_survival(days: dict[str, Any], expected: tuple[str, int, bool]) -> None:
    assert outcome(one_subject(**days)) == expected


def test_an_assessment_is_a_contact_even_when_not_evaluable() -> None:
    assert outcome(one_subject(last_alive=80), course((112, "NE"))) == ("O4", 112, False)
    assert outcome(one_subject(last_alive=80, cutoff=100), course((112, "NE"))) == ("O2", 100, False)
