"""Time to treatment failure: from the start to the end of treatment for any reason, progression or death.

FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), section III.B: a composite that does
not tell efficacy from toxicity.  A treatment that was completed as planned has not failed (docs/decisions/0209).
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from survival.endpoint import Endpoint, Situation
from survival.endpoints.pfs import death_is_the_event, no_event, progression_is_the_event
from survival.facts import before, on_or_before

CITE = "FDA 2018, section III.B"


def stopping_is_the_event(facts: pd.DataFrame) -> pd.Series[Any]:
    """Treatment ended before progression and death."""
    stopped = on_or_before(facts["stopped_treatment_date"], facts["event_date"])
    return stopped & ~progression_is_the_event(facts) & ~death_is_the_event(facts)


TTF = Endpoint(
    name="TTF",
    title="Time to treatment failure",
    cite="FDA 2018 endpoints guidance, section III.B",
    events=("progression_date", "death_date", "stopped_treatment_date"),
    situations=(
        Situation(
            "U1",
            "Progression documented",
            when=progression_is_the_event,
            date="progression_date",
            outcome="event",
            cite=CITE,
        ),
        Situation("U2", "Death", when=death_is_the_event, date="death_date", outcome="event", cite=CITE),
        Situation(
            "U3",
            "Treatment stopped for another reason",
            when=stopping_is_the_event,
            date="stopped_treatment_date",
            outcome="event",
            cite=CITE,
        ),
        Situation(
            "U4",
            "Treatment failed after the data cutoff",
            when=lambda f: no_event(f) & f["late_event_date"].notna(),
            date="cutoff_date",
            outcome="censored",
            cite="convention: the analysis ends at the cutoff",
        ),
        Situation(
            "U5",
            "No contact after the start",
            when=lambda f: no_event(f) & ~before(f["start_date"], f["last_known_alive_date"]),
            date="start_date",
            outcome="censored",
            cite="convention, docs/decisions/0209",
        ),
        Situation(
            "U6",
            "Treatment has not failed when last known",
            when=no_event,
            date="last_known_alive_date",
            outcome="censored",
            cite="convention, docs/decisions/0209",
        ),
    ),
)
