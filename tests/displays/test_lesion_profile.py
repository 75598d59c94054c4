"""The profile of one subject by hand; and that its ink is tidy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recist import FigureLook, InputError, as_lesions, assess, lesion_profile_numbers, lesion_profile_plot
from tests.displays.ink import assert_tidy, foot, words

VISITS = ("BASELINE", "WEEK 8", "WEEK 16", "WEEK 24")
SIZES = {"T1": (40, 20, 20, 24), "T2": (20, 10, None, 10)}


def table(subject: str = "01", organ: str = "LIVER") -> pd.DataFrame:
    """Two targets (one not evaluable at week 16), a bone lesion, a new lesion at week 24."""
    rows = []
    for week, visit in zip((0, 8, 16, 24), VISITS, strict=True):
        date = pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=week)
        common = {"subject": subject, "visit": visit, "date": date}
        for name, sizes in SIZES.items():
            size = sizes[VISITS.index(visit)]
            state = "measured" if size else "not evaluable"
            row = {"lesion": name, "role": "target", "organ": organ, "diameter_mm": size, "state": state}
            rows.append(common | row)
        rows.append(common | {"lesion": "N1", "role": "non-target", "organ": "BONE", "state": "present"})
    rows.append(common | {"lesion": "X1", "role": "new", "organ": "BRAIN", "state": "unequivocal"})
    return as_lesions(pd.DataFrame(rows))


LESIONS = table()
RESPONSES = assess(LESIONS)


def values(part: str) -> list[object]:
    numbers = lesion_profile_numbers(LESIONS, RESPONSES, "01", "weeks")
    rows = numbers[numbers["part"] == part]
    return list(zip(rows["time"], rows["value_mm"].fillna(-1), strict=True))


def test_sum_nadir_and_limits_at_each_visit() -> None:
    assert values("sum") == [(0, 60), (8, 30), (16, -1), (24, 34)]
    assert values("nadir") == [(8, 60), (16, 30), (24, 30)]
    assert values("limit of PR") == [(8, 42), (16, 42), (24, 42)]
    # 20 % of 60 is 12 mm, 20 % of 30 is 6 mm
    assert values("limit of PD") == [(8, 72), (16, 36), (24, 36)]


def test_at_least_5_mm_where_the_sum_is_small() -> None:
    small = LESIONS.assign(diameter_mm=LESIONS["diameter_mm"] / 2)
    numbers = lesion_profile_numbers(small, assess(small), "01")
    assert numbers.loc[numbers["part"] == "limit of PD", "value_mm"].tolist() == [36, 20, 20]


def test_lesions_with_states_and_new_lesions() -> None:
    numbers = lesion_profile_numbers(LESIONS, RESPONSES, "01", "weeks")
    second = numbers[numbers["name"] == "T2 liver"]
    assert second["value_mm"].fillna(-1).tolist() == [20, 10, -1, 10]
    assert second["text"].tolist() == ["measured", "measured", "not evaluable", "measured"]
    new = numbers[numbers["part"] == "new lesion"]
    assert new[["name", "time", "text"]].values.tolist() == [["X1 brain", 24.0, "unequivocal"]]


def test_nodes_are_drawn_by_their_diameter_where_others_are_followed_by_their_viable_part() -> None:
    rows = LESIONS.assign(viable_mm=LESIONS["diameter_mm"] / 2, node=LESIONS["lesion"].astype(str) == "T2")
    rows.loc[rows["node"], "viable_mm"] = np.nan
    seen = assess(rows, criteria="mrecist_hcc")
    numbers = lesion_profile_numbers(rows, seen, "01")
    drawn = {
        name: numbers.loc[numbers["name"] == name, "value_mm"].iloc[0] for name in ("T1 liver", "T2 liver")
    }
    assert drawn == {"T1 liver": 20, "T2 liver": 20}
    assert numbers.loc[numbers["part"] == "sum", "value_mm"].iloc[0] == 40


def test_a_lesion_without_any_size_does_not_cut_off_the_others() -> None:
    unknown = LESIONS.assign(diameter_mm=LESIONS["diameter_mm"].where(LESIONS["lesion"].astype(str) != "T1"))
    unknown["state"] = unknown["state"].where(unknown["lesion"].astype(str) != "T1", "not evaluable")
    lower = lesion_profile_plot(unknown, RESPONSES, "01").axes[1]
    assert lower.get_ylabel() == "Lesion, mm"
    assert lower.get_ylim()[1] > 20  # T2 had 20 mm at baseline


def test_criteria_that_date_a_visit_differently_leave_the_tiles_wide() -> None:
    later = assess(LESIONS, criteria="irecist")
    later = later.assign(date=later["date"] + pd.Timedelta(days=2))
    both = pd.concat([RESPONSES, later], ignore_index=True)
    shown = words(lesion_profile_plot(LESIONS, both, "01")).split()
    assert {"iPR", "iUPD"} <= set(shown)
    assert shown.count("PR") >= 3  # in the key, and in the tiles that are wide enough for words


def test_responses_of_every_criteria_with_what_the_first_is_made_of() -> None:
    both = pd.concat([RESPONSES, assess(LESIONS, criteria="irecist")], ignore_index=True)
    numbers = lesion_profile_numbers(LESIONS, both, "01")
    strips = numbers[numbers["part"] == "response"].groupby("name", sort=False)["text"].agg(list).to_dict()
    assert strips == {
        "Target": ["PR", "NE", "PR"],
        "Non-target": ["NON-CR/NON-PD"] * 3,
        "New lesion": ["no", "no", "yes"],
        "RECIST 1.1": ["PR", "NE", "PD"],
        "iRECIST": ["iPR", "NE", "iUPD"],
    }


def test_who_is_not_there_is_an_error() -> None:
    with pytest.raises(InputError, match="no subject '02'"):
        lesion_profile_numbers(LESIONS, RESPONSES, "02")


@pytest.mark.parametrize("width", ["single", "double"])
def test_ink_is_tidy_and_says_what_is_missing(width: str) -> None:
    look = FigureLook(width=width, caption="Reader 1.", origin="first scan")  # type: ignore[arg-type]
    figure = lesion_profile_plot(LESIONS, RESPONSES, "01", look)
    assert_tidy(figure)
    assert "No size: T2 liver at WEEK 16 (not evaluable)." in foot(figure)
    assert "Sum 60.0 mm at baseline, lowest 30.0 mm, last 34.0 mm." in figure.alt_text


def test_new_lesions_stand_at_their_size_and_without_one_are_named() -> None:
    assert "No size recorded of new lesions, marked at the foot: X1 brain at WEEK 24." in foot(
        lesion_profile_plot(LESIONS, RESPONSES, "01")
    )
    sized = LESIONS.assign(diameter_mm=LESIONS["diameter_mm"].mask(LESIONS["lesion"] == "X1", 12.0))
    numbers = lesion_profile_numbers(sized, RESPONSES, "01")
    assert numbers.loc[numbers["part"] == "new lesion", "value_mm"].tolist() == [12.0]
    assert "No size recorded of new lesions" not in foot(lesion_profile_plot(sized, RESPONSES, "01"))


@pytest.mark.parametrize("width", ["single", "double"])
def test_a_long_name_of_criteria_is_broken_into_lines(width: str) -> None:
    edited = RESPONSES.assign(criteria="recist_1_1[max_targets=10, max_per_organ=5, pr_pct=50]")
    figure = lesion_profile_plot(LESIONS, edited, "01", FigureLook(width=width))  # type: ignore[arg-type]
    assert_tidy(figure)
    text = words(figure)
    assert all(part in text for part in ("RECIST 1.1", "targets=10", "organ=5", "pct=50"))


def test_hostile_names_and_a_subject_without_visits_or_targets() -> None:
    name = "$x$ <b> {\\rtf} Ωμ 中文 " * 12 + "end"
    lesions = table(name, "$ORGAN$ <i> " * 20)
    assert_tidy(lesion_profile_plot(lesions, assess(lesions), name))
    only = LESIONS[LESIONS["baseline"]].reset_index(drop=True)
    assert_tidy(lesion_profile_plot(only, RESPONSES[:0], "01"))
    bone = LESIONS[LESIONS["role"] == "non-target"].reset_index(drop=True)
    assert "No sum" in words(lesion_profile_plot(bone, assess(bone), "01"))


def test_ten_lesions_and_twenty_visits() -> None:
    random = np.random.default_rng(1)
    rows = [
        {
            "subject": "1",
            "visit": f"WEEK {week}",
            "date": pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=week),
            "lesion": f"T{n}",
            "role": "target",
            "organ": f"ORGAN {n // 2}",
            "diameter_mm": round(20 + 9 * random.random(), 1),
        }
        for week in range(0, 120, 6)
        for n in range(10)
    ]
    lesions = as_lesions(pd.DataFrame(rows))
    assert_tidy(lesion_profile_plot(lesions, assess(lesions, criteria="recist_1_0"), "1"))


def twelve_lesions() -> pd.DataFrame:
    """Twelve targets at nine visits of long names."""
    rows = [
        {
            "subject": "01",
            "visit": f"CYCLE {n} DAY 1 ASSESSMENT" if n else "BASELINE",
            "date": pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=6 * n),
            "lesion": f"T{lesion:02}",
            "role": "target",
            "organ": "LIVER",
            "diameter_mm": 20.0 + lesion - n,
        }
        for n in range(9)
        for lesion in range(12)
    ]
    return as_lesions(pd.DataFrame(rows))


def test_twelve_lesions_have_looks_of_their_own() -> None:
    lesions = twelve_lesions()
    figure = lesion_profile_plot(lesions, assess(lesions), "01")
    looks = {
        (line.get_color(), line.get_marker(), line.get_markerfacecolor())
        for line in figure.axes[1].lines
        if line.get_linestyle() != "None"
    }
    assert len(looks) == 12
    assert_tidy(figure)


@pytest.mark.parametrize("width", ["single", "double"])
def test_every_visit_is_named_and_every_tile_filled(width: str) -> None:
    lesions = twelve_lesions()
    look = FigureLook(width=width)  # type: ignore[arg-type]
    figure = lesion_profile_plot(lesions, assess(lesions), "01", look)
    told = words(figure)
    assert all(f"CYCLE {n} DAY 1 ASSESSMENT" in told for n in range(1, 9))
    assert_tidy(figure)
    single = lesion_profile_plot(LESIONS, RESPONSES, "01", FigureLook(width="single"))
    assert "New lesion: no" in words(single) and "New lesion: yes" in words(single)
