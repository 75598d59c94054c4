"""Numbers of the waterfall: who has a bar, how deep, in what order; and that its ink is laid."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from recist import FigureLook, InputError, save_figure, waterfall_numbers, waterfall_plot
from recist.figures.palette import FILLS
from recist.figures.waterfall import COLUMNS, caption
from tests.displays.ink import assert_marks_apart, assert_tidy, words


def visits(subject: str, *course: tuple[int, float | None, str, str, str]) -> pd.DataFrame:
    """Visits of one subject as (week, change, target, new lesion, overall)."""
    weeks, change, target, new, overall = zip(*course, strict=True)
    date = [pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=week) for week in weeks]
    columns = {"date": date, "change_from_baseline_pct": np.array(change, dtype=float), "target": target}
    return pd.DataFrame({"subject": subject, **columns, "new_lesion": new, "overall": overall})


RESPONSES = pd.concat(
    [
        visits("deep", (8, -20, "SD", "N", "SD"), (16, -40, "PR", "N", "PR"), (24, -10, "PD", "N", "PD")),
        visits("after", (8, -5, "SD", "Y", "PD"), (16, -60, "PR", "N", "PR")),
        visits("grew", (8, 140, "PD", "N", "PD")),
        visits("still", (8, 0, "SD", "E", "SD")),
        visits("partial", (8, None, "NE", "N", "NE")),
        visits("none", (8, None, "NA", "N", "NON-CR/NON-PD")),
    ],
    ignore_index=True,
)
BEST = pd.DataFrame(
    {
        "subject": ["absent", "none", "partial", "still", "grew", "after", "deep"],
        "best_response": ["NE", "NON-CR/NON-PD", "NE", "SD", "PD", "PD", "PR"],
        "confirmed_best_response": ["NE", "NON-CR/NON-PD", "NE", "SD", "PD", "PD", "SD"],
    }
)


def test_smallest_change_up_to_progression_worst_to_best() -> None:
    numbers = waterfall_numbers(RESPONSES, BEST)
    assert list(numbers) == list(COLUMNS)
    shown = numbers[numbers["not_shown"] == ""]
    assert shown["subject"].tolist() == ["grew", "still", "after", "deep"]
    assert shown["change_pct"].tolist() == [140, 0, -5, -40]  # -60 came after progression
    assert shown["rank"].tolist() == [1, 2, 3, 4]


def test_only_an_unequivocal_new_lesion_is_marked() -> None:
    numbers = waterfall_numbers(RESPONSES, BEST).set_index("subject")
    assert numbers.index[numbers["new_lesion"]].tolist() == ["after"]


def test_everybody_else_is_named_with_the_reason() -> None:
    numbers = waterfall_numbers(RESPONSES, BEST).set_index("subject")
    assert numbers.loc[["absent", "none", "partial"], "not_shown"].tolist() == [
        "no assessment after baseline",
        "no target lesion at baseline",
        "no complete sum after baseline",
    ]
    assert caption(numbers.reset_index()).startswith(
        "4 evaluable of 7 subjects. Not shown: no assessment after"
    )
    assert "(n=1): absent" in caption(numbers.reset_index())


def test_colour_by_the_confirmed_response_where_asked() -> None:
    numbers = waterfall_numbers(RESPONSES, BEST, "confirmed_best_response").set_index("subject")
    assert numbers.loc["deep", "best_response"] == "SD"


def test_order_of_rows_changes_nothing() -> None:
    again = waterfall_numbers(RESPONSES[::-1], BEST[::-1])
    pd.testing.assert_frame_equal(again, waterfall_numbers(RESPONSES, BEST))


def test_mixed_readers_and_doubled_subjects_are_refused() -> None:
    two = pd.concat([BEST.assign(evaluator="A"), BEST.assign(evaluator="B")])
    with pytest.raises(InputError, match="several values of evaluator"):
        waterfall_numbers(RESPONSES, two)
    with pytest.raises(InputError, match="more than one row in best"):
        waterfall_numbers(RESPONSES, pd.concat([BEST, BEST]))
    with pytest.raises(InputError, match="no column target"):
        waterfall_numbers(RESPONSES.drop(columns="target"), BEST)


def many(n: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    change = np.linspace(180, -100, n)
    names = [f"S{k:04}" for k in range(n)]
    overall = np.where(change >= 20, "PD", np.where(change <= -30, "PR", "SD"))
    frame = pd.DataFrame(
        {"subject": names, "date": pd.Timestamp("2024-01-01"), "change_from_baseline_pct": change}
    )
    frame = frame.assign(target=overall, new_lesion="N", overall=overall)
    return frame, pd.DataFrame({"subject": names, "best_response": overall})


def bars_of(figure: object) -> list[tuple[float, float]]:
    """Upper or lower end of each bar and where it starts, from the left: the shapes that lead to a subject."""
    found = [
        (path.vertices[:, 0].min(), path.vertices[1, 1], path.vertices[0, 1])
        for shapes in figure.axes[0].collections  # type: ignore[attr-defined]
        if any(shapes.get_urls())
        for path in shapes.get_paths()
    ]
    return [(end, start) for _, end, start in sorted(found)]


def hatched(figure: object) -> dict[str, int]:
    """Hatching of the shapes of the first axes and how many there are of each."""
    shapes = [shape for shape in figure.axes[0].collections if shape.get_hatch()]  # type: ignore[attr-defined]
    return dict(Counter(shape.get_hatch() for shape in shapes))


def printed(figure: object) -> str:
    texts = [*figure.texts, *figure.axes[0].texts]  # type: ignore[attr-defined]
    return " ".join(text.get_text() for text in texts)


def test_bars_end_at_the_cap_with_the_true_value_printed() -> None:
    figure = waterfall_plot(RESPONSES, BEST)
    bars = bars_of(figure)
    assert bars[0] == (100, 0) and bars[2:] == [(-5, 0), (-40, 0)]
    assert "+140" in printed(figure) and "4 evaluable of 7" in printed(figure)
    assert "Colour: best response." in printed(figure).replace("\n", " ")
    low, high = sorted(bars[1])
    assert 0.5 < high == -low < 1.5  # a change of 0 is seen, on both sides of the line


@pytest.mark.parametrize(("change", "ends"), [(0.5, (0.9, 0.0)), (-0.5, (-0.9, 0.0)), (0.0, (0.9, -0.9))])
def test_a_small_change_is_drawn_on_its_own_side_of_the_zero_line(
    change: float, ends: tuple[float, float]
) -> None:
    still = RESPONSES["subject"] == "still"
    moved = RESPONSES.assign(
        change_from_baseline_pct=RESPONSES["change_from_baseline_pct"].mask(still, change)
    )
    assert sorted(bars_of(waterfall_plot(moved, BEST))[1]) == pytest.approx(sorted(ends))


def test_words_of_irecist_under_the_bars() -> None:
    immune = BEST.replace({"best_response": {"SD": "iSD", "PD": "iCPD", "PR": "iSD"}})
    text = printed(waterfall_plot(RESPONSES.assign(ioverall="iSD"), immune)).replace("\n", " ")
    assert "iSD beyond \N{MINUS SIGN}30%: no response that counts" in text


@pytest.mark.parametrize("n", [5, 100, 1000])
def test_true_values_are_told_however_many_bars(n: int) -> None:
    figure = waterfall_plot(*many(n))
    assert "+180" in printed(figure) and len(bars_of(figure)) == n
    assert figure.get_figwidth() * 25.4 == pytest.approx(183)


def test_neighbours_among_many_bars_share_hatching() -> None:
    figure = waterfall_plot(*many(1000))
    assert hatched(figure) == {"//////": 1}  # one shape of all bars with PD
    lightness = [
        round(float(np.dot(to_rgb(FILLS[term][0]), (0.2126, 0.7152, 0.0722))), 2)
        for term in ("CR", "PD", "iUPD", "PR", "SD")
    ]
    assert min(np.diff(lightness)) > 0.13  # single narrow bars differ in grey


def test_non_target_progression_and_responses_not_confirmed_are_marked() -> None:
    responses = RESPONSES.assign(non_target=np.where(RESPONSES["subject"] == "after", "PD", "NON-CR/NON-PD"))
    numbers = waterfall_numbers(responses, BEST).set_index("subject")
    assert numbers.index[numbers["non_target"]].tolist() == ["after"]
    assert numbers.index[numbers["unconfirmed"]].tolist() == ["deep"]  # PR, confirmed SD
    partly = BEST.assign(best_response="CR", confirmed_best_response="PR")
    assert waterfall_numbers(RESPONSES, partly)["unconfirmed"].all()  # the CR was not
    assert not waterfall_numbers(RESPONSES, partly, "confirmed_best_response")["unconfirmed"].any()
    text = words(waterfall_plot(responses, BEST))
    assert "Non-target progression" in text and "Response not confirmed" in text
    for width in ("single", "double"):
        assert_marks_apart(waterfall_plot(responses, BEST, look=FigureLook(width=width)))  # type: ignore[arg-type]
    alone = waterfall_numbers(RESPONSES, BEST.drop(columns="confirmed_best_response"))
    assert not alone["non_target"].any() and not alone["unconfirmed"].any()


def test_strokes_under_narrow_bars_say_which_line_is_which() -> None:
    responses, best = many(400)
    responses = responses.assign(new_lesion="Y", non_target="PD")
    figure = waterfall_plot(responses, best)
    assert_marks_apart(figure)
    text = words(figure)
    assert "New lesion (line 1 below)" in text and "Non-target progression (line 2 below)" in text


def test_under_irecist_the_change_runs_to_the_progression_that_was_confirmed() -> None:
    course = visits("1", (8, 25, "PD", "N", "PD"), (16, -40, "PR", "N", "PD"), (24, -60, "PR", "N", "PD"))
    course["ioverall"] = ["iUPD", "iPR", "iPR"]
    best = pd.DataFrame({"subject": ["1"], "best_response": ["iPR"], "progression_date": [pd.NaT]})
    assert waterfall_numbers(course, best)["change_pct"].tolist() == [-60]  # pseudo-progression
    confirmed = course.assign(ioverall=["iUPD", "iCPD", "iCPD"])
    first = best.assign(progression_date=course["date"].iloc[0])
    assert waterfall_numbers(confirmed, first)["change_pct"].tolist() == [25]
    assert waterfall_numbers(confirmed, best[["subject", "best_response"]])["change_pct"].tolist() == [-40]


def test_dashed_lines_are_the_limits_of_the_criteria() -> None:
    def lines(criteria: str) -> list[float]:
        figure = waterfall_plot(RESPONSES.assign(criteria=criteria), BEST.assign(criteria=criteria))
        dashed = [line for line in figure.axes[0].lines if line.is_dashed()]
        assert f"+{dashed[0].get_ydata()[0]:.0f}% and" in words(figure)
        return [float(line.get_ydata()[0]) for line in dashed]

    assert lines("choi") == [10, -10]
    assert lines("recist_1_1") == lines("CENTRAL REVIEW") == [20, -30]


def test_no_change_counts_after_new_therapy_that_is_known() -> None:
    started = [pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=week) for week in (1, 9)]
    best = BEST.assign(new_therapy_date=BEST["subject"].map({"still": started[0], "deep": started[1]}))
    numbers = waterfall_numbers(RESPONSES, best).set_index("subject")
    assert numbers.loc["deep", "change_pct"] == -20  # -40 at week 16 came after it
    assert numbers.loc["after", "change_pct"] == -5
    assert numbers.loc["still", "not_shown"] == "no assessment before new anticancer therapy"


def test_a_figure_without_bars_says_so() -> None:
    figure = waterfall_plot(RESPONSES, BEST[BEST["subject"].isin(["absent", "none"])])
    assert "0 evaluable of 2 subjects" in printed(figure)


def test_files_are_the_same_twice(tmp_path: Path) -> None:
    for kind in ("png", "svg"):
        one, two = (
            save_figure(
                waterfall_plot(RESPONSES, BEST, look=FigureLook(width="single")), tmp_path / f"{n}.{kind}"
            ).read_bytes()
            for n in "ab"
        )
        assert one == two and len(one) > 5000


def test_bars_that_seem_to_contradict_their_colour_are_explained() -> None:
    def notes(response: str) -> str:
        return " ".join(text.get_text() for text in waterfall_plot(RESPONSES, BEST, response=response).texts)

    assert "SD beyond \N{MINUS SIGN}30%: no response that counts" in notes("confirmed_best_response")
    assert "SD beyond" not in notes("best_response")


ARMS = BEST.assign(arm=pd.Categorical(["a", "a", "a", "a", "b", "b", "b"], ["b", "a"]))


def test_arms_are_ranked_apart_in_the_order_of_their_categories() -> None:
    numbers = waterfall_numbers(RESPONSES, ARMS, by="arm")
    shown = numbers[numbers["not_shown"] == ""]
    assert shown["subject"].tolist() == ["grew", "after", "deep", "still"]
    assert shown["rank"].tolist() == [1, 2, 3, 1] and shown["group"].tolist() == ["b", "b", "b", "a"]
    with pytest.raises(InputError, match="best has no column arm"):
        waterfall_numbers(RESPONSES, BEST, by="arm")


def test_complete_responses_with_nodes_left_are_marked() -> None:
    best = BEST.assign(best_response=BEST["best_response"].where(BEST["subject"] != "deep", "CR"))
    numbers = waterfall_numbers(RESPONSES, best)
    assert numbers.loc[numbers["node"], "subject"].tolist() == ["deep"]
    text = words(waterfall_plot(RESPONSES, best))
    assert "Normal nodes left" in text and "CR above" in text
    assert "Normal nodes left" not in words(waterfall_plot(RESPONSES, BEST))


def test_the_upper_line_is_said_to_be_a_guide_and_the_caption_comes_first() -> None:
    text = words(waterfall_plot(RESPONSES, BEST, look=FigureLook(caption="RECIST 1.1, reader 2.")))
    assert "RECIST 1.1, reader 2. 4 evaluable" in text and "so the upper one is only a guide" in text


@pytest.mark.parametrize("width", ["single", "double"])
@pytest.mark.parametrize("colour", ["response", "arm"])
def test_ink_is_tidy_with_hostile_names(width: str, colour: str) -> None:
    long = "$x_1$ <b> {\\rtf} Ωμ 中文 =cmd() " * 10
    responses = RESPONSES.assign(subject=RESPONSES["subject"] + long)
    best = ARMS.assign(subject=ARMS["subject"] + long, arm=ARMS["arm"].astype(str) + long)
    look = FigureLook(width=width, colour=colour, caption=long)  # type: ignore[arg-type]
    assert_tidy(waterfall_plot(responses, best, by="arm", look=look))


@pytest.mark.parametrize("colour", ["response", "arm"])
def test_arms_whose_names_differ_at_the_end_are_told_apart_with_their_numbers(colour: str) -> None:
    arm = "Chemotherapy of the investigator's choice with the study drug at a dose of " * 3
    best = ARMS.assign(arm=[f"{arm}{place} mg" for place in ARMS["arm"].astype(str)])
    look = FigureLook(width="single", colour=colour)  # type: ignore[arg-type]
    figure = waterfall_plot(RESPONSES, best, by="arm", look=look)
    assert_tidy(figure)
    for name in best["arm"].unique():
        assert f"{name[-8:]} (n=" in words(figure)


@pytest.mark.parametrize("n", [1, 5, 84, 1000])
def test_few_and_many_bars_are_tidy(n: int) -> None:
    for width in ("single", "double"):
        figure = waterfall_plot(*many(n), look=FigureLook(width=width))  # type: ignore[arg-type]
        assert_tidy(figure)
    assert_tidy(waterfall_plot(RESPONSES[:0], BEST[:0]))
