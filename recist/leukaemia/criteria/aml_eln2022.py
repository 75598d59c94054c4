"""Acute myeloid leukaemia by the European LeukemiaNet, 2022.

Döhner H et al. Diagnosis and management of AML in adults: 2022 recommendations from an international expert
panel on behalf of the ELN. Blood 2022;140:1345-1377, doi:10.1182/blood.2022016867
"""

from recist.criteria.base import ConventionCell
from recist.decision_table import DecisionTable
from recist.leukaemia.criteria.base import LeukaemiaCriteria
from recist.leukaemia.criteria.tables import COURSE_OF_REMISSION, RESIDUAL_DISEASE, RESPONSE_OUT, inputs

RESPONSE = DecisionTable(
    name="Response",
    where="ELN 2022, response table",
    inputs=inputs("marrow", "blood", "extramedullary", "recovered", "partly", "cellular", "fell"),
    outputs=RESPONSE_OUT,
    text="""
    rule  | marrow  | blood | extramedullary | recovered             | partly | cellular | fell | response | cite
    R-NE  | unknown | *     | *              | *                     | *      | *        | *    | NE       | Nonevaluable: no adequate bone marrow evaluation
    R-CR  | below   | N     | N              | both                  | *      | *        | *    | CR       | CR
    R-CRh | below   | N     | N              | one, neither          | Y      | *        | *    | CRh      | CRh: neutrophils at least 0.5 and platelets at least 50
    R-CRi | below   | N     | N              | one                   | N      | *        | *    | CRi      | CRi: neutropenia or thrombocytopenia; not those who meet CRh
    R-LF  | below   | N     | N              | neither               | N      | Y        | *    | MLFS     | MLFS: no haematologic recovery required
    R-AP  | below   | N     | N              | neither               | N      | N        | *    | NE       | house: MLFS asks for more than an aplastic marrow, so it cannot be judged
    R-CU  | below   | N     | N              | unknown               | *      | *        | *    | NE       | house: without both counts CR, CRh, CRi and MLFS cannot be told apart
    R-Nb  | below   | Y     | *              | *                     | *      | *        | *    | NR       | No response: circulating blasts
    R-Ne  | below   | N     | Y              | *                     | *      | *        | *    | NR       | No response: extramedullary disease
    R-PR  | between | N     | N              | both                  | *      | *        | Y    | PR       | PR
    R-Pf  | between | N     | N              | both                  | *      | *        | N    | NR       | No response: blasts have not fallen by half, or not known from what
    R-Pc  | between | N     | N              | one, neither, unknown | *      | *        | *    | NR       | No response: PR asks for all haematologic criteria of CR
    R-Pb  | between | Y     | *              | *                     | *      | *        | *    | NR       | No response: PR asks for all haematologic criteria of CR
    R-Pe  | between | N     | Y              | *                     | *      | *        | *    | NR       | house: extramedullary disease persists
    R-NR  | above   | *     | *              | *                     | *      | *        | *    | NR       | No response
    """,
)

CRITERIA = LeukaemiaCriteria(
    name="aml_eln2022",
    title="AML, ELN 2022",
    citation="Döhner 2022, Blood 140:1345-1377, doi:10.1182/blood.2022016867",
    response=RESPONSE,
    mrd=RESIDUAL_DISEASE,
    course=COURSE_OF_REMISSION,
    convention_cells=(
        ConventionCell("cri_rule", "any", "response", "R-LF", "CRi"),
        ConventionCell("aplastic_marrow", "NR", "response", "R-AP", "NR"),
        ConventionCell("after_relapse", "carry", "course", "C-2", "RELAPSE"),
    ),
)
