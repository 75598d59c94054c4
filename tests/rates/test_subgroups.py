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
