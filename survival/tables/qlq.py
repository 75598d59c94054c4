"""Scores of the QLQ-C30 at baseline and mean changes from it by visit, one column per group.

Fayers and others, EORTC QLQ-C30 Scoring Manual, 3rd edition (2001): means of scores from 0 to 100.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from survival.qlq_c30.means import BASELINE, by_visit, groups_of, means, visits_in_order
from survival.qlq_c30.scales import SCALES
from survival.results import ResultRows
from survival.tables.table import Line, Shell, Table, column_sizes

QLQ = Shell(title="EORTC QLQ-C30: scores at baseline and change from baseline")
LIMITS = "Student's t"
NOTES = (
    "Scores from 0 to 100; higher is better for global health status and functions, worse for symptoms.",
    "Baseline and change: subjects with a baseline score; change at a visit: also a score there. "
    "SD: standard deviation; CI: confidence interval by Student's t; NE: not estimable.",
)


def qlq_table(
    change: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    visits: Sequence[str] | None = None,
    shell: Shell = QLQ,
) -> Table:
    """Number, mean and standard deviation at baseline, and of the change at every visit, with 95 % limits.

    Parameters
    ----------
    change : from `survival.qlq_change`, of the scales that are wanted.
    subjects : one row per subject of the population; `change` may hold others, who do not count.
    by : columns that make the groups.
    visits : labels of the visits, in the order wanted; None is all of them by their median day.
    shell : title, population, footnotes, and the label of the total column (empty for none).

    Returns
    -------
    Table with `.results`, `.frame`, `.to_html(path)` and `.to_csv(path)`.

    Raises
    ------
    InputError : a column is missing, or `by` cannot make groups.

    Examples
    --------
    >>> from survival import qlq_change
    >>> scores = pd.DataFrame({"subject": ["1", "1", "2", "2"], "visit": ["BL", "W8"] * 2, "scale": "QL2",
    ...     "date": pd.to_datetime(["2024-01-01", "2024-02-26"] * 2), "score": [75.0, 50.0, 50.0, 50.0]})
    >>> subjects = pd.DataFrame({"subject": ["1", "2"], "randomization_date": pd.Timestamp("2024-01-01")})
    >>> qlq_table(qlq_change(scores, subjects), subjects).frame.iloc[6].tolist()
    ['    Mean (SD)', '-12.5 (17.7)']
    """
    rows, more = by_visit(change)
    chosen = [code for code in SCALES if (change["scale"] == code).any()]
    sizes, members = groups_of(subjects, by, shell.total)
    rows = rows[rows["subject"].isin(subjects["subject"].astype(str))]
    ordered = [BASELINE, *visits_in_order(rows, visits)]
    found = means(rows, members).set_index(["group", "scale", "visit"]).T.to_dict()
    results = ResultRows(shell.heading, shell.population)
    for group, names in members.items():
        for code in chosen:
            for visit in ordered:
                numbers = found.get((group, code, visit), {})
                _add(results, f"{code} {visit}", group, len(names), numbers, visit != BASELINE)
    notes = (*shell.footnotes, *NOTES, *_repeated(more))
    noted = replace(shell, footnotes=notes)
    return Table(noted, tuple(_lines(chosen, ordered)), column_sizes(sizes, shell.total), results.frame())


def _add(
    results: ResultRows, row: str, group: str, n: int, numbers: Mapping[Any, float], limits: bool
) -> None:
    """Number, mean, spread and limits of one scale and visit."""
    results.add(row, group, n, "subjects", count=numbers.get("n", 0))
    results.add(row, group, n, "score", mean=numbers.get("mean"), sd=numbers.get("sd"))
    if limits:
        results.add(row, group, n, "score", LIMITS, lower=numbers.get("lower"), upper=numbers.get("upper"))


def _repeated(more: int) -> tuple[str, ...]:
    """What was left out because a subject has a visit twice."""
    if not more:
        return ()
    return (
        f"A visit counts once per subject, by its first day: {more} further scores are not in the table.",
    )


def _lines(scales: Sequence[str], visits: Sequence[str]) -> list[Line]:
    """Scales, and visits below them."""
    lines = []
    for code in scales:
        lines.append(Line(f"{SCALES[code].title} ({code})", indent=0))
        for visit in visits:
            row = f"{code} {visit}"
            lines.append(Line(visit if visit == BASELINE else f"Change at {visit}"))
            lines.append(Line("n", row, "n", 2))
            lines.append(Line("Mean (SD)", row, "mean (SD)", 2))
            if visit != BASELINE:
                lines.append(Line("95% CI of the mean", row, "limits", 2))
    return lines
