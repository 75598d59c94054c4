"""The subject table: one row per subject with arm, dates and flags; its data dictionary, read_subjects."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from recist import Column, Dictionary, SubjectError, conform, read_conformed

START_DATES = ("randomization_date", "treatment_start_date")
SUBJECTS = Dictionary(
    name="subject table",
    place=(("subject", ""),),
    error=SubjectError,
    columns=(
        Column("subject", "identifier", "Who; leading zeros are kept; one row each.", "yes"),
        Column("arm", "text", "Treatment group, as printed in tables."),
        Column("randomization_date", "date", "Day of randomisation.", "one start date"),
        Column("treatment_start_date", "date", "Day of the first dose.", "one start date"),
        Column("death_date", "date", "Day of death; blank when not known to have died."),
        Column("last_alive_date", "date", "Last day known to be alive."),
        Column("new_therapy_date", "date", "First day of a new anticancer therapy."),
        Column("discontinuation_date", "date", "Day the subject left treatment or study."),
        Column("cutoff_date", "date", "Data cutoff."),
        Column("itt", "flag", "Intention-to-treat population."),
        Column("safety", "flag", "Safety population."),
        Column("response_evaluable", "flag", "Counts in response rates of evaluable subjects."),
    ),
)
NOTES = """\
At least one of `randomization_date` and `treatment_start_date` is needed, or a date of the study's own to
start from.  Any other column whose name ends in `_date` is read as a date; every other column (strata,
covariates, further flags) is kept, and a text column that holds only Y, N and blanks becomes a flag."""
_FLAG_WORDS = frozenset({"Y", "N"})


def read_subjects(path: str | Path, columns: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Read the subject table from a csv, parquet, xlsx, xpt or sas7bdat file (plain or .gz).

    Parameters
    ----------
    path : str or Path
        The file; its suffix decides how it is read.
    columns : mapping, optional
        Their column name -> ours, for example ``{"USUBJID": "subject"}``.

    Returns
    -------
    DataFrame
        As `as_subjects` returns it.

    Raises
    ------
    SubjectError
        When the file, a column or a value cannot be used; the message names the place and the remedy.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "subjects.csv"
    >>> _ = file.write_text("subject,arm,randomization_date,itt\\n007,A,2024-03-15,Y\\n")
    >>> read_subjects(file)[["subject", "itt"]].values.tolist()
    [['007', True]]
    """
    return read_conformed(path, columns, as_subjects, SubjectError)


def as_subjects(frame: pd.DataFrame) -> pd.DataFrame:
    """Conform a frame to the subject table: identifiers as text, dates as days, flags as true or false.

    Parameters
    ----------
    frame : DataFrame
        One row per subject.

    Returns
    -------
    DataFrame
        The dtypes of the data dictionary and a default index; the very same frame when it conforms already.

    Raises
    ------
    SubjectError
        When a subject is missing or occurs twice, no start date is there, or a date or flag cannot be read.

    Examples
    --------
    >>> subjects = as_subjects(pd.DataFrame({"subject": ["7"], "treatment_start_date": ["2024-03-15T08:30"]}))
    >>> str(subjects["treatment_start_date"].iloc[0])
    '2024-03-15 00:00:00'
    """
    dictionary = _with_other_dates(frame)
    subjects = conform(frame, dictionary)
    _refuse_repeated(subjects)
    _refuse_no_start(subjects, [column.name for column in dictionary.columns if column.kind == "date"])
    known = set(dictionary.names())
    text = [str(c) for c in subjects if c not in known and _is_text(subjects[c])]
    flags = {c: _as_flag(subjects[c]) for c in text if _only_yes_no(subjects[c])}
    words = {c: subjects[c].astype("category") for c in text if c not in flags}
    changed = flags | {c: v for c, v in words.items() if subjects[c].dtype != v.dtype}
    return subjects.assign(**changed) if changed else subjects


def dictionary_markdown() -> str:
    """The data dictionary of the subject table as Markdown."""
    return f"{SUBJECTS.markdown()}\n\n{NOTES}"


def _with_other_dates(frame: pd.DataFrame) -> Dictionary:
    """The dictionary with the frame's own `*_date` columns added: a study may start from any of them.

    A name close to an absent column of ours is left for `conform` to ask about.
    """
    if not isinstance(frame, pd.DataFrame):
        return SUBJECTS  # conform says what is wrong
    known = SUBJECTS.names()
    absent = [name for name in known if name not in frame]
    own = [str(c) for c in frame.columns if str(c).endswith("_date") and c not in known]
    own = [name for name in own if not get_close_matches(name, absent, 1, 0.84)]
    more = tuple(Column(name, "date", "A date of this study.") for name in dict.fromkeys(own))
    return Dictionary(SUBJECTS.name, SUBJECTS.columns + more, SUBJECTS.place, SUBJECTS.error)


def _refuse_repeated(subjects: pd.DataFrame) -> None:
    again = subjects["subject"].duplicated().to_numpy()
    if not again.any():
        return
    first = {s: n for n, s in reversed(list(enumerate(subjects["subject"])))}
    rows = np.flatnonzero(again)
    names = subjects["subject"].iloc[rows].tolist()
    shown = [
        f"{s}: occurs again (row {r + 2}; first in row {first[s] + 2})"
        for s, r in zip(names, rows, strict=True)
    ]
    more = [f"... and {len(shown) - 5} more like this"] if len(shown) > 5 else []
    remedy = "The subject table has one row per subject; remove or merge the others."
    raise SubjectError("\n".join([*shown[:5], *more, remedy]))


def _refuse_no_start(subjects: pd.DataFrame, dates: list[str]) -> None:
    there = [name for name in dates if name in subjects]
    if not any(name in START_DATES or name not in SUBJECTS.names() for name in there):
        has = f"The dates are {', '.join(there)}" if there else "There is no date column"
        raise SubjectError(
            f"{SUBJECTS.name}: no start date, neither {' nor '.join(START_DATES)}. {has}; rename or add one"
        )


def _is_text(column: pd.Series[Any]) -> bool:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.categories.inferred_type == "string"
    return pd.api.types.infer_dtype(column, skipna=True) == "string"


def _only_yes_no(column: pd.Series[Any]) -> bool:
    words = set(column.dropna().unique())
    return bool(words) and words <= _FLAG_WORDS


def _as_flag(column: pd.Series[Any]) -> Any:
    return (column.astype("string") == "Y").fillna(False).to_numpy(bool)
