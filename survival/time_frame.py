"""The time frame of an endpoint: whoever is still observed at its end is censored there.

A registered outcome names one ("overall survival, 2 years from enrolment"); docs/decisions/0207.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival import fact_sources as source
from survival.date_text import in_words
from survival.readings import EndpointError

if TYPE_CHECKING:
    from survival.endpoint import Endpoint

FRAME_FACTS = {  # column -> (dtype, sentence), after those of `survival.facts.FACTS`
    "frame_end_date": ("datetime64", "last day of the time frame; missing where there is none"),
}
CITE = "protocol: time frame, docs/decisions/0207"


def add_frame(facts: pd.DataFrame, subjects: pd.DataFrame, endpoint: Endpoint) -> None:
    """Put the last day of the frame beside the facts: the one whose time is `frame_days`."""
    if endpoint.frame_days is None:
        facts["frame_end_date"] = source.blank(len(facts))
        return
    since = facts["start_date"]
    if endpoint.frame_from is not None:
        if endpoint.frame_from not in subjects:
            raise EndpointError(
                f"{endpoint.name}: subjects has no column {endpoint.frame_from} for the time frame to count from; "
                f"it has {', '.join(map(str, subjects.columns))}"
            )
        since = source.dates(subjects[endpoint.frame_from], f"subjects, column {endpoint.frame_from}")
        since = since.fillna(facts["start_date"])
    facts["frame_end_date"] = since + pd.Timedelta(endpoint.frame_days - endpoint.first_day, "D")


def in_frame(endpoint: Endpoint) -> Endpoint:
    """The endpoint with two rows tried first: what would come after the end of its time frame is censored at it."""
    if endpoint.frame_days is None:
        return endpoint
    from survival.endpoint import Situation

    whole = replace(endpoint, frame_days=None)

    def beyond(outcome: str, facts: pd.DataFrame) -> Any:
        return _beyond(whole, facts) & (_outcome(whole, facts) == outcome)

    days, since = endpoint.frame_days - endpoint.first_day, "the start"
    if endpoint.frame_from is not None:
        since = in_words(endpoint.frame_from)
    end = "censored at the end of the time frame"
    rows = (
        Situation(
            "F1",
            f"Event more than {days} days after {since}: {end}",
            when=lambda f: beyond("event", f),
            date="frame_end_date",
            outcome="censored",
            cite=CITE,
        ),
        Situation(
            "F2",
            f"Observed more than {days} days after {since}: {end}",
            when=lambda f: beyond("censored", f),
            date="frame_end_date",
            outcome="censored",
            cite=CITE,
        ),
    )
    return replace(whole, situations=(*rows, *endpoint.situations))


def _decided(endpoint: Endpoint, facts: pd.DataFrame) -> Any:
    """Place of the situation that decides without the frame."""
    from survival.outcomes import applies

    return applies(endpoint, facts).argmax(axis=1)


def _outcome(endpoint: Endpoint, facts: pd.DataFrame) -> Any:
    """What it would be without the frame."""
    outcomes = np.array([situation.outcome for situation in endpoint.situations])
    return outcomes[_decided(endpoint, facts)]


def _beyond(endpoint: Endpoint, facts: pd.DataFrame) -> Any:
    """Whether its date without the frame is later than the last day of it."""
    from survival.outcomes import outcome_dates

    date = outcome_dates(endpoint, facts)[np.arange(len(facts)), _decided(endpoint, facts)]
    return date > facts["frame_end_date"].to_numpy("datetime64[ns]")
