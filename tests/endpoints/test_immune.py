"""Endpoints by iRECIST, row by row: which iUPD is progression, when it is dated, and what an open block means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from survival import IDOR, IDOR_ANY, IPFS, ITTP, PFS, TTR, derive_endpoint
from survival.endpoint import Endpoint, EndpointError
from tests.endpoints.frames import at, course, one_subject

Visits = tuple[tuple[float, str], ...]
CANCELLED: Visits = ((56, "iUPD"), (112, "iPR"), (168, "iSD"), (224, "iUPD"), (280, "iCPD"))
OPEN: Visits = ((56, "iSD"), (112, "iUPD"), (168, "NE"), (224, "iUPD"))


def outcome(endpoint: Endpoint, visits: Visits, **days: Any) -> tuple[str, int, bool]:
    """Situation, day from the start, event."""
    row = derive_endpoint(endpoint, one_subject(**days), course(*visits)).iloc[0]
    return str(row["situation"]), (row["date"] - at(0)).days, bool(row["event"])


@pytest.mark.parametrize(
    ("visits", "days", "expected"),
    [
        (CANCELLED, {}, ("P5", 224, True)),
        (((56, "iSD"), (112, "iUPD"), (168, "NE"), (224, "iUPD"), (280, "iCPD")), {}, ("P5", 112, True)),
        (((56, "iUPD"), (112, "iCPD"), (168, "iCR")), {}, ("P5", 56, True)),
        (((56, "iSD"), (112, "iCPD")), {}, ("P5", 112, True)),  # recorded without its iUPD
        (OPEN, {}, ("I5", 112, True)),
        (((56, "iUPD"),), {"death": 70}, ("I5", 56, True)),
        (((56, "iUPD"), (84, "iSD")), {"death": 120}, ("P7", 120, True)),
        (((56, "iUPD"), (84, "NON-iCR/NON-iUPD")), {}, ("P11", 84, False)),
        (((56, "iSD"), (112, "iUPD"), (168, "iCPD")), {"new_therapy": 112}, ("P5", 112, True)),
        (((56, "iSD"), (112, "iUPD"), (168, "iCPD")), {"new_therapy": 111}, ("P3", 56, False)),
        (((56, "iSD"), (112, "iUPD"), (168, "iCPD")), {"new_therapy": 130}, ("P5", 112, True)),
        (((56, "iSD"), (112, "NE"), (183, "iUPD"), (240, "iCPD")), {}, ("P4", 56, False)),
        (((56, "iUPD"), (112, "iSD"), (238, "iUPD"), (280, "iCPD")), {}, ("P5", 238, True)),
        (((56, "iUPD"), (112, "iSD"), (239, "iUPD"), (280, "iCPD")), {}, ("P4", 112, False)),
        (((56, "iUPD"), (112, "iSD")), {"cutoff": 60}, ("I5", 56, True)),  # the iSD is not known yet
        (CANCELLED, {"cutoff": 240}, ("I5", 224, True)),
        (CANCELLED, {"cutoff": 200}, ("P9", 168, False)),
    ],
)
def test_progression_free_survival(
    visits: Visits, days: dict[str, Any], expected: tuple[str, int, bool]
) -> None:
    assert outcome(IPFS, visits, **days) == expected


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        (CANCELLED, ("P5", 280, True)),
        (((56, "iSD"), (112, "iUPD"), (168, "NE"), (224, "iUPD"), (280, "iCPD")), ("P5", 280, True)),
        (OPEN, ("I5", 112, True)),
    ],
)
def test_progression_may_be_dated_at_its_confirmation(
    visits: Visits, expected: tuple[str, int, bool]
) -> None:
    assert outcome(replace(IPFS, progression_dated="confirmation"), visits) == expected


def test_an_open_block_may_be_no_event() -> None:
    strict = replace(IPFS, unconfirmed="no_event")
    assert outcome(strict, OPEN) == ("P11", 224, False)
    assert outcome(strict, ((56, "iUPD"),), death=70) == ("P7", 70, True)
    assert outcome(strict, CANCELLED) == ("P5", 224, True)
    assert outcome(strict, CANCELLED, cutoff=240) == ("P11", 224, False)


def test_the_convention_of_the_criteria_holds_unless_the_endpoint_says_otherwise() -> None:
    responses = course(*OPEN).assign(criteria="irecist[i_unconfirmed_is_event=False]")
    events = [
        bool(derive_endpoint(replace(IPFS, unconfirmed=word), one_subject(), responses)["event"].iloc[0])
        for word in ("as_criteria", "event", "no_event")
    ]
    assert events == [False, True, False]


def test_derived_responses_are_read_from_their_immune_column() -> None:
    responses = course((56, "PD"), (112, "PD"), (168, "PD")).assign(ioverall=["iUPD", "iPR", "iSD"])
    assert derive_endpoint(IPFS, one_subject(), responses)["event"].tolist() == [False]
    assert derive_endpoint(PFS, one_subject(), responses)["event"].tolist() == [True]


def test_time_to_progression_censors_death() -> None:
    assert outcome(ITTP, CANCELLED) == ("P5", 224, True)
    assert outcome(ITTP, OPEN) == ("I5", 112, True)
    assert outcome(ITTP, ((56, "iUPD"), (84, "iSD")), death=120) == ("T6", 84, False)


@pytest.mark.parametrize(
    ("visits", "confirmed", "anyhow"),
    [
        (CANCELLED, [], [("P5", 113, True)]),
        (((56, "iPR"), (112, "iPR"), (168, "iUPD"), (224, "iCPD")), [("P5", 113, True)], [("P5", 113, True)]),
        (((56, "iUPD"), (112, "iCPD"), (168, "iPR"), (224, "iCR")), [], []),
        (((56, "iPR"), (112, "iCR"), (168, "iUPD")), [("I5", 113, True)], [("I5", 113, True)]),
        (((56, "iSD"), (112, "iSD")), [], []),
    ],
)
def test_duration_of_response(visits: Visits, confirmed: list[Any], anyhow: list[Any]) -> None:
    for endpoint, expected in ((IDOR, confirmed), (IDOR_ANY, anyhow)):
        tte = derive_endpoint(endpoint, one_subject(), course(*visits))
        assert list(zip(tte["situation"].astype(str), tte["time"], tte["event"], strict=True)) == expected


def test_time_to_response_needs_no_endpoint_of_its_own() -> None:
    tte = derive_endpoint(TTR, one_subject(), course((56, "iUPD"), (112, "iPR"), (168, "iCR")))
    assert tte["time"].tolist() == [113]


def test_a_convention_that_does_not_exist_is_named() -> None:
    with pytest.raises(EndpointError, match="progression_dated is 'iUPD'; it is one of first, block_start"):
        replace(IPFS, progression_dated="iUPD")
    with pytest.raises(EndpointError, match="unconfirmed is 'never'; it is one of as_criteria, event"):
        replace(IPFS, unconfirmed="never")


def test_without_a_response_of_any_date_there_is_no_progression() -> None:
    blank = course((56, "iUPD")).assign(overall=pd.Series([None], dtype="string"))
    assert derive_endpoint(IPFS, one_subject(), blank)["situation"].astype(str).tolist() == ["P2"]


def test_an_endpoint_of_recist_is_not_made_of_immune_responses() -> None:
    with pytest.raises(
        EndpointError, match=r"PFS looks for PD, and these responses are of iRECIST .* such as ipfs"
    ):
        derive_endpoint("pfs", one_subject(), course(*CANCELLED))
    derived = course((56, "PR"), (112, "PR"), (168, "PD")).assign(ioverall=["iPR", "iPR", "iUPD"])
    with pytest.raises(EndpointError, match=r"DOR starts with a response of iRECIST here .* such as idor"):
        derive_endpoint("dor", one_subject(), derived)
    assert derive_endpoint("pfs", one_subject(), derived)["event"].tolist() == [True]
    assert len(derive_endpoint("ttr", one_subject(), derived)) == 1
