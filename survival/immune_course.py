"""What became of the first unconfirmed progression (iUPD): confirmed, reversed, or neither; and when.

Seymour, Lancet Oncol 2017; 18: e143-e152: progression counts once it is confirmed; iSD, iPR or iCR after an iUPD
resets the bar.  Pseudo-progression is an iUPD that such a response follows.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from recist import InputError
from survival.progression_reasons import causes_at_progression

REVERSED = ("iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "NED")
NEEDED = ("subject", "date", "ioverall", "overall", "target", "non_target", "new_lesion")
COURSE = {  # column -> sentence
    "subject": "who had an iUPD",
    "iupd_date": "date of the first iUPD",
    "reason": "what made it: growth of targets, non-targets, new lesions",
    "assessed_again": "whether a later assessment is on record",
    "confirmed_date": "date of the first iCPD",
    "reversed_date": "first iCR, iPR, iSD (or what stands for it without targets) after an iUPD, before iCPD",
    "days_to_confirmation": "iCPD less the first iUPD of the block that it confirms, days",
}


def immune_course(responses: pd.DataFrame) -> pd.DataFrame:
    """The course from the first iUPD on, one row per subject who had one.

    Parameters
    ----------
    responses : of `recist.assess` under iRECIST, of one evaluator.

    Returns
    -------
    frame with the columns of `COURSE`, in the order of the first assessments.

    Raises
    ------
    InputError : a column is missing.

    Examples
    --------
    >>> responses = pd.DataFrame({"subject": "1", "date": pd.to_datetime(["2024-01-01", "2024-02-01"]),
    ...     "ioverall": ["iUPD", "iPR"], "overall": ["PD", "PD"], "target": ["PD", "PR"], "non_target": "NA",
    ...     "new_lesion": "N"})
    >>> immune_course(responses)[["reason", "assessed_again", "confirmed_date"]].values.tolist()
    [['Target lesions only', True, NaT]]
    """
    if missing := [name for name in NEEDED if name not in responses]:
        raise InputError(f"responses has no column {', '.join(missing)}; assess the lesions under iRECIST")
    seen = responses.sort_values("date", kind="stable").astype({"subject": str})
    rows = []
    for subject, part in seen.groupby("subject", sort=False):
        said = list(zip(part["ioverall"].astype("string").fillna(""), part["date"], strict=True))
        if (row := _of_one(said)) is not None:
            rows.append({"subject": subject, **row})
    names = [name for name in COURSE if name != "reason"]
    course = pd.DataFrame(rows, columns=names)
    dates = ["iupd_date", "confirmed_date", "reversed_date"]
    course = course.astype({**dict.fromkeys(dates, "datetime64[ns]"), "days_to_confirmation": "Int64"})
    first = course[["subject", "iupd_date"]].rename(columns={"iupd_date": "date"})
    reasons = causes_at_progression(responses, first)[["subject", "reason"]]
    return course.merge(reasons, on="subject", how="left")[list(COURSE)]


def _of_one(said: list[tuple[str, Any]]) -> dict[str, Any] | None:
    """The course of one subject: its responses and dates in order."""
    places = [place for place, (word, _) in enumerate(said) if word == "iUPD"]
    if not places:
        return None
    first = places[0]
    row: dict[str, Any] = {"confirmed_date": pd.NaT, "reversed_date": pd.NaT, "days_to_confirmation": pd.NA}
    row |= {"iupd_date": said[first][1], "assessed_again": first + 1 < len(said)}
    block: Any = None  # first iUPD that no response has reversed yet
    for word, date in said[first:]:
        if word == "iUPD":
            block = date if block is None else block
        elif word in REVERSED and block is not None:
            block = None
            row["reversed_date"] = date if pd.isna(row["reversed_date"]) else row["reversed_date"]
        elif word == "iCPD":
            row["confirmed_date"] = date
            row["days_to_confirmation"] = pd.NA if block is None else (date - block).days
            break
    return row
