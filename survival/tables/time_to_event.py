"""Time-to-event summary: events and censoring by reason, quartiles, rates at times, comparison of arms.

Kaplan and Meier 1958; Brookmeyer and Crowley, Biometrics 1982; 38: 29-41 (limits of quartiles);
Cox 1972; FDA, Clinical Trial Endpoints (2018), Appendix 3 (the reasons for censoring are reported).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict, Unpack

import pandas as pd

from recist import InputError
from survival.groups import ALL, Key, as_columns, groups, label
from survival.results import DAYS_PER, ResultRows
from survival.tables.table import Line, Shell, Table, column_sizes

TIME_TO_EVENT = Shell(title="Time to event")
QUARTILES = {0.25: "25th percentile", 0.5: "Median", 0.75: "75th percentile"}
OUTCOMES = {True: "Events", False: "Censored"}
TIES = {"efron": "Efron", "breslow": "Breslow"}


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """How times to an event are summarised and compared; a variant is an edit."""

    reference: str | None = None  # the arm the others are compared with; none: no comparison
    times: tuple[float, ...] = ()  # in `unit`
    unit: str = "days"
    conf_type: str = "log-log"
    convention: str = "sas"
    strata: tuple[str, ...] = ()
    ties: str = "efron"

    def __post_init__(self) -> None:
        if self.unit not in DAYS_PER:
            raise InputError(f"unit {self.unit!r} is not one of {', '.join(DAYS_PER)}")


class Settings(TypedDict, total=False):
    """The fields of `Analysis`, as keywords."""

    reference: str | None
    times: Sequence[float]
    unit: str
    conf_type: str
    convention: str
    strata: Sequence[str]
    ties: str


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
        `log`, `plain`), `convention` (`sas`, `r`), `strata` (columns), `ties` (`efron`, `breslow`).

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
    parts = groups(tte, by)
    columns = column_sizes([(key, len(part)) for key, part in parts], "")
    rows = ResultRows(shell.heading, shell.population)
    reasons = _reasons(tte)
    for key, part in parts:
        _add_counts(rows, label(key), part, reasons)
        _add_range(rows, label(key), part, analysis.unit)
    _add_estimates(rows, tte, by, analysis)
    if analysis.reference is not None and by:
        _add_comparison(rows, tte, by, analysis)
    noted = replace(shell, footnotes=(*shell.footnotes, *_notes(analysis)))
    return Table(noted, tuple(_lines(reasons, analysis, bool(by))), columns, rows.frame())


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
        if not (event & (time == ends[str(row["statistic"])])).any():
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
    for group, p, *times in zip(_names(quartiles, by), *values, strict=True):
        numbers = {k: t / scale for k, t in zip(("estimate", "lower", "upper"), times, strict=True)}
        rows.add(QUARTILES[p], group, sizes[group], analysis.unit, method, **numbers)
    if not analysis.times:
        return
    rates = km.at([time * scale for time in analysis.times])
    titles = [_at(time, analysis.unit) for time in analysis.times]
    values = [rates[name].tolist() for name in ("survival", "lower", "upper", "at_risk")]
    each = zip(_names(rates, by), titles * len(sizes), *values, strict=True)
    for group, title, survival, lower, upper, at_risk in each:
        limits = {"estimate": survival, "lower": lower, "upper": upper}
        rows.add(f"Rate {title}", group, sizes[group], "proportion", method, **limits)
        rows.add(f"At risk {title}", group, sizes[group], "subjects", count=at_risk)


def _add_comparison(rows: ResultRows, tte: pd.DataFrame, by: list[str], analysis: Analysis) -> None:
    """Hazard ratio and log-rank test of each arm against the reference."""
    from survival.estimate.compare import compare_arms

    strata, ties = list(analysis.strata) or None, analysis.ties
    table = compare_arms(tte, by=by[0], reference=analysis.reference, strata=strata, ties=ties)
    stratified = f", stratified by {', '.join(analysis.strata)}" if analysis.strata else ""
    names = (by[0], "n", "hazard_ratio", "lower", "upper", "p_logrank")
    for arm, n, ratio, lower, upper, p in zip(*(table[name].tolist() for name in names), strict=True):
        method = f"Cox, ties {TIES.get(ties, ties)}{stratified}"
        rows.add("Hazard ratio", str(arm), n, "ratio", method, estimate=ratio, lower=lower, upper=upper)
        rows.add("Log-rank", str(arm), n, "probability", f"log-rank, two-sided{stratified}", p_value=p)


def _names(frame: pd.DataFrame, by: list[str]) -> list[str]:
    """Printed group of each row."""
    if not by:
        return [ALL] * len(frame)
    keys: list[Key] = list(frame[by].itertuples(index=False, name=None))
    return [label(key) for key in keys]


def _at(time: float, unit: str) -> str:
    """'at 6 months', 'at day 182'."""
    return f"at day {time:g}" if unit == "days" else f"at {time:g} {unit}"


def _lines(reasons: list[tuple[bool, str]], analysis: Analysis, compared: bool) -> list[Line]:
    """The lines in the order of the shell."""
    lines = [Line("Subjects, n", "Subjects", "n", 0)]
    for outcome, title in OUTCOMES.items():
        lines.append(Line(f"{title}, n (%)", title, indent=0))
        lines += [Line(text, f"{title}: {text}") for event, text in reasons if event == outcome]
    lines.append(Line(f"Time to event, {analysis.unit}", indent=0))
    lines += [Line(f"{title} (95% CI)", title, "estimate (limits)") for title in QUARTILES.values()]
    lines.append(Line("Range", "Range", "range"))
    for time in analysis.times:
        title = _at(time, analysis.unit)
        lines.append(Line(title[0].upper() + title[1:], indent=0))
        lines.append(Line("Event-free (95% CI)", f"Rate {title}", "estimate (limits)"))
        lines.append(Line("At risk, n", f"At risk {title}", "n"))
    if analysis.reference is not None and compared:
        lines.append(Line(f"Comparison with {analysis.reference}", indent=0))
        lines.append(Line("Hazard ratio (95% CI)", "Hazard ratio", "estimate (limits)"))
        lines.append(Line("p (log-rank, two-sided)", "Log-rank", "p"))
    return lines


def _notes(analysis: Analysis) -> tuple[str, ...]:
    """What a reader must know to reproduce the numbers."""
    notes = [
        "CI: confidence interval; NE: not estimable; +: censored.",
        f"Quartiles and event-free rates: Kaplan-Meier, {analysis.conf_type} limits (quartiles: "
        f"Brookmeyer and Crowley), {analysis.convention.upper()} convention. At risk: just before the time.",
    ]
    if analysis.unit == "months":
        notes.append("A month is 30.4375 days.")
    if analysis.reference is not None:
        strata = f", stratified by {', '.join(analysis.strata)}" if analysis.strata else ", unstratified"
        ties = TIES.get(analysis.ties, analysis.ties)
        notes.append(f"Hazard ratio: Cox model, ties by {ties}{strata}; p: log-rank test{strata}.")
    return tuple(notes)
