"""Listing of EORTC QLQ-C30 scores: one line per questionnaire, each scale with its change from baseline.

Fayers and others, EORTC QLQ-C30 Scoring Manual, 3rd edition (2001).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from recist import InputError
from survival.listings.about import with_groups
from survival.listings.listing import Listing
from survival.listings.order import in_order
from survival.qlq_c30.scales import SCALES
from survival.results import score_text
from survival.tables.table import Shell

QLQ = Shell(title="EORTC QLQ-C30 scores of each subject")
NEEDED = ("subject", "visit", "date", "scale", "score", "timing", "change")
NOTE = (
    "Scores from 0 to 100, in brackets the change from baseline; a higher score is better for global health status and "
    "functioning, worse for symptoms.  Blank: fewer than half of the items answered."
)


def qlq_listing(
    change: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    shell: Shell = QLQ,
) -> Listing:
    """Every questionnaire with its scores and their change from baseline.

    Parameters
    ----------
    change : of `survival.qlq_change`; its scales are the columns.
    subjects, by : the population, and its columns shown after the subject.
    shell : title, population, footnotes.

    Raises
    ------
    InputError : a column is missing.

    Examples
    --------
    >>> change = pd.DataFrame({"subject": "1", "visit": ["BL", "W8"], "date": pd.to_datetime(["2024-01-01", "2024-03-01"]),
    ...     "scale": "QL2", "score": [75.0, 50.0], "timing": ["baseline", "after"], "change": [None, -25.0]})
    >>> qlq_listing(change, pd.DataFrame({"subject": ["1"]})).frame.iloc[1].tolist()
    ['1', 'W8', '2024-03-01', 'after', '50.0 (-25.0)']
    """
    if missing := [name for name in NEEDED if name not in change]:
        raise InputError(f"the scores have no column {', '.join(missing)}; make them with qlq_change")
    rows, headings = with_groups(change, subjects, by)
    rows = rows.assign(text=[*map(_printed, rows["score"], rows["change"])])
    scales = [name for name in SCALES if (rows["scale"].astype(str) == name).any()]
    key = ["subject", "visit", "date"]
    plain = rows.astype({"subject": "string", "visit": "string", "scale": "string", "timing": "string"})
    grouped = plain.groupby(key, sort=False, dropna=False)
    wide = grouped[[name for name in (*headings, "timing") if name not in key]].first()
    for name in scales:
        mine = plain[plain["scale"] == name].groupby(key, sort=False, dropna=False)["text"].agg("; ".join)
        wide[name] = mine.reindex(wide.index)
    wide = in_order(wide.reset_index(), ["subject", "date", "visit"])
    stub = {"subject": "Subject", "visit": "Visit"}
    headings = stub | headings | {"date": "Date", "timing": "Timing"}
    headings |= {name: SCALES[name].title for name in scales}
    noted = replace(shell, footnotes=(*shell.footnotes, NOTE))
    return Listing(noted, headings, wide[list(headings)], stub=len(stub))


def _printed(score: float, change: float) -> str:
    """A score with its change."""
    if pd.isna(score):
        return ""
    return score_text(score) if pd.isna(change) else f"{score_text(score)} ({score_text(change)})"
