"""DFS, EFS, TTF, CIR, duration of complete response and stable disease, follow-up: each row by a subject of its own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import survival
from survival import CIR, DOCR, EFS, FOLLOW_UP, OS, all_endpoints, cumulative_incidence, derive_endpoint
from survival.endpoint import Endpoint, EndpointError
from tests.endpoints.frames import best_of, course, one_subject

Visits = tuple[tuple[float, str], ...]
SD3: Visits = ((56, "SD"), (112, "SD"), (168, "SD"))
CR3: Visits = ((56, "PR"), (112, "CR"), (168, "CR"))
OPERATED = replace(
    EFS, columns=("surgery_off_date",), events=("progression_date", "death_date", "surgery_off_date")
)

# endpoint, dates of the subject, visits, (situation, time, event); time counts from the start or the response
GOLDEN: list[tuple[Endpoint, dict[str, Any], Visits, tuple[str, int, bool] | None]] = [
    (survival.DFS, {"baseline_adequate": False}, SD3, ("P1", 1, False)),
    (survival.DFS, {"baseline_adequate": False, "death": 200}, (), ("P6", 201, True)),
    (survival.DFS, {}, (), ("P2", 1, False)),
    (survival.DFS, {"new_therapy": 100}, ((56, "NED"), (300, "PD")), ("P5", 301, True)),
    (survival.DFS, {"death": 600}, ((56, "NED"),), ("P7", 601, True)),
    (survival.DFS, {"death": 600, "cutoff": 500}, ((56, "NED"),), ("P9", 57, False)),
    (survival.DFS, {"discontinuation": 200}, SD3, ("P10", 169, False)),
    (survival.DFS, {"discontinuation": 200, "reason": "PROGRESSION"}, SD3, ("P10", 169, False)),
    (survival.DFS, {}, ((56, "NED"), (112, "NE")), ("P11", 57, False)),
    (OPERATED, {"baseline_adequate": False}, SD3, ("P1", 1, False)),
    (OPERATED, {}, (), ("P2", 1, False)),
    (OPERATED, {}, ((56, "SD"), (112, "PD")), ("P5", 113, True)),
    (OPERATED, {"surgery_off": 70, "death": 90}, ((56, "SD"), (112, "PD")), ("E5", 71, True)),
    (OPERATED, {"surgery_off": 112}, ((56, "SD"), (112, "PD")), ("P5", 113, True)),
    (OPERATED, {"surgery_off": 30, "death": 20}, (), ("P6", 21, True)),
    (OPERATED, {"death": 90}, ((56, "SD"),), ("P7", 91, True)),
    (OPERATED, {"surgery_off": 90, "cutoff": 80}, ((56, "SD"),), ("P9", 57, False)),
    (OPERATED, {"discontinuation": 60}, ((56, "SD"),), ("P10", 57, False)),
    (OPERATED, {}, ((56, "SD"),), ("P11", 57, False)),
    (survival.TTF, {"discontinuation": 120}, ((56, "SD"), (112, "PD")), ("U1", 113, True)),
    (survival.TTF, {"discontinuation": 112, "death": 112}, ((112, "PD"),), ("U1", 113, True)),
    (survival.TTF, {"death": 80, "discontinuation": 80}, (), ("U2", 81, True)),
    (survival.TTF, {"discontinuation": 60, "reason": "ADVERSE EVENT"}, SD3, ("U3", 61, True)),
    (survival.TTF, {"discontinuation": 60}, SD3, ("U3", 61, True)),
    (survival.TTF, {"discontinuation": 60, "reason": "completed", "death": 400}, SD3, ("U2", 401, True)),
    (survival.TTF, {"discontinuation": 60, "reason": "COMPLETED"}, SD3, ("U6", 169, False)),
    (survival.TTF, {"death": 400, "cutoff": 300}, SD3, ("U4", 301, False)),
    (survival.TTF, {}, (), ("U5", 1, False)),
    (survival.TTF, {"last_alive": 250}, SD3, ("U6", 251, False)),
    (survival.TTF, {"new_therapy": 100}, SD3, ("U6", 169, False)),
    (survival.DOCR, {"new_therapy": 170}, CR3, ("P3", 57, False)),
    (survival.DOCR, {}, (*CR3, (300, "PD")), ("P4", 57, False)),
    (survival.DOCR, {}, (*CR3, (224, "PD")), ("P5", 113, True)),
    (survival.DOCR, {"death": 190}, CR3, ("P7", 79, True)),
    (survival.DOCR, {"discontinuation": 190, "reason": "PROGRESSION"}, CR3, ("P8", 57, False)),
    (survival.DOCR, {"cutoff": 180, "death": 190}, CR3, ("P9", 57, False)),
    (survival.DOCR, {"discontinuation": 190}, CR3, ("P10", 57, False)),
    (survival.DOCR, {}, CR3, ("P11", 57, False)),
    (survival.DOCR, {}, ((56, "CR"), (112, "PD")), None),  # a CR that nothing confirmed
    (survival.DOCR_ANY, {}, ((56, "CR"), (112, "PD")), ("P5", 57, True)),
    (survival.DOCR_ANY, {}, ((56, "PR"), (112, "PD")), None),
    (survival.DOSD, {"new_therapy": 100}, SD3, ("P3", 57, False)),
    (survival.DOSD, {}, ((56, "SD"), (300, "PD")), ("P4", 57, False)),
    (survival.DOSD, {}, (*SD3, (224, "PD")), ("P5", 225, True)),
    (survival.DOSD, {"death": 190}, SD3, ("P7", 191, True)),
    (survival.DOSD, {"discontinuation": 190, "reason": "PROGRESSION"}, SD3, ("P8", 169, False)),
    (survival.DOSD, {"cutoff": 180, "death": 190}, SD3, ("P9", 169, False)),
    (survival.DOSD, {"discontinuation": 190}, SD3, ("P10", 169, False)),
    (survival.DOSD, {}, SD3, ("P11", 169, False)),
    (survival.DOSD, {}, ((56, "PR"), (112, "SD")), ("P11", 113, False)),  # unconfirmed PR counts as SD
    (survival.DOSD_ANY, {}, ((56, "PR"), (112, "SD")), None),
    (survival.DOSD_ANY, {}, ((56, "SD"), (112, "PD")), ("P5", 113, True)),
    (survival.DOSD, {}, ((30, "SD"), (60, "PD")), None),  # SD too early: best response PD
    (survival.DOSD, {}, ((56, "NON-CR/NON-PD"), (112, "PD")), None),
    (CIR, {}, ((40, "CR"), (200, "RELAPSE")), ("L1", 161, True)),
    (CIR, {"death": 120}, ((40, "CRi"),), ("L2", 81, True)),
    (CIR, {"last_alive": 300}, ((40, "CRh"),), ("L3", 261, False)),
    (CIR, {}, ((40, "PR"),), None),
    (FOLLOW_UP, {"death": 200}, (), ("O1", 201, False)),
    (FOLLOW_UP, {"last_alive": 320, "cutoff": 300}, (), ("O2", 301, True)),
    (FOLLOW_UP, {}, (), ("O3", 1, True)),
    (FOLLOW_UP, {"last_alive": 250}, (), ("O4", 251, True)),
]


def outcome(endpoint: Endpoint, days: dict[str, Any], visits: Visits) -> tuple[str, int, bool] | None:
    """Situation, time and event of one subject; none without a row."""
    subjects = one_subject(**days)
    for name in endpoint.columns:
        subjects[name] = subjects.get(name, pd.Series([pd.NaT], dtype="datetime64[ns]"))
    tte = derive_endpoint(endpoint, subjects, course(*visits))
    if tte.empty:
        return None
    return str(tte["situation"].iloc[0]), int(tte["time"].iloc[0]), bool(tte["event"].iloc[0])


@pytest.mark.parametrize(
    ("endpoint", "days", "visits", "expected"), GOLDEN, ids=lambda v: getattr(v, "name", "")
)
def test_golden(endpoint: Endpoint, days: dict[str, Any], visits: Visits, expected: Any) -> None:
    assert outcome(endpoint, days, visits) == expected


GROUPS = ("DFS", "EFS", "TTF", "DOCR", "DOSD", "CIR", "FOLLOW_UP")


@pytest.mark.parametrize("name", GROUPS)
def test_no_row_can_be_struck_out_unnoticed(name: str) -> None:
    cases = [case for case in GOLDEN if case[0].name == name]
    decided = defaultdict(list)
    for case in cases:
        if case[3] is not None:
            decided[case[3][0]].append(case)
    endpoint = cases[0][0]
    assert set(decided) == {row.rule for row in endpoint.situations}
    for rule, (case, *_) in decided.items():
        try:
            without = outcome(endpoint.without(rule), *case[1:3])
        except EndpointError:  # nothing else covers the subject
            continue
        assert without != case[3]


def test_relapse_and_death_compete() -> None:
    courses = {
        "1": ((40, "CR"), (140, "RELAPSE")),
        "2": ((40, "CR"),),
        "3": ((40, "CR"), (90, "CR")),
        "4": (),
    }
    subjects = pd.concat(
        [one_subject(name, death=80 if name == "2" else None) for name in courses], ignore_index=True
    )
    responses = pd.concat([course(*visits, subject=name) for name, visits in courses.items()])
    tte = derive_endpoint("cir", subjects, responses)
    assert tte["cause"].astype("str").tolist()[:2] == ["relapse", "death without relapse"]
    assert tte["cause"].isna().tolist() == [False, False, True]
    assert tte["event"].tolist() == [True, True, False]
    found = cumulative_incidence(tte).at([101]).set_index("cause")["estimate"]
    # death at 41 of three at risk; relapse at 101 of the one left after the other was censored at 51
    assert found["death without relapse"] == pytest.approx(1 / 3)
    assert found["relapse"] == pytest.approx(2 / 3)


def test_causes_of_ones_own_and_a_column_of_that_name_that_is_taken() -> None:
    competing = (
        survival.PFS.edit("P5", cause="progression").edit("P6", cause="death").edit("P7", cause="death")
    )
    tte = derive_endpoint(competing, one_subject(death=60), course((56, "SD")))
    assert tte["cause"].tolist() == ["death"]
    assert list(tte["cause"].cat.categories) == ["progression", "death"]
    with pytest.raises(EndpointError, match="subjects has a column cause"):
        derive_endpoint(competing, one_subject().assign(cause="x"), course((56, "SD")))
    assert "cause" in derive_endpoint("os", one_subject().assign(cause="x"))


def test_follow_up_is_overall_survival_reversed() -> None:
    days = [{"death": 100}, {"last_alive": 50}, {"last_alive": 300}, {"death": 200}, {"last_alive": 400}]
    subjects = pd.concat([one_subject(str(n), **one) for n, one in enumerate(days)], ignore_index=True)
    survived, followed = derive_endpoint(OS, subjects), derive_endpoint(FOLLOW_UP, subjects)
    assert followed["time"].tolist() == survived["time"].tolist()
    assert followed["event"].tolist() == (~survived["event"]).tolist()
    median = survival.kaplan_meier(followed).quantiles([0.5])["time"].tolist()
    assert median == survival.follow_up(survived, probabilities=[0.5])["time"].tolist() == [301]


def test_stable_disease_may_include_non_target_disease() -> None:
    wide = replace(survival.DOSD, stable_disease=("SD", "NON-CR/NON-PD"))
    assert outcome(wide, {}, ((56, "NON-CR/NON-PD"), (112, "PD"))) == ("P5", 113, True)


def test_a_best_response_without_its_kind_is_refused() -> None:
    responses = course(*CR3)
    with pytest.raises(EndpointError, match="DOCR: best has no column confirmed_best_response"):
        derive_endpoint(DOCR, one_subject(), responses, best_of(responses))


def test_arms_are_compared_where_everyone_has_a_row() -> None:
    compared = {name for name, endpoint in all_endpoints().items() if endpoint.compares_arms}
    assert {"os", "pfs", "ipfs", "ttp", "ttf", "dfs", "efs", "follow_up", "ttr_all"} <= compared
    alone = {
        "dor",
        "idor",
        "idor_any",
        "ttr",
        "ttr_any",
        "docr",
        "docr_any",
        "dosd",
        "dosd_any",
        "rfs",
        "cir",
    }
    assert not alone & compared


def test_dates_out_of_place_raise_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    for endpoint in all_endpoints().values():
        if not endpoint.own_facts:
            derive_endpoint(endpoint, one_subject(), course())
    assert [str(warning.message) for warning in recwarn if warning.category is RuntimeWarning] == []
