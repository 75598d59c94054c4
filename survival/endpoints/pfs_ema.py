"""Progression-free survival with every event counted, whatever the gaps and whatever therapy came.

EMA/CHMP/27994/2008/Rev.1 (2012), Appendix 1 to the guideline on the evaluation of anticancer medicinal
products in man: from randomisation to objective progression or death from any cause; docs/decisions/0204.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.pfs import PFS, no_event

CITE = "EMA 2012, App. 1"

PFS_EMA = replace(
    PFS.without("P3", "P4").edit(
        "P1",
        text="No baseline tumour assessment, and no event",
        when=lambda f: ~f["baseline_adequate"] & no_event(f),
        cite=CITE,
    ),
    name="PFS_EMA",
    title="Progression-free survival, all events",
    cite="EMA/CHMP/27994/2008/Rev.1, Appendix 1",
)
