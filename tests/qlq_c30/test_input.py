"""Reading answers, what is refused, and the pages of the data dictionary and the findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survival
from survival import QlqError
from survival.qlq_c30.answers import ITEMS, QLQ, dictionary_markdown
from survival.qlq_c30.findings import markdown
from tests.shared import ROOT

FORM = {f"q{n}": 1 for n in range(1, 31)}


def rows(*changes: dict[str, Any]) -> pd.DataFrame:
    """One assessment of subject 01 per change."""
    first = {"subject": "01", "visit": "BASELINE", "date": "2024-01-01"}
    return pd.DataFrame([first | FORM | change for change in changes or ({},)])


def test_a_file_is_read_and_named_in_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "qlq_c30.csv"
    frame = rows({"subject": "007", "q3": ""}, {"subject": "008", "q30": 7, "visit": ""})
    frame.rename(columns={"subject": "USUBJID"}).to_csv(file, index=False)
    qlq = survival.read_qlq(file, {"USUBJID": "subject"})
    assert qlq["subject"].tolist() == ["007", "008"] and qlq["visit"].tolist() == ["BASELINE", "2024-01-01"]
    assert qlq["q30"].tolist() == [1.0, 7.0] and np.isnan(qlq.loc[0, "q3"])
    assert {str(qlq[name].dtype) for name in ITEMS} == {"float64"}
    with pytest.raises(QlqError, match=r"qlq_c30\.csv: .*no column 'subject' \(is it 'USUBJID'\?\)"):
        survival.read_qlq(file)
    with pytest.raises(QlqError, match="no column 'X' to rename"):
        survival.read_qlq(file, {"X": "subject"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"q5": "often"}, r"01, visit BASELINE: q5 'often' is not a number \(row 2\)"),
        ({"q5": "2,5"}, "q5 '2,5' is not a number"),
        ({"date": "2024-01"}, "'2024-01' is a date without a day"),
        ({"subject": None}, "subject is missing"),
    ],
)
def test_what_cannot_be_read_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(QlqError, match=said):
        survival.as_qlq(rows(change))


def test_missing_questions_are_named() -> None:
    with pytest.raises(QlqError, match=r"no column q3\. Rename the answers to q1 \.\.\. q30"):
        survival.as_qlq(rows().drop(columns="q3"))
    with pytest.raises(QlqError, match=r"no column q1 \.\.\. q30"):
        survival.as_qlq(rows().drop(columns=list(ITEMS)))


def test_what_conforms_is_not_copied() -> None:
    qlq = survival.as_qlq(rows())
    assert survival.as_qlq(qlq) is qlq


@pytest.mark.parametrize("blank", ["", ".", "ND", "n/a", None])
def test_words_for_nothing_are_blank(blank: str | None) -> None:
    assert np.isnan(survival.as_qlq(rows({"q5": blank}, {}))["q5"].iloc[0])


def test_numbers_of_any_kind_and_no_date() -> None:
    frame = rows({"date": None}, {}).astype({"q1": "Int64", "q2": "float32", "q3": "str"})
    qlq = survival.as_qlq(frame)
    assert qlq[["q1", "q2", "q3"]].to_numpy().tolist() == [[1.0] * 3] * 2
    assert qlq["date"].isna().tolist() == [True, False]


def test_long_answers_are_the_wide_ones() -> None:
    wide = rows(
        {}, {"visit": "WEEK 8", "date": "2024-02-26", "q4": 3, "q30": 7}, {"subject": "02", "q1": None}
    )
    long = wide.melt(["subject", "visit", "date"], var_name="item", value_name="answer")
    for spelt in (
        long,
        long.assign(item=long["item"].str[1:]),
        long.assign(item="QLQ" + long["item"].str.upper()),
    ):
        found = survival.as_qlq(spelt.sample(frac=1, random_state=4))
        key = ["subject", "visit", "date", *ITEMS]
        found = found[key].astype({"subject": "str", "visit": "str"}).sort_values(["subject", "visit"])
        expected = survival.as_qlq(wide)[key].astype({"subject": "str", "visit": "str"})
        pd.testing.assert_frame_equal(found.reset_index(drop=True), expected)


def test_two_answers_to_one_question_are_refused() -> None:
    long = pd.DataFrame(
        {"subject": "01", "date": "2024-01-01", "item": ["q1", "q2", "q1"], "answer": [1, 2, 3]}
    )
    with pytest.raises(QlqError, match=r"q1 has two answers, 1 \(row 2\) and 3"):
        survival.as_qlq(long)
    assert survival.as_qlq(long.assign(answer=[1, 2, 1]))["q1"].tolist() == [1.0]
    with pytest.raises(QlqError, match="item 'q31' is none of q1 to q30"):
        survival.as_qlq(long.assign(item=["q1", "q31", "q2"]))


def test_the_row_of_a_finding_in_long_answers_is_that_of_the_file() -> None:
    long = pd.DataFrame({"subject": "01", "date": ["2024-01-01"] * 2 + ["2024-02-26"], "item": [1, 2, 1]})
    found = survival.check_qlq(long.assign(answer=[1, 1, 9]))
    assert found.loc[found["finding"] == "answer-impossible", "row"].tolist() == [4]


def test_dictionary_and_pages() -> None:
    assert all(column.sentence.endswith(".") for column in QLQ.columns)
    assert QLQ.names() == ("subject", "visit", "date", *ITEMS)
    assert (
        "| `q30` | float64 |  | yes | Answer to question 30: 1 very poor to 7 excellent"
        in dictionary_markdown()
    )
    page = ROOT / "docs" / "findings_qlq_c30.md"
    assert page.read_text(encoding="utf-8") == markdown()
