"""What the classifications have in common: the words of their inputs, and the tables after the response."""

from __future__ import annotations

from recist.decision_table import DecisionTable
from recist.leukaemia.terms import BLOOD, COURSE, MARROW, MRD, RECOVERED, RESPONSE, STATE, SUFFIX
from recist.terms import YES_NO

INPUT = {  # what a table of responses may ask
    "marrow": MARROW,  # blasts below the limit of remission, up to the limit of PR, above; unknown: no adequate marrow
    "blood": YES_NO,  # circulating blasts?
    "extramedullary": YES_NO,  # extramedullary disease?
    "auer": YES_NO,  # blasts with Auer rods?
    "trilineage": YES_NO,  # adequate cellularity with all three lines?
    "mrd_high": YES_NO,  # residual disease at or above `mrd_failure_pct`?
    "recovered": RECOVERED,  # neutrophils and platelets at the limits of complete remission
    "partly": YES_NO,  # both at the limits of partial haematologic recovery?
    "cellular": YES_NO,  # marrow not merely aplastic?
    "fell": YES_NO,  # blasts fallen far enough from before treatment? no where that is not known
}
RESPONSE_OUT = {"response": RESPONSE}


def inputs(*names: str) -> dict[str, tuple[str, ...]]:
    """The inputs of those names with their terms."""
    return {name: INPUT[name] for name in names}


COURSE_OF_REMISSION = DecisionTable(
    name="Course",
    where="ELN 2022 and 2017, response tables",
    inputs={
        "remission": STATE,  # before this assessment
        "response": RESPONSE,  # of this assessment
        "marrow_relapse": YES_NO,  # blasts at or above the limit of relapse?
        "blood": BLOOD,
        "extramedullary": YES_NO,
        "past_landmark": YES_NO,  # on or after the response landmark?
    },
    outputs={"course": COURSE},
    text="""
    rule | remission | response              | marrow_relapse | blood      | extramedullary | past_landmark | course      | cite
    C-AS | never     | not NR                | *              | *          | *              | *             | as assessed | response table: the response of this assessment
    C-NR | never     | NR                    | *              | *          | *              | N             | as assessed | response table, No response: before the response landmark
    C-RF | never     | NR                    | *              | *          | *              | Y             | REFRACTORY  | response table, No response: no response by the designated landmark
    C-RM | holds     | *                     | Y              | *          | *              | *             | RELAPSE     | response table, Relapsed disease: marrow blasts
    C-RB | holds     | *                     | N              | confirmed  | *              | *             | RELAPSE     | response table, Relapsed disease: blasts in the blood
    C-RE | holds     | *                     | N              | none, once | Y              | *             | RELAPSE     | response table, Relapsed disease: extramedullary
    C-HO | holds     | *                     | N              | none, once | N              | *             | as assessed | house: no sign of relapse, the response of this assessment
    C-LO | lost      | MLFS, PR, NR, NE      | *              | *          | *              | *             | RELAPSE     | house: relapse lasts until a new remission
    C-2  | lost      | CR, CRh, CRi          | *              | *          | *              | *             | as assessed | house: a new remission after relapse
    """,
)

RESIDUAL_DISEASE = DecisionTable(
    name="Residual disease",
    where="ELN 2022, response table, with assessment of MRD",
    inputs={"response": RESPONSE, "mrd": MRD},
    outputs={"suffix": SUFFIX},
    text="""
    rule  | response         | mrd               | suffix | cite
    M-NEG | CR, CRh, CRi     | negative          | MRD-   | CR, CRh or CRi with MRD below a defined threshold
    M-POS | CR, CRh, CRi     | positive, unknown | none   | CR, CRh or CRi: MRD positive or not known
    M-NA  | MLFS, PR, NR, NE | *                 | none   | asked in remission only
    """,
)
