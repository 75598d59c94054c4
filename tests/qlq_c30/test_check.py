"""Each finding has its row and its sentence; clean answers have none."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import survival
from survival.qlq_c30.check import COLUMNS
from survival.qlq_c30.findings import FINDINGS, SEVERITY

VISITS = {"BASELINE": "2024-01-01", "WEEK 8": "2024-02-26", "WEEK 16": "2024-04-22"}
FORM = {f"q{n}": 1 + n % 3 for n in range(1, 31)}
BLANK = {f"q{n}": None for n in range(1, 31)}


def trial() -> list[dict[str, Any]]:
    """Four subjects with three questionnaires each, in order."""
    return [{"subject": s, "visit": v, "date": d} | FORM for s in "ABCD" for v, d in VISITS.items()]


def subjects(**dates: str) -> pd.DataFrame:
    frame = pd.DataFrame({"subject": list("ABCD"), "randomization_date": pd.Timestamp("2024-01-02")})
    return frame.assign(**{name: pd.Timestamp(day) for name, day in dates.items()})


def check(row: int, change: dict[str, Any], **dates: str) -> pd.DataFrame:
    """The findings when one row of the trial is changed."""
    rows = trial()
    rows[row] |= change
    return survival.check_qlq(pd.DataFrame(rows), subjects(**dates))


def test_clean_answers_have_no_findings() -> None:
    found = survival.check_qlq(
        pd.DataFrame(trial()), subjects(death_date="2025-01-01", cutoff_date="2024-12-01")
    )
    assert found.empty and list(found) == list(COLUMNS)


CASES = {
    "answer-impossible": (4, {"q5": 5, "q30": 0}, {}, "B, WEEK 8: q5 = 5 (of 1 to 4), q30 = 0 (of 1 to 7)."),
    "visit-twice": (
        5,
        {"visit": "WEEK 8"},
        {},
        "B, WEEK 8: filled in on 2024-04-22, and on 2024-02-26 in row 6.",
    ),
    "day-twice": (5, {"date": "2024-02-26"}, {}, "B, WEEK 16: filled in on 2024-02-26, as was row 6."),
    "subject-unknown": (11, {"subject": "Z"}, {}, "Z, WEEK 16: not in the subject table."),
    "after-death": (
        2,
        {},
        {"death_date": "2024-04-01"},
        "A, WEEK 16: filled in on 2024-04-22, died on 2024-04-01.",
    ),
    "no-date": (2, {"date": None}, {}, "A, WEEK 16: no date."),
    "no-baseline": (3, BLANK, {}, "B, BASELINE: first questionnaire on 2024-01-01, start on 2024-01-02."),
    "visit-order": (
        5,
        {"date": "2024-02-01"},
        {},
        "B, WEEK 16: dated 2024-02-01, before WEEK 8 on 2024-02-26.",
    ),
    "long-before-start": (
        3,
        {"date": "2023-01-01"},
        {},
        "B, BASELINE: filled in on 2023-01-01, start on 2024-01-02.",
    ),
    "all-blank": (5, BLANK, {}, "B, WEEK 16: no answer at all."),
    "scale-not-scored": (
        5,
        {"q8": None, "q29": None, "q30": None},
        {},
        "27 of 30 items answered; no score for QL2, DY.",
    ),
    "all-answers-alike": (5, {f"q{n}": 2 for n in range(1, 29)}, {}, "questions 1 to 28 are all 2."),
    "after-cutoff": (
        2,
        {},
        {"cutoff_date": "2024-04-01"},
        "A, WEEK 16: filled in on 2024-04-22, cutoff 2024-04-01.",
    ),
}


@pytest.mark.parametrize("finding", CASES)
def test_finding(finding: str) -> None:
    row, change, dates, said = CASES[finding]
    found = check(row, change, **dates)
    mine = found[found["finding"] == finding]
    assert row + 2 in mine["row"].tolist()
    message = mine.loc[mine["row"] == row + 2, "message"].iloc[0]
    assert said in message and message.endswith(f"(row {row + 2})")
    declared = {one.id: one.severity for one in FINDINGS}
    assert set(mine["severity"]) == {declared[finding]}


def test_every_finding_has_a_case_and_an_order() -> None:
    assert [one.id for one in FINDINGS] == list(CASES)
    places = [SEVERITY.index(one.severity) for one in FINDINGS]
    assert places == sorted(places)


def test_one_change_is_one_finding() -> None:
    alone = {name for name, (row, change, dates, _) in CASES.items() if len(check(row, change, **dates)) == 1}
    assert alone >= set(CASES) - {"after-death", "after-cutoff", "no-baseline", "day-twice", "visit-twice"}


def test_without_subjects_their_dates_are_not_asked_for() -> None:
    frame = pd.DataFrame(trial()).assign(date="1999-01-01", visit=[f"V{n}" for n in range(12)])
    assert set(survival.check_qlq(frame.iloc[::3])["finding"]) == set()


def test_start_may_be_any_date() -> None:
    late = subjects(treatment_start_date="2023-12-01")
    frame = pd.DataFrame(trial())
    assert survival.check_qlq(frame, late).empty
    found = survival.check_qlq(frame, late, start=["treatment_start_date"])
    assert found["finding"].tolist() == ["no-baseline"] * 4
    assert found["row"].tolist() == [2, 5, 8, 11]
