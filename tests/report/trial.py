"""A small trial whose words are hostile to a page, run once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import recist

TAG = "<script>window.hit = 1</script>\"'&amp;"
END = "</script><img src=x onerror='window.hit=2'>"
LONG = "N" * 300
NAMES = [TAG, END, LONG, "受试者 一", "ασθενής Ω", "a&subject=b#c%20+d", "q\"uo'te", "{{data}}", "=cmd()"]
ARMS = ["<b>A</b> & co", "试验 B"]
STUDY = """
[study]
id = "HOSTILE"
title = "A trial </script> of <i>words</i>"
description = "Words that a page could take for its own"
start_date = "treatment_start_date"
[data]
lesions = "lesions.csv"
subjects = "subjects.csv"
adverse_events = "adverse_events.csv"
[criteria.recist_1_1]
[criteria.irecist]
[response]
criteria = "recist_1_1"
evaluator = "INVESTIGATOR"
confirmation = false
[concordance]
evaluators = ["INVESTIGATOR", "INDEPENDENT REVIEW COMMITTEE"]
[arms]
column = "arm"
[[endpoint]]
name = "ORR"
[[endpoint]]
name = "OS"
[[endpoint]]
name = "PFS"
[analysis]
unit = "months"
[displays]
only = ["best_response_table", "response_rate_table", "time_to_event_table", "waterfall_plot",
  "swimmer_plot", "km_plot", "response_listing", "adverse_event_listing"]
"""


def renamed(names: pd.Series, all_names: list[str]) -> pd.Series:
    """Subjects under the names of this trial, the rest as they are."""
    return names.map(dict(zip(all_names, NAMES, strict=False))).fillna(names)


def write_trial(folder: Path) -> Path:
    """The study file of the trial, with its tables beside it."""
    source = recist.simulate("hs_it101").write(folder)
    tables = {name: pd.read_csv(source / f"{name}.csv", dtype=str) for name in ("lesions", "subjects")}
    events = source / "adverse_events.csv"
    who = sorted(tables["subjects"]["subject"])
    first = tables["subjects"]["subject"].iloc[0]
    tables["adverse_events"] = (
        pd.read_csv(events, dtype=str)
        if events.exists()
        else pd.DataFrame({"subject": [first], "term": ["x"], "grade": ["1"], "start_date": ["2024-01-01"]})
    )
    tables["adverse_events"]["term"] = tables["adverse_events"]["term"] + " <u>" + END
    tables["subjects"]["arm"] = [ARMS[n % 2] for n in range(len(who))]
    tables["subjects"]["remark"] = END
    tables["lesions"]["visit"] = tables["lesions"]["visit"].replace(
        "WEEK 12", "WEEK 12 <12 & 'more' \u0001 7"
    )
    for name, table in tables.items():
        table["subject"] = renamed(table["subject"], who)
        table.to_csv(source / f"{name}.csv", index=False)
    (source / "study.toml").write_text(STUDY, encoding="utf-8")
    return source / "study.toml"
