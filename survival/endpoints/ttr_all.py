"""Time to response of everyone: who did not respond is censored at the last adequate assessment.

RECIST 1.1, section 4.6.2 for the date of a response; the censoring is a convention (docs/decisions/0205).
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoint import Situation
from survival.endpoints.pfs import no_event
from survival.endpoints.ttr import TTR

CITE = "convention, docs/decisions/0205"

TTR_ALL = replace(
    TTR.after(
        "R1",
        Situation(
            "R2",
            "New anticancer therapy before a response",
            when=lambda f: no_event(f) & f["new_therapy_date"].notna(),
            date="last_adequate_before_new_therapy",
            outcome="censored",
            cite=CITE,
        ),
        Situation(
            "R3",
            "Progression without a response",
            when=lambda f: no_event(f) & f["progression_date"].notna(),
            date="last_adequate_date",
            outcome="censored",
            cite=CITE,
        ),
        Situation(
            "R4",
            "No response",
            when=no_event,
            date="last_adequate_date",
            outcome="censored",
            cite=CITE,
        ),
    ),
    name="TTR_ALL",
    title="Time to confirmed response, all subjects",
    only=None,
)
