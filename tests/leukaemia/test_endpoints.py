"""RFS and EFS of acute leukaemia, row by row; days count from randomisation on 2024-01-01."""

from __future__ import annotations

import pandas as pd
import pytest

from survival import EFS_ELN2017, EFS_ELN2022, RFS, derive_endpoint, leukaemia_facts
from survival.endpoint import EndpointError
from tests.endpoints.frames import at, course, one_subject

LANDMARK = 70
Visits = list[tuple[float, str]]


def outcome(endpoint: object, visits: Visits, **days: float) -> tuple[str, int, bool]:
    """(situation, day from randomisation, event)."""
    subjects = one_subject(**{"landmark": LANDMARK} | days)
    row = derive_endpoint(endpoint, subjects, course(*visits)).iloc[0]
    return str(row["situation"]), (row["date"] - at(0)).days, bool(row["event"])


@pytest.mark.parametrize(
    ("visits", "days", "expected"),
    [
        ([(40, "CRi"), (200, "RELAPSE"), (230, "RELAPSE")], {"death": 250}, ("L1", 200, True)),
        ([(40, "CR_MRD-")], {"death": 120}, ("L2", 120, True)),
        ([(40, "CR"), (200, "RELAPSE")], {"death": 200}, ("L1", 200, True)),
        ([(40, "CRh"), (200, "CR")], {"last_alive": 300}, ("L3", 300, False)),
        ([(40, "CRh"), (200, "CR"), (260, "NE")], {}, ("L3", 260, False)),
        ([(40, "CR"), (200, "RELAPSE")], {"cutoff": 150, "last_alive": 140}, ("L3", 150, False)),
        ([(20, "RELAPSE"), (40, "CR"), (90, "CR")], {}, ("L3", 90, False)),
    ],
)
def test_relapse_free_survival(
    visits: Visits, days: dict[str, float], expected: tuple[str, int, bool]
) -> None:
    assert outcome(RFS, visits, **days) == expected


def test_relapse_free_survival_counts_from_the_first_remission_and_only_those() -> None:
    subjects = pd.concat([one_subject(), one_subject("02")], ignore_index=True)
    responses = pd.concat(
        [course((40, "CR"), (80, "CR_MRD-"), (200, "RELAPSE")), course((40, "PR"), subject="02")]
    )
    tte = derive_endpoint("rfs", subjects, responses)
    assert tte[["subject", "time", "event"]].values.tolist() == [["01", 161, True]]
    assert tte["start_date"].tolist() == [at(40)]


@pytest.mark.parametrize(
    ("visits", "days", "expected"),
    [
        ([], {"death": 30}, ("V1", 0, True)),
        ([(30, "NR")], {"death": 70}, ("V1", 0, True)),
        ([(30, "PR")], {"cutoff": 69}, ("V2", 30, False)),
        ([(30, "PR")], {"cutoff": 70}, ("V3", 0, True)),
        ([(30, "MLFS")], {}, ("V3", 0, True)),
        ([(30, "NR"), (71, "CR"), (300, "CR")], {}, ("V3", 0, True)),
        ([(300, "NR")], {}, ("V3", 0, True)),
        ([(30, "NE")], {"death": 71}, ("V4", 71, True)),
        ([(30, "NE")], {"last_alive": 200}, ("V5", 0, False)),
        ([(70, "CRi"), (200, "RELAPSE")], {"death": 220}, ("V6", 200, True)),
        ([(40, "CR"), (60, "RELAPSE")], {}, ("V6", 60, True)),
        ([(40, "CR")], {"death": 60}, ("V7", 60, True)),
        ([(40, "CR"), (300, "CR"), (310, "NE")], {"last_alive": 400}, ("V8", 300, False)),
        ([(40, "CR"), (300, "CR")], {"cutoff": 200}, ("V8", 40, False)),
    ],
)
def test_failure_is_dated_day_one_by_eln_2022(
    visits: Visits, days: dict[str, float], expected: tuple[str, int, bool]
) -> None:
    assert outcome(EFS_ELN2022, visits, **days) == expected


@pytest.mark.parametrize(
    ("visits", "days", "expected"),
    [
        ([(30, "NR"), (75, "NR")], {}, ("W1", 75, True)),
        ([(30, "NR"), (60, "REFRACTORY"), (75, "NR")], {}, ("W1", 60, True)),
        ([(70, "PR")], {"death": 100}, ("W1", 70, True)),
        ([(71, "CR"), (90, "MLFS"), (200, "RELAPSE")], {}, ("W2", 200, True)),
        ([(30, "NR"), (69, "NR")], {"death": 100}, ("W3", 100, True)),
        ([(40, "CR")], {"death": 60}, ("W3", 60, True)),
        ([(40, "CR"), (300, "CRi"), (310, "NE")], {}, ("W4", 300, False)),
        ([(30, "NR")], {}, ("W4", 30, False)),
        ([], {}, ("W4", 0, False)),
    ],
)
def test_failure_is_dated_when_established_by_eln_2017(
    visits: Visits, days: dict[str, float], expected: tuple[str, int, bool]
) -> None:
    assert outcome(EFS_ELN2017, visits, **days) == expected


def test_the_landmark_is_a_number_of_days_where_subjects_have_none() -> None:
    subjects = one_subject()
    for day, event in ((180, False), (181, True)):
        tte = derive_endpoint(EFS_ELN2022, subjects, course((30, "NR"), (day, "CR")))
        assert tte["event"].tolist() == [event]
    assert leukaemia_facts(subjects, course((30, "NR")))["landmark_date"].tolist() == [at(180)]


def test_without_responses_the_error_says_what_makes_them() -> None:
    with pytest.raises(EndpointError, match="needs responses"):
        derive_endpoint(EFS_ELN2022, one_subject())
    with pytest.raises(EndpointError, match=r"recist\.assess_leukaemia"):
        leukaemia_facts(one_subject())


def test_an_assessment_after_death_does_not_count() -> None:
    assert outcome(EFS_ELN2022, [(80, "NR")], death=75) == ("V4", 75, True)


def test_from_marrow_to_event_free_survival() -> None:
    import recist

    marrow = pd.DataFrame({"subject": "01", "date": ["2023-12-20", "2024-02-10", "2024-07-19"]}).assign(
        blasts_pct=[60, 3, 5], neutrophils=[0.4, 1.2, 1.2], platelets=[30, 140, 150]
    )
    subjects = one_subject()
    responses = recist.assess_leukaemia(marrow, start=subjects)
    for name, time in (("rfs", 161), ("efs_eln2022", 201), ("efs_eln2017", 201)):
        tte = derive_endpoint(name, subjects, responses)
        assert tte[["time", "event"]].values.tolist() == [[time, True]]
