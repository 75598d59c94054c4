"""Best overall response under iRECIST, without and with confirmation of iCR and iPR.

Seymour 2017, Table 3; with confirmation RECIST 1.1 Table 3 is applied to iCR and iPR.
"""

from recist.best_response_tables import BestTables
from recist.decision_table import DecisionTable
from recist.terms import IMMUNE_BEST, YES_NO

_INPUTS = {  # each over the records up to the first iCPD or new anticancer therapy
    **dict.fromkeys(("cr", "pr", "sd", "non_cr_non_pd", "ned", "cpd", "upd", "assessed"), YES_NO)
}

IMMUNE_BEST_RESPONSE = DecisionTable(
    name="iRECIST best overall response, confirmation not required",
    where="iRECIST Table 3",
    inputs=_INPUTS,
    outputs={"best": IMMUNE_BEST},
    text="""
    rule | cr | pr | sd | non_cr_non_pd | ned | cpd | upd | assessed | best             | cite
    IB.1 | Y  | *  | *  | *             | *   | *   | *   | *        | iCR              | Table 3, examples 1 and 2
    IB.2 | N  | Y  | *  | *             | *   | *   | *   | *        | iPR              | Table 3, examples 3 and 4
    IB.3 | N  | N  | Y  | *             | *   | *   | *   | *        | iSD              | Table 3, example 5; minimum interval from start as for SD
    IB.4 | N  | N  | N  | Y             | *   | *   | *   | *        | NON-iCR/NON-iUPD | RECIST 1.1 Table 2; minimum interval as for SD
    IB.5 | N  | N  | N  | N             | Y   | *   | *   | *        | NED              | house: no disease at baseline and none since
    IB.6 | N  | N  | N  | N             | N   | Y   | *   | *        | iCPD             | Table 3, examples 6 and 7
    IB.7 | N  | N  | N  | N             | N   | N   | Y   | *        | iUPD             | Table 3, example 8
    IB.8 | N  | N  | N  | N             | N   | N   | N   | Y        | NE               | RECIST 1.1 section 4.6.3: no evaluable record, or iSD too early
    IB.9 | N  | N  | N  | N             | N   | N   | N   | N        | NE               | convention no_assessment: no record at all
    """,
)

CONFIRMED_IMMUNE_BEST_RESPONSE = DecisionTable(
    name="iRECIST best overall response, confirmation required",
    where="RECIST 1.1 Table 3 applied to iCR and iPR",
    inputs=_INPUTS,  # cr, pr: confirmed; sd: any iCR, iPR or iSD late enough; non_cr_non_pd: the same without targets
    outputs={"best": IMMUNE_BEST},
    text="""
    rule  | cr | pr | sd | non_cr_non_pd | ned | cpd | upd | assessed | best             | cite
    IBC.1 | Y  | *  | *  | *             | *   | *   | *   | *        | iCR              | Table 3, row 1: iCR confirmed by iCR
    IBC.2 | N  | Y  | *  | *             | *   | *   | *   | *        | iPR              | Table 3, rows 6 and 7: iPR confirmed by iCR or iPR
    IBC.3 | N  | N  | Y  | *             | *   | *   | *   | *        | iSD              | Table 3: not confirmed, minimum for SD met
    IBC.4 | N  | N  | N  | Y             | *   | *   | *   | *        | NON-iCR/NON-iUPD | Tables 2 and 3: not confirmed, no target lesions, minimum met
    IBC.5 | N  | N  | N  | N             | Y   | *   | *   | *        | NED              | house: no disease at baseline and none since
    IBC.6 | N  | N  | N  | N             | N   | Y   | *   | *        | iCPD             | Table 3: minimum for SD not met, then iCPD
    IBC.7 | N  | N  | N  | N             | N   | N   | Y   | *        | iUPD             | Table 3: minimum for SD not met, then iUPD
    IBC.8 | N  | N  | N  | N             | N   | N   | N   | Y        | NE               | Table 3: minimum for SD not met, then NE
    IBC.9 | N  | N  | N  | N             | N   | N   | N   | N        | NE               | convention no_assessment: no record at all
    """,
)

IMMUNE_TABLES = BestTables(IMMUNE_BEST_RESPONSE, CONFIRMED_IMMUNE_BEST_RESPONSE)
