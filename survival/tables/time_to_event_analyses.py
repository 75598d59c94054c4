"""What a time-to-event table adds to the curves: follow-up, comparison of arms, rates at times, restricted means.

Schemper and Smith 1996 (reverse Kaplan-Meier); Cox 1972; Klein et al. 2007 (difference of rates at a time);
Royston and Parmar 2013 (restricted mean survival time).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict

import pandas as pd

from recist import InputError
from survival.comparison_text import model_text, strata_text
from survival.groups import ALL, Key, declared_groups, label
from survival.results import DAYS_PER, ResultRows
from survival.tables.table import Line

LIMITS = ("estimate", "lower", "upper")


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
    rmst: float | None = None  # horizon of the restricted mean survival time, in `unit`
    follow_up: bool = False  # a line with the median follow-up

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
    rmst: float | None
    follow_up: bool


def further_analyses(
    rows: ResultRows, tte: pd.DataFrame, by: list[str], analysis: Analysis
) -> tuple[list[Line], list[str]]:
    """Every analysis that is asked for beside the curves: results into `rows`; the answer is its lines and notes."""
    lines = _follow_up(rows, tte, by, analysis) if analysis.follow_up else []
    notes: list[str] = []
    if analysis.rmst is not None:
        more, notes = _rmst(rows, tte, by, analysis)
        lines += more
    if analysis.reference is not None and by:
        lines += _comparison(rows, tte, by, analysis)
        lines += _rate_differences(rows, tte, by, analysis)
        if analysis.rmst is not None:
            lines += _rmst_differences(rows, tte, by, analysis)
    return lines, notes


def _follow_up(rows: ResultRows, tte: pd.DataFrame, by: list[str], analysis: Analysis) -> list[Line]:
    """Median follow-up of each group."""
    from survival.estimate.follow_up import follow_up

    found = follow_up(tte, by or None, [0.5], analysis.conf_type, analysis.convention)
    scale, sizes = DAYS_PER[analysis.unit], _sizes(tte, by)
    for group, values in zip(
        printed_groups(found, by), _values(found, "time", "lower", "upper"), strict=True
    ):
        numbers = dict(zip(LIMITS, (value / scale for value in values), strict=True))
        rows.add("Follow-up", group, sizes[group], analysis.unit, str(found["method"].iloc[0]), **numbers)
    title = f"Median follow-up, {analysis.unit} (95% CI), reverse Kaplan-Meier"
    return [Line(title, "Follow-up", "estimate (limits)", 0)]


def _comparison(rows: ResultRows, tte: pd.DataFrame, by: list[str], analysis: Analysis) -> list[Line]:
    """Hazard ratio and log-rank test of each arm against the reference; without strata too where there are some."""
    lines = [Line(f"Comparison with {analysis.reference}, {strata_text(analysis.strata)}", indent=0)]
    lines += _compared(rows, tte, by, analysis, "")
    if analysis.strata:
        lines.append(Line(f"Comparison with {analysis.reference}, {strata_text(())}", indent=0))
        lines += _compared(rows, tte, by, replace(analysis, strata=()), " unstratified")
    return lines


def _compared(
    rows: ResultRows, tte: pd.DataFrame, by: list[str], analysis: Analysis, ending: str
) -> list[Line]:
    """One comparison: the hazard ratio and the log-rank test, their rows ending in `ending`."""
    from survival.estimate.compare import compare_arms

    strata = list(analysis.strata) or None
    table = compare_arms(tte, by=by[0], reference=analysis.reference, strata=strata, ties=analysis.ties)
    names = (by[0], "n", "hazard_ratio", "lower", "upper", "p_logrank")
    ratios, tests = f"Hazard ratio{ending}", f"Log-rank{ending}"
    for arm, n, ratio, lower, upper, p in zip(*(table[name].tolist() for name in names), strict=True):
        method = f"{model_text(analysis.ties)}, {strata_text(analysis.strata)}"
        rows.add(ratios, str(arm), n, "ratio", method, estimate=ratio, lower=lower, upper=upper)
        method = f"log-rank, two-sided, {strata_text(analysis.strata)}"
        rows.add(tests, str(arm), n, "probability", method, p_value=p)
    return [
        Line("Hazard ratio (95% CI)", ratios, "estimate (limits)"),
        Line("p (log-rank, two-sided)", tests, "p"),
    ]


def _rate_differences(rows: ResultRows, tte: pd.DataFrame, by: list[str], analysis: Analysis) -> list[Line]:
    """Difference of the event-free rates at each time."""
    from survival.estimate.milestone import milestone_difference

    if not analysis.times:
        return []
    scale, sizes = DAYS_PER[analysis.unit], _sizes(tte, by)
    times = [time * scale for time in analysis.times]
    found = milestone_difference(tte, times, by[0], analysis.reference, analysis.convention)
    titles = dict(zip(times, (at_time(time, analysis.unit) for time in analysis.times), strict=True))
    lines = []
    for arm, time, *limits, p in _values(found, by[0], "time", *LIMITS, "p"):
        title, group = titles[time], str(arm)
        numbers = dict(zip(LIMITS, limits, strict=True))
        method = str(found["method"].iloc[0])
        rows.add(f"Rate difference {title}", group, sizes[group], "proportion", method, **numbers)
        rows.add(f"Rate difference p {title}", group, sizes[group], "probability", "z test", p_value=p)
    for title in titles.values():
        lines.append(
            Line(
                f"Difference of event-free rates {title} (95% CI)",
                f"Rate difference {title}",
                "estimate (limits)",
            )
        )
        lines.append(Line(f"p of the difference {title} (z test)", f"Rate difference p {title}", "p"))
    return lines


def _rmst(
    rows: ResultRows, tte: pd.DataFrame, by: list[str], analysis: Analysis
) -> tuple[list[Line], list[str]]:
    """Restricted mean survival time of each group, and why it is missing where it is."""
    from survival.estimate.rmst import rmst

    found, scale, sizes = rmst(tte, by or None, _horizon(analysis)), DAYS_PER[analysis.unit], _sizes(tte, by)
    for group, values in zip(printed_groups(found, by), _values(found, *LIMITS), strict=True):
        numbers = dict(zip(LIMITS, (value / scale for value in values), strict=True))
        rows.add("RMST", group, sizes[group], analysis.unit, "restricted mean survival time", **numbers)
    title = f"Restricted mean to {analysis.rmst:g} {analysis.unit} (95% CI)"
    groups_of = zip(printed_groups(found, by), found["note"].astype(str), strict=True)
    notes = [f"Restricted mean, {group}: {note}." for group, note in groups_of if note]
    return [Line(title, "RMST", "estimate (limits)", 0)], notes


def _rmst_differences(rows: ResultRows, tte: pd.DataFrame, by: list[str], analysis: Analysis) -> list[Line]:
    """Difference and ratio of the restricted means."""
    from survival.estimate.rmst import rmst_difference

    found = rmst_difference(tte, by[0], analysis.reference, _horizon(analysis))
    sizes, lines = _sizes(tte, by), []
    for measure, unit in (("difference", analysis.unit), ("ratio", "ratio")):
        scale = DAYS_PER[analysis.unit] if measure == "difference" else 1.0
        part = found[found["measure"] == measure]
        for arm, *limits, p in _values(part, by[0], *LIMITS, "p"):
            numbers = dict(zip(LIMITS, (value / scale for value in limits), strict=True))
            method = f"restricted mean survival time, {measure}"
            rows.add(f"RMST {measure}", str(arm), sizes[str(arm)], unit, method, **numbers)
            rows.add(f"RMST {measure} p", str(arm), sizes[str(arm)], "probability", method, p_value=p)
        words = f", {analysis.unit}" if measure == "difference" else ""
        lines.append(
            Line(
                f"{measure.capitalize()} of restricted means{words} (95% CI)",
                f"RMST {measure}",
                "estimate (limits)",
            )
        )
        lines.append(Line(f"p of the {measure}", f"RMST {measure} p", "p"))
    return lines


def _horizon(analysis: Analysis) -> float | None:
    return None if analysis.rmst is None else analysis.rmst * DAYS_PER[analysis.unit]


def _sizes(tte: pd.DataFrame, by: list[str]) -> dict[str, int]:
    """Subjects of each printed group."""
    return {label(key): len(part) for key, part in declared_groups(tte, by)}


def _values(frame: pd.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    """Rows of some columns."""
    return list(frame[list(names)].itertuples(index=False, name=None))


def printed_groups(frame: pd.DataFrame, by: list[str]) -> list[str]:
    """Printed group of each row."""
    if not by:
        return [ALL] * len(frame)
    keys: list[Key] = list(frame[by].itertuples(index=False, name=None))
    return [label(key) for key in keys]


def at_time(time: float, unit: str) -> str:
    """'at 6 months', 'at day 182'."""
    return f"at day {time:g}" if unit == "days" else f"at {time:g} {unit}"
