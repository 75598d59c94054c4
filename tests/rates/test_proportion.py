"""Limits of a proportion against R and against published trials."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import survival
from recist import InputError
from survival.proportion import INTERVALS, PROPORTION, clopper_pearson, wilson
from survival.results import percent_text, rounded
from tests.shared import shared

NAME_IN_R = {
    "clopper-pearson": "clopper_pearson",
    "wilson": "wilson",
    "wilson-cc": "wilson_cc",
    "agresti-coull": "agresti_coull",
    "jeffreys": "jeffreys",
    "mid-p": "mid_p",
    "wald": "wald",
    "wald-cc": "wald_cc",
    "prop-test": "prop_test_cc",
}


@pytest.mark.parametrize("name", list(INTERVALS))
def test_limits_are_those_of_r(name: str) -> None:
    r = json.loads(shared("reference/binomial_intervals.json").read_text(encoding="utf-8"))
    frame = pd.DataFrame({"x": r["x"], "n": r["n"], "level": r["conf_level"], **r[NAME_IN_R[name]]})
    assert len(frame) == 1484
    for level, part in frame.groupby("level"):
        lower, upper = INTERVALS[name](part["x"], part["n"], float(str(level)))
        np.testing.assert_allclose(lower, part["lower"].astype(float), rtol=0, atol=1e-9)
        np.testing.assert_allclose(upper, part["upper"].astype(float), rtol=0, atol=1e-9)


def test_limits_are_those_that_trials_printed() -> None:
    frame = pd.read_csv(shared("data/published_orr_ci") / "orr_ci.csv")
    lower, upper = clopper_pearson(frame["x"], frame["n"])
    for (low, high), row in zip(zip(lower, upper, strict=True), frame.itertuples(), strict=True):
        whole = all(float(str(value)).is_integer() for value in (row.pub_pct, row.pub_lo, row.pub_hi))
        places = 0 if whole else 1
        wanted = [rounded(float(str(value)), places) for value in (row.pub_lo, row.pub_hi)]
        assert [rounded(100 * low, places), rounded(100 * high, places)] == wanted, row.label


@pytest.mark.parametrize("name", list(INTERVALS))
def test_rows_of_nobody_everybody_and_no_subject(name: str) -> None:
    found = survival.proportion([0, 1, 12, 0], [12, 12, 12, 0], name)
    assert list(found.columns) == list(PROPORTION)
    assert found["estimate"].tolist()[:3] == [0.0, 1 / 12, 1.0]
    assert found["note"].tolist() == ["", "", "", "not estimable: no subjects"]
    assert found.loc[3, ["estimate", "lower", "upper"]].isna().all()
    assert found.loc[:2, ["lower", "upper"]].notna().all(axis=None)
    np.testing.assert_allclose(found["lower"][0] + found["upper"][2], 1, atol=1e-12)


def test_an_unknown_interval_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'agresti-coull'"):
        survival.proportion(1, 10, "agresti")


def test_nobody_everybody_and_no_subject() -> None:
    for interval in (clopper_pearson, wilson):
        lower, upper = interval([0, 12, 0], [12, 12, 0])
        assert lower[0] == 0.0 and upper[1] == 1.0
        assert 0 < upper[0] < 0.3 and lower[1] == pytest.approx(1 - upper[0], abs=1e-12)
        assert np.isnan(lower[2]) and np.isnan(upper[2])
        assert percent_text(float(lower[2])) == "NE"


@pytest.mark.parametrize(("x", "n", "level"), [(-1, 5, 0.95), (6, 5, 0.95), (1, 5, 95), (1, 5, 0.0)])
def test_impossible_counts_and_levels_are_refused(x: int, n: int, level: float) -> None:
    with pytest.raises(InputError):
        clopper_pearson(x, n, level)
