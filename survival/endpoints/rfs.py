"""Relapse-free survival of acute leukaemia: from the first remission to relapse or death from any cause.

ELN 2022 (Döhner, Blood 140:1345), Table 9: only subjects who reached CR, CRh or CRi; the others have no row.
Cumulative incidence of relapse has the same start and the same events, death without relapse (row L2) being
a competing event: docs/decisions/0509.
"""

from __future__ import annotations

from survival.endpoint import Endpoint, Situation
from survival.endpoints.pfs import death_is_the_event, no_event, progression_is_the_event

CITE = "ELN 2022, Table 9"
REMISSION = ("CR", "CRh", "CRi", "CR_MRD-", "CRh_MRD-", "CRi_MRD-")
RELAPSE = ("RELAPSE",)

RFS = Endpoint(
    name="RFS",
    title="Relapse-free survival",
    cite="ELN 2022 recommendations on AML, Table 9",
    start=("remission_date",),
    only="remission_date",
    remission=REMISSION,
    progression=RELAPSE,
    situations=(
        Situation(
            "L1",
            "Relapse",
            when=progression_is_the_event,
            date="progression_date",
            outcome="event",
            cite=CITE,
        ),
        Situation(
            "L2",
            "Death without relapse",
            when=death_is_the_event,
            date="death_date",
            outcome="event",
            cite=CITE,
        ),
        Situation(
            "L3",
            "Neither relapse nor death, alive when last known",
            when=no_event,
            date="last_known_alive_date",
            outcome="censored",
            cite=CITE,
        ),
    ),
)
