"""The response of each visit as its criteria says it: iRECIST has words of its own, and confirms progression."""

from __future__ import annotations

import pandas as pd

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
