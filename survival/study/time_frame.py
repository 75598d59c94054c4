"""Time frames as a protocol writes them: '28 days', '12 months', '2 years'."""

from __future__ import annotations

import math
import re

from survival.results import DAYS_PER_MONTH

DAYS_OF = {"day": 1.0, "week": 7.0, "month": DAYS_PER_MONTH, "year": 12 * DAYS_PER_MONTH}
_FRAME = re.compile(r"\s*(\d+(?:\.\d+)?)\s+(day|week|month|year)s?\s*", re.IGNORECASE)
REMEDY = 'Write a number and days, weeks, months or years, such as "12 months".'


def frame_days(text: str) -> int | None:
    """Whole days of a time frame; None when the text is none.

    Examples
    --------
    >>> frame_days("28 days"), frame_days("12 months"), frame_days("2 years"), frame_days("soon")
    (28, 365, 730, None)
    """
    found = _FRAME.fullmatch(text)
    if found is None or not float(found.group(1)) > 0:
        return None
    return math.floor(float(found.group(1)) * DAYS_OF[found.group(2).lower()])
