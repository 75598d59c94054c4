"""Listing of adverse events: serious ones, dose-limiting ones, or any other kind, one line per event.

ICH E3, section 12.3.1: deaths and other serious adverse events are listed one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from survival.adverse_events.kinds import of_kind, title
from survival.adverse_events.window import EMERGENT, STATUS, Window, mark_window
from survival.date_text import in_words
from survival.groups import as_columns
from survival.listings.listing import Listing
from survival.tables.table import Shell

LISTING = Shell(title="Listing of adverse events")
HEADINGS = {
    "term": "Adverse event",
    "system_organ_class": "System organ class",
    "grade": "Grade",
    "serious": "Serious",
    "related": "Related",
    "dose_limiting": "Dose-limiting",
    "fatal": "Led to death",
    "led_to_discontinuation": "Treatment stopped",
    "start": "Start",
    "day": "Day",
    "end": "End",
    "counted": "Window",
}
FLAGS = ("serious", "related", "dose_limiting", "fatal", "led_to_discontinuation")


def adverse_event_listing(
    events: pd.DataFrame,
    subjects: pd.DataFrame,
    kind: str = "serious",
    by: str | Sequence[str] | None = None,
    words: tuple[Window, Shell] = (EMERGENT, LISTING),
) -> Listing:
    """Every adverse event of a kind with its subject, grade, flags, dates, and whether it counts in the tables.

    Parameters
    ----------
    events, subjects : as in `survival.incidence`; events of others than `subjects` are not listed.
    kind : as in `survival.adverse_events.kinds.of_kind`: `serious`, `dose limiting`, `fatal`, `any` ...
    by : columns of `subjects` to show after the subject.
    words : the window, and the shell.

    Returns
    -------
    Listing in the order of subjects and start; a partial start is printed as it was reported.

    Raises
    ------
    InputError : as `survival.mark_window`; an unknown kind.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": ["1"], "treatment_start_date": pd.Timestamp("2024-03-01")})
    >>> events = pd.DataFrame({"subject": ["1", "1"], "term": ["Fever", "Sepsis"], "serious": ["N", "Y"],
    ...     "grade": [2, 4], "start_date": "2024-03-05"})
    >>> adverse_event_listing(events, subjects).frame[["Adverse event", "Grade", "Day", "End"]].values.tolist()
    [['Sepsis', '4', '4', 'ongoing']]
    """
    window, shell = words
    groups = as_columns(by)
    marked = mark_window(events, subjects, window)
    who = subjects["subject"].astype(str)
    marked = marked.assign(subject=marked["subject"].astype(str))
    rows = marked[of_kind(marked, kind) & marked["subject"].isin(who).to_numpy(bool)]
    rows = rows.merge(subjects[["subject", *groups]].assign(subject=who), on="subject", how="left")
    rows = _printed(rows).sort_values(["subject", "start"], kind="stable").reset_index(drop=True)
    headings = {"subject": "Subject", **{name: str(name).replace("_", " ").capitalize() for name in groups}}
    headings |= {name: heading for name, heading in HEADINGS.items() if name in rows}
    note = f"Day: days from {in_words(window.start)}, which is day 0. Window: {window.sentence}."
    plain = shell.title if shell != LISTING else f"{LISTING.title}: {title(kind).lower()}"
    noted = replace(shell, title=plain, footnotes=(*shell.footnotes, note))
    return Listing(noted, headings, rows[list(headings)])


def _printed(rows: pd.DataFrame) -> pd.DataFrame:
    """Dates and flags as they are printed, and whether the event counts."""
    texts = {}
    for name, blank in (("start", "not known"), ("end", "ongoing")):
        text = rows[f"{name}_date"].dt.strftime("%Y-%m-%d").astype("string")
        reported = f"{name}_date_reported"
        texts[name] = (text.fillna(rows[reported].astype("string")) if reported in rows else text).fillna(
            blank
        )
    flags = {name: rows[name].map({True: "Y", False: "N"}).astype("string") for name in FLAGS if name in rows}
    counted = (
        rows["window_status"].astype("str").map(lambda word: "counts" if word == "counts" else STATUS[word])
    )
    day = rows["day"].astype("Int64")
    return rows.assign(**texts, **flags, counted=counted, day=day, grade=rows["grade"])
