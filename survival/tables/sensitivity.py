"""Sensitivity grid: one outcome under several sets of rules, and how many subjects each of them moves.

FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), Appendix 3: several censoring
rules are shown beside one another so that a reader sees whether the conclusion depends on them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from recist import InputError
from survival.comparison_text import hazard_ratio_note, model_text, strata_text
from survival.groups import as_columns, declared_groups, label
from survival.listings.endpoints import counted_days
from survival.listings.listing import Listing
from survival.results import DAYS_PER, ResultRows
from survival.tables.table import Line, Shell, Table, column_sizes
from survival.tables.time_to_event_analyses import Analysis, printed_groups

SENSITIVITY = Shell(title="Sensitivity analyses")
MOVED = Shell(title="Subjects whose outcome differs in a sensitivity analysis")
OUTCOME = {"time": "days", "event": "event", "date": "date", "description": "reason"}
NOTE = (
    "Moved: subjects whose time or event differs from the main analysis, or who are in one of the two alone."
)


def sensitivity_table(
    times: Mapping[str, pd.DataFrame],
    by: str | None = None,
    shell: Shell = SENSITIVITY,
    analysis: Analysis | None = None,
) -> Table:
    """Events, medians, hazard ratios and moved subjects of one endpoint under several sets of rules.

    Parameters
    ----------
    times : name of the analysis -> frame of `derive_endpoint`; the first is the main analysis.
    by : column that makes the groups.
    shell : title, population, footnotes.
    analysis : `unit`, limits and convention of the curves; with `reference` the arms are compared.

    Returns
    -------
    Table with one block of lines per analysis; NE where nothing is estimable.

    Raises
    ------
    InputError : there is no analysis, or one lacks `subject`, `time` or `event`.

    Examples
    --------
    >>> main = pd.DataFrame({"subject": ["1", "2"], "time": [10, 20], "event": [True, False]})
    >>> other = main.assign(event=True)
    >>> sensitivity_table({"Main": main, "Every event": other}).frame.iloc[-1].tolist()
    ['  Moved subjects, n', '1']
    """
    _check(times)
    analysis, columns = analysis or Analysis(), as_columns(by)
    rows, lines = ResultRows(shell.heading, shell.population), []
    main = next(iter(times.values()))
    for name, tte in times.items():
        lines += [Line(name, indent=0), *_estimates(rows, name, tte, columns, analysis)]
        if tte is not main:
            _add_moved(rows, name, moved(main, tte), tte, columns)
            lines.append(Line("Moved subjects, n", f"{name}: moved", "n"))
    sizes = column_sizes([(key, len(part)) for key, part in declared_groups(main, columns)], "")
    notes = (*shell.footnotes, NOTE, "CI: confidence interval; NE: not estimable.")
    if analysis.unit == "months":
        notes = (*notes, "A month is 30.4375 days.")
    if analysis.reference is not None:
        notes = (*notes, hazard_ratio_note(analysis.ties, analysis.strata))
    return Table(replace(shell, footnotes=notes), tuple(lines), sizes, rows.frame())


def _check(times: Mapping[str, pd.DataFrame]) -> None:
    """At least one analysis, each with who, how long and whether."""
    if not times:
        raise InputError("there is no analysis to show; name at least the main one")
    for name, tte in times.items():
        if missing := [column for column in ("subject", "time", "event") if column not in tte]:
            raise InputError(
                f"the times of {name!r} have no column {', '.join(missing)}; derive them with survival.derive_endpoint"
            )


def _estimates(
    rows: ResultRows, name: str, tte: pd.DataFrame, by: list[str], analysis: Analysis
) -> list[Line]:
    """Events, median and hazard ratio under one set of rules."""
    from survival.estimate.kaplan_meier import kaplan_meier

    for key, part in declared_groups(tte, by):
        rows.add_count(f"{name}: events", label(key), len(part), int(part["event"].sum()))
        if part.empty:
            none = dict.fromkeys(("estimate", "lower", "upper"), math.nan)
            rows.add(f"{name}: median", label(key), 0, analysis.unit, "no subjects", **none)
    scale = DAYS_PER[analysis.unit]
    if len(tte):
        km = kaplan_meier(tte, by or None, analysis.conf_type, analysis.convention)
        found = km.quantiles([0.5])
        values = found[["n", "time", "lower", "upper"]].itertuples(index=False, name=None)
        for group, (n, *median) in zip(printed_groups(found, by), values, strict=True):
            numbers = dict(zip(("estimate", "lower", "upper"), (v / scale for v in median), strict=True))
            rows.add(f"{name}: median", group, int(n), analysis.unit, "Kaplan-Meier", **numbers)
    lines = [
        Line("Events, n (%)", f"{name}: events"),
        Line(f"Median, {analysis.unit} (95% CI)", f"{name}: median", "estimate (limits)"),
    ]
    arms = {label(key) for key, part in declared_groups(tte, by) if len(part)}
    if analysis.reference in arms and len(arms) > 1:
        lines += _comparison(rows, name, tte, by, analysis)
    return lines


def _comparison(
    rows: ResultRows, name: str, tte: pd.DataFrame, by: list[str], analysis: Analysis
) -> list[Line]:
    """Hazard ratio and log-rank test of each arm under one set of rules."""
    from survival.estimate.compare import compare_arms

    compared = compare_arms(
        tte, by[0], analysis.reference, strata=list(analysis.strata) or None, ties=analysis.ties
    )
    for _, row in compared.iterrows():
        group, n = str(row[by[0]]), int(row["n"])
        limits = {"estimate": row["hazard_ratio"], "lower": row["lower"], "upper": row["upper"]}
        method = f"{model_text(analysis.ties)}, {strata_text(analysis.strata)}"
        rows.add(f"{name}: hazard ratio", group, n, "ratio", method, **limits)
        test = f"log-rank, two-sided, {strata_text(analysis.strata)}"
        rows.add(f"{name}: log-rank", group, n, "probability", test, p_value=row["p_logrank"])
    return [
        Line(
            f"Hazard ratio against {analysis.reference} (95% CI)",
            f"{name}: hazard ratio",
            "estimate (limits)",
        ),
        Line("p (log-rank, two-sided)", f"{name}: log-rank", "p"),
    ]


def _add_moved(
    rows: ResultRows, name: str, differing: pd.DataFrame, tte: pd.DataFrame, by: list[str]
) -> None:
    """How many subjects of each group are moved."""
    for key, part in declared_groups(tte, by):
        here = differing
        for column, value in zip(by, key, strict=True):
            here = here[here[column] == value]
        rows.add(f"{name}: moved", label(key), len(part), "subjects", count=len(here))


def moved(main: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The subjects whose time or event differs between two analyses of one endpoint.

    Parameters
    ----------
    main, other : frames of `derive_endpoint`, one row per subject.

    Returns
    -------
    frame with the columns of `main` that describe subjects, and for `time event date description` one column
    ending in `_main` and one in `_other`; missing where the subject is in one analysis alone.

    Examples
    --------
    >>> main = pd.DataFrame({"subject": ["1", "2"], "time": [10, 20], "event": [True, False]})
    >>> moved(main, main.assign(time=[10, 25]))["subject"].tolist()
    ['2']
    """
    _check({"main": main, "other": other})
    told = [name for name in OUTCOME if name in main and name in other]
    about = [name for name in main if name not in (*OUTCOME, "endpoint", "situation", "start_date")]
    names = ["subject", *told]
    plain = [frame.astype({"subject": str}) for frame in (main, other)]
    both = plain[0][names].merge(plain[1][names], on="subject", how="outer", suffixes=("_main", "_other"))
    same = pd.Series(True, index=both.index)
    for name in ("time", "event"):
        same &= (both[f"{name}_main"] == both[f"{name}_other"]).fillna(False).astype(bool)
    everyone = pd.concat([frame[[n for n in about if n in frame]] for frame in plain])
    everyone = everyone.drop_duplicates("subject")
    return both[~same].merge(everyone, on="subject", how="left").reset_index(drop=True)


def moved_listing(times: Mapping[str, pd.DataFrame], shell: Shell = MOVED) -> Listing:
    """Every subject whom a sensitivity analysis moves, with both outcomes and their reasons.

    Parameters and errors are those of `sensitivity_table`.

    Examples
    --------
    >>> main = pd.DataFrame({"subject": ["1", "2"], "time": [10, 20], "event": [True, False]})
    >>> moved_listing({"Main": main, "Every event": main.assign(event=True)}).frame.iloc[0].tolist()
    ['Every event', '2', '20', 'censored', '20', 'event']
    """
    _check(times)
    main_name, main = next(iter(times.items()))
    frames = [moved(main, tte).assign(analysis=name) for name, tte in times.items() if tte is not main]
    told = [name for name in OUTCOME if name in main]
    headings = {"analysis": "Analysis", "subject": "Subject"}
    for ending, title in (("main", main_name), ("other", "Sensitivity analysis")):
        headings |= {f"{name}_{ending}": f"{title}: {OUTCOME[name]}" for name in told}
    frames = [frame for frame in frames if len(frame)]
    data = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(headings))
    words = {True: "event", False: "censored"}
    data = data.reindex(columns=list(headings))
    data = data.assign(**{f"event_{e}": data[f"event_{e}"].map(words) for e in ("main", "other")})
    data = data.assign(**{f"time_{e}": data[f"time_{e}"].astype("Int64") for e in ("main", "other")})
    counted = counted_days(main) if {"start_date", "date"} <= {*main} else ()
    noted = replace(shell, footnotes=(*shell.footnotes, *counted))
    return Listing(noted, headings, data)
