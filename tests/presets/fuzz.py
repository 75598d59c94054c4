"""The random subjects of admiralonco_fuzz under each of its settings, with the answers, as frames."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from recist import BestResponseRules, get_rules
from tests.shared import shared

FOLDER = "data/admiralonco_fuzz"


@cache
def subjects() -> pd.DataFrame:
    """500 subjects with their treatment start."""
    adsl = pd.read_csv(shared(FOLDER) / "adsl.csv", dtype=str)
    return pd.DataFrame({"subject": adsl["USUBJID"], "start_date": pd.to_datetime(adsl["TRTSDT"])})


@cache
def responses() -> pd.DataFrame:
    """Their overall responses."""
    ovr = pd.read_csv(shared(FOLDER) / "ovr.csv", dtype=str)
    frame = pd.DataFrame(
        {"subject": ovr["USUBJID"], "date": pd.to_datetime(ovr["ADT"]), "overall": ovr["AVALC"]}
    )
    return frame.merge(subjects(), on="subject")


@cache
def settings() -> pd.DataFrame:
    """102 settings, one row each: function and arguments."""
    return pd.read_csv(shared(FOLDER) / "params.csv")


@cache
def answers() -> dict[int, pd.DataFrame]:
    """Setting -> what admiralonco says: `AVALC` and `ADT` by subject."""
    results = pd.read_csv(shared(FOLDER) / "results.csv.gz", dtype={"USUBJID": str}, keep_default_na=False)
    results["ADT"] = pd.to_datetime(results["ADT"].replace("", None))
    return {int(combo): part.set_index("USUBJID") for combo, part in results.groupby("combo")}


def rules_of(setting: Any) -> BestResponseRules:
    """The preset with the arguments of a setting."""
    edits: dict[str, Any] = {"last_record": "first_pd" if setting.use_pd else "any"}
    if pd.notna(setting.ref_start_window):
        edits["min_sd_days"] = int(setting.ref_start_window)
    if pd.notna(setting.missing_as_ne):
        edits["no_assessment"] = "NE" if setting.missing_as_ne in (True, "TRUE") else "MISSING"
    if pd.notna(setting.ref_confirm):
        edits["confirm_days"] = int(setting.ref_confirm)
        edits["max_ne_between"] = int(setting.max_nr_ne)
        edits["max_sd_between_pr"] = 1 if setting.accept_sd in (True, "TRUE") else 0
    return replace(get_rules("admiralonco"), **edits)
