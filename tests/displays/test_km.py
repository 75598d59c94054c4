"""Numbers of the Kaplan-Meier figure, and that its ink is laid and the same twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist import InputError, save_figure
from survival import KmLook, compare_arms, kaplan_meier, km_numbers, km_plot
from survival.figures.km import COLUMNS
from tests.displays.ink import assert_tidy, foot, words

# Altman's way of asking: two events and a censoring share day 10
TTE = pd.DataFrame(
    {
        "time": [10, 10, 10, 20, 30, 5, 15, 25, 35, 45],
        "event": [True, True, False, True, False, False, True, True, False, True],
        "arm": pd.Categorical(["X"] * 5 + ["P"] * 5, ["X", "P"]),
    }
)


def part(numbers: pd.DataFrame, name: str, group: str) -> pd.DataFrame:
    return numbers[(numbers["part"] == name) & (numbers["group"] == group)]


def test_number_at_risk_is_just_before_the_tick() -> None:
    numbers = km_numbers(kaplan_meier(TTE, by="arm"), unit="days", ticks=[0, 10, 11, 30, 31])
    assert list(numbers) == list(COLUMNS)
    assert part(numbers, "at_risk", "X")["value"].tolist() == [5, 5, 2, 1, 0]
    assert part(numbers, "at_risk", "P")["value"].tolist() == [5, 4, 4, 2, 2]


def test_number_at_risk_survives_the_change_to_months() -> None:
    days = np.array([30.4375 * month for month in (1, 2, 3)])
    tte = pd.DataFrame({"time": days, "event": True})
    numbers = km_numbers(kaplan_meier(tte), ticks=[0, 1, 2, 3])
    assert part(numbers, "at_risk", "All subjects")["value"].tolist() == [3, 3, 2, 1]


def test_curve_marks_and_medians_are_the_estimates() -> None:
    km = kaplan_meier(TTE, by="arm")
    numbers = km_numbers(km, unit="days")
    curve = km.curves[km.curves["arm"] == "X"]
    assert part(numbers, "curve", "X")["value"].tolist() == curve["survival"].tolist()
    marks = part(numbers, "censored", "X")
    assert marks["time"].tolist() == [10, 30] and marks["value"].round(10).tolist() == [0.6, 0.3]
    median = part(numbers, "median", "P").iloc[0]
    assert median[["n", "events"]].tolist() == [5, 3]
    assert median["time"] == km.quantiles([0.5]).set_index("arm").loc["P", "time"]
    assert numbers["group"].drop_duplicates().tolist() == ["X", "P"]


def test_comparison_under_any_name_of_the_arm() -> None:
    tte = TTE.rename(columns={"arm": "cohort"})
    compared = compare_arms(tte, by="cohort", reference="P")
    numbers = km_numbers(kaplan_meier(tte, by="cohort"), compared)
    ratio = part(numbers, "hazard_ratio", "X").iloc[0]
    assert ratio["reference"] == "P" and ratio["value"] == compared["hazard_ratio"].iloc[0]
    assert ratio["p_value"] == compared["p_logrank"].iloc[0]


@pytest.mark.parametrize(
    ("longest", "unit", "ticks"),
    [
        (700, "months", [0, 3, 6, 9, 12, 15, 18, 21]),
        (700, "days", list(range(0, 700, 90))),
        (1, "days", [0, 1]),
    ],
)
def test_ticks_are_round_times(longest: int, unit: str, ticks: list[float]) -> None:
    tte = pd.DataFrame({"time": [longest, longest], "event": [True, False]})
    numbers = km_numbers(kaplan_meier(tte), unit=unit)
    assert part(numbers, "at_risk", "All subjects")["time"].tolist() == ticks


def test_no_events_and_everybody_censored_at_once() -> None:
    numbers = km_numbers(kaplan_meier(TTE.assign(event=False), by="arm"))
    assert numbers.loc[numbers["part"] == "median", ["time", "lower", "upper"]].isna().all(axis=None)
    assert km_plot(kaplan_meier(TTE.assign(event=False), by="arm")).axes


@pytest.mark.parametrize("wish", [{"unit": "weeks"}, {"ticks": [-1]}, {"ticks": []}])
def test_impossible_wishes_are_refused(wish: dict[str, object]) -> None:
    with pytest.raises(InputError):
        km_numbers(kaplan_meier(TTE), **wish)  # type: ignore[arg-type]


def test_six_groups_are_told_apart_and_a_seventh_is_refused() -> None:
    many = pd.concat([TTE.assign(arm=f"arm {n}") for n in range(7)])
    six = km_plot(kaplan_meier(many[many["arm"] != "arm 6"], by="arm"))
    curves = [line for line in six.axes[0].lines if line.get_marker() == "None"]
    looks = [(line.get_color(), str(line._dash_pattern)) for line in curves]
    assert len({colour for colour, _ in looks}) == 6 and len({dashes for _, dashes in looks}) == 6
    with pytest.raises(InputError, match="tells 6 groups apart"):
        km_plot(kaplan_meier(many, by="arm"))


def test_texts_do_not_overlap_even_with_long_names() -> None:
    long = "Pembrolizumab 200 mg every three weeks plus carboplatin and paclitaxel, {} arm"
    tte = TTE.assign(arm=TTE["arm"].astype(str).map(long.format))
    compared = compare_arms(tte, reference=long.format("P"))
    for width in ("single", "double"):
        figure = km_plot(kaplan_meier(tte, by="arm"), compared, look=KmLook(width=width))
        figure.canvas.draw()  # places the titles of the axes
        renderer = figure.canvas.get_renderer()
        axes = figure.axes[0]
        texts = [
            *figure.texts,
            *axes.get_xticklabels(),
            *axes.get_yticklabels(),
            axes.xaxis.label,
            axes.yaxis.label,
        ]
        boxes = [text.get_window_extent(renderer).padded(-1) for text in texts if text.get_text()]
        assert not [(a, b) for n, a in enumerate(boxes) for b in boxes[:n] if a.overlaps(b)]
        assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 for box in boxes)
        assert all(box.y1 <= figure.bbox.y1 for box in boxes)


def test_files_are_the_same_twice_and_leave_matplotlib_alone(tmp_path: Path) -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    for kind in ("png", "svg"):
        one, two = (
            save_figure(km_plot(kaplan_meier(TTE, by="arm")), tmp_path / f"{n}.{kind}").read_bytes()
            for n in "ab"
        )
        assert one == two and len(one) > 5000
    assert "Number at risk" in (tmp_path / "a.svg").read_text(encoding="utf-8")  # text is text
    assert dict(matplotlib.rcParams) == before
    with pytest.raises(InputError, match=r"written as \.png, \.svg or \.pdf"):
        save_figure(km_plot(kaplan_meier(TTE)), tmp_path / "a.jpg")


def test_numbers_load_no_matplotlib_and_the_figure_no_pyplot() -> None:
    code = (
        "import sys, pandas as pd, survival\n"
        "km = survival.kaplan_meier(pd.DataFrame({'time': [1, 2], 'event': [True, False]}))\n"
        "survival.km_numbers(km)\n"
        "assert 'matplotlib' not in sys.modules\n"
        "survival.km_plot(km)\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_titles_say_what_the_curve_is_the_probability_of() -> None:
    km = kaplan_meier(TTE, by="arm")
    titles = {
        "Overall survival": "Overall survival (probability)",
        "Duration of response": "Continued response (probability)",
        "Time to progression": "Without progression (probability)",
    }
    for endpoint, title in titles.items():
        axes = km_plot(km, look=KmLook(endpoint=endpoint, origin="randomization")).axes[0]
        assert axes.get_ylabel() == title
        assert axes.get_xlabel() == "Time from randomization, months"


def test_bands_and_ticks_are_named_where_they_are_drawn() -> None:
    said = words(km_plot(kaplan_meier(TTE, by="arm")))
    assert "Shaded: 95% CI. Ticks on the curves: censored." in said
    said = words(km_plot(kaplan_meier(TTE.assign(event=True), by="arm")))
    assert "Shaded: 95% CI." in said and "Ticks" not in said


def test_how_numbers_were_obtained_is_told() -> None:
    tte = TTE.assign(region=list("uvuvuvuvuv"))
    compared = compare_arms(tte, reference="P", strata=["region"], ties="breslow")
    said = foot(km_plot(kaplan_meier(tte, by="arm", conf_type="log"), compared))
    assert said.startswith(
        "Kaplan-Meier, log limits (medians: Brookmeyer and Crowley). Hazard ratio: Cox model, "
    )
    assert "ties by Breslow, stratified by region; p: log-rank test, two-sided, stratified by region." in said
    plain = foot(km_plot(kaplan_meier(tte, by="arm"), compare_arms(tte, reference="P")))
    assert "ties by Efron, unstratified; p: log-rank test, two-sided, unstratified." in plain


def test_more_than_three_curves_have_bars_at_the_ticks() -> None:
    many = pd.concat([TTE.assign(arm=f"arm {n}") for n in range(4)])
    figure = km_plot(kaplan_meier(many, by="arm"), unit="days", ticks=[0, 10, 20, 46])
    assert "Bars: 95% CI at the times of the scale" in foot(figure) and "Shaded" not in foot(figure)
    bars = [line for line in figure.axes[0].collections if hasattr(line, "get_segments")]
    curve = kaplan_meier(many, by="arm").curves.query("arm == 'arm 0'").set_index("time")
    drawn = [(segment[0][1], segment[1][1]) for segment in bars[0].get_segments()]
    assert drawn == [tuple(curve.loc[day, ["lower", "upper"]]) for day in (10, 20)]  # nobody is at risk at 46
    assert np.mean([bar.get_segments()[0][0][0] for bar in bars]) == pytest.approx(10)


def test_curves_end_where_few_are_at_risk() -> None:
    figure = km_plot(kaplan_meier(TTE, by="arm"), unit="days", look=KmLook(fewest=3))
    steps = [line for line in figure.axes[0].lines if line.get_drawstyle() == "steps-post"]
    assert [line.get_xdata().max() for line in steps] == [10, 25]
    assert "Curves end where fewer than 3 subjects are at risk." in foot(figure)
    risk = [text.get_text() for text in figure.texts]
    assert "Number at risk" in risk and figure.axes[0].get_xticks().max() == 40


def test_nobody_is_estimable_beyond_the_last_time_of_a_curve() -> None:
    look = KmLook(landmarks=(10, 40))
    figure = km_plot(kaplan_meier(TTE, by="arm"), unit="days", look=look)
    key = [text.get_text() for text in figure.texts]
    assert "At 10 days (95% CI)" in key and "At 40 days (95% CI)" in key and "NE" in key
    assert "Dotted: 10 and 40 days." in foot(figure) and "NE: not estimable" in foot(figure)


def test_at_risk_events_and_censored_before_a_tick_add_up() -> None:
    numbers = km_numbers(kaplan_meier(TTE, by="arm"), unit="days", ticks=[0, 10, 11, 31, 50])
    table = {
        name: part(numbers, name, "X")["value"].tolist()
        for name in ("at_risk", "cumulative_events", "cumulative_censored")
    }
    assert table["cumulative_events"] == [0, 0, 2, 3, 3]
    assert table["cumulative_censored"] == [0, 0, 1, 2, 2]
    assert [sum(row) for row in zip(*table.values(), strict=True)] == [5] * 5


def test_landmarks_are_the_estimates_and_are_told() -> None:
    km = kaplan_meier(TTE, by="arm")
    numbers = km_numbers(km, unit="days", landmarks=[15])
    assert part(numbers, "landmark", "X")["value"].round(10).tolist() == [0.6]
    look = KmLook(
        landmarks=(15,), rows=("at_risk", "cumulative_events", "cumulative_censored"), caption="Treated."
    )
    figure = km_plot(km, unit="days", look=look)
    assert_tidy(figure)
    assert "At 15 days (95% CI)" in words(figure) and "60.0% (" in words(figure)
    assert foot(figure).startswith("Treated. ") and "Dotted: 15 days." in foot(figure)
    single = km_plot(km, unit="days", look=KmLook(landmarks=(15, 20, 25), width="single"))
    assert "Dotted line, 15 days (95% CI): X 60.0%" in words(single)
    assert "Cumulative events" in words(figure) and "X at 15 days: 60.0%." in figure.alt_text
    with pytest.raises(InputError, match="later than 0"):
        km_numbers(km, landmarks=[0])


def test_six_arms_with_long_names_and_all_rows_fit_on_a_page() -> None:
    long = "Pembrolizumab 200 mg every three weeks plus carboplatin and paclitaxel, then surgery, "
    many = pd.concat([TTE.assign(arm=f"{long * 3}arm {n}") for n in range(6)])
    compared = compare_arms(many, reference=f"{long * 3}arm 0")
    rows = ("at_risk", "cumulative_events", "cumulative_censored")
    for width in ("single", "double"):
        look = KmLook(width=width, rows=rows, landmarks=(0.5, 1))  # type: ignore[arg-type]
        figure = km_plot(kaplan_meier(many, by="arm"), compared, look=look)
        assert_tidy(figure)
        assert figure.get_size_inches()[1] * 25.4 <= 247


@pytest.mark.parametrize("width", ["single", "double"])
def test_more_landmarks_than_a_page_holds_are_left_to_the_words(width: str) -> None:
    many = pd.concat([TTE.assign(arm=f"arm {n}") for n in range(6)])
    rows = ("at_risk", "cumulative_events", "cumulative_censored")
    look = KmLook(width=width, rows=rows, landmarks=tuple(range(1, 31)))  # type: ignore[arg-type]
    figure = km_plot(kaplan_meier(many, by="arm"), unit="days", look=look)
    assert_tidy(figure)
    assert figure.get_size_inches()[1] * 25.4 <= 247
    assert "29 and 30 days; no room for the estimates there" in foot(figure)
    assert "arm 5 at 15 days: " in figure.alt_text


@pytest.mark.parametrize("width", ["single", "double"])
def test_six_arms_with_hostile_names_are_tidy(width: str) -> None:
    long = "$x_1$ <b>\n {\\rtf} Ωμ 中文 =cmd() " * 10
    many = pd.concat([TTE.assign(arm=f"arm {n} {long}") for n in range(6)])
    compared = compare_arms(many, reference=f"arm 0 {long}")
    look = KmLook(width=width, landmarks=(6, 12), endpoint="Time to first deterioration")  # type: ignore[arg-type]
    figure = km_plot(kaplan_meier(many, by="arm"), compared, look=look)
    assert_tidy(figure)
    assert figure.axes[0].get_ylabel() == "Without deterioration (probability)"


def test_one_subject() -> None:
    assert_tidy(km_plot(kaplan_meier(TTE[:1])))
