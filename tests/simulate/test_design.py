"""What the simulated tables must look like to be a trial's: arms, baseline, dates, states, readers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import recist
from recist.simulation import DESIGNS, benchmark_lesions, get_design
from recist.simulation.trial import simulate_design

# Relapse after a response and readers who choose different targets: true here, and worth a question.
BIOLOGY = ["lesion-reappeared", "node-regrown", "lesser-response-after-cr", "evaluators-chose-differently"]
BIOLOGY += ["new-node-below-target-size", "subject-without-lesions"]  # harvested, but never treated
CRITERIA = {"nct07028008": "recist_1_1_ten_targets"}
SIZES = {"hs_it101": 10, "nct07028008": 9, "nct05361174": 53, "nct05962450": 84, "phase3": 500}


@pytest.fixture(scope="module")
def large() -> dict[str, recist.simulation.Simulation]:
    return {study: recist.simulate(study, 1500, 11) for study in DESIGNS}


def test_sizes_are_those_of_the_trials() -> None:
    assert {name: design.n_subjects for name, design in DESIGNS.items()} == SIZES


@pytest.mark.parametrize("study", DESIGNS)
def test_the_lesion_table_conforms_without_a_change(study: str) -> None:
    lesions = recist.simulate(study).lesions
    assert recist.as_lesions(lesions) is lesions


@pytest.mark.parametrize("study", ["hs_it101", "nct07028008", "nct05361174", "nct05962450"])
def test_shipped_studies_give_only_the_findings_that_disease_itself_gives(study: str) -> None:
    trial = recist.simulate(study)
    criteria = CRITERIA.get(study, "recist_1_1")
    found = recist.check_lesions(trial.lesions, criteria, trial.subjects, trial.visits)
    others = found.loc[~found["finding"].isin(BIOLOGY)]
    assert others.empty, others[["finding", "message"]].to_string()
    assert not (found["severity"] == "error").any()


@pytest.mark.parametrize("study", DESIGNS)
def test_baseline_is_measurable_and_targets_are_few(study: str, large: dict) -> None:
    lesions = large[study].lesions
    base = lesions.loc[lesions["baseline"] & (lesions["role"] == "target")]
    assert (base["diameter_mm"] >= np.where(base["node"], 15.0, 10.0)).all()
    most, in_organ = (10, 5) if study in CRITERIA else (5, 2)
    assert base.groupby(["subject", "evaluator"], observed=True).size().between(1, most).all()
    assert base.groupby(["subject", "evaluator", "organ"], observed=True).size().max() == in_organ


@pytest.mark.parametrize("study", DESIGNS)
def test_lengths_have_one_decimal_and_states_fit(study: str, large: dict) -> None:
    lesions = large[study].lesions
    mm = lesions["diameter_mm"].dropna()
    assert (mm == mm.round(1)).all()
    assert (lesions.loc[lesions["state"] == "measured", "diameter_mm"] > 0).all()
    assert (
        lesions.loc[(lesions["role"] == "target") & (lesions["state"] == "absent"), "diameter_mm"] == 0
    ).all()
    unread = lesions["state"].isin(["not evaluable", "not done"])
    assert unread.any()
    assert lesions.loc[unread, "diameter_mm"].isna().all()
    assert lesions.loc[unread, "reason"].notna().all()


@pytest.mark.parametrize("study", DESIGNS)
def test_dates_are_in_order(study: str, large: dict) -> None:
    trial = large[study]
    who = trial.subjects
    scans = trial.lesions.groupby("subject", observed=True)["date"].agg(["min", "max"])
    both = who.merge(scans, left_on="subject", right_index=True)
    untreated = study == "nct05361174"  # harvested, but never imaged for the treatment
    assert len(both) == (who["treated"].sum() if untreated else len(who))
    for last in ("death_date", "cutoff_date"):
        known = both[last].notna()
        assert (both.loc[known, "max"] <= both.loc[known, last]).all()
    alive = both["death_date"].fillna(both["cutoff_date"])
    assert (both["last_alive_date"] <= alive).all()
    assert (both["max"] <= both["last_alive_date"]).all()
    for date in ("new_therapy_date", "discontinuation_date"):
        known = both[date].notna()
        assert (both.loc[known, date] <= alive[known]).all()
        assert (both.loc[known, date] <= both.loc[known, "last_alive_date"]).all()
    assert both["discontinuation_date"].notna().eq(both["discontinuation_reason"].notna()).all()
    assert (both["min"] < both["treatment_start_date"].fillna(both["cutoff_date"])).all()


def test_blocks_balance_the_arms(large: dict) -> None:
    arms = large["nct05962450"].subjects["arm"]
    assert arms.value_counts().tolist() == [750, 750]
    running = (arms == "CONTROL").cumsum() - np.arange(1, 1501) / 2
    assert running.abs().max() <= 1


def test_readers_measure_the_same_scans_differently(large: dict) -> None:
    lesions = large["nct05962450"].lesions
    wide = lesions.query("state == 'measured'").pivot_table(
        index=["subject", "visit", "lesion"], columns="evaluator", values="diameter_mm", observed=True
    )
    wide = wide.dropna()
    ratio = np.log(wide["READER 2"] / wide["READER 1"])
    assert 0.03 < ratio.std() < 0.12
    dates = lesions.groupby(["subject", "visit", "organ"], observed=True)["date"].nunique()
    assert dates.max() == 1


def test_everything_that_can_happen_happens(large: dict) -> None:
    trial = large["nct05361174"]
    seen = set(trial.lesions["state"].cat.remove_unused_categories().cat.categories)
    assert seen >= {"measured", "absent", "too small", "not evaluable", "not done", "present", "increased"}
    assert seen >= {"unequivocal progression", "unequivocal", "equivocal"}
    reasons = trial.subjects["discontinuation_reason"]
    assert set(reasons.dropna()) == set(reasons.cat.categories)
    assert (~trial.visits["imaging_done"]).mean() == pytest.approx(0.04, abs=0.015)
    assert trial.visits["symptomatic_deterioration"].any()
    assert (trial.visits["visit"] == "UNSCHEDULED 1").any()


def test_survival_is_what_a_clinician_would_expect(large: dict) -> None:
    truth = large["nct05962450"].subject_truth.merge(large["nct05962450"].subjects, on="subject")
    start = truth["randomization_date"]
    first = truth[["true_progression_date", "true_death_date"]].min(axis=1)
    months = pd.DataFrame(
        {
            "arm": truth["arm"],
            "pfs": (first - start).dt.days / 30.4375,
            "os": (truth["true_death_date"] - start).dt.days / 30.4375,
        }
    ).loc[truth["script"].isna()]
    median = months.groupby("arm", observed=True).median()
    assert median.loc["CONTROL", "pfs"] == pytest.approx(4.5, abs=0.8)
    assert median.loc["EXPERIMENTAL", "pfs"] == pytest.approx(7.2, abs=1.2)
    assert median.loc["CONTROL", "os"] == pytest.approx(13, abs=2)
    assert median.loc["EXPERIMENTAL", "os"] == pytest.approx(18, abs=2.5)


def test_a_design_of_ones_own_is_an_edit() -> None:
    design = replace(get_design("phase3"), n_subjects=60, missed_visit=0.0, scripted=())
    trial = simulate_design(design)
    assert trial.visits["imaging_done"].all()
    assert trial.truth.empty
    assert trial.subject_truth["script"].isna().all()


def test_more_than_one_block_of_subjects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recist.simulation.trial.BLOCK", 60)
    trial = recist.simulate("phase3", 150, 5)
    assert trial.subjects["subject"].is_unique
    assert len(trial.subjects) == 150
    assert trial.subjects["enrollment_date"].is_monotonic_increasing
    assert recist.as_lesions(trial.lesions) is trial.lesions


def test_benchmark_rows_are_complete_and_ready() -> None:
    rows = benchmark_lesions(50, seed=1)
    assert len(rows) == 50 * 9 * 4
    assert recist.as_lesions(rows) is rows
    assert set(recist.assess(rows)["overall"].unique()) >= {"PR", "SD", "PD"}
    assert rows.equals(benchmark_lesions(50, seed=1))
    assert not rows.equals(benchmark_lesions(50, seed=2))
