"""Dose escalation in leukaemia: the path of 3 + 3, responses from marrows, toxicities."""

from dataclasses import replace

import numpy as np
import pytest

import recist
from recist.simulation.escalation import escalate
from recist.simulation.leukaemia_course import NCT06559644, without_error
from recist.simulation.leukaemia_trial import simulate_leukaemia

RATES = (0.05, 0.2, 0.3)
WELL, TOXIC = 0.9, 0.01


def path(*tolerance: float) -> list:
    table = escalate(np.array(tolerance), RATES).table()
    return table[["dose_level", "treated", "dose_limiting", "decision"]].values.tolist()


def test_none_of_three_escalates_and_the_highest_level_is_filled_to_six() -> None:
    steps = path(*[WELL] * 20)
    assert steps == [
        [1, 3, 0, "ESCALATE"],
        [2, 3, 0, "ESCALATE"],
        [3, 3, 0, "EXPAND"],
        [3, 6, 0, "DOSE FOUND"],
    ]
    assert escalate(np.array([WELL] * 20), RATES).level == [0] * 3 + [1] * 3 + [2] * 14


def test_one_of_three_expands_and_one_of_six_escalates() -> None:
    steps = path(*[WELL] * 3, WELL, TOXIC, WELL, *[WELL] * 14)
    assert steps[1:3] == [[2, 3, 1, "EXPAND"], [2, 6, 1, "ESCALATE"]]


def test_two_of_six_go_back_and_fill_up_the_level_below() -> None:
    steps = path(*[WELL] * 3, TOXIC, WELL, WELL, TOXIC, *[WELL] * 13)
    assert steps == [
        [1, 3, 0, "ESCALATE"],
        [2, 3, 1, "EXPAND"],
        [2, 6, 2, "DE-ESCALATE"],
        [1, 6, 0, "DOSE FOUND"],
    ]


def test_two_toxicities_at_the_lowest_level_stop_the_trial() -> None:
    found = escalate(np.array([TOXIC, TOXIC, WELL, WELL, WELL, WELL]), RATES)
    assert found.table()["decision"].tolist() == ["STOPPED"]
    assert len(found.level) == 3


def test_too_few_subjects_end_the_escalation_where_it_is() -> None:
    assert path(WELL, WELL) == [[1, 2, 0, "ENROLMENT ENDED"]]
    for n in range(1, 20):
        assert len(recist.simulate("nct06559644", n).subjects) == n


def test_the_shipped_escalation_expands_with_one_toxicity() -> None:
    steps = recist.simulate("nct06559644").escalation
    assert steps[["dose_level", "treated", "dose_limiting"]].values.tolist()[1:3] == [
        ["LEVEL 2", 3, 1],
        ["LEVEL 2", 6, 1],
    ]


@pytest.fixture(scope="module")
def exact():
    return simulate_leukaemia(replace(without_error(NCT06559644), n_subjects=700))


@pytest.mark.parametrize(("disease", "criteria"), [("AML", "aml_eln2022"), ("B-ALL", "all_eln2024")])
def test_every_response_and_every_fact_within_28_days_is_the_true_one(exact, disease, criteria) -> None:
    who = exact.subjects[exact.subjects["disease"] == disease]
    marrow = exact.marrow[exact.marrow["subject"].isin(who["subject"])]
    found = recist.assess_leukaemia(marrow, criteria, start=who)
    keys = ["subject", "visit"]
    truth = exact.response_truth.query("criteria == @criteria").astype(str)
    both = truth.merge(found[[*keys, "overall"]].astype(str), on=keys, how="outer", indicator=True)
    assert len(both) > 500 and (both["_merge"] == "both").all()
    assert (both["overall"] == both["true_overall"]).all()
    best = recist.best_leukaemia_response(found, window_days=28, subjects=who).astype({"subject": str})
    facts = best.merge(exact.subject_truth.astype({"subject": str}), on="subject", validate="1:1")
    word = facts["best_response"].astype(str)
    remission = word.isin(["CR", "CRi", "CR_MRD-", "CRi_MRD-"])
    assert (remission == facts["true_cr_or_cri_in_window"]).all()
    assert (word.str.endswith("_MRD-") == facts["true_mrd_negative_in_window"]).all()
    for ours, true in (("remission_date", "true_remission_date"), ("relapse_date", "true_relapse_seen_date")):
        assert facts[ours].astype(str).tolist() == facts[true].astype(str).tolist()


def test_the_marrow_table_conforms_and_has_no_finding() -> None:
    trial = recist.simulate("nct06559644", 400, 3)
    assert len(recist.as_marrow(trial.marrow)) == len(trial.marrow)
    for disease, criteria in (("AML", "aml_eln2022"), ("B-ALL", "all_eln2024")):
        who = trial.subjects[trial.subjects["disease"] == disease]
        marrow = trial.marrow[trial.marrow["subject"].isin(who["subject"])]
        found = recist.check_leukaemia(marrow, criteria, who)
        assert found.empty, found["message"].to_string()
    bad = trial.marrow["evaluable"] == "N"
    assert 0.02 < bad.mean() < 0.15
    assert trial.marrow.loc[bad, "reason"].notna().all()
    assert trial.marrow.loc[bad, "blasts_pct"].isna().all()


def test_each_toxic_subject_has_one_dose_limiting_event_within_28_days() -> None:
    trial = recist.simulate("nct06559644", 300, 5)
    limiting = trial.adverse_events[trial.adverse_events["dose_limiting"] == "Y"]
    toxic = trial.subject_truth.loc[trial.subject_truth["true_dose_limiting_toxicity"], "subject"]
    assert sorted(limiting["subject"].astype(str)) == sorted(toxic.astype(str))
    start = trial.subjects.set_index("subject")["treatment_start_date"]
    day = (limiting["start_date"] - limiting["subject"].map(start).astype("datetime64[ns]")).dt.days
    assert day.between(0, 27).all()
    assert (limiting["grade"] >= 3).all() and (limiting["related"] == "Y").all()


def test_a_cohort_waits_until_the_one_before_has_been_watched() -> None:
    trial = recist.simulate("nct06559644")
    who = trial.subjects[trial.subjects["phase"] == "ESCALATION"]
    first = who.groupby("cohort")["enrollment_date"].min()
    last_dose = who.groupby("cohort")["treatment_start_date"].max()
    assert ((first.iloc[1:].to_numpy() - last_dose.iloc[:-1].to_numpy()) >= np.timedelta64(28, "D")).all()
    dose = trial.subjects
    assert ((dose["dose_2_date"] - dose["treatment_start_date"]).dt.days == 3).all()
    assert ((dose["dose_3_date"] - dose["treatment_start_date"]).dt.days.dropna() == 6).all()
