"""Kappa against R (vcd, irr), to 1e-9, and where it has no value."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import survival
from recist import InputError
from survival.agreement import FLEISS, KAPPA, kappa_of_table
from tests.shared import shared

VCD = {
    "unweighted": ("vcd_unweighted", "vcd_unweighted_ci95"),
    "linear": ("vcd_equal_spacing", "vcd_equal_ci95"),
    "quadratic": ("vcd_fleiss_cohen_quadratic", "vcd_quadratic_ci95"),
}
TABLES = ["cohen1960_style_3x3", "t2x2", "t2x2b", "t4x4", "perfect", "sexual_fun"]


def r() -> dict:
    return json.loads(shared("reference/agreement_kappa.json").read_text(encoding="utf-8"))


def check(row: pd.Series, known: dict, weights: str) -> None:
    block, limits = VCD[weights]
    assert row["n"] == known["n"]
    assert row["estimate"] == pytest.approx(known[block]["kappa"], rel=1e-9)
    assert row["se"] == pytest.approx(known[block]["ase"], rel=1e-9, abs=1e-8)
    assert [row["lower"], row["upper"]] == pytest.approx(known[limits], rel=1e-9, abs=1e-7)
    if weights == "unweighted":
        assert row["observed_agreement"] == pytest.approx(known["observed_agreement"], rel=1e-9)
        assert row["expected_agreement"] == pytest.approx(known["expected_agreement"], rel=1e-9)
        assert row["p"] == pytest.approx(known["irr_kappa2"]["p"], rel=1e-6, abs=1e-15)


@pytest.mark.parametrize("weights", VCD)
@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str, weights: str) -> None:
    known = r()["tables"][name]
    check(kappa_of_table(known["table_rows"], weights).loc[0], known, weights)


@pytest.mark.parametrize("weights", VCD)
@pytest.mark.parametrize("pair", ["R1_vs_R2", "R1_vs_investigator"])
@pytest.mark.parametrize("file", ["rs_onco_recist.csv", "rs_onco.csv"])
def test_readers_of_a_trial(file: str, pair: str, weights: str) -> None:
    known = r()["reader_agreement"][file][pair]
    table, levels = np.array(known["table_rows"]), known["levels"]
    a, b = (np.repeat(levels, table.sum(axis=1)), np.repeat(np.tile(levels, len(levels)), table.ravel()))
    found = survival.cohen_kappa(a, b, weights, order=levels)
    assert list(found.columns) == list(KAPPA)
    check(found.loc[0], known, weights)


@pytest.mark.parametrize("file", ["rs_onco_recist.csv", "rs_onco.csv"])
def test_three_readers(file: str) -> None:
    known = r()["reader_agreement"][file]["fleiss_kappa_3_readers"]
    found = survival.fleiss_kappa(three_readers(file))
    assert list(found.columns) == list(FLEISS)
    assert found.loc[0, "estimate"] == pytest.approx(known["kappa"], rel=1e-9)
    assert found.loc[0, "estimate"] / found.loc[0, "se"] == pytest.approx(known["z"], rel=1e-9)
    each = found.set_index("category").loc[known["by_category_rows"], "estimate"]
    np.testing.assert_allclose(each, known["by_category_kappa"], atol=6e-4)  # R rounds these to three places


def three_readers(file: str) -> pd.DataFrame:
    """Overall responses of the investigator and both independent readers, visits that all three read."""
    rs = pd.read_csv(shared(f"data/pharmaversesdtm/{file}"), dtype=str)
    rs = rs[rs["RSTESTCD"] == "OVRLRESP"]
    reader = rs["RSEVALID"].fillna(rs["RSEVAL"])
    wide = rs.assign(reader=reader).pivot_table(
        index=["USUBJID", "VISIT"],
        columns="reader",
        values="RSSTRESC",
        aggfunc="last",  # one visit of rs_onco is recorded twice
    )
    return wide[["INVESTIGATOR", "RADIOLOGIST 1", "RADIOLOGIST 2"]].dropna()


def test_kappa_without_a_value_says_why() -> None:
    none = survival.cohen_kappa([], [])
    assert none.loc[0, ["n", "note"]].tolist() == [0, "not estimable: no readings"]
    same = survival.cohen_kappa(["PD", "PD"], ["PD", "PD"])
    assert np.isnan(same.loc[0, "estimate"]) and np.isnan(same.loc[0, "upper"])
    assert same.loc[0, "note"] == "not estimable: both readers use one and the same category"
    every = survival.fleiss_kappa(pd.DataFrame({"a": ["PD"], "b": ["PD"]}))
    assert every["note"].tolist() == ["not estimable: every reading is of one category"] * 2
    assert survival.fleiss_kappa(pd.DataFrame({"a": [], "b": []}))["note"].tolist() == [
        "not estimable: no readings"
    ]


def test_order_of_categories_comes_from_the_readings_and_matters_only_with_weights() -> None:
    a, b = ["CR", "PR", "SD", "PD", "PD"], ["PR", "PR", "SD", "PD", "SD"]
    words = pd.CategoricalDtype(["CR", "PR", "SD", "PD"])
    ordered = survival.cohen_kappa(pd.Series(a, dtype=words), pd.Series(b, dtype=words), "linear")
    listed = survival.cohen_kappa(a, b, "linear", order=["CR", "PR", "SD", "PD"])
    pd.testing.assert_frame_equal(ordered, listed)
    assert survival.cohen_kappa(a, b, "linear").loc[0, "estimate"] != listed.loc[0, "estimate"]


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (["CR"], ["CR", "PR"], "a 1, b 2"),
        (["CR", None], ["CR", "PR"], "reader a has no reading of item 2"),
    ],
)
def test_readings_that_do_not_pair_are_refused(a: list, b: list, words: str) -> None:
    with pytest.raises(InputError, match=words):
        survival.cohen_kappa(a, b)
    with pytest.raises(InputError, match="reader b has XX"):
        survival.cohen_kappa(["CR"], ["XX"], order=["CR", "PR"])
    with pytest.raises(InputError, match="linear"):
        survival.cohen_kappa(["CR"], ["CR"], weights="linaer")
