"""Duration of response and time to response: who has a row, from when, until when."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from survival import DOR, DOR_ANY, TTR, TTR_ALL, TTR_ANY, derive_endpoint
from survival.endpoint import Endpoint, EndpointError
from tests.endpoints.frames import at, best_of, course, one_subject


def rows(endpoint: Endpoint, subjects: pd.DataFrame, *visits: tuple[float, str]) -> list[tuple[Any, ...]]:
    """(situation, time, event) of every row."""
    responses = course(*visits)
    tte = derive_endpoint(endpoint, subjects, responses, best_of(responses))
    return list(zip(tte["situation"].astype(str), tte["time"], tte["event"], strict=True))


PR_PR_PD = ((56, "PR"), (112, "PR"), (224, "PD"))


@pytest.mark.parametrize(
    ("days", "visits", "expected"),
    [
        ({}, PR_PR_PD, [("P5", 169, True)]),
        ({}, ((56, "PR"), (112, "CR"), (168, "CR"), (224, "PD")), [("P5", 169, True)]),
        ({}, ((56, "SD"), (112, "PR"), (168, "PR")), [("P11", 57, False)]),
        ({"death": 144}, PR_PR_PD[:2], [("P7", 89, True)]),
        ({"death": 300}, PR_PR_PD[:2], [("P4", 57, False)]),
        ({"new_therapy": 150}, PR_PR_PD, [("P3", 57, False)]),
        ({}, ((56, "PR"), (112, "SD"), (168, "PD")), []),
        ({}, ((56, "SD"), (112, "SD")), []),
        ({"new_therapy": 30}, PR_PR_PD, []),
        ({"cutoff": 50}, PR_PR_PD, []),
    ],
)
def test_duration_of_confirmed_response(
    days: dict[str, Any], visits: tuple[Any, ...], expected: list[Any]
) -> None:
    assert rows(DOR, one_subject(**days), *visits) == expected


def test_duration_of_an_unconfirmed_response() -> None:
    visits = ((56, "PR"), (112, "SD"), (168, "PD"))
    assert rows(DOR_ANY, one_subject(), *visits) == [("P5", 113, True)]
    assert rows(DOR, one_subject(), *visits) == []


def test_time_to_response_is_dated_at_the_first_record_not_at_the_confirmation() -> None:
    assert rows(TTR, one_subject(), *PR_PR_PD) == [("R1", 57, True)]
    assert rows(TTR, one_subject(), (56, "PR"), (112, "SD")) == []
    assert rows(TTR_ANY, one_subject(), (56, "PR"), (112, "SD")) == [("R1", 57, True)]


@pytest.mark.parametrize(
    ("days", "visits", "expected"),
    [
        ({}, PR_PR_PD, ("R1", 57, True)),
        ({"new_therapy": 100}, ((56, "SD"), (112, "SD")), ("R2", 57, False)),
        ({}, ((56, "SD"), (112, "PD")), ("R3", 113, False)),
        ({}, ((56, "SD"), (112, "SD"), (168, "NE")), ("R4", 113, False)),
        ({}, (), ("R4", 1, False)),
    ],
)
def test_time_to_response_of_everyone(
    days: dict[str, Any], visits: tuple[Any, ...], expected: tuple[Any, ...]
) -> None:
    assert rows(TTR_ALL, one_subject(**days), *visits) == [expected]


def test_a_responder_whose_assessments_are_not_there_still_has_an_outcome() -> None:
    best = pd.DataFrame({"subject": ["01"], "response_date": [at(56)], "confirmed_response_date": [at(56)]})
    tte = derive_endpoint("dor", one_subject(death=90), course(), best)
    assert tte[["situation", "time", "event"]].to_numpy().tolist() == [["P7", 35, True]]


def test_a_best_response_of_two_readings_is_refused() -> None:
    responses = course(*PR_PR_PD)
    twice = pd.concat([best_of(responses).assign(evaluator=e) for e in ("A", "B")])
    with pytest.raises(EndpointError, match="best holds more than one evaluator: A, B"):
        derive_endpoint("dor", one_subject(), responses, twice)
    assert (
        len(derive_endpoint("dor", one_subject(), responses.assign(evaluator="A"), twice, evaluator="A")) == 1
    )


def test_best_without_the_date_it_is_asked_for() -> None:
    with pytest.raises(EndpointError, match="best has no column confirmed_response_date"):
        derive_endpoint(
            "dor",
            one_subject(),
            course(*PR_PR_PD),
            pd.DataFrame({"subject": ["01"], "response_date": [at(56)]}),
        )


def test_without_responses_there_is_nothing_to_derive_from() -> None:
    with pytest.raises(EndpointError, match="DOR needs responses"):
        derive_endpoint("dor", one_subject())
    with pytest.raises(EndpointError, match="TTR needs responses"):
        derive_endpoint("ttr", one_subject())
