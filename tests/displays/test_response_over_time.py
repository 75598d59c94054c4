"""Shares of the responses at each visit by hand; and that the ink is tidy."""

from __future__ import annotations

import pandas as pd
import pytest

from recist import FigureLook, InputError, response_over_time_numbers, response_over_time_plot
from tests.displays.ink import assert_tidy, words

START = pd.Timestamp("2024-01-01")
COURSES = {  # subject -> visit -> response
    "A": {"WEEK 8": "PR", "WEEK 16": "CR", "WEEK 24": "CR"},
    "B": {"WEEK 8": "PD", "WEEK 16": "PD"},
    "C": {"WEEK 8": "SD", "UNSCHEDULED 1": "SD"},
    "D": {"WEEK 16": "NE"},
}
DAYS = {"WEEK 8": 56, "UNSCHEDULED 1": 70, "WEEK 16": 112, "WEEK 24": 168}
RESPONSES = pd.DataFrame(
    [
        {"subject": who, "visit": visit, "day": DAYS[visit], "start_date": START, "overall": overall}
        for who, course in COURSES.items()
        for visit, overall in course.items()
    ]
)
SUBJECTS = pd.DataFrame(
    {
        "subject": list("ABCDE"),
        "arm": pd.Categorical(["x", "x", "x", "y", "y"], ["y", "x"]),
        "randomization_date": START,
        "death_date": [pd.NaT, pd.NaT, START + pd.Timedelta(days=100), pd.NaT, pd.NaT],
        "cutoff_date": [START + pd.Timedelta(days=d) for d in (400, 400, 400, 150, 90)],
    }
)


def states(**given: object) -> dict[str, dict[str, int]]:
    found = response_over_time_numbers(RESPONSES, SUBJECTS, **given)  # type: ignore[arg-type]
    return {
        str(visit): dict(zip(part["state"], part["n"], strict=True))
        for visit, part in found.groupby("visit", sort=False)
    }


def test_everybody_is_in_a_state_at_every_planned_visit() -> None:
    assert states() == {
        "WEEK 8": {"PR": 1, "SD": 1, "PD": 1, "not assessed": 2},
        "WEEK 16": {"CR": 1, "NE": 1, "progression earlier": 1, "died": 1, "data end before": 1},
        "WEEK 24": {"CR": 1, "progression earlier": 1, "died": 1, "data end before": 2},
    }


def test_shares_are_of_the_arm_in_the_order_of_its_categories() -> None:
    found = response_over_time_numbers(RESPONSES, SUBJECTS, "arm")
    assert found["group"].drop_duplicates().tolist() == ["y", "x"]
    week_8 = found[(found["visit"] == "WEEK 8") & (found["group"] == "x")]
    assert week_8[["state", "n", "of"]].values.tolist() == [["PR", 1, 3], ["SD", 1, 3], ["PD", 1, 3]]
    assert found.groupby(["group", "visit"], observed=True)["share"].sum().round(12).eq(1).all()


def test_visits_that_are_asked_for() -> None:
    assert list(states(visits=["WEEK 16", "UNSCHEDULED 1"])) == ["UNSCHEDULED 1", "WEEK 16"]
    with pytest.raises(InputError, match="no visit 'WEEK 9'"):
        states(visits=["WEEK 9"])


def test_nobody_is_dropped_in_silence() -> None:
    with pytest.raises(InputError, match="subject A has responses but no row"):
        response_over_time_numbers(RESPONSES, SUBJECTS[1:])


@pytest.mark.parametrize("width", ["single", "double"])
def test_ink_is_tidy(width: str) -> None:
    look = FigureLook(width=width, caption="Reader 1.")  # type: ignore[arg-type]
    figure = response_over_time_plot(RESPONSES, SUBJECTS, "arm", None, look)
    assert_tidy(figure)
    assert "Data end before" in words(figure) and "WEEK 24 (n=3): CR 33%" in figure.alt_text
    long = "$x_1$ <b> {\\rtf} Ωμ 中文 =cmd() " * 10
    names = {visit: f"{visit} {long}" for visit in DAYS}
    arms = SUBJECTS.assign(arm=SUBJECTS["arm"].astype(str) + long)
    assert_tidy(
        response_over_time_plot(
            RESPONSES.assign(visit=RESPONSES["visit"].map(names)), arms, "arm", None, look
        )
    )


def test_one_subject_and_none() -> None:
    assert_tidy(response_over_time_plot(RESPONSES[:3], SUBJECTS[:1]))
    assert_tidy(response_over_time_plot(RESPONSES[:0], SUBJECTS))
    assert_tidy(response_over_time_plot(RESPONSES[:0], SUBJECTS[:0]))


def test_thirty_visits() -> None:
    rows = [
        {"subject": "A", "visit": f"WEEK {8 * n}", "day": 56 * n, "start_date": START, "overall": "SD"}
        for n in range(1, 31)
    ]
    assert_tidy(response_over_time_plot(pd.DataFrame(rows), SUBJECTS))


def test_small_shares_without_digits_are_told() -> None:
    many = pd.DataFrame({"subject": [f"S{n:02}" for n in range(60)], "randomization_date": START})
    visit = {"visit": "WEEK 8", "day": 56, "start_date": START}
    responses = many[["subject"]].assign(overall=["PR"] + ["SD"] * 59, **visit)
    told = words(response_over_time_plot(responses, many))
    assert "Shares under 4% stand without their number." in told and "98" in told.split()
    assert "stand without" not in words(response_over_time_plot(responses[:2], many[:2]))


def test_under_irecist_only_confirmed_progression_ends_a_course() -> None:
    responses = pd.DataFrame(
        {
            "subject": "A",
            "visit": ["WEEK 8", "WEEK 16", "WEEK 24"],
            "day": [56, 112, 168],
            "start_date": START,
        }
    ).assign(overall="PD", ioverall=["iUPD", "iPR", "iCPD"])
    found = response_over_time_numbers(responses, SUBJECTS[:1])
    assert found["state"].tolist() == ["iUPD", "iPR", "iCPD"]
    ended = response_over_time_numbers(responses.assign(ioverall=["iUPD", "iCPD", "iPR"]), SUBJECTS[:1])
    assert ended["state"].tolist() == ["iUPD", "iCPD", "progression earlier"]
