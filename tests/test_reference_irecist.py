"""The second implementation of iRECIST against the worked cases, defaults and alternatives alike."""

import datetime as dt
import itertools
import json
from typing import Any

import pytest

from tests.reference_irecist import CONVENTIONS, assess, assess_ibor, assess_ipfs, ibor, ipfs
from tests.shared import SHARED, shared
from tests.test_reference_self import lesion_rows

pytestmark = pytest.mark.pandas_once

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


def course(*visits: dict[str, Any], days: int = 56) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """Rows and facts: T is a target (100 mm at baseline), NT a non-target, N1 and N2 new targets, M1 a new
    non-target; `day` places a visit, `gone` is 0 mm.
    """
    rows: list[dict[str, Any]] = []
    facts: dict[str, dict[str, Any]] = {}
    for k, said in enumerate([{"T": 100, "NT": "present", "day": -14}, *visits]):
        date = dt.date(2024, 1, 1) + dt.timedelta(days=said.get("day", days * k))
        at = {"visit": f"V{k}", "date": date, "baseline": k == 0}
        facts[f"V{k}"] = {"new_symptoms": said.get("symptoms", False)}
        if "T" in said:
            state = "measured" if said["T"] is not None else "not evaluable"
            rows.append(at | {"lesion": "T", "role": "target", "diameter_mm": said["T"], "state": state})
        nt, more = [*said.get("NT", "present").split(), ""][:2]
        state = {"pd": "unequivocal progression", "ne": "not evaluable"}.get(nt, nt)
        flag = True if more == "further" else None
        rows.append(at | {"lesion": "NT", "role": "non-target", "state": state, "further_increase": flag})
        for name in ("N1", "N2", "M1"):
            if name in said:
                role = "new target" if name[0] == "N" else "new non-target"
                state = "absent" if said[name] == 0 else "unequivocal"
                rows.append(at | {"lesion": name, "role": role, "diameter_mm": said[name], "state": state})
    return rows, facts


HAND: list[tuple[str, list[dict[str, Any]], dict[str, Any], str]] = [
    ("+4 then +2 confirms at the second", [{"T": 125}, {"T": 129}, {"T": 131}], {}, "iUPD iUPD iCPD"),
    (
        "iSOM is additive too",
        [{"T": 100, "N1": 12}, {"T": 100, "N1": 16}, {"T": 100, "N1": 17}],
        {},
        "iUPD iUPD iCPD",
    ),
    ("iSOM is not in the sum", [{"T": 100}, {"T": 112, "N1": 12}, {"T": 112, "N1": 12}], {}, "iSD iUPD iUPD"),
    (
        "a reset starts the block anew",
        [{"T": 125}, {"T": 110}, {"T": 126}, {"T": 131}],
        {},
        "iUPD iSD iUPD iCPD",
    ),
    ("PR against baseline wins", [{"T": 50}, {"T": 75}, {"T": 65}], {}, "iPR iUPD iPR"),
    ("or not", [{"T": 50}, {"T": 75}, {"T": 65}], {"i_reset_rule": "nadir_strict"}, "iPR iUPD iUPD"),
    ("still PD at the next visit", [{"T": 50}, {"T": 75}, {"T": 65}, {"T": 65}], {}, "iPR iUPD iPR iUPD"),
    ("increased confirms NT", [{"T": 90, "NT": "pd"}, {"T": 90, "NT": "increased"}], {}, "iUPD iCPD"),
    (
        "and any further increase",
        [{"T": 90, "NT": "pd"}, {"T": 90, "NT": "present further"}],
        {},
        "iUPD iCPD",
    ),
    ("unchanged does not", [{"T": 90, "NT": "pd"}, {"T": 90, "NT": "pd"}], {}, "iUPD iUPD"),
    ("NT not evaluated: no reset", [{"T": 90, "NT": "pd"}, {"T": 60, "NT": "ne"}], {}, "iUPD NE"),
    ("NE, then the block goes on", [{"T": 125}, {"T": None}, {"T": 130}], {}, "iUPD NE iCPD"),
    ("growth is never early", [{"T": 125}, {"T": 140, "day": 70, "symptoms": True}], {}, "iUPD iUPD"),
    (
        "a symptom and another lesion are",
        [{"T": 125}, {"T": 125, "N1": 12, "day": 70, "symptoms": True}],
        {},
        "iUPD iCPD",
    ),
    ("another lesion without symptom is not", [{"T": 125}, {"T": 125, "N1": 12, "day": 70}], {}, "iUPD iUPD"),
    (
        "nor when the exception is off",
        [{"T": 125}, {"T": 125, "N1": 12, "day": 70, "symptoms": True}],
        {"i_early_exception": False},
        "iUPD iUPD",
    ),
    (
        "what an early scan showed confirms later",
        [{"T": 125}, {"T": 125, "N1": 12, "day": 70}, {"T": 125, "N1": 12, "day": 84}],
        {},
        "iUPD iUPD iCPD",
    ),
    ("27 days are too few", [{"T": 125}, {"T": 130, "day": 83}, {"T": 130, "day": 84}], {}, "iUPD iUPD iCPD"),
    ("a reset may be early", [{"T": 125}, {"T": 100, "day": 70}], {}, "iUPD iSD"),
    ("stable new lesion, targets shrink", [{"T": 90, "N1": 12}, {"T": 89, "N1": 12}], {}, "iUPD iSD"),
    (
        "strictly never while it is there",
        [{"T": 90, "N1": 12}, {"T": 50, "N1": 12}, {"T": 50, "N1": 0}],
        {"i_new_lesion_policy": "strict_table2"},
        "iUPD iUPD iPR",
    ),
    ("new lesion smaller", [{"T": 90, "N1": 12}, {"T": 90, "N1": 11}], {}, "iUPD iSD"),
    ("one of two gone", [{"T": 90, "N1": 12, "M1": 6}, {"T": 90, "N1": 12, "M1": 0}], {}, "iUPD iSD"),
    ("new lesion not read", [{"T": 90, "N1": 12}, {"T": 50}], {}, "iUPD NE"),
    (
        "an older lesion unread at the anchor hides nothing",
        [
            {"T": 90, "M1": 6},
            {"T": 60, "M1": 6},
            {"T": 60, "N1": 12},
            {"T": 60, "N1": 14},
            {"T": 60, "N1": 0},
        ],
        {},
        "iUPD iPR iUPD iUPD iPR",
    ),
    ("measured growth of a new non-target", [{"T": 90, "M1": 6}, {"T": 90, "M1": 7}], {}, "iUPD iCPD"),
    (
        "iSOM of two is compared with two",
        [
            {"T": 90, "N1": 12},
            {"T": 60, "N1": 12},
            {"T": 60, "N1": 12, "N2": 15},
            {"T": 55, "N1": 12, "N2": 15},
            {"T": 55, "N1": 12, "N2": 15},
        ],
        {},
        "iUPD iPR iUPD iPR iPR",
    ),
    (
        "back after it was gone: by its sum",
        [{"T": 90, "N1": 12}, {"T": 60, "N1": 0}, {"T": 60, "N1": 4}, {"T": 60, "N1": 5}],
        {},
        "iUPD iPR iPR iUPD",
    ),
    ("iCPD stays", [{"T": 125}, {"T": 130}, {"T": None, "NT": "ne"}, {"T": 50}], {}, "iUPD iCPD iCPD iCPD"),
]


@pytest.mark.parametrize(
    ("visits", "conventions", "expected"), [h[1:] for h in HAND], ids=[h[0] for h in HAND]
)
def test_courses_by_hand(visits: list[dict[str, Any]], conventions: dict[str, Any], expected: str) -> None:
    rows, facts = course(*visits)
    assert " ".join(record["ioverall"] for record in assess(rows, facts, conventions)) == expected


def test_a_confirmation_after_8_weeks_is_marked() -> None:
    for day_of_scan, late in ((112, False), (113, True)):
        rows, facts = course({"T": 125}, {"T": 130, "day": day_of_scan})
        assert [record["late_confirmation"] for record in assess(rows, facts)] == [False, late]


def dated(text: str) -> list[tuple[dt.date, str]]:
    return [(dt.date(2024, 1, 1) + dt.timedelta(days=56 * (k + 1)), t) for k, t in enumerate(text.split())]


@pytest.mark.parametrize(
    ("terms", "best", "confirmed"),
    [
        ("iPR iPR", "iPR", "iPR"),
        ("iPR iUPD iPR", "iPR", "iSD"),
        ("iPR iUPD iPR iPR", "iPR", "iPR"),
        ("iUPD NE iCR NE iCR iCPD iPR", "iCR", "iCR"),
        ("iCR iPR", "iCR", "iSD"),
        ("iUPD iUPD NE", "iUPD", "iUPD"),
        ("NE", "NE", "NE"),
    ],
)
def test_confirmed_best_response(terms: str, best: str, confirmed: str) -> None:
    found = ibor(dated(terms), {}, None, dt.date(2024, 1, 1), False)
    assert (found["best_response"], found["confirmed_best_response"]) == (best, confirmed)


@pytest.mark.parametrize(
    ("terms", "counts", "death", "expected"),
    [
        ("iSD iUPD NE", True, None, (112, True)),
        ("iSD iUPD NE", False, None, (112, False)),
        ("iSD iUPD NE", False, 400, (400, True)),
        ("iUPD iSD", True, 400, (400, True)),
        ("iUPD iSD NE iUPD NE iCPD", True, None, (224, True)),
        ("NE", True, None, (0, False)),
    ],
)
def test_date_of_progression(terms: str, counts: bool, death: int | None, expected: tuple[int, bool]) -> None:
    start = dt.date(2024, 1, 1)
    died = None if death is None else start + dt.timedelta(days=death)
    date, event = ipfs(dated(terms), {"i_unconfirmed_is_event": counts}, died, start)
    assert date is not None
    assert ((date - start).days, event) == expected
