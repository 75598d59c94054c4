"""The accepted reading: each rule on the same readings, the table of adjudications, and what is refused."""

import pandas as pd
import pytest

from recist import InputError, Readers, accepted_reading, adjudication_of
from recist.reading_rules import RULES
from tests.readers.frames import responses

THREE = Readers("R1", "R2", "ADJ")
AGREED = {("01", "R1"): "PR PR PD", ("01", "R2"): "PR PR PD", ("01", "ADJ"): "SD SD SD"}
SPLIT = {("02", "R1"): "PR SD PD", ("02", "R2"): "SD PD PD", ("02", "ADJ"): "SD SD PD"}
# the same best response and dates, another response in between
INSIDE = {("03", "R1"): "PR SD PD", ("03", "R2"): "PR PR PD", ("03", "ADJ"): "PR NE PD"}


def accepted(words, subject, readers=THREE, **settings):
    taken = accepted_reading(responses(words), readers, **settings)
    return " ".join(taken.loc[taken["subject"] == subject, "overall"])


@pytest.mark.parametrize(
    ("rule", "of_02", "of_03"),
    [
        ("reader_1", "PR SD PD", "PR SD PD"),
        ("reader_2", "SD PD PD", "PR PR PD"),
        ("adjudicator", "SD SD PD", "PR NE PD"),
        ("adjudicator_if_discordant", "SD SD PD", "PR SD PD"),
        ("adjudicator_if_visit_discordant", "SD SD PD", "PR NE PD"),
        ("majority", "SD SD PD", "PR NE PD"),
        ("worst", "SD PD PD", "PR SD PD"),
        ("best", "PR SD PD", "PR PR PD"),
        ("earliest_progression", "SD PD PD", "PR SD PD"),
    ],
)
def test_each_rule_on_the_same_readings(rule, of_02, of_03):
    words = AGREED | SPLIT | INSIDE
    assert accepted(words, "02", rule=rule) == of_02
    assert accepted(words, "03", rule=rule) == of_03


def test_every_rule_is_tested_above():
    names = test_each_rule_on_the_same_readings.pytestmark[0].args[1]
    assert {name for name, _, _ in names} == set(RULES)


def test_readers_who_agree_need_no_adjudicator():
    two = {key: value for key, value in AGREED.items() if key[1] != "ADJ"}
    taken = accepted_reading(responses(two), Readers("R1", "R2"))
    assert taken["overall"].tolist() == ["PR", "PR", "PD"]
    assert set(taken["accepted_by"]) == {"readers agree"}
    assert set(taken["read_by"]) == {"R1"}
    assert set(taken["evaluator"]) == {"ACCEPTED"}


def test_a_majority_needs_more_than_half_of_those_who_read():
    elsewhere = {("09", "ADJ"): "SD"}  # the adjudicator has not read subject 01
    agree = {("01", "R1"): "SD SD", ("01", "R2"): "SD SD"} | elsewhere
    assert accepted(agree, "01", rule="majority") == "SD SD"
    differ = {("01", "R1"): "PR SD", ("01", "R2"): "SD SD"} | elsewhere
    with pytest.raises(InputError, match="01, WEEK 8: no majority"):
        accepted(differ, "01", rule="majority")


def test_not_evaluable_counts_for_worst_and_best_only_when_nobody_evaluated():
    words = {("01", "R1"): "NE NE", ("01", "R2"): "CR NE"}
    for rule in ("worst", "best"):
        assert accepted(words, "01", Readers("R1", "R2"), rule=rule) == "CR NE"


def test_without_progression_the_earliest_progression_is_reader_1():
    words = {("01", "R1"): "PR PR", ("01", "R2"): "SD SD"}
    assert accepted(words, "01", Readers("R1", "R2"), rule="earliest_progression") == "PR PR"


def test_the_table_of_adjudications_names_a_subject():
    table = pd.DataFrame({"subject": ["02"], "accepted": ["R2"]})
    taken = accepted_reading(responses(AGREED | SPLIT), THREE, table)
    assert " ".join(taken.loc[taken["subject"] == "02", "overall"]) == "SD PD PD"
    assert set(taken.loc[taken["subject"] == "02", "accepted_by"]) == {"adjudication"}
    assert set(taken.loc[taken["subject"] == "01", "accepted_by"]) == {"readers agree"}


def test_the_table_of_adjudications_names_a_visit_inside_a_subject():
    table = pd.DataFrame(
        {"subject": ["02", "02"], "visit": [None, "WEEK 16"], "accepted": ["reader_1", "R2"]}
    )
    assert accepted(SPLIT, "02", adjudication=table) == "PR PD PD"


def test_a_subject_that_the_table_settles_needs_no_adjudicator():
    words = {key: value for key, value in SPLIT.items() if key[1] != "ADJ"}
    table = pd.DataFrame({"subject": ["02"], "accepted": ["R1"]})
    assert accepted(words, "02", Readers("R1", "R2"), adjudication=table) == "PR SD PD"


def test_a_choice_for_a_subject_takes_that_readers_visits_only():
    words = {("01", "R1"): "PR - PD", ("01", "R2"): "PR PR PD"}
    table = pd.DataFrame({"subject": ["01"], "accepted": ["R1"]})
    assert accepted(words, "01", Readers("R1", "R2"), adjudication=table) == "PR PD"


def test_the_choice_does_not_depend_on_the_conventions_of_the_criteria():
    rows = responses(SPLIT).assign(criteria="recist_1_1[pr_pct=25]")
    table = pd.DataFrame({"subject": ["02"], "criteria": ["recist_1_1"], "accepted": ["R2"]})
    assert accepted_reading(rows, THREE, table)["overall"].tolist() == ["SD", "PD", "PD"]


def refused(message, words, readers=THREE, **settings):
    with pytest.raises(InputError, match=message):
        accepted_reading(responses(words), readers, **settings)


def table(**columns):
    return pd.DataFrame(columns)


def test_what_cannot_be_used_is_named():
    refused("No response is read by 'R9'. The responses are read by ADJ, R1, R2", SPLIT, Readers("R1", "R9"))
    refused("No rule 'majorty'.*'majority'", SPLIT, rule="majorty")
    refused("no adjudicator is named", SPLIT, Readers("R1", "R2"))
    refused("There is no adjudicator among the readers", SPLIT, Readers("R1", "R2"), rule="adjudicator")
    refused("has no column 'accepted'", SPLIT, adjudication=table(subject=["02"]))
    refused("'R7' is accepted, who is none of", SPLIT, adjudication=table(subject=["02"], accepted=["R7"]))
    twice = table(subject=["02", "02"], accepted=["R1", "R2"])
    refused("02: two rows in the table of adjudications", SPLIT, adjudication=twice)
    refused("05: in the table", SPLIT, adjudication=table(subject=["05"], accepted=["R1"]))
    late = table(subject=["02"], visit=["WEEK 48"], accepted=["R1"])
    refused("02, WEEK 48: in the table of adjudications, but no reader", SPLIT, adjudication=late)
    unread = {("01", "R1"): "PR - PD", ("01", "R2"): "PR PR PD"}
    named = table(subject=["01"], visit=["WEEK 16"], accepted=["R1"])
    refused("01, WEEK 16: R1 is accepted there, but has no", unread, Readers("R1", "R2"), adjudication=named)


def test_an_adjudication_that_is_still_to_come_is_named():
    words = AGREED | {key: value for key, value in SPLIT.items() if key[1] != "ADJ"}
    refused("02, WEEK 8: the readers differ, and ADJ has not read this subject", words)


def test_two_responses_of_a_reader_at_a_visit_are_refused():
    rows = pd.concat([responses(SPLIT), responses(SPLIT)], ignore_index=True)
    with pytest.raises(InputError, match="02, WEEK 8: R1 has two responses"):
        accepted_reading(rows, THREE)


def test_flags_become_a_table_of_adjudications():
    flagged = responses(SPLIT).assign(accepted=lambda rows: rows["evaluator"] == "R2")
    found = adjudication_of(flagged)
    assert found["accepted"].tolist() == ["R2"] * 3
    assert accepted(SPLIT, "02", adjudication=found) == "SD PD PD"


def test_an_undated_record_is_left_out_and_two_flags_at_a_visit_are_refused():
    rows = responses(SPLIT).assign(accepted=lambda rows: rows["evaluator"] == "R2")
    rows.loc[rows["visit"] == "WEEK 8", "date"] = pd.NaT
    assert adjudication_of(rows)["visit"].tolist() == ["WEEK 16", "WEEK 24"]
    with pytest.raises(InputError, match="02, WEEK 16: records of two evaluators are flagged"):
        adjudication_of(rows.assign(accepted=True))
