"""Progression-free survival with uniform dates: events and assessments booked at scheduled visits.

FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), Appendix 3, Table B;
the schedule is `visit_interval_days` and `visit_window_days`.  How the dates are chosen: docs/decisions/0203.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.pfs import PFS

CITE = "FDA 2018, App. 3, Table B"

PFS_FDA_B = replace(
    PFS.edit("P3", date="last_adequate_before_new_therapy_visit_date", cite=CITE)
    .edit("P4", date="last_adequate_before_event_visit_date", cite=CITE)
    .edit(
        "P5", date="progression_visit_date", text="Progression documented, at the scheduled visit", cite=CITE
    )
    .edit("P8", date="last_adequate_visit_date", cite=CITE)
    .edit("P9", date="last_adequate_visit_date")
    .edit("P10", date="last_adequate_visit_date", cite=CITE)
    .edit("P11", date="last_adequate_visit_date", cite=CITE),
    name="PFS_FDA_B",
    title="Progression-free survival, scheduled dates",
    cite="FDA 2018 endpoints guidance, Appendix 3, Table B",
)
