"""Best overall response as the R package admiralonco 1.4 derives it from recorded responses.

Reference pages of `derive_param_bor`, `derive_param_confirmed_bor` and `derive_param_confirmed_resp`, sections
"Details": https://pharmaverse.github.io/admiralonco.  Its arguments are fields here:

| argument | field |
|---|---|
| `ref_start_window` | `min_sd_days` |
| `ref_confirm` | `confirm_days` |
| `max_nr_ne` | `max_ne_between` |
| `accept_sd` | `max_sd_between_pr`: 1 for TRUE, 0 for FALSE |
| `missing_as_ne` | `no_assessment`: NE for TRUE, MISSING for FALSE |
| `source_pd` | `last_record`: first_pd, or any when it is not given |
| `filter_source` | `first_record`, `nact_rule` |
"""

from recist.best_response_tables import BestTables
from recist.criteria.base import BestResponseRules
from recist.decision_table import DecisionTable
from recist.terms import BEST, YES_NO

_KINDS = ("cr", "pr", "sd", "non_cr_non_pd", "ned", "pd", "assessed")

BEST_RESPONSE = DecisionTable(
    name="Best overall response of admiralonco, confirmation not required",
    where="admiralonco, derive_param_bor",
    inputs=dict.fromkeys(_KINDS, YES_NO),
    outputs={"best": BEST},
    text="""
    rule | cr | pr | sd | non_cr_non_pd | ned | pd | assessed | best          | cite
    A.1  | Y  | *  | *  | *             | *   | *  | *        | CR            | Details, notes 1 and 4: every CR counts, CR is best
    A.2  | N  | Y  | *  | *             | *   | *  | *        | PR            | Details, notes 1 and 4: every PR counts
    A.3  | N  | N  | Y  | *             | *   | *  | *        | SD            | Details, note 2: SD from ref_start_window on
    A.4  | N  | N  | N  | Y             | *   | *  | *        | NON-CR/NON-PD | Details, note 2: NON-CR/NON-PD from ref_start_window on
    A.5  | N  | N  | N  | N             | Y   | *  | *        | NED           | house: admiralonco does not know NED
    A.6  | N  | N  | N  | N             | N   | Y  | *        | PD            | Details, notes 1 and 4: PD before NE
    A.7  | N  | N  | N  | N             | N   | N  | Y        | NE            | Details, notes 3 and 4: NE, or SD before ref_start_window
    A.8  | N  | N  | N  | N             | N   | N  | N        | NE            | argument missing_as_ne: no record, or none but ND
    """,
)

CONFIRMED_BEST_RESPONSE = DecisionTable(
    name="Best overall response of admiralonco, confirmation required",
    where="admiralonco, derive_param_confirmed_bor",
    inputs=dict.fromkeys((*_KINDS, "not_done"), YES_NO),
    outputs={"best": BEST},
    text="""
    rule | cr | pr | sd | non_cr_non_pd | ned | pd | assessed | not_done | best          | cite
    AC.1 | Y  | *  | *  | *             | *   | *  | *        | *        | CR            | Details, step 2, CR: confirmed by a CR ref_confirm days later
    AC.2 | N  | Y  | *  | *             | *   | *  | *        | *        | PR            | Details, step 2, PR: confirmed by CR or PR, no PR after a CR
    AC.3 | N  | N  | Y  | *             | *   | *  | *        | *        | SD            | Details, step 2, SD: CR, PR or SD from ref_start_window on
    AC.4 | N  | N  | N  | Y             | *   | *  | *        | *        | NON-CR/NON-PD | Details, step 2, NON-CR/NON-PD: from ref_start_window on
    AC.5 | N  | N  | N  | N             | Y   | *  | *        | *        | NED           | house: admiralonco does not know NED
    AC.6 | N  | N  | N  | N             | N   | Y  | *        | *        | PD            | Details, step 2, PD
    AC.7 | N  | N  | N  | N             | N   | N  | Y        | *        | NE            | Details, step 2, NE: NE, or anything before ref_start_window
    AC.8 | N  | N  | N  | N             | N   | N  | N        | Y        | ND            | Details, step 2, ND: between NE and MISSING
    AC.9 | N  | N  | N  | N             | N   | N  | N        | N        | NE            | argument missing_as_ne: no record at all
    """,
)

RULES = BestResponseRules(
    name="admiralonco",
    title="admiralonco 1.4",
    citation="admiralonco 1.4, derive_param_bor and derive_param_confirmed_bor, Details",
    tables=BestTables(BEST_RESPONSE, CONFIRMED_BEST_RESPONSE),
    first_record="any",
    not_done="apart",
    max_sd_between_pr=0,
    cr_then_lesser="as_recorded",
    unconfirmed_cr_nt_only="SD",
    no_assessment="MISSING",
    nact_rule="ignore",
)
