"""Days that others derived: a pancreatic cancer trial, and admiral on two data sets.

Moss et al. 2012, Gastrointest Cancer Res 5:77 (R package asaur); admiral and admiralonco vignettes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from survival import DOR, DOR_ANY, OS, PFS_EMA, derive_endpoint
from survival.endpoint import Endpoint
from tests.shared import shared

EVERY_RECORD = {"not_adequate": ()}  # admiral counts an NE record as the last assessment
RESPONSE = {"RSP": "response_date", "CRSP": "confirmed_response_date"}


def test_asaur_days_to_progression_and_death() -> None:
    folder = shared("data/asaur_pancreatic_gastric")
    raw = pd.read_csv(folder / "pancreatic.csv", na_values=".")
    days = pd.read_csv(folder / "pancreatic2.csv")
    for name in ("onstudy", "progression", "death"):
        raw[name] = pd.to_datetime(raw[name], format="%m/%d/%Y")
    subjects = pd.DataFrame({"subject": raw.index.astype(str), "treatment_start_date": raw["onstudy"]})
    subjects["death_date"] = raw["death"]
    seen = pd.DataFrame(
        {"subject": subjects["subject"], "date": raw["progression"], "overall": "PD"}
    ).dropna()
    pfs = derive_endpoint(replace(PFS_EMA, first_day=0), subjects, seen)
    overall = derive_endpoint(replace(OS, first_day=0), subjects)
    assert pfs["time"].tolist() == days["pfs"].tolist()
    assert overall["time"].tolist() == days["os"].tolist()
    assert pfs["event"].all() and overall["event"].all()


def _as_admiral(tte: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame({"AVAL": tte["time"], "CNSR": (~tte["event"]).astype("int64"), "ADT": tte["date"]})
    return frame.set_index(pd.Index(tte["subject"].astype(str), name="USUBJID")).sort_index()


def _expected(path: Path, parameter: str) -> pd.DataFrame:
    frame = pd.read_csv(path, parse_dates=["ADT"])
    frame = frame[frame["PARAMCD"] == parameter].set_index("USUBJID")
    return frame[["AVAL", "CNSR", "ADT"]].sort_index()


def _best(records: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    best = subjects[["subject"]].copy()
    for parameter, column in RESPONSE.items():
        yes = records[(records["PARAMCD"] == parameter) & (records["AVALC"] == "Y")]
        best[column] = best["subject"].map(yes.set_index("USUBJID")["ADT"])
    return best


def _subjects(adsl: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame({"subject": adsl["USUBJID"].astype(str)})
    for name, column in {
        "RANDDT": "randomization_date",
        "DTHDT": "death_date",
        "LSTALVDT": "last_alive_date",
    }.items():
        frame[column] = pd.to_datetime(adsl[name])
    return frame.reset_index(drop=True)


@pytest.mark.parametrize(
    ("parameter", "endpoint"),
    [
        ("OS", OS),
        ("PFS", replace(PFS_EMA, **EVERY_RECORD)),
        ("RSD", replace(DOR.without("P3", "P4"), **EVERY_RECORD)),
    ],
)
def test_ten_thousand_subjects_of_admiralonco(parameter: str, endpoint: Endpoint) -> None:
    folder = shared("data/admiralonco_10000")
    subjects = _subjects(pd.read_parquet(folder / "adsl_10000.parquet"))
    rs = pd.read_parquet(folder / "rs_10000.parquet")
    responses = pd.DataFrame(
        {"subject": rs["USUBJID"], "date": pd.to_datetime(rs["ADT"]), "overall": rs["AVALC"]}
    )
    records = pd.read_csv(folder / "expected_adrs_10000.csv.gz", parse_dates=["ADT"])
    tte = derive_endpoint(endpoint, subjects, responses, _best(records, subjects))
    expected = _expected(folder / "expected_adtte_10000.csv.gz", parameter)
    pd.testing.assert_frame_equal(_as_admiral(tte), expected, check_dtype=False, check_index_type=False)


@pytest.mark.parametrize(
    ("parameter", "endpoint"),
    [
        ("OS", OS),
        ("PFS", PFS_EMA),
        ("RSD", replace(DOR_ANY.without("P3", "P4"), **EVERY_RECORD)),
    ],
)
def test_the_vignette_of_admiral(parameter: str, endpoint: Endpoint) -> None:
    folder = shared("data/admiral_outputs")
    dates = ["ADT", "RANDDT", "DTHDT", "LSTALVDT"]
    records = pd.read_csv(folder / "adtte__adrs.csv.gz", parse_dates=dates)
    randomised = records[records["RANDDT"].notna()]
    subjects = _subjects(randomised.drop_duplicates("USUBJID"))
    seen = randomised[randomised["PARAMCD"] == "OVR"]
    responses = pd.DataFrame({"subject": seen["USUBJID"], "date": seen["ADT"], "overall": seen["AVALC"]})
    if endpoint is OS:  # its last contact is LSTALVDT alone; 01-701-1115 was assessed nine days later
        tte = derive_endpoint(endpoint, subjects)
    else:
        tte = derive_endpoint(endpoint, subjects, responses, _best(records, subjects))
    expected = _expected(folder / "adtte__adtte.csv", parameter)
    pd.testing.assert_frame_equal(_as_admiral(tte), expected, check_dtype=False, check_index_type=False)
