"""Subgroups: each row is the comparison within it, and the interaction test is the textbook one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import survival
from recist import InputError
from survival.estimate.limits import chi2_tail
from survival.subgroups import SUBGROUPS
from tests.estimate.r_reference import data


def veteran() -> pd.DataFrame:
    return data("veteran").assign(old=lambda frame: np.where(frame["age"] >= 65, "65+", "<65"))


def test_rows_are_the_comparisons_within_the_subgroups() -> None:
    frame = veteran()
    found = survival.subgroup_analysis(frame, ["strata", "old"], "group", "standard")
    assert list(found.columns) == list(SUBGROUPS)
    whole = survival.compare_arms(frame, "group", "standard").loc[0]
    assert found.loc[0, ["estimate", "lower", "upper"]].tolist() == pytest.approx(
        whole[["hazard_ratio", "lower", "upper"]].tolist(), rel=1e-12
    )
    for row in found.iloc[1:].to_dict("records"):
        part = frame[frame[row["variable"]].astype(str) == row["subgroup"]]
        alone = survival.compare_arms(part, "group", "standard").loc[0]
        assert row["estimate"] == pytest.approx(alone["hazard_ratio"], rel=1e-12)
        assert (row["n"], row["events"], row["n_reference"]) == (
            alone["n"],
            alone["events"],
            alone["n_reference"],
        )


def test_interaction_is_the_likelihood_ratio_test_of_the_product() -> None:
    frame = veteran()
    found = survival.subgroup_analysis(frame, "old", "group", "standard")
    number = frame.assign(g=(frame["group"] == "test") * 1.0, o=(frame["old"] == "65+") * 1.0)
    number["both"] = number["g"] * number["o"]
    full, plain = (survival.cox_model(number, names) for names in (["g", "o", "both"], ["g", "o"]))
    expected = chi2_tail(2 * (full.loglik[1] - plain.loglik[1]), 1)
    assert found["p_interaction"].tolist()[1] == pytest.approx(expected, rel=1e-6)
    assert found["p_interaction"].isna().tolist() == [True, False, True]


def test_rates_in_subgroups_and_their_interaction_by_hand() -> None:
    rows = [("F", "A", 20, 4), ("F", "B", 20, 10), ("M", "A", 20, 8), ("M", "B", 20, 9)]
    parts = [pd.DataFrame({"sex": s, "arm": a, "orr": [1] * x + [0] * (n - x)}) for s, a, n, x in rows]
    frame = pd.concat(parts, ignore_index=True)
    found = survival.subgroup_rates(frame, "orr", "sex", reference="A")
    assert found["estimate"].tolist() == pytest.approx([0.175, 0.3, 0.05])
    variance = [0.2 * 0.8 / 20 + 0.5 * 0.5 / 20, 0.4 * 0.6 / 20 + 0.45 * 0.55 / 20]
    assert found.loc[1, "p_interaction"] == pytest.approx(chi2_tail(0.25**2 / sum(variance), 1))
    odds = survival.subgroup_rates(frame, "orr", "sex", reference="A", measure="odds ratio")
    assert odds["estimate"].tolist()[1:] == pytest.approx([4.0, (9 / 11) / (8 / 12)])


def test_strata_of_the_analysis_hold_in_the_whole_in_subgroups_and_in_the_interaction_as_in_r() -> None:
    frame = veteran()
    found = survival.subgroup_analysis(frame, ["old", "strata"], "group", "standard", strata="strata")
    # R 4.2.2, survival 3.5-3: coxph(Surv(time, status) ~ trt + strata(celltype)), all and age >= 65
    assert found.loc[0, ["estimate", "lower", "upper"]].tolist() == pytest.approx(
        [1.184195817, 0.8029436419, 1.746473427], rel=1e-8
    )
    older = found[found["subgroup"] == "65+"].iloc[0]
    assert older[["estimate", "lower", "upper"]].tolist() == pytest.approx(
        [1.17794922, 0.5629239068, 2.464923495], rel=1e-8
    )
    assert set(found["method"]) == {
        "hazard ratio, Cox model, ties by Efron, Wald limits, stratified by strata"
    }
    # anova of trt * old + strata(celltype), and of trt * celltype + strata(celltype)
    tested = found.set_index("variable")["p_interaction"].dropna()
    assert tested["old"] == pytest.approx(0.4689842265, rel=1e-6)
    assert tested["strata"] == pytest.approx(0.1598026908, rel=1e-6)


def test_ties_of_the_analysis() -> None:
    frame = veteran()
    found = survival.subgroup_analysis(frame, "old", "group", "standard", ties="breslow")
    whole = survival.compare_arms(frame, "group", "standard", ties="breslow").loc[0]
    assert found.loc[0, "estimate"] == pytest.approx(whole["hazard_ratio"], rel=1e-12)
    with pytest.raises(InputError, match="ties"):
        survival.subgroup_analysis(frame, "old", "group", "standard", ties="bresow")


def counted(rows: list[tuple[str, str, int, int]]) -> pd.DataFrame:
    """One row per subject: subgroup, arm, responders, subjects."""
    parts = [pd.DataFrame({"s": s, "arm": a, "orr": [1] * x + [0] * (n - x)}) for s, a, x, n in rows]
    return pd.concat(parts, ignore_index=True)


THREE = [
    *(("a", "A", 4, 20), ("a", "B", 10, 20), ("b", "A", 8, 20)),
    *(("b", "B", 9, 20), ("c", "A", 6, 25), ("c", "B", 15, 30)),
]


def test_interaction_of_rates_is_the_wald_test_of_the_saturated_model_in_r() -> None:
    frame = counted(THREE)  # R 4.2.2: glm(cbind(x, n - x) ~ arm * s, binomial(link)), both products at once
    for measure, p in (("difference", 0.4496663155), ("odds ratio", 0.4024911531)):
        found = survival.subgroup_rates(frame, "orr", "s", reference="A", measure=measure)
        assert found["p_interaction"].dropna().tolist() == pytest.approx([p], rel=1e-6), measure
        assert found["method"].str.startswith(f"{measure} of rates, ").all()


def test_limits_of_the_analysis_in_subgroups() -> None:
    found = survival.subgroup_rates(counted(THREE), "orr", "s", reference="A", conf_type="newcombe")
    part = counted(THREE[:2])
    alone = survival.rate_difference(part, "orr", reference="A", conf_type="newcombe").loc[0]
    assert found.loc[1, ["lower", "upper"]].tolist() == alone[["lower", "upper"]].tolist()


def test_each_arm_of_three_has_its_own_interaction() -> None:
    third = [("a", "C", 20, 20), ("b", "C", 19, 20), ("c", "C", 20, 25)]
    two, three = (
        survival.subgroup_rates(counted(rows), "orr", "s", reference="A") for rows in (THREE, THREE + third)
    )
    mine = three[three["arm"] == "B"]
    assert mine["p_interaction"].dropna().tolist() == two["p_interaction"].dropna().tolist()
    frame = veteran()
    more = pd.concat([frame, frame[:60].assign(group="other", event=1)], ignore_index=True)
    alone, both = (
        survival.subgroup_analysis(one, "old", "group", "standard").query("arm == 'test'")
        for one in (frame, more)
    )
    assert both["p_interaction"].dropna().tolist() == alone["p_interaction"].dropna().tolist()


def test_subgroups_of_small_trials() -> None:
    frame = pd.DataFrame(
        {
            "time": [1, 2, 3, 4, 5, 6],
            "event": [True, True, True, False, False, True],
            "arm": list("ABABAA"),
            "site": list("xxxxyy"),
            "sex": pd.Categorical(list("FFFMMM"), ["F", "M", "unknown"]),
        }
    )
    found = survival.subgroup_analysis(frame, ["site", "sex"], reference="A")
    lonely = found[(found["variable"] == "site") & (found["subgroup"] == "y")].iloc[0]
    assert lonely["note"] == "not estimable: an arm has no subjects here"
    assert lonely["n"] == 0 and lonely["n_reference"] == 2
    assert found["subgroup"].tolist() == ["", "x", "y", "F", "M", "unknown"]
    silent = survival.subgroup_analysis(frame.assign(event=False), "site", reference="A")
    assert silent["estimate"].isna().all() and silent["note"].ne("").all()
    assert silent["p_interaction"].isna().all()
    rates = survival.subgroup_rates(frame.assign(orr=False), "orr", "site", reference="A")
    assert rates["estimate"].tolist()[:2] == [0.0, 0.0]
    assert rates.loc[2, "note"] == "not estimable: no subjects"
    assert np.isnan(rates.loc[1, "p_interaction"])


def test_variables_that_are_not_subgroups_are_refused() -> None:
    frame = veteran()
    with pytest.raises(InputError, match="cut it into groups first"):
        survival.subgroup_analysis(frame, "age", "group", "standard")
    with pytest.raises(InputError, match="name it 'unknown'"):
        survival.subgroup_analysis(
            frame.assign(old=frame["old"].where(frame["age"] > 40)), "old", "group", "standard"
        )
    with pytest.raises(InputError, match="no column 'ages'"):
        survival.subgroup_analysis(frame, "ages", "group", "standard")


def test_interaction_of_subgroups_within_strata_and_of_one_arm_alone_as_in_r() -> None:
    frame = veteran().rename(columns={"strata": "cell"})  # a column of that name is as good as any
    frame["cell_old"] = frame["cell"].astype(str) + " " + frame["old"]
    lonely = (frame["group"] == "test") & (frame["cell"] == "large")
    frame["one_arm"] = frame["cell"].astype(str).mask(lonely, "adeno")
    # R 4.2.2, survival 3.5-3: models with and without the product, coefficients that R leaves out not counted
    for column, strata, p in (
        ("cell_old", "cell", 0.1292627916),
        ("one_arm", None, 0.02279971077),
        ("one_arm", "old", 0.02926781024),
    ):
        found = survival.subgroup_analysis(frame, column, "group", "standard", strata=strata)
        assert found["p_interaction"].dropna().tolist() == pytest.approx([p], rel=1e-8), column
