"""Lanes of the swimmer plot by hand; and that its ink is tidy, page by page."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recist import FigureLook, InputError, swimmer_numbers, swimmer_pages, swimmer_plot
from recist.figures.swimmer_ink import spaced
from tests.displays.ink import assert_marks_apart, assert_tidy, words

START = pd.Timestamp("2024-01-01")


def dated(*days: float | None) -> list[pd.Timestamp]:
    return [pd.NaT if day is None else START + pd.Timedelta(days=day) for day in days]


SUBJECTS = pd.DataFrame(
    {
        "subject": ["A", "B", "C", "D"],
        "arm": ["x", "x", "y", "y"],
        "treatment_start_date": dated(0, 0, 0, None),
        "discontinuation_date": dated(100, None, 30, None),
        "death_date": dated(250, None, None, None),
        "last_alive_date": dated(240, 400, 90, 10),
        "new_therapy_date": dated(130, None, None, None),
        "cutoff_date": dated(300, 300, 300, 300),
    }
)
COURSE = {
    "A": [(28, "SD"), (56, "PR"), (84, "NE"), (112, "CR"), (140, "PD"), (168, "PR")],
    "B": [(56, "PR"), (112, "PR")],
    "C": [(28, "SD")],
}
RESPONSES = pd.DataFrame(
    [
        {"subject": who, "date": START + pd.Timedelta(days=day), "overall": overall}
        for who, course in COURSE.items()
        for day, overall in course
    ]
)


def lane(subject: str, part: str, **given: object) -> list[tuple[object, ...]]:
    numbers = swimmer_numbers(RESPONSES, given.get("subjects", SUBJECTS), unit="days")  # type: ignore[arg-type]
    rows = numbers[(numbers["subject"] == subject) & (numbers["part"] == part)]
    return list(rows[["what", "from", "to"]].itertuples(index=False, name=None))


def test_bars_end_with_treatment_and_with_death_or_the_last_day_up_to_the_cutoff() -> None:
    assert lane("A", "treatment") == [("", 0, 100)]
    assert lane("A", "follow-up") == [("", 0, 250)]
    assert lane("B", "treatment") == [("", 0, 300)]  # ongoing, alive later than the cut-off
    assert lane("C", "follow-up") == [("", 0, 90)]


def test_a_response_lasts_to_the_visit_that_shows_another_and_none_counts_after_progression() -> None:
    assert lane("A", "response") == [("PR", 56, 112), ("CR", 112, 140)]
    assert lane("B", "response") == [("PR", 56, 112)]  # nothing ended it


def test_marks() -> None:
    assert lane("A", "mark") == [
        ("first response", 56, 56),
        ("progression", 140, 140),
        ("new anticancer therapy", 130, 130),
        ("death", 250, 250),
    ]  # nothing is learned from a cut-off after death
    assert ("ongoing", 300, 300) in lane("B", "mark")
    assert [what for what, *_ in lane("C", "mark")] == ["data cut-off"]


def test_under_irecist_responses_go_on_after_unconfirmed_progression() -> None:
    course = [(56, "iUPD"), (84, "iPR"), (112, "iUPD"), (140, "iCPD"), (168, "iPR")]
    responses = pd.DataFrame(
        [
            {"subject": "B", "date": START + pd.Timedelta(days=n), "overall": "PD", "ioverall": t}
            for n, t in course
        ]
    )
    numbers = swimmer_numbers(responses, SUBJECTS, unit="days").query("subject == 'B'")
    response = numbers[numbers["part"] == "response"]
    assert response[["what", "from", "to"]].values.tolist() == [["iPR", 84, 112]]
    marks = numbers[numbers["part"] == "mark"].set_index("what")["from"]
    assert marks["first response"] == 84 and marks["unconfirmed progression (iUPD)"] == 56
    assert marks["confirmed progression (iCPD)"] == 140 and "progression" not in marks
    text = words(swimmer_plot(responses, SUBJECTS))
    assert "Unconfirmed progression (iUPD)" in text and "Confirmed progression (iCPD)" in text


@pytest.mark.parametrize("width", ["single", "double"])
def test_marks_of_one_day_stand_side_by_side(width: str) -> None:
    subjects = SUBJECTS.assign(
        death_date=dated(141, None, None, None), new_therapy_date=dated(140, *[None] * 3)
    )
    look = FigureLook(width=width)  # type: ignore[arg-type]
    figure = swimmer_plot(RESPONSES, subjects, "arm", look=look)
    assert_marks_apart(figure)
    assert "cover" in words(figure)
    assert "cover" not in words(swimmer_plot(RESPONSES, SUBJECTS.drop(columns="cutoff_date"), "arm"))


def test_places_move_no_further_than_needed_and_keep_their_order() -> None:
    assert spaced([0, 1, 30], [4, 4, 4]) == [-1.5, 2.5, 30]
    assert spaced([5, 5, 5], [2, 4, 2]) == [2, 5, 8]
    assert spaced([], []) == []


def test_a_response_begun_after_new_therapy_is_shown_apart() -> None:
    early = SUBJECTS.assign(new_therapy_date=dated(84, 40, None, None))
    assert lane("A", "response", subjects=early) == [("PR", 56, 112)]  # begun before
    assert lane("A", "response after new therapy", subjects=early) == [("CR", 112, 140)]
    assert lane("B", "response after new therapy", subjects=early) == [("PR", 56, 112)]
    assert "first response" not in [what for what, *_ in lane("B", "mark", subjects=early)]
    assert "Response begun after new therapy" in words(swimmer_plot(RESPONSES, early))


def test_longest_first_within_the_arm_and_who_is_not_shown_is_counted() -> None:
    numbers = swimmer_numbers(RESPONSES, SUBJECTS, "arm")
    first = numbers.drop_duplicates("subject")
    assert first["subject"].tolist() == ["B", "A", "C", "D"]
    assert first["rank"].tolist()[:3] == [1, 2, 1] and pd.isna(first["rank"].iloc[3])
    assert "Not shown: no treatment start date (n=1)." in words(swimmer_plot(RESPONSES, SUBJECTS, "arm"))


def test_without_dates_of_discontinuation_the_lane_is_the_follow_up() -> None:
    bare = SUBJECTS.drop(columns=["discontinuation_date", "cutoff_date"])
    assert lane("B", "treatment", subjects=bare) == [] and lane("B", "follow-up", subjects=bare) == [
        ("", 0, 400)
    ]
    assert "Still followed" in words(swimmer_plot(RESPONSES, bare))
    assert "Treatment ongoing" in words(swimmer_plot(RESPONSES, SUBJECTS))


def test_order_of_rows_changes_nothing() -> None:
    again = swimmer_numbers(RESPONSES[::-1], SUBJECTS)
    pd.testing.assert_frame_equal(again, swimmer_numbers(RESPONSES, SUBJECTS))


def test_wrong_frames_and_pages_are_refused() -> None:
    with pytest.raises(InputError, match="subject A has responses but no row"):
        swimmer_numbers(RESPONSES, SUBJECTS[1:])
    with pytest.raises(InputError, match="no start date"):
        swimmer_numbers(RESPONSES, SUBJECTS[["subject", "arm"]])
    with pytest.raises(InputError, match="no page 2; the swimmer plot has 1"):
        swimmer_plot(RESPONSES, SUBJECTS, page=2)


def test_one_subject_and_none_and_nobody_assessed() -> None:
    assert_tidy(swimmer_plot(RESPONSES[RESPONSES["subject"] == "B"], SUBJECTS[1:2]))
    assert_tidy(swimmer_plot(RESPONSES[:0], SUBJECTS, "arm"))
    assert_tidy(swimmer_plot(RESPONSES[:0], SUBJECTS[:0]))


@pytest.mark.parametrize("width", ["single", "double"])
def test_many_subjects_are_spread_over_pages_with_hostile_names(width: str) -> None:
    n = 200
    names = [f"$a_{k}$ <b> Ωμ 中 {'very long name ' * 20}{k:03}" for k in range(n)]
    subjects = pd.DataFrame({"subject": names, "arm": np.where(np.arange(n) % 3, "one " * 60, "two " * 60)})
    subjects["treatment_start_date"] = START
    subjects["discontinuation_date"] = [START + pd.Timedelta(days=3 * k) for k in range(n)]
    look = FigureLook(width=width)  # type: ignore[arg-type]
    pages = list(swimmer_pages(RESPONSES[:0], subjects, "arm", look))
    assert len(pages) == 3
    for n, page in enumerate(pages, 1):
        assert_tidy(page)
        assert f"Page {n} of 3." in words(page)
        assert page.get_figheight() * 25.4 <= 247
