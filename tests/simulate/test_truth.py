"""The engine against the hand-written subjects: one expected response per visit and evaluator."""

import pytest

import recist
from recist.simulation import DESIGNS
from recist.simulation.scripted import read_scripts

KEYS = ["subject", "evaluator", "visit"]


@pytest.mark.parametrize("study", DESIGNS)
def test_engine_gives_the_expected_response_at_every_scripted_visit(study: str) -> None:
    trial = recist.simulate(study)
    found = recist.assess(trial.lesions, start=trial.subjects, visits=trial.visits)
    both = trial.truth.astype(str).merge(found[[*KEYS, "overall"]].astype(str), on=KEYS, how="left")
    wrong = both.loc[both["overall"] != both["expected_overall"]]
    assert len(both) == len(trial.truth) > 0
    assert wrong.empty, wrong.to_string()


@pytest.mark.parametrize("study", DESIGNS)
def test_engine_gives_the_expected_best_responses(study: str) -> None:
    trial = recist.simulate(study)
    found = recist.assess(trial.lesions, start=trial.subjects)
    best = recist.best_response(found).astype({"subject": str})
    truth = trial.subject_truth
    # What follows a new anticancer therapy is told by the subject table, which best_response does not see.
    scripted = truth.loc[truth["script"].notna() & (truth["script"] != "therapy_before_response")]
    both = best.merge(scripted.astype(str), on="subject")
    assert len(both) == len(scripted) * len(trial.design.evaluators)
    wrong = both.loc[
        (both["best_response"].astype(str) != both["expected_best_response"])
        | (both["confirmed_best_response"].astype(str) != both["expected_confirmed_best_response"])
    ]
    assert wrong.empty, wrong[["subject", "script", "best_response", "confirmed_best_response"]].to_string()


def test_every_script_is_used_by_a_study() -> None:
    used = {name for design in DESIGNS.values() for name in design.scripted}
    assert used == set(read_scripts())


def test_a_measured_response_follows_the_kinetics_that_were_drawn() -> None:
    trial = recist.simulate("phase3", 2000, 7)
    targets = trial.lesions.query("role == 'target' and state in ['measured', 'absent']")
    week = targets.loc[targets["visit"] == "WEEK 24"].merge(
        targets.loc[targets["visit"] == "BASELINE"], on=["subject", "lesion"], suffixes=("", "_0")
    )
    change = week["diameter_mm"] / week["diameter_mm_0"]
    kinetics = week[["subject"]].merge(trial.subject_truth, on="subject", how="left")["kinetics"]
    median = change.groupby(kinetics.to_numpy()).median()
    assert median["complete"] < 0.05
    assert 0.3 < median["partial"] < 0.6
    assert 0.75 < median["stable"] < 1.05
    assert median["progressive"] > 1.15


def test_nobody_progresses_or_dies_in_the_record_before_it_is_true() -> None:
    trial = recist.simulate("phase3", 3000, 8)
    both = trial.subjects.merge(trial.subject_truth, on="subject")
    both = both.loc[both["script"].isna()]
    died = both["death_date"].notna()
    assert (both.loc[died, "death_date"] == both.loc[died, "true_death_date"]).all()
    lost = both["discontinuation_reason"] == "LOST TO FOLLOW-UP"
    unseen = ~died & ~lost & (both["true_death_date"] <= both["cutoff_date"])
    assert not unseen.any()
    progressed = both["true_progression_date"].notna()
    assert (both.loc[progressed, "true_progression_date"] < both.loc[progressed, "true_death_date"]).all()


def test_truth_frame_names_only_visits_that_exist() -> None:
    trial = recist.simulate("nct05962450")
    rows = trial.lesions[KEYS].astype(str).drop_duplicates()
    both = trial.truth.astype(str).merge(rows, on=KEYS, how="left", indicator=True)
    assert (both["_merge"] == "both").all()
