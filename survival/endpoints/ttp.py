"""Time to progression: progression-free survival in which a death is no event.

FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), section III.B: deaths
are censored at the last assessment.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoint import Situation
from survival.endpoints.pfs import PFS, no_event

TTP = replace(
    PFS.without("P6", "P7")
    .edit("P3", text="New anticancer therapy before progression")
    .edit("P4", text="Progression after two or more missed assessments")
    .edit("P9", text="Progression after the data cutoff")
    .before(
        "P8",
        Situation(
            "T6",
            "Death without documented progression",
            when=lambda f: no_event(f) & f["death_date"].notna(),
            date="last_adequate_date",
            outcome="censored",
            cite="FDA 2018, section III.B",
        ),
    ),
    name="TTP",
    title="Time to progression",
    cite="FDA 2018 endpoints guidance, section III.B and Appendix 3",
    events=("progression_date",),
)
