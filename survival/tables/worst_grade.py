"""Adverse events by term and worst grade: grades across, organ classes and terms down.

CTCAE version 5.0 (NCI 2017): grades; ICH E3, section 12.2.2: severity in the tables of adverse events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypedDict, Unpack

import numpy as np
import pandas as pd

from recist import InputError
from survival.adverse_events import incidence
from survival.adverse_events.incidence import UNKNOWN_GRADE
from survival.adverse_events.kinds import GRADES
from survival.adverse_events.window import EMERGENT, Window
from survival.groups import as_columns
from survival.proportion import interval
from survival.results import ResultRows
from survival.tables.adverse_event_counts import Counted, add_row, counted_by, line_name
from survival.tables.table import Line, Shell, Table

WORST_GRADE = Shell(title="Adverse events by term and worst grade")
ANY = "any grade"


class Settings(TypedDict, total=False):
    """Which grades share a column, and which lines there are."""

    grades: Sequence[Sequence[int]]  # ((1, 2), (3, 4), (5,)) for example
    detail: incidence.Detail


def worst_grade_table(
    events: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    window: Window = EMERGENT,
    shell: Shell = WORST_GRADE,
    **settings: Unpack[Settings],
) -> Table:
    """Subjects by the worst grade they had of each term, each organ class and of all events.

    Parameters
    ----------
    events, subjects, by, window : as in `survival.incidence`; with groups each has a column per grade.
    shell : title, population, footnotes, and the label of the columns of all groups (empty for none).
    **settings : `grades` (grades that share a column, each grade its own when not given), `detail` (`term` when not
        given, or `system_organ_class`, `all`).

    Returns
    -------
    Table with `.results`, `.frame`, `.to_html(path)` and `.to_csv(path)`.  A column for grades not known is there
    where one occurs.

    Raises
    ------
    InputError : as `survival.incidence`; a grade is in no or two columns.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": list("1234"), "treatment_start_date": pd.Timestamp("2024-03-01")})
    >>> events = pd.DataFrame({"subject": ["1", "1", "2"], "term": "Fever", "grade": [1, 3, 2],
    ...     "start_date": "2024-03-05"})
    >>> table = worst_grade_table(events, subjects, grades=((1, 2), (3, 4), (5,)))
    >>> list(table.frame)[1:], table.frame.iloc[0, 1:].tolist()
    (['Any grade (N=4)', 'Grade 1-2 (N=4)', 'Grade 3-4 (N=4)', 'Grade 5 (N=4)'], \
['2 (50.0%)', '1 (25.0%)', '1 (25.0%)', '0'])
    """
    bands = _bands(settings.get("grades", [(grade,) for grade in GRADES]))
    asked: incidence.Settings = {"which": ("any", "worst grade"), "detail": settings.get("detail", "term")}
    counted = counted_by(events, subjects, as_columns(by), window, (shell, asked))
    if counted.count(kind=UNKNOWN_GRADE, system_organ_class="") or counted.count(kind=UNKNOWN_GRADE):
        bands["grade not known"] = (UNKNOWN_GRADE,)
    rows = ResultRows(shell.heading, shell.population)
    whole = _banded(counted.rows, bands)
    single = len(counted.columns) == 1
    for row in whole.to_dict("records"):
        add_row(rows, line_name(row | {"kind": "worst grade"}), row | {"group": _head(row, single)})
    columns = {
        _head({"group": group, "kind": band}, single): n
        for group, n in counted.columns.items()
        for band in bands
    }
    noted = replace(shell, footnotes=(*shell.footnotes, *counted.notes))
    return Table(noted, tuple(_lines(counted)), columns, rows.frame())


def _bands(grades: Sequence[Sequence[int]]) -> dict[str, tuple[str, ...]]:
    """The columns: printed name -> kinds that it adds up; a subject has one worst grade, so they add up."""
    given = [int(grade) for band in grades for grade in band]
    if sorted(given) != list(GRADES):
        raise InputError(f"grades is {grades!r}; each of the grades 1 to 5 belongs into one column")
    found: dict[str, tuple[str, ...]] = {ANY: ("any",)}
    for band in grades:
        name = f"grade {min(band)}" if len(band) == 1 else f"grade {min(band)}-{max(band)}"
        found[name] = tuple(f"worst grade {grade}" for grade in band)
    return found


def _banded(rows: pd.DataFrame, bands: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """One row for each column: subjects and events added up, with the limits of the sum."""
    of_kind = {kind: band for band, kinds in bands.items() for kind in kinds}
    kept = rows[rows["kind"].isin(list(of_kind))]
    kept = kept.assign(kind=kept["kind"].map(of_kind))
    keys = ["group", "system_organ_class", "term", "kind", "n", "conf_type", "level"]
    added = kept.groupby(keys, sort=False, as_index=False)[["subjects", "events"]].sum()
    conf_type, level = str(rows["conf_type"].iloc[0]), float(rows["level"].iloc[0])
    lower, upper = interval(conf_type)(np.asarray(added["subjects"]), np.asarray(added["n"]), level)
    return added.assign(lower=lower, upper=upper)


def _head(row: dict[Any, Any], single: bool) -> str:
    """The printed name of a column."""
    band = str(row["kind"])
    return band[0].upper() + band[1:] if single else f"{row['group']}, {band}"


def _lines(counted: Counted) -> list[Line]:
    """All, each class, each of its terms."""
    lines = []
    for soc, term in counted.lines():
        name = line_name({"system_organ_class": soc, "term": term, "kind": "worst grade"})
        lines.append(Line(term or soc or "Any adverse event, n (%)", name, indent=1 if term else 0))
    return lines
