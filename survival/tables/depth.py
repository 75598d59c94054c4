"""Depth of response: the best change of the sum of diameters, summarised per group.

McCoach, Ann Oncol 2017; 28: 2707; what counts is said in `survival.depth`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from recist import InputError
from survival.depth import DEPTH_RULES, DepthRules, depth_summary
from survival.groups import as_columns, declared_groups, label
from survival.results import ResultRows
from survival.tables.table import Line, Shell, Table, column_sizes

DEPTH = Shell(title="Depth of response", total="Total")
LEAST = {  # decrease of at least, per cent -> printed
    0: "Any decrease",
    30: "Decrease of 30% or more",
    50: "Decrease of 50% or more",
    80: "Decrease of 80% or more",
    100: "Decrease of 100%",
}
UNTIL = {
    "progression": "up to and including the first progression",
    "any": "of all assessments, also after progression",
}


def depth_table(
    depth: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    shell: Shell = DEPTH,
    rules: DepthRules = DEPTH_RULES,
) -> Table:
    """Median, quartiles and range of the best change, and how many reached given decreases.

    Parameters
    ----------
    depth : of `survival.depth_of_response`.
    by : its columns that make the groups.
    shell : title, population, footnotes, and the label of the total column (empty for none).
    rules : those that `depth` was made by; they are told in a footnote.

    Returns
    -------
    Table with `.results` and `.frame`; NE: nobody has a change.

    Raises
    ------
    InputError : a column is missing.

    Examples
    --------
    >>> depth = pd.DataFrame({"best_change_pct": [-60.0, -20.0, None], "note": ["", "", "no assessment"]})
    >>> depth_table(depth).frame.iloc[:3, 1].tolist()
    ['2 (66.7%)', '1 (33.3%)', '']
    """
    if missing := [name for name in ("best_change_pct", "note") if name not in depth]:
        raise InputError(f"depth has no column {', '.join(missing)}; make it with depth_of_response")
    by = as_columns(by)
    rows = ResultRows(shell.heading, shell.population)
    parts = [(label(key), part) for key, part in declared_groups(depth, by)]
    sizes = column_sizes([((group,), len(part)) for group, part in parts], shell.total)
    parts += [(shell.total, depth)] if shell.total in sizes else []
    reasons = sorted(set(depth.loc[depth["best_change_pct"].isna(), "note"].astype(str)) - {""})
    for group, part in parts:
        _add(rows, group, part, reasons)
    limits = "" if rules.nact_rule == "ignore" else " and new anticancer therapy"
    notes = (
        f"Best change: the smallest change from baseline of a complete sum of diameters, {UNTIL[rules.last]}{limits}.",
        "Percentages of decreases are of the subjects with a change.  NE: not estimable.",
    )
    noted = replace(shell, footnotes=(*shell.footnotes, *notes))
    return Table(noted, tuple(_lines(reasons)), sizes, rows.frame())


def _add(rows: ResultRows, group: str, part: pd.DataFrame, reasons: list[str]) -> None:
    """The numbers of one group."""
    change = part["best_change_pct"].astype(float)
    known, n = change.dropna(), len(part)
    rows.add_count("With a change", group, n, len(known))
    for reason in reasons:
        hit = change.isna() & part["note"].astype(str).eq(reason)
        rows.add_count(f"Without: {reason}", group, n, int(hit.sum()))
    summary = depth_summary(part).iloc[0]
    values = {name: summary[name] / 100 for name in ("median", "q1", "q3", "minimum", "maximum", "mean")}
    rows.add("Mean", group, len(known), "proportion", estimate=values["mean"])
    rows.add("Median", group, len(known), "proportion", estimate=values["median"])
    rows.add("Quartiles", group, len(known), "proportion", minimum=values["q1"], maximum=values["q3"])
    rows.add("Range", group, len(known), "proportion", minimum=values["minimum"], maximum=values["maximum"])
    for least, title in LEAST.items():
        hit = known < 0 if least == 0 else known <= -least + 1e-9  # 100 * (70 - 100) / 100 may miss -30
        rows.add_count(title, group, len(known), int(hit.sum()))


def _lines(reasons: list[str]) -> list[Line]:
    """The lines in order."""
    return [
        Line("Subjects with a change, n (%)", "With a change", indent=0),
        *(Line(f"Without: {reason}", f"Without: {reason}") for reason in reasons),
        Line("Best change from baseline", indent=0),
        Line("Mean", "Mean", "estimate"),
        Line("Median", "Median", "estimate"),
        Line("Quartiles", "Quartiles", "range"),
        Line("Range", "Range", "range"),
        Line("Decrease from baseline, n (%)", indent=0),
        *(Line(title, title) for title in LEAST.values()),
    ]
