"""Acute myeloid leukaemia by the European LeukemiaNet, 2017.

Döhner H et al. Diagnosis and management of AML in adults: 2017 ELN recommendations from an international
expert panel. Blood 2017;129:424-447, doi:10.1182/blood-2016-08-733196 (Table 6).
"""

from dataclasses import replace

from recist.decision_table import DecisionTable
from recist.leukaemia.criteria.aml_eln2022 import CRITERIA as ELN2022
from recist.leukaemia.criteria.tables import RESPONSE_OUT, inputs
from recist.leukaemia.terms import MRD, SUFFIX
from recist.leukaemia.terms import RESPONSE as WORDS

RESPONSE = DecisionTable(
    name="Response",
    where="ELN 2017, Table 6",
    inputs=inputs("marrow", "blood", "extramedullary", "auer", "recovered", "cellular", "fell"),
    outputs=RESPONSE_OUT,
    text="""
    rule  | marrow  | blood | extramedullary | auer | recovered             | cellular | fell | response | cite
    R-NE  | unknown | *     | *              | *    | *                     | *        | *    | NE       | house: Table 6 presupposes an adequate marrow
    R-CR  | below   | N     | N              | N    | both                  | *        | *    | CR       | Table 6, CR
    R-CRi | below   | N     | N              | N    | one                   | *        | *    | CRi      | Table 6, CRi: residual neutropenia or thrombocytopenia
    R-LF  | below   | N     | N              | N    | neither               | Y        | *    | MLFS     | Table 6, MLFS: no haematologic recovery required
    R-AP  | below   | N     | N              | N    | neither               | N        | *    | NE       | house: MLFS asks for more than an aplastic marrow, so it cannot be judged
    R-CU  | below   | N     | N              | N    | unknown               | *        | *    | NE       | house: without both counts CR, CRi and MLFS cannot be told apart
    R-Nb  | below   | Y     | *              | *    | *                     | *        | *    | NR       | Table 6, CR: absence of circulating blasts; for MLFS house
    R-Ne  | below   | N     | Y              | *    | *                     | *        | *    | NR       | Table 6, CR and MLFS: absence of extramedullary disease
    R-Na  | below   | N     | N              | Y    | *                     | *        | *    | NR       | Table 6, CR and MLFS: absence of blasts with Auer rods
    R-PR  | between | N     | N              | *    | both                  | *        | Y    | PR       | Table 6, PR
    R-Pf  | between | N     | N              | *    | both                  | *        | N    | NR       | Table 6, PR: blasts have not fallen by half, or not known from what
    R-Pc  | between | N     | N              | *    | one, neither, unknown | *        | *    | NR       | Table 6, PR: all haematologic criteria of CR
    R-Pb  | between | Y     | *              | *    | *                     | *        | *    | NR       | Table 6, PR: all haematologic criteria of CR
    R-Pe  | between | N     | Y              | *    | *                     | *        | *    | NR       | house: extramedullary disease persists
    R-NR  | above   | *     | *              | *    | *                     | *        | *    | NR       | house: none of the responses of Table 6
    """,
)

RESIDUAL_DISEASE = DecisionTable(
    name="Residual disease",
    where="ELN 2017, Table 6, CR without minimal residual disease",
    inputs={"response": WORDS, "mrd": MRD},
    outputs={"suffix": SUFFIX},
    text="""
    rule  | response              | mrd               | suffix | cite
    M-NEG | CR                    | negative          | MRD-   | Table 6, CR without minimal residual disease
    M-POS | CR                    | positive, unknown | none   | Table 6, CR: MRD positive or unknown
    M-CRi | CRh, CRi              | *                 | none   | Table 6: defined for CR alone
    M-NA  | MLFS, PR, NR, NE      | *                 | none   | asked in remission only
    """,
)

CRITERIA = replace(
    ELN2022,
    name="aml_eln2017",
    title="AML, ELN 2017",
    citation="Döhner 2017, Blood 129:424-447, doi:10.1182/blood-2016-08-733196",
    response=RESPONSE,
    mrd=RESIDUAL_DISEASE,
    crh="not_used",
    spicules="not_asked",
    relapse_in_blood="any",
)
