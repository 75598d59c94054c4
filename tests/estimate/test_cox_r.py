"""Hazard ratios and models against R's coxph, to 1e-6; log-rank tests against its survdiff, to 1e-9."""

import re

import numpy as np
import pandas as pd
import pytest

import survival
from tests.estimate.r_reference import DATASETS, data, numbers, reference

CLOSE = {"rtol": 1e-6, "atol": 1e-9}
EXACT = {"rtol": 1e-9, "atol": 1e-12}
TIES = ("efron", "breslow")
MODEL_TIES = {"efron": "efron", "breslow": "breslow", "discrete": "exact"}  # ours: its name in R
TWO_ARMS = [dataset for dataset in DATASETS if dataset not in ("colon_etype1", "ggsurvfit_ADTTE")]


def stratified(dataset):
    """The rows with a stratum: R leaves out those without one."""
    frame = data(dataset)
    return frame[frame["strata"].notna()]


def check_comparison(row, known):
    assert row["hazard_ratio"] == pytest.approx(known["hr"][0], rel=1e-6)
    assert row["lower"] == pytest.approx(known["ci95"]["lower"][0], rel=1e-6)
    assert row["upper"] == pytest.approx(known["ci95"]["upper"][0], rel=1e-6)
    for ours, theirs in [("p_wald", "wald"), ("p_score", "score"), ("p_lrt", "lrt")]:
        assert row[ours] == pytest.approx(known[theirs]["p"], rel=1e-6), ours


def check_model(model, known):
    found = model.coefficients
    np.testing.assert_allclose(found["coefficient"], numbers(known["coef"]), **CLOSE)
    np.testing.assert_allclose(found["se"], numbers(known["se"]), **CLOSE)
    np.testing.assert_allclose(found["hazard_ratio"], numbers(known["hr"]), **CLOSE)
    np.testing.assert_allclose(found["lower"], numbers(known["ci95"]["lower"]), **CLOSE)
    np.testing.assert_allclose(found["upper"], numbers(known["ci95"]["upper"]), **CLOSE)
    np.testing.assert_allclose(found["p"], numbers(known["p_wald_each"]), rtol=1e-5)
    np.testing.assert_allclose(model.loglik, numbers(known["loglik"]), **CLOSE)
    assert (model.n, model.events) == (known["n"], known["nevent"])
    for test in model.tests.itertuples():
        theirs = known[test.test]
        assert test.chi2 == pytest.approx(theirs["stat"], rel=1e-6), test.test
        assert test.df == theirs["df"]
        assert test.p == pytest.approx(theirs["p"], rel=1e-5)


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("dataset", TWO_ARMS)
def test_two_arms(dataset, ties):
    known, frame = reference(dataset), data(dataset)
    levels = known["meta"]["group_levels_reference_first"]
    found = survival.compare_arms(frame, by="group", reference=levels[0], ties=ties)
    assert found["group"].tolist() == levels[1:]
    check_comparison(found.loc[0], known["cox_group"][ties])


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("dataset", [d for d in TWO_ARMS if d != "leukemia"])
def test_two_arms_stratified(dataset, ties):
    known, frame = reference(dataset), stratified(dataset)
    levels = known["meta"]["group_levels_reference_first"]
    found = survival.compare_arms(frame, by="group", reference=levels[0], strata=["strata"], ties=ties)
    check_comparison(found.loc[0], known["cox_group_stratified"][ties])
    log_rank = known["logrank_stratified"]["rho0"]
    assert found.loc[0, "logrank_chi2"] == pytest.approx(log_rank["chisq"], rel=1e-9)
    assert found.loc[0, "p_logrank"] == pytest.approx(log_rank["p"], rel=1e-8)


@pytest.mark.parametrize("ties", MODEL_TIES)
@pytest.mark.parametrize("dataset", DATASETS)
def test_model_of_all_arms(dataset, ties):
    known = reference(dataset)["cox_group"]
    if MODEL_TIES[ties] not in known:
        pytest.skip("R was not asked for these ties")
    check_model(survival.cox_model(data(dataset), "group", ties=ties), known[MODEL_TIES[ties]])


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("dataset", [d for d in DATASETS if d != "leukemia"])
def test_stratified_model_of_all_arms(dataset, ties):
    model = survival.cox_model(stratified(dataset), "group", strata="strata", ties=ties)
    check_model(model, reference(dataset)["cox_group_stratified"][ties])


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("dataset", [d for d in DATASETS if d != "leukemia"])
def test_adjusted_model(dataset, ties):
    known, frame = reference(dataset)["cox_adjusted"], data(dataset)
    columns = ["group", *(name for name in re.findall(r"[\w.]+", known["formula"]) if name in frame.columns)]
    columns = [name for name in columns if name not in ("time", "event")]
    check_model(survival.cox_model(frame.dropna(subset=columns), columns, ties=ties), known[ties])


@pytest.mark.parametrize("dataset", DATASETS)
def test_log_rank_observed_expected_and_weights_of_harrington_fleming(dataset):
    frame, known = data(dataset), reference(dataset)["logrank"]
    for weights, theirs in [("log-rank", "rho0"), ((1.0, 0.0), "rho1_peto_peto"), ((0.5, 0.0), "rho0.5")]:
        found, block = survival.log_rank(frame, by="group", weights=weights), known[theirs]
        assert found.chi2 == pytest.approx(block["chisq"], rel=1e-9)
        assert found.df == block["df"]
        assert found.p == pytest.approx(block["p"], rel=1e-8)
        for ours in ("n", "observed", "expected"):
            np.testing.assert_allclose(found.groups[ours], numbers(block[ours]), **EXACT)


@pytest.mark.parametrize("dataset", [d for d in DATASETS if d != "leukemia"])
def test_stratified_log_rank(dataset):
    frame, known = stratified(dataset), reference(dataset)["logrank_stratified"]
    for weights, theirs in [("log-rank", "rho0"), ((1.0, 0.0), "rho1_peto_peto")]:
        found, block = survival.log_rank(frame, by="group", strata="strata", weights=weights), known[theirs]
        assert found.chi2 == pytest.approx(block["chisq"], rel=1e-9)
        assert found.p == pytest.approx(block["p"], rel=1e-8)
        np.testing.assert_allclose(found.groups["expected"], numbers(block["expected"]), **EXACT)


@pytest.mark.parametrize("dataset", [d for d in DATASETS if d != "ggsurvfit_ADTTE"])
def test_weighted_log_rank(dataset):
    known = reference(dataset)["weighted_logrank_hypergeometric_variance"]
    for weights, theirs in [
        ("log-rank", "weights_1"),
        ("gehan", "gehan_breslow_n"),
        ("tarone-ware", "tarone_ware_sqrt_n"),
        ((1.0, 0.0), "fh_rho1_gamma0_KMleft"),
        ((0.0, 1.0), "fh_rho0_gamma1"),
        ((1.0, 1.0), "fh_rho1_gamma1"),
    ]:
        found = survival.log_rank(data(dataset), by="group", weights=weights)
        assert found.chi2 == pytest.approx(known[theirs]["chisq"], rel=1e-9), theirs


def test_pairs_of_three_arms_are_fitted_from_those_two_alone():
    frame = data("colon_etype1")
    together = survival.compare_arms(frame, by="group", reference="Obs")
    for level in ("Lev", "Lev+5FU"):
        two = frame[frame["group"].isin(["Obs", level])]
        alone = survival.compare_arms(two.assign(group=two["group"].astype(str)), by="group", reference="Obs")
        mine = together[together["group"] == level].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine.drop(columns="group"), alone.drop(columns="group"), rtol=1e-12)
