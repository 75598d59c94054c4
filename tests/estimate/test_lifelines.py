"""Against lifelines where it has the same, and the lifelines objects that users continue with."""

import numpy as np
import pandas as pd
import pytest

import survival

pytestmark = pytest.mark.lifelines


@pytest.fixture(scope="module")
def trial():
    random = np.random.default_rng(7)
    n = 300
    frame = pd.DataFrame(
        {
            "arm": random.choice(["CONTROL", "ACTIVE"], n),
            "site": random.choice(["north", "south", "west"], n),
            "age": random.normal(60, 10, n).round(),
        }
    )
    hazard = np.exp(-5 - 0.5 * (frame["arm"] == "ACTIVE") + 0.02 * (frame["age"] - 60))
    event_time, censoring = random.exponential(1 / hazard), random.uniform(0, 400, n)
    time = np.ceil(np.minimum(event_time, censoring))
    return frame.assign(time=time, event=event_time <= censoring)


def test_curve_and_log_log_limits(trial):
    from lifelines import KaplanMeierFitter

    mine = survival.kaplan_meier(trial).curves
    theirs = KaplanMeierFitter().fit(trial["time"], trial["event"])
    np.testing.assert_allclose(mine["time"], theirs.survival_function_.index)
    np.testing.assert_allclose(mine["survival"], theirs.survival_function_.iloc[:, 0], rtol=1e-9)
    limits = theirs.confidence_interval_.to_numpy()
    known = mine["lower"].notna().to_numpy()
    np.testing.assert_allclose(mine.loc[known, ["lower", "upper"]], limits[known], rtol=1e-9)


@pytest.mark.parametrize(
    ("weights", "theirs"),
    [
        ("log-rank", {}),
        ("gehan", {"weightings": "wilcoxon"}),
        ("tarone-ware", {"weightings": "tarone-ware"}),
        ((1.0, 0.5), {"weightings": "fleming-harrington", "p": 1.0, "q": 0.5}),
    ],
)
def test_log_rank(trial, weights, theirs):
    from lifelines.statistics import multivariate_logrank_test

    known = multivariate_logrank_test(trial["time"], trial["site"], trial["event"], **theirs)
    found = survival.log_rank(trial, by="site", weights=weights)
    assert found.chi2 == pytest.approx(known.test_statistic, rel=1e-8)
    assert found.p == pytest.approx(known.p_value, rel=1e-8)
    assert found.df == 2


def test_hazard_ratio_with_efron_ties_and_strata(trial):
    from lifelines import CoxPHFitter

    coded = trial.assign(active=(trial["arm"] == "ACTIVE").astype(int))[["time", "event", "active", "site"]]
    known = CoxPHFitter(strata=["site"]).fit(coded, "time", "event").summary.loc["active"]
    found = survival.compare_arms(trial, reference="CONTROL", strata=["site"]).loc[0]
    assert found["hazard_ratio"] == pytest.approx(known["exp(coef)"], rel=1e-6)
    assert found["lower"] == pytest.approx(known["exp(coef) lower 95%"], rel=1e-6)
    assert found["upper"] == pytest.approx(known["exp(coef) upper 95%"], rel=1e-6)
    assert found["p_wald"] == pytest.approx(known["p"], rel=1e-5)


def test_fitted_curves_to_continue_with(trial):
    fitted = survival.kaplan_meier(trial, by="arm", level=0.9).to_lifelines()
    assert list(fitted) == ["ACTIVE", "CONTROL"]
    assert fitted["ACTIVE"].alpha == pytest.approx(0.1)
    medians = survival.kaplan_meier(trial, by="arm").quantiles([0.5]).set_index("arm")["time"]
    assert {arm: fitter.median_survival_time_ for arm, fitter in fitted.items()} == medians.to_dict()
    assert survival.kaplan_meier(trial).to_lifelines().event_observed.sum() == trial["event"].sum()
    assert next(iter(survival.kaplan_meier(trial, by=["arm", "site"]).to_lifelines())) == ("ACTIVE", "north")


def test_adjusted_model_to_continue_with(trial):
    fitted = survival.to_lifelines_cox(trial, by=["arm", "age"], strata="site")
    mine = survival.cox_model(trial, ["arm", "age"], strata="site").coefficients.set_index("term")[
        "hazard_ratio"
    ]
    pd.testing.assert_series_equal(
        fitted.hazard_ratios_, mine, check_names=False, check_index_type=False, rtol=1e-6
    )
    from lifelines.statistics import proportional_hazard_test

    p = proportional_hazard_test(fitted, fitted.training_frame).p_value
    assert p.shape == (2,)
    assert ((p > 0) & (p <= 1)).all()


@pytest.mark.filterwarnings("ignore::lifelines.exceptions.ConvergenceWarning")
def test_a_model_that_lifelines_cannot_fit():
    frame = pd.DataFrame({"time": [1, 2, 3, 4], "event": True, "x": [1.0, 2, 3, 4], "y": [2.0, 4, 6, 8]})
    with pytest.raises(survival.EstimateError, match="lifelines does not converge on x, y"):
        survival.to_lifelines_cox(frame, ["x", "y"])
