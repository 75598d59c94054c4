"""ADRS of the admiralonco vignette "Creating a Basic ADRS" (9 subjects): every value, AVAL and MDIS too, but one."""

from __future__ import annotations

import pandas as pd

import recist
from tests.shared import shared


def test_every_value_but_one_that_contradicts_its_own_data_set() -> None:
    folder = shared("data/admiral_outputs")
    adsl = pd.read_csv(folder / "adrs_basic__adsl.csv", dtype=str)
    theirs = pd.read_csv(folder / "adrs_basic__adrs.csv", dtype=str, keep_default_na=False)
    theirs = theirs.replace({"ADT": {"NA": ""}, "AVAL": {"NA": ""}, "AVALC": {"NA": ""}})
    measurable = set(theirs.loc[(theirs["PARAMCD"] == "MDIS") & (theirs["AVALC"] == "Y"), "USUBJID"])
    subjects = pd.DataFrame(
        {
            "subject": adsl["USUBJID"],
            "treatment_start_date": pd.to_datetime(adsl["TRTSDT"]),
            "death_date": pd.to_datetime(adsl["DTHDT"]),
            "measurable_disease": adsl["USUBJID"].isin(measurable),
        }
    )
    given = theirs[theirs["PARAMCD"] == "OVR"]
    responses = pd.DataFrame(
        {"subject": given["USUBJID"], "date": pd.to_datetime(given["ADT"]), "overall": given["AVALC"]}
    )
    ours = recist.derive_adrs(responses, subjects, recist.get_rules("admiralonco[min_sd_days=28]"))
    found = {
        (row.USUBJID, row.PARAMCD, said(row.ADT), said(row.AVALC), said(row.AVAL))
        for row in ours.itertuples()
    }
    expected = {(r.USUBJID, r.PARAMCD, r.ADT, r.AVALC, r.AVAL) for r in theirs.itertuples()}
    assert len(found) == len(ours) == len(expected) == 130
    # its CBOR is PR and its CRSP is Y for this subject, so CBCP N cannot be right
    assert expected - found == {("01-701-1118", "CBCP", "", "N", "0")}
    assert ("01-701-1118", "CBOR", "2014-04-23", "PR", "2") in expected


def said(value: object) -> str:
    """A value as the file writes it."""
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return str(int(value)) if isinstance(value, float) else str(value)
