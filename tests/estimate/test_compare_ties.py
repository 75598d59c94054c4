"""Arms against a reference with every treatment of ties, profile limits, and an arm without events."""

import math

import numpy as np
import pandas as pd
import pytest

import survival
from survival.estimate.tied_pair import TiedRow, discrete_row, exact_row

TIES = ("efron", "breslow", "discrete", "exact")


def trial(seed=3, n=60):
    """Two arms with many ties and three centres."""
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "time": draw.integers(1, 9, n),
            "event": draw.random(n) < 0.7,
            "arm": np.where(draw.random(n) < 0.5, "A", "B"),
            "centre": draw.integers(0, 3, n),
        }
    )


@pytest.mark.parametrize("strata", [None, ["centre"]])
@pytest.mark.parametrize("ties", TIES)
def test_two_arms_agree_with_the_general_model(ties, strata):
    found = survival.compare_arms(trial(), reference="A", strata=strata, ties=ties).loc[0]
    model = survival.cox_model(trial(), "arm", strata, ties)
    profile = survival.cox_profile(trial(), "arm", strata, ties).loc[0]
    for name in ("hazard_ratio", "lower", "upper"):
        assert found[name] == pytest.approx(model.coefficients.loc[0, name], rel=1e-8)
    for name in ("wald", "score", "lrt"):
        assert found[f"p_{name}"] == pytest.approx(model.tests.set_index("test").loc[name, "p"], rel=1e-7)
    assert found["lower_profile"] == pytest.approx(profile["lower"], rel=1e-8)
    assert found["upper_profile"] == pytest.approx(profile["upper"], rel=1e-8)
    assert found[["firth_ratio", "firth_lower", "firth_upper", "p_firth"]].isna().all()
    assert found["ties"] == ties


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("silent", ["A", "B"])
def test_an_arm_without_events_has_firths_ratio_and_one_profile_limit(ties, silent):
    frame = trial()
    frame["event"] &= frame["arm"] != silent
    found = survival.compare_arms(frame, reference="A", ties=ties).loc[0]
    firth = survival.cox_firth(frame.sort_values("arm"), "arm", None, ties).loc[0]
    profile = survival.cox_profile(frame.sort_values("arm"), "arm", None, ties).loc[0]
    assert math.isnan(found["hazard_ratio"])
    assert found["note"].startswith("not estimable: no event in the")
    assert found["firth_ratio"] == pytest.approx(firth["hazard_ratio"], rel=1e-6)
    assert found["firth_lower"] == pytest.approx(firth["lower"], rel=1e-6)
    assert found["firth_upper"] == pytest.approx(firth["upper"], rel=1e-6)
    assert found["p_firth"] == pytest.approx(firth["p"], rel=1e-6)
    ends = (found["lower_profile"], found["upper_profile"])
    assert ends == pytest.approx((profile["lower"], profile["upper"]), rel=1e-6)
    assert ends[1 if silent == "A" else 0] == (math.inf if silent == "A" else 0)


def test_without_any_tie_all_four_are_the_same():
    frame = trial().assign(time=np.arange(60) + 1.0)
    ratios = {survival.compare_arms(frame, reference="A", ties=t).loc[0, "hazard_ratio"] for t in TIES}
    assert max(ratios) == pytest.approx(min(ratios), rel=1e-9)


def test_one_tied_time_by_hand():
    """Two at risk in each arm, one event each: hypergeometric 4 r / (1 + 4 r + r^2)."""
    row, ratio = TiedRow(2, 2, 1, 1), 3.0
    value, slope, information = discrete_row(row, math.log(ratio))
    total = 1 + 4 * ratio + ratio**2
    mean = (4 * ratio + 2 * ratio**2) / total
    assert value == pytest.approx(math.log(4 * ratio / total), abs=1e-12)
    assert slope == pytest.approx(1 - mean, abs=1e-12)
    assert information == pytest.approx((4 * ratio + 4 * ratio**2) / total - mean**2, abs=1e-12)
    # in an unknown order: the arm's first, then the reference's, or the other way round
    first = ratio / (2 * ratio + 2) * 1 / (ratio + 2)
    second = 1 / (2 * ratio + 2) * ratio / (2 * ratio + 1)
    assert exact_row(row, math.log(ratio))[0] == pytest.approx(math.log(first + second), abs=1e-9)


def test_times_at_which_everyone_has_the_event_say_nothing():
    frame = pd.DataFrame({"time": [5, 5, 5, 5], "event": True, "arm": list("ABAB")})
    for ties in ("discrete", "exact"):
        found = survival.compare_arms(frame, reference="A", ties=ties).loc[0]
        assert found["note"] == "not estimable: no event while both arms were at risk"
        assert math.isnan(found["p_score"])


def test_an_unknown_treatment_of_ties_lists_the_four():
    with pytest.raises(survival.EstimateError, match="'efron', 'breslow', 'discrete', 'exact'"):
        survival.compare_arms(trial(), reference="A", ties="kalbfleisch")
