"""Disease-free survival: from the start to recurrence or death from any cause.

FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), section III.B: all deaths are counted,
since scoring some as censored biases more; so neither gaps nor new therapy censor.  Recurrence is a recorded PD: a
lesion in a subject without disease at baseline (docs/decisions/0209).
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.pfs_ema import PFS_EMA

CITE = "FDA 2018, section III.B"

DFS = replace(
    PFS_EMA.without("P8")
    .edit("P1", cite=CITE)
    .edit("P2", cite=CITE)
    .edit("P5", text="Recurrence documented", cite=CITE)
    .edit("P6", cite=CITE)
    .edit("P7", cite=CITE)
    .edit("P9", text="Recurrence or death after the data cutoff")
    .edit("P10", cite=CITE)
    .edit("P11", text="No recurrence", cite=CITE),
    name="DFS",
    title="Disease-free survival",
    cite="FDA 2018 endpoints guidance, section III.B",
)
