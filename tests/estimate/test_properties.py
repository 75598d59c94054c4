"""What holds for any data: order, units, labels and splits change nothing they should not."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import survival

SUBJECTS = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.sampled_from("AB"), st.sampled_from("xy")),
    min_size=2,
    max_size=30,
)
FEW = settings(max_examples=40, deadline=None)
NUMBERS = ["hazard_ratio", "lower", "upper", "p_wald", "p_score", "p_lrt", "logrank_chi2", "p_logrank"]


def frame_of(subjects):
    frame = pd.DataFrame(subjects, columns=["time", "event", "arm", "site"])
    both = pd.DataFrame({"time": [3, 4], "event": True, "arm": ["A", "B"], "site": "x"})
    return pd.concat([frame, both], ignore_index=True)


def compare(frame):
    return survival.compare_arms(frame, reference="A", strata="site")[NUMBERS].to_numpy(dtype=float)


@FEW
@given(SUBJECTS, st.randoms(use_true_random=False))
def test_the_order_of_subjects_changes_nothing(subjects, random):
    frame = frame_of(subjects)
    order = list(range(len(frame)))
    random.shuffle(order)
    shuffled = frame.iloc[order]
    for one, other in [(frame, shuffled)]:
        assert survival.kaplan_meier(one, by="arm").curves.equals(
            survival.kaplan_meier(other, by="arm").curves
        )
        np.testing.assert_allclose(compare(one), compare(other), rtol=1e-9)


@FEW
@given(SUBJECTS)
def test_twice_the_time_doubles_the_quantiles_and_keeps_the_ratio(subjects):
    frame = frame_of(subjects)
    longer = frame.assign(time=frame["time"] * 2.0)
    one, other = (survival.kaplan_meier(each, by="arm", convention="r") for each in (frame, longer))
    np.testing.assert_array_equal(one.curves["survival"], other.curves["survival"])
    np.testing.assert_allclose(
        2 * one.quantiles()[["time", "lower", "upper"]], other.quantiles()[["time", "lower", "upper"]]
    )
    np.testing.assert_allclose(compare(frame), compare(longer), rtol=1e-12)


@FEW
@given(SUBJECTS)
def test_any_monotone_change_of_time_keeps_the_comparison(subjects):
    frame = frame_of(subjects)
    np.testing.assert_allclose(compare(frame), compare(frame.assign(time=np.sqrt(frame["time"]))), rtol=1e-12)


@FEW
@given(SUBJECTS)
def test_curves_fall_and_their_limits_enclose_them(subjects):
    for conf_type in ("log-log", "log", "plain"):
        for _, curve in survival.kaplan_meier(
            frame_of(subjects), by="arm", conf_type=conf_type
        ).curves.groupby("arm"):
            assert curve["survival"].is_monotonic_decreasing
            known = curve.dropna()
            assert (known["lower"] <= known["survival"] + 1e-12).all()
            assert (known["upper"] >= known["survival"] - 1e-12).all()
            left = curve["at_risk"] - curve["events"] - curve["censored"]
            assert (left.iloc[1:-1].to_numpy() == curve["at_risk"].iloc[2:].to_numpy()).all()
            assert left.iloc[-1] == 0


@FEW
@given(SUBJECTS)
def test_without_censoring_survival_is_the_fraction_still_ahead(subjects):
    frame = frame_of(subjects).assign(event=True)
    found = survival.kaplan_meier(frame).at(range(14))
    expected = [(frame["time"] > day).mean() for day in range(14)]
    np.testing.assert_allclose(found["survival"], expected, atol=1e-12)


@FEW
@given(SUBJECTS)
def test_two_implementations_of_the_partial_likelihood_agree(subjects):
    """The pair from counts and the general model from covariates, when both have an estimate."""
    frame = frame_of(subjects)
    for ties in ("efron", "breslow"):
        pair = survival.compare_arms(frame, reference="A", ties=ties).loc[0]
        term = survival.cox_model(frame, "arm", ties=ties).coefficients.loc[0]
        assert (pair["note"].startswith("not estimable")) == (term["note"] != "")
        if not term["note"]:
            np.testing.assert_allclose(term["hazard_ratio"], pair["hazard_ratio"], rtol=1e-5)
            np.testing.assert_allclose(term["p"], pair["p_wald"], rtol=1e-5)
