"""Best overall response, without and with confirmation, as tables over what a subject's records hold.

RECIST 1.1 sections 4.5, 4.6.1 and 4.6.3, Table 3.
"""

from dataclasses import dataclass

from recist.decision_table import DecisionTable
from recist.terms import BEST, YES_NO

_INPUTS = {  # each over the records up to the first PD or new anticancer therapy
    "cr": YES_NO,
    "pr": YES_NO,
    "sd": YES_NO,
    "non_cr_non_pd": YES_NO,
    "ned": YES_NO,
    "pd": YES_NO,
    "assessed": YES_NO,  # is there any record at all?
}

BEST_RESPONSE = DecisionTable(
    name="Best overall response, confirmation not required",
    where="RECIST 1.1 section 4.6.1",
    inputs=_INPUTS,
    outputs={"best": BEST},
    text="""
    rule | cr | pr | sd | non_cr_non_pd | ned | pd | assessed | best          | cite
    B.1  | Y  | *  | *  | *             | *   | *  | *        | CR            | section 4.5: the best response recorded
    B.2  | N  | Y  | *  | *             | *   | *  | *        | PR            | section 4.5: the best response recorded
    B.3  | N  | N  | Y  | *             | *   | *  | *        | SD            | section 4.6.3: SD that meets the minimum interval from start
    B.4  | N  | N  | N  | Y             | *   | *  | *        | NON-CR/NON-PD | Table 2; minimum interval as for SD
    B.5  | N  | N  | N  | N             | Y   | *  | *        | NED           | house: no disease at baseline and none since
    B.6  | N  | N  | N  | N             | N   | Y  | *        | PD            | section 4.5: progression and nothing better before it
    B.7  | N  | N  | N  | N             | N   | N  | Y        | NE            | section 4.6.3: no evaluable record, or SD too early
    B.8  | N  | N  | N  | N             | N   | N  | N        | NE            | convention no_assessment: no record at all
    """,
)

CONFIRMED_BEST_RESPONSE = DecisionTable(
    name="Best overall response, confirmation required",
    where="RECIST 1.1 Table 3",
    inputs=_INPUTS,  # cr, pr: confirmed; sd: any CR, PR or SD late enough; non_cr_non_pd: the same without targets
    outputs={"best": BEST},
    text="""
    rule | cr | pr | sd | non_cr_non_pd | ned | pd | assessed | best          | cite
    BC.1 | Y  | *  | *  | *             | *   | *  | *        | CR            | Table 3, row 1: CR confirmed by CR
    BC.2 | N  | Y  | *  | *             | *   | *  | *        | PR            | Table 3, rows 6 and 7: PR confirmed by CR or PR
    BC.3 | N  | N  | Y  | *             | *   | *  | *        | SD            | Table 3, rows 2 to 5 and 8 to 10: not confirmed, minimum for SD met
    BC.4 | N  | N  | N  | Y             | *   | *  | *        | NON-CR/NON-PD | Tables 2 and 3: not confirmed, no target lesions, minimum met
    BC.5 | N  | N  | N  | N             | Y   | *  | *        | NED           | house: no disease at baseline and none since
    BC.6 | N  | N  | N  | N             | N   | Y  | *        | PD            | Table 3, rows 2 to 4 and 9: minimum for SD not met, then PD
    BC.7 | N  | N  | N  | N             | N   | N  | Y        | NE            | Table 3, rows 5 and 10 to 11: minimum for SD not met, then NE
    BC.8 | N  | N  | N  | N             | N   | N  | N        | NE            | convention no_assessment: no record at all
    """,
)


@dataclass(frozen=True)
class BestTables:
    """The two tables of a set of rules; their inputs are kinds of records, yes when the subject has one.

    In each row at most one input is Y: the first record of that kind gives the date.
    """

    best_response: DecisionTable
    confirmed_best_response: DecisionTable

    @property
    def terms(self) -> tuple[str, ...]:
        """The words a best response can be."""
        return self.best_response.outputs["best"]


RECIST_TABLES = BestTables(BEST_RESPONSE, CONFIRMED_BEST_RESPONSE)
