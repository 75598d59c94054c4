"""Duration of complete response, confirmed or not.

RECIST 1.1, sections 4.6.1 (a randomised trial asks for no confirmation) and 4.6.2.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.docr import DOCR

DOCR_ANY = replace(
    DOCR,
    name="DOCR_ANY",
    title="Duration of complete response, confirmed or not",
    start=("complete_response_date",),
    only="complete_response_date",
)
