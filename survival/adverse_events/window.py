"""Which events count: those that began within a window from a date of their subject.

ICH E9, glossary: a treatment-emergent event emerges during treatment, having been absent before, or worsens
relative to the state before.  Under CTCAE a worsening is an event of a higher grade with a start of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist import InputError
from survival.date_text import in_words
from survival.results import DAYS_PER_MONTH

STATUS = {  # why an event counts or not
    "counts": "began within the window",
    "counts, start not known": "may have begun within the window, its start is not fully known",
    "before": "began before the window",
    "after": "began after the window",
    "after cutoff": "began after the data cutoff",
    "start not known": "its start is not fully known, and the convention leaves it out",
    "not in population": "its subject is not analysed, or has no start",
}
COUNTED = ("counts", "counts, start not known")


def _doc(default: Any, sentence: str, cite: str) -> Any:
    """A field with its default, what it means, and where that is said."""
    return field(default=default, metadata={"sentence": sentence, "cite": cite})


@dataclass(frozen=True, kw_only=True)
class Window:
    """When an event must have begun to count.  A variant is an edit of it.

    Examples
    --------
    >>> Window(months=12).length, Window(days=28).length, Window().length
    (365, 28, None)
    >>> Window(days=28).sentence
    'events that began from treatment start to 28 days after it'
    """

    start: str = _doc(
        "treatment_start_date",
        "column of the subject table that opens the window; that day counts",
        "ICH E9, glossary: emerges during treatment",
    )
    after: str | None = _doc(
        None,
        "column that the length is counted from, the last dose for example; a subject without that date is "
        "still treated, and the window open; None: the start",
        "protocol",
    )
    days: int | None = _doc(None, "length in days, the last day counts; None: no end", "protocol")
    months: float | None = _doc(
        None, "length in months of 30.4375 days, whole days; instead of days", "protocol; 365.25 / 12"
    )
    undated: Literal["counts", "left out"] = _doc(
        "counts",
        "an event whose start is not fully known counts where it may lie in the window, or is left out; where "
        "the known part of the start, or the end, lies outside the window it never counts",
        "the cautious reading, as analysis plans have it; ICH E9 asks for all that emerges during treatment",
    )

    def __post_init__(self) -> None:
        """One length, and a positive one."""
        if self.days is not None and self.months is not None:
            raise InputError("a window has days or months, not both; leave out one of them")
        given = self.days if self.days is not None else self.months
        if given is not None and not (given >= 0 and math.isfinite(given)):
            raise InputError(f"a window of {given} is none; give a number of days or months, 0 or more")
        if self.undated not in ("counts", "left out"):
            raise InputError(f"undated is {self.undated!r}; it is 'counts' or 'left out'")

    @property
    def length(self) -> int | None:
        """The length in days; None when the window has no end."""
        return self.days if self.months is None else math.floor(self.months * DAYS_PER_MONTH)

    @property
    def sentence(self) -> str:
        """The window in words."""
        start, after = in_words(self.start), "it" if self.after is None else in_words(self.after)
        if self.length is None and self.after is None:
            return f"events that began on or after {start}"
        length = f"{self.months:g} months" if self.months is not None else f"{self.length or 0} days"
        if self.length in (None, 0) and self.after is not None:
            return f"events that began from {start} to {after}"
        return f"events that began from {start} to {length} after {after}"


EMERGENT = Window()


def mark_window(events: pd.DataFrame, subjects: pd.DataFrame, window: Window = EMERGENT) -> pd.DataFrame:
    """The table of events with two columns more: the day of the start, and why an event counts or not.

    Parameters
    ----------
    events : DataFrame
        Adverse events (`as_adverse_events`).
    subjects : DataFrame
        One row per subject who is analysed, with the dates that the window names; `cutoff_date` where known.
    window : Window
        When an event must have begun.

    Returns
    -------
    DataFrame
        Every event in its order, with `day` (start - `window.start`, 0 on that day; missing when not known) and
        `window_status`, a term of `survival.adverse_events.window.STATUS`.

    Raises
    ------
    InputError
        When a column is missing or a subject has two rows in `subjects`.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": ["1"], "treatment_start_date": pd.to_datetime(["2024-03-01"])})
    >>> events = pd.DataFrame({"subject": ["1"] * 3, "term": "Fever",
    ...     "start_date": ["2024-02-28", "2024-03-29", "2024-03-30"]})
    >>> mark_window(events, subjects, Window(days=28))["window_status"].astype("str").tolist()
    ['before', 'counts', 'after']
    """
    from survival.adverse_events.frame import as_adverse_events

    events = as_adverse_events(events)
    opens, closes, cutoff = (limit.to_numpy() for limit in _limits(events, subjects, window))
    earliest, latest = _bounds(events)
    checks = [  # a comparison with a date that is not known is no
        ("not in population", np.isnat(opens)),
        ("after cutoff", earliest > cutoff),
        ("before", latest < opens),
        ("before", events["end_date"].to_numpy("datetime64[ns]") < opens),
        ("after", earliest > closes),
        ("counts", (earliest >= opens) & ~(latest > closes) & ~(latest > cutoff)),
    ]
    otherwise = "counts, start not known" if window.undated == "counts" else "start not known"
    status = np.select([found for _, found in checks], [word for word, _ in checks], otherwise)
    day = (events["start_date"].to_numpy("datetime64[ns]") - opens) / np.timedelta64(1, "D")
    return events.assign(day=day, window_status=pd.Categorical(status, categories=list(STATUS)))


def events_within(events: pd.DataFrame, subjects: pd.DataFrame, window: Window = EMERGENT) -> pd.DataFrame:
    """The events that count; parameters, columns and errors are those of `mark_window`.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": ["1"], "treatment_start_date": pd.to_datetime(["2024-03-01"])})
    >>> events = pd.DataFrame({"subject": ["1", "1", "2"], "term": "Fever",
    ...     "start_date": ["2024-02-28", "2024-03-29", "2024-03-29"]})
    >>> events_within(events, subjects)["day"].tolist()
    [28.0]
    """
    marked = mark_window(events, subjects, window)
    return marked[marked["window_status"].isin(COUNTED)].reset_index(drop=True)


def _limits(
    events: pd.DataFrame, subjects: pd.DataFrame, window: Window
) -> tuple[pd.Series[Any], pd.Series[Any], pd.Series[Any]]:
    """First and last day of the window and the cutoff, for each event."""
    needed = ("subject", window.start, *([window.after] if window.after else []))
    if absent := [name for name in needed if name not in subjects]:
        has = ", ".join(map(str, subjects.columns))
        raise InputError(
            f"subjects has no column {absent[0]!r}, which the window of adverse events needs; it has {has}"
        )
    who = subjects["subject"].astype(str)
    if who.duplicated().any():
        twice = who[who.duplicated()].iloc[0]
        raise InputError(f"subject {twice} has more than one row in subjects; keep one row per subject")
    opens = _dates(subjects, window.start)
    since = _dates(subjects, window.after) if window.after else opens
    closes = since + pd.Timedelta(window.length or 0, "D")
    if window.length is None and window.after is None:
        closes = closes.mask(closes.notna())
    cutoff = _dates(subjects, "cutoff_date") if "cutoff_date" in subjects else closes.mask(closes.notna())
    place = pd.Index(who).get_indexer(pd.Index(events["subject"].astype(str)))
    opens, closes, cutoff = (
        pd.Series(limit.to_numpy()[place] if len(limit) else np.datetime64("NaT", "ns"), index=events.index)
        .where(place >= 0)
        .astype("datetime64[ns]")
        for limit in (opens, closes, cutoff)
    )
    return opens, closes, cutoff


def _dates(subjects: pd.DataFrame, name: str) -> pd.Series[Any]:
    """A date column of the subject table."""
    if not (pd.api.types.is_datetime64_any_dtype(subjects[name]) or subjects[name].isna().all()):
        raise InputError(f"column {name!r} of subjects holds no dates; read the table with read_subjects")
    return pd.to_datetime(subjects[name]).astype("datetime64[ns]").dt.normalize()


def _bounds(events: pd.DataFrame) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """The first and the last day on which each event can have begun, by what is known of its start."""
    known = events["start_date"].to_numpy("datetime64[ns]")
    earliest, latest = known.copy(), known.copy()
    if "start_date_reported" in events:
        written = events["start_date_reported"].astype("string").fillna("").to_numpy()
        for text in {text for text in written if text}:
            earliest[written == text], latest[written == text] = _span(text)
    return earliest, latest


def _span(text: str) -> tuple[np.datetime64, np.datetime64]:
    """First and last day of `2024-03`, or of the year where the month is not known."""
    year, _, rest = text.partition("-")
    month = rest[:2]
    whole = f"{year}-{month}" if month.isdigit() and 1 <= int(month) <= 12 else year
    period = pd.Period(whole)
    return period.start_time.to_datetime64(), period.end_time.normalize().to_datetime64()
