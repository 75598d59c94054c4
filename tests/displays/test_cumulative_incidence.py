"""Numbers of the cumulative incidence figure by hand; and that its ink is tidy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recist import InputError
from survival import (
    IncidenceLook,
    cumulative_incidence,
    cumulative_incidence_numbers,
    cumulative_incidence_plot,
    gray_test,
)
from tests.displays.ink import assert_tidy, words

TTE = pd.DataFrame(
    {
        "time": [1, 2, 3, 4, 5, 6, 7, 8],
        "event": [True, True, True, False, True, True, False, True],
        "cause": ["relapse", "death", "relapse", None, "death", "relapse", None, "relapse"],
        "arm": pd.Categorical(["X"] * 4 + ["P"] * 4, ["X", "P"]),
    }
)


def numbers(**given: object) -> pd.DataFrame:
    fitted = cumulative_incidence(TTE, "arm")
    return cumulative_incidence_numbers(fitted, TTE, gray_test(TTE), unit="days", **given)  # type: ignore[arg-type]


def test_curves_go_on_to_the_last_observation() -> None:
    found = numbers()
    curve = found[(found["part"] == "curve") & (found["cause"] == "relapse") & (found["group"] == "X")]
    assert curve["time"].tolist() == [0, 1, 2, 3, 4] and curve["value"].tolist() == [0, 0.25, 0.25, 0.5, 0.5]


def test_numbers_at_risk_are_just_before_the_tick() -> None:
    found = numbers(ticks=[0, 1, 2, 4, 5, 8, 9])
    risk = found[found["part"] == "at_risk"]
    assert risk.loc[risk["group"] == "X", "value"].tolist() == [4, 4, 3, 1, 0, 0, 0]
    assert risk.loc[risk["group"] == "P", "value"].tolist() == [4, 4, 4, 4, 4, 1, 0]


def test_totals_and_tests() -> None:
    found = numbers()
    total = found[found["part"] == "total"]
    assert total[["cause", "group", "events", "n"]].values.tolist() == [
        ["death", "X", 1, 4],
        ["relapse", "X", 2, 4],
        ["death", "P", 1, 4],
        ["relapse", "P", 2, 4],
    ]
    test = found[found["part"] == "test"]
    assert test["p_value"].tolist() == gray_test(TTE)["p"].tolist()


def test_a_panel_per_cause_or_one_for_a_single_group() -> None:
    assert len(cumulative_incidence_plot(cumulative_incidence(TTE, "arm"), TTE).axes) == 2
    one = cumulative_incidence_plot(cumulative_incidence(TTE), TTE, unit="days")
    assert len(one.axes) == 1 and "relapse (4 of 8)" in words(one)
    two = cumulative_incidence_plot(cumulative_incidence(TTE, "arm"), TTE)
    assert "Death" in words(two) and "Relapse" in words(two)
    assert "death, All subjects: 2 of 8 subjects" in one.alt_text


def test_wrong_calls_are_refused() -> None:
    fitted = cumulative_incidence(TTE, "arm")
    with pytest.raises(InputError, match="unit 'weeks'"):
        cumulative_incidence_numbers(fitted, TTE, unit="weeks")
    with pytest.raises(InputError, match="no column arm"):
        cumulative_incidence_numbers(fitted, TTE.drop(columns="arm"))
    with pytest.raises(InputError, match="0 or later"):
        cumulative_incidence_numbers(fitted, TTE, ticks=[-1])


@pytest.mark.parametrize("width", ["single", "double"])
def test_ink_is_tidy_with_long_names_and_six_arms(width: str) -> None:
    random = np.random.default_rng(2)
    long = "$x_1$ <b> {\\rtf} Ωμ 中文 =cmd() " * 10
    arm = np.array([f"arm {n} {long}" for n in range(6)])[np.arange(120) % 6]
    cause = random.choice(["progression " + long, "death", "toxicity"], 120)
    event = random.random(120) < 0.8
    tte = pd.DataFrame({"time": random.integers(1, 900, 120), "event": event, "arm": arm})
    tte["cause"] = pd.Series(cause).where(event)
    look = IncidenceLook(width=width, caption=long, origin="randomization")  # type: ignore[arg-type]
    figure = cumulative_incidence_plot(cumulative_incidence(tte, "arm"), tte, gray_test(tte), look=look)
    assert_tidy(figure)
    assert len(figure.axes) == 3 and figure.get_size_inches()[1] * 25.4 <= 247
    assert "Bars: 95% CI at the times of the scale" in " ".join(words(figure).split())


def test_limits_of_more_curves_are_bars_at_the_ticks() -> None:
    four = pd.concat([TTE.assign(arm=TTE["arm"].astype(str) + f" {n}") for n in (1, 2)])
    fitted = cumulative_incidence(four, "arm")
    figure = cumulative_incidence_plot(fitted, four, unit="days", look=IncidenceLook(caption="Treated."))
    curves = cumulative_incidence_numbers(fitted, four, unit="days")
    ticks = curves.loc[curves["part"] == "at_risk", "time"].unique()
    for axes, cause in zip(figure.axes, ("death", "relapse"), strict=True):
        bars = [one.get_segments() for one in axes.collections]
        assert len(bars) == 4
        mine = curves[(curves["part"] == "curve") & (curves["cause"] == cause)]
        mine = mine[mine["group"] == mine["group"].iloc[0]]
        reached = [tick for tick in ticks if 0 < tick <= mine["time"].max()]
        wanted = [mine[mine["time"] <= tick].iloc[-1][["lower", "upper"]].tolist() for tick in reached]
        drawn = [[end[1] for end in bar] for bar in bars[0] if len(bar)]
        assert len(drawn) > 1 and drawn == [limits for limits in wanted if not np.isnan(limits).any()]
    assert "Treated. Aalen-Johansen" in words(figure)


def test_one_subject() -> None:
    assert_tidy(cumulative_incidence_plot(cumulative_incidence(TTE[:1]), TTE[:1]))
