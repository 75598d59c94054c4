"""Duration of response, rates at fixed times, subgroups, depth: cells worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from recist import InputError
from survival import compare_arms, subgroup_analysis
from survival.tables.depth import depth_table
from survival.tables.landmark_rates import landmark_table
from survival.tables.response_duration import response_duration_table
from survival.tables.subgroups import subgroup_table
from survival.tables.time_to_event_analyses import Analysis
from tests.displays.test_progression_tables import cells, day

SUBJECTS = pd.DataFrame({"subject": list("abcdef"), "arm": pd.Categorical(list("AAAABB"), ["A", "B", "C"])})
DOR = pd.DataFrame(
    {
        "subject": list("abe"),
        "arm": pd.Categorical(list("AAB"), ["A", "B", "C"]),
        "time": [100, 200, 50],
        "event": [True, False, True],
        "start_date": [day(40), day(60), day(80)],
        "randomization_date": [day(0), day(1), day(0)],
        "situation": ["P5", "P11", "P5"],
        "description": ["Progression documented", "No progression", "Progression documented"],
    }
)


def test_responders_are_counted_of_everyone_and_their_events_of_responders() -> None:
    table = response_duration_table(DOR, SUBJECTS, "arm", times=(120,))
    assert table.columns == {"A": 4, "B": 2, "C": 0}
    a, b, nobody = (cells(table, n) for n in (1, 2, 3))
    assert a["Responders, n (%)"] == "2 (50.0%)" and b["Responders, n (%)"] == "1 (50.0%)"
    assert (
        a["Median"] == "50.5" and a["Range"] == "41 to 60"
    )  # day 41 and day 60 from randomisation, which is day 1
    assert a["Events, n (%)"] == "1 (50.0%)" and a["Progression documented"] == "1 (50.0%)"
    assert a["Still in response (95% CI)"].startswith("50.0% (") and nobody["Responders, n (%)"] == "0"
    assert table.frame.iloc[:, 1].tolist().count("100 to 200+") == 1
    with pytest.raises(InputError, match="responders are not compared"):
        response_duration_table(DOR, SUBJECTS, "arm", reference="A")


RATES = pd.DataFrame(
    {
        "time": [10, 20, 30, 40, 15, 15, 45, 50],
        "event": [True, False, True, False, True, False, True, True],
        "arm": list("AAAABBBB"),
    }
)


def test_rates_at_fixed_times() -> None:
    table = landmark_table(RATES, "arm", analysis=Analysis(times=(15, 35), reference="A"))
    a, b = cells(table, 1), cells(table, 2)
    assert (a["At risk, n"], a["Events so far, n"], a["Censored so far, n"]) == ("3", "1", "0")
    assert (b["At risk, n"], b["Events so far, n"], b["Censored so far, n"]) == ("4", "1", "1")
    assert (
        a["Event-free (95% CI)"].startswith("75.0%† (") and a["Standard error"] == "21.7%"
    )  # sqrt(0.75 * 0.25 / 4)
    assert b["Difference to A (95% CI)"].startswith("0.0% (") and a["Difference to A (95% CI)"] == ""
    second = table.frame.iloc[7:, 1].tolist()
    assert second[:4] == ["", "1", "2", "1"] and second[4].startswith("37.5%† (")  # 3/4 * 1/2


def test_a_rate_beyond_the_last_censored_observation_is_not_estimable() -> None:
    found = cells(landmark_table(RATES[:4], analysis=Analysis(times=(41,))))
    assert found["Event-free (95% CI)"] == "NE" and found["At risk, n"] == "0"


def test_subgroups_have_medians_beside_the_hazard_ratio() -> None:
    tte = pd.concat([RATES.assign(sex="F"), RATES.assign(sex="M", time=RATES["time"] + 1)], ignore_index=True)
    found = subgroup_analysis(tte, "sex", reference="A")
    table = subgroup_table(found, tte, "arm")
    frame = table.frame
    assert frame.iloc[0].tolist() == ["All subjects, n", "8", "8"]
    assert frame.iloc[4, 0] == "Sex: p of interaction" and frame.iloc[4, 1] == ""
    assert frame.iloc[5].tolist() == ["  F, n", "4", "4"] and frame.iloc[6, 1] == "2 (50.0%)"
    assert frame.iloc[7, 1].startswith("30.0 (") and frame.iloc[11, 1].startswith("31.0 (")
    ratio = compare_arms(RATES, "arm", "A").iloc[0]["hazard_ratio"]
    assert (
        frame.iloc[8, 2].startswith(f"{ratio:.2f} (")
        and frame.iloc[8, 0].strip() == "Hazard ratio against A (95% CI)"
    )
    with pytest.raises(InputError, match="no column sex"):
        subgroup_table(found, RATES, "arm")


def test_depth_of_response() -> None:
    depth = pd.DataFrame(
        {
            "best_change_pct": [-100.0, -50.0, -30.0, -29.9, 10.0, None],
            "note": ["", "", "", "", "", "no assessment after baseline"],
            "arm": list("AAAAAB"),
        }
    )
    table = depth_table(depth, "arm")
    a, b = cells(table, 1), cells(table, 2)
    assert a["Subjects with a change, n (%)"] == "5 (100.0%)" and b["Subjects with a change, n (%)"] == "0"
    assert (
        b["Without: no assessment after baseline"] == "1 (100.0%)"
        and a["Without: no assessment after baseline"] == "0"
    )
    assert (a["Median"], a["Quartiles"], a["Range"]) == ("-30.0%", "-50.0% to -29.9%", "-100.0% to 10.0%")
    assert a["Any decrease"] == "4 (80.0%)" and a["Decrease of 30% or more"] == "3 (60.0%)"
    assert a["Decrease of 50% or more"] == "2 (40.0%)" and a["Decrease of 100%"] == "1 (20.0%)"
    assert b["Median"] == "NE" and cells(table, 3)["Median"] == "-30.0%"
