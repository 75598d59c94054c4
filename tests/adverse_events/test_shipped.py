"""The shipped trials: nothing to ask of their events, and the dose levels as the simulated trial went."""

from __future__ import annotations

import pandas as pd
import pytest

from survival import (
    Share,
    Window,
    check_adverse_events,
    dose_limiting,
    incidence,
    mtd,
    proportion_table,
    read_adverse_events,
    read_subjects,
    subject_adverse_events,
)
from tests.adverse_events.frames import events, subjects
from tests.shared import ROOT

TRIALS = sorted(path.parent for path in (ROOT / "data" / "synthetic").glob("*/adverse_events.csv"))


@pytest.mark.parametrize("folder", TRIALS, ids=lambda folder: folder.name)
def test_no_error_is_found_and_subjects_add_up(folder) -> None:
    table, people = read_adverse_events(folder / "adverse_events.csv"), read_subjects(folder / "subjects.csv")
    found = check_adverse_events(table, people)
    assert not (found["severity"] == "error").any(), found["message"].tolist()
    treated = people[people["treatment_start_date"].notna()]
    each = subject_adverse_events(table, treated, Window(months=12))
    rows = incidence(table, treated, None, Window(months=12)).set_index("kind")
    assert rows.loc["any", "subjects"] == (each["events"] > 0).sum() == each["any"].sum()
    assert rows.loc["any", "events"] == each["events"].sum()
    for grade in range(1, 6):
        assert rows.loc[f"worst grade {grade}", "subjects"] == (each["worst_grade"] == grade).sum()


def test_the_escalation_is_read_as_it_went() -> None:
    folder = ROOT / "data" / "synthetic" / "nct06559644"
    table, people = read_adverse_events(folder / "adverse_events.csv"), read_subjects(folder / "subjects.csv")
    people = people[people["phase"] == "ESCALATION"]
    levels = dose_limiting(table, people, evaluable="dlt_evaluable")
    truth = pd.read_csv(folder / "truth_escalation.csv").groupby("dose_level").last()
    assert levels["dose_level"].tolist() == truth.index.tolist()
    assert levels["evaluable"].tolist() == truth["treated"].tolist()
    assert levels["with_dlt"].tolist() == truth["dose_limiting"].tolist()
    went = {"escalate": "ESCALATE", "expand to six": "EXPAND", "MTD exceeded": "DE-ESCALATE"}
    assert [went[reading] for reading in levels["reading"]] == truth["decision"].tolist()
    over = truth.index[truth["decision"] == "DE-ESCALATE"]
    below = levels.loc[levels["dose_level"] < over[0], "dose_level"].iloc[-1]
    assert mtd(levels).level == below


def test_feasibility_is_a_share() -> None:
    people = read_subjects(ROOT / "data" / "synthetic" / "nct05361174" / "subjects.csv")
    feasible = Share(name="feasible", flag=("treated", "manufactured_as_planned"), among="harvested")
    table = proportion_table(people, feasible, "cohort")
    counts = table.results[(table.results["row"] == "feasible") & (table.results["statistic"] == "count")]
    flagged = people[["treated", "manufactured_as_planned"]].astype(str).eq("True").all(axis=1)
    assert counts["value"].tolist() == flagged.groupby(people["cohort"].astype(str)).sum().tolist()


def test_one_row_per_subject() -> None:
    each = subject_adverse_events(events(), subjects(), Window(days=28), ["any", "serious"]).set_index(
        "subject"
    )
    assert each["events"].tolist() == [3, 0, 0, 1, 0, 1]
    assert each["worst_grade"].fillna(0).tolist() == [4, 0, 0, 5, 0, 1]
    assert each["serious"].tolist() == [True, False, False, True, False, False]
    share = subjects().merge(each, on="subject")
    row = proportion_table(share, Share(name="sae", title="Serious", flag="serious")).frame.iloc[0, 1]
    assert row == "2 (33.3%)"
