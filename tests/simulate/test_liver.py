"""One lesion table for three criteria: viable diameters, new lesions, readers, adjudication."""

import numpy as np
import pytest

import recist
from recist.simulation import Simulation
from recist.simulation.adjudication import criteria_of

READERS = recist.Readers("READER 1", "READER 2", "ADJUDICATOR")


@pytest.fixture(scope="module")
def trial() -> Simulation:
    return recist.simulate("nct05962450", 600, 9)


def test_the_viable_part_belongs_to_liver_targets_and_is_never_larger_than_they_are(trial) -> None:
    lesions = trial.lesions
    liver = (lesions["role"] == "target") & (lesions["organ"] == "LIVER")
    assert lesions.loc[~liver, "viable_mm"].isna().all()
    measured = lesions[liver & (lesions["state"] == "measured")]
    assert measured["viable_mm"].notna().all()
    assert (measured["viable_mm"] <= measured["diameter_mm"]).all()
    assert (measured.loc[measured["baseline"], "viable_mm"] >= 10).all()
    assert (measured["viable_mm"] == 0).any()  # dead at an unchanged size
    assert (lesions.loc[liver & (lesions["state"] == "absent"), "viable_mm"] == 0).all()


def test_new_lesions_have_roles_sizes_and_patterns(trial) -> None:
    new = trial.lesions[trial.lesions["role"].astype(str).str.startswith("new ")]
    assert set(new["role"].astype(str)) == {"new target", "new non-target"}
    there = new[new["state"] != "absent"]
    assert there["diameter_mm"].notna().all()
    first = there.drop_duplicates(["subject", "evaluator", "lesion"])
    needed = np.where(first["node"], 15.0, 10.0)
    assert ((first["diameter_mm"] >= needed) == (first["role"] == "new target")).all()
    assert (new["pattern"].notna() == (new["organ"] == "LIVER")).all()
    assert {"typical", "atypical"} == set(new["pattern"].dropna())
    assert new.loc[new["role"] == "new target", "further_increase"].isna().all()


@pytest.mark.parametrize("criteria", ["recist_1_1", "mrecist_hcc", "irecist"])
def test_no_finding_of_severity_error_under_any_criteria(trial, criteria) -> None:
    found = recist.check_lesions(trial.lesions, criteria, trial.subjects, trial.visits)
    errors = found[found["severity"] == "error"]
    assert errors.empty, errors["message"].to_string()


def test_the_adjudicator_reads_the_subjects_in_whom_readers_differ_and_both_ways_accept(trial) -> None:
    criteria = list(criteria_of(trial.design))
    responses = recist.assess(trial.lesions, criteria, start=trial.subjects, visits=trial.visits)
    read = set(trial.lesions.loc[trial.lesions["evaluator"] == "ADJUDICATOR", "subject"].astype(str))
    assert read == set(trial.adjudication["subject"].astype(str))
    assert 0.1 < len(read) / len(trial.subjects) < 0.5
    by_rule = recist.accepted_reading(responses, READERS)
    by_table = recist.accepted_reading(responses, READERS, trial.adjudication, "reader_1")
    of_table = by_table.loc[by_table["accepted_by"] == "adjudication", ["subject", "criteria"]]
    of_rule = by_rule.loc[by_rule["accepted_by"] == "adjudicator", ["subject", "criteria"]]
    asked = set(map(tuple, of_table.astype(str).to_numpy()))
    assert set(map(tuple, of_rule.astype(str).to_numpy())) <= asked
    assert {"READER 1", "READER 2"} == set(trial.adjudication["accepted"])


def test_imaging_goes_on_beyond_progression_in_most_subjects(trial) -> None:
    truth = trial.response_truth.query("criteria == 'recist_1_1'")
    progressed = truth[truth["true_overall"] == "PD"].groupby("subject").size()  # carried on
    assert (progressed > 1).mean() > 0.4


def test_strata_predict_the_course(trial) -> None:
    both = trial.subjects.merge(trial.subject_truth, on="subject")
    both = both[both["kinetics"] != "scripted"]
    fast = both["kinetics"] == "progressive"
    for name in ("vascular_invasion", "afp_400"):
        assert both.loc[fast, name].mean() - both.loc[~fast, name].mean() > 0.1
    assert ((both["age"] >= 65) == (both["age_group"] == ">=65")).all()
    assert set(both["etiology"]) == {"HBV", "HCV", "NON-VIRAL"}


def test_with_five_targets_responses_differ_in_some_subjects_and_no_row_is_lost() -> None:
    trial = recist.simulate("nct07028008", 300, 2)
    five, ten = trial.lesions_recist_1_1, trial.lesions
    assert len(five) == len(ten)
    base = five[(five["role"] == "target") & five["baseline"]]
    assert base.groupby("subject", observed=True).size().max() == 5
    assert base.groupby(["subject", "organ"], observed=True).size().max() == 2
    found = recist.check_lesions(five, "recist_1_1", trial.subjects, trial.visits)
    assert not found["finding"].astype(str).str.startswith("too-many").any()
    assert not (found["severity"] == "error").any()
    one = recist.best_response(recist.assess(ten, "recist_1_1_ten_targets", start=trial.subjects))
    two = recist.best_response(recist.assess(five, start=trial.subjects))
    share = (one["best_response"].astype(str) != two["best_response"].astype(str)).mean()
    assert 0.02 < share < 0.3


def test_the_shipped_ten_target_trial_tells_the_candidates_apart() -> None:
    trial = recist.simulate("nct07028008")
    keys = ["subject", "visit", "overall"]
    ten = recist.assess(trial.lesions, "recist_1_1_ten_targets", start=trial.subjects)[keys].astype(str)
    five = recist.assess(trial.lesions_recist_1_1, start=trial.subjects)[keys].astype(str)
    assert len(ten) == len(five)
    assert (ten["overall"] != five["overall"]).any()
