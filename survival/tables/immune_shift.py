"""iRECIST against RECIST: best responses under both, and what became of unconfirmed progression.

Seymour, Lancet Oncol 2017; 18: e143-e152; the course after an iUPD is that of `survival.immune_course`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from recist import InputError
from survival.groups import as_columns, declared_groups, label
from survival.immune_course import immune_course
from survival.progression_reasons import CAUSES, UNTOLD
from survival.results import ResultRows
from survival.tables.best_response import IMMUNE, RESPONSES
from survival.tables.table import Line, Shell, Table, column_sizes

SHIFT = Shell(title="Best response and progression by iRECIST against RECIST", total="Total")
BEYOND = "Treated beyond the first iUPD"
BEYOND_DAYS = 28  # Seymour 2017: the next assessment is 4 to 8 weeks later; to be told is not to be treated
FATES = {
    "Assessed again": "Assessed again",
    BEYOND: BEYOND,
    "Confirmed": "Confirmed (iCPD)",
    "Pseudo-progression": "Pseudo-progression: iSD, iPR or iCR followed before any iCPD",
    "Open": "Neither confirmed nor followed by iSD, iPR or iCR",
}
NOTES = (
    "Percentages of best responses and of iUPD are of N; those below iUPD are of the subjects with an iUPD. Without "
    "target lesions non-iCR/non-iUPD counts as iSD.",
    "Time to confirmation: from the first iUPD of the block that is confirmed.  NE: nobody to count, or not evaluable.",
)
TREATED = f"Treated beyond: treatment not ended, or ended more than {BEYOND_DAYS} days after the first iUPD."


def immune_shift_table(
    best: tuple[pd.DataFrame, pd.DataFrame],
    responses: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    shell: Shell = SHIFT,
    column: str = "best_response",
) -> Table:
    """Best responses cross-tabulated, first unconfirmed progression by reason, and its fate.

    Parameters
    ----------
    best : of `recist.best_response` under RECIST and under iRECIST, each of one evaluator.
    responses : of `recist.assess` under iRECIST, of the same evaluator.
    subjects, by : the population, and its columns that make the groups; with `discontinuation_date` the table says who
        was treated beyond the first iUPD.
    shell : title, population, footnotes, and the label of the total column (empty for none).
    column : `best_response` or `confirmed_best_response`.

    Returns
    -------
    Table with `.results` and `.frame`.

    Raises
    ------
    InputError : a column is missing.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-01-01", "2024-02-01"])
    >>> responses = pd.DataFrame({"subject": "1", "date": day, "ioverall": ["iUPD", "iPR"], "overall": "PD",
    ...     "target": ["PD", "PR"], "non_target": "NA", "new_lesion": "N"})
    >>> best = [pd.DataFrame({"subject": ["1"], "best_response": [word]}) for word in ("PD", "iPR")]
    >>> immune_shift_table(tuple(best), responses, pd.DataFrame({"subject": ["1", "2"]})).frame.iloc[1].tolist()
    ['  Partial response (iPR)', '1 (50.0%)']
    """
    if missing := [name for frame in best for name in ("subject", column) if name not in frame]:
        raise InputError(f"best has no column {', '.join(missing)}; make it with recist.best_response")
    by = as_columns(by)
    text = subjects.assign(subject=subjects["subject"].astype(str))
    everyone = text.assign(plain=_best(best[0], text, column), immune=_best(best[1], text, column))
    course = immune_course(responses)
    course = course[course["subject"].isin(text["subject"])].reset_index(drop=True)
    if treated := "discontinuation_date" in subjects:
        ended = course["subject"].map(text.set_index("subject")["discontinuation_date"])
        late = course["iupd_date"] + pd.Timedelta(days=BEYOND_DAYS)
        course = course.assign(beyond=ended.isna() | (ended > late))
    rows = ResultRows(shell.heading, shell.population)
    parts = [(label(key), part) for key, part in declared_groups(everyone, by)]
    sizes = column_sizes([((group,), len(part)) for group, part in parts], shell.total)
    parts += [(shell.total, everyone)] if shell.total in sizes else []
    for group, part in parts:
        _add_best(rows, group, part)
        _add_course(rows, group, len(part), course[course["subject"].isin(part["subject"])])
    notes = (*shell.footnotes, *NOTES, *([TREATED] if treated else []))
    lines = (*_best_lines(everyone), *_course_lines(course, treated))
    return Table(replace(shell, footnotes=notes), lines, sizes, rows.frame())


def _best(best: pd.DataFrame, subjects: pd.DataFrame, column: str) -> pd.Series[str]:
    """Best response of every subject; without one it is not evaluable."""
    known = best.assign(subject=best["subject"].astype(str)).drop_duplicates("subject").set_index("subject")
    return subjects["subject"].map(known[column].astype("string")).fillna("NE").astype("string")


def _add_best(rows: ResultRows, group: str, part: pd.DataFrame) -> None:
    """Each best response by RECIST, and each by iRECIST within it."""
    n = len(part)
    for plain in RESPONSES:
        here = part[(part["plain"] == plain).to_numpy(bool)]
        rows.add_count(f"Best {plain}", group, n, len(here))
        for immune in IMMUNE:
            rows.add_count(f"Best {plain}, {immune}", group, n, int((here["immune"] == immune).sum()))


def _add_course(rows: ResultRows, group: str, n: int, course: pd.DataFrame) -> None:
    """Subjects with an iUPD, what made it, what became of it."""
    first = len(course)
    rows.add_count("iUPD", group, n, first)
    for reason in (*CAUSES.values(), UNTOLD):
        rows.add_count(reason, group, first, int((course["reason"] == reason).sum()))
    confirmed, undone = course["confirmed_date"].notna(), course["reversed_date"].notna()
    fates = {
        "Assessed again": course["assessed_again"].astype(bool),
        "Confirmed": confirmed,
        "Pseudo-progression": undone,
        "Open": ~confirmed & ~undone,
    }
    fates |= {BEYOND: course["beyond"]} if "beyond" in course else {}
    for fate, hit in fates.items():
        rows.add_count(fate, group, first, int(hit.sum()))
    days = course["days_to_confirmation"].dropna().astype(float)
    rows.add("Days", group, len(days), "days", "observed", estimate=days.median())
    rows.add("Days range", group, len(days), "days", "observed", minimum=days.min(), maximum=days.max())


def _best_lines(everyone: pd.DataFrame) -> list[Line]:
    """Best responses that occur, those by iRECIST below those by RECIST."""
    pairs = set(zip(everyone["plain"], everyone["immune"], strict=True))
    lines = []
    for plain in RESPONSES:
        if any(one == plain for one, _ in pairs):
            lines.append(Line(f"Best response by RECIST: {plain}, n (%)", f"Best {plain}", indent=0))
            for immune, (words, _) in IMMUNE.items():
                if (plain, immune) in pairs:
                    lines.append(Line(words, f"Best {plain}, {immune}"))
    return lines


def _course_lines(course: pd.DataFrame, treated: bool) -> list[Line]:
    """The first iUPD and its fate."""
    there = set(course["reason"])
    return [
        Line("Unconfirmed progression (iUPD), n (%)", "iUPD", indent=0),
        Line("Reason of the first iUPD", indent=1),
        *(Line(reason, reason, indent=2) for reason in (*CAUSES.values(), UNTOLD) if reason in there),
        Line("After the first iUPD", indent=1),
        *(Line(title, fate, indent=2) for fate, title in FATES.items() if treated or fate != BEYOND),
        Line("Days from iUPD to iCPD", indent=0),
        Line("Median", "Days", "estimate"),
        Line("Range", "Days range", "range"),
    ]
