"""Duration of response by iRECIST, confirmed or not: from the first iCR or iPR.

EORTC iRECIST FAQ; RECIST 1.1, section 4.6.1: a randomised trial asks for no confirmation.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.idor import IDOR

IDOR_ANY = replace(
    IDOR,
    name="IDOR_ANY",
    title="Duration of response by iRECIST, confirmed or not",
    start=("response_date",),
    only="response_date",
)
