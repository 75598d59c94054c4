"""Named findings about a table of marrow assessments: what a data manager would ask the site."""

from __future__ import annotations

from string import Formatter

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.errors import SubjectError
from recist.leukaemia.criteria import get_leukaemia_criteria
from recist.leukaemia.criteria.base import LeukaemiaCriteria
from recist.leukaemia.findings import FINDINGS, MarrowFinding, Table
from recist.leukaemia.marrow import as_marrow
from recist.values import as_text

SEVERITY = ("error", "warning", "note")
COLUMNS = ("finding", "severity", "subject", "evaluator", "visit", "row", "message")
DATES = ("treatment_start_date", "death_date", "cutoff_date")


def check_leukaemia(
    assessments: pd.DataFrame,
    criteria: str | LeukaemiaCriteria = "aml_eln2022",
    subjects: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Ask of a table of marrow assessments what a haematologist or a data manager would ask.

    Parameters
    ----------
    assessments : DataFrame
        The table of marrow assessments (see `read_marrow`); counts in 10^9/L.
    criteria : str or LeukaemiaCriteria
        Whose limits count.
    subjects : DataFrame, optional
        `subject` and, where known, `treatment_start_date`, `death_date`, `cutoff_date`; without it the
        findings that need these dates are not looked for.

    Returns
    -------
    DataFrame
        One row per finding, in the order of the table: `finding` (its id), `severity` (error, warning, note),
        `subject`, `evaluator`, `visit`, `row` (row of a spreadsheet whose header is row 1), `message`.

    Raises
    ------
    MarrowError
        When the table cannot be read as one.
    SubjectError
        When the subject table has no column `subject`, or a subject twice.

    Examples
    --------
    >>> row = {"subject": "01", "date": "2024-02-10", "baseline": "N", "blasts_pct": 3, "neutrophils": 1.2}
    >>> check_leukaemia(pd.DataFrame([row | {"platelets": 120000}]))["message"][0]
    'Subject 01, 2024-02-10: platelets 120000. Is it per microlitre? Divide by 1000. (row 2)'
    """
    rows = _with_dates(as_marrow(assessments), subjects)
    table = Table(rows, get_leukaemia_criteria(criteria))
    found = [_reported(one, rows, np.flatnonzero(one.find(table))) for one in FINDINGS]
    frame = pd.concat(found, ignore_index=True).sort_values("row", kind="stable").reset_index(drop=True)
    frame["finding"] = pd.Categorical(frame["finding"], [one.id for one in FINDINGS])
    frame["severity"] = pd.Categorical(frame["severity"], list(SEVERITY))
    return frame[list(COLUMNS)]


def _with_dates(marrow: pd.DataFrame, subjects: pd.DataFrame | None) -> pd.DataFrame:
    """The assessments with the dates of their subjects."""
    if subjects is None:
        return marrow
    if "subject" not in subjects or subjects["subject"].duplicated().any():
        raise SubjectError("The subject table needs a column 'subject', with one row per subject.")
    known = subjects.set_index(subjects["subject"].astype(str))
    place = marrow["subject"].astype(str)
    dates = {
        name: pd.to_datetime(known[name]).reindex(place).to_numpy().astype("datetime64[ns]")
        for name in DATES
        if name in known
    }
    return marrow.assign(**dates)


def _reported(one: MarrowFinding, rows: pd.DataFrame, at: npt.NDArray[np.intp]) -> pd.DataFrame:
    """The rows of one finding with its sentence."""
    hit = rows.iloc[at]
    named = [name for _, name, _, _ in Formatter().parse(one.sentence) if name]
    said = {name: _texts(hit, name) for name in dict.fromkeys(named)}
    who = ["subject", *(["evaluator"] if len(rows["evaluator"].unique()) > 1 else []), "visit"]
    place = list(zip(*(hit[name].astype(str) for name in who), strict=True))
    messages = [
        f"Subject {', '.join(place[n])}: {one.sentence.format(**{k: v[n] for k, v in said.items()})} (row {row + 2})"
        for n, row in enumerate(at.tolist())
    ]
    return pd.DataFrame(
        {
            "finding": one.id,
            "severity": one.severity,
            "subject": hit["subject"].array,
            "evaluator": hit["evaluator"].array,
            "visit": hit["visit"].array,
            "row": pd.array(at + 2, "Int64"),
            "message": pd.array(messages, "str"),
        }
    )


def _texts(hit: pd.DataFrame, name: str) -> list[str]:
    """A column as its sentence names it."""
    if name not in hit:
        return ["not recorded"] * len(hit)
    return ["not recorded" if pd.isna(value) else as_text(value) for value in hit[name]]
