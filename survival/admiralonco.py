"""The time-to-event parameters of the R package admiralonco 1.4, as edits of our endpoints.

Vignette "Creating ADTTE" (https://pharmaverse.github.io/admiralonco): the earliest of the events, else the latest
censoring date; every assessment censors, NE too, and no missed visit or new therapy does.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoint import Situation
from survival.endpoints.os import OS as OUR_OS
from survival.endpoints.pfs import PFS as OUR_PFS
from survival.endpoints.pfs import death_is_the_event, no_event

CITE = "admiralonco, vignette Creating ADTTE"

OS = replace(
    OUR_OS.without("O2", "O3").edit("O1", text="Death", cite=CITE).edit("O4", text="Alive", cite=CITE),
    name="OS",
    cite=CITE,
)

PFS = replace(
    OUR_PFS.without("P1", "P2", "P3", "P4", "P6", "P8", "P9", "P10")
    .edit("P5", text="Disease Progression", cite=CITE)
    .edit("P7", text="Death", when=death_is_the_event, cite=CITE)
    .edit(
        "P11",
        text="Last Tumor Assessment",
        when=lambda f: no_event(f) & f["last_assessment_date"].notna(),
        date="last_assessment_date",
        cite=CITE,
    )
    .after(
        "P11",
        Situation("P12", "Randomization", when=no_event, date="start_date", outcome="censored", cite=CITE),
    ),
    name="PFS",
    cite=CITE,
    nact_rule="ignore",
)

RSD = replace(
    PFS.without("P12"),
    name="RSD",
    title="Duration of confirmed response",
    start=("confirmed_response_date",),
    only="confirmed_response_date",
)
