"""Objective response, disease control and clinical benefit of one subject at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import recist
from recist import InputError
from survival.clinical_benefit import BENEFIT, FLAGS, benefit_flags

START = pd.Timestamp("2024-01-01")


def course(*visits: tuple[int, str], subject: str = "01") -> pd.DataFrame:
    """Responses of one subject from (day, response) pairs."""
    return pd.DataFrame(
        {
            "subject": subject,
            "date": [START + pd.Timedelta(days=day) for day, _ in visits],
            "start_date": START,
            "overall": [response for _, response in visits],
        }
    )


def best(unconfirmed: str, confirmed: str | None = None, subject: str = "01", **more: object) -> pd.DataFrame:
    row = {
        "subject": [subject],
        "best_response": [unconfirmed],
        "confirmed_best_response": [confirmed or unconfirmed],
    }
    return pd.DataFrame(row).assign(**more)


def flag(name: str, *args: object, **named: object) -> object:
    return benefit_flags(*args, **named)[name].iloc[0]


@pytest.mark.parametrize(("last", "benefit"), [(167, False), (168, True)])
def test_stable_disease_must_be_documented_at_24_weeks(last: int, benefit: bool) -> None:
    responses = course((56, "SD"), (last, "SD"), (224, "PD"))
    assert flag("clinical_benefit", responses, best("SD")) == benefit
    assert flag("stable_days", responses, best("SD")) == last


def test_progression_at_224_after_stable_disease_at_112_documents_112_days() -> None:
    responses = course((56, "SD"), (112, "SD"), (224, "PD"))
    assert not flag("clinical_benefit", responses, best("SD"))
    assert flag("clinical_benefit", responses, best("SD"), rules=replace(BENEFIT, stable_days=112))


def test_not_evaluable_and_anything_after_progression_do_not_prolong_stable_disease() -> None:
    assert not flag("clinical_benefit", course((112, "SD"), (168, "NE")), best("SD"))
    assert not flag("clinical_benefit", course((112, "SD"), (140, "PD"), (168, "SD")), best("SD"))


def test_progression_that_the_best_response_saw_ends_stable_disease() -> None:
    responses = course((56, "CR"), (112, "SD"), (168, "SD"))
    read_as_pd = best("CR", "SD", progression_date=START + pd.Timedelta(days=112))
    assert flag("confirmed_clinical_benefit", responses, best("CR", "SD"))
    assert not flag("confirmed_clinical_benefit", responses, read_as_pd)


def test_non_cr_non_pd_is_clinical_benefit_but_disease_control_only_by_the_rule() -> None:
    responses, of = course((56, "NON-CR/NON-PD"), (168, "NON-CR/NON-PD")), best("NON-CR/NON-PD")
    assert flag("clinical_benefit", responses, of)
    assert not flag("disease_control", responses, of)
    wider = replace(BENEFIT, disease_control=("CR", "PR", "SD", "NON-CR/NON-PD"))
    assert flag("disease_control", responses, of, rules=wider)


def test_a_response_that_was_not_confirmed_counts_in_the_unconfirmed_flags_only() -> None:
    flags = benefit_flags(course((56, "PR"), (112, "PD")), best("PR", "SD")).iloc[0]
    assert flags["objective_response"] and flags["clinical_benefit"] and flags["disease_control"]
    assert not flags["confirmed_objective_response"] and not flags["confirmed_clinical_benefit"]
    assert flags["confirmed_disease_control"]


@pytest.mark.parametrize("column", ["new_therapy_date", "cutoff_date"])
@pytest.mark.parametrize(("day", "benefit"), [(167, False), (168, True), (None, True)])
def test_records_after_new_therapy_or_the_cutoff_do_not_count(
    column: str, day: int | None, benefit: bool
) -> None:
    limit = pd.NaT if day is None else START + pd.Timedelta(days=day)
    subjects = pd.DataFrame({"subject": ["01"], column: pd.Series([limit], dtype="datetime64[ns]")})
    responses = course((56, "SD"), (168, "SD"))
    assert flag("clinical_benefit", responses, best("SD"), subjects) == benefit


def test_a_subject_without_any_assessment_has_a_row_of_no() -> None:
    subjects = pd.DataFrame({"subject": ["01", "02"]})
    flags = benefit_flags(course((56, "PR")), best("PR"), subjects).set_index("subject")
    assert not flags.loc["02", [name for name in FLAGS if name in flags and "stable" not in name]].any()
    assert pd.isna(flags.loc["02", "stable_days"])


def test_evaluators_are_kept_apart() -> None:
    responses = pd.concat(
        [
            course((168, "SD")).assign(evaluator="READER 1"),
            course((112, "SD"), (168, "PD")).assign(evaluator="READER 2"),
        ]
    )
    both = pd.concat([best("SD").assign(evaluator=e) for e in ("READER 1", "READER 2")], ignore_index=True)
    flags = benefit_flags(responses, both).set_index("evaluator")
    assert flags["clinical_benefit"].to_dict() == {"READER 1": True, "READER 2": False}


def test_the_columns_are_those_of_the_dictionary() -> None:
    flags = benefit_flags(
        course((56, "SD")).assign(evaluator="A", criteria="C"), best("SD").assign(evaluator="A", criteria="C")
    )
    assert list(flags) == list(FLAGS)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match="responses has no column start_date"):
        benefit_flags(course((56, "SD")).drop(columns="start_date"), best("SD"))


def test_a_subject_listed_twice_is_named() -> None:
    subjects = pd.DataFrame({"subject": ["01", "01"]})
    with pytest.raises(InputError, match="subject 01 has more than one row"):
        benefit_flags(course((56, "SD")), best("SD"), subjects)


def test_non_target_disease_alone_is_disease_control_by_convention() -> None:
    responses = course((56, "NON-CR/NON-PD"), (112, "NON-CR/NON-PD"), (168, "PD"))
    best = recist.best_response(responses)
    for word, expected in (("apart", False), ("disease_control", True)):
        flags = benefit_flags(responses, best, rules=replace(BENEFIT, non_target_only=word))
        assert flags[["disease_control", "confirmed_disease_control"]].to_numpy().tolist() == [[expected] * 2]
    with pytest.raises(ValueError, match="non_target_only is 'yes'; it is one of apart, disease_control"):
        replace(BENEFIT, non_target_only="yes")


@pytest.mark.parametrize(
    ("visits", "stable_days"),
    [
        (((56, "iSD"), (112, "iUPD"), (168, "iSD"), (224, "iUPD"), (280, "iCPD")), 168),
        (((56, "iSD"), (112, "iUPD"), (168, "NE"), (224, "iCPD"), (280, "iSD")), 56),
        (((56, "NON-iCR/NON-iUPD"), (112, "iUPD")), 56),
    ],
)
def test_under_irecist_a_cancelled_progression_ends_nothing(visits: Any, stable_days: int) -> None:
    recorded = course(*visits)
    derived = recorded.assign(ioverall=recorded["overall"], overall="PD", criteria="irecist")
    for responses in (recorded.assign(criteria="irecist"), derived):
        flags = benefit_flags(responses, recist.best_response(responses))
        assert flags["stable_days"].tolist() == [stable_days]
        assert flags["clinical_benefit"].tolist() == [stable_days >= 168]
