"""Overall survival: from the start to death from any cause.

FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), section III.A; censored
at the last contact of any kind, no later than the data cutoff.
"""

from __future__ import annotations

from survival.endpoint import Endpoint, Situation
from survival.facts import before, on_or_before

CITE = "FDA 2018, section III.A"

OS = Endpoint(
    name="OS",
    title="Overall survival",
    cite="FDA 2018 endpoints guidance, section III.A",
    events=("death_date",),
    situations=(
        Situation(
            "O1",
            "Death from any cause",
            when=lambda f: f["death_date"].notna(),
            date="death_date",
            outcome="event",
            cite=CITE,
        ),
        Situation(
            "O2",
            "Alive at the data cutoff",
            when=lambda f: (
                f["death_date"].isna() & on_or_before(f["cutoff_date"], f["last_known_alive_date"])
            ),
            date="cutoff_date",
            outcome="censored",
            cite=CITE,
        ),
        Situation(
            "O3",
            "No contact after the start",
            when=lambda f: f["death_date"].isna() & ~before(f["start_date"], f["last_known_alive_date"]),
            date="start_date",
            outcome="censored",
            cite=CITE,
        ),
        Situation(
            "O4",
            "Alive when last known",
            when=lambda f: f["death_date"].isna(),
            date="last_known_alive_date",
            outcome="censored",
            cite=CITE,
        ),
    ),
)
