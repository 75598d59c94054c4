"""Duration of stable disease: from the start to progression or death, best response SD alone.

RECIST 1.1, section 4.6.3: stable disease is measured from the start of treatment (randomisation in a randomised trial)
until progression.  Confirmation is required: a CR or PR that nothing confirmed counts as SD (Table 3).
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.pfs import PFS, death_is_the_event

DOSD = replace(
    PFS.without("P1", "P2", "P6").edit("P7", text="Death without progression", when=death_is_the_event),
    name="DOSD",
    title="Duration of stable disease",
    cite="RECIST 1.1, section 4.6.3",
    only="confirmed_stable_disease_date",
)
