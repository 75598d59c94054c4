"""Competing risks against R (survival, cmprsk), to 1e-6 or better, and in small trials."""

import json

import numpy as np
import pandas as pd
import pytest

import survival
from survival.estimate.competing import INCIDENCE
from survival.estimate.gray import GRAY
from survival.estimate.observations import EstimateError
from tests.estimate.r_reference import numbers
from tests.shared import shared

GROUPS = [None, "trt1", "trt2"]


def r():
    return json.loads(shared("reference/competing_pbc.json").read_text(encoding="utf-8"))


def block(group):
    return r()["overall"] if group is None else r()["by_group"][group]


def pbc():
    frame = pd.read_csv(shared("reference/data/cr_pbc.csv"))
    cause = pd.Categorical(frame["status"].where(frame["status"] > 0), categories=[1, 2])
    return frame.assign(event=frame["status"] > 0, cause=cause)


def fitted(group, **options):
    if group is None:
        return survival.cumulative_incidence(pbc(), **options)
    return survival.cumulative_incidence(pbc().dropna(subset="group"), "group", **options)


def part(found, group, cause):
    mine = found["cause"] == cause
    return found[mine if group is None else mine & (found["group"] == group)]


@pytest.mark.parametrize("cause", [1, 2])
@pytest.mark.parametrize("group", GROUPS)
def test_curve_with_jackknife_and_log_limits_is_that_of_survfit(group, cause):
    known = block(group)["curve"]
    found = part(fitted(group, variance="jackknife", conf_type="log").at(known["time"]), group, cause)
    for ours, theirs in (("estimate", "cif"), ("se", "se"), ("lower", "lower"), ("upper", "upper")):
        np.testing.assert_allclose(
            found[ours], numbers(known[f"{theirs}{cause}"]), rtol=1e-9, atol=1e-12, err_msg=ours
        )


@pytest.mark.parametrize("cause", [1, 2])
@pytest.mark.parametrize("group", GROUPS)
def test_values_and_aalen_variance_are_those_of_cmprsk(group, cause):
    known = block(group)["cmprsk"]
    found = part(fitted(group).at(known["times"]), group, cause)
    assert list(found.columns) == [*(["group"] if group else []), *INCIDENCE]
    np.testing.assert_allclose(found["estimate"], numbers(known["est"][cause - 1]), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["se"] ** 2, numbers(known["var_aalen"][cause - 1]), rtol=1e-9)


def test_gray_is_that_of_cmprsk():
    known = r()["gray_test"]
    found = survival.gray_test(pbc().dropna(subset="group"), "group")
    assert list(found.columns) == list(GRAY)
    for row, cause in enumerate(("1", "2")):
        assert found.loc[row, "statistic"] == pytest.approx(known["stat"][cause], rel=1e-9)
        assert found.loc[row, "p"] == pytest.approx(known["p"][cause], rel=1e-9)
        assert found.loc[row, "df"] == known["df"][cause]


def test_cause_specific_hazards_are_cox_models_in_which_other_causes_censor():
    known, frame = r()["cause_specific_cox_efron"], pbc().dropna(subset="group")
    for cause in (1, 2):
        model = survival.cox_model(frame.assign(event=frame["cause"] == cause), "group").coefficients
        theirs = known[f"event{cause}"]
        assert model.loc[0, "coefficient"] == pytest.approx(theirs["coef"][0], rel=1e-6)
        assert model.loc[0, "se"] == pytest.approx(theirs["se"][0], rel=1e-6)


def test_without_competing_events_the_curve_is_one_less_kaplan_meier():
    frame = pd.DataFrame({"time": [1, 2, 2, 3, 4], "event": [1, 1, 0, 1, 0]})
    found = survival.cumulative_incidence(frame.assign(cause=np.where(frame["event"] == 1, "pd", None)))
    curve = survival.kaplan_meier(frame).curves.set_index("time")
    for row in found.curves.itertuples():
        assert row.estimate == pytest.approx(1 - curve.loc[row.time, "survival"])
        assert row.at_risk == curve.loc[row.time, "at_risk"]


def test_incidences_and_the_free_add_up_to_one():
    frame = pbc()
    found = survival.cumulative_incidence(frame).at([365, 1825]).groupby("time")["estimate"].sum()
    free = survival.kaplan_meier(frame[["time", "event"]]).at([365, 1825]).set_index("time")["survival"]
    np.testing.assert_allclose(found + free, 1)


def small(times, causes, arms=None):
    cause = pd.Categorical(causes, ["death", "relapse"])
    frame = pd.DataFrame({"time": times, "event": [name is not None for name in causes], "cause": cause})
    return frame if arms is None else frame.assign(arm=arms)


def test_small_trials():
    none = survival.cumulative_incidence(small([3, 5], [None, None])).at([4])
    assert none["estimate"].tolist() == [0.0, 0.0] and none["lower"].isna().all()
    at_once = survival.cumulative_incidence(small([4, 4, 4], ["death", "relapse", "relapse"]))
    found = at_once.at([4, 9])
    assert found["estimate"].round(9).tolist() == [0.333333333] * 2 + [0.666666667] * 2
    assert found["se"].notna().all()
    late = survival.cumulative_incidence(small([4, 5], ["death", None])).at([6])
    assert late["estimate"].isna().all()
    assert set(late["note"]) == {"not estimable: later than the last observation, 5"}
    quiet = survival.gray_test(small([1, 2, 3, 4], [None, "death", None, "death"], list("ABAB")))
    assert quiet.set_index("cause").loc["relapse", "note"].startswith("not estimable: no event of this cause")
    empty = survival.gray_test(small([1, 2], [None, None], list("AB")))
    assert empty["p"].isna().all() and empty["note"].ne("").all()


def test_causes_that_do_not_fit_the_events_are_refused():
    frame = small([1, 2], ["death", None])
    with pytest.raises(EstimateError, match="an event has no cause"):
        survival.cumulative_incidence(frame.assign(event=True))
    with pytest.raises(EstimateError, match="a censored subject has a cause"):
        survival.cumulative_incidence(frame.assign(event=False))
    with pytest.raises(EstimateError, match="at least two groups"):
        survival.gray_test(frame.assign(arm="A"))
