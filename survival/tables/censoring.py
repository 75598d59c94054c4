"""Why subjects are censored: one line per reason, and how long before the data cutoff.

FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), Appendix 3: the reasons for
censoring are reported per arm, as an imbalance of them biases the comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from recist import InputError
from survival.endpoint import Endpoint
from survival.groups import as_columns, declared_groups, label
from survival.results import DAYS_PER, ResultRows
from survival.tables.table import Line, Shell, Table, column_sizes

CENSORING = Shell(title="Reasons for censoring")
NOTE = "Percentages are of all subjects of the group."
CUTOFF_NOTE = "Censoring to data cutoff: of censored subjects with both dates."
GAP = "Censoring to cutoff"
ENDED, UNSAID = "discontinuation_reason", "Not recorded"
ENDED_NOTE = (
    "End of treatment or study: of the censored subjects, as recorded; percentages are of all subjects too."
)


def censoring_table(
    tte: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    shell: Shell = CENSORING,
    endpoint: Endpoint | None = None,
    unit: str = "days",
) -> Table:
    """Censored subjects by reason, for one time to an event.

    Parameters
    ----------
    tte : frame of `derive_endpoint` for one endpoint, with `event`, `situation` and `description`.  With `date` and
        `cutoff_date` the time from censoring to the cutoff is shown, with `discontinuation_reason` how treatment or
        study ended for the censored (withdrawal, lost to follow-up ...).
    by : columns that make the groups.
    shell : title, population, footnotes, and the label of a total column (empty for none).
    endpoint : the endpoint; with it a reason that nobody has is shown too, in the order of its situations.
    unit : `days` or `months` (30.4375 days) of the time to the cutoff.

    Returns
    -------
    Table with `.results` and `.frame`; NE where nobody is censored.

    Raises
    ------
    InputError : a column is missing, several endpoints are mixed, or the unit is unknown.

    Examples
    --------
    >>> tte = pd.DataFrame({"subject": list("123"), "event": [True, False, False], "situation": ["P5", "P11", "P11"],
    ...     "description": ["Progression documented", "No progression", "No progression"]})
    >>> censoring_table(tte).frame.iloc[2].tolist()
    ['  No progression', '2 (66.7%)']
    """
    by = as_columns(by)
    _check(tte, unit)
    reasons, ends = _reasons(tte, endpoint), _ends(tte)
    parts = [(label(key), part) for key, part in declared_groups(tte, by)]
    sizes = column_sizes([(key, len(part)) for key, part in declared_groups(tte, by)], shell.total)
    if shell.total in sizes:
        parts.append((shell.total, tte))
    rows = ResultRows(shell.heading, shell.population)
    dated = "date" in tte and "cutoff_date" in tte
    for group, part in parts:
        _add_counts(rows, group, part, reasons)
        if dated:
            _add_gap(rows, group, part, unit)
        _add_ends(rows, group, part, ends)
    notes = (*shell.footnotes, NOTE, *([ENDED_NOTE] if ends else []), *([CUTOFF_NOTE] if dated else []))
    lines = (*_lines(reasons, dated, unit), *_end_lines(ends))
    return Table(replace(shell, footnotes=notes), lines, sizes, rows.frame())


def _check(tte: pd.DataFrame, unit: str) -> None:
    """An error for what would give a wrong table without a word."""
    needed = ("subject", "event", "situation", "description")
    if missing := [name for name in needed if name not in tte]:
        raise InputError(
            f"the times have no column {', '.join(missing)}; they have {', '.join(map(str, tte))}"
        )
    endpoints = sorted(tte["endpoint"].astype(str).unique()) if "endpoint" in tte else []
    if len(endpoints) > 1:
        raise InputError(f"several endpoints in one table ({', '.join(endpoints)}); keep the rows of one")
    if unit not in DAYS_PER:
        raise InputError(f"unit {unit!r} is not one of {', '.join(DAYS_PER)}")


def _reasons(tte: pd.DataFrame, endpoint: Endpoint | None) -> dict[str, str]:
    """Situation -> its words, of every way to be censored."""
    found: dict[str, str] = {}
    if endpoint is not None:
        found = {one.rule: one.text for one in endpoint.situations if one.outcome == "censored"}
    censored = tte[~tte["event"].astype(bool)]
    seen = censored[["situation", "description"]].astype(str).drop_duplicates().sort_values("situation")
    for situation, text in seen.itertuples(index=False, name=None):
        found.setdefault(situation, text)
    return found


def _add_counts(rows: ResultRows, group: str, part: pd.DataFrame, reasons: dict[str, str]) -> None:
    """Subjects, censored subjects, and those of each reason."""
    n, censored = len(part), ~part["event"].astype(bool)
    situation = part["situation"].astype(str)
    rows.add("Subjects", group, n, "subjects", count=n)
    rows.add_count("Censored", group, n, int(censored.sum()))
    for reason in reasons:
        rows.add_count(f"Censored: {reason}", group, n, int((censored & (situation == reason)).sum()))


def _add_gap(rows: ResultRows, group: str, part: pd.DataFrame, unit: str) -> None:
    """Days from the date of censoring to the cutoff: how much of the follow-up is missing."""
    censored = part[~part["event"].astype(bool)]
    days = (censored["cutoff_date"] - censored["date"]).dt.days.dropna() / DAYS_PER[unit]
    values = {"estimate": days.median(), "minimum": days.min(), "maximum": days.max()}
    rows.add(GAP, group, len(days), unit, "median", **values)


def _ends(tte: pd.DataFrame) -> list[str]:
    """Recorded reasons for the end of treatment or study that censored subjects have, sorted; none without a column."""
    if ENDED not in tte:
        return []
    return sorted(tte.loc[~tte["event"].astype(bool), ENDED].dropna().astype(str).unique())


def _add_ends(rows: ResultRows, group: str, part: pd.DataFrame, ends: list[str]) -> None:
    """Censored subjects by how treatment or study ended for them."""
    if not ends:
        return
    censored, ended = ~part["event"].astype(bool), part[ENDED].astype("string").fillna("")
    for reason in ends:
        rows.add_count(f"Ended: {reason}", group, len(part), int((censored & (ended == reason)).sum()))
    rows.add_count(UNSAID, group, len(part), int((censored & (ended == "")).sum()))


def _end_lines(ends: list[str]) -> list[Line]:
    """A line for each recorded reason, and one for those who have none."""
    if not ends:
        return []
    lines = [Line(reason[:1] + reason[1:].lower(), f"Ended: {reason}") for reason in ends]
    return [Line("End of treatment or study", indent=0), *lines, Line(UNSAID, UNSAID)]


def _lines(reasons: dict[str, str], dated: bool, unit: str) -> list[Line]:
    """The lines in the order of the shell."""
    lines = [Line("Subjects, n", "Subjects", "n", 0), Line("Censored, n (%)", "Censored", indent=0)]
    lines += [Line(text, f"Censored: {reason}") for reason, text in reasons.items()]
    if dated:
        lines.append(Line(f"Censoring to data cutoff, {unit}", indent=0))
        lines += [Line("Median", GAP, "estimate"), Line("Range", GAP, "range")]
    return lines
