"""Cumulative incidence of progression: from the start to progression; death without it competes.

Aalen and Johansen, Scand J Stat 1978; 5: 141.  Situations and censoring are those of progression-free survival (FDA
2018, Appendix 3, Table A); the outcome has a column `cause` for `survival.cumulative_incidence`, and a Kaplan-Meier
curve of it is progression-free survival.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.pfs import PFS

DEATH = "death without progression"

CIP = replace(
    PFS.edit("P5", cause="progression").edit("P6", cause=DEATH).edit("P7", cause=DEATH),
    name="CIP",
    title="Cumulative incidence of progression",
)
