"""Adverse events by system organ class and preferred term, the most frequent first.

ICH E3, section 12.2.2: adverse events by body system, each subject counted once per term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypedDict, Unpack

import pandas as pd

from recist import InputError
from survival.adverse_events import incidence
from survival.adverse_events.kinds import title
from survival.adverse_events.window import EMERGENT, Window
from survival.groups import as_columns
from survival.results import ResultRows
from survival.tables.adverse_event_counts import Counted, add_row, counted_by, line_name
from survival.tables.table import Line, Shell, Table

BY_TERM = Shell(title="Adverse events by system organ class and preferred term", total="Total")


class Settings(TypedDict, total=False):
    """Which events the table shows, and which of its lines."""

    kind: str  # as in `survival.adverse_events.kinds.of_kind`
    at_least: float  # a term is shown when this share of a group has it
    conf_type: str
    level: float


def adverse_event_table(
    events: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    window: Window = EMERGENT,
    shell: Shell = BY_TERM,
    **settings: Unpack[Settings],
) -> Table:
    """Subjects with each adverse event: a line for all, for each organ class, for each of its terms.

    Parameters
    ----------
    events, subjects, by, window : as in `survival.incidence`.
    shell : title, population, footnotes, and the label of the total column (empty for none).
    **settings : `kind` (`any` when not given, or `serious`, `related grade 3+` ...), `at_least` (a proportion: terms
        that fewer subjects of every group have are not shown, their classes are), `conf_type`, `level`.

    Returns
    -------
    Table with `.results`, `.frame`, `.to_html(path)` and `.to_csv(path)`; classes and terms by subjects in total,
    then events, then name.  The results have the limits of every line too.

    Raises
    ------
    InputError : as `survival.incidence`; `at_least` is no proportion.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": list("1234"), "treatment_start_date": pd.Timestamp("2024-03-01")})
    >>> events = pd.DataFrame({"subject": ["1", "1", "2"], "term": ["Fever", "Chills", "Fever"],
    ...     "system_organ_class": "General disorders", "start_date": "2024-03-05"})
    >>> adverse_event_table(events, subjects).frame.values.tolist()[1:3]
    [['General disorders', '2 (50.0%)'], ['  Fever', '2 (50.0%)']]
    """
    kind, least = settings.get("kind", "any"), settings.get("at_least", 0.0)
    if not 0 <= least <= 1:
        raise InputError(f"at_least is {least}; it is a proportion, such as 0.05 for 5 %")
    asked: incidence.Settings = {"which": (kind,), "detail": "term"}
    if "conf_type" in settings:
        asked["conf_type"] = settings["conf_type"]
    if "level" in settings:
        asked["level"] = settings["level"]
    counted = counted_by(events, subjects, as_columns(by), window, (shell, asked))
    rows = ResultRows(shell.heading, shell.population)
    for row in counted.rows.to_dict("records"):
        add_row(rows, line_name(row), row)
    noted = replace(shell, footnotes=(*shell.footnotes, *counted.notes, *_least(least)))
    return Table(noted, tuple(_lines(counted, kind, least)), counted.columns, rows.frame())


def _lines(counted: Counted, kind: str, least: float) -> list[Line]:
    """All, then each class as a subtotal with its terms below it."""
    often = counted.rows.groupby(["system_organ_class", "term"])["estimate"].max()
    lines = []
    for soc, term in counted.lines():
        name = line_name({"system_organ_class": soc, "term": term, "kind": kind})
        if not soc:
            lines.append(Line(f"{title(kind)}, n (%)", name, indent=0))
        elif not term:
            lines.append(Line(soc, name, indent=0))
        elif not least or often[(soc, term)] >= least:
            lines.append(Line(term, name))
    return lines


def _least(least: float) -> tuple[str, ...]:
    """What is not shown."""
    return (
        (f"Terms of at least {100 * least:g}% of a group are shown; classes count all terms.",)
        if least
        else ()
    )
