"""Cells of the tables of adverse events; every number of a table is a result."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from recist import InputError
from survival import (
    Window,
    adverse_event_listing,
    adverse_event_summary_table,
    adverse_event_table,
    as_adverse_events,
    worst_grade_table,
)
from survival.results import COLUMNS
from survival.tables.table import Table
from survival.tables.worst_grade import WORST_GRADE
from tests.adverse_events.frames import BLOOD, GENERAL, events, none, subjects

MONTH = Window(days=28)


def cells(table: Table, column: str) -> dict[str, str]:
    """Printed lines of one column, the first of each name."""
    lines = zip(table.frame.iloc[:, 0].str.strip(), table.frame[column], strict=True)
    return dict(reversed(list(lines)))


def numbers_stand_in_results(table: Table) -> None:
    assert list(table.results) == list(COLUMNS)
    assert not table.results.duplicated(["row", "group", "statistic"]).any()
    known = set(table.results["row"])
    assert all(line.row in known for line in table.lines if line.row)
    assert "nan" not in table.to_csv().lower()


def test_the_summary() -> None:
    table = adverse_event_summary_table(events(), subjects(), "arm", MONTH)
    assert list(table.frame) == ["", "A (N=3)", "B (N=3)", "C (N=0)", "Total (N=6)"]
    b = cells(table, "B (N=3)")
    assert b["Any adverse event, n (%)"] == "2 (66.7%)" and b["Serious, n (%)"] == "1 (33.3%)"
    assert b["Leading to death (grade 5), n (%)"] == "1 (33.3%)"
    assert b["95% CI (Clopper-Pearson)"] == "(9.4, 99.2)" and b["Events, n"] == "2"
    assert b["Grade 5"] == "1 (33.3%)" and b["Grade 4"] == "0"
    assert cells(table, "Total (N=6)")["Any adverse event, n (%)"] == "3 (50.0%)"
    assert cells(table, "C (N=0)")["95% CI (Clopper-Pearson)"] == "(NE, NE)"
    assert "Grade not known" not in b  # nobody has it within 28 days
    assert "Grade not known" in cells(adverse_event_summary_table(events(), subjects()), "All subjects (N=6)")
    numbers_stand_in_results(table)


def test_what_was_left_out_is_said() -> None:
    notes = adverse_event_summary_table(events(), subjects(), None, MONTH).shell.footnotes
    assert "Events left out: 1 began before the window; 1 began after the window." in notes
    assert "Relation not recorded in 1 events, which count as related." in notes
    assert notes[0] == "Events that began from treatment start to 28 days after it."
    rows = [("1", "Fever", GENERAL, 1, "N", "N", "2024-03", None)]
    partial = adverse_event_summary_table(events(*rows), subjects(), None, MONTH).shell.footnotes
    assert any("1 of the events that count: may have begun within the window" in note for note in partial)


def test_classes_with_their_terms() -> None:
    table = adverse_event_table(events(), subjects(), "arm", MONTH)
    assert table.frame.iloc[:, 0].tolist() == [
        "Any adverse event, n (%)",
        GENERAL,
        "  Fever",
        "  Chills",
        BLOOD,
        "  Anaemia",
    ]
    assert table.frame["Total (N=6)"].tolist() == [
        "3 (50.0%)",
        "2 (33.3%)",
        "1 (16.7%)",
        "1 (16.7%)",
        "2 (33.3%)",
        "2 (33.3%)",
    ]
    assert table.frame["C (N=0)"].tolist() == ["0"] * 6
    numbers_stand_in_results(table)
    limits = table.results[table.results["row"] == f"{BLOOD}: Anaemia: any"]
    assert {"lower", "upper"} <= set(limits["statistic"])


def test_terms_of_one_kind_and_of_some_frequency() -> None:
    serious = adverse_event_table(events(), subjects(), None, MONTH, kind="serious")
    assert serious.frame.iloc[0].tolist() == ["Serious, n (%)", "2 (33.3%)"]
    assert serious.frame.iloc[:, 0].str.strip().tolist()[1:] == [BLOOD, "Anaemia", GENERAL, "Fever"]
    often = adverse_event_table(events(), subjects(), None, MONTH, at_least=0.3)
    assert often.frame.iloc[:, 0].str.strip().tolist()[1:] == [GENERAL, BLOOD, "Anaemia"]
    assert any("at least 30%" in note for note in often.shell.footnotes)
    with pytest.raises(InputError, match="at_least is 5"):
        adverse_event_table(events(), subjects(), None, MONTH, at_least=5)


def test_a_term_in_two_classes_has_two_lines() -> None:
    rows = [("1", "Fever", soc, 1, "N", "N", "2024-03-02", None) for soc in (GENERAL, BLOOD)]
    table = adverse_event_table(events(*rows), subjects(), None, MONTH)
    assert table.frame.iloc[:, 1].tolist() == ["1 (16.7%)"] * 5
    numbers_stand_in_results(table)


def test_limits_are_explained_where_they_are_printed() -> None:
    told = [
        any(
            note.startswith("CI: confidence interval")
            for note in make(events(), subjects(), None, MONTH).shell.footnotes
        )
        for make in (adverse_event_summary_table, adverse_event_table, worst_grade_table)
    ]
    assert told == [True, False, False]


def test_grades_across() -> None:
    table = worst_grade_table(events(), subjects(), None, MONTH, grades=((1, 2), (3, 4), (5,)))
    assert list(table.frame)[1:] == [
        f"{head} (N=6)" for head in ("Any grade", "Grade 1-2", "Grade 3-4", "Grade 5")
    ]
    assert table.frame.iloc[0].tolist()[1:] == ["3 (50.0%)", "1 (16.7%)", "1 (16.7%)", "1 (16.7%)"]
    assert cells(table, "Grade 3-4 (N=6)")["Fever"] == "1 (16.7%)"  # 2, then 3: the worst
    assert cells(table, "Grade 1-2 (N=6)")["Fever"] == "0"
    numbers_stand_in_results(table)
    limits = table.results[(table.results["group"] == "Any grade") & (table.results["statistic"] == "upper")]
    assert limits["value"].iloc[0] == pytest.approx(0.8818827512)  # R: binom.test(3, 6)


def test_every_row_of_grades_adds_up_to_any() -> None:
    table = worst_grade_table(events(), subjects(), None, Window())
    counts = table.results[table.results["statistic"] == "count"]
    counts = counts[counts["unit"] == "subjects"].pivot_table("value", "row", "group")
    assert "Grade not known" in counts
    assert (counts.drop(columns="Any grade").sum(axis=1) == counts["Any grade"]).all()


def test_grades_across_for_each_arm() -> None:
    table = worst_grade_table(
        events(), subjects(), "arm", MONTH, replace(WORST_GRADE, total="All"), grades=((1, 2), (3, 4, 5))
    )
    assert list(table.columns)[:4] == ["A, any grade", "A, grade 1-2", "A, grade 3-5", "B, any grade"]
    assert list(table.columns)[-1] == "All, grade 3-5" and table.columns["C, any grade"] == 0
    with pytest.raises(InputError, match="each of the grades 1 to 5"):
        worst_grade_table(events(), subjects(), None, MONTH, grades=((1, 2), (2, 3, 4, 5)))


@pytest.mark.parametrize("make", [adverse_event_summary_table, adverse_event_table, worst_grade_table])
def test_no_events_and_nobody(make) -> None:
    for frame, people in ((none(), subjects()), (events(), subjects()[:0]), (none(), subjects()[:0])):
        for by in (None, "arm"):
            table = make(frame, people, by, MONTH)
            numbers_stand_in_results(table)
            assert set(table.frame.iloc[0, 1:]) == {"0"}
            assert "0" in table.to_html()


def test_the_listing() -> None:
    listing = adverse_event_listing(events(), subjects(), "serious", "arm", (MONTH, WORST_GRADE))
    assert listing.shell.footnotes[-1].startswith("Day: days from treatment start, which is day 0. Window: ")
    frame = listing.frame
    assert list(frame)[:4] == ["Subject", "Arm", "Adverse event", "System organ class"]
    assert frame[["Subject", "Adverse event", "Grade", "Day", "End", "Window"]].values.tolist() == [
        ["1", "Fever", "3", "4", "2024-03-09", "counts"],
        ["4", "Anaemia", "5", "9", "2024-03-20", "counts"],
    ]
    every = adverse_event_listing(events(), subjects(), "any").frame
    assert every.loc[every["Subject"] == "5", "Window"].tolist() == ["began before the window"]
    assert every.loc[every["Subject"] == "2", "End"].tolist() == ["ongoing"]
    partial = as_adverse_events(
        pd.DataFrame({"subject": ["1"], "term": ["Fever"], "serious": "Y", "start_date": ["2024-03"]})
    )
    assert adverse_event_listing(partial, subjects()).frame["Start"].tolist() == ["2024-03"]
    assert "No subject to list" in adverse_event_listing(none(), subjects()).to_html()
