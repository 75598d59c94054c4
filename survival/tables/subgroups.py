"""Subgroup table: the numbers of a forest plot, with the median of each arm in each subgroup.

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
from survival.results import DAYS_PER, ResultRows
from survival.subgroups import ALL
from survival.tables.table import Line, Shell, Table, column_sizes
from survival.tables.time_to_event_analyses import Analysis, printed_groups

SUBGROUPS = Shell(title="Subgroups")
TEST = "likelihood-ratio test of interaction"
NOTES = "Subgroups are not adjusted for multiplicity.  CI: confidence interval; NE: not estimable."


def subgroup_table(
    found: pd.DataFrame,
    tte: pd.DataFrame,
    by: str,
    analysis: Analysis | None = None,
    words: tuple[Shell, Mapping[str, str]] = (SUBGROUPS, {}),
) -> Table:
    """Subjects, events, median and hazard ratio in each subgroup, with a test of interaction per variable.

    Parameters
    ----------
    found : of `survival.subgroup_analysis` of `tte`.
    tte : of `survival.derive_endpoint`, of one endpoint, with the columns of the subgroups.
    by : column of the arms.
    analysis : `unit`, and the limits and convention of the curves.
    words : title, population, footnotes; and what the columns are called in the table.

    Returns
    -------
    Table with `.results` and `.frame`; NE: not estimable.

    Raises
    ------
    InputError : a column is missing.

    Examples
    --------
    >>> from survival import subgroup_analysis
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6, 7, 8], "event": True, "arm": list("ABABABAB"),
    ...     "sex": list("FFFFMMMM")})
    >>> found = subgroup_analysis(tte, "sex", reference="A")
    >>> subgroup_table(found, tte, "arm").frame.iloc[1].tolist()
    ['  Events, n (%)', '4 (100.0%)', '4 (100.0%)']
    """
    analysis, (shell, titles) = analysis or Analysis(), words
    if missing := sorted({str(name) for name in found["variable"]} - {ALL, *map(str, tte)}):
        raise InputError(
            f"the times have no column {', '.join(missing)}; they have {', '.join(map(str, tte))}"
        )
    rows, lines = ResultRows(shell.heading, shell.population), []
    reference = str(found["reference"].iloc[0])
    for (variable, subgroup), part in found.groupby(["variable", "subgroup"], sort=False):
        if is_first(found, variable, subgroup):
            lines += variable_lines(rows, str(variable), part, (TEST, titles))
        whole = variable == ALL
        name = ALL if whole else f"{variable}: {subgroup}"
        chosen = tte if whole else tte[(tte[variable].astype(str) == subgroup).to_numpy()]
        _add(rows, name, chosen, part, (by, analysis))
        lines += _lines(name, ALL if whole else str(subgroup), 0 if whole else 1, (reference, analysis.unit))
    sizes = column_sizes([(key, len(part)) for key, part in groups(tte, [by])], "")
    how = (
        f"Within each subgroup: {found['method'].iloc[0]}.  p of interaction: {TEST} that the hazard ratio is the same "
        "in all subgroups of the variable."
    )
    notes = (
        *shell.footnotes,
        how,
        NOTES,
        *(["A month is 30.4375 days."] if analysis.unit == "months" else []),
    )
    return Table(replace(shell, footnotes=notes), tuple(lines), sizes, rows.frame())


def is_first(found: pd.DataFrame, variable: object, subgroup: object) -> bool:
    """Whether a subgroup is the first of its variable."""
    return variable != ALL and found.loc[found["variable"] == variable, "subgroup"].iloc[0] == subgroup


def variable_lines(
    rows: ResultRows, variable: str, part: pd.DataFrame, words: tuple[str, Mapping[str, str]]
) -> list[Line]:
    """The variable with its test of interaction; `words`: the test, and what variables are called."""
    test, titles = words
    row: Any
    for row in part.itertuples():
        numbers = {"p_value": row.p_interaction}
        rows.add(f"{variable}: interaction", str(row.arm), row.n, "probability", test, **numbers)
    title = titles.get(variable, variable.replace("_", " ").capitalize())
    return [Line(f"{title}: p of interaction", f"{variable}: interaction", "p", 0)]


def _add(
    rows: ResultRows, name: str, chosen: pd.DataFrame, part: pd.DataFrame, how: tuple[str, Analysis]
) -> None:
    """Counts and medians of every arm; the hazard ratio of each against the reference."""
    from survival.estimate.kaplan_meier import kaplan_meier

    by, analysis = how
    for key, mine in groups(chosen, [by]):
        rows.add(f"{name}: subjects", label(key), len(mine), "subjects", count=len(mine))
        rows.add_count(f"{name}: events", label(key), len(mine), int(mine["event"].sum()))
    km = kaplan_meier(chosen, [by], analysis.conf_type, analysis.convention)
    medians, scale = km.quantiles([0.5]), DAYS_PER[analysis.unit]
    values = medians[["n", "time", "lower", "upper"]].itertuples(index=False, name=None)
    for group, (n, *median) in zip(printed_groups(medians, [by]), values, strict=True):
        numbers = dict(zip(("estimate", "lower", "upper"), (v / scale for v in median), strict=True))
        rows.add(f"{name}: median", group, int(n), analysis.unit, "Kaplan-Meier", **numbers)
    row: Any
    for row in part.itertuples():
        limits = {"estimate": row.estimate, "lower": row.lower, "upper": row.upper}
        rows.add(f"{name}: hazard ratio", str(row.arm), row.n, "ratio", row.method, **limits)


def _lines(name: str, title: str, depth: int, words: tuple[str, str]) -> list[Line]:
    """The lines of one subgroup."""
    reference, unit = words
    ratio = f"Hazard ratio against {reference} (95% CI)"
    return [
        Line(f"{title}, n", f"{name}: subjects", "n", depth),
        Line("Events, n (%)", f"{name}: events", indent=depth + 1),
        Line(f"Median, {unit} (95% CI)", f"{name}: median", "estimate (limits)", depth + 1),
        Line(ratio, f"{name}: hazard ratio", "estimate (limits)", depth + 1),
    ]
