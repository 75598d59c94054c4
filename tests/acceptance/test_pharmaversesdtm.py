"""pharmaversesdtm (Apache-2.0): responses derived from TU and TR against those that RS recorded.

`*_onco_recist` is a small set made by hand, 66 visits of three evaluators; `*_onco` is large and its recorded
responses are partly wrong, so there the listing is what is asked for.
"""

import pandas as pd
import pytest

from recist import (
    Readers,
    accepted_reading,
    adjudication_of,
    assess,
    best_response,
    compare_recorded,
    read_sdtm,
)
from tests.shared import shared

READER_1, READER_2 = (f"INDEPENDENT ASSESSOR RADIOLOGIST {n}" for n in (1, 2))


@pytest.fixture(scope="module")
def small():
    return read_sdtm(shared("data/pharmaversesdtm"), suffix="onco_recist")


@pytest.fixture(scope="module")
def large():
    return read_sdtm(shared("data/pharmaversesdtm"), suffix="onco")


def counts(compared):
    return dict(compared.summary[["kind", "n"]].itertuples(index=False, name=None))


def test_of_the_66_visits_60_agree_and_6_are_explained(small):
    compared = compare_recorded(assess(small.lesions), small.responses)
    assert (compared.compared, compared.agreeing) == (66, 60)
    assert counts(compared) == {
        "agree": 60,
        "date without a day": 3,
        "after progression": 2,
        "lesion back after complete response": 1,
    }


def test_response_after_progression_agrees_when_it_is_taken_as_assessed(small):
    compared = compare_recorded(assess(small.lesions, "recist_1_1[post_pd=as_assessed]"), small.responses)
    assert counts(compared) == {
        "agree": 62,
        "date without a day": 3,
        "lesion back after complete response": 1,
    }


def test_with_a_day_for_the_partial_date_65_follow_and_the_66th_is_the_partial_response_after_a_complete_one(
    small,
):
    """The visit dated 2014-02 lies between 2014-01-23 and 2014-03-06; any day of that month serves."""
    day = pd.Timestamp("2014-02-13")
    lesions = pd.concat([small.lesions, small.undated.assign(date=day)], ignore_index=True)
    recorded = small.responses.assign(date=small.responses["date"].fillna(day))
    compared = compare_recorded(assess(lesions, "recist_1_1[post_pd=as_assessed]"), recorded)
    assert (compared.compared, compared.agreeing) == (66, 65)
    row = compared.listing.iloc[0]
    assert (row["subject"], row["evaluator"], row["visit"]) == ("01-701-1133", READER_2, "WEEK 9")
    assert (row["derived"], row["recorded"]) == ("PD", "PR")
    assert "TL-PDb" in row["reason"]


def test_a_lesion_may_come_back_after_cr_where_the_convention_says_so(small):
    compared = compare_recorded(
        assess(small.lesions, "recist_1_1[post_pd=as_assessed, reappearance_after_cr=off]"), small.responses
    )
    assert compared.listing["kind"].tolist()[:3] == ["date without a day"] * 3
    # a sum of 4.95 mm after 0 mm is growth of less than 5 mm
    assert counts(compared) == {"agree": 63, "date without a day": 3}


def test_with_both_66_of_66_follow(small):
    """The same day for the partial date, and the convention under which a lesion may come back after CR."""
    day = pd.Timestamp("2014-02-13")
    lesions = pd.concat([small.lesions, small.undated.assign(date=day)], ignore_index=True)
    recorded = small.responses.assign(date=small.responses["date"].fillna(day))
    criteria = "recist_1_1[post_pd=as_assessed, reappearance_after_cr=off]"
    compared = compare_recorded(assess(lesions, criteria), recorded)
    assert (compared.compared, compared.agreeing) == (66, 66)


def test_the_accepted_reading_follows_the_flags_of_the_records(small):
    """21 dated visits carry RSACPTFL; the accepted response is that of the flagged reader."""
    responses = assess(small.lesions)
    accepted = accepted_reading(responses, Readers(READER_1, READER_2), adjudication_of(small.responses))
    assert len(accepted) == 21
    assert set(accepted["accepted_by"]) == {"adjudication"}
    flagged = small.responses[small.responses["accepted"] & small.responses["date"].notna()]
    key = ["subject", "visit"]
    pairs = accepted.astype(dict.fromkeys(key, str)).merge(flagged.astype(dict.fromkeys(key, str)), on=key)
    assert len(pairs) == 21
    assert (pairs["read_by"].astype(str) == pairs["evaluator_y"].astype(str)).all()
    first = accepted[accepted["subject"] == "01-701-1015"]
    assert first[["visit", "overall", "read_by"]].astype(str).values.tolist() == [
        ["WEEK 3", "SD", READER_2],
        ["WEEK 9", "CR", READER_2],
    ]
    assert len(best_response(accepted)) == small.responses["subject"].nunique()


def test_the_flags_of_the_measurements_say_the_same_as_those_of_the_responses(small):
    by_lesion, by_response = (adjudication_of(frame) for frame in (small.lesions, small.responses))
    both = by_response.merge(by_lesion, "outer", on=["subject", "visit"], suffixes=("_rs", "_tr"))
    assert both["accepted_rs"].tolist() == both["accepted_tr"].tolist()
    readers = Readers(READER_1, READER_2)
    responses = assess(small.lesions)
    one, other = (accepted_reading(responses, readers, table) for table in (by_lesion, by_response))
    assert one["read_by"].tolist() == other["read_by"].tolist()


def test_the_large_set_is_compared_visit_by_visit_and_every_disagreement_has_a_kind_and_a_reason(large):
    compared = compare_recorded(assess(one_date_per_visit(large.lesions)), large.responses)
    assert (compared.compared, compared.agreeing) == (1899, 1503)
    assert counts(compared) == {
        "agree": 1503,
        "recorded response unknown": 3,
        "after progression": 353,
        "lesion back after complete response": 10,
        "progression from nadir": 15,
        "missing lesions": 11,
        "response differs": 4,
    }
    assert compared.listing["reason"].str.len().min() > 20


def test_progression_measured_from_baseline_is_told_from_the_smallest_sum(large):
    listing = compare_recorded(assess(one_date_per_visit(large.lesions)), large.responses).listing
    row = listing[(listing["subject"] == "01-703-1119") & (listing["kind"] == "progression from nadir")].iloc[
        0
    ]
    assert (row["visit"], row["derived"], row["recorded"]) == ("WEEK 12", "PD", "PR")
    assert "+21.14 % and +8.9 mm from nadir 42.1 mm; from baseline only -38.6 %" in row["reason"]
    assert "recorded PR; the lesions give PD" in row["query"]


def one_date_per_visit(lesions):
    """One unscheduled visit of one subject was read twice, three months apart, under one label."""
    second = (
        (lesions["subject"] == "01-711-1143")
        & (lesions["visit"] == "UNSCHEDULED 9.2")
        & (lesions["date"] == "2013-09-22")
    )
    assert second.sum() == 30
    visit = lesions["visit"].astype(str).mask(second, "UNSCHEDULED 9.2 (2)")
    return lesions.assign(visit=visit.astype("category"))
