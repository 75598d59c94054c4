"""The first adverse event of a kind as a date of its subject, and the time to it as an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from recist import InputError
from survival.adverse_events.kinds import of_kind, parts, title
from survival.adverse_events.window import EMERGENT, Window, events_within
from survival.endpoint import Endpoint
from survival.time_to_first import Dates, time_to_first

DEATH: Mapping[str, str] = MappingProxyType({"death_date": "Died without one"})


def first_date_column(kind: str) -> str:
    """The column that holds the first event of a kind: `first_serious_adverse_event_date`.

    Examples
    --------
    >>> first_date_column("any"), first_date_column("related grade 3+")
    ('first_adverse_event_date', 'first_related_grade_3_or_higher_adverse_event_date')
    """
    words = [word.replace("+", " or higher").replace(" ", "_") for word in parts(kind) if word != "any"]
    return "_".join(["first", *words, "adverse_event_date"])


def with_first_adverse_event(
    subjects: pd.DataFrame,
    events: pd.DataFrame,
    kind: str = "serious",
    window: Window = EMERGENT,
    column: str | None = None,
) -> pd.DataFrame:
    """The subject table with the date of each subject's first event of a kind, missing where there is none.

    Parameters
    ----------
    subjects, events, window : as in `survival.incidence`.
    kind : as in `survival.adverse_events.kinds.of_kind`.
    column : name of the new column; None: `first_date_column(kind)`.

    Returns
    -------
    DataFrame
        `subjects` with one date column more.

    Raises
    ------
    InputError
        When an event that may be a subject's first has no day of start and the window lets such events count:
        no day is guessed.  With `Window(undated="left out")` they are left out.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": ["1", "2"], "treatment_start_date": pd.Timestamp("2024-03-01")})
    >>> events = pd.DataFrame({"subject": ["2", "2"], "term": "Fever", "serious": "Y",
    ...     "start_date": ["2024-03-20", "2024-03-09"]})
    >>> dated = with_first_adverse_event(subjects, events)
    >>> dated["first_serious_adverse_event_date"].dt.day.tolist()
    [nan, 9.0]
    """
    name = column or first_date_column(kind)
    if name in subjects:
        raise InputError(f"subjects has a column {name!r} already; give another name, column=")
    counted = events_within(events, subjects, window)
    counted = counted[of_kind(counted, kind)]
    undated = counted["start_date"].isna().to_numpy(bool)
    if undated.any() and window.undated == "left out":
        counted, undated = counted[~undated], undated[:0]
    if undated.any():
        lost = list(dict.fromkeys(counted["subject"][undated].astype(str)))
        raise InputError(
            f"the day on which an event ({title(kind).lower()}) of subject {', '.join(lost[:5])} began is not known, "
            "so neither is the first. Complete start_date, or leave such events out: Window(undated='left out')"
        )
    first = counted.groupby(counted["subject"].astype(str))["start_date"].min()
    dates = first.reindex(subjects["subject"].astype(str)).to_numpy("datetime64[ns]")
    return subjects.assign(**{name: np.asarray(dates)})


def time_to_first_adverse_event(
    kind: str = "serious",
    stops: Dates = DEATH,
    **settings: Any,
) -> Endpoint:
    """Time to the first adverse event of a kind, an `Endpoint` on what `with_first_adverse_event` adds.

    Parameters
    ----------
    kind : as in `survival.adverse_events.kinds.of_kind`.
    stops : dates that end observation, as in `survival.time_to_first`; death when not given.
    **settings : further fields of `Endpoint`, and `followed`.

    Returns
    -------
    Endpoint for `derive_endpoint(endpoint, with_first_adverse_event(subjects, events, kind))`.

    Examples
    --------
    >>> time_to_first_adverse_event("serious").title
    'Time to first adverse event: serious'
    """
    text = title(kind)
    named = {"title": f"Time to first adverse event: {text.lower()}", "start": ("treatment_start_date",)}
    if kind == "any":
        named["title"] = "Time to first adverse event"
    return time_to_first(
        settings.pop("name", named["title"]), {first_date_column(kind): text}, stops, **(named | settings)
    )
