"""Event-free survival of acute leukaemia, ELN 2017: refractory disease when established, relapse or death.

ELN 2017 (Döhner, Blood 129:424), Table 7.  How refractory disease is dated is docs/decisions/0508.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from survival.endpoint import Endpoint, Situation
from survival.endpoints.pfs import death_is_the_event, no_event
from survival.endpoints.rfs import RELAPSE, REMISSION
from survival.facts import on_or_before

CITE = "ELN 2017, Table 7"


def refractory_is_the_event(facts: pd.DataFrame) -> pd.Series[Any]:
    """Refractory disease was established no later than any other event."""
    return on_or_before(facts["refractory_date"], facts["event_date"])


def relapse_is_the_event(facts: pd.DataFrame) -> pd.Series[Any]:
    """Relapse came no later than death."""
    return on_or_before(facts["progression_date"], facts["event_date"])


EFS_ELN2017 = Endpoint(
    name="EFS_ELN2017",
    title="Event-free survival, failure when established",
    cite="ELN 2017 recommendations on AML, Table 7",
    events=("refractory_date", "progression_date", "death_date"),
    remission=REMISSION,
    progression=RELAPSE,
    situations=(
        Situation(
            "W1",
            "Primary refractory disease",
            when=refractory_is_the_event,
            date="refractory_date",
            outcome="event",
            cite=CITE,
        ),
        Situation(
            "W2",
            "Relapse after remission",
            when=relapse_is_the_event,
            date="progression_date",
            outcome="event",
            cite=CITE,
        ),
        Situation(
            "W3",
            "Death from any cause",
            when=death_is_the_event,
            date="death_date",
            outcome="event",
            cite=CITE,
        ),
        Situation(
            "W4",
            "None of these events",
            when=no_event,
            date="last_response_date",
            outcome="censored",
            cite=CITE,
        ),
    ),
)
