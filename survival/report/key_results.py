"""The results that one asks for first: of each outcome its rate or its median, and the comparison of the arms.

Every number is the text of a row of `results.csv`; nothing here computes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from survival.results import NOT_ESTIMABLE
from survival.study.display import Material, Shown, spec_of, title_of
from survival.study.known import RATE_KEYS
from survival.study.model import Study

RATE_TITLES = {
    "orr": "Objective response rate",
    "cr": "Complete response rate",
    "dcr": "Disease control rate",
    "cbr": "Clinical benefit rate",
}
JOINED = "\N{NO-BREAK SPACE}"  # keeps an estimate and its limits on one line
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
            yield KeyResult(_rate_title(material.study, name), "n (%, 95% CI)", cells, _compared(read, row))


def _rate_title(study: Study, name: str) -> str:
    """The title of a rate: its own, else what it is."""
    spec = spec_of(study, name)
    return spec.title or RATE_TITLES.get(spec.key, spec.name)


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
    if share := read.get((row, group, "proportion")):
        text += f" ({share})"
    limits = _limits(read, row, group)
    return _line(text) + (f"\n{_line(limits)}" if limits else "")


def _compared(read: Texts, row: str) -> list[str]:
    """The difference between arms with its limits and p, one for each arm that is compared."""
    found = []
    for group in _groups(read, f"{row}: difference"):
        estimate = read.get((f"{row}: difference", group, "estimate"), "")
        text = f"Difference {estimate} {_limits(read, f'{row}: difference', group)}".strip()
        p = _p("p", read.get((f"{row}: p", group, "p_value")))
        found.append(_of_group(text, p, group, len(_groups(read, row))))
    return found


def _time(material: Material, one: Shown, read: Texts) -> KeyResult:
    """Events and the median, with the hazard ratio."""
    unit = material.study.analysis.unit
    cells = {}
    groups = _groups(read, "Subjects")
    for group in groups:
        events = read.get(("Events", group, "count"), "0")
        cells[group] = _line(f"{events}/{read[('Subjects', group, 'count')]} events")
        if median := read.get(("Median", group, "estimate")):
            cells[group] += "\n" + _line(f"median {median} {_limits(read, 'Median', group)}".strip())
    compared = []
    for group in _groups(read, "Hazard ratio"):
        ratio = read[("Hazard ratio", group, "estimate")]
        text = f"Hazard ratio {ratio} {_limits(read, 'Hazard ratio', group)}".strip()
        p = _p("log-rank p", read.get(("Log-rank", group, "p_value")))
        compared.append(_of_group(text, p, group, len(groups)))
    title = title_of(material.study, one.names[0])
    return KeyResult(title, f"events; median, {unit} (95% CI)", cells, compared)


def _limits(read: Texts, row: str, group: str) -> str:
    """Lower and upper limit in brackets, per cent signs left to the estimate; empty where both are unknown."""
    lower, upper = (read.get((row, group, name)) for name in ("lower", "upper"))
    if lower is None or {lower, upper} == {NOT_ESTIMABLE}:
        return ""
    return f"({lower}, {upper})".replace("%", "")


def _p(words: str, value: str | None) -> str:
    """A p-value with its name; its text may begin with a sign of its own."""
    if not value:
        return ""
    return f"{words} {value[0]} {value[1:]}" if value[0] in "<>" else f"{words} = {value}"


def _of_group(text: str, p: str, group: str, arms: int) -> str:
    """The comparison and its p on lines of their own, the arm named when more than two are compared."""
    lines = [_line(text), *([_line(p)] if p else [])]
    return "\n".join([f"{group}:", *lines] if arms > 2 else lines)


def _line(text: str) -> str:
    """A text that is not broken into lines."""
    return text.replace(" ", JOINED)
