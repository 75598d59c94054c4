"""Duration of response by iRECIST: from the first iCR or iPR of a confirmed response to progression or death.

EORTC iRECIST FAQ: only subjects whose best response is iCR or iPR; progression dated as in iPFS (Seymour 2017), censored
as PFS is.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.ipfs import IPFS
from survival.endpoints.pfs import death_is_the_event

IDOR = replace(
    IPFS.without("P1", "P2", "P6").edit("P7", text="Death without progression", when=death_is_the_event),
    name="IDOR",
    title="Duration of confirmed response by iRECIST",
    cite="iRECIST (Seymour 2017); EORTC iRECIST FAQ",
    start=("confirmed_response_date",),
    only="confirmed_response_date",
)
