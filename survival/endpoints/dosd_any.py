"""Duration of stable disease where responses need no confirmation.

RECIST 1.1, sections 4.6.1 and 4.6.3.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.dosd import DOSD

DOSD_ANY = replace(
    DOSD,
    name="DOSD_ANY",
    title="Duration of stable disease, responses not confirmed",
    only="stable_disease_date",
)
