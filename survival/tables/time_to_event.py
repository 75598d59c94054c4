"""Time-to-event summary: events and censoring by reason, quartiles, rates at times, comparison of arms.

Kaplan and Meier 1958; Brookmeyer and Crowley, Biometrics 1982; 38: 29-41 (limits of quartiles);
Cox 1972; FDA, Clinical Trial Endpoints (2018), Appendix 3 (the reasons for censoring are reported).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Unpack

import pandas as pd

from recist import InputError
from survival.comparison_text import hazard_ratio_note
from survival.groups import as_columns, declared_groups, groups, label
from survival.results import DAYS_PER, ResultRows
from survival.tables.table import Line, Shell, Table, column_sizes
from survival.tables.time_to_event_analyses import (
    Analysis,
    Settings,
    at_time,
    further_analyses,
    printed_groups,
)

TIME_TO_EVENT = Shell(title="Time to event")
QUARTILES = {0.25: "25th percentile", 0.5: "Median", 0.75: "75th percentile"}
EARLIEST = "Earliest contributing event"
OUTCOMES = {True: "Events", False: "Censored"}


def time_to_event_table(
    tte: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    shell: Shell = TIME_TO_EVENT,
    **settings: Unpack[Settings],
) -> Table:
    """Events, censoring, quartiles, rates at times and the comparison of arms for one endpoint.

    Parameters
    ----------
    tte : frame of `derive_endpoint` for one endpoint; `time` in days.  Without `description` the table has
        no reasons.
    by : columns that make the groups.
    shell : title, population, footnotes.
    **settings : `reference` (arm; with it the hazard ratio and the log-rank test against it), `times` (rates
        at these times, in `unit`), `unit` (`days` or `months` of 30.4375 days), `conf_type` (`log-log`,
        `log`, `plain`), `convention` (`sas`, `r`), `strata` (columns), `ties` (`efron`, `breslow`, `discrete`,
        `exact`), `rmst` (horizon of the restricted mean survival time, in `unit`), `follow_up` (median follow-up).

    Returns
    -------
    Table with `.results`, `.frame`, `.to_html(path)` and `.to_csv(path)`.  NE: not estimable.

    Raises
    ------
    InputError : a column is missing, several endpoints are mixed, or a setting is unknown.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [10, 20, 30, 40], "event": [True, True, True, False]})
    >>> time_to_event_table(tte).frame.iloc[1].tolist()
    ['Events, n (%)', '3 (75.0%)']
    """
    analysis = _analysis(settings)
    by = as_columns(by)
    _check(tte, by, analysis)
    parts = declared_groups(tte, by)
    columns = column_sizes([(key, len(part)) for key, part in parts], "")
    rows = ResultRows(shell.heading, shell.population)
    reasons = _reasons(tte)
    for key, part in parts:
        _add_counts(rows, label(key), part, reasons)
        _add_range(rows, label(key), part, analysis.unit)
    _add_estimates(rows, tte, by, analysis)
    _add_nobody(rows, [label(key) for key, part in parts if part.empty], analysis)
    added, notes = further_analyses(rows, tte, by, analysis)
    noted = replace(shell, footnotes=(*shell.footnotes, *_notes(analysis, bool(by)), *notes))
    return Table(noted, (*_lines(reasons, analysis), *added), columns, rows.frame())


def _analysis(settings: Settings) -> Analysis:
    """Settings as a value, sequences as tuples."""
    fixed: dict[str, Any] = dict(settings)
    for name in ("times", "strata"):
        fixed[name] = tuple(fixed.get(name, ()))
    return Analysis(**fixed)


def _check(tte: pd.DataFrame, by: list[str], analysis: Analysis) -> None:
    """An error for what would give a wrong table without a word."""
    if missing := [name for name in ("time", "event", *analysis.strata) if name not in tte]:
        raise InputError(
            f"the times have no column {', '.join(missing)}; they have {', '.join(map(str, tte))}"
        )
    endpoints = sorted(tte["endpoint"].astype(str).unique()) if "endpoint" in tte else []
    if len(endpoints) > 1:
        raise InputError(f"several endpoints in one table ({', '.join(endpoints)}); keep the rows of one")
    if analysis.reference is not None and len(by) > 1:
        raise InputError(f"a reference arm needs one grouping column, not {', '.join(by)}")


def _reasons(tte: pd.DataFrame) -> list[tuple[bool, str]]:
    """Each outcome with its descriptions, in the order of the situations (P2 before P10)."""
    if "description" not in tte:
        return []
    seen = tte.assign(situation=tte.get("situation", ""))
    seen = seen[["event", "situation", "description"]].astype({"situation": str, "description": str})
    rows = seen.drop_duplicates().itertuples(index=False, name=None)
    ordered = sorted(rows, key=lambda row: (not row[0], _natural(row[1]), row[2]))
    return list(dict.fromkeys((bool(event), text) for event, _, text in ordered))


def _natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts numbers inside text as numbers."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", text)]


def _add_counts(rows: ResultRows, group: str, part: pd.DataFrame, reasons: list[tuple[bool, str]]) -> None:
    """Subjects, events and censored, each by reason."""
    n, event = len(part), part["event"].astype(bool)
    rows.add("Subjects", group, n, "subjects", count=n)
    for outcome, title in OUTCOMES.items():
        rows.add_count(title, group, n, int((event == outcome).sum()))
    for outcome, reason in reasons:
        hit = (event == outcome) & (part["description"].astype(str) == reason)
        rows.add_count(f"{OUTCOMES[outcome]}: {reason}", group, n, int(hit.sum()))


def _add_range(rows: ResultRows, group: str, part: pd.DataFrame, unit: str) -> None:
    """Shortest and longest time, marked + where only censored subjects have it."""
    time, event = part["time"] / DAYS_PER[unit], part["event"].astype(bool)
    ends = {"minimum": time.min(), "maximum": time.max()}
    rows.add("Range", group, len(part), unit, "+: censored", **ends)
    for row in rows.rows[-2:]:
        if len(part) and not (event & (time == ends[str(row["statistic"])])).any():
            row["text"] = f"{row['text']}+"


def _add_estimates(rows: ResultRows, tte: pd.DataFrame, by: list[str], analysis: Analysis) -> None:
    """Quartiles and rates at times, with their limits."""
    from survival.estimate.kaplan_meier import kaplan_meier

    km = kaplan_meier(tte, by=by or None, conf_type=analysis.conf_type, convention=analysis.convention)
    sizes = {label(key): len(part) for key, part in groups(tte, by)}
    method = f"Kaplan-Meier, {analysis.conf_type} limits, {analysis.convention}"
    scale = DAYS_PER[analysis.unit]
    quartiles = km.quantiles(list(QUARTILES))
    values = [quartiles[name].tolist() for name in ("probability", "time", "lower", "upper")]
    for group, p, *times in zip(printed_groups(quartiles, by), *values, strict=True):
        numbers = {k: t / scale for k, t in zip(("estimate", "lower", "upper"), times, strict=True)}
        rows.add(QUARTILES[p], group, sizes[group], analysis.unit, method, **numbers)
    if not analysis.times:
        return
    rates = km.at([time * scale for time in analysis.times])
    titles = [at_time(time, analysis.unit) for time in analysis.times]
    values = [rates[name].tolist() for name in ("survival", "lower", "upper", "at_risk")]
    each = zip(printed_groups(rates, by), titles * len(sizes), *values, strict=True)
    for group, title, survival, lower, upper, at_risk in each:
        limits = {"estimate": survival, "lower": lower, "upper": upper}
        rows.add(f"Rate {title}", group, sizes[group], "proportion", method, **limits)
        rows.add(f"At risk {title}", group, sizes[group], "subjects", count=at_risk)


def _add_nobody(rows: ResultRows, empty: list[str], analysis: Analysis) -> None:
    """Groups that are declared and have no subject: nothing is estimable, and that is stated."""
    none = dict.fromkeys(("estimate", "lower", "upper"), math.nan)
    for group in empty:
        for title in QUARTILES.values():
            rows.add(title, group, 0, analysis.unit, "no subjects", **none)
        for time in analysis.times:
            title = at_time(time, analysis.unit)
            rows.add(f"Rate {title}", group, 0, "proportion", "no subjects", **none)
            rows.add(f"At risk {title}", group, 0, "subjects", count=0)
        if analysis.follow_up:
            rows.add("Follow-up", group, 0, analysis.unit, "no subjects", **none)


def _lines(reasons: list[tuple[bool, str]], analysis: Analysis) -> list[Line]:
    """The lines in the order of the shell."""
    lines = [Line("Subjects, n", "Subjects", "n", 0)]
    for outcome, title in OUTCOMES.items():
        lines.append(Line(f"{title}, n (%)", title, indent=0))
        told = [text for event, text in reasons if event == outcome]
        inner = 2 if outcome and len(told) > 1 else 1
        if inner == 2:
            lines.append(Line(EARLIEST))
        lines += [Line(text, f"{title}: {text}", indent=inner) for text in told]
    lines.append(Line(f"Time to event, {analysis.unit}", indent=0))
    lines += [Line(f"{title} (95% CI)", title, "estimate (limits)") for title in QUARTILES.values()]
    lines.append(Line("Range", "Range", "range"))
    for time in analysis.times:
        title = at_time(time, analysis.unit)
        lines.append(Line(title[0].upper() + title[1:], indent=0))
        lines.append(Line("Event-free (95% CI)", f"Rate {title}", "estimate (limits)"))
        lines.append(Line("At risk, n", f"At risk {title}", "n"))
    return lines


def _notes(analysis: Analysis, grouped: bool) -> tuple[str, ...]:
    """What a reader must know to reproduce the numbers."""
    notes = [
        "CI: confidence interval; NE: not estimable; +: censored.",
        f"Quartiles and event-free rates: Kaplan-Meier, {analysis.conf_type} limits (quartiles: "
        f"Brookmeyer and Crowley), {analysis.convention.upper()} convention. At risk: just before the time.",
    ]
    if analysis.unit == "months":
        notes.append("A month is 30.4375 days.")
    if analysis.reference is not None and grouped:
        notes.append(hazard_ratio_note(analysis.ties, analysis.strata))
    return tuple(notes)
