"""Duration of response: from the first CR or PR of a confirmed response to progression or death.

FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), section III.B;
RECIST 1.1, section 4.6.2 (first response, whichever of CR and PR came first).  Responders only; censored
as PFS is.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.pfs import PFS, death_is_the_event

DOR = replace(
    PFS.without("P1", "P2", "P6").edit("P7", text="Death without progression", when=death_is_the_event),
    name="DOR",
    title="Duration of confirmed response",
    cite="FDA 2018 endpoints guidance, section III.B; RECIST 1.1, section 4.6.2",
    start=("confirmed_response_date",),
    only="confirmed_response_date",
)
