"""Every printed cell of a third party's SAS output, from the raw SDTM by a study file and `recist run`.

Data: pharmaversesdtm (Apache-2.0).  Printed numbers: t_14_2_01, t_14_3_01 and f_14_3_01_stats of the
oncology tables made from it in SAS.
"""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from survival.results import rounded
from tests.shared import ROOT, SHARED, shared

STUDY = Path(__file__).with_name("sas_oncology_tables.toml")
ARMS = ("Placebo", "Xanomeline Low Dose", "Xanomeline High Dose")
PRINTED = "data/sas_oncology_tables"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder that the command line writes, and how it ended."""
    shared("data/pharmaversesdtm")
    out = tmp_path_factory.mktemp("sas") / "out"
    ended = subprocess.run(
        [sys.executable, "-m", "recist", "run", str(STUDY), "--out", str(out)],
        env=os.environ | {"RECIST_SHARED": str(SHARED.resolve())},
        capture_output=True,
        cwd=ROOT,
        text=True,
    )
    return out, ended


@pytest.fixture(scope="module")
def number(run):
    """(row, group, statistic) -> value at full precision."""
    results = pd.read_csv(run[0] / "results.csv")
    return results.set_index(["row", "group", "statistic"])["value"].to_dict()


def printed(name):
    """Label -> cells of a printed table."""
    with (shared(PRINTED) / name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    return {row["LABEL"]: [row[c] for c in row if c.startswith("C") and c[1:].isdigit()] for row in rows}


def n_percent(count, n):
    return f"{count:.0f} ({rounded(100 * count / n, 1)}%)" if count else "0"


def triple(value, decimals, mark="; "):
    """`estimate (lower; upper)` as printed; NE alone when nothing can be estimated."""
    estimate, lower, upper = (rounded(v, decimals) for v in value)
    return estimate if {estimate, lower, upper} == {"NE"} else f"{estimate} ({lower}{mark}{upper})"


def limits(number, row, group, statistics=("estimate", "lower", "upper")):
    return [number[row, group, name] for name in statistics]


def test_the_run_is_complete_and_says_that_responses_are_recorded(run):
    out, ended = run
    assert "Traceback" not in ended.stderr
    assert ended.returncode == 1  # the data hold partial dates and a response CHECK, which are findings
    assert json.loads((out / "manifest.json").read_text())["responses"] == "recorded"
    assert set(pd.read_csv(out / "results.csv")["responses"]) == {"recorded"}
    assert "Responses as recorded in the data (RS)" in (out / "tables" / "best_response.html").read_text()
    findings = pd.read_csv(out / "findings.csv")
    assert findings["message"].str.contains("OVRLRESP is 'CHECK', not a response").any()


def test_table_14_2_01_best_overall_response(number):
    terms = {
        "Complete response (CR)": "CR",
        "Partial response (PR)": "PR",
        "Stable disease (SD)": "SD",
        "Progressive disease (PD)": "PD",
        "Not evaluable (NE)": "NE",
        "Missing (no assessment)": "MISSING",
    }
    rows = {label: f"best_response {term}" for label, term in terms.items()}
    rows["Objective response (CR or PR), n (%)"] = "ORR"
    size = {"Placebo": 86, ARMS[1]: 84, ARMS[2]: 84, "Total": 254}
    ours = {
        label: [n_percent(number[row, group, "count"], n) for group, n in size.items()]
        for label, row in rows.items()
    }
    ours["Best overall response (unconfirmed), n (%)"] = [""] * 4
    ours["95% CI (Clopper-Pearson)"] = [
        "; ".join(rounded(100 * number["ORR", group, s], 1) for s in ("lower", "upper")) for group in size
    ]
    assert ours == printed("t_14_2_01.csv")


def deaths(number, group):
    rows = {key[0] for key in number if key[0].startswith("Events: Death")}
    return sum(number.get((row, group, "count"), 0) for row in rows)


def test_table_14_3_01_progression_free_survival(number):
    size = {group: number["Subjects", group, "count"] for group in ARMS}
    ours = {
        "Subjects, n": [rounded(n, 0) for n in size.values()],
        "Events, n (%)": [n_percent(number["Events", g, "count"], n) for g, n in size.items()],
        "Progressive disease": [
            n_percent(number["Events: Progression documented", g, "count"], n) for g, n in size.items()
        ],
        "Death": [n_percent(deaths(number, g), n) for g, n in size.items()],
        "Censored, n (%)": [n_percent(number["Censored", g, "count"], n) for g, n in size.items()],
        "Median (95% CI), days": [triple(limits(number, "Median", g), 1) for g in ARMS],
        "Hazard ratio vs Placebo (95% CI)": [
            "",
            *(triple(limits(number, "Hazard ratio", g), 3) for g in ARMS[1:]),
        ],
        "Log-rank p-value vs Placebo": [
            "",
            *(rounded(number["Log-rank", g, "p_value"], 3) for g in ARMS[1:]),
        ],
    }
    for day in (60, 120, 180):
        ours[f"PFS rate at Day {day} (95% CI)"] = [
            triple(limits(number, f"Rate at day {day}", g), 3) for g in ARMS
        ]
    assert ours == printed("t_14_3_01.csv")


def test_figure_14_3_01_statistics(number):
    ours = {
        "N": [rounded(number["Subjects", g, "count"], 0) for g in ARMS],
        "Events": [rounded(number["Events", g, "count"], 0) for g in ARMS],
        "Censored": [rounded(number["Censored", g, "count"], 0) for g in ARMS],
        "Median (95% CI)": [triple(limits(number, "Median", g), 1, ";") for g in ARMS],
    }
    for day in (30, 60, 90, 120, 150, 180):
        ours[f"Progression-free at Day {day}"] = [
            rounded(number[f"Rate at day {day}", g, "estimate"], 3) for g in ARMS
        ]
    assert ours == printed("f_14_3_01_stats.csv")
