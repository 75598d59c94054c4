"""Every worked QLQ-C30 case: answers to scores, and scores to time to deterioration, with every alternative."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pandas as pd
import pytest

import survival
from survival.qlq_c30.endpoint import Deterioration
from survival.qlq_c30.rules import DeteriorationRules
from survival.qlq_c30.scales import SCALES, scale_of
from tests.acceptance.case_files import folder

Case = dict[str, Any]
TTD = survival.TTD
WORDS = {  # what an alternative says -> the convention it names
    "unconfirmed last deterioration counts": {"last_unconfirmed": "event"},
    "a missing assessment breaks the confirmation": {"confirmation": "next_assessment"},
    "death counts as event": {"death": "event"},
    "death as event": {"death": "event"},
}
INPUT = {"threshold": "points", "scale": "scale"}  # key of the input -> setting


def _cases(level: str) -> list[Any]:
    """Each case at its default, and each alternative that names a convention, by its parameters or in words."""
    found = []
    for path in sorted(folder().glob("*.json")) if folder().is_dir() else []:
        content = json.loads(path.read_text(encoding="utf-8"))
        for case in content if isinstance(content, list) else []:
            if case.get("input_level") != level:
                continue
            found.append(pytest.param(case, case["input"], case["params"], case["expected"], id=case["id"]))
            for n, other in enumerate(case["alternatives"], 1):
                given = case["input"] | (other.get("input") or {})
                params = case["params"] | (other.get("params") or WORDS.get(other.get("convention"), {}))
                assert (given, params) != (case["input"], case["params"]), (
                    f"{case['id']}: {other} names nothing"
                )
                name = f"{case['id']} alternative {n}"
                found.append(pytest.param(case, given, params, other["expected"], id=name))
    none = pytest.param(
        {}, {}, {}, {}, id="none", marks=pytest.mark.skip("no QLQ-C30 cases; set RECIST_CASES")
    )
    return found or [none]


def _endpoint(given: Case, params: Case) -> Deterioration:
    known = {f.name for f in fields(DeteriorationRules)}
    assert not set(params) - known, f"{set(params) - known} is no setting"
    settings = {setting: given[name] for name, setting in INPUT.items() if name in given}
    return replace(TTD, **(settings | params))


def _scores(case: Case, given: Case) -> pd.DataFrame:
    seen = [{"date": case["baseline"]["date"], "score": given["baseline"]}, *given["obs"]]
    frame = pd.DataFrame(seen).assign(subject=case["id"], scale=given["scale"])
    return frame.assign(date=pd.to_datetime(frame["date"]), score=frame["score"].astype("float64"))


def _subjects(case: Case, given: Case) -> pd.DataFrame:
    dates = {"randomization_date": case["ref_date"], "death_date": given.get("death")}
    dates |= {f"{name}_date": given.get(name) for name in ("new_therapy", "cutoff") if given.get(name)}
    return pd.DataFrame(
        {"subject": [case["id"]]} | {name: pd.to_datetime([day]) for name, day in dates.items()}
    )


@pytest.mark.parametrize(("case", "given", "params", "expected"), _cases("qlq"))
def test_scores(case: Case, given: Case, params: Case, expected: Case) -> None:
    answers: dict[str, Any] = {f"q{n}": [None] for n in range(1, 31)}
    answers |= {f"q{n}": [answer] for n, answer in given["items"].items()}
    assert set(given["items"]) == set(map(str, scale_of(given["scale"]).items))
    scores = survival.score_qlq(pd.DataFrame({"subject": ["1"], "date": [case["ref_date"]]} | answers))
    score = scores.set_index("scale")["score"]
    wanted = float("nan") if expected["score"] is None else expected["score"]
    assert score[given["scale"]] == pytest.approx(wanted, abs=1e-6, nan_ok=True)
    assert score.drop(given["scale"]).isna().all() and len(score) == len(SCALES)


@pytest.mark.parametrize(("case", "given", "params", "expected"), _cases("ttd"))
def test_time_to_deterioration(case: Case, given: Case, params: Case, expected: Case) -> None:
    endpoint = _endpoint(given, params)
    scores, subjects = _scores(case, given), _subjects(case, given)
    tte = survival.derive_endpoint(endpoint, subjects, scores).iloc[0]
    got = {"adt": f"{tte['date']:%Y-%m-%d}", "cnsr": int(not tte["event"]), "aval": int(tte["time"])}
    assert {key: got[key] for key in expected if key in got} == expected, tte["description"]
    said = survival.explain_deterioration(scores, subjects, case["id"], endpoint)
    assert ("event" if tte["event"] else "censored") + f" on {got['adt']}" in said.splitlines()[0]
    assert f"Decided by {tte['situation']}" in said


def test_a_missing_assessment_breaks_the_confirmation_only_by_convention() -> None:
    """The alternative of T1-05 says no date: worse, no score, worse at the last assessment."""
    given = {"scale": "PF2", "baseline": 80.0}
    days = ["2024-01-29", "2024-02-26", "2024-03-25"]
    given["obs"] = [{"date": d, "score": s} for d, s in zip(days, [66.67, None, 60.0], strict=True)]
    case = {"id": "1", "ref_date": "2024-01-01", "baseline": {"date": "2023-12-18"}}
    outcome = {}
    for confirmation in ("next_available", "next_assessment"):
        endpoint = replace(TTD, scale="PF2", confirmation=confirmation)
        tte = survival.derive_endpoint(endpoint, _subjects(case, given), _scores(case, given)).iloc[0]
        outcome[confirmation] = (str(tte["date"].date()), bool(tte["event"]), tte["situation"])
    assert outcome["next_available"] == ("2024-01-29", True, "Q4")
    assert outcome["next_assessment"] == ("2024-03-25", False, "Q8")
