"""Cumulative incidence of relapse of acute leukaemia: from the first remission to relapse; death without it competes.

ELN 2017 (Döhner, Blood 129:424), Table 7; ELN 2022 (Döhner, Blood 140:1345), Table 9.  The outcome has a column `cause`
for `survival.cumulative_incidence`; both causes are events, so a Kaplan-Meier curve of it is relapse-free survival
(docs/decisions/0509).
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.rfs import RFS

CITE = "ELN 2022, Table 9; ELN 2017, Table 7"

CIR = replace(
    RFS.edit("L1", cause="relapse", cite=CITE).edit("L2", cause="death without relapse", cite=CITE),
    name="CIR",
    title="Cumulative incidence of relapse",
    cite="ELN 2017, Table 7, and ELN 2022, Table 9 (recommendations on AML)",
)
