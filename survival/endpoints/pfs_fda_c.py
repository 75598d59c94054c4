"""Progression-free survival with the investigator's claim of progression as an event.

FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), Appendix 3, Table C:
treatment stopped for progression that no scan documents (`discontinuation_reason`) counts from that day.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from survival.endpoint import Situation
from survival.endpoints.pfs import PFS, progression_is_the_event
from survival.facts import on_or_before

CITE = "FDA 2018, App. 3, Table C"


def claim_is_the_event(facts: pd.DataFrame) -> pd.Series[Any]:
    """Treatment stopped for progression before any scan documented it, and no later than death."""
    claimed = on_or_before(facts["claimed_progression_date"], facts["event_date"])
    return claimed & ~progression_is_the_event(facts)


PFS_FDA_C = replace(
    PFS.without("P8").before(
        "P6",
        Situation(
            "C5",
            "Progression claimed: treatment stopped for progression that was not documented",
            when=claim_is_the_event,
            date="claimed_progression_date",
            outcome="event",
            cite=CITE,
        ),
    ),
    name="PFS_FDA_C",
    title="Progression-free survival, investigator's claim counts",
    cite="FDA 2018 endpoints guidance, Appendix 3, Table C",
    events=("progression_date", "claimed_progression_date", "death_date"),
)
