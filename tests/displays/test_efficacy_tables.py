"""Response rates compared, reasons for censoring, follow-up and assessments kept: cells counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recist import InputError
from survival import (
    PFS,
    AssessmentPlan,
    adherence,
    censoring_table,
    follow_up_table,
    mantel_haenszel,
    rate_difference,
    response_rate_table,
)
from survival.tables.censoring import CENSORING

SUBJECTS = pd.DataFrame(
    {
        "subject": [f"{n:02d}" for n in range(40)],
        "arm": pd.Categorical(["B"] * 20 + ["A"] * 20, ["A", "B"]),
        "region": ["EU", "US"] * 20,
    }
)
RESPONDS = [n % 20 < (12 if n < 20 else 6) for n in range(40)]
BEST = SUBJECTS[["subject"]].assign(
    best_response=["PR" if yes else "SD" for yes in RESPONDS],
    confirmed_best_response=["PR" if yes and n % 2 else "SD" for n, yes in enumerate(RESPONDS)],
)


def cells(frame: pd.DataFrame, column: int) -> dict[str, str]:
    """Printed lines of the first block of each name."""
    return dict(reversed(list(zip(frame.iloc[:, 0].str.strip(), frame.iloc[:, column], strict=True))))


def test_response_rates_and_what_divides_the_arms() -> None:
    table = response_rate_table(
        BEST, SUBJECTS, "arm", reference="A", strata=["region"], rates=["ORR", "ORR confirmed"]
    )
    b = cells(table.frame, 2)
    assert b["Objective response (CR or PR), n (%)"] == "12 (60.0%)"
    assert b["Objective response (CR or PR), confirmed, n (%)"] == "6 (30.0%)"
    assert b["95% CI (Clopper-Pearson)"] == "(36.1, 80.9)"
    frame = SUBJECTS.assign(orr=RESPONDS)
    plain = rate_difference(frame, "orr", reference="A").iloc[0]
    assert plain["method"].startswith("Miettinen")
    shown = f"{100 * plain['estimate']:.1f}% ({100 * plain['lower']:.1f}, {100 * plain['upper']:.1f})"
    assert b["Difference to A (95% CI)"] == shown and shown.startswith("30.0%")
    assert b["Odds ratio (95% CI)"].startswith("3.50 (")  # (12/8) / (6/14)
    tests = mantel_haenszel(frame, "orr", "region", reference="A").set_index("test")
    assert b["p (Cochran-Mantel-Haenszel)"] == f"{tests.loc['cmh', 'p']:.4f}"
    assert cells(table.frame, 1)["Difference to A (95% CI)"] == ""


def test_rates_that_the_data_do_not_allow_are_refused() -> None:
    with pytest.raises(
        InputError, match="rate 'CBR' is not among those of these best responses: ORR, CR, DCR"
    ):
        response_rate_table(BEST, SUBJECTS, rates=["CBR"])
    assert "Disease control, n (%)" in cells(response_rate_table(BEST, SUBJECTS).frame, 1)


def test_nobody_responds_and_an_arm_without_subjects() -> None:
    best = BEST.assign(best_response="PD", confirmed_best_response="PD")
    b = cells(response_rate_table(best, SUBJECTS, "arm", reference="A", rates=["ORR"]).frame, 2)
    assert b["Objective response (CR or PR), n (%)"] == "0" and b["Odds ratio (95% CI)"] == "NE"
    alone = SUBJECTS[:20]
    b = cells(response_rate_table(BEST, alone, "arm", reference="A", rates=["ORR"]).frame, 2)
    assert b["Difference to A (95% CI)"] == "NE"


SEEN = "Progression documented"
TTE = pd.DataFrame(
    {
        "subject": list("abcdefgh"),
        "arm": pd.Categorical(list("AAAABBBB"), ["B", "A", "C"]),
        "endpoint": "PFS",
        "time": [30, 60, 90, 120, 40, 80, 160, 365],
        "event": [True, False, False, False, True, True, True, True],
        "situation": ["P5", "P11", "P3", "P11", "P5", "P7", "P5", "P5"],
        "description": [SEEN, "No progression", "New therapy", "No progression", SEEN, "Death", SEEN, SEEN],
        "date": pd.to_datetime("2024-01-01") + pd.to_timedelta([30, 60, 90, 120, 40, 80, 160, 365], "D"),
        "cutoff_date": pd.Timestamp("2024-06-29"),
    }
)


def test_reasons_for_censoring() -> None:
    table = censoring_table(TTE, "arm", replace(CENSORING, total="Total"), PFS)
    assert list(table.columns) == ["B", "A", "C", "Total"]
    a, b, nobody = (cells(table.frame, n) for n in (2, 1, 3))
    assert a["Censored, n (%)"] == "3 (75.0%)" and a["No progression"] == "2 (50.0%)"
    assert a["New anticancer therapy before progression or death"] == "1 (25.0%)"
    assert a["No baseline tumour assessment"] == "0"
    assert a["Median"] == "90.0" and a["Range"] == "60 to 120"  # 2024-06-29 is day 180
    assert b["Median"] == "NE" and b["Censored, n (%)"] == "0" and nobody["Subjects, n"] == "0"
    assert cells(table.frame, 4)["No progression"] == "2 (25.0%)"


def test_how_treatment_or_study_ended_for_the_censored() -> None:
    ended = ["PROGRESSIVE DISEASE"] * len(TTE)
    first, second, third = TTE.index[~TTE["event"]][:3]
    ended[first], ended[second], ended[third] = "LOST TO FOLLOW-UP", "WITHDRAWAL BY SUBJECT", None
    frame = censoring_table(TTE.assign(discontinuation_reason=ended), shell=CENSORING).frame
    told = dict(zip(frame.iloc[:, 0].str.strip(), frame.iloc[:, 1], strict=True))
    share = f"1 ({100 / len(TTE):.1f}%)"
    assert told["Lost to follow-up"] == told["Withdrawal by subject"] == told["Not recorded"] == share
    assert "Progressive disease" not in told  # those who had it had the event


def test_reasons_without_the_endpoint_are_those_that_occur() -> None:
    frame = censoring_table(TTE.drop(columns="cutoff_date"), unit="months").frame
    assert frame.iloc[:, 0].str.strip().tolist()[2:] == ["No progression", "New therapy"]
    with pytest.raises(InputError, match="no column situation, description"):
        censoring_table(TTE.drop(columns=["situation", "description"]))


PLAN = AssessmentPlan(every_days=56)
START = pd.Timestamp("2024-01-01")


def people(**columns: object) -> pd.DataFrame:
    """One subject, followed for 300 days."""
    base = {"subject": ["1"], "randomization_date": [START], "cutoff_date": [START + pd.Timedelta(days=300)]}
    return pd.DataFrame(base | {name: [value] for name, value in columns.items()})


def read(*days: int, last: str = "SD") -> pd.DataFrame:
    """Assessments of the subject on these days."""
    dates = [START + pd.Timedelta(days=day) for day in days]
    return pd.DataFrame({"subject": "1", "date": dates, "overall": [*["SD"] * (len(days) - 1), last]})


def kept(responses: pd.DataFrame, subjects: pd.DataFrame) -> dict[str, float]:
    names = [
        "assessments",
        "due",
        "in_window",
        "outside",
        "missed",
        "missed_in_a_row",
        "stopped",
        "longest_gap_days",
    ]
    return adherence(responses, subjects, PLAN)[names].iloc[0].to_dict()


def test_visits_due_kept_and_missed() -> None:
    """Due at 56, 112, 168, 224, 280; seen in the window, 8 days late, not, not, at its edge."""
    found = kept(read(60, 120, 273), people())
    assert found == {
        "assessments": 3,
        "due": 5,
        "in_window": 2,
        "outside": 1,
        "missed": 2,
        "missed_in_a_row": 2,
        "stopped": 0,
        "longest_gap_days": 153,
    }


def test_nothing_is_due_after_progression_death_or_the_last_contact() -> None:
    assert kept(read(56, 110, last="PD"), people())["due"] == 2
    dead = people(death_date=START + pd.Timedelta(days=118), last_alive_date=START)
    assert kept(read(56), dead)["stopped"] == 0  # the second window closes on day 119
    gone = people(death_date=pd.NaT, last_alive_date=START + pd.Timedelta(days=119))
    assert kept(read(56), gone)["stopped"] == 1 and kept(read(56), gone)["missed"] == 0


def test_a_visit_that_was_not_done_is_none_and_an_early_scan_stands_for_no_visit() -> None:
    assert kept(read(56, 112, last="ND"), people())["assessments"] == 1
    assert kept(read(20, 56), people())["in_window"] == 1 and kept(read(20, 56), people())["outside"] == 0


def test_without_a_start_nothing_is_counted_and_the_table_says_so() -> None:
    subjects = pd.concat([people(), people(subject="2", randomization_date=pd.NaT)], ignore_index=True)
    found = adherence(read(56), subjects, PLAN)
    assert np.isnan(found["due"].iloc[1]) and found["due"].iloc[0] == 5
    table = follow_up_table(read(56), subjects, PLAN)
    assert "Not counted for want of a date: 1 subject." in table.shell.notes


def test_follow_up_table() -> None:
    subjects = pd.concat([people(subject=name) for name in "123"], ignore_index=True)
    subjects["arm"] = pd.Categorical(["X", "X", "Y"], ["X", "Y", "Z"])
    responses = pd.concat([read(56, 112, 168, 224, 280), read(56, 280).assign(subject="2")])
    survival = pd.DataFrame({"subject": list("123"), "time": [609, 304, 100], "event": [False, False, True]})
    frame = follow_up_table(responses, subjects, PLAN, "arm", survival=survival, unit="days").frame
    x, y, z = (cells(frame, n) for n in (1, 2, 3))
    assert x["Tumour assessments due, n"] == "10" and x["Within the window, n (%)"] == "7 (70.0%)"
    assert x["Missed, n (%)"] == "3 (30.0%)" and x["Subjects with a missed assessment, n (%)"] == "1 (50.0%)"
    assert x["with two or more in a row, n (%)"] == "1 (50.0%)"
    assert x["Median follow-up, days (95% CI)"].startswith("456.5 (")  # half way from 304 to 609, as in SAS
    assert (
        y["Not assessed any more, n (%)"] == "5 (100.0%)"
        and y["Missed, n (%)"] == "0"
        and y["Median follow-up, days (95% CI)"] == "NE"
    )
    assert z["Tumour assessments due, n"] == "0" and z["Range"] == "NE"
    longest = frame[frame.iloc[:, 0] == "  Range"].iloc[1, 1:].tolist()
    assert longest == ["56 to 140", "NE", "NE"]  # means of 56, and of 56 and 224
    assert frame[frame.iloc[:, 0] == "  Range"].iloc[2, 1:].tolist() == ["56 to 224", "NE", "NE"]


def test_the_limits_of_follow_up_are_of_the_kind_that_is_asked_for() -> None:
    names = list("123456")
    subjects = pd.concat([people(subject=name) for name in names], ignore_index=True)
    times = [609, 304, 100, 200, 350, 500]
    survival = pd.DataFrame({"subject": names, "time": times, "event": [name == "3" for name in names]})
    for kind, lower in (("log-log", 200), ("log", 304)):
        table = follow_up_table(read(56), subjects, PLAN, survival=survival, unit="days", conf_type=kind)
        rows = table.results[table.results["row"] == "Follow-up"].set_index("statistic")
        assert rows.loc[["estimate", "lower"], "value"].tolist() == [350, lower]
        assert set(rows["method"]) == {f"reverse Kaplan-Meier, {kind} limits"}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: AssessmentPlan(every_days=14, window_days=7), "does not fit assessments every 14 days"),
        (
            lambda: adherence(read(56), people().drop(columns="randomization_date"), PLAN),
            "no column 'randomiz",
        ),
        (lambda: adherence(read(56), pd.concat([people(), people()]), PLAN), "more than one row"),
        (
            lambda: adherence(pd.concat([read(56).assign(evaluator=n) for n in "ab"]), people(), PLAN),
            "several values of evaluator",
        ),
        (lambda: follow_up_table(read(56), people(), PLAN, unit="weeks"), "not one of days, months"),
    ],
)
def test_calls_that_would_give_a_wrong_table(call: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        call()  # type: ignore[operator]
