"""Duration of complete response: from the first CR of a confirmed CR to progression or death.

RECIST 1.1, section 4.6.2 (duration of overall complete response: from the first record of CR to recurrence); subjects
with a confirmed best response of CR, censored as duration of response is.
"""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.dor import DOR

DOCR = replace(
    DOR,
    name="DOCR",
    title="Duration of confirmed complete response",
    cite="RECIST 1.1, section 4.6.2; FDA 2018 endpoints guidance, section III.B",
    start=("confirmed_complete_response_date",),
    only="confirmed_complete_response_date",
)
