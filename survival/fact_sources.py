"""The columns that endpoints are made from, read out of subjects, responses and best responses."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survival.readings import EndpointError, listed

SUBJECT_DATES = (
    "randomization_date",
    "treatment_start_date",
    "death_date",
    "last_alive_date",
    "new_therapy_date",
    "discontinuation_date",
    "cutoff_date",
)


def names(subjects: pd.DataFrame) -> pd.Series[Any]:
    """Subject identifiers as text, each once."""
    if "subject" not in subjects:
        raise EndpointError(f"subjects has no column subject; it has {', '.join(map(str, subjects.columns))}")
    names = subjects["subject"].astype(str).reset_index(drop=True)
    if names.duplicated().any():
        twice = names[names.duplicated()].iloc[0]
        raise EndpointError(f"subject {twice} has more than one row in subjects; keep one row per subject")
    return names


def dates(column: pd.Series[Any], where: str) -> pd.Series[Any]:
    """The column as dates without a time of day; text is refused rather than guessed at."""
    if column.dtype == "datetime64[ns]":  # as readers give it: nothing to ask, nothing to convert
        known_dates: pd.Series[Any] = column.dt.normalize().reset_index(drop=True)
        return known_dates
    known = column.dropna()
    if len(known) and not (
        pd.api.types.is_datetime64_any_dtype(column)
        or pd.api.types.infer_dtype(known, skipna=True) in ("datetime", "date", "datetime64")
    ):
        raise EndpointError(
            f"{where}: {str(known.iloc[0])!r} is not a date; read the table with read_subjects, "
            "or convert the column with pandas.to_datetime"
        )
    try:
        found = pd.to_datetime(column).dt.tz_localize(None).astype("datetime64[ns]")
    except ValueError as error:
        raise EndpointError(f"{where}: a date there is out of range; {error}") from None
    return found.dt.normalize().reset_index(drop=True)


def subject_dates(subjects: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    """Every date of the subject table, missing where the table has no such column."""
    return {
        name: dates(subjects[name], f"subjects, column {name}") if name in subjects else blank(len(subjects))
        for name in SUBJECT_DATES
    }


def own_dates(subjects: pd.DataFrame, columns: Iterable[str]) -> dict[str, pd.Series[Any]]:
    """Date columns of the study's own, which the subject table has to have."""
    if absent := [name for name in columns if name not in subjects]:
        near = get_close_matches(absent[0], map(str, subjects.columns), 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        has = ", ".join(map(str, subjects.columns))
        raise EndpointError(f"subjects has no column {absent[0]!r}; it has {has}.{hint}")
    return {name: dates(subjects[name], f"subjects, column {name}") for name in columns}


def flag(subjects: pd.DataFrame, name: str) -> npt.NDArray[np.bool_]:
    """A yes-or-no column; yes where it is absent or blank."""
    if name not in subjects:
        return np.ones(len(subjects), bool)
    try:
        return subjects[name].astype("boolean").fillna(True).to_numpy(bool)
    except (TypeError, ValueError):
        raise EndpointError(f"subjects, column {name}: only true, false and blank are known there") from None


def any_of(subjects: pd.DataFrame, name: str, values: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Whether a text column holds one of the values, capitals or not; no where it is absent or blank."""
    if name not in subjects:
        return np.zeros(len(subjects), bool)
    text = subjects[name].astype("string").str.strip().str.upper()
    return text.isin([value.upper() for value in values]).fillna(False).to_numpy(bool)


def criteria_of(responses: pd.DataFrame | None) -> str:
    """The criteria that the responses of one reading follow; empty where they do not say."""
    if responses is None or "criteria" not in responses or responses.empty:
        return ""
    return str(responses["criteria"].iloc[0])


def assessments(
    known: pd.Series[Any], responses: pd.DataFrame | None, column: str = "overall"
) -> pd.DataFrame:
    """`position` of the subject in `known`, `date` and `overall`, one row per dated assessment.

    `column` holds the response; where the frame lacks it, `overall` does.
    """
    if responses is None:
        none = blank(0)
        return pd.DataFrame({"position": np.zeros(0, np.intp), "date": none, "overall": none.astype("str")})
    if missing := [name for name in ("subject", "date", "overall") if name not in responses]:
        raise EndpointError(
            f"responses has no column {', '.join(missing)}; it has {', '.join(map(str, responses.columns))}"
        )
    seen = pd.DataFrame(
        {
            "position": positions(known, responses["subject"], "responses"),
            "date": dates(responses["date"], "responses, column date"),
            "overall": responses[column if column in responses else "overall"].reset_index(drop=True),
        }
    )
    return seen[seen["date"].notna()]


def of_best(known: pd.Series[Any], best: pd.DataFrame | None, name: str) -> pd.Series[Any]:
    """A date of `best`, in the order of the subjects."""
    found = blank(len(known))
    if best is None:
        return found
    if missing := [column for column in ("subject", name) if column not in best]:
        raise EndpointError(f"best has no column {', '.join(missing)}; derive it with recist.best_response")
    place = positions(known, best["subject"], "best")
    if len(np.unique(place)) < len(place):
        twice = best["subject"].astype(str)[best["subject"].duplicated().to_numpy()].iloc[0]
        raise EndpointError(f"best has more than one row for subject {twice}; keep those of one reading")
    found.iloc[place] = dates(best[name], f"best, column {name}").to_numpy()
    return found


def of_best_response(
    known: pd.Series[Any], best: pd.DataFrame | None, column: str, words: Iterable[str]
) -> pd.Series[Any]:
    """The date of a best response that is one of the words; missing where `best` holds no responses."""
    if best is None or column not in best or f"{column}_date" not in best:
        return of_best(known, None, column)
    kept = best[best[column].isin(list(words)).to_numpy(bool)]
    return of_best(known, kept, f"{column}_date")


def blank(n: int) -> pd.Series[Any]:
    """As many missing dates."""
    return pd.Series(pd.NaT, index=range(n), dtype="datetime64[ns]")


def positions(known: pd.Series[Any], subject: pd.Series[Any], name: str) -> npt.NDArray[np.intp]:
    """Where each subject stands in `known`; a subject that is not there is an error."""
    index = pd.Index(known)
    if isinstance(subject.dtype, pd.CategoricalDtype):
        of_category = index.get_indexer(pd.Index(subject.cat.categories.astype(str)))
        codes = subject.cat.codes.to_numpy()
        place = np.where(codes >= 0, of_category[codes], -1) if len(of_category) else codes.astype(np.intp)
    else:
        place = index.get_indexer(pd.Index(subject.astype(str)))
    if (place < 0).any():
        lost = subject[place < 0].astype(str).drop_duplicates()
        raise EndpointError(
            f"{name} has subjects that are not in subjects: {listed(lost)}. "
            f"Add them to subjects, or take them out of {name}"
        )
    return place.astype(np.intp)
