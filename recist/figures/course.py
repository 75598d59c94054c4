"""The response of each visit as its criteria says it: iRECIST has words of its own, and confirms progression."""

from __future__ import annotations

import pandas as pd

from recist.criteria import get_criteria
from recist.errors import InputError

LIMITS = (20.0, -30.0)  # growth and shrinkage of RECIST 1.1 section 4.3.1, per cent
PROGRESSED = ("PD", "iCPD")  # nothing after it counts
UNCONFIRMED = "iUPD"  # counts as progression when it is confirmed
PROGRESSION, NEW_THERAPY, DEATH = "progression", "new anticancer therapy", "death"
PROGRESSION_WORDS = {  # term -> what a figure calls the first one
    "PD": PROGRESSION,
    "iUPD": "unconfirmed progression (iUPD)",
    "iCPD": "confirmed progression (iCPD)",
}
ANSWERS = ("CR", "PR", "iCR", "iPR")


def terms_of(responses: pd.DataFrame) -> pd.Series:
    """`ioverall` where there is one, else `overall`; NE where neither is known."""
    terms = responses["overall"].astype("string")
    if "ioverall" in responses:
        terms = responses["ioverall"].astype("string").fillna(terms)
    return terms.fillna("NE").astype(str)


def limits_of(responses: pd.DataFrame) -> tuple[float, float]:
    """Growth and shrinkage that the criteria of the responses ask for, per cent; those of RECIST 1.1 where not known."""
    names: list[str] = (
        list(responses["criteria"].dropna().astype(str).unique()) if "criteria" in responses else []
    )
    if len(names) != 1:
        return LIMITS
    try:
        criteria = get_criteria(names[0])
    except InputError:  # a name of the user's own, with recorded responses
        return LIMITS
    return float(criteria.pd_pct), -float(criteria.pr_pct)
