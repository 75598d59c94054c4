"""An endpoint from column names: time to the first of several dates, with the dates that end observation.

The rows follow FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), Appendix 3:
what happened first decides, and a subject without event is censored when last followed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from survival.date_text import in_words
from survival.endpoint import KNOWN, Endpoint, EndpointError, Situation
from survival.facts import before, on_or_before

Dates = Mapping[str, str] | Sequence[str]  # column -> what it means; or columns alone
CITE = "protocol"


def time_to_first(
    name: str, events: Dates, stops: Dates = (), followed: str | Sequence[str] = (), **settings: Any
) -> Endpoint:
    """Time to the first of several dates of the subject table, as an `Endpoint`.

    Parameters
    ----------
    name : name of the endpoint.
    events : date columns that are the event, each with its words; the earliest counts.  Columns of
        `subjects`, or facts such as `death_date` and `progression_date`.
    stops : date columns that end observation: a subject with one before any event is censored on it.  On one
        day the event counts.
    followed : date columns whose latest censors a subject without event and stop; none: last contact of any
        kind.  Never later than `cutoff_date`.
    **settings : further fields of `Endpoint`: `title`, `start`, `only`, `first_day`, `cite` ...

    Returns
    -------
    Endpoint for `derive_endpoint(endpoint, subjects)`.  Dates after `cutoff_date` do not count.

    Raises
    ------
    EndpointError : no event, or a column that is both event and stop.

    Notes
    -----
    A subject whose first event lies before the start is not at risk, and is censored on the start date.  To
    leave out a stop, leave it out of `stops`.

    Examples
    --------
    >>> from survival import derive_endpoint
    >>> subjects = pd.DataFrame({"subject": ["01", "02"],
    ...     "treatment_start_date": pd.to_datetime(["2024-01-01", "2024-01-01"]),
    ...     "crs_date": pd.to_datetime(["2024-01-05", None]),
    ...     "death_date": pd.to_datetime([None, "2024-02-01"])})
    >>> endpoint = time_to_first("CRS", {"crs_date": "Cytokine release"}, {"death_date": "Died without it"})
    >>> derive_endpoint(endpoint, subjects)[["subject", "time", "event", "description"]]
      subject  time  event       description
    0      01     5   True  Cytokine release
    1      02    32  False   Died without it
    """
    happened, ended = _worded(events), _worded(stops)
    if not happened:
        raise EndpointError(f"{name}: no event; name at least one date column")
    if both := [column for column in happened if column in ended]:
        raise EndpointError(f"{name}: {both[0]!r} is both an event and a stop; keep one of the two")
    last = (followed,) if isinstance(followed, str) else tuple(followed)
    start = settings.get("start", ())
    named = [*happened, *ended, *last, *((start,) if isinstance(start, str) else start)]
    named += [settings["only"]] if settings.get("only") else []
    own = tuple(dict.fromkeys(column for column in named if column not in KNOWN and column not in _STARTS))
    return Endpoint(
        name=name,
        title=settings.pop("title", name),
        cite=settings.pop("cite", CITE),
        situations=_situations(happened, ended),
        events=tuple(happened),
        columns=own,
        followed=last,
        **settings,
    )


_STARTS = ("randomization_date", "treatment_start_date", "last_alive_date")  # dates that are known, not facts


def _worded(given: Dates) -> dict[str, str]:
    """Each column with its words; without words the column's name says it."""
    if isinstance(given, str):
        given = (given,)
    if isinstance(given, Mapping):
        return dict(given)
    return {column: in_words(column).capitalize() for column in given}


def _situations(events: dict[str, str], stops: dict[str, str]) -> tuple[Situation, ...]:
    """The rows: before the start, each stop that came before any event, each event, then those with neither."""

    def is_stop(column: str) -> Callable[[pd.DataFrame], Any]:
        return lambda f: _stops_before(f, stops, events) & on_or_before(f[column], _first(f, stops))

    def is_event(column: str) -> Callable[[pd.DataFrame], Any]:
        return lambda f: _settled(f, stops, events) & on_or_before(f[column], _first(f, events))

    def none(facts: pd.DataFrame) -> pd.Series[bool]:
        return _settled(facts, stops, events) & _first(facts, events).isna()

    return (
        _row("B1", "Before the start", lambda f: before(_first(f, events), f["start_date"]), "start_date"),
        *(_row(f"S{n}", text, is_stop(column), column) for n, (column, text) in enumerate(stops.items(), 1)),
        *(
            _row(f"E{n}", text, is_event(column), column, "event")
            for n, (column, text) in enumerate(events.items(), 1)
        ),
        _row(
            "C1",
            "None at the data cutoff",
            lambda f: none(f) & on_or_before(f["cutoff_date"], f["followed_until_date"]),
            "cutoff_date",
        ),
        _row(
            "C2",
            "Not followed after the start",
            lambda f: none(f) & ~before(f["start_date"], f["followed_until_date"]),
            "start_date",
        ),
        _row("C3", "None when last followed", none, "followed_until_date"),
    )


def _first(facts: pd.DataFrame, columns: dict[str, str]) -> pd.Series[Any]:
    """The earliest of the columns, missing where all are."""
    blank = pd.Series(np.datetime64("NaT", "ns"), index=facts.index)
    found: pd.Series[Any] = pd.concat([blank, *(facts[column] for column in columns)], axis=1).min(axis=1)
    return found


def _stops_before(facts: pd.DataFrame, stops: dict[str, str], events: dict[str, str]) -> pd.Series[Any]:
    """A stop came before any event; on one day the event counts."""
    return _number_before(facts, stops, events) > 0


def _settled(facts: pd.DataFrame, stops: dict[str, str], events: dict[str, str]) -> pd.Series[Any]:
    """One stop at most before any event: with its row struck out the others hold.

    With two, striking out the row of the first would lose the second; such a subject is left to no row, so
    that deriving the endpoint is refused instead.
    """
    return _number_before(facts, stops, events) < 2


def _number_before(facts: pd.DataFrame, stops: dict[str, str], events: dict[str, str]) -> pd.Series[Any]:
    first = _first(facts, events)
    none = pd.Series(0, index=facts.index)
    return sum((facts[c].notna() & ~on_or_before(first, facts[c]) for c in stops), none)


def _row(
    rule: str,
    text: str,
    when: Callable[[pd.DataFrame], Any],
    date: str,
    outcome: Literal["event", "censored"] = "censored",
) -> Situation:
    return Situation(rule, text, when=when, date=date, outcome=outcome, cite=CITE)
