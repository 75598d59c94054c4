"""Every cell that SAS printed for the oncology study of pharmaversesdtm, from the results of our tables."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from survival.results import rounded
from survival.tables.best_response import best_response_table
from survival.tables.time_to_event import time_to_event_table
from tests.displays import sas_oncology
from tests.shared import shared

COLUMNS = [*sas_oncology.ARMS, "Total"]


def numbers(cell: object) -> list[str]:
    """The numbers of a printed cell as text."""
    return [] if pd.isna(cell) else re.findall(r"NE|\d+\.?\d*", str(cell))


def printed(name: str) -> dict[str, list[list[str]]]:
    frame = pd.read_csv(shared("data/sas_oncology_tables") / name, dtype=str)
    columns = [column for column in frame if re.fullmatch(r"C\d", column)]
    rows = zip(frame["LABEL"], frame[columns].itertuples(index=False, name=None), strict=True)
    return {label: [numbers(cell) for cell in cells] for label, cells in rows}


class Results:
    """Looks numbers up in a results frame."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.value = frame.set_index(["row", "group", "statistic"])["value"]

    def __call__(self, row: str, group: str, decimals: dict[str, int], scale: float = 1.0) -> list[str]:
        return [rounded(scale * self.value[row, group, name], places) for name, places in decimals.items()]


def count(results: Results, row: str, group: str) -> list[str]:
    n = results(row, group, {"count": 0})
    return n if n == ["0"] else n + results(row, group, {"proportion": 1}, 100)


@pytest.fixture(scope="module")
def responses() -> Results:
    best, subjects = sas_oncology.best(shared("data/pharmaversesdtm"))
    return Results(best_response_table(best, subjects, by="arm").results)


@pytest.fixture(scope="module")
def pfs() -> Results:
    tte = sas_oncology.progression_free(shared("data/pharmaversesdtm"))
    table = time_to_event_table(tte, by="arm", reference="Placebo", times=[30, 60, 90, 120, 150, 180])
    return Results(table.results)


def test_best_overall_response(responses: Results) -> None:
    sas = printed("t_14_2_01.csv")
    names = ["CR", "PR", "SD", "PD", "NE", "MISSING"]
    rows = dict(zip(list(sas)[1:7], [f"best_response {name}" for name in names], strict=True))
    rows["Objective response (CR or PR), n (%)"] = "ORR"
    for label, row in rows.items():
        assert [count(responses, row, group) for group in COLUMNS] == sas[label], label
    limits = [responses("ORR", group, {"lower": 1, "upper": 1}, 100) for group in COLUMNS]
    assert limits == sas["95% CI (Clopper-Pearson)"]


def test_progression_free_survival(pfs: Results) -> None:
    sas = printed("t_14_3_01.csv")
    arms, interval = sas_oncology.ARMS, ("estimate", "lower", "upper")
    assert [pfs("Subjects", arm, {"count": 0}) for arm in arms] == sas["Subjects, n"]
    rows = {
        "Events, n (%)": "Events",
        "Progressive disease": "Events: Progressive disease",
        "Death": "Events: Death",
        "Censored, n (%)": "Censored",
    }
    for label, row in rows.items():
        assert [count(pfs, row, arm) for arm in arms] == sas[label], label
    median = [pfs("Median", arm, dict.fromkeys(interval, 1)) for arm in arms]
    assert median == sas["Median (95% CI), days"]
    for day in (60, 120, 180):
        rate = [pfs(f"Rate at day {day}", arm, dict.fromkeys(interval, 3)) for arm in arms]
        rate = [["NE"] if cell[0] == "NE" else cell for cell in rate]
        assert rate == sas[f"PFS rate at Day {day} (95% CI)"]
    ratio = [pfs("Hazard ratio", arm, dict.fromkeys(interval, 3)) for arm in arms[1:]]
    assert ratio == sas["Hazard ratio vs Placebo (95% CI)"][1:]
    p = [pfs("Log-rank", arm, {"p_value": 3}) for arm in arms[1:]]
    assert p == sas["Log-rank p-value vs Placebo"][1:]


def test_rates_of_the_figure(pfs: Results) -> None:
    sas = printed("f_14_3_01_stats.csv")
    for day in range(30, 181, 30):
        rate = [pfs(f"Rate at day {day}", arm, {"estimate": 3}) for arm in sas_oncology.ARMS]
        assert rate == sas[f"Progression-free at Day {day}"]
