"""Event-free survival of acute leukaemia, ELN 2022: treatment failure, relapse or death from any cause.

ELN 2022 (Döhner, Blood 140:1345), Table 9.  No remission by the landmark is a failure on day 1, not at the
landmark; the order of the rows and what the table leaves open are docs/decisions/0508.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from survival.endpoint import Endpoint, Situation
from survival.endpoints.pfs import death_is_the_event, no_event, progression_is_the_event
from survival.endpoints.rfs import CITE, RELAPSE, REMISSION
from survival.facts import before, on_or_before


def in_time(facts: pd.DataFrame) -> pd.Series[Any]:
    """Remission was reached by the landmark."""
    return on_or_before(facts["remission_date"], facts["landmark_date"])


def evaluable(facts: pd.DataFrame) -> pd.Series[Any]:
    """Some assessment was adequate."""
    return facts["last_response_date"].notna()


def dead_by_landmark(facts: pd.DataFrame) -> pd.Series[Any]:
    """Death no later than the landmark."""
    return on_or_before(facts["death_date"], facts["landmark_date"])


EFS_ELN2022 = Endpoint(
    name="EFS_ELN2022",
    title="Event-free survival, failure on day 1",
    cite="ELN 2022 recommendations on AML, Table 9",
    remission=REMISSION,
    progression=RELAPSE,
    situations=(
        Situation(
            "V1",
            "Death by the landmark without remission",
            when=lambda f: ~in_time(f) & dead_by_landmark(f),
            date="start_date",
            outcome="event",
            cite=CITE,
        ),
        Situation(
            "V2",
            "No remission, and the landmark lies after the data cutoff",
            when=lambda f: ~in_time(f) & before(f["cutoff_date"], f["landmark_date"]),
            date="last_response_date",
            outcome="censored",
            cite="convention: the analysis ends at the cutoff, docs/decisions/0508",
        ),
        Situation(
            "V3",
            "Evaluable, no remission by the landmark",
            when=lambda f: ~in_time(f) & evaluable(f),
            date="start_date",
            outcome="event",
            cite=CITE,
        ),
        Situation(
            "V4",
            "Death after the landmark, never evaluable",
            when=lambda f: ~in_time(f) & f["death_date"].notna(),
            date="death_date",
            outcome="event",
            cite="ELN 2022, Table 9: death from any cause; docs/decisions/0508",
        ),
        Situation(
            "V5",
            "Alive, not evaluable for response",
            when=lambda f: ~in_time(f),
            date="start_date",
            outcome="censored",
            cite=CITE,
        ),
        Situation(
            "V6",
            "Relapse after remission",
            when=progression_is_the_event,
            date="progression_date",
            outcome="event",
            cite=CITE,
        ),
        Situation(
            "V7", "Death in remission", when=death_is_the_event, date="death_date", outcome="event", cite=CITE
        ),
        Situation(
            "V8",
            "Remission, neither relapse nor death",
            when=no_event,
            date="last_response_date",
            outcome="censored",
            cite=CITE,
        ),
    ),
)
