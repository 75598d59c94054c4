"""How long subjects were followed, and whether tumours were assessed when planned.

Follow-up: reverse Kaplan-Meier, Schemper and Smith, Control Clin Trials 1996; 17: 343-346.  Assessments:
`survival.adherence`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from survival.adherence import AssessmentPlan, adherence
from survival.date_text import in_words
from survival.groups import as_columns, declared_groups, label
from survival.results import DAYS_PER, ResultRows
from survival.tables.table import Line, Shell, Table, column_sizes
from survival.tables.time_to_event_analyses import Analysis

FOLLOW_UP = Shell(title="Follow-up and tumour assessments")
VISITS = {
    "in_window": "Within the window",
    "outside": "Outside the window",
    "missed": "Missed",
    "stopped": "Not assessed any more",
}
SUBJECTS = {
    "one missed": ("Subjects with a missed assessment", 1),
    "two missed": ("with two or more in a row", 2),
}
PER_SUBJECT = {
    "assessments": "Assessments per subject",
    "mean_gap_days": "Mean time between assessments of a subject, days",
    "longest_gap_days": "Longest time without assessment, days",
}


def follow_up_table(
    responses: pd.DataFrame,
    subjects: pd.DataFrame,
    plan: AssessmentPlan,
    by: str | Sequence[str] | None = None,
    shell: Shell = FOLLOW_UP,
    survival: pd.DataFrame | None = None,
    unit: str = "months",
    *,
    conf_type: str = "log-log",
    convention: str = "sas",
) -> Table:
    """Median follow-up, and assessments due, kept and missed, per group.

    Parameters
    ----------
    responses, subjects, plan : as in `survival.adherence`.
    by : columns of `subjects` that make the groups.
    shell : title, population, footnotes.
    survival : times of overall survival (`subject time event`, `time` in days); with them the reverse Kaplan-Meier
        follow-up is shown.
    unit : `days` or `months` (30.4375 days) of the follow-up.
    conf_type, convention : limits of the follow-up, as in `kaplan_meier`.

    Returns
    -------
    Table with `.results` and `.frame`; NE: not estimable, or nobody to count.

    Raises
    ------
    InputError : as `survival.adherence`; the unit is unknown.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": ["1"], "randomization_date": pd.to_datetime(["2024-01-01"]),
    ...     "cutoff_date": pd.to_datetime(["2024-07-01"])})
    >>> responses = pd.DataFrame({"subject": "1", "date": pd.to_datetime(["2024-02-26"]), "overall": ["SD"]})
    >>> table = follow_up_table(responses, subjects, AssessmentPlan(every_days=56))
    >>> table.frame.iloc[1:4, 1].tolist()
    ['1 (33.3%)', '0', '0']
    """
    analysis = Analysis(unit=unit, conf_type=conf_type, convention=convention)
    by = as_columns(by)
    kept = adherence(responses, subjects, plan).drop(columns="subject").set_axis(subjects.index)
    rows = ResultRows(shell.heading, shell.population)
    parts = declared_groups(subjects, by)
    sizes = column_sizes([(key, len(part)) for key, part in parts], "")
    for key, part in parts:
        if survival is not None:
            of_part = survival["subject"].astype(str).isin(set(part["subject"].astype(str)))
            _add_follow_up(rows, label(key), survival[of_part], analysis)
        _add_visits(rows, label(key), kept.loc[part.index])
    notes = (*shell.footnotes, *_notes(plan, survival is not None, int(kept["due"].isna().sum())))
    lines = _lines(survival is not None, unit)
    return Table(replace(shell, footnotes=notes), tuple(lines), sizes, rows.frame())


def _add_follow_up(rows: ResultRows, group: str, times: pd.DataFrame, analysis: Analysis) -> None:
    """Median of the reverse Kaplan-Meier estimate."""
    from survival import follow_up

    unit = analysis.unit
    numbers: dict[str, float | None] = dict.fromkeys(("estimate", "lower", "upper"))
    if len(times):
        found = follow_up(times, None, [0.5], analysis.conf_type, analysis.convention).iloc[0]
        values = [found["time"], found["lower"], found["upper"]]
        numbers = {name: value / DAYS_PER[unit] for name, value in zip(numbers, values, strict=True)}
    rows.add(
        "Follow-up", group, len(times), unit, f"reverse Kaplan-Meier, {analysis.conf_type} limits", **numbers
    )


def _add_visits(rows: ResultRows, group: str, kept: pd.DataFrame) -> None:
    """Visits due and what became of them; subjects who missed some; counts per subject."""
    counted = kept[kept["due"].notna()]
    n, due = len(counted), int(counted["due"].sum())
    rows.add("Due", group, n, "assessments", count=due)
    for name in VISITS:
        count = int(counted[name].sum())
        rows.add(name, group, n, "assessments", count=count)
        rows.add(name, group, n, "proportion", "of those due", proportion=count / due if due else None)
    for name, (_, least) in SUBJECTS.items():
        rows.add_count(name, group, n, int((counted["missed_in_a_row"] >= least).sum()))
    for name in PER_SUBJECT:
        values, unit = counted[name].dropna(), "days" if name.endswith("days") else "assessments"
        numbers = {"estimate": values.median(), "minimum": values.min(), "maximum": values.max()}
        rows.add(name, group, len(values), unit, "median", **numbers)


def _lines(followed: bool, unit: str) -> list[Line]:
    """The lines in the order of the shell."""
    lines = (
        [Line(f"Median follow-up, {unit} (95% CI)", "Follow-up", "estimate (limits)", 0)] if followed else []
    )
    lines.append(Line("Tumour assessments due, n", "Due", "n", 0))
    lines += [Line(f"{title}, n (%)", name) for name, title in VISITS.items()]
    (one, two) = SUBJECTS.items()
    lines += [Line(f"{one[1][0]}, n (%)", one[0], indent=0), Line(f"{two[1][0]}, n (%)", two[0])]
    for name, title in PER_SUBJECT.items():
        lines += [Line(title, indent=0), Line("Median", name, "estimate"), Line("Range", name, "range")]
    return lines


def _notes(plan: AssessmentPlan, followed: bool, uncounted: int) -> tuple[str, ...]:
    """What a reader must know to reproduce the numbers."""
    notes = [
        f"Assessments are planned every {plan.every_days} days from {in_words(plan.start)}, window {plan.window_days} days "
        "either way; due until progression, death, new therapy, data cutoff or last contact, whichever is first.",
        "Missed: no assessment nearer to this visit than to another, but one later; not assessed any more: none later. "
        "The longest time counts from the start.",
    ]
    if followed:
        notes.append("Follow-up: reverse Kaplan-Meier; NE: not estimable.")
    if uncounted:
        notes.append(f"Not counted for want of a date: {uncounted} subject{'s' if uncounted > 1 else ''}.")
    return tuple(notes)
