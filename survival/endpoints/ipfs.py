"""Progression-free survival by iRECIST: progression is dated at the first iUPD of the block that ends in iCPD.

Seymour, Lancet Oncol 2017; 18: e143 (section on dates, and Table 3); censored as FDA's example table A has it.  An iUPD
that iSD, iPR or iCR follows is no progression; one that stays open is an event or not (`unconfirmed`); with
`progression_dated="confirmation"` the date is that of the iCPD: docs/decisions/0208.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from survival.endpoint import Situation
from survival.endpoints.pfs import PFS, progression_is_the_event

CITE = "iRECIST (Seymour 2017)"
IMMUNE = ("iUPD", "iCPD")


def confirmed_is_the_event(facts: pd.DataFrame) -> pd.Series[Any]:
    """Progression came first, and an iCPD confirmed it."""
    return progression_is_the_event(facts) & facts["progression_confirmed"]


def unconfirmed_is_the_event(facts: pd.DataFrame) -> pd.Series[Any]:
    """Progression came first, and nothing confirmed or cancelled it."""
    return progression_is_the_event(facts) & ~facts["progression_confirmed"]


IPFS = replace(
    PFS.edit(
        "P5", text="Progression confirmed (iCPD) after iUPD", when=confirmed_is_the_event, cite=CITE
    ).after(
        "P5",
        Situation(
            "I5",
            "Progression neither confirmed nor cancelled (iUPD)",
            when=unconfirmed_is_the_event,
            date="progression_date",
            outcome="event",
            cite=CITE,
        ),
    ),
    name="IPFS",
    title="Progression-free survival by iRECIST",
    cite="iRECIST (Seymour 2017); FDA 2018 endpoints guidance, Appendix 3, Table A",
    progression=IMMUNE,
    progression_dated="block_start",
)
