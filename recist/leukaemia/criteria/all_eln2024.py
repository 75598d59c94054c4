"""Acute lymphoblastic leukaemia by the European LeukemiaNet, 2024.

Gökbuget N et al. Diagnosis, prognostic factors, and assessment of ALL in adults: 2024 ELN recommendations
from a European expert panel. Blood 2024;143:1891-1902, doi:10.1182/blood.2023020794 (response criteria for ALL).
"""

from recist.criteria.base import ConventionCell
from recist.decision_table import DecisionTable
from recist.leukaemia.criteria.base import LeukaemiaCriteria
from recist.leukaemia.criteria.tables import COURSE_OF_REMISSION, RESIDUAL_DISEASE, RESPONSE_OUT, inputs

RESPONSE = DecisionTable(
    name="Response",
    where="ELN-ALL 2024, response criteria",
    inputs=inputs("marrow", "mrd_high", "blood", "extramedullary", "recovered", "cellular", "fell"),
    outputs=RESPONSE_OUT,
    text="""
    rule  | marrow  | mrd_high | blood | extramedullary | recovered             | cellular | fell | response | cite
    R-NE  | unknown | *        | *     | *              | *                     | *        | *    | NE       | house: the table presupposes an adequate marrow
    R-CR  | below   | N        | N     | N              | both                  | *        | *    | CR       | CR
    R-CRi | below   | N        | N     | N              | one                   | *        | *    | CRi      | CRi: residual thrombocytopenia or neutropenia
    R-LF  | below   | N        | N     | N              | neither               | Y        | *    | MLFS     | Morphologic leukemia-free state
    R-AP  | below   | N        | N     | N              | neither               | N        | *    | NE       | house: a merely aplastic marrow cannot be judged
    R-CU  | below   | N        | N     | N              | unknown               | *        | *    | NE       | house: without both counts CR, CRi and MLFS cannot be told apart
    R-Nm  | below   | Y        | *     | *              | *                     | *        | *    | NR       | Failure: MRD of 1 % or more
    R-Nb  | below   | N        | Y     | *              | *                     | *        | *    | NR       | house: blasts in the blood, of which the table does not speak
    R-Ne  | below   | N        | N     | Y              | *                     | *        | *    | NR       | Failure: extramedullary disease
    R-PR  | between | *        | N     | N              | both                  | *        | Y    | PR       | PR: all haematologic criteria of CR
    R-Pf  | between | *        | N     | N              | both                  | *        | N    | NR       | Failure: blasts have not fallen by half, or not known from what
    R-Pc  | between | *        | N     | N              | one, neither, unknown | *        | *    | NR       | Failure: PR asks for all haematologic criteria of CR
    R-Pb  | between | *        | Y     | *              | *                     | *        | *    | NR       | house: blasts in the blood, of which the table does not speak
    R-Pe  | between | *        | N     | Y              | *                     | *        | *    | NR       | house: extramedullary disease persists
    R-NR  | above   | *        | *     | *              | *                     | *        | *    | NR       | Failure: none of the above
    """,
)

CRITERIA = LeukaemiaCriteria(
    name="all_eln2024",
    title="ALL, ELN 2024",
    citation="Gökbuget 2024, Blood 143:1891-1902, doi:10.1182/blood.2023020794",
    response=RESPONSE,
    mrd=RESIDUAL_DISEASE,
    course=COURSE_OF_REMISSION,
    convention_cells=(
        ConventionCell("cri_rule", "any", "response", "R-LF", "CRi"),
        ConventionCell("aplastic_marrow", "NR", "response", "R-AP", "NR"),
        ConventionCell("after_relapse", "carry", "course", "C-2", "RELAPSE"),
    ),
    counts_reach="more_than",
    crh="not_used",
    spicules="not_asked",
    transfusions="red_cells",
    mrd_limit_pct=0.01,
    mrd_failure_pct=1,
    relapse_in_blood="any",
)
