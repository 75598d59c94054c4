"""Inputs of the SAS tables in shared/data/sas_oncology_tables, by the plainest derivation of its README."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

ARMS = ["Placebo", "Xanomeline Low Dose", "Xanomeline High Dose"]
ORDER = ["CR", "PR", "SD", "PD", "NE"]


def subjects(folder: Path) -> pd.DataFrame:
    """Randomised subjects with their arm, start and death dates."""
    adsl = pd.read_csv(folder / "adam_adsl.csv", dtype=str)
    adsl = adsl[adsl["ARM"].isin(ARMS)]
    return pd.DataFrame(
        {
            "subject": adsl["USUBJID"].to_numpy(),
            "arm": pd.Categorical(adsl["ARM"], ARMS),
            "start_date": pd.to_datetime(adsl["RANDDT"]).to_numpy(),
            "death_date": pd.to_datetime(adsl["DTHDT"]).to_numpy(),
        }
    )


def used_responses(folder: Path, who: pd.DataFrame) -> pd.DataFrame:
    """Accepted overall responses up to the first PD."""
    rs = pd.read_csv(folder / "rs_onco.csv", dtype=str)
    rs = rs[rs["RSTESTCD"].eq("OVRLRESP") & rs["RSACPTFL"].eq("Y") & rs["RSORRES"].notna()]
    rs = pd.DataFrame(
        {
            "subject": rs["USUBJID"],
            "date": pd.to_datetime(rs["RSDTC"].str[:10]),
            "overall": rs["RSORRES"].str.upper(),
        }
    )
    rs = rs[rs["subject"].isin(who["subject"])].sort_values(["subject", "date"])
    first = rs["date"].where(rs["overall"] == "PD").groupby(rs["subject"]).transform("min")
    return rs[first.isna() | (rs["date"] <= first)]


def best(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Unconfirmed best responses with SD from day 42, and the subjects."""
    who = subjects(folder)
    used = used_responses(folder, who).merge(who, on="subject")
    early = used["overall"].eq("SD") & ((used["date"] - used["start_date"]).dt.days + 1 < 42)
    used["overall"] = used["overall"].mask(early, "NE")
    used["rank"] = used["overall"].map(ORDER.index)
    rank = used.groupby("subject")["rank"].min()
    return pd.DataFrame({"subject": rank.index, "best_response": [ORDER[n] for n in rank]}), who


def progression_free(folder: Path) -> pd.DataFrame:
    """Progression-free survival from randomisation, with what the event or the censoring was."""
    who = subjects(folder)
    used = used_responses(folder, who)
    progressed = used[used["overall"] == "PD"].groupby("subject")["date"].min()
    last = used.groupby("subject")["date"].max()
    tte = who.assign(pd_date=who["subject"].map(progressed), last=who["subject"].map(last))
    tte["event"] = tte["pd_date"].notna() | tte["death_date"].notna()
    event_date = tte["pd_date"].fillna(tte["death_date"])
    date = event_date.fillna(tte["last"]).fillna(tte["start_date"])
    tte["time"] = (date - tte["start_date"]).dt.days + 1
    tte["situation"] = "C"
    tte["situation"] = tte["situation"].mask(tte["event"], "E2").mask(tte["pd_date"].notna(), "E1")
    words = {"E1": "Progressive disease", "E2": "Death", "C": "No event"}
    return tte.assign(description=tte["situation"].map(words), endpoint="PFS")
