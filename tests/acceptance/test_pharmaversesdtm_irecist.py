"""pharmaversesdtm (Apache-2.0), `rs_onco_irecist`: best responses from the recorded iRECIST time points.

The file holds 75 overall responses of 26 subjects, no lesions and no best response.  The best responses are
compared with those of the second implementation and, for some subjects, with the reading of Seymour 2017 by hand.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from recist import best_response, read_sdtm
from tests.reference_irecist import ibor, ipfs
from tests.shared import shared


@pytest.fixture(scope="module")
def study():
    return read_sdtm(shared("data/pharmaversesdtm"), suffix="onco_irecist")


@pytest.fixture(scope="module")
def dated(study):
    """The records with a date and a response, with the subject's start."""
    rows = study.responses[study.responses["date"].notna() & study.responses["overall"].notna()]
    start = study.subjects.astype({"subject": str}).set_index("subject")["treatment_start_date"]
    return rows.assign(start_date=rows["subject"].astype(str).map(start))


def test_of_75_recorded_responses_one_has_no_day(study, dated):
    assert (len(dated), dated["subject"].nunique(), set(dated["criteria"].astype(str))) == (
        74,
        26,
        {"irecist"},
    )
    lost = study.findings[study.findings["finding"] == "date_without_day"]
    assert lost["subject"].tolist() == ["01-701-1028"]


def test_a_word_that_is_no_response_of_non_targets_is_a_finding(study):
    """Non-targets are iCR, NON-iCR/NON-iUPD or iUPD: once iPR and twice iSD are none of them."""
    odd = study.findings[study.findings["finding"] == "unknown_response"]
    assert Counter(odd["message"].str.extract(r"NTRGRESP is '(\w+)'")[0].dropna()) == {"iPR": 1, "iSD": 2}


def test_best_responses_and_progression_are_those_of_the_second_implementation(dated):
    best = best_response(dated).set_index("subject")
    for subject, rows in dated.groupby("subject", observed=True):
        start = rows["start_date"].iloc[0].date()
        records = [(r.date.date(), str(r.overall)) for r in rows.itertuples()]
        expected = ibor(records, {}, None, start, bool((rows["target"] == "NA").all()))
        found = best.loc[subject]
        for name in ("best_response", "confirmed_best_response"):
            assert str(found[name]) == expected[name], (subject, name)
        date, event = ipfs(records, {}, None, start)
        progression = found["progression_date"]
        assert (None if pd.isna(progression) else progression.date()) == (date if event else None), subject


def test_some_by_hand(dated):
    best = best_response(dated).set_index("subject")
    # iPR on day 41 is too early to count as iSD once it stays unconfirmed; day 126 is recorded NON-iCR/NON-iUPD
    both = ["best_response", "confirmed_best_response"]
    assert best.loc["01-701-1148", both].tolist() == ["iPR", "NON-iCR/NON-iUPD"]
    assert str(best.loc["01-701-1148", "progression_date"].date()) == "2014-02-08"  # of the second iUPD
    assert best.loc["01-701-1130", both].tolist() == ["iCR", "iCR"]
    assert str(best.loc["01-701-1118", "best_response"]) == "iSD"
    assert pd.isna(best.loc["01-701-1034", "progression_date"])  # iUPD, then iSD: cancelled
