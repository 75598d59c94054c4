"""Lines of the forest plot by hand; and that its ink is tidy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recist import InputError
from survival import ForestLook, forest_numbers, forest_pages, forest_plot, subgroup_analysis, subgroup_rates
from survival.subgroups import SUBGROUPS
from tests.displays.ink import assert_tidy, words


def row(
    variable: str, subgroup: str, estimate: float, p: float = np.nan, **more: object
) -> dict[str, object]:
    limits = {"estimate": estimate, "lower": estimate / 2, "upper": estimate * 2}
    counts = {"n": 10, "events": 5, "n_reference": 8, "events_reference": 4}
    names = {"variable": variable, "subgroup": subgroup, "arm": "NEW", "reference": "OLD", "p_interaction": p}
    return {**names, **counts, **limits, "method": "hazard ratio, Cox", "level": 0.9, "note": "", **more}


FOUND = pd.DataFrame(
    [
        row("All subjects", "", 0.805),
        row("ecog_status", "0", 0.5, 0.0421),
        row("ecog_status", "1", np.nan, note="not estimable: an arm has no subjects here", events=0),
        row("sex", "F", 40.0),
    ]
).reindex(columns=list(SUBGROUPS))


def test_lines_from_the_top_with_texts() -> None:
    numbers = forest_numbers(FOUND, {"sex": "Sex at birth"})
    assert numbers[["kind", "label", "text"]].values.tolist() == [
        ["overall", "All subjects", "0.81 (0.40–1.61)"],
        ["heading", "Ecog status", ""],
        ["subgroup", "0", "0.50 (0.25–1.00)"],
        ["subgroup", "1", "NE"],
        ["heading", "Sex at birth", ""],
        ["subgroup", "F", "40.00 (20.00–80.00)"],
    ]
    assert numbers["p_interaction"].tolist()[1] == 0.0421 and numbers["p_interaction"].notna().sum() == 1
    assert numbers["events"].fillna(-1).tolist() == [5, -1, 5, 0, -1, 5]
    assert set(numbers["measure"]) == {"hazard ratio"} and set(numbers["level"]) == {0.9}


def test_area_of_the_boxes_is_the_number_of_events_or_subjects() -> None:
    found = FOUND.assign(
        events=[16, 4, 0, 1], events_reference=0, n=[16, 8, 2, 8], n_reference=0, estimate=1.0
    )

    def sides(look: ForestLook) -> list[float]:
        boxes = [line for line in forest_plot(found, look=look).axes[0].lines if line.get_marker() == "s"]
        return [round(line.get_markersize() ** 2, 2) for line in boxes]

    assert sides(ForestLook()) == [32.0, 8.0, 32.0]  # 64 points squared for the 16 subjects of the whole
    assert sides(ForestLook(size="events")) == [16.0, 3.24, 4.0]


def test_the_whole_has_a_dashed_line_and_limits_beyond_the_scale_an_arrow() -> None:
    figure = forest_plot(FOUND)
    dashed = [line.get_xdata()[0] for line in figure.axes[0].lines if line.is_dashed()]
    assert dashed == [0.805]
    assert "Arrows: limits beyond the scale." in words(figure)
    assert "NE: not estimable (an arm has no subjects here)." in words(figure)


def test_methods_and_tests_are_told() -> None:
    said = words(forest_plot(FOUND, look=ForestLook(caption="Overall survival.")))
    for told in (
        "Overall survival.",
        "Hazard ratio, Cox.",
        "Interaction p: likelihood-ratio test, not adjusted for multiplicity.",
        "Area of the boxes: number of subjects.",
    ):
        assert told in " ".join(said.split()), told
    assert (
        "0.0421" in said and said.split().count("NE") == 2
    )  # the estimate of a subgroup, and an interaction


def test_a_page_for_each_arm_and_for_the_variables_that_do_not_fit() -> None:
    more = [FOUND[3:].assign(variable=f"v{n}") for n in range(30)]
    found = pd.concat([one.assign(arm=arm) for arm in ("B", "A") for one in (FOUND, *more)])
    pages = forest_pages(found)
    assert len(pages) == 4
    said = [words(page) for page in pages]
    assert ["Favours B" in text for text in said] == [True, True, False, False]
    assert all("All subjects" in text for text in said)
    shown = [[f"V{n}" for n in range(30) if f"V{n}" in text.split()] for text in said[:2]]
    assert shown[0] + shown[1] == [f"V{n}" for n in range(30)] and shown[1]
    assert_tidy(pages[1])
    assert len(forest_pages(FOUND[:0])) == 1


def test_whom_an_estimate_favours() -> None:
    def left(found: pd.DataFrame, **look: str) -> str:
        texts = [t for t in forest_plot(found, look=ForestLook(**look)).texts if "Favours" in t.get_text()]  # type: ignore[arg-type]
        return str(min(texts, key=lambda text: text.get_position()[0]).get_text())

    assert left(FOUND) == "Favours NEW" and left(FOUND, better="higher") == "Favours OLD"
    odds = FOUND.assign(method="odds ratio, Woolf")
    assert left(odds) == "Favours OLD"


def test_several_arms_and_wrong_frames_are_refused() -> None:
    with pytest.raises(InputError, match=r"several arms \(NEW, X\)"):
        forest_numbers(pd.concat([FOUND, FOUND.assign(arm="X")]))
    with pytest.raises(InputError, match="no column variable"):
        forest_numbers(FOUND.drop(columns="variable"))
    with pytest.raises(InputError, match="do not fit on a page"):
        forest_plot(pd.concat([FOUND, *[FOUND[3:].assign(variable=f"v{n}") for n in range(30)]]))


@pytest.mark.parametrize("width", ["single", "double"])
def test_ink_is_tidy_with_hostile_names(width: str) -> None:
    long = "$x_1$ <b> {\\rtf} Ωμ 中文 =cmd() " * 10
    found = FOUND.assign(arm=long, reference=long + "2", subgroup=FOUND["subgroup"] + long)
    figure = forest_plot(found, {"sex": long}, ForestLook(width=width, caption=long))  # type: ignore[arg-type]
    assert_tidy(figure)
    assert_tidy(forest_plot(FOUND, look=ForestLook(width=width)))  # type: ignore[arg-type]


def test_from_the_analyses_themselves() -> None:
    random = np.random.default_rng(3)
    frame = pd.DataFrame({"time": random.exponential(200, 60), "event": random.random(60) < 0.7})
    frame = frame.assign(
        arm=np.tile(["CONTROL", "NEW"], 30), sex=np.repeat(list("FM"), 30), orr=frame["event"]
    )
    found = subgroup_analysis(frame, "sex")
    numbers = forest_numbers(found)
    assert numbers["estimate"].dropna().tolist() == found["estimate"].tolist()
    assert_tidy(forest_plot(found))
    rates = subgroup_rates(frame, "orr", "sex")
    assert set(forest_numbers(rates)["measure"]) == {"difference"}
    assert_tidy(forest_plot(rates))
    assert "responders/n" in words(forest_plot(rates))
    odds = subgroup_rates(frame, "orr", "sex", measure="odds ratio")
    assert set(forest_numbers(odds)["measure"]) == {"odds ratio"}
    assert "Cochran's chi-square test of heterogeneity" in " ".join(words(forest_plot(odds)).split())


def test_nobody_and_nothing_estimable() -> None:
    assert_tidy(forest_plot(FOUND[:0]))
    assert_tidy(forest_plot(FOUND.assign(estimate=np.nan, lower=np.nan, upper=np.nan)))


def test_arms_whose_names_differ_at_the_end_are_told_apart_and_the_scale_has_room() -> None:
    name = "Pembrolizumab 200 mg every three weeks plus carboplatin, arm "
    found = FOUND.assign(
        arm=name + "1", reference=name + "2", subgroup=FOUND["subgroup"] + " or a longer value"
    )
    figure = forest_plot(found)
    heads = [text.get_text() for text in figure.texts if text.get_weight() == "bold"]
    assert any(head.endswith("arm 1") for head in heads) and any(head.endswith("arm 2") for head in heads)
    rates = found.assign(method="difference of rates", estimate=-0.128, lower=-0.393, upper=0.163)
    single = forest_plot(rates, look=ForestLook(width="single"))
    assert_tidy(single)
    assert single.axes[0].get_position().width * 252 >= 45  # points
