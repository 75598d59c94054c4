"""Subjects, responses and best responses of a few subjects, written in days from the start."""

from __future__ import annotations

import pandas as pd

START = pd.Timestamp("2024-01-01")


def at(day: float | None) -> pd.Timestamp:
    """The date that many days after the start; none for None."""
    return pd.NaT if day is None else START + pd.Timedelta(days=day)


def one_subject(subject: str = "01", **days: float | str | bool | None) -> pd.DataFrame:
    """A subject table of one row; `death=200` is the death_date, `reason=` why treatment stopped."""
    row: dict[str, object] = {"subject": [subject], "randomization_date": [START]}
    for name, value in days.items():
        if name == "reason":
            row["discontinuation_reason"] = [value]
        elif isinstance(value, bool):
            row[name] = [value]
        else:
            row[f"{name}_date"] = pd.Series([at(value)], dtype="datetime64[ns]")
    return pd.DataFrame(row)


def course(*visits: tuple[float, str], subject: str = "01") -> pd.DataFrame:
    """Responses of one subject from (day, response) pairs."""
    return pd.DataFrame(
        {
            "subject": pd.Series([subject] * len(visits), dtype="str"),
            "date": pd.Series([at(day) for day, _ in visits], dtype="datetime64[ns]"),
            "start_date": pd.Series([START] * len(visits), dtype="datetime64[ns]"),
            "overall": pd.Series([response for _, response in visits], dtype="str"),
        }
    )


def best_of(responses: pd.DataFrame, confirm_days: int = 28) -> pd.DataFrame:
    """First response, and first response that another follows at least `confirm_days` later, before PD."""
    seen: dict[str, list[tuple[pd.Timestamp, str]]] = {}
    for subject, date, overall in zip(*(responses[c] for c in ("subject", "date", "overall")), strict=True):
        seen.setdefault(str(subject), []).append((date, overall))
    rows = []
    for subject, records in seen.items():
        ended = min([date for date, overall in records if overall == "PD"], default=pd.Timestamp.max)
        hits = sorted(date for date, overall in records if overall in ("CR", "PR") and date < ended)
        sure = [date for date in hits if (hits[-1] - date).days >= confirm_days]
        rows.append((subject, hits[0] if hits else pd.NaT, sure[0] if sure else pd.NaT))
    frame = pd.DataFrame(rows, columns=["subject", "response_date", "confirmed_response_date"])
    for name in ("response_date", "confirmed_response_date"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[ns]")
    return frame
