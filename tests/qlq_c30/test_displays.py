"""Means by hand in the table of changes, denominators of completion, numbers of the figure, and its ink."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import survival
from recist import InputError, save_figure
from survival.figures.qlq import COLUMNS, QlqLook
from survival.tables.qlq import QLQ
from survival.tables.qlq_completion import Due
from tests.displays.ink import assert_tidy, foot
from tests.qlq_c30.frames import START, at

ARMS = pd.CategoricalDtype(["X", "P"])
SUBJECTS = pd.DataFrame(
    {
        "subject": list("ABCDE"),
        "arm": pd.Categorical(["X", "X", "X", "P", "P"], dtype=ARMS),
        "randomization_date": START,
        "death_date": pd.to_datetime([None, None, "2024-01-31", None, None]),
    }
)
SEEN = [  # subject, visit, day, score, answered
    ("A", "BASELINE", 0, 80.0, 2),
    ("A", "WEEK 8", 56, 70.0, 2),
    ("A", "WEEK 16", 112, 60.0, 1),
    ("B", "BASELINE", -2, 60.0, 2),
    ("B", "WEEK 8", 54, 40.0, 2),
    ("B", "WEEK 8", 60, 10.0, 2),
    ("C", "BASELINE", 0, 50.0, 2),
    ("D", "BASELINE", 0, 70.0, 2),
    ("D", "WEEK 8", 58, 75.0, 2),
    ("E", "WEEK 8", 57, 30.0, 2),
    ("E", "WEEK 16", 113, None, 0),
]
SCORES = pd.DataFrame(SEEN, columns=["subject", "visit", "day", "score", "answered"])
SCORES = SCORES.assign(date=[at(day) for day in SCORES["day"]], scale="QL2").drop(columns="day")
CHANGE = survival.qlq_change(SCORES, SUBJECTS)


def column(table: object, group: str) -> dict[str, str]:
    """Printed cells of a group by what stands at the left, headings joined on."""
    frame = table.frame  # type: ignore[attr-defined]
    name = next(c for c in frame.columns if c.startswith(f"{group} (N="))
    cells, heading = {}, ""
    for title, cell in zip(frame[""], frame[name], strict=True):
        heading = title.strip() if not cell else heading
        if cell:
            cells[f"{heading}: {title.strip()}"] = cell
    return cells


def test_means_by_hand() -> None:
    cells = column(survival.qlq_table(CHANGE, SUBJECTS, "arm"), "X")
    assert cells["Baseline: n"] == "3" and cells["Baseline: Mean (SD)"] == "63.3 (15.3)"
    assert cells["Change at WEEK 8: n"] == "2"
    assert (
        cells["Change at WEEK 8: Mean (SD)"] == "-15.0 (7.1)"
    )  # -10 and -20; B's second form is not counted
    assert cells["Change at WEEK 8: 95% CI of the mean"] == "(-78.5, 48.5)"  # 12.706 x 7.071 / sqrt(2)
    assert cells["Change at WEEK 16: Mean (SD)"] == "-20.0 (NE)"
    assert cells["Change at WEEK 16: 95% CI of the mean"] == "(NE, NE)"
    other = column(survival.qlq_table(CHANGE, SUBJECTS, "arm"), "P")
    assert other["Baseline: n"] == "1" and other["Change at WEEK 8: Mean (SD)"] == "5.0 (NE)"
    assert other["Change at WEEK 16: n"] == "0" and other["Change at WEEK 16: Mean (SD)"] == "NE"


def test_results_hold_every_number() -> None:
    table = survival.qlq_table(CHANGE, SUBJECTS, "arm", shell=replace(QLQ, total="Total"))
    assert list(table.columns.items()) == [("X", 3), ("P", 2), ("Total", 5)]
    row = table.results[(table.results["row"] == "QL2 WEEK 8") & (table.results["group"] == "Total")]
    values = row.set_index("statistic")["value"]
    changes = np.array([-10.0, -20.0, 5.0])
    assert values["count"] == 3 and values["mean"] == pytest.approx(changes.mean())
    assert values["sd"] == pytest.approx(changes.std(ddof=1))
    t = 0.95 * np.sqrt(2 / (4 * 0.975 * 0.025))  # Student's t with 2 degrees of freedom has a closed form
    half = t * changes.std(ddof=1) / np.sqrt(3)
    assert values["upper"] - values["mean"] == pytest.approx(half, rel=1e-12)
    assert set(row["n"]) == {5} and set(row["unit"]) == {"subjects", "score"}
    assert any("1 further scores are not in the table" in note for note in table.shell.footnotes)


def test_visits_are_ordered_by_their_days_or_as_named() -> None:
    heads = [title.strip() for title in survival.qlq_table(CHANGE, SUBJECTS).frame[""]]
    assert heads.index("Change at WEEK 8") < heads.index("Change at WEEK 16")
    named = survival.qlq_table(CHANGE, SUBJECTS, visits=["WEEK 16", "WEEK 24"])
    heads = [title.strip() for title in named.frame[""] if "Change" in title]
    assert heads == ["Change at WEEK 16", "Change at WEEK 24"]
    assert column(named, "All subjects")["Change at WEEK 24: n"] == "0"


def test_subjects_outside_the_population_do_not_count() -> None:
    table = survival.qlq_table(CHANGE, SUBJECTS[SUBJECTS["subject"].isin(["A", "D"])])
    assert column(table, "All subjects")["Baseline: Mean (SD)"] == "75.0 (7.1)"
    with pytest.raises(InputError, match="the changes have no column day, timing"):
        survival.qlq_table(SCORES, SUBJECTS)


def test_completion_by_hand() -> None:
    cells = column(survival.qlq_completion_table(CHANGE, SUBJECTS, "arm"), "X")
    assert cells["WEEK 8: Expected, n"] == "2"  # C died on day 30
    assert cells["WEEK 8: Answered, n (% of expected)"] == "2 (100.0%)"
    assert cells["WEEK 8: Answered, n (% of all)"] == "2 (66.7%)"
    assert cells["WEEK 16: Answered, n (% of expected)"] == "1 (50.0%)"
    other = column(survival.qlq_completion_table(CHANGE, SUBJECTS, "arm"), "P")
    assert other["BASELINE: Answered, n (% of expected)"] == "1 (50.0%)"
    assert other["WEEK 16: Answered, n (% of expected)"] == "0"  # handed in without an answer


def test_completion_by_the_plan_of_the_protocol() -> None:
    due = Due(planned_days={"WEEK 8": 20, "WEEK 24": 168})
    cells = column(survival.qlq_completion_table(CHANGE, SUBJECTS, due=due), "All subjects")
    assert cells["WEEK 8: Expected, n"] == "5" and cells["WEEK 24: Expected, n"] == "4"
    assert cells["WEEK 24: Answered, n (% of all)"] == "0" and "BASELINE: Expected, n" not in cells
    stopped = SUBJECTS.assign(discontinuation_date=START + pd.Timedelta(10, "D"))
    ended = Due(planned_days={"WEEK 24": 168}, until=("death_date", "cutoff_date", "discontinuation_date"))
    cells = column(survival.qlq_completion_table(CHANGE, stopped, due=ended), "All subjects")
    assert cells["WEEK 24: Expected, n"] == "0" and cells["WEEK 24: Answered, n (% of expected)"] == "0"


def test_all_thirty_items() -> None:
    answers = pd.DataFrame([{f"q{n}": 1 for n in range(1, 31)} | {"subject": s, "date": START} for s in "AB"])
    answers.loc[1, "q7"] = None
    change = survival.qlq_change(survival.score_qlq(answers), SUBJECTS)
    cells = column(survival.qlq_completion_table(change, SUBJECTS), "All subjects")
    assert cells["2024-01-01: All 30 items, n (% of answered)"] == "1 (50.0%)"


def test_numbers_of_the_figure_are_those_of_the_table() -> None:
    numbers = survival.qlq_numbers(CHANGE, SUBJECTS, "arm")
    assert list(numbers) == list(COLUMNS)
    mine = numbers[numbers["group"] == "X"].set_index("visit")
    assert mine["n"].tolist() == [3, 2, 1] and mine["mean"].round(6).tolist() == [0, -15, -20]
    assert mine["time"].tolist() == [0, 8, 16]  # medians of 54, 56, 58 and of 112; E has no baseline
    assert mine.loc["WEEK 8", "upper"] == pytest.approx(-15 + 12.706204736 * 50**0.5 / 2**0.5)
    assert np.isnan(mine.loc["Baseline", "lower"]) and np.isnan(mine.loc["WEEK 16", "lower"])
    with pytest.raises(InputError, match="there are no scores to draw"):
        survival.qlq_numbers(CHANGE[:0], SUBJECTS)


@pytest.mark.parametrize(
    "frame", [CHANGE, CHANGE[CHANGE["subject"] == "E"], CHANGE[CHANGE["subject"] == "A"]]
)
def test_ink_is_laid_and_the_same_twice(frame: pd.DataFrame, tmp_path: Path) -> None:
    both = pd.concat([frame, frame.assign(scale="PA")])
    for n, drawn in enumerate((frame, both)):
        look = QlqLook(width="single" if n else "double", origin="randomization")
        first, second = (survival.qlq_plot(drawn, SUBJECTS, "arm", look=look) for _ in range(2))
        paths = [save_figure(figure, tmp_path / f"{n}{i}.svg") for i, figure in enumerate((first, second))]
        assert paths[0].read_bytes() == paths[1].read_bytes()
        assert len(first.axes) == n + 1
        texts = {text.get_text() for text in first.texts}
        assert {"X", "P", "Weeks from randomization"} <= texts
        said = " ".join(text.get_text() for text in first.texts)
        assert "QoL (QL2)" in said and "higher: better" in said
        assert "Under each panel: subjects with a score" in foot(first)
        assert_tidy(first)
        numbers = survival.qlq_numbers(drawn, SUBJECTS, "arm")
        at_baseline = numbers[(numbers["visit"] == "Baseline") & numbers["mean"].notna()]
        assert {str(count) for count in at_baseline["n"]} <= texts
        told = "Global health status / QoL, X: " if len(at_baseline) else "No mean is drawn."
        assert told in first.alt_text
        assert [axes.get_ylabel() for axes in first.axes] == ["Mean change, points", *[""] * n]


@pytest.mark.parametrize(("width", "arms"), [("double", 2), ("double", 6), ("single", 1)])
def test_all_fifteen_scales_are_tidy(width: str, arms: int) -> None:
    from survival.qlq_c30.scales import SCALES

    random = np.random.default_rng(4)
    subjects = pd.DataFrame({"subject": [f"S{n}" for n in range(60)], "randomization_date": START})
    subjects["arm"] = [f"A rather long name of an arm, dose level {n % arms}" for n in range(60)]
    rows = [
        (subject, f"WEEK {week}", START + pd.Timedelta(days=7 * week), scale, float(random.integers(0, 101)))
        for subject in subjects["subject"]
        for week in range(0, 57, 8)
        for scale in SCALES
    ]
    scores = pd.DataFrame(rows, columns=["subject", "visit", "date", "scale", "score"])
    change = survival.qlq_change(scores, subjects)
    figure = survival.qlq_plot(change, subjects, "arm", look=QlqLook(width=width))  # type: ignore[arg-type]
    assert_tidy(figure)
    assert len(figure.axes) == len(SCALES)
    if width == "double":
        assert figure.get_size_inches()[1] * 25.4 <= 247
        assert ("Under each panel" in foot(figure)) == (arms == 2)
