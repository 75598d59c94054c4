"""Assessments that become rarer: the gap that counts as missed grows with them."""

from dataclasses import replace

import pandas as pd
import pytest

from survival import PFS, derive_endpoint

START = pd.Timestamp("2024-01-01")
WEEKLY_6_THEN_12 = replace(PFS, max_gap_days=98, later_gap_days=182, later_gap_from_day=161)


def outcome(endpoint, days: dict[int, str]):
    """Event and situation of one subject with these responses by day."""
    subjects = pd.DataFrame({"subject": ["1"], "randomization_date": [START]})
    dates = [START + pd.Timedelta(day, "D") for day in days]
    responses = pd.DataFrame({"subject": "1", "date": dates, "overall": list(days.values())})
    row = derive_endpoint(endpoint, subjects, responses).iloc[0]
    return bool(row["event"]), str(row["situation"]), int(row["time"])


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({42: "SD", 150: "PD"}, (False, "P4", 43)),  # 108 days early on: two of six weeks missed
        (
            {42: "SD", 84: "SD", 126: "SD", 168: "SD", 276: "PD"},
            (True, "P5", 277),
        ),  # 108 days later: one of twelve weeks
        (
            {42: "SD", 84: "SD", 126: "SD", 168: "SD", 351: "PD"},
            (False, "P4", 169),
        ),  # 183 days: two of twelve weeks
        (
            {42: "SD", 84: "SD", 126: "SD", 160: "SD", 259: "PD"},
            (False, "P4", 161),
        ),  # a day before the change
    ],
)
def test_the_gap_is_that_of_the_schedule_at_the_last_adequate_assessment(days, expected):
    assert outcome(WEEKLY_6_THEN_12, days) == expected


def test_without_a_change_the_gap_is_the_same_throughout():
    days = {42: "SD", 84: "SD", 126: "SD", 168: "SD", 276: "PD"}
    assert outcome(replace(PFS, max_gap_days=98), days) == (False, "P4", 169)
