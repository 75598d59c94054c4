"""Time to response: from the start to the first CR or PR of a confirmed response, among responders.

RECIST 1.1, section 4.6.2: the response is dated at its first record, not at the one that confirms it.
"""

from __future__ import annotations

from survival.endpoint import Endpoint, Situation

TTR = Endpoint(
    name="TTR",
    title="Time to confirmed response, responders",
    cite="RECIST 1.1, section 4.6.2",
    events=("confirmed_response_date",),
    only="confirmed_response_date",
    situations=(
        Situation(
            "R1",
            "Response",
            when=lambda f: f["event_date"].notna(),
            date="event_date",
            outcome="event",
            cite="RECIST 1.1, section 4.6.2",
        ),
    ),
)
