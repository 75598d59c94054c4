"""Time frames: what comes after the end of one is censored at it, with words of its own; docs/decisions/0207."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from survival import DOR, OS, PFS, TTR, all_situations, derive_endpoint
from survival.endpoint import Endpoint, EndpointError
from tests.endpoints.frames import at, course, one_subject
from tests.endpoints.test_contract import ENDPOINTS, derive, everyone

FRAME = 150
every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.name)


def row(endpoint: Endpoint, *visits: tuple[float, str], **days: Any) -> tuple[str, int, bool]:
    """Situation, time, event."""
    found = derive_endpoint(endpoint, one_subject(**days), course(*visits)).iloc[0]
    return str(found["situation"]), int(found["time"]), bool(found["event"])


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"death": 364}, ("O1", 365, True)),  # date - start + 1 = 365: the last day of the frame
        ({"death": 365}, ("F1", 365, False)),
        ({"death": 800, "last_alive": 700}, ("F1", 365, False)),
        ({"last_alive": 364}, ("O4", 365, False)),
        ({"last_alive": 365}, ("F2", 365, False)),
        ({"last_alive": 400, "cutoff": 300}, ("O2", 301, False)),
    ],
)
def test_overall_survival_in_a_year(days: dict[str, Any], expected: tuple[str, int, bool]) -> None:
    assert row(replace(OS, frame_days=365), **days) == expected


def test_the_frame_is_named_in_the_description_and_in_the_table() -> None:
    year = replace(OS, frame_days=365)
    tte = derive_endpoint(year, one_subject(death=400))
    assert tte["description"].tolist() == [
        "Event more than 364 days after the start: censored at the end of the time frame"
    ]
    assert "F1   | Event more than 364 days after the start: censored at the end of the time frame" in str(
        year
    )
    assert year.name == "OS"
    found = all_situations(year, one_subject(death=400))
    assert found["situation"].astype(str).tolist() == ["F1", "O1"]
    assert found["date"].tolist() == [at(364), at(400)]
    assert found["chosen"].tolist() == [True, False]


def test_a_frame_with_time_from_zero_ends_one_day_later() -> None:
    year = replace(OS, frame_days=365, first_day=0)
    assert row(year, death=365) == ("O1", 365, True)
    assert row(year, death=366) == ("F1", 365, False)


VISITS = ((56, "PR"), (112, "PR"), (168, "PR"), (224, "PD"))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [("P5", 169, True)]),
        ({"frame_days": 169}, [("P5", 169, True)]),
        ({"frame_days": 168}, [("F1", 168, False)]),
        ({"frame_days": 225, "frame_from": "randomization_date"}, [("P5", 169, True)]),
        ({"frame_days": 224, "frame_from": "randomization_date"}, [("F1", 168, False)]),
        ({"frame_days": 57, "frame_from": "randomization_date"}, [("F1", 1, False)]),
        ({"frame_days": 56, "frame_from": "randomization_date"}, []),  # the response came after the frame
    ],
)
def test_a_frame_of_responders(settings: dict[str, Any], expected: list[Any]) -> None:
    tte = derive_endpoint(replace(DOR, **settings), one_subject(), course(*VISITS))
    assert list(zip(tte["situation"].astype(str), tte["time"], tte["event"], strict=True)) == expected


def test_a_response_after_the_frame_is_no_response() -> None:
    assert len(derive_endpoint(replace(TTR, frame_days=57), one_subject(), course(*VISITS))) == 1
    assert len(derive_endpoint(replace(TTR, frame_days=56), one_subject(), course(*VISITS))) == 0


def test_rows_can_be_struck_out_of_an_endpoint_with_a_frame() -> None:
    framed = replace(PFS, frame_days=200).without("P3")
    assert row(framed, (56, "SD"), (112, "PD"), new_therapy=100) == ("P5", 113, True)
    assert row(framed, (56, "SD"), (112, "SD"), (224, "PD")) == ("F1", 200, False)
    assert row(replace(PFS, frame_days=200), (56, "SD"), (300, "PD")) == ("P4", 57, False)


@every_endpoint
def test_the_frame_changes_what_lies_beyond_it_and_nothing_else(endpoint: Endpoint) -> None:
    subjects, responses = everyone()
    whole = derive(endpoint, subjects, responses)
    framed = derive(replace(endpoint, frame_days=FRAME), subjects, responses)
    assert set(framed.index) <= set(whole.index)
    if endpoint.only is None or endpoint.only in endpoint.start:
        assert list(framed.index) == list(whole.index)
    whole = whole.loc[framed.index]
    late = whole["time"] > FRAME
    assert late.any() or endpoint.name in ("TTR", "TTR_ANY")
    assert framed.loc[~late, "situation"].astype(str).equals(whole.loc[~late, "situation"].astype(str))
    assert framed.loc[~late, "date"].equals(whole.loc[~late, "date"])
    assert (framed.loc[late, "time"] == FRAME).all()
    assert not framed.loc[late, "event"].any()
    rule = framed.loc[late, "situation"].astype(str)
    assert (rule == whole.loc[late, "event"].map({True: "F1", False: "F2"})).all()


def test_what_cannot_be_a_frame_is_refused() -> None:
    with pytest.raises(EndpointError, match="OS: frame_days is 0; it is a number of days, 1 or more"):
        replace(OS, frame_days=0)
    with pytest.raises(EndpointError, match="no column enrolment_date for the time frame to count from"):
        derive_endpoint(replace(OS, frame_days=30, frame_from="enrolment_date"), one_subject())


def test_a_frame_counts_from_the_start_where_its_own_date_is_missing() -> None:
    subjects = one_subject(death=400).assign(enrolment_date=pd.Series([pd.NaT], dtype="datetime64[ns]"))
    tte = derive_endpoint(replace(OS, frame_days=30, frame_from="enrolment_date"), subjects)
    assert tte["date"].tolist() == [at(29)]
