"""Numbers as text, and results as rows."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from survival.results import COLUMNS, ResultRows, cell, p_text, percent_text, ratio_text, rounded, stack


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (6.25, 1, "6.3"),  # binary half to even would give 6.2
        (100 * 0.145, 0, "15"),  # 14.499999999999998 in floating point
        (2.675, 2, "2.68"),
        (-0.04, 1, "0.0"),
        (0.0, 1, "0.0"),
        (1234.5, 0, "1235"),
        (math.nan, 1, "NE"),
        (math.inf, 2, "infinite"),
    ],
)
def test_rounding_is_half_away_from_zero(value: float, decimals: int, text: str) -> None:
    assert rounded(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.00009999, "<0.0001"), (0.0001, "0.0001"), (0.05, "0.0500"), (0.99995, ">0.9999"), (1, "1.0000")],
)
def test_p_values(value: float, text: str) -> None:
    assert p_text(value) == text


def test_not_estimable_is_said() -> None:
    assert [p_text(math.nan), percent_text(math.nan), ratio_text(math.nan)] == ["NE"] * 3
    assert cell({"estimate": "NE", "lower": "NE", "upper": "NE"}, "estimate (limits)") == "NE"
    assert cell({"estimate": "8.6", "lower": "7.1", "upper": "NE"}, "estimate (limits)") == "8.6 (7.1, NE)"
    assert cell({"estimate": "0.0%", "lower": "NE", "upper": "NE"}, "estimate (limits)") == "0.0% (NE, NE)"


def test_rows_hold_the_number_and_its_text() -> None:
    rows = ResultRows("Table 1", "Randomised")
    rows.add_count("Events", "A", 86, 6)
    rows.add("Median", "A", 86, "days", "Kaplan-Meier", estimate=44, lower=None)
    frame = rows.frame()
    assert list(frame) == list(COLUMNS)
    assert frame["text"].tolist() == ["6", "7.0%", "44.0", "NE"]
    assert frame["value"].tolist()[:3] == [6.0, 6 / 86, 44.0] and math.isnan(frame["value"][3])
    assert set(frame["population"]) == {"Randomised"} and frame["n"].eq(86).all()


def test_nobody_at_all_has_no_share() -> None:
    rows = ResultRows("Table 1", "Nobody")
    rows.add_count("Events", "A", 0, 0)
    assert rows.frame()["text"].tolist() == ["0", "NE"]
    assert stack([]).empty and list(stack([rows.frame()[:0]])) == list(COLUMNS)


def test_ranges_of_whole_days_have_no_decimal() -> None:
    rows = ResultRows("T", "all")
    rows.add("whole", "A", 3, "days", estimate=56.5, minimum=-52.0, maximum=62.0)
    rows.add("mean", "A", 3, "days", minimum=45.8, maximum=63.0)
    rows.add("months", "A", 3, "months", minimum=3.0, maximum=12.0)
    rows.add("nobody", "A", 0, "days", minimum=None, maximum=pd.NA)
    assert [row["text"] for row in rows.rows] == [
        "56.5",
        "-52",
        "62",
        "45.8",
        "63.0",
        "3.0",
        "12.0",
        "NE",
        "NE",
    ]
    assert [row["value"] for row in rows.rows][1:3] == [-52.0, 62.0]
