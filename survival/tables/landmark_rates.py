"""Event-free rates at fixed times: at risk, events and censored so far, survival with its error and limits, differences.

Kaplan and Meier 1958; Greenwood's variance; Klein et al., Stat Med 2007; 26: 4505-4519 (rates at a fixed time).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from survival.groups import as_columns, groups, label
from survival.results import DAYS_PER, ResultRows
from survival.tables.table import Line, Shell, Table, column_sizes
from survival.tables.time_to_event_analyses import Analysis, at_time, printed_groups

LANDMARKS = Shell(title="Event-free rates at fixed times")
MONTHS = (3.0, 6.0, 9.0, 12.0, 18.0, 24.0)
FEW = 10  # at risk: below, the rate is marked
VALUES = ["survival", "se", "lower", "upper", "at_risk", "events"]


def landmark_table(
    tte: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    shell: Shell = LANDMARKS,
    analysis: Analysis | None = None,
) -> Table:
    """The Kaplan-Meier curve at fixed times, per group, with differences between arms.

    Parameters
    ----------
    tte : of `survival.derive_endpoint`, of one endpoint; `time` in days.
    by : columns that make the groups.
    shell : title, population, footnotes.
    analysis : `times` (in `unit`; none: 3, 6, 9, 12, 18 and 24 months), `unit`, limits, convention; with
        `reference` the differences.

    Returns
    -------
    Table with a block per time; NE: later than the last, censored, observation.

    Raises
    ------
    EstimateError : as `survival.kaplan_meier`.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [10, 20, 30, 40], "event": [True, False, True, False]})
    >>> landmark_table(tte, analysis=Analysis(times=(25,))).frame.iloc[1:4, 1].tolist()
    ['2', '1', '1']
    """
    from survival.estimate.kaplan_meier import kaplan_meier

    analysis, by = analysis or Analysis(unit="months", times=MONTHS), as_columns(by)
    scale = DAYS_PER[analysis.unit]
    parts = {label(key): part for key, part in groups(tte, by)}
    rows = ResultRows(shell.heading, shell.population)
    km = kaplan_meier(tte, by or None, analysis.conf_type, analysis.convention)
    found = km.at([time * scale for time in analysis.times])
    titles = [at_time(time, analysis.unit) for time in analysis.times]
    each = zip(
        printed_groups(found, by),
        list(zip(titles, analysis.times, strict=True)) * len(parts),
        found[VALUES].itertuples(index=False, name=None),
        strict=True,
    )
    for group, (title, time), values in each:
        part = parts[group]
        gone = int((~part["event"].astype(bool) & (part["time"] <= time * scale)).sum())
        _add(rows, group, title, len(part), (*values, gone))
    if analysis.reference is not None:
        _add_differences(rows, tte, by[0], analysis)
    sizes = column_sizes([((group,), len(part)) for group, part in parts.items()], "")
    notes = (*shell.footnotes, *_notes(analysis))
    return Table(replace(shell, footnotes=notes), tuple(_lines(titles, analysis)), sizes, rows.frame())


def _add(rows: ResultRows, group: str, title: str, n: int, values: tuple[float, ...]) -> None:
    """The numbers of one group at one time."""
    survival, se, lower, upper, at_risk, events, gone = values
    rows.add(f"At risk {title}", group, n, "subjects", count=at_risk)
    rows.add(f"Events {title}", group, n, "subjects", count=events)
    rows.add(f"Censored {title}", group, n, "subjects", count=gone)
    limits = {"estimate": survival, "lower": lower, "upper": upper}
    rows.add(f"Rate {title}", group, n, "proportion", "Kaplan-Meier", **limits)
    if at_risk < FEW and survival == survival:  # a missing rate needs no warning
        rows.rows[-3]["text"] = f"{rows.rows[-3]['text']}†"
    rows.add(f"Standard error {title}", group, n, "proportion", "Greenwood", estimate=se)


def _add_differences(rows: ResultRows, tte: pd.DataFrame, by: str, analysis: Analysis) -> None:
    """Each arm less the reference at each time."""
    from survival.estimate.milestone import milestone_difference

    scale = DAYS_PER[analysis.unit]
    times = [time * scale for time in analysis.times]
    found = milestone_difference(tte, times, by, analysis.reference, analysis.convention)
    titles = dict(zip(times, (at_time(time, analysis.unit) for time in analysis.times), strict=True))
    sizes = {label(key): len(part) for key, part in groups(tte, [by])}
    values = found[[by, "time", "estimate", "lower", "upper"]].itertuples(index=False, name=None)
    for arm, time, estimate, lower, upper in values:
        limits = {"estimate": estimate, "lower": lower, "upper": upper}
        name = f"Difference {titles[time]}"
        rows.add(name, str(arm), sizes.get(str(arm), 0), "proportion", "difference of rates", **limits)


def _lines(titles: list[str], analysis: Analysis) -> list[Line]:
    """A block per time."""
    lines = []
    for title in titles:
        lines += [
            Line(title[0].upper() + title[1:], indent=0),
            Line("At risk, n", f"At risk {title}", "n"),
            Line("Events so far, n", f"Events {title}", "n"),
            Line("Censored so far, n", f"Censored {title}", "n"),
            Line("Event-free (95% CI)", f"Rate {title}", "estimate (limits)"),
            Line("Standard error", f"Standard error {title}", "estimate"),
        ]
        if analysis.reference is not None:
            name = f"Difference to {analysis.reference} (95% CI)"
            lines.append(Line(name, f"Difference {title}", "estimate (limits)"))
    return lines


def _notes(analysis: Analysis) -> list[str]:
    """What a reader must know to reproduce the numbers."""
    notes = [
        "At risk: just before the time.  Events and censored: up to and including it.",
        f"Event-free rates: Kaplan-Meier, {analysis.conf_type} limits, {analysis.convention.upper()} convention; "
        "standard error by Greenwood.",
        f"†: fewer than {FEW} at risk.  NE: not estimable.  CI: confidence interval.",
    ]
    if analysis.reference is not None:
        notes.append("Difference: of the two Kaplan-Meier rates, normal limits.")
    return notes + (["A month is 30.4375 days."] if analysis.unit == "months" else [])
