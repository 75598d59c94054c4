"""The second implementation of iRECIST against the worked cases, defaults and alternatives alike."""

import datetime as dt
import itertools
import json
from typing import Any

import pytest

from tests.reference_irecist import CONVENTIONS, assess, assess_ibor, assess_ipfs, ibor, ipfs
from tests.shared import SHARED, shared
from tests.test_reference_self import lesion_rows

Case = dict[str, Any]
FILE = "cases/irecist.json"
KINDS = {"NLT": "new target", "NLNT": "new non-target"}


def case_ids(*levels: str) -> list[str]:
    if not (SHARED / FILE).exists():
        return ["absent"]
    return [case["id"] for case in json.loads((SHARED / FILE).read_text()) if case["input_level"] in levels]


def find(case_id: str) -> Case:
    return next(case for case in json.loads(shared(FILE).read_text()) if case["id"] == case_id)


def day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def rows_of(case: Case, by_kind: bool) -> list[dict[str, Any]]:
    """The lesion table; the kind of a new lesion as its role, or left to be found from its size."""
    given = [lesion for visit in [case["baseline"], *case["visits"]] for lesion in visit["lesions"]]
    rows = lesion_rows(case)
    for row, lesion in zip(rows, given, strict=True):
        row["further_increase"] = lesion.get("further_increase")
        if by_kind and lesion["role"] == "new":
            row["role"] = KINDS[lesion["kind"]]
    return rows


def visit_facts(case: Case) -> dict[str, dict[str, Any]]:
    names = ("tumour_marker_elevated", "imaging_done", "new_symptoms")
    return {
        visit["visit"]: {"date": day(visit["date"])} | {name: visit[name] for name in names if name in visit}
        for visit in case["visits"]
    }


def readings(case: Case) -> list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """(conventions, expected per visit, expected for the subject) of the default and each alternative."""
    params = {name: value for name, value in case["params"].items() if name in CONVENTIONS}
    visits = {visit["visit"]: visit["expected"] for visit in case["visits"]}
    out = [(params, visits, case["expected"])]
    for other in case["alternatives"]:
        if "params" in other and not other.get("descriptive"):
            out.append((params | other["params"], other["expected"].get("visits", {}), other["expected"]))
    return out


@pytest.mark.parametrize("by_kind", [True, False], ids=["role from kind", "role new"])
@pytest.mark.parametrize("case_id", case_ids("lesion"))
def test_measurements_give_the_responses_of_the_case(case_id: str, by_kind: bool) -> None:
    case = find(case_id)
    rows, facts, start = rows_of(case, by_kind), visit_facts(case), day(case["ref_date"])
    names = {"target": "target", "nontarget": "non_target", "new": "new_lesion", "ioverall": "ioverall"}
    for conventions, visits, expected in readings(case):
        for record in assess(rows, facts, conventions):
            said = visits.get(record["visit"], {})
            found = {theirs: record[ours] for theirs, ours in names.items() if theirs in said}
            assert found == {theirs: said[theirs] for theirs in found}, (conventions, record["visit"])
        best = assess_ibor(rows, facts, conventions, None, start)["best_response"]
        assert best == expected.get("ibor", best), conventions
        if "ipfs_date" in expected:
            date, event = assess_ipfs(rows, facts, conventions, day(case.get("death")), start)
            assert (date, event) == (day(expected["ipfs_date"]), expected["ipfs_cnsr"] == 0)


@pytest.mark.parametrize("case_id", case_ids("response"))
def test_responses_give_the_best_response_of_the_case(case_id: str) -> None:
    case = find(case_id)
    records = [(dt.date.fromisoformat(v["date"]), v["overall_input"]) for v in case["visits"]]
    start = day(case["ref_date"])
    for conventions, _, expected in readings(case):
        assert ibor(records, conventions, None, start)["best_response"] == expected["ibor"]
        date, event = ipfs(records, conventions, day(case.get("death")), start)
        assert (date, event) == (day(expected["ipfs_date"]), expected["ipfs_cnsr"] == 0)


def test_every_sequence_of_table_3() -> None:
    """Seymour 2017, Table 3, all alternatives written out; ANY stands for one response."""
    path = shared("data/worked_examples/irecist_worked_examples.json")
    start, checked = dt.date(2024, 1, 1), 0
    for example in json.loads(path.read_text())["ibor_table_seymour2017_T3"]:
        for terms in itertools.product(*example["tp"]):
            answer = [term.replace("ANY", "iPR") for term in terms]
            records = [(start + dt.timedelta(days=56 * (k + 1)), term) for k, term in enumerate(answer)]
            assert ibor(records, {}, None, start)["best_response"] == example["iBOR"], terms
            checked += 1
    assert checked == 261
