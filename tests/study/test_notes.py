"""Footnotes and titles that follow from the study file."""

import pandas as pd
import pytest

from survival.study import read_study
from survival.study.known import edited_spec
from survival.study.notes import cutoff_note, rate_notes, reading_text, time_notes, uses_responses
from survival.study.reading import Reading
from tests.shared import ROOT


@pytest.fixture(scope="module")
def randomised():
    return read_study(ROOT / "data/synthetic/nct05962450/study.toml")


@pytest.fixture(scope="module")
def single_arm():
    return read_study(ROOT / "data/synthetic/nct05361174/study.toml")


SUBJECTS = pd.DataFrame({"subject": ["1", "2"], "cutoff_date": pd.to_datetime(["2026-01-03"] * 2)})


def reading(label="recist_1_1", evaluator="READER 1"):
    return Reading(evaluator, label, "itt")


def spec(study, name):
    return next(one for one in study.endpoint if one.name == name)


def test_reading_in_words(randomised):
    assert reading_text(randomised, reading()) == "RECIST 1.1, reader 1"
    assert (
        reading_text(randomised, reading("recist_1_1[pr_pct=50]", "BICR")) == "RECIST 1.1 [pr_pct=50], BICR"
    )


def test_stable_disease_confirmation_and_cutoff_are_stated(randomised, single_arm):
    assert rate_notes(randomised, reading(), SUBJECTS) == (
        "Stable disease: seen 42 days or more after randomization.",
        "Confirmation of responses was not required.",
        "Data cutoff: 2026-01-03.",
    )
    notes = rate_notes(single_arm, reading(), SUBJECTS)
    assert notes[0] == "Stable disease: seen 42 days or more after treatment start."
    assert notes[1] == "Confirmed: complete or partial response seen again 28 days or more later."


def test_time_to_event_tables_say_start_rules_gap_and_edits(randomised, single_arm):
    assert time_notes(randomised, spec(randomised, "PFS"), SUBJECTS)[0] == (
        "Time from randomization. Events and censoring: FDA 2018 endpoints guidance, Appendix 3, Table A; "
        "two or more assessments are missed after 126 days without one."
    )
    any_gap = edited_spec(spec(single_arm, "PFS"), "Any gap or new therapy")
    edited = time_notes(single_arm, any_gap, SUBJECTS)[0]
    assert edited.endswith("Table A; without P3, P4.")


def test_endpoints_of_responders_say_so(randomised, single_arm):
    notes = time_notes(randomised, spec(randomised, "DOR"), SUBJECTS)
    assert notes[0].startswith("Time from first response.")
    assert notes[1] == "Responders only; the arms are not compared as randomised."
    assert time_notes(single_arm, spec(single_arm, "DOR"), SUBJECTS)[1] == "Responders only."


def test_a_time_frame_is_stated():
    leukaemia = read_study(ROOT / "data/synthetic/nct06559644/study.toml")
    notes = time_notes(leukaemia, spec(leukaemia, "OS"), SUBJECTS)
    assert notes[1] == ("Time frame: 730 days after the start; whoever is without an event then is censored.")


def test_survival_is_nobodys_reading(randomised):
    found = {one.name: uses_responses(randomised, one) for one in randomised.endpoint}
    others = [name for name in found if name == "OS" or name.startswith("TTD")]
    assert len(others) == 4
    assert not any(found.pop(name) for name in others)
    assert all(found.values())


def test_cutoffs_that_differ_and_none():
    two = SUBJECTS.assign(cutoff_date=pd.to_datetime(["2026-01-03", "2026-02-01"]))
    assert cutoff_note(two) == ("Data cutoff: 2026-01-03 to 2026-02-01, by subject.",)
    assert cutoff_note(SUBJECTS.drop(columns="cutoff_date")) == ()
    assert cutoff_note(SUBJECTS.assign(cutoff_date=pd.NaT)) == ()


def test_a_rate_within_a_frame_beside_a_second_criteria_has_one_row_per_subject(tmp_path):
    from recist import simulate
    from survival import run_study

    folder = simulate("hs_it101").write(tmp_path)
    (folder / "study.toml").write_text(
        """[study]
id = "X"
start_date = "treatment_start_date"
[data]
lesions = "lesions.csv"
subjects = "subjects.csv"
[criteria.recist_1_1]
[criteria.strict]
base = "recist_1_1"
pd_pct = 25
[response]
evaluator = "INVESTIGATOR"
criteria = "recist_1_1"
rules = { min_sd_days = 41 }
[displays]
only = ["best_response_table"]
[[endpoint]]
name = "ORR"
[[endpoint]]
name = "ORR in time"
endpoint = "orr"
frame = "6 months"
""",
        encoding="utf-8",
    )
    results = run_study(folder / "study.toml", folder / "out").results
    rates = results[(results["row"] == "ORR confirmed") & (results["statistic"] == "count")]
    assert rates["n"].tolist() == [10, 10]
    within = results[results["table"].str.contains("up to day 182")]
    assert len(within) > 0
