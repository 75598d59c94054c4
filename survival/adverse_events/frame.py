"""The table of adverse events: one row per event; its data dictionary, read_adverse_events.

NCI, Common Terminology Criteria for Adverse Events (CTCAE) version 5.0, 2017: grades 1 to 5.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from recist import Column, Dictionary, InputError, conform, read_conformed


class AdverseEventError(InputError):
    """The table of adverse events holds something that no reading of it could make right."""


ADVERSE_EVENTS = Dictionary(
    name="table of adverse events",
    place=(("subject", ""), ("term", ""), ("start_date", "")),
    error=AdverseEventError,
    columns=(
        Column("subject", "identifier", "Who; leading zeros are kept.", "yes"),
        Column("term", "text", "Preferred term, as coded (MedDRA) or as CTCAE has it.", "yes"),
        Column("reported_term", "text", "The event in the words of the site."),
        Column("system_organ_class", "text", "System organ class of the term."),
        Column("grade", "number", "CTCAE grade, a whole number from 1 to 5; worst of the event."),
        Column("serious", "yes/no", "Serious by the definition of ICH E2A."),
        Column("related", "yes/no", "Related to study treatment, in the investigator's judgement."),
        Column("dose_limiting", "yes/no", "A dose-limiting toxicity by the protocol's definition."),
        Column("fatal", "yes/no", "Led to death; a grade of 5 says so too."),
        Column("led_to_discontinuation", "yes/no", "Study treatment was stopped for it."),
        Column("start_date", "date", "First day of the event."),
        Column("end_date", "date", "Last day of the event; blank while it goes on."),
    ),
)
NOTES = """\
One row per event; an event whose grade worsens is one row with its worst grade, or one row per grade: subjects
are counted once either way.  Grades may be written `3`, `III`, `G3`, `Grade 3` or `CTCAE grade 3`; relation may
be written in words (`POSSIBLE`, `PROBABLE`, `DEFINITE` and `RELATED` are yes; `NOT RELATED`, `UNLIKELY`,
`REMOTE` and `NONE` are no); a date may lack its day or month (`2024-03`).  What was read differently is kept as
written in `grade_reported`, `related_reported`, `start_date_reported` and `end_date_reported`; a partial date is
blank and never completed: `Window.undated` says whether such an event counts."""

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_RELATION = {
    **dict.fromkeys(("possible", "probable", "definite", "certain", "related", "very likely", "likely"), "Y"),
    **dict.fromkeys(("possibly", "probably", "definitely", "possible related", "suspected"), "Y"),
    **dict.fromkeys(("not related", "unrelated", "unlikely", "remote", "none", "not suspected"), "N"),
}
_PARTIAL = re.compile(r"\d{4}(-(\d{2}|-|UNK?|XX?))?(-(-|UNK?|XX?))?|\d{4}---\d{2}", re.IGNORECASE)
_BLANK = frozenset({"", ".", "na", "n/a", "nan", "nat", "<na>", "null"})


def read_adverse_events(path: str | Path, columns: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Read the table of adverse events from a csv, parquet, xlsx, xpt or sas7bdat file (plain or .gz).

    Parameters
    ----------
    path : str or Path
        The file; its suffix decides how it is read.  A file with the columns USUBJID and AETERM is taken
        for the SDTM domain AE (`survival.sdtm_adverse_events`).
    columns : mapping, optional
        Their column name -> ours, for example ``{"Patient": "subject"}``.

    Returns
    -------
    DataFrame
        As `as_adverse_events` returns it.

    Raises
    ------
    AdverseEventError
        When the file, a column or a value cannot be used; the message names the place and the remedy.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "adverse_events.csv"
    >>> _ = file.write_text("subject,term,grade,start_date\\n007,Fever,Grade III,2024-03\\n")
    >>> events = read_adverse_events(file)
    >>> events[["subject", "grade", "start_date_reported"]].values.tolist()
    [['007', 3.0, '2024-03']]
    """
    return read_conformed(path, columns, _from_any, AdverseEventError)


def _from_any(frame: pd.DataFrame) -> pd.DataFrame:
    """The table of adverse events from ours or from the domain AE."""
    from survival.adverse_events.sdtm import is_sdtm, sdtm_adverse_events

    return sdtm_adverse_events(frame) if is_sdtm(frame) else as_adverse_events(frame)


def as_adverse_events(frame: pd.DataFrame) -> pd.DataFrame:
    """Conform a frame to the table of adverse events: grades as numbers, flags, dates as days.

    Parameters
    ----------
    frame : DataFrame
        One row per event; none at all is a table of nobody's events.

    Returns
    -------
    DataFrame
        The dtypes of the data dictionary and a default index.  `start_date`, `end_date` and `grade` are always
        there, the other columns where the input has them; unknown columns are kept untouched.

    Raises
    ------
    AdverseEventError
        For every kind of value that cannot be read: the first five places, the count and the remedy.

    Examples
    --------
    >>> row = {"subject": 7, "term": "Fever", "grade": "G2", "related": "PROBABLE", "start_date": "2024-03-05"}
    >>> as_adverse_events(pd.DataFrame([row]))[["subject", "grade", "related"]].values.tolist()
    [['7', 2.0, True]]
    """
    if isinstance(frame, pd.DataFrame):
        if not len(frame):
            return _of_nobody(frame)
        frame = _respelt(frame)
    events = conform(frame, ADVERSE_EVENTS)
    absent = [name for name in ("grade", "start_date", "end_date") if name not in events]
    return events.assign(**{name: _blank(name, len(events)) for name in absent}) if absent else events


def dictionary_markdown() -> str:
    """The data dictionary of the table as Markdown."""
    return f"{ADVERSE_EVENTS.markdown()}\n\n{NOTES}"


def _blank(name: str, n: int) -> pd.Series[Any]:
    """A column of nothing, of the dtype that the dictionary gives it."""
    kind = next(column.dtype for column in ADVERSE_EVENTS.columns if column.name == name)
    return pd.Series([None] * n, dtype="datetime64[ns]" if kind == "datetime64" else kind)


def _of_nobody(frame: pd.DataFrame) -> pd.DataFrame:
    """A table without rows, typed; its columns are checked as any others are."""
    row = {str(name): ["x"] if name in ("subject", "term") else [None] for name in frame.columns}
    return as_adverse_events(pd.DataFrame(row)).iloc[:0].reset_index(drop=True)


def _respelt(frame: pd.DataFrame) -> pd.DataFrame:
    """Grades, relation and dates as the dictionary reads them, and beside them what was written otherwise."""
    added: dict[str, Any] = {}
    readers: dict[str, Callable[[str], str | None]] = {
        "grade": _grade,
        "related": _relation,
        "start_date": _whole_date,
        "end_date": _whole_date,
    }
    for name, read in readers.items():
        if name not in frame or not _is_text(frame[name]):
            continue
        given = frame[name].astype("string").str.strip()
        words = {text: read(text) for text in given.dropna().unique() if text.casefold() not in _BLANK}
        if other := [text for text, word in words.items() if word != text]:
            added[name] = given.map(words).astype("category")
            added[f"{name}_reported"] = given.where(given.isin(other)).astype("category")
    _refuse_grades(frame, added.get("grade", frame.get("grade")))
    return frame.assign(**added) if added else frame


def _refuse_grades(frame: pd.DataFrame, grade: pd.Series[Any] | None) -> None:
    """An error for a grade that is no number of 0 or more; what is a number is asked about, not refused."""
    if grade is None:
        return
    text = grade.astype("string").str.strip()
    number = pd.to_numeric(text, errors="coerce").fillna(-1)
    known = text.notna() & ~text.str.casefold().isin(_BLANK)
    bad = np.flatnonzero((known & (number < 0)).to_numpy(bool))
    if not len(bad):
        return
    names = [name for name in ("subject", "term") if name in frame]
    shown = [
        f"{', '.join(str(frame[name].iloc[row]) for name in names)}: grade {text.iloc[row]!r} is no CTCAE grade "
        f"(row {row + 2})"
        for row in bad[:5].tolist()
    ]
    more = [f"... and {len(bad) - 5} more like this"] if len(bad) > 5 else []
    raise AdverseEventError(
        "\n".join(
            [*shown, *more, "Write 1 to 5, I to V or Grade 1 to Grade 5; leave it blank when not known."]
        )
    )


def _is_text(column: pd.Series[Any]) -> bool:
    values = column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else column
    return pd.api.types.infer_dtype(values, skipna=True) in ("string", "mixed")


def _grade(text: str) -> str:
    """`Grade III` and `G3` as 3; any other text as it is."""
    word = re.sub(r"^(ctcae)?\s*(grade|gr\.?|g)?\s*", "", text, flags=re.IGNORECASE).casefold()
    number = _ROMAN.get(word, word)
    return number if re.fullmatch(r"\d+(\.\d+)?", number) else text


def _relation(text: str) -> str:
    """A degree of relation as yes or no; any other text as it is."""
    word = re.sub(r"[\s_\-/]+", " ", text).strip().casefold()
    return _RELATION.get(word) or _RELATION.get(word.removesuffix(" related")) or text


def _whole_date(text: str) -> str | None:
    """None for a date that lacks its day or month; any other text as it is."""
    return None if _PARTIAL.fullmatch(text) else text
