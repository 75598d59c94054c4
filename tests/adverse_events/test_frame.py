"""Reading: spellings, partial dates, what is refused, the SDTM domain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from survival import AdverseEventError, as_adverse_events, read_adverse_events, sdtm_adverse_events
from survival.adverse_events.frame import ADVERSE_EVENTS, dictionary_markdown
from tests.shared import shared


def row(**columns: Any) -> pd.DataFrame:
    return as_adverse_events(pd.DataFrame([{"subject": "007", "term": "Fever"} | columns]))


@pytest.mark.parametrize(
    ("written", "grade"),
    [
        *(("3", 3), ("III", 3), ("iv", 4), ("G2", 2), ("Grade 5", 5), ("CTCAE Grade V", 5), ("gr. 1", 1)),
        *((3, 3), (4.0, 4), ("7", 7), ("0", 0)),
    ],
)
def test_grades_are_read_however_written(written: Any, grade: float) -> None:
    assert row(grade=written)["grade"].tolist() == [grade]


@pytest.mark.parametrize("written", ["severe", "Grade VI", "-1", "3-4"])
def test_what_is_no_grade_is_refused(written: str) -> None:
    with pytest.raises(
        AdverseEventError, match=rf"007, Fever: grade '{written}' is no CTCAE grade \(row 2\)"
    ):
        row(grade=written)


@pytest.mark.parametrize(
    ("written", "related"),
    [
        *(("Y", True), ("no", False), ("POSSIBLE", True), ("Probably related", True), ("DEFINITE", True)),
        *(("NOT RELATED", False), ("Unlikely Related", False), ("UNLIKELY", False), ("REMOTE", False)),
        *(("NONE", False), ("Related", True), (True, True), ("unrelated", False), ("NOT_RELATED", False)),
    ],
)
def test_relation_in_words_is_yes_or_no(written: Any, related: bool) -> None:
    assert row(related=written)["related"].tolist() == [related]


def test_an_unknown_relation_is_refused() -> None:
    with pytest.raises(AdverseEventError, match="related 'perhaps' is neither yes nor no"):
        row(related="perhaps")


def test_what_was_written_otherwise_is_kept() -> None:
    found = row(grade="Grade II", related="REMOTE", start_date="2024-03", end_date="2024")
    reported = ["grade_reported", "related_reported", "start_date_reported", "end_date_reported"]
    assert found[reported].astype("str").values.tolist() == [["Grade II", "REMOTE", "2024-03", "2024"]]
    assert found["start_date"].isna().all() and found["end_date"].isna().all()
    assert not any(name in row(grade="2", related="Y", start_date="2024-03-05") for name in reported)


@pytest.mark.parametrize(
    "written", ["2024-03", "2024", "2024-03-UN", "2024-UNK-UNK", "2024---15", "2024-03--"]
)
def test_a_day_is_never_guessed(written: str) -> None:
    found = row(start_date=written)
    assert found["start_date"].isna().all() and found["start_date_reported"].tolist() == [written]


def test_other_dates_are_read_or_refused() -> None:
    assert row(start_date="2024-03-05T08:30")["start_date"].tolist() == [pd.Timestamp("2024-03-05")]
    with pytest.raises(AdverseEventError, match=r"start_date '05\.03\.2024' is not a date"):
        row(start_date="05.03.2024")


def test_what_conforms_stays() -> None:
    once = row(grade="III", related="REMOTE", start_date="2024-03")
    pd.testing.assert_frame_equal(as_adverse_events(once), once)


def test_a_table_of_nobody_is_typed() -> None:
    found = as_adverse_events(pd.DataFrame(columns=["subject", "term", "grade", "serious", "site"]))
    assert len(found) == 0
    assert str(found["grade"].dtype) == "float64" and str(found["serious"].dtype) == "boolean"
    assert str(found["start_date"].dtype).startswith("datetime64") and "site" in found
    with pytest.raises(AdverseEventError, match="no column 'term'"):
        as_adverse_events(pd.DataFrame(columns=["subject"]))


def test_a_file_is_read_and_named_in_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "ae.csv"
    file.write_text("Patient,term,grade,start_date\n007,Fever,II,2024-03-05\n")
    found = read_adverse_events(file, {"Patient": "subject"})
    assert found[["subject", "grade"]].values.tolist() == [["007", 2.0]]
    with pytest.raises(AdverseEventError, match=r"ae\.csv: no column 'PAT' to rename"):
        read_adverse_events(file, {"PAT": "subject"})
    file.write_text("subject,term,grade\n007,Fever,bad\n")
    with pytest.raises(AdverseEventError, match=r"ae\.csv: 007, Fever: grade 'bad'"):
        read_adverse_events(file)
    file.write_text("subject,term,grade,serious\n")
    assert len(read_adverse_events(file)) == 0
    with pytest.raises(TypeError, match="must be a pandas DataFrame"):
        as_adverse_events([1])


def test_the_sdtm_domain() -> None:
    ae = pd.DataFrame(
        {
            "USUBJID": ["01", "02"],
            "AETERM": ["fever", "bad skin"],
            "AEDECOD": ["Pyrexia", ""],
            "AEBODSYS": ["General", ""],
            "AETOXGR": ["3", ""],
            "AESER": ["Y", "N"],
            "AEREL": ["POSSIBLE", "NONE"],
            "AESDTH": ["N", ""],
            "AEACN": ["DRUG WITHDRAWN", "DOSE NOT CHANGED"],
            "AESTDTC": ["2024-03-05T10:00", "2024-03"],
        }
    )
    found = sdtm_adverse_events(ae)
    assert found["term"].tolist() == ["Pyrexia", "bad skin"]
    assert found["reported_term"].tolist() == ["fever", "bad skin"]
    assert found["related"].tolist() == [True, False] and found["serious"].tolist() == [True, False]
    assert found["led_to_discontinuation"].tolist() == [True, False]
    assert found["start_date"].tolist()[0] == pd.Timestamp("2024-03-05") and pd.isna(found["start_date"][1])
    with pytest.raises(AdverseEventError, match="not the SDTM domain AE"):
        sdtm_adverse_events(pd.DataFrame({"subject": ["1"], "AETERM": ["x"]}))


def test_a_public_sdtm_domain_is_read_whole() -> None:
    file = shared("data/pharmaversesdtm") / "ae.csv"
    raw = pd.read_csv(file, dtype=str)
    found = read_adverse_events(file)
    assert len(found) == len(raw) and found["grade"].isna().all()
    assert found["related"].sum() == raw["AEREL"].isin(["POSSIBLE", "PROBABLE"]).sum()
    partial = raw["AESTDTC"].str.len().between(4, 9)
    assert found["start_date_reported"].notna().sum() == partial.sum() > 0
    assert found["start_date"].notna().sum() == (raw["AESTDTC"].str.len() >= 10).sum()


def test_the_dictionary_names_every_column() -> None:
    assert all(f"`{name}`" in dictionary_markdown() for name in ADVERSE_EVENTS.names())
    assert all(column.sentence.endswith(".") for column in ADVERSE_EVENTS.columns)
