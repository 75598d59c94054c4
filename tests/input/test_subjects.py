"""The subject table conformed: identifiers, dates, flags, and each refusal."""

from pathlib import Path

import pandas as pd
import pytest

from recist import SubjectError
from survival import as_subjects, read_subjects

ROW = {"subject": "007", "arm": "A", "randomization_date": "2024-03-15"}


def refused(*rows: dict[str, object]) -> str:
    """The message that refuses these rows."""
    with pytest.raises(SubjectError) as error:
        as_subjects(pd.DataFrame([ROW | row for row in rows]))
    return str(error.value)


def test_identifiers_dates_and_flags() -> None:
    row = ROW | {
        "death_date": None,
        "itt": "Y",
        "safety": "",
        "region": "EU",
        "pdl1_positive": "N",
        "age": 63,
    }
    subjects = as_subjects(pd.DataFrame([row, row | {"subject": "008", "pdl1_positive": None, "itt": "no"}]))
    assert subjects["subject"].tolist() == ["007", "008"]
    assert subjects["randomization_date"].tolist() == [pd.Timestamp("2024-03-15")] * 2
    assert subjects["death_date"].isna().all()
    assert subjects["death_date"].dtype.kind == "M"
    assert subjects["itt"].tolist() == [True, False]
    assert subjects["safety"].tolist() == [False, False]
    assert subjects["pdl1_positive"].dtype == bool
    assert subjects["region"].tolist() == ["EU", "EU"]
    assert subjects["age"].tolist() == [63, 63]


def test_a_date_of_the_study_is_a_date_and_may_be_the_start() -> None:
    subjects = as_subjects(pd.DataFrame({"subject": ["1"], "infusion_date": ["2024-03-15T10:00"]}))
    assert subjects["infusion_date"].tolist() == [pd.Timestamp("2024-03-15")]


def test_conforming_twice_changes_nothing() -> None:
    once = as_subjects(pd.DataFrame([ROW | {"itt": "Y"}]))
    assert as_subjects(once) is once


@pytest.mark.parametrize("flag", ["itt", "response_evaluable"])
def test_a_flag_that_says_neither(flag: str) -> None:
    assert f"007: {flag} 'perhaps' is neither yes nor no (row 2)" in refused({flag: "perhaps"})


def test_a_partial_date() -> None:
    message = refused({"death_date": "2024-05"})
    assert "007: death_date '2024-05' is a date without a day (row 2)" in message
    assert "never guessed" in message
    assert "infusion_date '2024' is a date without a day" in refused({"infusion_date": "2024"})


def test_a_subject_twice() -> None:
    message = refused({}, {"subject": "008"}, {})
    assert "007: occurs again (row 4; first in row 2)" in message
    assert "one row per subject" in message


def test_no_start_date() -> None:
    with pytest.raises(
        SubjectError, match="no start date, neither randomization_date nor treatment_start_date"
    ):
        as_subjects(pd.DataFrame({"subject": ["1"], "death_date": ["2024-03-15"]}))
    with pytest.raises(SubjectError, match="There is no date column"):
        as_subjects(pd.DataFrame({"subject": ["1"]}))


def test_a_missing_column_and_a_missing_subject() -> None:
    with pytest.raises(SubjectError, match=r"no column 'subject' \(is it 'subject_id'\?\)"):
        as_subjects(pd.DataFrame([ROW]).rename(columns={"subject": "subject_id"}))
    assert "subject is missing (row 3)" in refused({}, {"subject": ""})


def test_a_misspelt_date_is_asked_about() -> None:
    message = refused({"dead_date": "2024-05-01", "randomisation_date": "2024-05-01"})
    assert "column 'dead_date' is not known; did you mean 'death_date'?" in message


def test_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "subjects.csv"
    path.write_text("USUBJID,arm,randomization_date,itt\n007,A,2024-03-15,Y\n", encoding="utf-8")
    subjects = read_subjects(path, columns={"USUBJID": "subject"})
    assert subjects[["subject", "itt"]].to_numpy().tolist() == [["007", True]]
    with pytest.raises(SubjectError, match="no column 'PATNO' to rename"):
        read_subjects(path, columns={"PATNO": "subject"})
    with pytest.raises(SubjectError, match=r"subjects\.csv: subject table: no column 'subject'"):
        read_subjects(path)
    with pytest.raises(SubjectError, match="no such file"):
        read_subjects(tmp_path / "none.csv")
