"""Duration of response, confirmed or not.

RECIST 1.1, section 4.6.1: a randomised trial asks for no confirmation.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.dor import DOR

DOR_ANY = replace(
    DOR,
    name="DOR_ANY",
    title="Duration of response, confirmed or not",
    start=("response_date",),
    only="response_date",
)
