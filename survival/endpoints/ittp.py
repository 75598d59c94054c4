"""Time to progression by iRECIST: progression dated as in iPFS, deaths censored at the last assessment.

Seymour, Lancet Oncol 2017; 18: e143; FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics
(2018), section III.B.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.ipfs import IMMUNE, IPFS
from survival.endpoints.ttp import TTP

ITTP = replace(
    TTP,
    name="ITTP",
    title="Time to progression by iRECIST",
    cite="iRECIST (Seymour 2017); FDA 2018 endpoints guidance, section III.B and Appendix 3",
    situations=tuple(
        row
        for shared in TTP.situations
        for row in ((IPFS.situation("P5"), IPFS.situation("I5")) if shared.rule == "P5" else (shared,))
    ),
    progression=IMMUNE,
    progression_dated="block_start",
)
