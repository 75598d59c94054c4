"""Event-free survival of solid tumours: from the start to progression, recurrence, death or a failure of the protocol's own.

FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), section III.B: progression that
precludes surgery, recurrence, or death.  A further event is a date column of the subject table, named in `columns` and in
`events` (docs/decisions/0209); event-free survival of leukaemia is `efs_eln2017` and `efs_eln2022`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from survival.endpoint import Situation
from survival.endpoints.dfs import DFS
from survival.endpoints.pfs import death_is_the_event, progression_is_the_event

CITE = "FDA 2018, section III.B"


def another_is_the_event(facts: pd.DataFrame) -> pd.Series[Any]:
    """The first event is neither progression nor death."""
    there: pd.Series[Any] = facts["event_date"].notna()
    return there & ~progression_is_the_event(facts) & ~death_is_the_event(facts)


EFS = replace(
    DFS.edit("P5", text="Progression or recurrence documented")
    .edit("P9", text="Event after the data cutoff")
    .edit("P11", text="No event")
    .before(
        "P6",
        Situation(
            "E5",
            "Another event that the protocol names",
            when=another_is_the_event,
            date="event_date",
            outcome="event",
            cite="protocol",
        ),
    ),
    name="EFS",
    title="Event-free survival",
)
