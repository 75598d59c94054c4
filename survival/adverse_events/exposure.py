"""Incidence per time at risk: first events per 100 subject-years, where groups are followed for unlike times.

Time at risk ends with the first event (Siddiqui, J Biopharm Stat 2009; 19: 889-899); limits of a Poisson rate:
Garwood, Biometrika 1936; 28: 437-442.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist import InputError
from survival.adverse_events.kinds import known_kinds, of_kind
from survival.adverse_events.window import EMERGENT, Window, events_within
from survival.groups import as_columns, declared_groups

EXPOSURE = {  # after the columns named in `by`
    "kind": "kind of event",
    "n": "subjects of the group",
    "subjects": "subjects with such an event",
    "years": "time at risk: from the start to the first such event or the end of observation, in years",
    "estimate": "subjects per 100 years at risk; missing when there is no time at risk",
    "lower": "lower confidence limit",
    "upper": "upper confidence limit",
    "method": "how the limits were obtained",
    "level": "confidence level, a proportion",
    "citation": "source of the limits",
}
YEAR = 365.25
LAST_SEEN = ("death_date", "last_alive_date", "cutoff_date")


def exposure_adjusted(
    events: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    window: Window = EMERGENT,
    which: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Subjects with an event per 100 years at risk, with exact limits.

    Parameters
    ----------
    events, subjects, by, window : as in `survival.incidence`.  Observation ends with the window, death, the
        cutoff or `last_alive_date` (or a later event), whichever comes first.
    which : kinds of events; None: those of the summary whose columns the events have.

    Returns
    -------
    frame with the columns of `by` and of `EXPOSURE`.

    Raises
    ------
    InputError : a column is missing; a subject has no date that observation ends with.

    Notes
    -----
    An event whose start day is not known counts, and its subject is at risk to the end of observation.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": ["1", "2"], "treatment_start_date": pd.Timestamp("2023-01-01"),
    ...     "last_alive_date": pd.Timestamp("2024-01-01")})
    >>> events = pd.DataFrame({"subject": ["1"], "term": ["Fever"], "start_date": ["2023-07-02"]})
    >>> found = exposure_adjusted(events, subjects, which=["any"])
    >>> found[["subjects", "years", "estimate", "lower", "upper"]].round(2).values.tolist()
    [[1.0, 1.5, 66.53, 1.68, 370.68]]
    """
    by = as_columns(by)
    counted = events_within(events, subjects, window)
    last = counted.groupby(counted["subject"].astype(str))["start_date"].max()
    who = subjects["subject"].astype(str)
    start, end = _observed(subjects, window, last.reindex(who).set_axis(subjects.index))
    rows = []
    for key, part in declared_groups(subjects, by):
        at = part.index
        for kind in which or known_kinds(counted):
            chosen = counted[of_kind(counted, kind)]
            first = chosen.groupby(chosen["subject"].astype(str))["start_date"].min()
            until = first.reindex(who[at]).set_axis(at).fillna(end[at])
            days = (until - start[at]).dt.days + 1
            count = int(who[at].isin(chosen["subject"].astype(str)).sum())
            row = {"kind": kind, "n": len(part), "subjects": count, "years": float(days.sum()) / YEAR}
            rows.append(dict(zip(by, key, strict=True)) | row)
    table = pd.DataFrame(rows, columns=[*by, "kind", "n", "subjects", "years"])
    years = table["years"].where(table["years"] > 0)
    lower, upper = poisson_limits(table["subjects"].to_numpy(np.float64))
    found = table.assign(
        estimate=100 * table["subjects"] / years,
        lower=100 * lower / years,
        upper=100 * upper / years,
        method="exact Poisson",
        level=0.95,
        citation="Garwood, Biometrika 1936; 28: 437",
    )
    return found.astype({name: subjects[name].dtype for name in by})


def poisson_limits(
    count: npt.NDArray[np.float64], level: float = 0.95
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Exact limits of the mean of a Poisson count: gamma quantiles."""
    from scipy.special import gammaincinv

    alpha = 1 - level
    lower = np.where(count > 0, gammaincinv(np.where(count > 0, count, 1), alpha / 2), 0.0)
    return lower, np.asarray(gammaincinv(count + 1, 1 - alpha / 2))


def _observed(
    subjects: pd.DataFrame, window: Window, last_event: pd.Series[Any]
) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """First and last day at risk of each subject."""
    start = pd.to_datetime(subjects[window.start]).astype("datetime64[ns]")
    none = pd.Series(np.datetime64("NaT", "ns"), index=subjects.index)
    death, alive, cutoff = (
        pd.to_datetime(subjects[name]).astype("datetime64[ns]") if name in subjects else none
        for name in LAST_SEEN
    )
    seen = pd.concat([alive, last_event.astype("datetime64[ns]")], axis=1).max(axis=1).where(alive.notna())
    since = pd.to_datetime(subjects[window.after]).astype("datetime64[ns]") if window.after else start
    closes = (
        none if window.length is None and not window.after else since + pd.Timedelta(window.length or 0, "D")
    )
    end = pd.concat([death.fillna(seen), cutoff, closes], axis=1).min(axis=1)
    if lost := subjects["subject"][(death.fillna(seen).fillna(cutoff).isna())].astype(str).tolist():
        raise InputError(
            f"nothing says how long subject {', '.join(lost[:5])} was observed; fill in one of {', '.join(LAST_SEEN)}"
        )
    return start, end.where(end >= start, start)
