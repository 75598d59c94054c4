"""Each finding is found where it is, and not where it is not."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from recist import SubjectError
from survival import check_adverse_events
from survival.adverse_events.check import COLUMNS, markdown
from survival.adverse_events.findings import FINDINGS
from tests.shared import ROOT

FINE = {
    "subject": "01",
    "term": "Fever",
    "system_organ_class": "General",
    "grade": 2,
    "serious": "N",
    "related": "Y",
    "dose_limiting": "N",
    "fatal": "N",
    "start_date": "2024-03-05",
    "end_date": "2024-03-09",
}
FATAL = {"grade": 5, "serious": "Y", "fatal": "Y", "end_date": "2024-04-20"}
LATER = FINE | {"start_date": "2024-03-20", "end_date": "2024-03-22"}


def subject(**dates: str | None) -> pd.DataFrame:
    given = {"treatment_start_date": "2024-03-01", "death_date": None, "cutoff_date": "2024-12-31"} | dates
    return pd.DataFrame({"subject": ["01"]} | {name: pd.to_datetime([date]) for name, date in given.items()})


def found(*rows: dict[str, Any], **dates: str | None) -> list[str]:
    frame = pd.DataFrame([FINE | row for row in rows])
    return check_adverse_events(frame, subject(**dates))["finding"].astype("str").tolist()


def test_a_clean_table_is_not_asked_about() -> None:
    assert found({}, LATER) == []
    assert found(FATAL, death_date="2024-04-20") == []
    assert list(check_adverse_events(pd.DataFrame([FINE]))) == list(COLUMNS)


CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("grade-outside", {"grade": 6}, {}),
    ("grade-outside", {"grade": 0}, {}),
    ("grade-outside", {"grade": 2.5}, {}),
    ("grade-missing", {"grade": None}, {}),
    ("adverse-event-start-missing", {"start_date": None}, {}),
    ("adverse-event-start-partial", {"start_date": "2024-03"}, {}),
    ("adverse-event-end-before-start", {"end_date": "2024-03-04"}, {}),
    ("grade-5-without-death", FATAL, {}),
    ("death-without-grade-5", {"grade": 4, "end_date": None}, {"death_date": "2024-04-20"}),
    ("fatal-not-grade-5", {"grade": 4, "fatal": "Y"}, {}),
    ("grade-5-not-fatal", FATAL | {"fatal": "N"}, {"death_date": "2024-04-20"}),
    ("grade-5-not-serious", FATAL | {"serious": "N"}, {"death_date": "2024-04-20"}),
    ("grade-5-end-not-death", FATAL, {"death_date": "2024-04-21"}),
    ("adverse-event-after-death", {"end_date": None}, {"death_date": "2024-03-04"}),
    ("adverse-event-end-after-death", {}, {"death_date": "2024-03-08"}),
    ("seriousness-missing", {"serious": None}, {}),
    ("relation-missing", {"related": None}, {}),
    ("dose-limiting-low-grade", {"dose_limiting": "Y"}, {}),
    ("dose-limiting-not-related", {"dose_limiting": "Y", "grade": 3, "related": "N"}, {}),
    ("adverse-event-before-treatment", {"start_date": "2024-02-28"}, {}),
    ("adverse-event-after-cutoff", {}, {"cutoff_date": "2024-03-04"}),
    ("adverse-event-subject-unknown", {"subject": "02"}, {}),
]


@pytest.mark.parametrize(("finding", "row", "dates"), CASES)
def test_one_thing_wrong_is_one_finding(finding: str, row: dict[str, Any], dates: dict[str, Any]) -> None:
    assert found(row, **dates) == [finding]


def test_two_rows_that_are_one_event() -> None:
    assert found({}, {}) == ["adverse-event-duplicate"]
    assert found({}, {"start_date": "2024-03-09"}) == []  # begins as the other ends
    assert found({}, {"start_date": "2024-03-08"}) == ["adverse-event-overlap"]
    assert found({"end_date": None}, LATER) == ["adverse-event-overlap"]
    assert found({}, {"start_date": "2024-03-08", "grade": 3}) == []  # a worsening is an event of its own
    partial = {"start_date": "2024-03", "end_date": None}
    assert found(partial, partial | {"start_date": "2024-04"}) == ["adverse-event-start-partial"] * 2


def test_an_overlap_with_an_event_two_rows_before() -> None:
    short = {"start_date": "2024-03-06", "end_date": "2024-03-07"}
    last = {"start_date": "2024-03-20", "end_date": "2024-03-21"}
    assert found({"end_date": "2024-04-01"}, short, last) == ["adverse-event-overlap"] * 2


def test_a_term_belongs_to_one_class() -> None:
    assert found({}, LATER | {"system_organ_class": "Blood"}) == ["term-in-two-classes"]
    assert found({}, LATER | {"system_organ_class": None}) == []


def test_a_message_names_place_and_row() -> None:
    rows = pd.DataFrame([FINE, FINE | {"grade": 7, "start_date": "2024-04-01", "end_date": None}])
    one = check_adverse_events(rows).iloc[0]
    assert one["message"] == (
        "Subject 01, Fever: grade 7; grades are 1, 2, 3, 4 and 5. Which one is it? (row 3)"
    )
    assert one["row"] == 3 and one["severity"] == "error"


def test_without_a_subject_table_its_findings_are_not_looked_for() -> None:
    assert len(check_adverse_events(pd.DataFrame([FINE | FATAL]))) == 0
    with pytest.raises(SubjectError, match="one row per subject"):
        check_adverse_events(pd.DataFrame([FINE]), pd.concat([subject(), subject()]))


def test_no_events_no_findings() -> None:
    assert len(check_adverse_events(pd.DataFrame(columns=["subject", "term"]), subject())) == 0


def test_every_finding_has_a_case_and_says_what_why_and_where() -> None:
    declared = {one.id for one in FINDINGS}
    tested = {finding for finding, _, _ in CASES}
    assert declared - tested == {"adverse-event-duplicate", "adverse-event-overlap", "term-in-two-classes"}
    assert len(declared) == len(FINDINGS)
    for one in FINDINGS:
        assert one.meaning.endswith(".") and one.why and one.cite
        assert one.sentence.endswith("?"), "a site can only answer a question"


def test_the_page_of_findings_is_current() -> None:
    page = ROOT / "docs" / "generated" / "adverse_event_findings.md"
    assert page.read_text(encoding="utf-8") == markdown()
