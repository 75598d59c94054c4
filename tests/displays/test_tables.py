"""Cells of the tables, and what they look like as csv and html."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from recist import InputError, best_response
from survival import best_response_table, not_evaluable_reasons, time_to_event_table
from survival.results import COLUMNS
from survival.tables.best_response import BEST_RESPONSE
from survival.tables.time_to_event import TIME_TO_EVENT

SUBJECTS = pd.DataFrame({"subject": list("abcdefgh"), "arm": ["X"] * 5 + ["<script>alert(1)</script>"] * 3})
BEST = pd.DataFrame(
    {
        "subject": list("abcdfg"),
        "best_response": ["CR", "PR", "SD", "PD", "PR", "NE"],
        "confirmed_best_response": ["CR", "SD", "SD", "PD", "PR", "NE"],
    }
)
TTE = pd.DataFrame(
    {
        "subject": list("abcdefgh"),
        "arm": pd.Categorical(list("AAAABBBB"), ["B", "A"]),
        "endpoint": "PFS",
        "time": [30, 60, 90, 120, 40, 80, 160, 365],
        "event": [True, True, True, False, True, True, True, False],
        "situation": ["P10", "P2", "P10", "P3", "P10", "P10", "P2", "P4"],
        "description": [
            "death",
            "progression",
            "death",
            "no event",
            "death",
            "death",
            "progression",
            "cutoff",
        ],
    }
)


def column(frame: pd.DataFrame, place: int) -> dict[str, str]:
    """Printed lines of the first block of each name, in one column."""
    lines = zip(frame.iloc[:, 0].str.strip(), frame.iloc[:, place], strict=True)
    return dict(reversed(list(lines)))


def test_best_response_cells() -> None:
    frame = best_response_table(BEST, SUBJECTS, by="arm").frame
    assert list(frame) == ["", "<script>alert(1)</script> (N=3)", "X (N=5)", "Total (N=8)"]
    x = column(frame, 2)
    assert x["Complete response (CR)"] == "1 (20.0%)"
    assert x["Not evaluable (NE)"] == "0"
    assert x["Missing (no assessment)"] == "1 (20.0%)"
    assert x["Objective response (CR or PR), n (%)"] == "2 (40.0%)"
    assert x["Objective response (CR or PR), confirmed, n (%)"] == "1 (20.0%)"
    assert x["95% CI (Clopper-Pearson)"] == "(5.3, 85.3)"
    assert column(frame, 3)["Disease control, n (%)"] == "4 (50.0%)"
    assert "Non-CR/Non-PD" not in x and "Clinical benefit, n (%)" not in x


def test_rarer_responses_and_benefit_are_shown_where_they_occur() -> None:
    best = BEST.assign(
        best_response=BEST["best_response"].replace("PD", "NON-CR/NON-PD"), clinical_benefit=True
    )
    frame = best_response_table(best.drop(columns="confirmed_best_response"), SUBJECTS).frame
    cells = column(frame, 1)
    assert cells["Non-CR/Non-PD"] == "1 (12.5%)" and cells["Clinical benefit, n (%)"] == "6 (75.0%)"
    assert not any("confirmed)" in name and "unconfirmed" not in name for name in cells)


def test_not_evaluable_is_told_apart_where_the_dates_are_there() -> None:
    best = BEST.assign(best_response=["NE"] * 3 + ["PD"] * 3, best_response_date=pd.Timestamp("2024-02-01"))
    best.loc[0, "best_response_date"] = pd.NaT
    cells = column(best_response_table(best, SUBJECTS).frame, 1)
    assert cells["Not evaluable (NE)"] == "3 (37.5%)"
    assert cells["No assessment after baseline"] == "1 (12.5%)"
    assert cells["No evaluable assessment, or SD too early"] == "2 (25.0%)"


def test_each_reason_of_not_evaluable_has_a_line() -> None:
    day = pd.Timestamp("2024-01-01")
    seen = {  # subject -> days and responses
        "a": [(20, "SD")],
        "b": [(50, "NE"), (100, "NE")],
        "c": [(60, "SD")],
        "e": [(20, "PR")],
        "f": [(60, "SD")],
        "g": [(60, "NE"), (120, "SD")],
    }
    responses = pd.DataFrame(
        [(who, day + pd.Timedelta(days=n), word) for who, rows in seen.items() for n, word in rows],
        columns=["subject", "date", "overall"],
    ).assign(start_date=day)
    therapy = {"c": day + pd.Timedelta(days=30), "d": day, "g": day + pd.Timedelta(days=90)}
    subjects = SUBJECTS.assign(new_therapy_date=pd.to_datetime(SUBJECTS["subject"].map(therapy)))
    best = not_evaluable_reasons(responses, best_response(responses, subjects=subjects), subjects)
    by_subject = best.set_index("subject")
    assert by_subject["not_evaluable"].dropna().to_dict() == {
        "a": "early",
        "b": "all NE",
        "c": "new therapy",
        "d": "no assessment",
        "g": "all NE",
        "h": "no assessment",
    }
    assert by_subject.loc["e", "confirmed_not_evaluable"] == "early"  # an unconfirmed PR, too early to be SD
    cells = column(best_response_table(best, subjects).frame, 1)
    assert cells["Not evaluable (NE)"] == "6 (75.0%)"
    assert cells["No assessment after baseline"] == "2 (25.0%)"
    assert cells["New anticancer therapy before the first assessment"] == "1 (12.5%)"
    assert cells["All assessments after baseline NE"] == "2 (25.0%)"
    assert cells["SD, or response not confirmed, too early"] == "1 (12.5%)"


def test_every_printed_number_is_a_result() -> None:
    table = best_response_table(BEST, SUBJECTS, by="arm", conf_type="wilson")
    assert list(table.results) == list(COLUMNS)
    assert not table.results.duplicated(["row", "group", "statistic"]).any()
    assert {line.row for line in table.lines} - {""} <= set(table.results["row"])
    limits = table.results.query("row == 'ORR' and group == 'X' and statistic == 'lower'")
    assert limits["method"].tolist() == ["Wilson"] and limits["value"].iloc[0] == pytest.approx(
        0.11762, abs=1e-5
    )


def test_a_stratified_comparison_stands_beside_the_plain_one() -> None:
    tte = TTE.assign(sex=list("MFMFMFMF"))
    frame = time_to_event_table(tte, by="arm", reference="B", strata=["sex"]).frame
    lines = frame.iloc[:, 0].str.strip().tolist()
    first, second = (
        lines.index("Comparison with B, stratified by sex"),
        lines.index("Comparison with B, unstratified"),
    )
    assert lines[first + 1] == lines[second + 1] == "Hazard ratio (95% CI)" and second == first + 3
    plain = time_to_event_table(tte, by="arm", reference="B").frame
    assert frame.iloc[second + 1, 2] == column(plain, 2)["Hazard ratio (95% CI)"] != frame.iloc[first + 1, 2]
    assert lines[lines.index("Earliest contributing event") + 1] == "progression"


def test_time_to_event_cells() -> None:
    frame = time_to_event_table(TTE, by="arm", reference="B", times=[60, 200]).frame
    assert list(frame) == ["", "B (N=4)", "A (N=4)"]
    a, b = column(frame, 2), column(frame, 1)
    assert a["Subjects, n"] == "4" and a["Events, n (%)"] == "3 (75.0%)"
    assert a["progression"] == "1 (25.0%)" and a["death"] == "2 (50.0%)"
    assert a["no event"] == "1 (25.0%)" and a["cutoff"] == "0"
    assert a["Median (95% CI)"].startswith("75.0 (30.0, ") and a["Range"] == "30 to 120+"
    assert b["Hazard ratio (95% CI)"] == "" and a["Hazard ratio (95% CI)"] != ""
    lines = frame.iloc[:, 0].str.strip().tolist()
    assert lines.index("progression") < lines.index("death")  # P2 before P10
    at = frame.iloc[lines.index("At day 60") + 1 : lines.index("At day 60") + 3, 2].tolist()
    assert at[0].startswith("50.0% (") and at[1] == "3"  # two had the event, three were at risk just before
    past = frame.iloc[lines.index("At day 200") + 1 : lines.index("At day 200") + 3, 2].tolist()
    assert past == ["NE", "0"]  # beyond the last, censored, time


def test_months_and_hazard_ratio_agree_with_the_estimates() -> None:
    from survival import compare_arms, kaplan_meier

    table = time_to_event_table(TTE, by="arm", reference="B", times=[2], unit="months", ties="breslow")
    value = table.results.set_index(["row", "group", "statistic"])["value"]
    km = kaplan_meier(TTE, by="arm").at([2 * 30.4375])
    assert value["Rate at 2 months", "A", "estimate"] == km.loc[km["arm"] == "A", "survival"].iloc[0]
    assert value["Median", "A", "estimate"] == 75 / 30.4375
    ratio = compare_arms(TTE, by="arm", reference="B", ties="breslow").iloc[0]
    assert value["Hazard ratio", "A", "estimate"] == ratio["hazard_ratio"]
    assert value["Log-rank", "A", "p_value"] == ratio["p_logrank"]
    assert "A month is 30.4375 days." in table.shell.footnotes


def test_nobody_with_an_event_is_not_estimable() -> None:
    frame = time_to_event_table(TTE.assign(event=False), by="arm", reference="B").frame
    cells = column(frame, 2)
    assert cells["Median (95% CI)"] == "NE" and cells["Hazard ratio (95% CI)"] == "NE"
    assert cells["p (log-rank, two-sided)"] == "NE" and cells["Events, n (%)"] == "0"


@pytest.mark.parametrize(
    ("tte", "settings", "said"),
    [
        (TTE.drop(columns="event"), {}, "no column event"),
        (pd.concat([TTE, TTE.assign(endpoint="OS")]), {}, "several endpoints in one table .OS, PFS."),
        (TTE, {"unit": "weeks"}, "unit 'weeks' is not one of days, months"),
        (TTE, {"strata": ["region"]}, "no column region"),
    ],
)
def test_calls_that_would_give_a_wrong_table(
    tte: pd.DataFrame, settings: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        time_to_event_table(tte, by="arm", **settings)  # type: ignore[arg-type]


def test_a_group_called_like_the_total_is_refused() -> None:
    subjects = SUBJECTS.assign(arm=["Total"] * 4 + ["B"] * 4)
    with pytest.raises(InputError, match="called 'Total'"):
        best_response_table(BEST, subjects, by="arm")
    assert (
        "Total" in best_response_table(BEST, subjects, "arm", shell=replace(BEST_RESPONSE, total="")).columns
    )


def test_html_shows_text_from_data_as_text_and_is_the_same_twice(tmp_path: Path) -> None:
    shell = replace(BEST_RESPONSE, number="14.2.1", footnotes=("SD: <b>42</b> days *or* more",))
    table = best_response_table(BEST, SUBJECTS, by="arm", shell=shell)
    text = table.to_html(tmp_path / "table.html")
    assert "<script>" not in text and "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "SD: &lt;b&gt;42&lt;/b&gt; days *or* more" in text
    assert text == best_response_table(BEST, SUBJECTS, by="arm", shell=shell).to_html() == table._repr_html_()
    page = (tmp_path / "table.html").read_text(encoding="utf-8")
    assert (
        page.startswith("<!DOCTYPE html>") and text in page and 'id="t-14-2-1-best-overall-response"' in page
    )


def test_reasons_from_data_are_escaped() -> None:
    tte = TTE.assign(description="<img src=x> & more")
    assert "<img" not in time_to_event_table(tte, by="arm", shell=TIME_TO_EVENT).to_html()


def test_csv_is_the_frame(tmp_path: Path) -> None:
    table = best_response_table(BEST, SUBJECTS, by="arm")
    assert table.to_csv(tmp_path / "table.csv") == (tmp_path / "table.csv").read_text(encoding="utf-8")
    read = pd.read_csv(tmp_path / "table.csv", keep_default_na=False, dtype=str)
    assert read.iloc[:, 1:].to_numpy().tolist() == table.frame.iloc[:, 1:].to_numpy().tolist()
