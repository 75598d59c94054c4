"""The same readings under several criteria: best responses crossed, dates of progression, an endpoint under each.

What agrees with what is said in `recist.compare_criteria`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pandas as pd

from recist import CriteriaComparison, InputError, compare_criteria
from survival.groups import as_columns, declared_groups, groups, label
from survival.results import DAYS_PER, ResultRows
from survival.tables.best_response import IMMUNE, RESPONSES
from survival.tables.table import Line, Shell, Table, column_sizes
from survival.tables.time_to_event_analyses import Analysis, printed_groups

COMPARED = Shell(title="Criteria compared", total="Total")
ALIKE = {"iCR": "CR", "iPR": "PR", "iSD": "SD", "iCPD": "PD", "NON-iCR/NON-iUPD": "NON-CR/NON-PD"}
ORDER = list(dict.fromkeys([*RESPONSES, *IMMUNE]))
TIMING = {
    "same day": "Same day",
    "earlier": "Earlier by the second",
    "later": "Later by the second",
    "only here": "By the first only",
    "only there": "By the second only",
}
NOTES = (
    "Percentages of best responses are of N; of progression dates of the subjects who progressed by either; of visits of "
    "the visits assessed.  iCR, iPR, iSD and iCPD agree with CR, PR, SD and PD; iUPD agrees with none of them.",
    "Difference: second date less first, days, where both progressed.  The subjects are the same under each criteria, so "
    "that no test between them is shown.  CI: confidence interval; NE: not estimable.",
)


def criteria_table(
    responses: pd.DataFrame,
    best: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    shell: Shell = COMPARED,
    times: Mapping[str, pd.DataFrame] | None = None,
    **settings: Any,
) -> Table:
    """Each pair of criteria: visits and best responses that differ, dates of progression; then times to an event.

    Parameters
    ----------
    responses, best : of `recist.assess` and `recist.best_response`, of one evaluator, with several criteria.
    subjects, by : the population, and its columns that make the groups.
    shell : title, population, footnotes, and the label of the total column (empty for none).
    times : criteria -> frame of `derive_endpoint`, for example of progression-free survival.
    **settings : `titles` (criteria -> what it is called in the table), `column` (`best_response` or
        `confirmed_best_response`), `endpoint` (name of what `times` are of), `analysis` (`unit`, limits and convention).

    Returns
    -------
    Table with `.results` and `.frame`.

    Raises
    ------
    InputError : there is one criteria only, or a column is missing.

    Examples
    --------
    >>> import recist
    >>> lesions = pd.DataFrame({"subject": "01", "visit": ["BASELINE", "WEEK 8"], "lesion": "T1",
    ...     "role": "target", "date": ["2024-01-02", "2024-02-27"], "organ": "LIVER", "diameter_mm": [50, 36]})
    >>> responses = recist.assess(lesions, ["recist_1_1", "recist_1_1[pr_pct=25]"])
    >>> table = criteria_table(responses, recist.best_response(responses), pd.DataFrame({"subject": ["01"]}))
    >>> table.frame.iloc[1:3, 1].tolist()
    ['0', '1 (100.0%)']
    """
    by = as_columns(by)
    names = [str(name) for name in responses["criteria"].unique()]
    titles = {name: settings.get("titles", {}).get(name, name) for name in names}
    column, analysis = settings.get("column", "best_response"), settings.get("analysis") or Analysis()
    if len(names) < 2:
        raise InputError(f"the responses are of one criteria only ({', '.join(names) or 'none'})")
    text = subjects.assign(subject=subjects["subject"].astype(str))
    rows = ResultRows(shell.heading, shell.population)
    parts = [(label(key), part) for key, part in declared_groups(text, by)]
    sizes = column_sizes([((group,), len(part)) for group, part in parts], shell.total)
    parts += [(shell.total, text)] if shell.total in sizes else []
    data = responses, best, column
    found = compare_criteria(responses, best)
    for group, part in parts:
        _add_pairs(rows, (group, part), data, found)
    _add_nobody(rows, {group: len(part) for group, part in parts})
    lines = _pair_lines(rows, names, titles)
    for name, tte in (times or {}).items():
        _add_times(rows, name, tte, (by, shell.total, analysis))
    if times:
        title = settings.get("endpoint", "Time to event")
        lines += _time_lines(title, {name: titles.get(name, name) for name in times}, analysis)
    notes = (*shell.footnotes, *NOTES, *(["A month is 30.4375 days."] if analysis.unit == "months" else []))
    return Table(replace(shell, footnotes=notes), tuple(lines), sizes, rows.frame())


def _add_pairs(
    rows: ResultRows,
    named: tuple[str, pd.DataFrame],
    data: tuple[pd.DataFrame, pd.DataFrame, str],
    found: CriteriaComparison,
) -> None:
    """The numbers of every pair of criteria in one group."""
    (group, part), (responses, best, column) = named, data
    mine = set(part["subject"])
    seen, known, parted, progressed = (
        frame[frame["subject"].astype(str).isin(mine).to_numpy()]
        for frame in (responses, best, found.visits, found.progression)
    )
    names = [str(name) for name in responses["criteria"].unique()]
    if seen["criteria"].astype(str).nunique() < len(names):  # nobody of the group was assessed
        return
    for a, b in combinations(names, 2):
        pair = f"{a} / {b}"
        crossed = _crossed(known, a, b, column)
        rows.add_count(f"{pair}: same best", group, len(part), int(_same(crossed).sum()))
        for (one, other), n in Counter(zip(crossed["one"], crossed["other"], strict=True)).items():
            rows.add_count(f"{pair}: {one} - {other}", group, len(part), n)
        visits = seen[["subject", "visit", "date"]].drop_duplicates(["subject", "visit"])
        rows.add_count(f"{pair}: visits", group, len(visits), int(_of_pair(parted, a, b).sum()))
        dates = progressed[_of_pair(progressed, a, b)]
        rows.add_count(f"{pair}: progressed", group, len(part), len(dates))
        for timing in TIMING:
            rows.add_count(f"{pair}: {timing}", group, len(dates), int((dates["timing"] == timing).sum()))
        days = dates["difference_days"].dropna().astype(float)
        rows.add(f"{pair}: difference", group, len(days), "days", estimate=days.median())
        rows.add(
            f"{pair}: difference range", group, len(days), "days", minimum=days.min(), maximum=days.max()
        )


def _add_nobody(rows: ResultRows, sizes: Mapping[str, int]) -> None:
    """A count of 0 where a pair of best responses occurs in other groups alone."""
    crossed = dict.fromkeys(str(row["row"]) for row in rows.rows if " - " in str(row["row"]))
    there = {(row["row"], row["group"]) for row in rows.rows}
    for name in crossed:
        for group, n in sizes.items():
            if (name, group) not in there:
                rows.add_count(name, group, n, 0)


def _of_pair(frame: pd.DataFrame, a: str, b: str) -> pd.Series[bool]:
    """Rows of one pair of criteria."""
    return (frame["criteria"].astype(str) == a) & (frame["other_criteria"].astype(str) == b)


def _crossed(best: pd.DataFrame, a: str, b: str, column: str) -> pd.DataFrame:
    """Best responses of the subjects who have both."""
    sides = []
    for name in (a, b):
        rows = best[(best["criteria"].astype(str) == name).to_numpy()]
        sides.append(rows.set_index(rows["subject"].astype(str))[column].astype("string").fillna("NE"))
    return pd.concat(sides, axis=1, join="inner", keys=["one", "other"])


def _same(crossed: pd.DataFrame) -> pd.Series[bool]:
    return crossed["one"].replace(ALIKE) == crossed["other"].replace(ALIKE)


def _pair_lines(rows: ResultRows, names: list[str], titles: Mapping[str, str]) -> list[Line]:
    """The lines of every pair; of best responses those that occur, in the order of the terms."""
    there = {str(row["row"]) for row in rows.rows}
    lines = []
    for a, b in combinations(names, 2):
        pair = f"{a} / {b}"
        lines += [
            Line(f"{titles[a]} against {titles[b]}", indent=0),
            Line("Same best response, n (%)", f"{pair}: same best"),
        ]
        lines += [
            Line(f"{one} by the first, {other} by the second", f"{pair}: {one} - {other}", indent=2)
            for one in ORDER
            for other in ORDER
            if f"{pair}: {one} - {other}" in there
        ]
        lines += [
            Line("Visits with different responses, n (%)", f"{pair}: visits"),
            Line("Progressed by either, n (%)", f"{pair}: progressed"),
            *(Line(title, f"{pair}: {timing}", indent=2) for timing, title in TIMING.items()),
            Line("Difference of the dates, days: median", f"{pair}: difference", "estimate"),
            Line("Difference of the dates, days: range", f"{pair}: difference range", "range"),
        ]
    return lines


def _add_times(rows: ResultRows, name: str, tte: pd.DataFrame, how: tuple[list[str], str, Analysis]) -> None:
    """Events and median under one criteria, per group and in total."""
    from survival.estimate.kaplan_meier import kaplan_meier

    by, total, analysis = how
    scale = DAYS_PER[analysis.unit]
    for columns in [by, *([[]] if by and total else [])]:
        km = kaplan_meier(tte, columns or None, analysis.conf_type, analysis.convention)
        found = km.quantiles([0.5])
        printed = printed_groups(found, columns) if columns or not by else [total]
        counts = [int(part["event"].sum()) for _, part in groups(tte, columns)]
        values = found[["n", "time", "lower", "upper"]].itertuples(index=False, name=None)
        for group, count, (n, *median) in zip(printed, counts, values, strict=True):
            rows.add_count(f"{name}: events", group, int(n), count)
            limits = dict(zip(("estimate", "lower", "upper"), (v / scale for v in median), strict=True))
            rows.add(f"{name}: median", group, int(n), analysis.unit, "Kaplan-Meier", **limits)


def _time_lines(title: str, names: Mapping[str, str], analysis: Analysis) -> list[Line]:
    """Events and median of each criteria."""
    lines = []
    for name, words in names.items():
        lines += [
            Line(f"{title} by {words}", indent=0),
            Line("Events, n (%)", f"{name}: events"),
            Line(f"Median, {analysis.unit} (95% CI)", f"{name}: median", "estimate (limits)"),
        ]
    return lines
