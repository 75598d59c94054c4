"""The second implementation of mRECIST against the worked cases, defaults and alternatives alike."""

import json
from fractions import Fraction
from typing import Any

import pytest

from tests.reference_mrecist import assess_hcc, assess_mpm, best_hcc, best_mpm
from tests.shared import SHARED, shared
from tests.test_reference_self import BEST, check_visit, day, lesion_rows, readings, visit_facts

pytestmark = pytest.mark.pandas_once

Case = dict[str, Any]
FILES = {"hcc": "cases/mrecist_hcc.json", "mpm": "cases/mrecist_mpm.json"}
ENGINES = {"hcc": (assess_hcc, best_hcc), "mpm": (assess_mpm, best_mpm)}


def case_ids() -> list[tuple[str, str]]:
    return [
        (name, case["id"])
        for name, file in FILES.items()
        for case in (
            json.loads((SHARED / file).read_text()) if (SHARED / file).exists() else [{"id": "absent"}]
        )
    ]


def rows_of(case: Case, name: str) -> list[dict[str, Any]]:
    """The lesion table; under mRECIST the length of a target is its viable part, the whole is larger."""
    given = [lesion for visit in [case["baseline"], *case["visits"]] for lesion in visit["lesions"]]
    rows = lesion_rows(case)
    for row, lesion in zip(rows, given, strict=True):
        row |= {name: lesion.get(name) for name in ("pattern", "cytology_positive")}
        if name == "hcc" and row["role"] == "target" and not row["node"]:
            row |= {"viable_mm": row["diameter_mm"], "diameter_mm": 60}
    return rows


@pytest.mark.parametrize(("name", "case_id"), case_ids())
def test_measurements_give_the_responses_of_the_case(name: str, case_id: str) -> None:
    case = next(case for case in json.loads(shared(FILES[name]).read_text()) if case["id"] == case_id)
    rows, facts = rows_of(case, name), visit_facts(case)
    assess, best = ENGINES[name]
    for conventions, visits, expected in readings(case):
        for record in assess(rows, facts, conventions):
            check_visit(record, visits.get(record["visit"], {}))
        found = best(rows, facts, conventions, start=day(case["ref_date"]))
        for theirs, ours in BEST.items():
            assert found[ours] == expected.get(theirs, found[ours]), (conventions, ours)


def subject(*visits: dict[str, Any]) -> list[dict[str, Any]]:
    """A stable liver lesion, and a new lesion that is described visit by visit."""
    target = {"lesion": "T1", "role": "target", "organ": "LIVER", "diameter_mm": 60, "viable_mm": 40}
    rows: list[dict[str, Any]] = []
    for k, new in enumerate([{}, *visits]):
        at = {"visit": f"V{k}", "date": day(f"2024-0{k + 1}-01"), "baseline": k == 0}
        rows.append(at | target)
        if new:
            rows.append(at | {"lesion": "N1", "role": "new", "organ": "LIVER"} | new)
    return rows


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ([{"diameter_mm": 10, "pattern": "typical"}], "Y"),
        ([{"diameter_mm": 9.99, "pattern": "typical"}], "E"),
        ([{"diameter_mm": 30}], "E"),
        ([{"diameter_mm": 12, "pattern": "atypical"}, {"diameter_mm": 21.99, "pattern": "atypical"}], "EE"),
        ([{"diameter_mm": 12, "pattern": "atypical"}, {"diameter_mm": 22, "pattern": "atypical"}], "YY"),
        ([{"diameter_mm": 12, "pattern": "atypical"}, {"diameter_mm": 12, "pattern": "typical"}], "YY"),
        ([{"diameter_mm": 12, "pattern": "atypical"}, {"state": "absent"}, {"diameter_mm": 22}], "ENE"),
        ([{"organ": "ASCITES"}, {"organ": "ASCITES", "cytology_positive": True}], "YY"),
        ([{"organ": "PERITONEUM", "diameter_mm": 8}], "Y"),
        ([{"organ": "LUNG", "diameter_mm": 4}], "Y"),
        ([{"organ": "PORTA HEPATIS", "node": True, "diameter_mm": 19.99}], "E"),
        ([{"organ": "PORTA HEPATIS", "node": True, "diameter_mm": 20}], "Y"),
        ([{"organ": "LYMPH NODE", "node": True, "diameter_mm": 15}], "Y"),
    ],
)
def test_new_lesions(visits: list[dict[str, Any]], expected: str) -> None:
    assert "".join(record["new_lesion"] for record in assess_hcc(subject(*visits))) == expected


def test_the_whole_lesion_never_stands_in_for_the_viable_part() -> None:
    rows = subject({}, {})
    rows[-1] = rows[-1] | {"viable_mm": None}
    records = assess_hcc(rows)
    assert [record["target"] for record in records] == ["SD", "NE"]
    assert records[0]["sum_mm"] == Fraction(40)
