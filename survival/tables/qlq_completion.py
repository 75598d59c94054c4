"""How many questionnaires were answered at each visit: of those expected, and of all subjects.

Coens and others (SISAQOL), Lancet Oncol 2020; 21: e83-e96: completion rate, of those still expected to answer,
and rate of available data, of the whole population.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from recist import InputError
from survival.fact_rules import FactRules
from survival.facts import FACTS, subject_facts
from survival.qlq_c30.change import START
from survival.qlq_c30.means import groups_of
from survival.results import ResultRows, rounded
from survival.tables.table import Line, Shell, Table, column_sizes

COMPLETION = Shell(title="EORTC QLQ-C30: completion of questionnaires")
QUESTIONS = 30


@dataclass(frozen=True, kw_only=True)
class Due:
    """When questionnaires are due; another schedule is an edit.

    `planned_days` is visit -> planned day, 0 being the start, and chooses and orders the visits (None: every visit,
    on the median day it was done); `until` are the dates after which none is expected, to which a protocol that
    asks during treatment only adds `discontinuation_date`; `start` names the start date.
    """

    planned_days: Mapping[str, float] | None = None
    until: tuple[str, ...] = ("death_date", "cutoff_date")
    start: tuple[str, ...] = START


DUE = Due()


def qlq_completion_table(
    change: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    due: Due = DUE,
    shell: Shell = COMPLETION,
) -> Table:
    """Questionnaires expected, answered, and answered in full, at each visit.

    Parameters
    ----------
    change : from `survival.qlq_change`, made from scores with the column `answered`.
    subjects : one row per subject of the population: `subject`, a start date, and the dates of `due.until`.
    by : columns that make the groups.
    due : planned days of the visits, and the dates after which no questionnaire is expected.
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
    >>> scores = pd.DataFrame({"subject": ["1", "1", "2"], "visit": ["BL", "W8", "BL"], "scale": "QL2",
    ...     "date": pd.to_datetime(["2024-01-01", "2024-02-26", "2024-01-01"]), "score": 50.0, "answered": 2})
    >>> subjects = pd.DataFrame({"subject": ["1", "2"], "randomization_date": pd.Timestamp("2024-01-01")})
    >>> qlq_completion_table(qlq_change(scores, subjects), subjects).frame.iloc[6:8].values.tolist()
    [['  Expected, n', '2'], ['  Answered, n (% of expected)', '1 (50.0%)']]
    """
    forms = _forms(change)
    sizes, members = groups_of(subjects, by, shell.total)
    planned = _planned(forms, due.planned_days)
    ends = _ends(subjects, due)
    results = ResultRows(shell.heading, shell.population)
    for visit, day in planned.items():
        mine = forms[forms["visit"] == visit].set_index("subject")
        for group, names in members.items():
            answered = mine["answered"].reindex(names).fillna(0).to_numpy()
            expected = (ends.reindex(names).to_numpy() >= day) | (answered > 0)
            _add(results, visit, group, answered, expected)
    lines = [line for visit in planned for line in _lines(visit)]
    days = ", ".join(f"{visit} {rounded(day, 0)}" for visit, day in planned.items())
    said = "planned" if due.planned_days is not None else "median"
    notes = (
        f"Expected: not past {' or '.join(name.removesuffix('_date').replace('_', ' ') for name in due.until)} on the "
        f"{said} day of the visit ({days}; 0: the start), or answered. Answered: at least one item.",
        "Completion rate and rate of available data: SISAQOL, Coens and others, Lancet Oncol 2020; 21: e83-e96.",
    )
    noted = replace(shell, footnotes=(*shell.footnotes, *notes))
    return Table(noted, tuple(lines), column_sizes(sizes, shell.total), results.frame())


def _forms(change: pd.DataFrame) -> pd.DataFrame:
    """One row per subject and visit with its day and the number of items answered."""
    needed = ("subject", "visit", "day", "timing", "answered")
    if missing := [name for name in needed if name not in change]:
        raise InputError(
            f"the changes have no column {', '.join(missing)}; derive them with survival.qlq_change from score_qlq"
        )
    counts = change[~change["timing"].isin(["after cutoff", "after death", "repeated"]).to_numpy(bool)]
    key = [counts["subject"].astype(str), counts["visit"].astype(str)]
    forms = counts.groupby(key).agg(day=("day", "min"), answered=("answered", "sum")).reset_index()
    return forms.assign(answered=forms["answered"].clip(upper=QUESTIONS))


def _planned(forms: pd.DataFrame, planned_days: Mapping[str, float] | None) -> dict[str, float]:
    """Visits and their days, in order."""
    if planned_days is not None:
        return {str(visit): float(day) for visit, day in planned_days.items()}
    day = forms[forms["answered"] > 0].groupby("visit")["day"].median().sort_values(kind="stable")
    return {str(visit): float(when) for visit, when in day.items()}


def _ends(subjects: pd.DataFrame, due: Due) -> pd.Series[float]:
    """Days from the start to the earliest date after which nothing is expected; infinite where there is none."""
    own = tuple(name for name in due.until if name not in FACTS)
    facts = subject_facts(subjects, None, None, FactRules(start=due.start, columns=own))
    dates = pd.concat([facts[name] for name in due.until], axis=1).min(axis=1)
    days = (dates - facts["start_date"]).dt.days.astype(np.float64).fillna(np.inf)
    return days.set_axis(pd.Index(facts["subject"]))


def _add(results: ResultRows, visit: str, group: str, answered: np.ndarray, expected: np.ndarray) -> None:
    """Counts of one visit and group."""
    n, due, done = len(answered), int(expected.sum()), int((answered > 0).sum())
    results.add(f"{visit} expected", group, n, "subjects", count=due)
    results.add_count(f"{visit} of expected", group, due, done)
    results.add_count(f"{visit} of all", group, n, done)
    results.add_count(f"{visit} in full", group, done, int((answered == QUESTIONS).sum()))


def _lines(visit: str) -> list[Line]:
    return [
        Line(visit, indent=0),
        Line("Expected, n", f"{visit} expected", "n"),
        Line("Answered, n (% of expected)", f"{visit} of expected"),
        Line("Answered, n (% of all)", f"{visit} of all"),
        Line(f"All {QUESTIONS} items, n (% of answered)", f"{visit} in full"),
    ]
