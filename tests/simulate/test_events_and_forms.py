"""Adverse events, questionnaires and manufacture: dates that fit a life, truth beside them."""

from dataclasses import replace

import pytest

import recist
from recist.simulation import get_design
from recist.simulation.adverse import COLUMNS, PROFILES, read_profile
from recist.simulation.trial import simulate_design
from survival import TTD, check_adverse_events, check_qlq, score_qlq, time_to_deterioration

WITH_EVENTS = {
    "hs_it101": 365,
    "nct07028008": 183,
    "nct05361174": None,
    "nct05962450": None,
    "nct06559644": None,
}


@pytest.mark.parametrize("study", WITH_EVENTS)
def test_adverse_events_fit_the_life_of_the_subject(study: str) -> None:
    trial = recist.simulate(study, 400, 6)
    events = trial.adverse_events
    assert tuple(events.columns) == COLUMNS
    both = events.merge(trial.subjects, on="subject", how="left")
    assert both["treatment_start_date"].notna().all()
    day = (both["start_date"] - both["treatment_start_date"]).dt.days
    assert (day >= 0).all()
    if limit := WITH_EVENTS[study]:
        assert day.max() < limit
    ends = both["end_date"].fillna(both["start_date"])
    assert (ends >= both["start_date"]).all()
    last = both["death_date"].fillna(both["cutoff_date"])
    assert (both["start_date"] <= last).all() and (ends <= last).all()
    fatal = both[both["grade"] == 5]
    assert len(fatal) > 0
    assert (fatal["end_date"] == fatal["death_date"]).all() and (fatal["serious"] == "Y").all()
    assert set(events["grade"]) == {1, 2, 3, 4, 5}
    if study != "nct06559644":
        assert (events["dose_limiting"] == "N").all()
    found = check_adverse_events(events, trial.subjects)
    assert set(found["severity"]) <= {"note"}, found["message"].to_string()


def test_counts_of_events_are_those_of_the_file() -> None:
    trial = recist.simulate("hs_it101", 100, 2)
    by = trial.adverse_events.groupby("subject", observed=True)["grade"].agg(["size", "max"])
    truth = trial.subject_truth.set_index("subject").loc[by.index]
    assert truth["n_adverse_events"].tolist() == by["size"].tolist()
    assert truth["worst_grade"].tolist() == by["max"].tolist()


@pytest.mark.parametrize("profile", PROFILES)
def test_grades_of_a_profile_are_shares(profile: str) -> None:
    for kind in read_profile(profile):
        assert sum(kind.grades) == pytest.approx(100), kind.term
        assert 0 < kind.share < 1 and 0 <= kind.related <= 1


def test_deterioration_is_the_true_one_when_every_form_is_answered_in_full() -> None:
    design = get_design("nct05962450")
    assert design.questionnaires is not None
    forms = replace(design.questionnaires, missing_form=0.0, missing_item=0.0, wrong_answer=0.0)
    trial = simulate_design(replace(design, n_subjects=300, seed=8, questionnaires=forms, scripted=()))
    tte = time_to_deterioration(score_qlq(trial.questionnaires), trial.subjects, TTD)
    tte = tte.astype({"subject": str, "scale": str})
    truth = trial.questionnaire_truth.astype({"subject": str, "scale": str})
    both = tte.merge(truth, on=["subject", "scale"], validate="1:1")
    assert len(both) == 300 * 15
    assert both["event"].tolist() == both["true_deterioration_date"].notna().tolist()
    happened = both[both["event"]]
    assert happened["date"].tolist() == happened["true_deterioration_date"].tolist()
    assert 0.2 < both.loc[both["scale"] == "QL2", "event"].mean() < 0.8


def test_answers_are_within_range_and_some_are_missing() -> None:
    trial = recist.simulate("nct05962450", 400, 12)
    answers = trial.questionnaires
    items = [f"q{k}" for k in range(1, 31)]
    assert list(answers.columns) == ["subject", "visit", "date", *items]
    assert not answers.duplicated(["subject", "visit"]).any()
    assert answers[items].min().min() == 1
    assert answers[items[:28]].max().max() == 4 and answers[["q29", "q30"]].max().max() == 7
    assert 0.005 < answers[items].isna().to_numpy().mean() < 0.03
    found = check_qlq(answers, trial.subjects)
    assert not (found["severity"] == "error").any()


def test_quality_of_life_holds_longer_in_the_experimental_arm() -> None:
    trial = recist.simulate("nct05962450", 2000, 3)
    both = trial.subject_truth.merge(trial.subjects[["subject", "arm", "randomization_date"]], on="subject")
    days = (both["true_deterioration_date"] - both["randomization_date"]).dt.days
    median = days.groupby(both["arm"], observed=True).median()
    assert median["EXPERIMENTAL"] == pytest.approx(314, abs=45)
    assert median["CONTROL"] == pytest.approx(204, abs=35)


def test_feasibility_of_a_product_made_for_each_subject() -> None:
    trial = recist.simulate("nct05361174", 2000, 4)
    who = trial.subjects
    assert who["harvested"].all()
    assert (who["treated"] == who["treatment_start_date"].notna()).all()
    assert (who["treated"] == who["safety"]).all()
    failed = who["discontinuation_reason"] == "MANUFACTURING FAILURE"
    assert failed.mean() == pytest.approx(0.07, abs=0.02)
    assert not who.loc[failed, "manufactured_as_planned"].any() and not who.loc[failed, "treated"].any()
    late = ~who["manufactured_as_planned"] & who["treated"]
    assert late.mean() == pytest.approx(0.1, abs=0.025)
    wait = (who["treatment_start_date"] - who["harvest_date"]).dt.days
    assert wait[late].median() - wait[who["treated"] & ~late].median() == pytest.approx(22, abs=6)
    assert (who["harvest_date"] > who["enrollment_date"]).all()
    rows = set(trial.lesions["subject"].astype(str))
    assert not rows & set(who.loc[~who["treated"], "subject"].astype(str))


def test_the_shipped_trial_has_53_harvested_subjects() -> None:
    who = recist.simulate("nct05361174").subjects
    assert len(who) == 53 and who["harvested"].all()
    assert 0 < (~who["treated"]).sum() < 15
    assert 0 < (~who["manufactured_as_planned"]).sum() < 20
