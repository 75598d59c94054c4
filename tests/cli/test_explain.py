"""A physician can defend the value with the explanation alone: scripted subjects of a shipped trial."""

from pathlib import Path

import pytest

import recist
import survival

FOLDER = Path(__file__).parents[2] / "data" / "synthetic" / "nct05962450"


@pytest.fixture(scope="module")
def say():
    lesions = recist.read_lesions(FOLDER / "lesions.csv")
    lesions = lesions[lesions["subject"].astype(str) < "NCT5962-014"].reset_index(drop=True)
    subjects = survival.read_subjects(FOLDER / "subjects.csv")
    responses = recist.assess(lesions, start=subjects.assign(start_date=subjects["randomization_date"]))

    def text(number, visit=None):
        return recist.explain(
            responses, f"NCT5962-{number:03d}", visit=visit, evaluator="READER 1", lesions=lesions
        )

    return text


def test_progression_by_nadir_names_the_nadir_and_the_limit(say):
    text = say(2, "WEEK 24")
    assert "nadir 35.0 mm (WEEK 16, 2023-12-23): +21.43 %, +7.5 mm" in text
    assert "PD needs a sum of 42.0 mm or more" in text


def test_partial_response_names_the_lesion_that_keeps_it_from_cr(say):
    text = say(3, "WEEK 16")
    assert "N1 non-target, BONE: present at baseline, now present" in text
    assert "It would be CR if the non-target response were CR." in text


def test_back_dated_new_lesion_names_the_scan_that_settled_it(say):
    text = say(6, "WEEK 8")
    assert "New lesion X1, LUNG, was equivocal at this visit and unequivocal at WEEK 16 (2024-01-13)" in text
    assert "It would be SD if there were no new lesion, or an equivocal one." in text
    assert "Unequivocal new lesion X1, LUNG." in say(6, "WEEK 16")


def test_unconfirmed_response_names_the_progression_that_came_first(say):
    text = say(5)
    assert "PR at WEEK 8 is not confirmed: PD at WEEK 24 came before a CR or PR" in text
    assert "Confirmation not required: PR" in text and "Confirmation required: SD" in text


def test_confirmed_response_names_the_visit_and_the_days(say):
    assert "PR at WEEK 8 is confirmed by PR at WEEK 16, 56 days later." in say(2)


def test_days_say_what_they_are_counted_from(say):
    assert "Days are counted from 2023-09-02. SD counts from day 42" in say(2)
