"""The table of answers: one row per subject and assessment; its data dictionary, read_qlq."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist import Column, Dictionary, InputError, conform, read_conformed
from survival.qlq_c30.scales import HIGHEST, MANUAL

ITEMS = tuple(f"q{item}" for item in range(1, 31))
BLANK = frozenset({"", ".", "na", "n/a", "nan", "nd", "not done", "missing", "none", "null"})
LONG = ("item", "answer")  # columns of the long form
SHOWN = 5
_ITEM = re.compile(r"(?:.*\D)?0*(\d{1,2})")
_ANSWER = {4: "1 not at all, 2 a little, 3 quite a bit, 4 very much", 7: "1 very poor to 7 excellent"}


class QlqError(InputError):
    """The table of answers holds something that no reading of it could make right."""


KEYS = (
    Column("subject", "identifier", "Who; leading zeros are kept.", "yes"),
    Column("visit", "identifier", "Label of the visit; the date when not given."),
    Column("date", "date", "Day the questionnaire was filled in.", "yes, but see 1"),
)
QLQ = Dictionary(
    name="table of QLQ-C30 answers",
    place=(("subject", ""), ("visit", "visit "), ("date", "")),
    error=QlqError,
    columns=(
        *KEYS,
        *(
            Column(
                f"q{item}",
                "number",
                f"Answer to question {item}: {_ANSWER[HIGHEST[item]]}; blank: not answered.",
                "yes",
            )
            for item in range(1, 31)
        ),
    ),
)
_KEYED = Dictionary(QLQ.name, KEYS, QLQ.place, QLQ.error)
NOTES = f"""\
1. `date` may be blank: the answers are scored, but without a day they are no baseline and no change.
2. An answer that is none of the choices (5 of 4, 0, 2.5) is a finding of `check_qlq` and counts as not
   answered; what is no number at all is refused.
3. Long answers are accepted too: `subject visit date item answer`, one row per question, `item` as `q1` or 1.

Source: {MANUAL}."""


def read_qlq(path: str | Path, columns: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Read the table of answers from a csv, parquet, xlsx, xpt or sas7bdat file (plain or .gz).

    Parameters
    ----------
    path : str or Path
        The file; its suffix decides how it is read.
    columns : mapping, optional
        Their column name -> ours, for example ``{"USUBJID": "subject"}``.

    Returns
    -------
    DataFrame
        As `as_qlq` returns it.

    Raises
    ------
    QlqError
        When the file, a column or a value cannot be used; the message names the place and the remedy.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "qlq_c30.csv"
    >>> head = ",".join(["subject", "visit", "date", *ITEMS])
    >>> _ = file.write_text(f"{head}\\n007,BASELINE,2024-03-15,{','.join(['1'] * 28 + ['7', ''])}\\n")
    >>> read_qlq(file)[["subject", "q29", "q30"]].values.tolist()
    [['007', 7.0, nan]]
    """
    return read_conformed(path, columns, as_qlq, QlqError)


def as_qlq(frame: pd.DataFrame) -> pd.DataFrame:
    """Conform a frame to the table of answers: identifiers as text, dates as days, answers as numbers.

    Parameters
    ----------
    frame : DataFrame
        One row per subject and assessment with the columns `q1` to `q30`, or one row per question with the
        columns `item` and `answer`.

    Returns
    -------
    DataFrame
        The dtypes of the data dictionary and a default index, other columns kept; the very same frame when
        it conforms already.  Long answers come back wide, with the column `row`: where the assessment began.

    Raises
    ------
    QlqError
        When a column is missing, an answer is no number, or a question has two answers on one day.

    Examples
    --------
    >>> long = pd.DataFrame({"subject": 7, "date": "2024-03-15", "item": ["q29", "q30"], "answer": [5, 6]})
    >>> as_qlq(long)[["subject", "visit", "q1", "q29", "q30"]].values.tolist()
    [['7', '2024-03-15', nan, 5.0, 6.0]]
    """
    if isinstance(frame, pd.DataFrame) and set(LONG) <= set(frame.columns):
        frame = _wide(_with_visit(conform(frame, _KEYED)))
    _refuse_missing_items(frame)
    keyed = _with_visit(conform(frame, _KEYED))
    answers = {name: _numbers(keyed, name) for name in ITEMS}
    changed = {name: values for name, values in answers.items() if values is not None}
    return keyed.assign(**changed) if changed else keyed


def dictionary_markdown() -> str:
    """The data dictionary of the table as Markdown."""
    return f"{QLQ.markdown()}\n\n{NOTES}"


def answers_of(qlq: pd.DataFrame) -> npt.NDArray[np.float64]:
    """The answers as a matrix, one row per assessment and one column per question; missing: not answered."""
    return qlq[list(ITEMS)].to_numpy(np.float64)


def _refuse_missing_items(frame: pd.DataFrame) -> None:
    if not isinstance(frame, pd.DataFrame):
        return  # conform says what is wrong
    missing = [name for name in ITEMS if name not in frame]
    if missing:
        named = ", ".join(missing) if len(missing) < SHOWN else f"{missing[0]} ... {missing[-1]}"
        raise QlqError(
            f"{QLQ.name}: no column {named}. Rename the answers to q1 ... q30 with columns={{their: ours}}, "
            "leave a question that was not asked blank, or hand in item and answer. "
            f"The columns are {', '.join(map(str, frame.columns))}"
        )


def _with_visit(frame: pd.DataFrame) -> pd.DataFrame:
    """The date is the label of a visit that has none."""
    if "visit" in frame and frame["visit"].notna().all():
        return frame
    days = frame["date"].dt.strftime("%Y-%m-%d").fillna("undated").astype("str")
    visit = frame["visit"].astype("str").where(frame["visit"].notna(), days) if "visit" in frame else days
    return frame.assign(visit=visit.astype("category"))


def _numbers(frame: pd.DataFrame, name: str) -> npt.NDArray[np.float64] | None:
    """A column of answers as numbers; None when it is right already."""
    column = frame[name]
    if column.dtype == np.float64:
        return None
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        return column.to_numpy(np.float64, na_value=np.nan)
    text = column.astype("str").where(column.notna(), "").astype("category")
    read = [_number(str(word)) for word in text.cat.categories]
    strange = np.array([value is None for value in read], bool)[text.cat.codes.to_numpy()]
    if strange.any():
        raise QlqError(_unread(frame, name, np.flatnonzero(strange)))
    known = np.array([np.nan if value is None else value for value in read])
    return known[text.cat.codes.to_numpy()]


def _number(text: str) -> float | None:
    """The number a text stands for, missing for a blank; None where it is no number."""
    word = text.strip().lower()
    if word in BLANK:
        return np.nan
    return float(word) if re.fullmatch(r"[+-]?\d+(\.\d+)?", word) else None


def _unread(frame: pd.DataFrame, name: str, rows: npt.NDArray[np.intp]) -> str:
    """The places of answers that are no numbers, and the remedy."""
    shown = [
        f"{_place(frame, row)}: {name} {str(frame[name].iloc[row])!r} is not a number (row {row + 2})"
        for row in rows[:SHOWN].tolist()
    ]
    more = [f"... and {len(rows) - SHOWN} more like this"] if len(rows) > SHOWN else []
    return "\n".join([*shown, *more, "Write the number that was ticked; leave blank what was not answered."])


def _place(frame: pd.DataFrame, row: int) -> str:
    return f"{frame['subject'].iloc[row]}, visit {frame['visit'].iloc[row]}"


def _wide(long: pd.DataFrame) -> pd.DataFrame:
    """One row per subject, visit and date out of one row per question, in the order of their first rows."""
    item = _item_numbers(long)
    answer = _numbers(long, "answer")
    value = long["answer"].to_numpy(np.float64) if answer is None else answer
    key = ["subject", "visit", "date"]
    number = long.groupby(key, observed=True, sort=False, dropna=False).ngroup().to_numpy()
    first = np.flatnonzero(~pd.Series(number).duplicated().to_numpy())
    table = np.full((len(first), len(ITEMS)), np.nan)
    given = ~np.isnan(value)
    table[number[given], item[given] - 1] = value[given]
    clash = given & (table[number, item - 1] != value)
    if clash.any():
        row = int(np.flatnonzero(clash)[0])
        raise QlqError(
            f"{_place(long, row)}: q{item[row]} has two answers, {value[row]:g} (row {row + 2}) and "
            f"{table[number[row], item[row] - 1]:g}. Keep the one that counts"
        )
    wide = long[key].iloc[first].reset_index(drop=True)
    wide = pd.concat([wide, pd.DataFrame(table, columns=list(ITEMS))], axis=1)
    return wide.assign(row=first + 2)


def _item_numbers(long: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Question of each row, from `q1`, `Q01`, `1` or a name that ends in it."""
    text = long["item"].astype("str").astype("category")
    found = [_ITEM.fullmatch(str(word).strip().removesuffix(".0")) for word in text.cat.categories]
    number = np.array([int(match[1]) if match else 0 for match in found], np.int64)
    item = number[text.cat.codes.to_numpy()]
    strange = np.flatnonzero((item < 1) | (item > len(ITEMS)))
    if len(strange):
        row = int(strange[0])
        raise QlqError(
            f"{_place(long, row)}: item {text.iloc[row]!r} is none of q1 to q30 (row {row + 2}). "
            "Correct it, or leave the questions of other questionnaires out"
        )
    return item
