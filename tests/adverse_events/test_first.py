"""The first adverse event of a kind as an endpoint."""

from __future__ import annotations

import pandas as pd
import pytest

from recist import InputError
from survival import Window, derive_endpoint, time_to_first_adverse_event, with_first_adverse_event
from tests.adverse_events.frames import GENERAL, events, none, subjects


def test_time_to_the_first_serious_event() -> None:
    dated = with_first_adverse_event(subjects(), events())
    tte = derive_endpoint(time_to_first_adverse_event("serious"), dated)
    assert tte["time"].tolist()[:5] == [5, 365, 365, 10, 365]
    assert tte["event"].tolist() == [True, False, False, True, False, False]
    assert tte["description"].astype("str").tolist()[0] == "Serious"
    any_event = with_first_adverse_event(subjects(), events(), "any")
    assert derive_endpoint(time_to_first_adverse_event("any"), any_event)["time"].tolist()[:2] == [2, 30]


def test_death_ends_observation_before_an_event() -> None:
    rows = [("5", "Fever", GENERAL, 3, "Y", "N", "2024-03-10", None)]
    dated = with_first_adverse_event(subjects(), events(*rows))
    tte = derive_endpoint(time_to_first_adverse_event("serious"), dated)
    fourth = tte.iloc[3]
    assert (fourth["time"], fourth["event"], fourth["description"]) == (20, False, "Died without one")


def test_no_event_is_censoring_for_all() -> None:
    dated = with_first_adverse_event(subjects(), none())
    assert not derive_endpoint(time_to_first_adverse_event(), dated)["event"].any()


def test_a_day_is_not_guessed() -> None:
    rows = [
        ("1", "Fever", GENERAL, 3, "Y", "N", "2024-03", None),
        ("1", "Fever", GENERAL, 3, "Y", "N", "2024-04-10", None),
    ]
    with pytest.raises(InputError, match="of subject 1 began is not known"):
        with_first_adverse_event(subjects(), events(*rows))
    left_out = with_first_adverse_event(subjects(), events(*rows), window=Window(undated="left out"))
    assert left_out["first_serious_adverse_event_date"][0] == pd.Timestamp("2024-04-10")


def test_a_name_that_is_taken_is_refused() -> None:
    dated = with_first_adverse_event(subjects(), events())
    with pytest.raises(InputError, match="has a column 'first_serious_adverse_event_date' already"):
        with_first_adverse_event(dated, events())
