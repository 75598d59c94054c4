"""Numbers of the spider by hand; and that its ink is tidy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recist import FigureLook, InputError, simulate, spider_numbers, spider_plot
from tests.displays.ink import assert_tidy, words

START = pd.Timestamp("2024-01-01")


def course(subject: str, *visits: tuple[int, float | None, str, str]) -> pd.DataFrame:
    """Visits of one subject as (day, change, new lesion, overall)."""
    day, change, new, overall = zip(*visits, strict=True)
    frame = pd.DataFrame(
        {"subject": subject, "day": day, "change_from_baseline_pct": np.array(change, float)}
    )
    dates = START + pd.to_timedelta(frame["day"], unit="D")
    return frame.assign(date=dates, start_date=START, new_lesion=new, overall=overall)


RESPONSES = pd.concat(
    [
        course("B", (56, -20, "N", "SD"), (112, None, "N", "NE"), (168, -35, "N", "PR"), (224, 5, "N", "PD")),
        course("A", (56, 30, "N", "PD"), (112, 210, "Y", "PD")),
        course("C", (56, None, "Y", "PD")),
        course("D", (56, -10, "N", "SD"), (100, None, "Y", "PD")),
    ],
    ignore_index=True,
)
BEST = pd.DataFrame({"subject": ["A", "B", "C", "D"], "best_response": ["PD", "PR", "PD", "SD"]})
SUBJECTS = pd.DataFrame({"subject": ["A", "B", "C", "D"], "arm": ["new", "new", "old", "old"]})


def of(numbers: pd.DataFrame, subject: str) -> pd.DataFrame:
    return numbers[numbers["subject"] == subject]


def test_a_line_starts_at_zero_and_passes_through_the_dates() -> None:
    numbers = spider_numbers(RESPONSES, BEST, unit="weeks")
    assert of(numbers, "B")["time"].tolist() == [0, 8, 16, 24, 32]
    assert of(numbers, "B")["change_pct"].fillna(-999).tolist() == [0, -20, -999, -35, 5]
    assert numbers["subject"].drop_duplicates().tolist() == ["A", "B", "C", "D"]


def test_a_line_is_broken_where_the_sum_is_not_complete() -> None:
    run = of(spider_numbers(RESPONSES, BEST), "B")["run"]
    assert run.fillna(-1).tolist() == [0, 0, -1, 1, 1]


def test_marks_are_the_first_of_their_kind_at_the_last_known_height() -> None:
    numbers = spider_numbers(RESPONSES, BEST)
    assert of(numbers, "A")["mark"].tolist() == ["", "progression", "new lesion"]
    last = of(numbers, "D").iloc[-1]
    assert last["mark"] == "progression with new lesion" and last["mark_pct"] == -10


def test_who_has_no_line_keeps_a_row() -> None:
    row = of(spider_numbers(RESPONSES, BEST, SUBJECTS, "arm"), "C")
    assert len(row) == 1 and row["run"].isna().all() and row["group"].tolist() == ["old"]
    assert "3 of 4 subjects" in words(spider_plot(RESPONSES, BEST))


def test_best_response_is_made_when_not_given() -> None:
    numbers = spider_numbers(RESPONSES)
    assert set(of(numbers, "B")["best_response"]) == {"PR"} and set(of(numbers, "A")["best_response"]) == {
        "PD"
    }


def test_arms_in_the_order_of_their_categories() -> None:
    arm = pd.Categorical(SUBJECTS["arm"], ["old", "new"])
    numbers = spider_numbers(RESPONSES, BEST, SUBJECTS.assign(arm=arm), "arm")
    assert numbers["group"].drop_duplicates().tolist() == ["old", "new"]
    with pytest.raises(InputError, match="subject A has no arm"):
        spider_numbers(RESPONSES, BEST, SUBJECTS[1:], "arm")


def test_what_leaves_the_panel_is_told() -> None:
    text = words(spider_plot(RESPONSES, BEST)).replace("\n", " ")
    assert "Rising above +150% (n=1): +210%; their marks there stand at the edge." in text
    unmarked = RESPONSES.assign(overall="SD", new_lesion="N")
    assert "Rising above +150% (n=1): +210%." in words(spider_plot(unmarked, BEST)).replace("\n", " ")


def test_a_mark_that_stands_alone_is_explained() -> None:
    said = "Mark without a line: no complete sum at that visit"
    assert said in words(spider_plot(RESPONSES, BEST)).replace("\n", " ")  # D progresses without a sum
    whole = RESPONSES[RESPONSES["subject"].isin(["A", "B"])]
    assert said not in words(spider_plot(whole, BEST[:2])).replace("\n", " ")


HOSTILE = "<script>$x^2$ \\b {\\rtf1} =cmd() Ωμέγα 中文 " + "long name " * 25


@pytest.mark.parametrize("width", ["single", "double"])
@pytest.mark.parametrize("colour", ["response", "arm"])
def test_ink_is_tidy_with_hostile_names(width: str, colour: str) -> None:
    names = {name: f"{HOSTILE}{name}" for name in "ABCD"}
    frames = [frame.assign(subject=frame["subject"].map(names)) for frame in (RESPONSES, BEST, SUBJECTS)]
    frames[2]["arm"] = HOSTILE + frames[2]["arm"]
    look = FigureLook(width=width, colour=colour, caption="RECIST 1.1")  # type: ignore[arg-type]
    figure = spider_plot(*frames, "arm", look)
    assert_tidy(figure)
    assert "RECIST 1.1" in words(figure)


def test_one_subject_and_none() -> None:
    assert_tidy(spider_plot(RESPONSES[RESPONSES["subject"] == "A"]))
    nobody = spider_plot(RESPONSES[RESPONSES["subject"] == "C"], BEST[BEST["subject"] == "C"])
    assert_tidy(nobody)
    assert "0 of 1 subjects" in words(nobody)
    assert_tidy(spider_plot(RESPONSES[:0], BEST[:0]))


@pytest.mark.parametrize("n", [84, 400])
def test_many_subjects(n: int) -> None:
    from recist import assess

    lesions = simulate("nct05962450", n).lesions
    responses = assess(lesions[lesions["evaluator"] == "READER 1"].reset_index(drop=True))
    assert_tidy(spider_plot(responses))


def test_under_irecist_confirmed_and_unconfirmed_progression_have_marks_of_their_own() -> None:
    responses = RESPONSES[:3].assign(
        subject="1",
        date=[START + pd.Timedelta(days=n) for n in (56, 112, 168)],
        day=[56, 112, 168],
        change_from_baseline_pct=[25.0, -10.0, 60.0],
        new_lesion=["N", "N", "Y"],
        overall="PD",
        ioverall=["iUPD", "iSD", "iCPD"],
    )
    best = pd.DataFrame({"subject": ["1"], "best_response": ["iSD"]})
    numbers = spider_numbers(responses, best)
    assert numbers["mark"].tolist() == [
        "",
        "unconfirmed progression (iUPD)",
        "",
        "confirmed progression (iCPD) with new lesion",
    ]
    other = responses.iloc[:1].assign(subject="2")
    both = pd.concat([responses, other], ignore_index=True)
    died = pd.DataFrame({"subject": ["1", "2"], "death_date": START + pd.Timedelta(days=300)})
    two = pd.concat([best, best.assign(subject="2")], ignore_index=True)
    text = words(spider_plot(both, two, died)).replace("\n", " ")
    assert "subjects without confirmed progression only." in text
    text = words(spider_plot(responses, best))
    assert "Unconfirmed progression (iUPD)" in text and "Confirmed progression (iCPD) with new lesion" in text


def test_what_ended_a_line_without_progression_is_marked_at_the_last_sum_before_it() -> None:
    stable = course("E", (56, -5, "N", "SD"), (112, -8, "N", "SD"), (168, None, "N", "NE"))
    responses = pd.concat([RESPONSES, stable], ignore_index=True)
    best = pd.concat([BEST, pd.DataFrame({"subject": ["E"], "best_response": "SD"})])
    day = [START + pd.Timedelta(days=n) for n in (170, 300)]
    subjects = pd.DataFrame({"subject": [*"ABCDE"], "new_therapy_date": day[0], "death_date": day[1]})
    numbers = spider_numbers(responses, best, subjects, unit="days")
    ended = numbers[numbers["end"] != ""]
    assert ended[["subject", "time", "end"]].values.tolist() == [["E", 112, "new anticancer therapy"]]
    died = spider_numbers(responses, best, subjects.drop(columns="new_therapy_date"))
    assert set(died["end"]) == {"", "death"}
    text = words(spider_plot(responses, best, subjects)).replace("\n", " ")
    assert "New anticancer therapy: drawn behind the last sum before it, not at its date;" in text
    assert "subjects without progression only." in text
    assert set(spider_numbers(responses, best)["end"]) == {""}


def test_small_multiples_by_best_response_and_no_marks_among_very_many_lines() -> None:
    n = 400
    names = [f"S{k:03}" for k in range(n)]
    change = np.linspace(-100, 90, n)
    overall = np.where(change >= 20, "PD", np.where(change <= -30, "PR", "SD"))
    responses = pd.DataFrame(
        {
            "subject": names,
            "date": START + pd.Timedelta(days=56),
            "start_date": START,
            "day": 56,
            "change_from_baseline_pct": change,
            "new_lesion": "N",
            "overall": overall,
        }
    )
    best = pd.DataFrame({"subject": names, "best_response": overall})
    whole = words(spider_plot(responses, best))
    assert "No marks in panels of more than 160 lines." in whole and "Progression" not in whole
    split = spider_plot(responses, best, look=FigureLook(panels="response"))
    counts = pd.Series(overall).value_counts()
    for term in ("PR", "SD", "PD"):
        assert f"{term} (n={counts[term]})" in [text.get_text() for text in split.texts]
    assert len(split.axes) == 3 and "No marks" not in words(split)
    assert_tidy(split)
