"""Profile limits, Firth's correction and the check of proportional hazards."""

import re

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize_scalar

import survival
from survival.estimate.cox_fit import fit_cox
from survival.estimate.cox_profile import PROFILE
from survival.estimate.observations import EstimateError
from survival.estimate.proportional_hazards import PROPORTIONAL
from tests.estimate.r_reference import DATASETS, data, numbers, reference

SILENT = pd.DataFrame(  # nobody of arm B has the event; at each event as many of A as of B are at risk
    {
        "time": [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5],
        "event": [True, False] * 5,
        "arm": list("ABABABABAB"),
    }
)


@pytest.mark.parametrize("ties", ["efron", "breslow", "discrete", "exact"])
def test_profile_limits_are_where_the_likelihood_has_fallen_by_1_92(ties):
    frame = data("veteran")
    found = survival.cox_profile(frame, ["group", "karno"], ties=ties)
    assert list(found.columns) == list(PROFILE)
    fit = fit_cox(frame, ["group", "karno"], None, ties)
    model = survival.cox_model(frame, ["group", "karno"], ties=ties).coefficients
    for name in ("coefficient", "se", "hazard_ratio"):
        np.testing.assert_allclose(found[name], model[name], rtol=1e-9)
    for side in ("lower", "upper"):
        held = np.log(found.loc[0, side]) * fit.scale[0]
        search = minimize_scalar(
            lambda other, held=held: -fit.likelihood.at(np.array([held, other])).loglik,
            bounds=(-1.5, 0),
            method="bounded",
        )
        assert fit.best.loglik + search.fun == pytest.approx(3.841458820694124 / 2, abs=1e-6)


def test_p_of_one_term_is_that_of_the_likelihood_ratio_test():
    frame = data("lung")
    found = survival.cox_profile(frame, "group").loc[0, "p"]
    tests = survival.cox_model(frame, "group").tests.set_index("test")
    assert found == pytest.approx(tests.loc["lrt", "p"], rel=1e-9)


def test_without_events_in_an_arm_one_limit_still_holds():
    found = survival.cox_profile(SILENT, "arm").loc[0]
    assert found["note"] == "not estimable: the likelihood rises without end"
    assert np.isnan(found["hazard_ratio"]) and found["lower"] == 0.0
    # five events, each in A by chance 1 / (1 + ratio): (1 + ratio)^-5 = exp(-1.92)
    assert found["upper"] == pytest.approx(np.exp(3.841458820694124 / 10) - 1, rel=1e-6)


@pytest.mark.parametrize("ties", ["efron", "breslow", "discrete", "exact"])
def test_firth_with_a_silent_arm_is_half_an_event_added(ties):
    """Five events of one arm at even odds: the ratio is (0 + 1/2) / (5 + 1/2), as in logistic regression."""
    found = survival.cox_firth(SILENT, "arm", ties=ties).loc[0]
    assert found["hazard_ratio"] == pytest.approx(1 / 11, rel=1e-8)
    assert found["se"] == pytest.approx((5 * (1 / 12) * (11 / 12)) ** -0.5, rel=1e-8)
    assert 0 < found["lower"] < found["hazard_ratio"] < found["upper"] < 1
    assert found["note"] == ""


def test_firth_is_that_of_another_package():
    """Values of the Python package firthmodels 0.8.2 (Breslow ties, profile limits) on the same data."""
    found = survival.cox_firth(data("veteran"), ["group", "karno", "age"], ties="breslow")
    assert found["coefficient"].tolist() == pytest.approx([0.18615171, -0.03426747, -0.00394954], rel=1e-6)
    assert found["se"].tolist() == pytest.approx([0.18546535, 0.00522892, 0.00918781], rel=1e-5)
    assert found["lower"].tolist() == pytest.approx([0.83789474, 0.95645574, 0.97863517], rel=1e-7)
    assert found["upper"].tolist() == pytest.approx([1.73115834, 0.97624165, 1.01450394], rel=1e-7)
    assert found["p"].tolist() == pytest.approx([0.313941990, 7.67439890e-11, 0.667979586], rel=1e-6)


@pytest.mark.parametrize("transform", ["rank", "identity", "log"])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("dataset", DATASETS)
def test_proportional_hazards_are_those_of_r(dataset, ties, transform):
    known, frame = reference(dataset), data(dataset)
    adjusted = re.findall(r"[\w.]+", known.get("cox_adjusted", {}).get("formula", ""))
    more = [name for name in adjusted if name in frame.columns and name not in ("time", "event")]
    models = [("cox_group", ["group"], None), ("cox_group_stratified", ["group"], "strata")]
    models.append(("cox_adjusted", ["group", *more], None))
    for block, covariates, strata in models:
        if block not in known:
            continue
        rows = frame.dropna(subset=[*covariates, *([strata] if strata else [])])
        found = survival.proportional_hazards(rows, covariates, strata, ties, transform)
        theirs = known[block][ties]["zph"][transform]
        assert list(found.columns) == list(PROPORTIONAL)
        np.testing.assert_allclose(found["chi2"], numbers(theirs["chisq"]), rtol=1e-6)
        assert found["df"].tolist() == theirs["df"]
        np.testing.assert_allclose(found["p"], numbers(theirs["p"]), rtol=1e-5)


def test_proportional_hazards_without_a_value():
    found = survival.proportional_hazards(SILENT, "arm")
    assert set(found["note"]) == {"not estimable: the likelihood rises without end"}
    assert found["p"].isna().all()
    early = SILENT.assign(time=SILENT["time"] - 1)
    with pytest.raises(EstimateError, match="an event has time 0"):
        survival.proportional_hazards(early, "arm", transform="log")


def test_without_any_event_the_models_say_so():
    for model in (survival.cox_profile, survival.cox_firth, survival.proportional_hazards):
        with pytest.raises(EstimateError, match="the frame has no events"):
            model(SILENT.assign(event=False), "arm")
