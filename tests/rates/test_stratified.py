"""Stratified tests, odds ratios and differences against R, and in strata that say nothing."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import survival
from survival.difference_score import TwoSamples
from survival.stratified_difference import METHODS
from tests.shared import shared

TABLES = [
    "ex4",
    "ex2",
    "ex_sparse",
    "ex_zero_stratum",
    "ex_big",
    "UCBAdmissions",
    "colon_alive_3y_by_node4",
]
DIFFERENCES = {
    "mantel-haenszel": ("tern_prop_diff_cmh_standard", "diff", 1e-9),
    "sato": ("tern_prop_diff_cmh_sato", "diff", 1e-9),
    "miettinen-nurminen": ("ratesci_stratified_MN_weighting_MH", "est", 1e-6),
    "newcombe": ("tern_strat_newcombe_cmh", "diff", 1e-9),
    "newcombe-wilson": ("tern_strat_newcombe_wilson_h", "diff", 1e-6),
}


def r() -> dict:
    return json.loads(shared("reference/stratified_tables.json").read_text(encoding="utf-8"))["tables"]


def subjects(known: dict) -> pd.DataFrame:
    """The counts as one row per subject, a control and a treatment arm."""
    parts = []
    for row, stratum in enumerate(known["strata"]):
        for arm in ("control", "treatment"):
            n, x = known[f"n_{arm}"][row], known[f"x_{arm}"][row]
            parts.append(pd.DataFrame({"arm": arm, "stratum": stratum, "orr": [1] * x + [0] * (n - x)}))
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(arm=pd.Categorical(frame["arm"], ["control", "treatment"]))


@pytest.mark.parametrize("name", TABLES)
def test_tests_are_those_of_r(name: str) -> None:
    known = r()[name]
    found = survival.mantel_haenszel(subjects(known), "orr", "stratum", reference="control").set_index("test")
    blocks = {"cmh": "cmh_no_cc", "cmh-cc": "cmh_cc", "breslow-day": "breslow_day"}
    blocks |= {"breslow-day-tarone": "breslow_day_tarone"}
    for test, block in blocks.items():
        theirs = known[block]
        if theirs is None or theirs["stat"] is None:
            continue
        assert found.loc[test, "statistic"] == pytest.approx(theirs["stat"], rel=1e-9), test
        assert found.loc[test, "df"] == theirs["df"], test
        assert found.loc[test, "p"] == pytest.approx(theirs["p"], rel=1e-8), test
    assert found.loc["exact", "p"] == pytest.approx(known["cmh_exact_conditional"]["p"], rel=1e-6)


@pytest.mark.parametrize("name", TABLES)
def test_common_odds_ratio_is_that_of_r(name: str) -> None:
    """R has the odds of the control to those of the treatment, so the limits change places."""
    known = r()[name]
    for conf_type, block, close in (
        ("mantel-haenszel", "cmh_no_cc", 1e-9),
        ("exact", "cmh_exact_conditional", 2e-4),
    ):
        found = survival.common_odds_ratio(
            subjects(known), "orr", "stratum", reference="control", conf_type=conf_type
        ).loc[0]
        theirs = known[block]
        assert 1 / found["estimate"] == pytest.approx(theirs["common_or"], rel=close)
        assert 1 / found["upper"] == pytest.approx(theirs["or_lower95"], rel=close)
        assert 1 / found["lower"] == pytest.approx(theirs["or_upper95"], rel=close)


@pytest.mark.parametrize("level", [0.9, 0.95])
@pytest.mark.parametrize("conf_type", list(DIFFERENCES))
@pytest.mark.parametrize("name", TABLES)
def test_differences_are_those_of_r(name: str, conf_type: str, level: float) -> None:
    known = r()[name]
    block, estimate, close = DIFFERENCES[conf_type]
    theirs = known[f"conf{round(100 * level)}"][block]
    found = survival.rate_difference(
        subjects(known),
        "orr",
        reference="control",
        strata="stratum",
        conf_type=conf_type,
        level=level,
    ).loc[0]
    assert found["estimate"] == pytest.approx(theirs[estimate], abs=close)
    assert [found["lower"], found["upper"]] == pytest.approx([theirs["lower"], theirs["upper"]], abs=close)
    if known["tern_prop_cmh_p"] and conf_type in ("mantel-haenszel", "sato"):
        p = known["tern_prop_cmh_p"]["standard" if conf_type == "mantel-haenszel" else "sato"]
        assert found["p"] == pytest.approx(p, rel=1e-8)


def test_one_stratum_is_the_unstratified_difference() -> None:
    one = TwoSamples(*(np.array([value]) for value in (7.0, 20.0, 3.0, 25.0)))
    frame = pd.DataFrame(
        {"arm": ["B"] * 20 + ["A"] * 25, "orr": [1] * 7 + [0] * 13 + [1] * 3 + [0] * 22, "s": "x"}
    )
    plain = survival.rate_difference(frame, "orr", reference="A").loc[0]
    estimate, lower, upper, p = METHODS["miettinen-nurminen"][0](one, 0.95)
    found = [plain["estimate"], plain["lower"], plain["upper"], plain["p"]]
    assert [estimate, lower, upper, p] == pytest.approx(found, rel=1e-12)


@pytest.mark.parametrize("conf_type", list(METHODS))
def test_strata_that_say_nothing(conf_type: str) -> None:
    frame = pd.DataFrame(
        {"arm": list("AABBB"), "s": list("xxxxy"), "orr": [False, False, False, False, True]}
    )
    found = survival.rate_difference(frame, "orr", reference="A", strata="s", conf_type=conf_type).loc[0]
    assert found["note"] == "left out, one arm has nobody: y"
    assert found["estimate"] == 0.0
    assert found["lower"] <= 0 <= found["upper"]
    apart = frame[["arm", "orr"]].assign(s=frame["arm"])
    none = survival.rate_difference(apart, "orr", reference="A", strata="s", conf_type=conf_type).loc[0]
    assert none["note"] == "not estimable: no stratum has subjects of both arms"
    assert np.isnan(none["estimate"])


def test_tests_without_a_value_say_why() -> None:
    frame = pd.DataFrame({"arm": list("AABB"), "s": list("xyxy"), "orr": False})
    found = survival.mantel_haenszel(frame, "orr", "s", reference="A").set_index("test")
    assert found["p"].isna().all()
    assert found.loc["cmh", "note"] == "not defined: no stratum has both arms, responders and others"
    assert found.loc["breslow-day", "note"] == "not defined: fewer than two strata inform the odds ratio"
    for conf_type in ("mantel-haenszel", "exact"):
        ratio = survival.common_odds_ratio(frame, "orr", "s", reference="A", conf_type=conf_type).loc[0]
        assert np.isnan(ratio["estimate"]) and ratio["note"].startswith("not defined")
