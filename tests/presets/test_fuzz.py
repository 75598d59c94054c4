"""Every value that admiralonco derives for 500 random subjects under 102 settings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import recist
from tests.presets import fuzz

PARAMETER = {
    "derive_param_bor": "BOR",
    "derive_param_confirmed_bor": "CBOR",
    "derive_param_response": "RSP",
    "derive_param_confirmed_resp": "CRSP",
    "derive_param_clinbenefit": "CB",
}


def disagreements(setting: Any, found: pd.DataFrame) -> list[str]:
    """Subjects whose answer or date is not the expected one; `found` has AVALC and ADT by subject."""
    expected = fuzz.answers()[setting.combo].loc[found.index]
    same_date = (found["ADT"] == expected["ADT"]) | (found["ADT"].isna() & expected["ADT"].isna())
    same = (found["AVALC"].astype(str) == expected["AVALC"]) & same_date
    return found.index[~same].tolist()


@pytest.mark.parametrize("function", PARAMETER)
def test_every_setting_of_the_function(function: str) -> None:
    chosen = fuzz.settings()[fuzz.settings()["fun"] == function]
    values = 0
    for setting in chosen.itertuples():
        adrs = recist.derive_adrs(fuzz.responses(), fuzz.subjects(), fuzz.rules_of(setting))
        found = adrs[adrs["PARAMCD"] == PARAMETER[function]].set_index("USUBJID")
        found.index = found.index.astype(str)
        assert disagreements(setting, found) == [], setting
        values += len(found)
    assert values == 500 * len(chosen)


def test_there_are_51000_values() -> None:
    assert sum(map(len, fuzz.answers().values())) == 51_000
    assert set(fuzz.settings()["fun"]) == set(PARAMETER)


@pytest.mark.parametrize(("combo", "column"), [(3, "best_response"), (16, "confirmed_best_response")])
def test_best_response_and_adrs_say_the_same(combo: int, column: str) -> None:
    setting = next(s for s in fuzz.settings().itertuples() if s.combo == combo)
    best = recist.best_response(
        fuzz.responses(), rules=fuzz.rules_of(setting), subjects=fuzz.subjects()
    ).set_index("subject")
    best.index = best.index.astype(str)
    found = pd.DataFrame({"AVALC": best[column], "ADT": best[f"{column}_date"]})
    assert disagreements(setting, found) == []


@pytest.mark.parametrize(
    "edit",
    [
        {"cr_then_lesser": "table3_strict"},
        {"cr_then_lesser": "downgrade_cr"},
        {"unconfirmed_cr_nt_only": "NON-CR/NON-PD"},
        {"first_record": "after_start"},
        {"not_done": "NE"},
        {"no_assessment": "NE"},
        {"min_sd_days": 43},
        {"confirm_days": 29},
        {"max_ne_between": 0},
        {"max_sd_between_pr": 0},
        {"last_record": "any"},
    ],
    ids=str,
)
def test_no_field_of_the_preset_is_idle(edit: dict[str, Any]) -> None:
    """Each field that makes the preset changes an answer when it is set otherwise."""
    from dataclasses import replace

    setting = next(s for s in fuzz.settings().itertuples() if s.combo == 16)  # 42, 28, one NE, one SD
    rules = replace(fuzz.rules_of(setting), **edit)
    best = recist.best_response(fuzz.responses(), rules=rules, subjects=fuzz.subjects()).set_index("subject")
    best.index = best.index.astype(str)
    found = pd.DataFrame(
        {"AVALC": best["confirmed_best_response"], "ADT": best["confirmed_best_response_date"]}
    )
    assert len(disagreements(setting, found)) > 0


def test_order_of_subjects_and_rows_does_not_matter() -> None:
    rules = recist.get_rules("admiralonco")
    shuffled = fuzz.responses().sample(frac=1, random_state=3)
    subjects = fuzz.subjects().sample(frac=1, random_state=4)
    one = recist.derive_adrs(fuzz.responses(), fuzz.subjects(), rules)
    other = recist.derive_adrs(shuffled, subjects, rules)
    order = ["USUBJID", "PARAMCD", "ADT"]
    for frame in (one, other):
        frame["USUBJID"] = frame["USUBJID"].astype(str)
    columns = [*order, "AVALC", "AVAL", "RULEID"]
    one, other = (f.sort_values(order)[columns].reset_index(drop=True) for f in (one, other))
    pd.testing.assert_frame_equal(one, other)


def test_every_rule_of_the_preset_decides_someone_but_ned() -> None:
    """NED is a term that admiralonco does not know; a made-up subject shows those two rows."""
    rules = recist.get_rules("admiralonco")
    ned = pd.DataFrame(
        {
            "subject": "NED",
            "start_date": pd.Timestamp("2020-01-01"),
            "date": pd.to_datetime(["2020-02-01"]),
            "overall": "NED",
        }
    )
    both = pd.concat([fuzz.responses(), ned], ignore_index=True)
    subjects = pd.DataFrame({"subject": [*fuzz.subjects()["subject"], "NED"]})
    best = recist.best_response(both, rules=rules, subjects=subjects)
    for column in ("best_response", "confirmed_best_response"):
        decided = set(best[f"{column}_rule"].astype(str))
        assert decided == set(getattr(rules.tables, column).ids())
        assert np.all(best.loc[best["subject"] == "NED", column] == "NED")
