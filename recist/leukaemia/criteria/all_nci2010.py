"""Acute lymphoblastic leukaemia by the National Cancer Institute's workshop on relapse after transplantation.

Biol Blood Marrow Transplant 2010;16:1187-1211, doi:10.1016/j.bbmt.2010.06.008 (Table 4a; PMC7272718).  Its
stable and progressive disease are both NR here: docs/decisions/0507.
"""

from dataclasses import replace

from recist.criteria.base import ConventionCell
from recist.decision_table import DecisionTable
from recist.leukaemia.criteria.all_eln2024 import CRITERIA as ELN2024
from recist.leukaemia.criteria.tables import RESPONSE_OUT, inputs

RESPONSE = DecisionTable(
    name="Response",
    where="NCI workshop 2010, Table 4a",
    inputs=inputs("marrow", "blood", "extramedullary", "trilineage", "recovered", "fell"),
    outputs=RESPONSE_OUT,
    text="""
    rule  | marrow  | blood | extramedullary | trilineage | recovered             | fell | response | cite
    R-NE  | unknown | *     | *              | *          | *                     | *    | NE       | house: Table 4a presupposes an adequate marrow
    R-CR  | below   | N     | N              | Y          | both                  | *    | CR       | Table 4a, CR
    R-CRi | below   | N     | N              | Y          | one, neither          | *    | CRi      | Table 4a, CRi: CR without the specified counts
    R-CU  | below   | N     | N              | Y          | unknown               | *    | NE       | house: without both counts CR and CRi cannot be told apart
    R-P3  | below   | N     | N              | N          | both                  | Y    | PR       | Table 4a, PR: at most 25 % blasts, counts recovered, not CR
    R-N3  | below   | N     | N              | N          | both                  | N    | NR       | Table 4a, PR: blasts have not fallen by half, or not known from what
    R-Nc  | below   | N     | N              | N          | one, neither, unknown | *    | NR       | Table 4a, PR: counts not recovered
    R-Nb  | below   | Y     | *              | *          | *                     | *    | NR       | Table 4a, CR: no circulating blasts
    R-Ne  | below   | N     | Y              | *          | *                     | *    | NR       | Table 4a, CR: no extramedullary disease
    R-PR  | between | N     | N              | *          | both                  | Y    | PR       | Table 4a, PR
    R-Pf  | between | N     | N              | *          | both                  | N    | NR       | Table 4a, PR: blasts have not fallen by half, or not known from what
    R-Pc  | between | N     | N              | *          | one, neither, unknown | *    | NR       | Table 4a, PR: neutrophils at least 1.0 and platelets at least 100
    R-Pb  | between | Y     | *              | *          | *                     | *    | NR       | house: whether blasts in the blood fell by half is not recorded
    R-Pe  | between | N     | Y              | *          | *                     | *    | NR       | house: whether extramedullary disease fell by half is not recorded
    R-NR  | above   | *     | *              | *          | *                     | *    | NR       | Table 4a, stable or progressive disease
    """,
)

CRITERIA = replace(
    ELN2024,
    name="all_nci2010",
    title="ALL, NCI workshop 2010",
    citation="Biol Blood Marrow Transplant 2010;16:1187-1211, doi:10.1016/j.bbmt.2010.06.008",
    response=RESPONSE,
    convention_cells=(ConventionCell("after_relapse", "carry", "course", "C-2", "RELAPSE"),),
    counts_reach="at_least",
    transfusions="ignored",
    mrd_failure_pct=None,
    relapse_blasts_min=25,
    min_remission_days=28,
)
