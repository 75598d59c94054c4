"""Subgroup table of a response rate: the numbers of its forest plot.

Wang et al., N Engl J Med 2007; 357: 2189-2194: an effect in each subgroup with limits, and one test of interaction
per subgroup variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from recist import InputError
from survival.groups import groups, label
from survival.results import ResultRows
from survival.subgroups import ALL
from survival.tables.subgroups import NOTES, SUBGROUPS, is_first, variable_lines
from survival.tables.table import Line, Shell, Table, column_sizes

TEST = "Cochran's chi-square test of heterogeneity"
MEASURES = {  # as the method begins -> row of the results, unit, title
    "difference": ("difference", "proportion", "Difference to"),
    "odds ratio": ("odds ratio", "ratio", "Odds ratio against"),
}


def rate_subgroup_table(
    found: pd.DataFrame,
    frame: pd.DataFrame,
    by: str,
    words: tuple[Shell, Mapping[str, str]] = (SUBGROUPS, {}),
) -> Table:
    """Subjects, responders and difference (or odds ratio) in each subgroup, with a test of interaction per variable.

    Parameters
    ----------
    found : of `survival.subgroup_rates` of `frame`.
    frame : one row per subject, with the column of the arms.
    by : column of the arms.
    words : title, population, footnotes; and what the columns are called in the table.

    Returns
    -------
    Table with `.results` and `.frame`; NE: not estimable.

    Raises
    ------
    InputError : a column is missing.

    Examples
    --------
    >>> from survival import subgroup_rates
    >>> frame = pd.DataFrame({"arm": list("AABB") * 4, "orr": [0, 1, 1, 1] * 4, "sex": ["F"] * 8 + ["M"] * 8})
    >>> table = rate_subgroup_table(subgroup_rates(frame, "orr", "sex", reference="A"), frame, "arm")
    >>> table.frame.iloc[1].tolist()
    ['  Responders, n (%)', '4 (50.0%)', '8 (100.0%)']
    """
    (shell, titles), measure = words, _measure(found)
    if by not in frame:
        raise InputError(f"the frame has no column {by}; it has {', '.join(map(str, frame))}")
    rows, lines = ResultRows(shell.heading, shell.population), []
    reference = str(found["reference"].iloc[0])
    level = f"{100 * found['level'].iloc[0]:g}% CI"
    for (variable, subgroup), part in found.groupby(["variable", "subgroup"], sort=False):
        if is_first(found, variable, subgroup):
            lines += variable_lines(rows, str(variable), part, (TEST, titles))
        whole = variable == ALL
        name, title = (ALL, ALL) if whole else (f"{variable}: {subgroup}", str(subgroup))
        _add(rows, name, part, measure)
        kind, _, comparison = MEASURES[measure]
        lines += [
            Line(f"{title}, n", f"{name}: subjects", "n", 0 if whole else 1),
            Line("Responders, n (%)", f"{name}: responders", indent=1 if whole else 2),
            Line(
                f"{comparison} {reference} ({level})",
                f"{name}: {kind}",
                "estimate (limits)",
                1 if whole else 2,
            ),
        ]
    how = (
        f"Within each subgroup: {found['method'].iloc[0]}, unstratified.  p of interaction: {TEST} over the subgroups "
        "of the variable."
    )
    sizes = column_sizes([(key, len(part)) for key, part in groups(frame, [by])], "")
    noted = replace(shell, footnotes=(*shell.footnotes, how, NOTES))
    return Table(noted, tuple(lines), sizes, rows.frame())


def _measure(found: pd.DataFrame) -> str:
    """Difference or odds ratio, from the method."""
    method = str(found["method"].iloc[0])
    return next((name for name in MEASURES if method.startswith(name)), "difference")


def _add(rows: ResultRows, name: str, part: pd.DataFrame, measure: str) -> None:
    """Counts of every arm, the reference's once; the measure of each arm against the reference."""
    kind, unit, _ = MEASURES[measure]
    row: Any
    for row in part.itertuples():
        arm = label((row.arm,))
        _add_counts(rows, name, arm, (row.n, row.events))
        limits = {"estimate": row.estimate, "lower": row.lower, "upper": row.upper}
        rows.add(f"{name}: {kind}", arm, row.n, unit, row.method, **limits)
    _add_counts(rows, name, label((row.reference,)), (row.n_reference, row.events_reference))


def _add_counts(rows: ResultRows, name: str, group: str, counts: tuple[int, int]) -> None:
    """Subjects and responders of one arm in one subgroup."""
    n, responders = counts
    rows.add(f"{name}: subjects", group, n, "subjects", count=n)
    rows.add_count(f"{name}: responders", group, n, responders)
