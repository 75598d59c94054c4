"""Progression-free survival by FDA tables A, B and C and by EMA, row by row in their order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from survival import PFS, PFS_EMA, PFS_FDA_B, PFS_FDA_C, TTP, derive_endpoint
from survival.endpoint import Endpoint
from tests.endpoints.frames import START, course, one_subject

Q8W = ((56, "SD"), (112, "SD"), (168, "SD"), (224, "PD"))


def outcome(endpoint: Endpoint, subjects: pd.DataFrame, *visits: tuple[float, str]) -> tuple[str, int, bool]:
    """Situation, day counted from 0 at the start, event."""
    tte = derive_endpoint(endpoint, subjects, course(*visits)).iloc[0]
    assert tte["time"] == (tte["date"] - START).days + 1
    return str(tte["situation"]), int((tte["date"] - START).days), bool(tte["event"])


@pytest.mark.parametrize(
    ("days", "visits", "expected"),
    [
        ({"baseline_adequate": False}, Q8W, ("P1", 0, False)),
        ({"baseline_adequate": False, "death": 30}, (), ("P1", 0, False)),
        ({}, (), ("P2", 0, False)),
        ({}, ((56, "NE"),), ("P2", 0, False)),
        ({"new_therapy": 180}, Q8W, ("P3", 168, False)),
        ({"new_therapy": 168}, Q8W, ("P3", 168, False)),
        ({"new_therapy": 167}, Q8W, ("P3", 112, False)),
        ({"new_therapy": 20}, ((56, "SD"),), ("P3", 0, False)),
        ({"new_therapy": 20, "death": 60}, (), ("P3", 0, False)),
        ({"new_therapy": 120}, Q8W[:3], ("P3", 112, False)),
        ({"new_therapy": 224}, Q8W, ("P5", 224, True)),
        ({"new_therapy": 223}, Q8W, ("P3", 168, False)),
        ({}, ((56, "SD"), (112, "NE"), (168, "NE"), (224, "PD")), ("P4", 56, False)),
        ({}, ((56, "SD"), (182, "PD")), ("P5", 182, True)),
        ({}, ((56, "SD"), (183, "PD")), ("P4", 56, False)),
        ({}, ((126, "PD"),), ("P5", 126, True)),
        ({}, ((127, "PD"),), ("P4", 0, False)),
        ({"death": 300}, ((56, "SD"), (112, "SD")), ("P4", 112, False)),
        ({"death": 200}, (), ("P4", 0, False)),
        ({}, Q8W, ("P5", 224, True)),
        ({"death": 224}, Q8W, ("P5", 224, True)),
        ({"death": 230, "new_therapy": 226}, Q8W, ("P5", 224, True)),
        ({"death": 33}, (), ("P6", 33, True)),
        ({"death": 60}, ((56, "NE"),), ("P6", 60, True)),
        ({"death": 180}, Q8W[:3], ("P7", 180, True)),
        ({"death": 200, "new_therapy": 200}, Q8W[:3], ("P7", 200, True)),
        ({"discontinuation": 190, "reason": "Progressive disease"}, Q8W[:3], ("P8", 168, False)),
        ({"cutoff": 200}, Q8W, ("P9", 168, False)),
        ({"cutoff": 200, "death": 201}, Q8W[:3], ("P9", 168, False)),
        ({"discontinuation": 190, "reason": "ADVERSE EVENT"}, Q8W[:3], ("P10", 168, False)),
        ({"discontinuation": 150, "reason": "ADVERSE EVENT"}, Q8W[:3], ("P11", 168, False)),
        ({}, Q8W[:3], ("P11", 168, False)),
        ({}, ((56, "SD"), (112, "SD"), (168, "NE")), ("P11", 112, False)),
        ({"cutoff": 120}, Q8W[:3], ("P11", 112, False)),
    ],
)
def test_table_a(days: dict[str, Any], visits: tuple[Any, ...], expected: tuple[str, int, bool]) -> None:
    assert outcome(PFS, one_subject(**days), *visits) == expected


def test_only_the_first_progression_counts_and_what_is_assessed_after_it_does_not() -> None:
    assert outcome(PFS, one_subject(), (56, "PD"), (112, "SD"), (168, "PD")) == ("P5", 56, True)


def test_therapy_before_the_gap_is_named_as_therapy() -> None:
    visits = ((56, "SD"), (112, "SD"), (300, "PD"))
    assert outcome(PFS, one_subject(new_therapy=100), *visits) == ("P3", 56, False)
    assert outcome(PFS.without("P3"), one_subject(new_therapy=100), *visits) == ("P4", 112, False)


def test_an_event_before_the_start_is_dated_at_the_start() -> None:
    assert outcome(PFS, one_subject(), (-3, "PD")) == ("P5", 0, True)
    assert outcome(PFS, one_subject(new_therapy=-20), (56, "SD")) == ("P3", 0, False)


def test_a_longer_schedule_is_another_gap() -> None:
    visits = ((84, "SD"), (252, "PD"))
    assert outcome(PFS, one_subject(), *visits) == ("P4", 84, False)
    assert outcome(replace(PFS, max_gap_days=182), one_subject(), *visits) == ("P5", 252, True)


@pytest.mark.parametrize(
    ("days", "visits", "expected"),
    [
        ({}, ((56, "SD"), (100, "PD")), ("P5", 112, True)),
        ({}, ((56, "SD"), (119, "PD")), ("P5", 112, True)),
        ({}, ((56, "SD"), (120, "PD")), ("P5", 168, True)),
        ({"death": 105}, ((56, "SD"), (100, "PD")), ("P5", 105, True)),
        ({"cutoff": 103}, ((56, "SD"), (100, "PD")), ("P5", 103, True)),
        ({}, ((56, "SD"), (105, "SD")), ("P11", 112, False)),
        ({}, ((56, "SD"), (104, "SD")), ("P11", 56, False)),
        ({"new_therapy": 118}, ((56, "SD"), (115, "SD")), ("P3", 112, False)),
        ({"death": 180}, Q8W[:3], ("P7", 180, True)),
        ({"death": 300}, ((56, "SD"), (115, "SD")), ("P4", 112, False)),
        ({"discontinuation": 130, "reason": "PROGRESSION"}, ((58, "SD"), (109, "SD")), ("P8", 112, False)),
        ({"discontinuation": 130, "reason": "TOXICITY"}, ((58, "SD"), (109, "SD")), ("P10", 112, False)),
    ],
)
def test_table_b(days: dict[str, Any], visits: tuple[Any, ...], expected: tuple[str, int, bool]) -> None:
    assert outcome(PFS_FDA_B, one_subject(**days), *visits) == expected


@pytest.mark.parametrize(
    ("days", "visits", "expected"),
    [
        ({"discontinuation": 190, "reason": "symptomatic deterioration"}, Q8W[:3], ("C5", 190, True)),
        ({"discontinuation": 190, "reason": "PROGRESSION"}, Q8W, ("C5", 190, True)),
        ({"discontinuation": 224, "reason": "PROGRESSION"}, Q8W, ("P5", 224, True)),
        ({"discontinuation": 190, "reason": "PROGRESSION", "death": 185}, Q8W[:3], ("P7", 185, True)),
        ({"discontinuation": 190, "reason": "TOXICITY"}, Q8W[:3], ("P10", 168, False)),
        ({"discontinuation": 190, "reason": "PROGRESSION", "new_therapy": 180}, Q8W[:3], ("P3", 168, False)),
        ({"discontinuation": 300, "reason": "PROGRESSION"}, Q8W[:3], ("P4", 168, False)),
    ],
)
def test_table_c(days: dict[str, Any], visits: tuple[Any, ...], expected: tuple[str, int, bool]) -> None:
    subjects = one_subject(**days)
    if expected == ("P4", 168, False):  # 132 days after the last adequate assessment
        assert (subjects["discontinuation_date"] - START).dt.days.item() - 168 > PFS.max_gap_days
    assert outcome(PFS_FDA_C, subjects, *visits) == expected


@pytest.mark.parametrize(
    ("days", "visits", "expected"),
    [
        ({"new_therapy": 180}, Q8W, ("P5", 224, True)),
        ({}, ((56, "SD"), (400, "PD")), ("P5", 400, True)),
        ({"death": 500}, (), ("P6", 500, True)),
        ({"baseline_adequate": False, "death": 500}, (), ("P6", 500, True)),
        ({"baseline_adequate": False}, ((56, "SD"),), ("P1", 0, False)),
        ({"new_therapy": 60}, Q8W[:3], ("P11", 168, False)),
    ],
)
def test_ema(days: dict[str, Any], visits: tuple[Any, ...], expected: tuple[str, int, bool]) -> None:
    assert outcome(PFS_EMA, one_subject(**days), *visits) == expected


@pytest.mark.parametrize(
    ("days", "visits", "expected"),
    [
        ({"death": 180}, Q8W[:3], ("T6", 168, False)),
        ({"death": 33}, (), ("T6", 0, False)),
        ({"death": 300}, Q8W, ("P5", 224, True)),
        ({}, ((56, "SD"), (400, "PD")), ("P4", 56, False)),
        ({"new_therapy": 60, "death": 70}, ((56, "SD"),), ("P3", 56, False)),
    ],
)
def test_time_to_progression(
    days: dict[str, Any], visits: tuple[Any, ...], expected: tuple[str, int, bool]
) -> None:
    assert outcome(TTP, one_subject(**days), *visits) == expected
