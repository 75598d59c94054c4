"""Follow-up by the reverse Kaplan-Meier method: overall survival with event and censoring exchanged.

Schemper and Smith, Control Clin Trials 1996; 17: 343.  Whoever is alive has been followed until the last contact; a death
ends the observation of how long that would have been.  The median of this outcome is that of `survival.follow_up`.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.os import OS

CITE = "Schemper and Smith 1996"

FOLLOW_UP = replace(
    OS.edit("O1", text="Death ends the observation of follow-up", outcome="censored", cite=CITE)
    .edit("O2", text="Followed until the data cutoff", outcome="event", cite=CITE)
    .edit("O3", outcome="event", cite=CITE)
    .edit("O4", text="Followed until last known alive", outcome="event", cite=CITE),
    name="FOLLOW_UP",
    title="Follow-up, reverse Kaplan-Meier",
    cite="Schemper and Smith, Control Clin Trials 1996; 17: 343",
)
