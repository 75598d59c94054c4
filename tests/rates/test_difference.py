"""Differences, ratios and tests of two rates against R, and in the corners of small trials."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import survival
from recist import InputError
from survival.difference import DIFFERENCE
from survival.difference_limits import METHODS
from survival.difference_ratios import RATIO, RATIOS
from survival.difference_score import TwoSamples
from survival.difference_tests import TESTS
from survival.stratified_exact import exact_table
from tests.shared import shared

NAME_IN_R = {
    "miettinen-nurminen": "miettinen_nurminen",
    "newcombe": "newcombe",
    "newcombe-cc": "newcombe_cc",
    "mee": "mee_no_N_correction",
    "wald": "wald",
    "wald-cc": "wald_cc",
    "agresti-caffo": "agresti_caffo",
    "hauck-anderson": "desctools_ha",
    "haldane": "desctools_hal",
    "jeffreys-perks": "desctools_jp",
}


def r() -> dict:
    return json.loads(shared("reference/two_proportions.json").read_text(encoding="utf-8"))


def numbers(values: list) -> np.ndarray:
    return np.array([np.nan if value is None else float(value) for value in values])


def samples(block: dict) -> TwoSamples:
    return TwoSamples(*(numbers(block[name]) for name in ("x1", "n1", "x2", "n2")))


def trial(x1: int, n1: int, x2: int, n2: int) -> pd.DataFrame:
    """Subjects of a control and a treatment arm; the arm first among the counts is the treatment."""
    arm = pd.Categorical(["B"] * n1 + ["A"] * n2, categories=["A", "B"])
    return pd.DataFrame({"arm": arm, "orr": [1] * x1 + [0] * (n1 - x1) + [1] * x2 + [0] * (n2 - x2)})


@pytest.mark.parametrize("name", list(METHODS))
def test_limits_are_those_of_r(name: str) -> None:
    known = r()
    every, levels = samples(known), numbers(known["conf_level"])
    for level in np.unique(levels):
        row = levels == level
        part = TwoSamples(every.x1[row], every.n1[row], every.x2[row], every.n2[row])
        for ours, side in zip(METHODS[name][0](part, float(level)), ("lower", "upper"), strict=True):
            np.testing.assert_allclose(ours, numbers(known[NAME_IN_R[name]][side])[row], rtol=0, atol=1e-10)


def test_miettinen_nurminen_where_others_went_wrong() -> None:
    found = survival.rate_difference(trial(20, 101, 10, 105), "orr", reference="A")
    assert found["upper"].round(4).tolist() == [0.2029]
    none = survival.rate_difference(trial(0, 101, 0, 105), "orr", reference="A")
    assert none[["estimate", "lower", "upper"]].round(4).to_numpy().tolist() == [[0.0, -0.0355, 0.0368]]


def test_tests_are_those_of_r() -> None:
    known = r()["tests"]
    columns = {"pearson": "p_pearson", "yates": "p_yates", "score": "mn_p", "fisher": "fisher_p"}
    columns |= {"fisher greater": "fisher_p_greater", "fisher less": "fisher_p_less"}
    for row, counts in enumerate(zip(*(known[name] for name in ("x1", "n1", "x2", "n2")), strict=True)):
        found = survival.rate_tests(trial(*counts), "orr", reference="A").set_index("test")
        assert list(found.index) == list(TESTS)
        for test, column in columns.items():
            theirs = known[column][row]
            if theirs is None:
                assert np.isnan(found.loc[test, "p"])
                assert found.loc[test, "note"] == "not defined: all or none of the subjects responded"
            else:
                assert found.loc[test, "p"] == pytest.approx(float(theirs), rel=1e-6), (test, counts)
        if known["chisq_pearson"][row] is not None:
            assert found.loc["pearson", "statistic"] == pytest.approx(known["chisq_pearson"][row], rel=1e-9)


def test_ratios_are_those_of_r() -> None:
    known = r()["tests"]
    all_rows = samples(known)
    for measure, conf_type, theirs in [
        ("relative risk", "score", "rr_mn"),
        ("odds ratio", "score-gart", "or_mn"),
    ]:
        lower, upper = RATIOS[measure][conf_type][0](all_rows, 0.95)
        np.testing.assert_allclose(lower, numbers(known[f"{theirs}_lower95"]), rtol=1e-6)
        np.testing.assert_allclose(upper, numbers(known[f"{theirs}_upper95"]), rtol=1e-6)
    for row, counts in enumerate(zip(*(known[name] for name in ("x1", "n1", "x2", "n2")), strict=True)):
        frame = trial(*counts)
        for measure, short, se in [
            ("relative risk", "rr", "rr_katz_se_log"),
            ("odds ratio", "or", "or_woolf_se_log"),
        ]:
            found = survival.rate_ratio(frame, "orr", reference="A", measure=measure)
            theirs, error = numbers([known[short][row]])[0], numbers([known[se][row]])[0]
            np.testing.assert_allclose(found.loc[0, "estimate"], theirs, rtol=1e-9)
            if np.isfinite(theirs) and theirs > 0 and np.isfinite(error):
                wide = np.exp(1.959963984540054 * error)
                limits = found.loc[0, ["lower", "upper"]].to_numpy(float)
                np.testing.assert_allclose(limits, [theirs / wide, theirs * wide], rtol=1e-9)


def test_exact_odds_ratio_is_that_of_fisher_test() -> None:
    """R solves for the odds ratio or its inverse to 1e-4 only; scipy solves to the last digits."""
    from scipy.stats.contingency import odds_ratio

    known = r()["tests"]
    for row, counts in enumerate(zip(*(known[name] for name in ("x1", "n1", "x2", "n2")), strict=True)):
        table = exact_table(*(np.array([float(value)]) for value in counts))
        found = np.array([table.estimate(), *table.limits(0.95)])
        theirs = numbers([known[f"fisher_{name}"][row] for name in ("cond_or", "or_lower95", "or_upper95")])
        small = theirs <= 1
        np.testing.assert_allclose(found[small], theirs[small], atol=3e-4, err_msg=str(counts))
        np.testing.assert_allclose(1 / found[~small], 1 / theirs[~small], atol=3e-4, err_msg=str(counts))
        x1, n1, x2, n2 = counts
        if not table.says_nothing:
            other = odds_ratio([[x1, n1 - x1], [x2, n2 - x2]], kind="conditional")
            limits = other.confidence_interval(0.95)
            np.testing.assert_allclose(found, [other.statistic, limits.low, limits.high], rtol=1e-6)


@pytest.mark.parametrize("conf_type", list(METHODS))
@pytest.mark.parametrize(
    "counts", [(0, 10, 0, 10), (10, 10, 0, 10), (10, 10, 10, 10), (1, 5, 0, 4), (1, 1, 0, 3)]
)
def test_corners_have_values(conf_type: str, counts: tuple[int, int, int, int]) -> None:
    found = survival.rate_difference(trial(*counts), "orr", reference="A", conf_type=conf_type)
    assert list(found.columns) == ["arm", *DIFFERENCE]
    x1, n1, x2, n2 = counts
    assert found.loc[0, "estimate"] == x1 / n1 - x2 / n2
    if conf_type == "hauck-anderson" and n1 == 1:
        assert found.loc[0, "note"] == "Hauck-Anderson limits need two subjects in each arm"
    else:
        assert found.loc[0, "note"] == ""
        assert (
            found.loc[0, "lower"] <= found.loc[0, "estimate"] <= found.loc[0, "upper"]
            or "agresti" in conf_type
        )


def test_an_empty_arm_keeps_its_row() -> None:
    frame = trial(3, 10, 0, 0)
    for found in (
        survival.rate_difference(frame, "orr", reference="A"),
        survival.rate_ratio(frame, "orr", reference="A"),
        survival.rate_tests(frame, "orr", reference="A"),
    ):
        assert set(found["note"]) == {"not estimable: no subjects in the reference"}
        assert found["n"].eq(10).all() and found["n_reference"].eq(0).all()
    other = survival.rate_difference(frame, "orr", reference="B")
    assert other.loc[0, ["arm", "n", "note"]].tolist() == ["A", 0, "not estimable: no subjects"]
    nobody = survival.rate_difference(frame.iloc[:0], "orr", reference="A")
    assert nobody["note"].tolist() == ["not estimable: no subjects in the reference"]
    assert np.isnan(nobody.loc[0, "estimate"])


def test_ratio_of_nothing_to_nothing_is_missing_with_a_reason() -> None:
    for measure, methods in RATIOS.items():
        for conf_type in methods:
            found = survival.rate_ratio(
                trial(0, 5, 0, 6), "orr", reference="A", measure=measure, conf_type=conf_type
            )
            assert list(found.columns)[-len(RATIO) :] == list(RATIO)
            assert found.loc[0, ["estimate", "lower", "upper"]].isna().all()
            assert found.loc[0, "note"] == "not defined: all or none of the subjects responded"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"orr": "yes"}, "it has to be true or false"),
        ({"orr": None}, "is missing"),
        ({"arm": None}, "column 'arm' is missing"),
        ({"arm": "A"}, "alone, so there is no arm"),
    ],
)
def test_frames_that_mislead_are_refused(change: dict, words: str) -> None:
    frame = pd.DataFrame({"arm": ["A", "B"], "orr": [True, False]}).assign(**change)
    with pytest.raises(InputError, match=words):
        survival.rate_difference(frame, "orr", reference="A")
    with pytest.raises(InputError, match="did you mean 'newcombe'"):
        survival.rate_difference(trial(1, 2, 1, 2), "orr", reference="A", conf_type="newcomb")
    with pytest.raises(InputError, match="no column 'or'"):
        survival.rate_difference(trial(1, 2, 1, 2), "or", reference="A")
