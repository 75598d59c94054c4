"""Restricted means, milestones, follow-up and landmarks: against R to 1e-9, and in small trials."""

import numpy as np
import pandas as pd
import pytest

import survival
from survival.estimate.follow_up import FOLLOW_UP
from survival.estimate.milestone import MILESTONE
from survival.estimate.observations import EstimateError
from survival.estimate.rmst import COMPARISON, RMST
from tests.estimate.r_reference import CONF_TYPES, DATASETS, data, numbers, reference

CLOSE = {"rtol": 1e-9, "atol": 1e-12}
TWO_ARMS = [dataset for dataset in DATASETS if dataset not in ("colon_etype1", "ggsurvfit_ADTTE")]


@pytest.mark.parametrize("dataset", DATASETS)
def test_restricted_mean_of_each_group(dataset):
    known, frame = reference(dataset), data(dataset)
    tau = known["meta"]["tau"]
    for by, blocks in ((None, {"": known["km_overall"]}), ("group", known["km_by_group"])):
        found = survival.rmst(frame, by, tau=tau)
        assert list(found.columns) == [*([by] if by else []), *RMST]
        for row, (name, block) in zip(found.to_dict("records"), blocks.items(), strict=True):
            assert not by or row["group"] == name
            assert row["estimate"] == pytest.approx(block["rmst"]["rmst"], rel=1e-9)
            assert row["se"] == pytest.approx(block["rmst"]["se"], rel=1e-9)
            assert row["tau"] == tau


@pytest.mark.parametrize("dataset", DATASETS)
def test_mean_to_the_last_time(dataset):
    """R's print.survfit goes to the largest time of all groups; one group alone is the same in both."""
    frame, known = data(dataset), reference(dataset)["km_overall"]["rmean_to_last_time"]
    found = survival.rmst(frame).loc[0]
    assert found["tau"] == frame["time"].max()
    assert [found["estimate"], found["se"]] == pytest.approx([known["rmean"], known["se"]], rel=1e-9)


@pytest.mark.parametrize("dataset", TWO_ARMS)
def test_restricted_means_of_two_arms(dataset):
    known = reference(dataset)["rmst_two_arm_survRM2"]
    levels = reference(dataset)["meta"]["group_levels_reference_first"]
    found = survival.rmst_difference(data(dataset), "group", levels[0], tau=known["tau"])
    assert list(found.columns) == ["group", *COMPARISON]
    assert found["measure"].tolist() == ["difference", "ratio", "ratio of time lost"]
    np.testing.assert_allclose(found[["estimate", "lower", "upper", "p"]], known["unadjusted"], rtol=1e-9)
    means = survival.rmst(data(dataset), "group", tau=known["tau"])
    for arm in (0, 1):
        theirs = known[f"arm{arm}"]
        values = [theirs[name] for name in ("Est.", "se", "lower .95", "upper .95")]
        np.testing.assert_allclose(means.loc[arm, ["estimate", "se", "lower", "upper"]].astype(float), values)


@pytest.mark.parametrize("dataset", TWO_ARMS)
def test_differences_at_milestones(dataset):
    known = reference(dataset)["landmark_difference_second_minus_first"]
    levels = reference(dataset)["meta"]["group_levels_reference_first"]
    found = survival.milestone_difference(data(dataset), known["time"], "group", levels[0], convention="r")
    assert list(found.columns) == ["group", *MILESTONE]
    for ours, theirs in (
        ("estimate", "diff"),
        ("se", "se"),
        ("lower", "lower"),
        ("upper", "upper"),
        ("p", "p"),
    ):
        np.testing.assert_allclose(found[ours], numbers(known[theirs]), **CLOSE)


@pytest.mark.parametrize("conf_type", CONF_TYPES)
@pytest.mark.parametrize("dataset", DATASETS)
def test_reverse_kaplan_meier(dataset, conf_type):
    known, frame = reference(dataset), data(dataset)
    for by, blocks in ((None, {"": known["km_overall"]}), ("group", known["km_by_group"])):
        found = survival.follow_up(frame, by, conf_type=conf_type, convention="r")
        assert list(found.columns) == [*([by] if by else []), *FOLLOW_UP]
        for name, block in blocks.items():
            mine = found[found["group"] == name] if by else found
            theirs = block["reverse_km_followup"][conf_type]
            np.testing.assert_allclose(mine["time"], numbers(theirs["quantile"]), **CLOSE)
            if (
                conf_type != "log"
            ):  # log limits can rise again: the first crossing counts here, R takes a later
                np.testing.assert_allclose(mine["lower"], numbers(theirs["lower"]), **CLOSE)
                np.testing.assert_allclose(mine["upper"], numbers(theirs["upper"]), **CLOSE)


def small(times, events, arms=None):
    frame = pd.DataFrame({"time": times, "event": events})
    return frame if arms is None else frame.assign(arm=pd.Categorical(arms, ["A", "B"]))


def test_restricted_mean_of_small_trials():
    none = survival.rmst(small([3, 5], [False, False]))
    assert none.loc[0, ["estimate", "se", "events"]].tolist() == [5.0, 0.0, 0]
    at_once = survival.rmst(small([4, 4, 4], [True] * 3), tau=6)
    assert at_once.loc[0, ["estimate", "se", "note"]].tolist() == [4.0, 0.0, ""]
    late = survival.rmst(small([4, 5], [True, False]), tau=6)
    assert np.isnan(late.loc[0, "estimate"])
    assert late.loc[0, "note"] == "not estimable: tau 6 is later than the last observation, 5, censored"
    empty = survival.rmst(small([4, 5], [True, True], ["A", "A"]), "arm")
    assert empty["arm"].tolist() == ["A", "B"]
    assert empty.loc[1, ["n", "note"]].tolist() == [0, "not estimable: no subjects"]
    with pytest.raises(EstimateError, match="horizon tau is 0"):
        survival.rmst(small([0, 0], [True, True]))


def test_comparisons_of_small_trials():
    frame = small([2, 5, 3, 5], [False] * 4, list("AABB"))
    difference, ratio, lost = survival.rmst_difference(frame, reference="A").to_dict("records")
    assert (difference["estimate"], difference["note"]) == (0.0, "no standard error: no variation was seen")
    assert ratio["estimate"] == 1.0
    assert lost["note"] == "not estimable: no time is lost"
    alone = small([2, 5], [True, False], list("AA"))
    found = survival.rmst_difference(alone, reference="A")
    assert found["note"].tolist() == ["not estimable: no subjects"] * 3
    against = survival.rmst_difference(alone, reference="B")
    assert against["note"].tolist() == ["reference not estimable: no subjects"] * 3
    milestone = survival.milestone_difference(alone, [1], reference="A").loc[0]
    assert milestone["note"] == "not estimable: no subjects in the arm"
    past = survival.milestone_difference(frame, [6], reference="A").loc[0]
    assert past["note"] == "not estimable: later than the last, censored, observation of the arm"
    still = survival.milestone_difference(frame, [4], reference="A").loc[0]
    assert (still["estimate"], still["note"]) == (0.0, "no standard error: an arm is at 0, or both are at 1")
    assert np.isnan(still["p"])


def test_follow_up_of_small_trials():
    dead = survival.follow_up(small([1, 2], [True, True]))
    assert dead["note"].tolist() == ["not reached: every subject had the event"] * 3
    alive = survival.follow_up(small([1, 2], [False, False]))
    assert alive["time"].tolist() == [1.0, 1.5, 2.0]
    assert alive["censored"].tolist() == [2, 2, 2]


def test_landmark_restarts_the_clock_and_says_who_is_left_out():
    frame = pd.DataFrame(
        {
            "subject": list("12345"),
            "time": [50, 90, 200, 300, 80],
            "event": [True, True, True, False, False],
            "response_time": [40, np.nan, 60, 95, np.nan],
        }
    )
    found = survival.landmark_analysis(frame, 90, since="response_time")
    assert found.frame["subject"].tolist() == ["3", "4"]
    assert found.frame["time"].tolist() == [110, 210]
    assert found.frame["by_landmark"].tolist() == ["yes", "no"]
    assert found.excluded["subject"].tolist() == ["1", "2", "5"]
    assert found.excluded["reason"].tolist() == [
        "event at or before the landmark",
        "event at or before the landmark",
        "censored at or before the landmark",
    ]
    assert frame["time"].tolist() == [50, 90, 200, 300, 80]
    with pytest.raises(EstimateError, match="nobody is followed beyond the landmark 300"):
        survival.landmark_analysis(frame, 300, since="response_time")
    with pytest.raises(EstimateError, match="did you mean 'response_time'"):
        survival.landmark_analysis(frame, 90, since="respons_time")
