"""Summary of adverse events: subjects with any, severe, serious, related, fatal ones, and by worst grade.

ICH E3, section 12.2.1: a brief summary of all adverse events; CTCAE version 5.0 (NCI 2017): grades.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

import pandas as pd

from survival.adverse_events.incidence import UNKNOWN_GRADE, WORST, Settings
from survival.adverse_events.kinds import title
from survival.adverse_events.window import EMERGENT, Window
from survival.groups import as_columns
from survival.proportion import METHODS
from survival.results import ResultRows
from survival.tables.adverse_event_counts import Counted, add_row, counted_by
from survival.tables.table import Line, Shell, Table

SUMMARY = Shell(title="Summary of adverse events", total="Total")
WORST_HEADING = "Worst grade, n (%)"


def adverse_event_summary_table(
    events: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    window: Window = EMERGENT,
    shell: Shell = SUMMARY,
    **settings: Unpack[Settings],
) -> Table:
    """Subjects with adverse events of each kind and worst grade, with limits, and the number of events.

    Parameters
    ----------
    events, subjects, by, window, **settings : as in `survival.incidence`; `detail` is `all` here.
    shell : title, population, footnotes, and the label of the total column (empty for none).

    Returns
    -------
    Table with `.results`, `.frame`, `.to_html(path)` and `.to_csv(path)`; the kinds whose columns the events have.

    Raises
    ------
    InputError : as `survival.incidence`.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": list("1234"), "treatment_start_date": pd.Timestamp("2024-03-01")})
    >>> events = pd.DataFrame({"subject": ["1", "1", "2"], "term": ["Fever", "Fever", "Chills"],
    ...     "grade": [1, 3, 2], "start_date": "2024-03-05"})
    >>> adverse_event_summary_table(events, subjects).frame.iloc[:3, 1].tolist()
    ['2 (50.0%)', '(6.8, 93.2)', '3']
    """
    settings["detail"] = "all"
    counted = counted_by(events, subjects, as_columns(by), window, (shell, settings))
    rows = ResultRows(shell.heading, shell.population)
    for row in counted.rows.to_dict("records"):
        add_row(rows, str(row["kind"]), row)
    cited = METHODS[str(counted.rows["conf_type"].iloc[0])].citation
    limits = f"CI: confidence interval by {cited}. NE: not estimable."
    noted = replace(shell, footnotes=(*shell.footnotes, *counted.notes, limits))
    return Table(noted, tuple(_lines(counted)), counted.columns, rows.frame())


def _lines(counted: Counted) -> list[Line]:
    """Each kind with its limits and events, then the worst grades; a grade not known only where it occurs."""
    lines: list[Line] = []
    interval = METHODS[str(counted.rows["conf_type"].iloc[0])].title
    percent = f"{100 * float(counted.rows['level'].iloc[0]):g}% CI ({interval})"
    kinds = list(dict.fromkeys(counted.rows["kind"]))
    for kind in [kind for kind in kinds if kind not in WORST]:
        lines.append(Line(f"{title(kind)}, n (%)", kind, indent=0))
        lines.append(Line(percent, kind, "limits"))
        lines.append(Line("Events, n", f"{kind}: events", "n"))
    worst = [kind for kind in kinds if kind in WORST]
    if worst and not (counted.count(kind=UNKNOWN_GRADE) if UNKNOWN_GRADE in worst else 0):
        worst = [kind for kind in worst if kind != UNKNOWN_GRADE]
    if worst:
        lines.append(Line(WORST_HEADING, indent=0))
    for kind in worst:
        grade = kind.removeprefix("worst ")
        lines.append(Line(grade[0].upper() + grade[1:], kind))
        lines.append(Line(percent, kind, "limits", indent=2))
    return lines
