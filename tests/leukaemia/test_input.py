"""Reading, what is refused, and what is asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import recist
from recist import MarrowError
from recist.errors import InputError
from recist.leukaemia.findings import FINDINGS
from recist.leukaemia.marrow import MARROW, dictionary_markdown
from recist.leukaemia.responses import LEUKAEMIA_RESPONSES

BEFORE = {"subject": "01", "visit": "SCR", "date": "2024-01-02", "baseline": "Y", "blasts_pct": 60}
COUNTS = {"neutrophils": 1.5, "platelets": 150, "circulating_blasts": "N"}
AFTER = {"subject": "01", "visit": "C1", "date": "2024-02-10", "baseline": "N", "blasts_pct": 3} | COUNTS


def rows(before: dict[str, Any] | None = None, **after: Any) -> pd.DataFrame:
    """A subject in remission; one column changed at a time."""
    return pd.DataFrame([BEFORE | (before or {}), AFTER | after])


def test_a_file_is_read_and_named_in_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "marrow.csv"
    file.write_text("SUBJ,date,blasts_pct,mrd\n007,2024-01-02,60,\n007,2024-02-10,3,Undetectable\n")
    marrow = recist.read_marrow(file, {"SUBJ": "subject"})
    assert marrow["subject"].tolist() == ["007", "007"]
    assert marrow["visit"].tolist() == ["2024-01-02", "2024-02-10"]
    assert marrow["baseline"].tolist() == [True, False]
    assert marrow["mrd"].tolist()[1] == "negative"
    file.write_text("subject,date,blasts_pct\n007,2024-01,60\n")
    with pytest.raises(
        MarrowError, match=r"marrow\.csv: 007, 2024-01: date '2024-01' is a date without a day"
    ):
        recist.read_marrow(file)
    with pytest.raises(MarrowError, match="no column 'X' to rename"):
        recist.read_marrow(file, {"X": "subject"})


def test_what_conforms_is_not_copied() -> None:
    marrow = recist.as_marrow(rows())
    assert recist.as_marrow(marrow) is marrow


def test_two_rows_of_a_day_are_refused() -> None:
    frame = pd.concat([rows(), rows().iloc[1:]], ignore_index=True)
    with pytest.raises(MarrowError, match=r"01, visit C1, 2024-02-10: a second row of that day \(row 4\)"):
        recist.as_marrow(frame)
    assert len(recist.as_marrow(frame.assign(evaluator=["A", "A", "B"]))) == 3


def test_a_subject_without_a_start_is_refused() -> None:
    with pytest.raises(MarrowError, match="No start date for subject 01"):
        recist.assess_leukaemia(rows().iloc[1:])
    start = pd.DataFrame({"subject": ["01"], "treatment_start_date": pd.to_datetime(["2024-01-05"])})
    assert recist.assess_leukaemia(rows().iloc[1:], start=start)["day"].tolist() == [36]


def test_names_that_do_not_settle_a_classification() -> None:
    for bare, several in (("AML", "aml_eln2017, aml_eln2022"), ("all", "all_eln2024, all_nci2010")):
        with pytest.raises(InputError, match=f"names several classifications: {several}"):
            recist.get_leukaemia_criteria(bare)
    with pytest.raises(InputError, match="Did you mean 'aml_eln2022'"):
        recist.get_leukaemia_criteria("aml_eln2023")
    for label, words in (
        ("aml_eln2022[cri_rules=any]", "has no convention 'cri_rules'. Did you mean 'cri_rule'"),
        ("aml_eln2022[cri_rule=some]", "'some' is not one of one_recovered, any"),
        ("aml_eln2022[landmark_days=soon]", "'soon' is not a number"),
    ):
        with pytest.raises(InputError, match=words):
            recist.get_leukaemia_criteria(label)


def test_a_window_and_a_frame_that_cannot_be() -> None:
    responses = recist.assess_leukaemia(rows())
    with pytest.raises(InputError, match="window_days is -1"):
        recist.best_leukaemia_response(responses, -1)
    with pytest.raises(InputError, match="no column 'response_rule'"):
        recist.best_leukaemia_response(responses.drop(columns="response_rule"))


DOSE = {"treatment_start_date": "2024-01-05"}
ASKED: dict[str, tuple[pd.DataFrame, dict[str, str]]] = {  # finding -> table and dates that raise it
    "percentage-above-100": (rows(cellularity_pct=101), {}),
    "platelets-unit": (rows(platelets=100000), {}),
    "neutrophils-unit": (rows(neutrophils=1500), {}),
    "counts-missing": (rows(platelets=None), {}),
    "no-marrow-before-treatment": (rows({"blasts_pct": None}), {}),
    "no-leukaemia-before-treatment": (rows({"blasts_pct": 3}), {}),
    "marrow-missing-without-reason": (rows(blasts_pct=None), {}),
    "mrd-without-remission": (rows(blasts_pct=30, mrd="NEG"), {}),
    "mrd-contradicts-level": (rows(mrd="NEG", mrd_level_pct=0.1), {}),
    "blood-not-recorded": (rows(circulating_blasts=None), {}),
    "auer-rods-in-remission": (rows(auer_rods="Y"), {}),
    "assessed-after-death": (rows(), {"death_date": "2024-02-09"}),
    "baseline-after-first-dose": (rows({"date": "2024-01-06"}), DOSE),
    "response-before-first-dose": (rows(date="2024-01-04"), DOSE),
    "assessed-after-cutoff": (rows(), {"cutoff_date": "2024-02-09"}),
}


@pytest.mark.parametrize("finding", [one.id for one in FINDINGS])
def test_findings(finding: str) -> None:
    frame, dates = ASKED[finding]
    subjects = pd.DataFrame(
        {"subject": ["01"]} | {name: pd.to_datetime([day]) for name, day in dates.items()}
    )
    found = recist.check_leukaemia(frame, subjects=subjects)
    assert found["finding"].tolist() == [finding]
    row = found.iloc[0]
    assert row["message"].startswith("Subject 01, ") and row["message"].endswith(f"(row {row['row']})")
    assert row["severity"] == next(one.severity for one in FINDINGS if one.id == finding)


def test_a_clean_table_has_no_findings_and_dates_on_the_day_are_right() -> None:
    dates = {"death_date": "2024-02-10", "cutoff_date": "2024-02-10", "treatment_start_date": "2024-01-02"}
    subjects = pd.DataFrame({"subject": ["01"]} | {n: pd.to_datetime([day]) for n, day in dates.items()})
    assert recist.check_leukaemia(rows(mrd="POS", mrd_level_pct=0.1), subjects=subjects).empty


def test_dictionaries_have_a_sentence_for_every_column() -> None:
    assert all(column.sentence.endswith(".") for column in MARROW.columns)
    assert all(sentence.endswith(".") for _, _, sentence in LEUKAEMIA_RESPONSES.values())
    assert "| `neutrophils` | float64 | 10^9/L |" in dictionary_markdown()
