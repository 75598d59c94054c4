"""Endpoints as values: edits, printing, what is refused, and the frames that come out."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survival
from survival import PFS, Situation, all_endpoints, all_situations, derive_endpoint, get_endpoint
from survival.endpoint import ALL_SITUATIONS, TTE, EndpointError
from tests.endpoints.frames import START, at, course, one_subject

Q8W = course((56, "SD"), (112, "SD"), (168, "SD"), (224, "PD"))
ALWAYS = Situation(
    "X1", "Always", when=lambda f: np.ones(len(f), bool), date="start_date", outcome="censored", cite="test"
)


def decided(endpoint: Any, subjects: pd.DataFrame, responses: pd.DataFrame | None = Q8W) -> str:
    return str(derive_endpoint(endpoint, subjects, responses)["situation"].iloc[0])


def test_a_row_struck_out_does_not_apply_any_more() -> None:
    therapy = one_subject(new_therapy=180)
    assert decided(PFS, therapy) == "P3"
    assert decided(PFS.without("P3"), therapy) == "P5"
    assert PFS.without("P3", "P4").name == "PFS without P3, P4"
    assert "P3" in [row.rule for row in PFS.situations]


def test_an_edited_row_gives_another_date_and_leaves_the_original_alone() -> None:
    edited = PFS.edit("P3", date="new_therapy_date")
    tte = derive_endpoint(edited, one_subject(new_therapy=180), Q8W).iloc[0]
    assert (tte["date"], tte["endpoint"]) == (at(180), "PFS with P3 edited")
    assert PFS.situation("P3").date == "last_adequate_before_new_therapy"


def test_a_row_is_inserted_before_or_after_another() -> None:
    assert [row.rule for row in PFS.before("P2", ALWAYS).situations][:3] == ["P1", "X1", "P2"]
    assert [row.rule for row in PFS.after("P2", ALWAYS).situations][:3] == ["P1", "P2", "X1"]
    assert PFS.after("P2", ALWAYS).name == "PFS with X1"
    assert decided(PFS.before("P5", ALWAYS), one_subject()) == "X1"
    assert decided(PFS.after("P5", ALWAYS), one_subject()) == "P5"


def test_an_endpoint_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        PFS.max_gap_days = 1


def test_it_prints_as_a_table() -> None:
    lines = str(PFS).splitlines()
    assert lines[0] == "PFS: Progression-free survival (FDA 2018 endpoints guidance, Appendix 3, Table A)"
    assert [cell.strip() for cell in lines[1].split("|")] == [
        "rule",
        "situation",
        "date",
        "outcome",
        "source",
    ]
    assert [line.split("|")[0].strip() for line in lines[3:14]] == [row.rule for row in PFS.situations]
    assert "gap: more than 126 days" in lines[14]
    assert lines[3].split("|")[1].strip() == "No baseline tumour assessment"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: PFS.without("P99"), "PFS has no situation 'P99'; it has P1, P2"),
        (lambda: PFS.edit("P99", text=""), "PFS has no situation 'P99'"),
        (lambda: PFS.edit("P1", outcome="maybe"), "situation P1: outcome 'maybe' is not"),
        (lambda: PFS.edit("P1", date="someday"), "situation P1: 'someday' is not one of the facts"),
        (lambda: PFS.after("P1", PFS.situation("P2")), "situations need ids, each its own"),
        (lambda: replace(PFS, situations=()), "situations need ids"),
        (lambda: replace(PFS, events=("relapse_date",)), "'relapse_date' is not one of the facts"),
        (lambda: replace(PFS, only="relapse_date"), "'relapse_date' is not one of the facts"),
        (lambda: replace(PFS, max_gap_days=-1), "max_gap_days is -1"),
        (lambda: replace(PFS, visit_interval_days=0), "visit_interval_days is 0"),
        (lambda: get_endpoint("pfss"), "no endpoint 'pfss'; there are .*Did you mean 'pfs'"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_written(make: Any, message: str) -> None:
    with pytest.raises(EndpointError, match=message):
        make()


@pytest.mark.parametrize(
    ("endpoint", "subjects", "responses", "message"),
    [
        (
            "pfs",
            one_subject(),
            course((56, "SD"), subject="02"),
            "responses has subjects that are not in subjects: 02",
        ),
        ("pfs", one_subject(), None, "PFS needs responses"),
        ("pfs", one_subject(), Q8W.drop(columns="overall"), "responses has no column overall"),
        ("pfs", one_subject().drop(columns="subject"), Q8W, "subjects has no column subject"),
        ("pfs", one_subject(cutoff=-1), Q8W, "started after the cutoff: 01"),
        ("pfs", one_subject().assign(time=3), Q8W, "subjects has a column time"),
        ("os", one_subject().assign(death_date="2024-02-01"), None, "column death_date: '2024-02-01' is"),
        ("os", one_subject().assign(death_date=45000.0), None, "column death_date: '45000.0' is not a date"),
        (
            "os",
            one_subject().rename(columns={"randomization_date": "day_0"}),
            None,
            "no randomization_date or treat",
        ),
        ("os", pd.concat([one_subject(), one_subject()]), None, "subject 01 has more than one row"),
        (PFS.without("P11"), one_subject(), course((56, "SD")), "no situation covers 01"),
        (PFS.edit("P11", when=lambda f: f["subject"]), one_subject(), Q8W, "P11: `when` must give yes or no"),
        (
            PFS.edit("P11", outcome="event", date="death_date"),
            one_subject(),
            course((56, "SD")),
            "without death_date",
        ),
        (replace(PFS, start=("birth_date",)), one_subject(), Q8W, "start: 'birth_date' is not one of"),
    ],
)
def test_what_does_not_settle_the_outcome_is_named(
    endpoint: Any, subjects: pd.DataFrame, responses: pd.DataFrame | None, message: str
) -> None:
    with pytest.raises(EndpointError, match=message):
        derive_endpoint(endpoint, subjects, responses)


def test_a_subject_without_a_start_date_is_named() -> None:
    both = pd.concat([one_subject(), one_subject("02").assign(randomization_date=pd.NaT)])
    with pytest.raises(EndpointError, match="no randomization_date in subjects for 02"):
        derive_endpoint("os", both)


def test_several_readings_and_none_named() -> None:
    both = pd.concat([Q8W.assign(evaluator="READER 2"), course((56, "PD")).assign(evaluator="READER 1")])
    with pytest.raises(EndpointError, match="more than one evaluator: READER 1, READER 2"):
        derive_endpoint("pfs", one_subject(), both)
    with pytest.raises(
        EndpointError, match="responses has no evaluator 'READER 3'; it has READER 1, READER 2"
    ):
        derive_endpoint("pfs", one_subject(), both, evaluator="READER 3")
    with pytest.raises(EndpointError, match="responses has no column criteria"):
        derive_endpoint("pfs", one_subject(), both, evaluator="READER 1", criteria="irecist")
    with pytest.raises(TypeError, match="unexpected argument 'evaluater'"):
        derive_endpoint("pfs", one_subject(), both, evaluater="READER 1")
    assert derive_endpoint("pfs", one_subject(), both, evaluator="READER 1")["time"].tolist() == [57]
    assert derive_endpoint(replace(PFS, evaluator="READER 2"), one_subject(), both)["time"].tolist() == [225]


def test_several_criteria_and_none_named() -> None:
    both = pd.concat([Q8W.assign(criteria="recist_1_1"), course((56, "PD")).assign(criteria="irecist")])
    with pytest.raises(EndpointError, match="more than one criteria: irecist, recist_1_1"):
        derive_endpoint("pfs", one_subject(), both)
    assert derive_endpoint("pfs", one_subject(), both, criteria="irecist")["time"].tolist() == [57]


def test_the_columns_are_those_of_the_dictionary_then_those_of_subjects_in_their_order() -> None:
    subjects = pd.concat([one_subject("b").assign(arm="X"), one_subject("a").assign(arm="Y")]).set_index(
        pd.Index([7, 7])
    )
    tte = derive_endpoint("os", subjects)
    assert list(tte) == [*TTE, "randomization_date", "arm"]
    assert list(tte.index) == [0, 1]
    assert tte["subject"].tolist() == ["b", "a"]
    assert tte["arm"].tolist() == ["X", "Y"]
    assert tte["event"].dtype == bool
    assert tte["time"].dtype == np.int64
    assert tte["date"].dtype.kind == "M"
    assert tte["description"].astype(str).tolist() == ["No contact after the start"] * 2


def test_an_empty_table_of_subjects_gives_an_empty_outcome() -> None:
    tte = derive_endpoint("pfs", one_subject().iloc[:0], Q8W.iloc[:0])
    assert list(tte)[: len(TTE)] == list(TTE)
    assert len(tte) == 0


def test_every_situation_that_applied_is_listed_and_the_first_is_chosen() -> None:
    found = all_situations("pfs", one_subject(new_therapy=100), course((56, "SD"), (300, "PD")))
    assert list(found) == list(ALL_SITUATIONS)
    assert found["situation"].astype(str).tolist() == ["P3", "P4", "P5"]
    assert found["outcome"].astype(str).tolist() == ["censored", "censored", "event"]
    assert found["date"].tolist() == [at(56), at(56), at(300)]
    assert found["chosen"].tolist() == [True, False, False]


def test_the_first_of_two_start_dates_that_is_there_is_the_start() -> None:
    subjects = one_subject(treatment_start=4, death=10)
    assert derive_endpoint("os", subjects)["start_date"].tolist() == [START]
    treated = replace(survival.OS, start=("treatment_start_date",))
    assert derive_endpoint(treated, subjects)["time"].tolist() == [7]
    single_arm = subjects.drop(columns="randomization_date")
    assert derive_endpoint("os", single_arm)["time"].tolist() == [7]


def test_time_may_count_from_zero() -> None:
    assert derive_endpoint(replace(survival.OS, first_day=0), one_subject(death=48))["time"].tolist() == [48]


def test_categories_and_times_of_day_change_nothing() -> None:
    morning = Q8W.assign(date=Q8W["date"] + pd.Timedelta(hours=9), subject=Q8W["subject"].astype("category"))
    subjects = one_subject(death=230).assign(subject=pd.Categorical(["01"], ["00", "01"]))
    plain = derive_endpoint("pfs", one_subject(death=230), Q8W)
    pd.testing.assert_frame_equal(derive_endpoint("pfs", subjects, morning), plain)


def test_every_file_is_an_endpoint_that_survival_names() -> None:
    for name, endpoint in all_endpoints().items():
        assert endpoint.name == name.upper()
        assert getattr(survival, endpoint.name) is endpoint
        assert get_endpoint(name.upper()) is endpoint
