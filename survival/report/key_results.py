"""The results that one asks for first: of each outcome its rate or its median, and the comparison of the arms.

Every number is the text of a row of `results.csv`; nothing here computes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from survival.study.display import Material, Shown, spec_of, title_of
from survival.study.known import RATE_KEYS

Texts = dict[tuple[str, str, str], str]  # row, group, statistic -> text as printed


@dataclass
class KeyResult:
    """One outcome: what it is, one cell per group, the comparison, and the display it stands in."""

    title: str
    measure: str
    cells: dict[str, str]
    compared: list[str] = field(default_factory=list)


def key_results(material: Material, one: Shown, results: pd.DataFrame) -> list[KeyResult]:
    """The key results of one table, none when its kind has none."""
    read: Texts = {
        (row, group, statistic): text
        for row, group, statistic, text in results[["row", "group", "statistic", "text"]].itertuples(
            index=False, name=None
        )
    }
    if one.kind == "response_rate_table":
        return list(_rates(material, one, read))
    if one.kind == "time_to_event_table":
        return [_time(material, one, read)]
    if one.kind in ("leukaemia_response_table", "proportion_table"):
        return list(_proportions(read))
    return []


def _groups(read: Texts, row: str) -> list[str]:
    """The groups of a row, in order."""
    return list(dict.fromkeys(group for name, group, _ in read if name == row))


def _rates(material: Material, one: Shown, read: Texts) -> Iterator[KeyResult]:
    """Response rates, each with its difference between arms."""
    ending = " confirmed" if material.study.response.confirmation else ""
    for name in one.names:
        row = RATE_KEYS[spec_of(material.study, name).key] + ending
        if cells := {group: _share(read, row, group) for group in _groups(read, row)}:
            yield KeyResult(title_of(material.study, name), "n (%, 95% CI)", cells, _compared(read, row))


def _proportions(read: Texts) -> Iterator[KeyResult]:
    """Shares of subjects, such as those in remission."""
    rows = [row.removesuffix(": of") for row, _, _ in read if row.endswith(": of")]
    for row in dict.fromkeys(rows):
        if not row.startswith("best "):
            cells = {group: _share(read, row, group) for group in _groups(read, row)}
            yield KeyResult(row, "n (%, 95% CI)", cells, _compared(read, row))


def _share(read: Texts, row: str, group: str) -> str:
    """A count of a denominator, its percentage and limits."""
    count, of = read.get((row, group, "count"), ""), read.get((f"{row}: of", group, "count"), "")
    text = f"{count}/{of}" if of else count
    share = read.get((row, group, "proportion"))
    limits = _limits(read, row, group)
    return f"{text} ({share}{f'; {limits}' if limits else ''})" if share else text


def _compared(read: Texts, row: str) -> list[str]:
    """The difference between arms with its limits and p, one line for each arm that is compared."""
    lines = []
    for group in _groups(read, f"{row}: difference"):
        estimate = read.get((f"{row}: difference", group, "estimate"), "")
        text = f"Difference {estimate} ({_limits(read, f'{row}: difference', group)})"
        p = read.get((f"{row}: p", group, "p_value"))
        lines.append(_of_group(text + (f", p = {p}" if p else ""), group, row, read))
    return lines


def _time(material: Material, one: Shown, read: Texts) -> KeyResult:
    """Events and the median, with the hazard ratio."""
    unit = material.study.analysis.unit
    cells = {}
    for group in _groups(read, "Subjects"):
        events = read.get(("Events", group, "count"), "0")
        cells[group] = f"{events}/{read[('Subjects', group, 'count')]} events"
        if median := read.get(("Median", group, "estimate")):
            limits = _limits(read, "Median", group)
            cells[group] += f"; median {median}" + (f" ({limits})" if limits != "NE, NE" else "")
    compared = []
    for group in _groups(read, "Hazard ratio"):
        text = f"Hazard ratio {read[('Hazard ratio', group, 'estimate')]} ({_limits(read, 'Hazard ratio', group)})"
        p = read.get(("Log-rank", group, "p_value"))
        compared.append(_of_group(text + (f", log-rank p = {p}" if p else ""), group, "Subjects", read))
    return KeyResult(
        title_of(material.study, one.names[0]), f"events; median, {unit} (95% CI)", cells, compared
    )


def _limits(read: Texts, row: str, group: str) -> str:
    """Lower and upper limit, per cent signs left to the estimate."""
    lower, upper = (read.get((row, group, name)) for name in ("lower", "upper"))
    return f"{lower}, {upper}".replace("%", "") if lower is not None else ""


def _of_group(text: str, group: str, row: str, read: Texts) -> str:
    """The comparison with the arm named, when more than two are compared."""
    text = text.replace("p = <", "p < ").replace("p = >", "p > ")
    return f"{group}: {text}" if len(_groups(read, row)) > 2 else text
