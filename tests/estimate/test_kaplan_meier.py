"""Kaplan-Meier worked by hand: ties, edges, and where SAS and R differ."""

import math

import numpy as np
import pandas as pd
import pytest

import survival

NAN = math.nan


def tte(time, event, **columns):
    return pd.DataFrame({"time": time, "event": np.array(event, dtype=bool), **columns})


HALF = tte([1, 2, 3, 4], [1, 1, 0, 0])  # survival is 0.5 from 2 to the last, censored, observation
GAP = tte([1, 2, 3, 6, 7], [1, 1, 0, 1, 0])
TIED = tte([5, 5, 5, 8, 8, 9], [1, 1, 0, 1, 0, 0])


def column(frame, name):
    return frame[name].tolist()


def test_ties_events_before_censored_at_the_same_time():
    curve = survival.kaplan_meier(TIED).curves
    assert column(curve, "time") == [0, 5, 8, 9]
    assert column(curve, "at_risk") == [6, 6, 3, 1]
    assert column(curve, "events") == [0, 2, 1, 0]
    assert column(curve, "censored") == [0, 1, 1, 1]
    np.testing.assert_allclose(curve["survival"], [1, 4 / 6, 4 / 9, 4 / 9])
    np.testing.assert_allclose(curve.loc[2, "se"], 4 / 9 * math.sqrt(2 / 24 + 1 / 6))


def test_columns_and_their_order():
    km = survival.kaplan_meier(TIED.assign(arm="A", sex="f"), by=["arm", "sex"])
    by = ["arm", "sex"]
    assert list(km.curves) == [
        *by,
        *("time", "survival", "se", "lower", "upper", "at_risk", "events", "censored"),
    ]
    assert list(km.quantiles()) == [*by, "probability", "time", "lower", "upper", "n", "events"]
    assert list(km.at([5])) == [*by, "time", "survival", "se", "lower", "upper", "at_risk", "events"]


def test_limits_by_their_formulas():
    """Survival 0.5 of 4 with relative variance 1/12 + 1/6 = 0.25."""
    z, se = 1.959963984540054, 0.25
    expected = {
        "plain": (0.5 - z * se, 0.5 + z * se),
        "log": (0.5 * math.exp(-z * 0.5), 1.0),
        "log-log": (0.5 ** math.exp(z * 0.5 / math.log(2)), 0.5 ** math.exp(-z * 0.5 / math.log(2))),
    }
    for conf_type, (lower, upper) in expected.items():
        row = survival.kaplan_meier(HALF, conf_type=conf_type).at([2]).loc[0]
        assert row["se"] == pytest.approx(se)
        assert (row["lower"], row["upper"]) == (pytest.approx(lower), pytest.approx(upper)), conf_type


@pytest.mark.parametrize(("convention", "median"), [("sas", NAN), ("r", 3.0)])
def test_median_flat_to_the_last_censored_observation(convention, median):
    """SAS has no estimate; R has the middle of 2 and 4 (survival::quantile.survfit)."""
    found = survival.kaplan_meier(HALF, convention=convention).quantiles([0.5])["time"]
    np.testing.assert_array_equal(found, [median])


@pytest.mark.parametrize("convention", ["sas", "r"])
def test_flat_quantile_between_two_events_is_the_middle_in_both(convention):
    found = survival.kaplan_meier(tte([1, 2, 6, 7], [1, 1, 1, 1]), convention=convention)
    assert column(found.quantiles([0.25, 0.5, 0.75]), "time") == [1.5, 4.0, 6.5]


def test_median_where_the_product_misses_a_half_by_rounding():
    """49/50 x 48/49 x ... x 25/26 is not 0.5 in floating point."""
    frame = tte(range(1, 51), [True] * 25 + [True] * 25)
    assert survival.kaplan_meier(frame).quantiles([0.5])["time"].tolist() == [25.5]


@pytest.mark.parametrize(("convention", "late"), [("sas", NAN), ("r", 0.5)])
def test_past_a_censored_last_observation(convention, late):
    found = survival.kaplan_meier(HALF, convention=convention).at([4, 4.5])
    np.testing.assert_array_equal(found["survival"], [0.5, late])
    assert column(found, "at_risk") == [1, 0]
    assert column(found, "events") == [2, 2]
    assert found["lower"].isna().tolist() == [False, convention == "sas"]


@pytest.mark.parametrize("conf_type", ["log-log", "log", "plain"])
@pytest.mark.parametrize("convention", ["sas", "r"])
def test_past_a_last_observation_with_an_event_survival_is_0_without_limits(convention, conf_type):
    km = survival.kaplan_meier(tte([1, 2], [1, 1]), conf_type=conf_type, convention=convention)
    found = km.at([2, 3])
    assert column(found, "survival") == [0, 0]
    assert found[["se", "lower", "upper"]].isna().all(axis=None)


@pytest.mark.parametrize(("convention", "limit"), [("sas", 1.0), ("r", NAN)])
def test_log_log_limits_before_the_first_event(convention, limit):
    frame = tte([1, 2, 3], [0, 1, 0])
    curve = survival.kaplan_meier(frame, convention=convention).curves
    np.testing.assert_array_equal(curve["lower"].iloc[:2], [1.0, limit])
    np.testing.assert_array_equal(curve["upper"].iloc[:2], [1.0, limit])
    plain = survival.kaplan_meier(frame, conf_type="plain", convention=convention).curves
    assert column(plain, "lower")[:2] == [1, 1]


def test_rates_between_and_at_times():
    found = survival.kaplan_meier(GAP).at([0, 0.5, 2, 5.9, 6])
    np.testing.assert_allclose(found["survival"], [1, 1, 0.6, 0.6, 0.3])
    assert column(found, "at_risk") == [5, 5, 4, 2, 2]
    assert column(found, "events") == [0, 0, 2, 2, 3]


def test_events_at_time_0():
    curve = survival.kaplan_meier(tte([0, 0, 3], [1, 0, 1])).curves
    assert column(curve, "time") == [0, 3]
    np.testing.assert_allclose(curve["survival"], [2 / 3, 0])
    assert (curve.loc[0, "at_risk"], curve.loc[0, "events"], curve.loc[0, "censored"]) == (3, 1, 1)


def test_one_subject_with_an_event():
    km = survival.kaplan_meier(tte([7], [1]))
    assert column(km.curves, "survival") == [1, 0]
    assert km.quantiles([0.5]).loc[0, "time"] == 7


def test_no_events_is_stated():
    km = survival.kaplan_meier(tte([3, 5], [0, 0], arm=["A", "A"]), by="arm")
    assert column(km.curves, "survival") == [1, 1, 1]
    assert km.quantiles()[["time", "lower", "upper"]].isna().all(axis=None)
    assert column(km.quantiles([0.5]), "events") == [0]
    assert km.notes == ["A: no events, no quantile is reached"]
    assert "A: no events" in km._repr_html_()


def test_all_events_at_one_time():
    km = survival.kaplan_meier(tte([5, 5, 5], [1, 1, 1]))
    assert column(km.curves, "survival") == [1, 0]
    assert column(km.quantiles([0.1, 0.9]), "time") == [5, 5]


def test_groups_that_end_and_begin_at_the_same_time_stay_apart():
    curve = survival.kaplan_meier(tte([5, 5, 5], [1, 1, 0], arm=list("ABB")), by="arm").curves
    assert column(curve, "arm") == ["A", "A", "B", "B"]
    assert column(curve, "survival") == [1, 0, 1, 0.5]


def test_groups_keep_the_order_of_their_categories_and_name_the_empty_ones():
    arm = pd.Categorical(["low", "high", "low", "high"], categories=["low", "middle", "high"])
    km = survival.kaplan_meier(tte([1, 2, 3, 4], [1, 1, 1, 1], arm=arm), by="arm")
    assert column(km.quantiles([0.5]), "arm") == ["low", "high"]
    assert km.quantiles([0.5])["arm"].cat.categories.tolist() == ["low", "middle", "high"]
    assert km.notes == ["middle: no subjects, no estimate"]


def test_other_columns_and_index_do_not_matter():
    frame = TIED.assign(remark=None).set_index(np.array([3, 3, 1, 0, 9, 9]))
    assert survival.kaplan_meier(frame).curves.equals(survival.kaplan_meier(TIED).curves)


def test_event_as_0_and_1_or_nullable():
    known = survival.kaplan_meier(TIED).curves
    for kind in ("int64", "float64", "boolean", "Int8"):
        assert survival.kaplan_meier(TIED.astype({"event": kind})).curves.equals(known), kind


def test_long_frame_of_results():
    long = survival.kaplan_meier(HALF.assign(arm="A"), by="arm").to_results([0.25], [1])
    assert list(long) == ["arm", "statistic", "at", "value", "lower", "upper", "method", "level"]
    assert column(long, "statistic") == ["n", "events", "quantile", "survival"]
    np.testing.assert_array_equal(long["at"], [NAN, NAN, 0.25, 1])
    np.testing.assert_allclose(long["value"], [4, 2, 1.5, 0.75])
    assert set(long["method"]) == {"Kaplan-Meier, log-log limits, sas convention"}


def test_printed_forms():
    km = survival.kaplan_meier(HALF)
    assert repr(km) == "KaplanMeier(all n=4; log-log limits, sas convention)"
    assert "NE" in km._repr_html_()
