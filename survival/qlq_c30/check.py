"""Named findings about a table of QLQ-C30 answers: what a data manager would ask the site.

The findings are listed in docs/findings_qlq_c30.md; the data are never changed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist import SubjectError
from survival.fact_sources import SUBJECT_DATES, dates
from survival.qlq_c30.answers import as_qlq
from survival.qlq_c30.evidence import Answers, Words
from survival.qlq_c30.findings import FINDINGS, SEVERITY, QlqFinding

COLUMNS = ("finding", "severity", "subject", "visit", "row", "message")
START = ("randomization_date", "treatment_start_date")


def check_qlq(
    qlq: pd.DataFrame, subjects: pd.DataFrame | None = None, start: Sequence[str] = START
) -> pd.DataFrame:
    """Ask of a table of answers what a data manager would ask.

    Parameters
    ----------
    qlq : DataFrame
        The table of answers (see `survival.read_qlq`).
    subjects : DataFrame, optional
        `subject` and, where known, a start date, `death_date` and `cutoff_date`; without it the findings
        that need these are not looked for.
    start : names of the date columns that are the start; the first that the subject table has counts.

    Returns
    -------
    DataFrame
        One row per finding, in the order of the table: `finding` (its id), `severity` (error, warning, note),
        `subject`, `visit`, `row` (row of a spreadsheet whose header is row 1), `message`.

    Raises
    ------
    QlqError
        When the table cannot be read as one of answers.
    SubjectError
        When the subject table has no column `subject`, or a subject twice.

    Examples
    --------
    >>> answers = {f"q{n}": [1] for n in range(1, 31)} | {"q5": [5]}
    >>> found = check_qlq(pd.DataFrame({"subject": ["01"], "date": ["2024-01-01"]} | answers))
    >>> found["message"][0]
    'Subject 01, 2024-01-01: q5 = 5 (of 1 to 4). What was ticked? (row 2)'
    """
    given = as_qlq(qlq)
    rows = given if "row" in given else given.assign(row=np.arange(len(given)) + 2)
    table = Answers(rows, None if subjects is None else _keyed(subjects, start))
    found = [_reported(one, rows, *one.find(table)) for one in FINDINGS]
    frame = pd.concat(found, ignore_index=True).sort_values("row", kind="stable").reset_index(drop=True)
    frame["finding"] = pd.Categorical(frame["finding"], [one.id for one in FINDINGS])
    frame["severity"] = pd.Categorical(frame["severity"], list(SEVERITY))
    return frame[list(COLUMNS)]


def _keyed(subjects: pd.DataFrame, start: Sequence[str]) -> pd.DataFrame:
    """The dates of the subject table by subject."""
    if "subject" not in subjects or subjects["subject"].duplicated().any():
        raise SubjectError("The subject table needs a column 'subject', with one row per subject.")
    names = [name for name in dict.fromkeys((*SUBJECT_DATES, *start)) if name in subjects]
    found = {name: dates(subjects[name], f"subjects, column {name}") for name in names}
    known = pd.DataFrame(found, index=range(len(subjects)))
    known.index = pd.Index(subjects["subject"].astype(str))
    first = next((name for name in start if name in known and known[name].notna().any()), None)
    return known if first is None else known.assign(start_date=known[first])


def _reported(one: QlqFinding, rows: pd.DataFrame, hit: npt.NDArray[np.bool_], words: Words) -> pd.DataFrame:
    """The rows of one finding with its sentence."""
    found = rows[hit]
    place = zip(found["subject"].astype(str), found["visit"].astype(str), found["row"], strict=True)
    messages = [
        f"Subject {subject}, {visit}: {one.sentence.format(**{k: v[n] for k, v in words.items()})} (row {row})"
        for n, (subject, visit, row) in enumerate(place)
    ]
    return pd.DataFrame(
        {
            "finding": one.id,
            "severity": one.severity,
            "subject": found["subject"].array,
            "visit": found["visit"].array,
            "row": found["row"].astype("Int64").array,
            "message": pd.array(messages, "str"),
        }
    )
