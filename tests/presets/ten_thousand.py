"""The 10,000 subjects of admiralonco_10000 as frames, with admiralonco's ADRS and ADTTE."""

from __future__ import annotations

from functools import cache

import pandas as pd

from tests.shared import shared

FOLDER = "data/admiralonco_10000"
SUBJECT_DATES = {
    "randomization_date": "RANDDT",
    "treatment_start_date": "TRTSDT",
    "death_date": "DTHDT",
    "last_alive_date": "LSTALVDT",
}


@cache
def subjects() -> pd.DataFrame:
    """ADSL in our names."""
    adsl = pd.read_parquet(shared(FOLDER) / "adsl_10000.parquet")
    dates = {ours: pd.to_datetime(adsl[theirs]).dt.as_unit("ns") for ours, theirs in SUBJECT_DATES.items()}
    return pd.DataFrame({"subject": adsl["USUBJID"], "arm": adsl["ARM"], **dates})


@cache
def responses() -> pd.DataFrame:
    """RS in our names."""
    rs = pd.read_parquet(shared(FOLDER) / "rs_10000.parquet")
    return pd.DataFrame(
        {"subject": rs["USUBJID"], "date": pd.to_datetime(rs["ADT"]).dt.as_unit("ns"), "overall": rs["AVALC"]}
    )


@cache
def expected(name: str) -> pd.DataFrame:
    """`adrs` or `adtte`, as admiralonco derived it."""
    path = shared(FOLDER) / f"expected_{name}_10000.csv.gz"
    frame = pd.read_csv(path, parse_dates=["ADT"], keep_default_na=False, na_values=["", "NA"])
    return frame.assign(ADT=frame["ADT"].dt.as_unit("ns"))
