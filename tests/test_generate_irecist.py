"""What holds of the second implementations of iRECIST and mRECIST on generated subjects."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from tests.generate import Subject
from tests.generate_irecist import (
    I_ALTERNATIVES,
    irecist_subjects,
    random_irecist_cohort,
    random_iresponses,
    to_frame,
    to_visits,
)
from tests.generate_mrecist import M_ALTERNATIVES, mrecist_subjects, random_mrecist_cohort
from tests.reference_irecist import CONVENTIONS, assess, ibor
from tests.reference_mrecist import CONVENTIONS as M_CONVENTIONS
from tests.reference_mrecist import assess_hcc

pytestmark = pytest.mark.pandas_once

Records = list[dict[str, Any]]


@given(irecist_subjects())
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_changes_nothing(subject: Subject) -> None:
    rows, facts, conventions = subject
    assert assess(rows[::-1], facts, conventions) == assess(rows, facts, conventions)


@given(irecist_subjects())
@settings(max_examples=60, deadline=None)
def test_later_visits_change_no_earlier_response_but_by_back_dating(subject: Subject) -> None:
    rows, facts, conventions = subject
    conventions = conventions | {"equivocal_backdate": False}
    whole = assess(rows, facts, conventions)
    for k, record in enumerate(whole):
        seen = {"BASELINE"} | {earlier["visit"] for earlier in whole[: k + 1]}
        assert assess([row for row in rows if row["visit"] in seen], facts, conventions)[-1] == record


@given(irecist_subjects())
@settings(max_examples=60, deadline=None)
def test_before_progression_it_is_recist_1_1_with_an_i(subject: Subject) -> None:
    for record in assess(*subject):
        if record["overall"] == "PD":
            assert record["ioverall"] == "iUPD"
            return
        assert record["ioverall"].replace("i", "").replace("UPD", "PD") == record["overall"]


@given(irecist_subjects())
@settings(max_examples=60, deadline=None)
def test_a_confirmation_follows_an_iupd_and_stays(subject: Subject) -> None:
    terms = [record["ioverall"] for record in assess(*subject)]
    if "iCPD" in terms:
        first = terms.index("iCPD")
        before = [term for term in terms[:first] if term != "NE"]
        assert before[-1] == "iUPD"
        assert set(terms[first:]) == {"iCPD"}


@given(mrecist_subjects())
@settings(max_examples=60, deadline=None)
def test_mrecist_finds_no_new_lesion_that_the_reader_did_not_name(subject: Subject) -> None:
    rows, facts, conventions = subject
    said = {row["visit"] for row in rows if row["role"] == "new" and row["state"] in ("", "unequivocal")}
    conventions = conventions | {"equivocal_backdate": False}
    for record in assess_hcc(rows, facts, conventions):
        assert record["new_lesion"] != "Y" or record["visit"] in said


def test_generated_subjects_are_well_formed() -> None:
    for cohort in (random_irecist_cohort(11, 60), random_mrecist_cohort(11, 60)):
        for name, (rows, facts, conventions) in cohort.items():
            keys = [(row["visit"], row["lesion"]) for row in rows]
            assert len(keys) == len(set(keys))
            assert set(facts) <= {row["visit"] for row in rows if not row["baseline"]}
            assert set(conventions) <= set(CONVENTIONS) | set(M_CONVENTIONS)
            frame, visits = to_frame(rows, name), to_visits(facts, name)
            assert len(frame) == len(rows)
            assert frame["viable_mm"].dtype == np.float64
            assert frame["further_increase"].dtype == "boolean"
            assert list(visits["new_symptoms"]) == [bool(f.get("new_symptoms")) for f in facts.values()]


def test_generated_subjects_reach_every_response_and_every_passage() -> None:
    found = [assess(*subject) for subject in random_irecist_cohort(7, 500).values()]
    terms = {record["ioverall"] for records in found for record in records}
    assert terms == {"iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "NED", "iUPD", "iCPD", "NE"}
    steps = {(a["ioverall"], b["ioverall"]) for r in found for a, b in itertools.pairwise(r)}
    away = {"iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "NE", "iUPD", "iCPD"}
    assert {after for before, after in steps if before == "iUPD"} >= away
    assert any(record["late_confirmation"] for records in found for record in records)


def test_sequences_of_responses_reach_every_best_response() -> None:
    rng = np.random.default_rng(5)
    found = [ibor(**random_iresponses(rng)) for _ in range(600)]
    every = {"iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "NED", "iCPD", "iUPD", "NE", "MISSING"}
    assert {best["best_response"] for best in found} == every
    assert {best["confirmed_best_response"] for best in found} == every


def differs(one: Records, other: Records) -> bool:
    names = ("new_lesion", "overall", "ioverall", "late_confirmation")
    return [[r.get(n) for n in names] for r in one] != [[r.get(n) for n in names] for r in other]


def test_every_convention_of_its_own_changes_some_generated_subject() -> None:
    cohort = [subject[:2] for subject in random_irecist_cohort(3, 300).values()]
    for name, values in I_ALTERNATIVES.items():
        if name != "i_unconfirmed_is_event":  # asks for nothing but the date of progression
            edits = {name: values[1]}
            assert any(differs(assess(*s), assess(*s, edits)) for s in cohort), name
    cohort = [subject[:2] for subject in random_mrecist_cohort(3, 150).values()]
    for name, values in M_ALTERNATIVES.items():
        edits = {name: values[1]}
        assert any(differs(assess_hcc(*s), assess_hcc(*s, edits)) for s in cohort), name
