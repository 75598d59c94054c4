"""Duration of response: responders, time to response, and how long responses lasted.

FDA, Clinical Trial Endpoints (2018), section III.B: duration of response is described among responders; arms are not
compared in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

import pandas as pd

from recist import InputError
from survival.date_text import in_words
from survival.groups import ALL, as_columns, declared_groups, label
from survival.results import DAYS_PER, ResultRows, stack
from survival.tables.table import Line, Shell, Table, column_sizes
from survival.tables.time_to_event import time_to_event_table
from survival.tables.time_to_event_analyses import Settings

DURATION = Shell(title="Duration of response")
NOTES = (
    "Percentages of responders are of N; of events, censoring and rates of the responders.",
    "Time to response: from {origin} to the first response, responders alone, as observed.",
)
RENAMED = {"Event-free (95% CI)": "Still in response (95% CI)", "Subjects, n": "Responders, n"}


def response_duration_table(
    tte: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    shell: Shell = DURATION,
    origin: str = "randomization_date",
    **settings: Unpack[Settings],
) -> Table:
    """The time-to-event table of the duration of response, with responders of everyone and the time to response.

    Parameters
    ----------
    tte : of `survival.derive_endpoint` for a duration of response: `start_date` is the day of response; with the column
        `origin`.
    subjects, by : the population, whose size heads the columns, and its columns that make the groups.
    shell : title, population, footnotes.
    origin : column from which the time to response counts; its day is day 1.
    **settings : as in `survival.time_to_event_table`, without `reference`: responders are not compared.

    Returns
    -------
    Table with `.results` and `.frame`; NE: not estimable.

    Raises
    ------
    InputError : as `survival.time_to_event_table`; a reference is given; `origin` is missing.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [30, 60], "event": [True, False], "start_date": pd.to_datetime("2024-03-01"),
    ...     "randomization_date": pd.to_datetime(["2024-01-31", "2024-02-10"])})
    >>> response_duration_table(tte, pd.DataFrame({"subject": list("abcd")})).frame.iloc[:3, 1].tolist()
    ['2 (50.0%)', '', '26.0']
    """
    if settings.get("reference") is not None:
        raise InputError(
            "responders are not compared: the treatment has chosen them; leave out the reference"
        )
    if missing := [name for name in ("start_date", origin) if name not in tte]:
        raise InputError(
            f"the times have no column {', '.join(missing)}; they have {', '.join(map(str, tte))}"
        )
    by, unit = as_columns(by), settings.get("unit", "days")
    base = time_to_event_table(tte, by or None, shell, **settings)
    days = (tte["start_date"] - tte[origin]).dt.days + 1
    rows = ResultRows(shell.heading, shell.population)
    parts = [(label(key), part) for key, part in declared_groups(subjects, by)]
    for group, part in parts:
        mine = tte if group == ALL else tte[_labels(tte, by).eq(group).to_numpy()]
        _add(rows, group, len(part), days[mine.index].astype(float) / DAYS_PER[unit], unit)
    sizes = column_sizes([((group,), len(part)) for group, part in parts], "")
    words = in_words(origin)
    notes = (*base.shell.footnotes, *(note.format(origin=words) for note in NOTES))
    lines = (*_head(unit), *map(_renamed, base.lines[1:]))
    return Table(replace(shell, footnotes=notes), lines, sizes, stack([rows.frame(), base.results]))


def _labels(tte: pd.DataFrame, by: list[str]) -> pd.Series[str]:
    """Printed group of every row."""
    keys = tte[by].itertuples(index=False, name=None)
    return pd.Series([label(key) for key in keys], index=tte.index, dtype="string")


def _add(rows: ResultRows, group: str, n: int, times: pd.Series[float], unit: str) -> None:
    """Responders of everyone in the group, and the time they took."""
    rows.add_count("Responders", group, n, len(times))
    rows.add("Time to response", group, len(times), unit, "observed", estimate=times.median())
    ends = {"minimum": times.min(), "maximum": times.max()}
    rows.add("Time to response, range", group, len(times), unit, "observed", **ends)


def _head(unit: str) -> list[Line]:
    """The lines that come before those of the time-to-event table."""
    return [
        Line("Responders, n (%)", "Responders", indent=0),
        Line(f"Time to response, {unit}", indent=0),
        Line("Median", "Time to response", "estimate"),
        Line("Range", "Time to response, range", "range"),
    ]


def _renamed(line: Line) -> Line:
    """A line of the time-to-event table in the words of a duration of response."""
    if line.title.startswith("Time to event"):
        return replace(line, title=line.title.replace("Time to event", "Duration of response"))
    return replace(line, title=RENAMED.get(line.title, line.title))
