"""What cannot be used is refused with the fact, the place and the remedy."""

import numpy as np
import pandas as pd
import pytest

import survival
from recist import InputError

GOOD = pd.DataFrame({"time": [1.0, 2, 3], "event": [True, False, True], "arm": ["A", "B", "A"]})
CALLS = {
    "kaplan_meier": lambda frame: survival.kaplan_meier(frame, by="arm"),
    "compare_arms": lambda frame: survival.compare_arms(frame, by="arm", reference="A"),
    "log_rank": lambda frame: survival.log_rank(frame, by="arm"),
    "cox_model": lambda frame: survival.cox_model(frame, "arm"),
}
FRAMES = {
    "no time": (
        GOOD.rename(columns={"time": "tme"}),
        "no column 'time'; the frame has tme, .*did you mean 'tme'",
    ),
    "no event": (GOOD.drop(columns="event"), "no column 'event'"),
    "no arm": (GOOD.rename(columns={"arm": "ARM"}), "no column 'arm'.*did you mean 'ARM'"),
    "two arms": (pd.concat([GOOD, GOOD[["arm"]]], axis=1), "several columns 'arm'"),
    "no rows": (GOOD.iloc[:0], "no rows"),
    "negative time": (GOOD.assign(time=[1, -5, 3]), r"negative time -5 \(row 2 of the frame\)"),
    "missing time": (GOOD.assign(time=[1, 2, np.nan]), r"missing or infinite time \(row 3 of the frame\)"),
    "infinite time": (GOOD.assign(time=[1, 2, np.inf]), "missing or infinite time"),
    "text as time": (GOOD.assign(time=["1", "2", "3"]), "'time' holds .* where numbers are needed"),
    "duration as time": (GOOD.assign(time=pd.to_timedelta([1, 2, 3], unit="D")), r"\.dt\.days"),
    "true or false as time": (GOOD.assign(time=[True, False, True]), "'time' holds bool"),
    "missing event": (GOOD.assign(event=[True, None, False]), r"missing event \(row 2 of the frame\)"),
    "event 1 and 2": (GOOD.assign(event=[1, 2, 1]), "event is 2 .row 2 of the frame"),
    "event Y and N": (GOOD.assign(event=["Y", "N", "Y"]), "event is Y .row 1 of the frame, the first of 3"),
    "missing arm": (GOOD.assign(arm=["A", "B", None]), r"column 'arm' is missing \(row 3 of the frame\)"),
    "stacked endpoints": (GOOD.assign(endpoint=["OS", "PFS", "OS"]), r"several endpoints \(OS, PFS\)"),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("frame", FRAMES)
def test_frames(call, frame):
    bad, message = FRAMES[frame]
    with pytest.raises(survival.EstimateError, match=message):
        CALLS[call](bad)


def test_the_error_is_an_input_error_and_names_the_subject():
    with pytest.raises(InputError, match="row 2 of the frame, subject 01-007"):
        survival.kaplan_meier(GOOD.assign(time=[1, -5, 3], subject=["01-006", "01-007", "01-008"]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: survival.kaplan_meier(GOOD, conf_type="loglog"),
            "conf_type='loglog'.*did you mean 'log-log'",
        ),
        (lambda: survival.kaplan_meier(GOOD, convention="SAS"), "convention='SAS'.*did you mean 'sas'"),
        (lambda: survival.kaplan_meier(GOOD, level=95), "level=95.*did you mean 0.95"),
        (lambda: survival.kaplan_meier(GOOD.assign(n=1), by="n"), "by='n' is also a column of the estimates"),
        (lambda: survival.kaplan_meier(GOOD).quantiles([50]), r"\[50.0\] are not between 0 and 1"),
        (lambda: survival.kaplan_meier(GOOD).at([-1]), r"\[-1.0\] have to be 0 or later"),
        (lambda: survival.kaplan_meier(GOOD).at("month"), "'month' is not a number"),
        (
            lambda: survival.compare_arms(GOOD, reference="a"),
            "reference='a'.*holds 'A', 'B'; did you mean 'A'",
        ),
        (lambda: survival.compare_arms(GOOD[GOOD["arm"] == "A"], reference="A"), "holds 'A' alone"),
        (lambda: survival.compare_arms(GOOD, reference="A", ties="efon"), "did you mean 'efron'"),
        (lambda: survival.compare_arms(GOOD, by=["arm", "sex"], reference="A"), "others go into strata"),
        (lambda: survival.compare_arms(GOOD, reference="A", strata="site"), "no column 'site'"),
        (lambda: survival.log_rank(GOOD[GOOD["arm"] == "A"]), "at least two groups"),
        (lambda: survival.log_rank(GOOD, weights="wilcoxon"), "weights='wilcoxon' is not known"),
        (lambda: survival.cox_model(GOOD.assign(event=False), "arm"), "no events"),
        (lambda: survival.cox_model(GOOD.assign(x=1), "x"), "'x' has the same value in every row"),
        (lambda: survival.cox_model(GOOD.assign(x=[1, 2, None]), "x"), "'x' is missing or infinite .row 3"),
        (lambda: survival.cox_model(GOOD.assign(x=[1, 2, 4], y=[2, 4, 8]), ["x", "y"]), "x, y say the same"),
        (lambda: survival.cox_model(GOOD.assign(x=GOOD["arm"]), "x", strata="arm"), "x=B does not vary"),
        (lambda: survival.cox_model(GOOD, []), "covariates is empty"),
    ],
)
def test_calls(call, message):
    with pytest.raises(survival.EstimateError, match=message):
        call()


def test_a_declared_reference_without_subjects():
    arm = pd.Categorical(["A", "B", "A"], categories=["A", "B", "CONTROL"])
    with pytest.raises(survival.EstimateError, match="'CONTROL' has no subjects"):
        survival.compare_arms(GOOD.assign(arm=arm), reference="CONTROL")


def test_something_else_than_a_frame():
    with pytest.raises(TypeError, match="not list"):
        survival.kaplan_meier([1, 2, 3])
