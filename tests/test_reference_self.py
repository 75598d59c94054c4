"""The second implementation against the worked cases of RECIST 1.1, defaults and alternatives alike."""

import datetime as dt
import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from tests.generate import Subject, random_cohort, random_responses, random_trial, random_visits, subjects
from tests.reference import CONVENTIONS, assess, assess_best, best_response
from tests.shared import SHARED, shared

pytestmark = pytest.mark.pandas_once

Case = dict[str, Any]
FILE = "cases/recist1_1.json"
STATES = {
    "TOO_SMALL": "too small",
    "NOT_EVALUABLE": "not evaluable",
    "NOT_DONE": "not done",
    "UNEQUIVOCAL_PD": "unequivocal progression",
    "NOT_NEW": "not new",
}
BEST = {"bor_unconfirmed": "best_response", "bor_confirmed": "confirmed_best_response"}


def case_ids(*levels: str) -> list[str]:
    """Ids of the cases of these levels; one id that skips when the cases are not at hand."""
    if not (SHARED / FILE).exists():
        return ["absent"]
    return [case["id"] for case in json.loads((SHARED / FILE).read_text()) if case["input_level"] in levels]


def find(case_id: str) -> Case:
    return next(case for case in json.loads(shared(FILE).read_text()) if case["id"] == case_id)


def day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def lesion_rows(case: Case) -> list[dict[str, Any]]:
    """The case's lesions in the columns of the lesion table."""
    rows = []
    for visit in [{"visit": "BASELINE", **case["baseline"]}, *case["visits"]]:
        for lesion in visit["lesions"]:
            state = lesion.get("state") or lesion.get("status") or lesion.get("certainty") or ""
            rows.append(
                {
                    "visit": visit["visit"],
                    "date": day(lesion["date"]),
                    "lesion": lesion["lesion_id"],
                    "role": {"nontarget": "non-target"}.get(lesion["role"], lesion["role"]),
                    "organ": lesion.get("organ"),
                    "node": lesion.get("nodal"),
                    "diameter_mm": lesion.get("mm"),
                    "state": STATES.get(state, state.lower()),
                    "parent": lesion.get("parent"),
                    "merged_into": lesion.get("merged_into"),
                    "method": lesion.get("method"),
                    "baseline_pet": lesion.get("baseline_pet"),
                    "baseline": visit["visit"] == "BASELINE",
                }
            )
    return rows


def visit_facts(case: Case) -> dict[str, dict[str, Any]]:
    names = ("tumour_marker_elevated", "imaging_done")
    return {
        visit["visit"]: {"date": day(visit["date"])} | {name: visit[name] for name in names if name in visit}
        for visit in case["visits"]
    }


def readings(case: Case) -> list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """(conventions, expected per visit, expected best) of the default and each alternative with params."""
    params = {name: value for name, value in case["params"].items() if name in CONVENTIONS}
    out = [(params, {visit["visit"]: visit["expected"] for visit in case["visits"]}, case["expected"])]
    for other in case["alternatives"]:
        if "params" in other and not other.get("descriptive"):
            out.append((params | other["params"], other["expected"].get("visits", {}), other["expected"]))
    return out


def check_visit(record: dict[str, Any], expected: dict[str, Any]) -> None:
    names = {"target": "target", "nontarget": "non_target", "new": "new_lesion", "overall": "overall"}
    for theirs, ours in names.items():
        if theirs in expected:
            assert record[ours] == expected[theirs], f"{record['visit']} {ours}"
    if "sum" in expected:
        assert record["sum_mm"] == Fraction(str(expected["sum"])), f"{record['visit']} sum"
    if "response_date" in expected:
        assert record["date"] == day(expected["response_date"]), f"{record['visit']} date"


@pytest.mark.parametrize("case_id", case_ids("lesion"))
def test_measurements_give_the_responses_of_the_case(case_id: str) -> None:
    case = find(case_id)
    rows, facts = lesion_rows(case), visit_facts(case)
    for conventions, visits, best in readings(case):
        records = assess(rows, facts, conventions)
        assert [record["visit"] for record in records] == [visit["visit"] for visit in case["visits"]]
        for record in records:
            check_visit(record, visits.get(record["visit"], {}))
        found = assess_best(rows, facts, conventions, start=day(case["ref_date"]))
        for theirs, ours in BEST.items():
            assert found[ours] == best.get(theirs, found[ours]), (conventions, ours)


@pytest.mark.parametrize("case_id", case_ids("lesion"))
def test_the_first_reading_of_a_visit_does_not_know_the_next(case_id: str) -> None:
    case = find(case_id)
    for k, visit in enumerate(case["visits"]):
        seen = case | {"visits": case["visits"][: k + 1]}
        last = assess(lesion_rows(seen), visit_facts(seen), case["params"])[-1]
        first = visit["expected"].get("overall_as_first_reported", visit["expected"]["overall"])
        assert last["overall"] == first


@pytest.mark.parametrize("case_id", case_ids("response"))
def test_responses_give_the_best_response_of_the_case(case_id: str) -> None:
    case = find(case_id)
    records = [(dt.date.fromisoformat(v["date"]), v["overall_input"]) for v in case["visits"]]
    for conventions, _, best in readings(case):
        found = best_response(
            records, conventions, day(case["nact_date"]), day(case["ref_date"]), case["nt_only"]
        )
        for theirs, ours in BEST.items():
            assert found[ours] == best.get(theirs, found[ours]), (conventions, ours)


@pytest.mark.parametrize("case_id", case_ids("endpoints"))
def test_response_is_dated_at_its_first_record(case_id: str) -> None:
    case = find(case_id)
    records = [(dt.date.fromisoformat(v["date"]), v["overall_input"]) for v in case["visits"]]
    start = dt.date.fromisoformat(case["ref_date"])
    found = best_response(records, case["params"], None, start)
    for theirs, ours in (("orr_unconf", "best_response"), ("orr_conf", "confirmed_best_response")):
        assert (found[ours] in ("CR", "PR")) == (case["expected"][theirs] == "Y")
    first = found["confirmed_response_date"]
    assert (None if first is None else (first - start).days + 1) == case["expected"]["ttr"]


@given(subjects())
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_changes_nothing(subject: Subject) -> None:
    rows, facts, conventions = subject
    assert assess(rows[::-1], facts, conventions) == assess(rows, facts, conventions)


@given(subjects())
@settings(max_examples=60, deadline=None)
def test_later_visits_change_no_earlier_response_but_by_back_dating(subject: Subject) -> None:
    rows, facts, conventions = subject
    conventions = conventions | {"equivocal_backdate": False}
    whole = assess(rows, facts, conventions)
    for k, record in enumerate(whole):
        seen = {"BASELINE"} | {earlier["visit"] for earlier in whole[: k + 1]}
        prefix = assess([row for row in rows if row["visit"] in seen], facts, conventions)
        assert prefix[-1] == record


@given(subjects())
@settings(max_examples=60, deadline=None)
def test_generated_subjects_are_well_formed(subject: Subject) -> None:
    rows, facts, conventions = subject
    keys = [(row["visit"], row["lesion"]) for row in rows]
    assert len(keys) == len(set(keys))
    assert set(facts) <= {row["visit"] for row in rows if not row["baseline"]}
    assert set(conventions) <= set(CONVENTIONS)
    sizes = [row["diameter_mm"] for row in rows if row["diameter_mm"] is not None]
    assert all(size == round(size, 2) >= 0 for size in sizes)


def test_generated_subjects_reach_every_response_and_the_limits_exactly() -> None:
    records = [r for rows, facts, rules in random_cohort(7, 400).values() for r in assess(rows, facts, rules)]
    assert {record["target"] for record in records} == {"CR", "PR", "SD", "PD", "NE", "NA"}
    assert {record["non_target"] for record in records} == {"CR", "NON-CR/NON-PD", "PD", "NE", "NA"}
    assert {record["new_lesion"] for record in records} == {"N", "E", "Y"}
    terms = {"CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "NED"}
    assert {record["overall"] for record in records} == terms
    full = [record for record in records if record["sum_mm"] is not None]
    assert any(record["sum_mm"] * 10 == record["baseline_mm"] * 7 for record in full)
    assert any(record["sum_mm"] * 10 == record["nadir_mm"] * 12 for record in full if record["nadir_mm"])
    assert any(record["sum_mm"] - record["nadir_mm"] == 5 for record in full)


def test_a_generated_trial_is_the_same_again_and_holds_every_subject() -> None:
    trial = random_trial(3, 20)
    assert trial.equals(random_trial(3, 20))
    assert trial["subject"].nunique() == 20
    assert set(random_visits(3, 20)["subject"]) <= set(trial["subject"])


def test_sequences_of_responses_reach_every_best_response() -> None:
    rng = np.random.default_rng(5)
    found = [best_response(**random_responses(rng)) for _ in range(600)]
    every = {"CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD", "NE", "MISSING"}
    assert {best["best_response"] for best in found} == every
    assert {best["confirmed_best_response"] for best in found} == every
