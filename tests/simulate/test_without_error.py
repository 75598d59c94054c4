"""Readers without error: what the engine derives is the truth, subject by subject, under every criteria."""

from dataclasses import replace

import pandas as pd
import pytest

import recist
from recist.simulation import DESIGNS, Simulation
from recist.simulation.adjudication import criteria_of
from recist.simulation.readings import without_error
from recist.simulation.trial import simulate_design

CASES = [(study, name) for study, design in DESIGNS.items() for name in criteria_of(design)]
KEYS = ["subject", "visit"]


@pytest.fixture(scope="module")
def trials() -> dict[str, Simulation]:
    """500 subjects of every design, read without error; none of them hand-written."""
    return {
        study: simulate_design(replace(without_error(design), n_subjects=500, seed=17, scripted=()))
        for study, design in DESIGNS.items()
    }


def derived(trial: Simulation, name: str) -> pd.DataFrame:
    """Responses of the first reader."""
    reader = (trial.lesions["evaluator"] == trial.design.evaluators[0]).to_numpy()
    return recist.assess(trial.lesions[reader].reset_index(drop=True), name, start=trial.subjects)


@pytest.mark.parametrize(("study", "name"), CASES)
def test_every_response_is_the_true_one(study: str, name: str, trials: dict) -> None:
    found = derived(trials[study], name)
    column = "ioverall" if name == "irecist" else "overall"
    truth = trials[study].response_truth.query("criteria == @name").astype(str)
    both = truth.merge(found[[*KEYS, column]].astype(str), on=KEYS, how="outer", indicator=True)
    assert (both["_merge"] == "both").all()
    wrong = both.loc[both[column] != both["true_overall"]]
    assert len(both) > 1500
    assert wrong.empty, wrong.to_string()


@pytest.mark.parametrize(("study", "name"), CASES)
def test_every_best_response_and_its_dates_are_the_true_ones(study: str, name: str, trials: dict) -> None:
    trial = trials[study]
    best = recist.best_response(derived(trial, name), subjects=trial.subjects).astype({"subject": str})
    truth = trial.best_truth.query("criteria == @name").drop(columns="criteria").astype({"subject": str})
    both = truth.merge(best, on="subject", how="left", validate="1:1")
    assert len(both) == 500
    columns = ["best_response", "response_date", "progression_date"]
    if name != "irecist":
        columns.append("confirmed_best_response")
    for column in columns:
        ours, true = (both[one].astype("string").fillna("none") for one in (column, f"true_{column}"))
        wrong = ours != true
        assert not wrong.any(), both.loc[wrong, ["subject", column, f"true_{column}"]].to_string()
    assert both["best_response"].nunique() >= 4


def by_criteria(truth: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row per subject, one column per criteria."""
    return truth.pivot_table(index="subject", columns="criteria", values=column, aggfunc="first")


def test_the_three_criteria_part_in_the_liver_trial(trials: dict) -> None:
    truth = trials["nct05962450"].best_truth
    best = by_criteria(truth, "true_best_response")
    assert ((best["recist_1_1"] == "SD") & (best["mrecist_hcc"] == "PR")).sum() > 10
    assert ((best["recist_1_1"] == "PD") & (best["irecist"] == "iPR")).sum() > 5
    assert (best["irecist"] == "iCPD").sum() > 20


def test_pseudo_progression_is_cancelled_by_irecist_alone(trials: dict) -> None:
    trial = trials["nct05962450"]
    pseudo = trial.subject_truth.loc[trial.subject_truth["pseudo_progression"], "subject"].astype(str)
    arms = trial.subjects.set_index(trial.subjects["subject"].astype(str))["arm"]
    assert set(arms[pseudo]) == {"EXPERIMENTAL"}
    assert 0.04 < len(pseudo) / (arms == "EXPERIMENTAL").sum() < 0.2
    truth = trial.response_truth[trial.response_truth["subject"].isin(pseudo)]
    first = by_criteria(truth[truth["visit"] == "WEEK 8"], "true_overall")
    assert (first["recist_1_1"] == "PD").mean() > 0.85
    assert (first.loc[first["recist_1_1"] == "PD", "irecist"] == "iUPD").all()
    second = truth[(truth["visit"] == "WEEK 16") & (truth["criteria"] == "irecist")]["true_overall"]
    assert second.isin(["iPR", "iSD", "iCR"]).mean() > 0.9


def test_readers_with_error_are_often_but_not_always_right() -> None:
    trial = recist.simulate("nct05962450", 600, 4)
    found = derived(trial, "recist_1_1")[[*KEYS, "overall"]].astype(str)
    truth = trial.response_truth.query("criteria == 'recist_1_1'").astype(str)
    both = truth.merge(found, on=KEYS)
    right = (both["overall"] == both["true_overall"]).mean()
    assert 0.75 < right < 0.99
