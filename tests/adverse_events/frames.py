"""A small trial worked by hand: six subjects in two arms, and a third arm that nobody is in."""

from __future__ import annotations

from typing import Any

import pandas as pd

from survival import as_adverse_events

START = pd.Timestamp("2024-03-01")
COLUMNS = ("subject", "term", "system_organ_class", "grade", "serious", "related", "start_date", "end_date")
BLOOD, GENERAL = "Blood disorders", "General disorders"
ROWS = (
    ("1", "Fever", GENERAL, 2, "N", "Y", "2024-03-02", "2024-03-03"),
    ("1", "Fever", GENERAL, 3, "Y", "Y", "2024-03-05", "2024-03-09"),
    ("1", "Anaemia", BLOOD, 4, "N", None, "2024-03-29", None),
    ("2", "Anaemia", BLOOD, None, "N", "N", "2024-03-30", None),
    ("4", "Anaemia", BLOOD, 5, "Y", "Y", "2024-03-10", "2024-03-20"),
    ("5", "Chills", GENERAL, 1, "N", "N", "2024-02-28", "2024-02-29"),
    ("6", "Chills", GENERAL, 1, "N", "N", "2024-03-01", "2024-03-02"),
)


def subjects(**columns: Any) -> pd.DataFrame:
    """Subjects 1 to 3 in arm A, 4 to 6 in arm B, none in arm C; subject 4 died on the 20th day."""
    frame = pd.DataFrame(
        {
            "subject": list("123456"),
            "arm": pd.Categorical(list("AAABBB"), ["A", "B", "C"]),
            "treatment_start_date": START,
            "last_alive_date": pd.Timestamp("2025-02-28"),
            "death_date": pd.to_datetime([None, None, None, "2024-03-20", None, None]),
        }
    )
    return frame.assign(**columns)


def events(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """The events of the trial, or the given rows."""
    return as_adverse_events(pd.DataFrame(rows or ROWS, columns=list(COLUMNS)))


def none() -> pd.DataFrame:
    """A table without events."""
    return as_adverse_events(pd.DataFrame(columns=list(COLUMNS)))
