"""The model of Fine and Gray against R's cmprsk::crr, and where it reduces to Cox's."""

import numpy as np
import pandas as pd
import pytest

import survival
from survival.estimate.fine_gray import FINE_GRAY
from survival.estimate.observations import EstimateError
from tests.estimate.test_competing_r import pbc, r

ALONE = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6, 7], "event": [1, 1, 1, 0, 1, 1, 0], "arm": list("ABABBAB")})
ALONE["cause"] = np.where(ALONE["event"] == 1, "relapse", None)


@pytest.mark.parametrize("cause", [1, 2])
def test_coefficients_and_errors_are_those_of_crr(cause):
    known = r()["fine_gray"][f"event{cause}"]
    found = survival.fine_gray(pbc().dropna(subset="group"), "group", cause)
    assert list(found.columns) == list(FINE_GRAY)
    row = found.loc[0]
    assert row["term"] == "group=trt2"
    assert row["coefficient"] == pytest.approx(known["coef"][0], rel=1e-6)
    assert row["se"] == pytest.approx(known["se"][0], rel=1e-9)
    assert row["hazard_ratio"] == pytest.approx(known["shr"][0], rel=1e-8)
    assert row["p"] == pytest.approx(known["p"][0], rel=1e-6)
    wide = 1.959963984540054 * row["se"]
    assert np.log([row["lower"], row["upper"]]) == pytest.approx(row["coefficient"] + np.array([-wide, wide]))


def test_without_competing_events_the_estimate_is_that_of_cox_with_breslow_ties():
    found = survival.fine_gray(ALONE, "arm", "relapse").loc[0]
    cox = survival.cox_model(ALONE, "arm", ties="breslow").coefficients.loc[0]
    assert found["coefficient"] == pytest.approx(cox["coefficient"], rel=1e-9)


def test_a_cause_or_covariate_that_is_not_there_is_refused():
    with pytest.raises(EstimateError, match="no subject has the cause 'death'"):
        survival.fine_gray(ALONE, "arm", "death")
    with pytest.raises(EstimateError, match="same value in every row"):
        survival.fine_gray(ALONE.assign(age=60), "age", "relapse")


def test_a_silent_arm_has_no_ratio_and_a_note():
    silent = ALONE.assign(event=(ALONE["arm"] == "A").astype(int))
    silent["cause"] = np.where(silent["event"] == 1, "relapse", None)
    found = survival.fine_gray(silent, "arm", "relapse").loc[0]
    assert np.isnan(found["hazard_ratio"]) and np.isnan(found["p"])
    assert found["note"] == "not estimable: the likelihood rises without end"
