"""iRECIST parameters of ADRS: a worked sequence, and the data of the admiralonco vignette."""

from __future__ import annotations

import pandas as pd

import recist
from tests.shared import shared

START = pd.Timestamp("2024-01-01")


def sequence(subject: str, *terms: str, column: str = "ioverall") -> pd.DataFrame:
    dates = [START + pd.Timedelta(56 * (k + 1), "D") for k in range(len(terms))]
    return pd.DataFrame({"subject": subject, "criteria": "irecist", "date": dates, column: terms})


def said(adrs: pd.DataFrame, subject: str) -> dict[str, tuple[str, int | None, float]]:
    """Parameter -> answer, day and number of one subject; IOVR apart."""
    rows = adrs[(adrs["USUBJID"] == subject) & (adrs["PARAMCD"] != "IOVR")]
    return {
        str(r.PARAMCD): (r.AVALC, None if pd.isna(r.ADT) else (r.ADT - START).days, r.AVAL)
        for r in rows.itertuples()
    }


def test_a_cancelled_a_confirmed_and_an_open_block() -> None:
    """SD, SD, iUPD, PR, PR, iUPD, iCPD: progression is the second iUPD, as the vignette says."""
    responses = pd.concat(
        [
            sequence("01", "iSD", "iSD", "iUPD", "iPR", "iPR", "iUPD", "iCPD", "iCR"),
            sequence("02", "iSD", "iUPD", "NE", "iUPD"),
            sequence("03", "iUPD", "iSD"),
        ],
        ignore_index=True,
    )
    subjects = pd.DataFrame({"subject": ["01", "02", "03", "04"], "start_date": START})
    adrs = recist.derive_adrs(responses, subjects)
    no, day = ("N", None, 0.0), 56
    assert said(adrs, "01") == {
        "ICPD": ("Y", 6 * day, 1.0),
        "IUPD": no,
        "IRSP": ("Y", 4 * day, 1.0),
        "ICRSP": ("Y", 4 * day, 1.0),
        "ICB": ("Y", day, 1.0),
        "ICCB": ("Y", day, 1.0),
        "IBOR": ("iPR", 4 * day, 5.0),
        "ICBOR": ("iPR", 4 * day, 5.0),
    }
    second = said(adrs, "02")
    assert (second["ICPD"], second["IUPD"]) == (no, ("Y", 2 * day, 1.0))
    assert second["IBOR"] == second["ICBOR"] == ("iSD", day, 4.0)
    assert (said(adrs, "03")["ICPD"], said(adrs, "03")["IUPD"]) == (no, no)
    assert said(adrs, "04")["IBOR"] == ("NE", None, 8.0)
    assessed = adrs[(adrs["PARAMCD"] == "IOVR") & (adrs["USUBJID"] == "01")]
    assert assessed["AVAL"].tolist() == [4, 4, 2, 5, 5, 2, 1, 6]
    assert assessed["ANL01FL"].isna().tolist() == [False] * 7 + [True]  # after the first iCPD nothing counts
    rules = adrs.loc[adrs["PARAMCD"] == "IBOR", "RULEID"].tolist()
    assert rules == ["IB.2", "IB.3", "IB.3", "IB.9"]


def test_responses_under_both_criteria_give_both_sets_of_parameters() -> None:
    immune = sequence("01", "iUPD", "iPR")
    plain = sequence("01", "PD", "PR", column="overall").assign(criteria="recist_1_1")
    subjects = pd.DataFrame({"subject": ["01"], "start_date": START, "death_date": pd.NaT})
    adrs = recist.derive_adrs(pd.concat([plain, immune], ignore_index=True), subjects)
    value = adrs.set_index("PARAMCD")["AVALC"].astype(str)
    assert (value["BOR"], value["IBOR"], value["PD"], value["ICPD"]) == ("PD", "iPR", "Y", "N")
    assert adrs["PARAMCD"].value_counts()["DEATH"] == 1
    by_parameter = adrs.set_index("PARAMCD")["PARCAT3"].astype(str)
    assert (by_parameter["BOR"], by_parameter["IBOR"]) == ("recist_1_1", "irecist")


def test_the_recorded_responses_of_the_vignette_read_like_best_response() -> None:
    study = recist.read_sdtm(shared("data/pharmaversesdtm"), suffix="onco_irecist")
    rows = study.responses[study.responses["date"].notna() & study.responses["overall"].notna()]
    adrs = recist.derive_adrs(rows, study.subjects)
    best = recist.best_response(
        rows.assign(
            start_date=rows["subject"]
            .astype(str)
            .map(study.subjects.astype({"subject": str}).set_index("subject")["randomization_date"])
        )
    ).set_index("subject")["best_response"]
    ours = adrs[adrs["PARAMCD"] == "IBOR"].astype({"USUBJID": str}).set_index("USUBJID")["AVALC"]
    assert ours[best.index.astype(str)].astype(str).tolist() == best.astype(str).tolist()
    assert (adrs["PARAMCD"] == "IOVR").sum() == 74
    terms = (
        rows.sort_values("date").groupby("subject", observed=True)["overall"].agg(lambda x: [*map(str, x)])
    )
    still_open = ["iCPD" not in words and [w for w in words if w != "NE"][-1:] == ["iUPD"] for words in terms]
    confirmed = ["iCPD" in words for words in terms]
    answered = adrs[adrs["AVALC"] == "Y"]["PARAMCD"].value_counts()
    assert (answered["ICPD"], answered["IUPD"]) == (sum(confirmed), sum(still_open)) == (2, 11)
