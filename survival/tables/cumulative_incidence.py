"""Cumulative incidence of each cause at times, with Gray's test between arms.

Aalen and Johansen, Scand J Stat 1978; 5: 141; Gray, Ann Stat 1988; 16: 1141.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from recist import InputError
from survival.estimate.competing import cumulative_incidence
from survival.estimate.gray import gray_test
from survival.groups import as_columns, groups, label
from survival.results import DAYS_PER, ResultRows
from survival.tables.table import Line, Shell, Table, column_sizes
from survival.tables.time_to_event_analyses import at_time, printed_groups

INCIDENCE = Shell(title="Cumulative incidence")
NOTE = (
    "CI: confidence interval; NE: not estimable. Incidence: Aalen-Johansen, log-log limits; causes compete."
)


def cumulative_incidence_table(
    tte: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    shell: Shell = INCIDENCE,
    times: Sequence[float] = (),
    unit: str = "months",
) -> Table:
    """Events of each cause, their cumulative incidence at times, and Gray's test where there are groups.

    Parameters
    ----------
    tte : one row per subject with `time` in days, `event`, `cause` (missing when censored).
    by : columns that make the groups.
    shell : title, population, footnotes.
    times : in `unit`; none: the longest time.
    unit : `days` or `months` of 30.4375 days.

    Returns
    -------
    Table with `.results` and `.frame`; NE past the last observation.

    Raises
    ------
    EstimateError, InputError : as `survival.cumulative_incidence`; a column is missing, the unit is unknown.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4], "event": [True, True, True, False],
    ...     "cause": ["relapse", "death", "relapse", None]})
    >>> cumulative_incidence_table(tte, times=[3], unit="days").frame.iloc[3].tolist()
    ['  At day 3 (95% CI)', '25.0% (0.2, 73.2)']
    """
    columns = as_columns(by)
    _check(tte, unit)
    rows, scale = ResultRows(shell.heading, shell.population), DAYS_PER[unit]
    parts = groups(tte, columns)
    sizes = {label(key): len(part) for key, part in parts}
    lines = [Line("Subjects, n", "Subjects", "n", 0)]
    for group, n in sizes.items():
        rows.add("Subjects", group, n, "subjects", count=n)
    wanted = list(times) or [float(tte["time"].max()) / scale]
    for cause in sorted(tte["cause"].dropna().astype(str).unique()):
        lines.append(Line(cause[0].upper() + cause[1:], indent=0))
        for key, part in parts:
            rows.add_count(f"{cause}: events", label(key), len(part), int((part["cause"] == cause).sum()))
        lines.append(Line("Events, n (%)", f"{cause}: events"))
        lines += [
            Line(_at(time, unit), f"{cause}: {at_time(time, unit)}", "estimate (limits)") for time in wanted
        ]
    if tte["event"].any():
        _add_incidence(rows, tte, columns, (wanted, unit), sizes)
        lines += _tests(rows, tte, columns, sizes)
    noted = replace(shell, footnotes=(*shell.footnotes, NOTE, *_month(unit)))
    keyed = [(key, len(part)) for key, part in parts]
    return Table(noted, tuple(lines), column_sizes(keyed, ""), rows.frame())


def _check(tte: pd.DataFrame, unit: str) -> None:
    """An error in the user's words for what the table cannot do without."""
    if missing := [name for name in ("time", "event", "cause") if name not in tte]:
        raise InputError(
            f"the times have no column {', '.join(missing)}; derive an endpoint with causes, such as cip or cir"
        )
    if unit not in DAYS_PER:
        raise InputError(f"unit {unit!r} is not one of {', '.join(DAYS_PER)}")


def _at(time: float, unit: str) -> str:
    """The line of a time."""
    text = at_time(time, unit)
    return f"{text[0].upper()}{text[1:]} (95% CI)"


def _month(unit: str) -> tuple[str, ...]:
    return ("A month is 30.4375 days.",) if unit == "months" else ()


def _add_incidence(
    rows: ResultRows, tte: pd.DataFrame, by: list[str], at: tuple[list[float], str], sizes: dict[str, int]
) -> None:
    """The curves at the times."""
    times, unit = at
    titles = {time * DAYS_PER[unit]: at_time(time, unit) for time in times}
    found = cumulative_incidence(tte, by or None).at(list(titles))
    numbers = found[["cause", "time", "estimate", "lower", "upper"]].itertuples(index=False, name=None)
    for group, (cause, time, estimate, lower, upper) in zip(printed_groups(found, by), numbers, strict=True):
        limits = {"estimate": estimate, "lower": lower, "upper": upper}
        rows.add(f"{cause}: {titles[time]}", group, sizes[group], "proportion", "Aalen-Johansen", **limits)


def _tests(rows: ResultRows, tte: pd.DataFrame, by: list[str], sizes: dict[str, int]) -> list[Line]:
    """Gray's test of each cause, in the column of the last group."""
    there = [group for group, n in sizes.items() if n]
    if not by or len(there) < 2:
        return []
    lines = []
    for _, test in gray_test(tte, by).iterrows():
        row = f"{test['cause']}: Gray's test"
        rows.add(row, there[-1], sizes[there[-1]], "probability", "Gray's test, two-sided", p_value=test["p"])
        lines.append(Line(f"p, {test['cause']} (Gray's test over all groups)", row, "p", 0))
    return lines
