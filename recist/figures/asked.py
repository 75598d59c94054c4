"""What figures ask of the frames they are given: columns, one reading, one row per subject, known arms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from recist.errors import InputError

ONE_GROUP = "All subjects"


def ask_columns(name: str, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """An error for a column that is missing."""
    if missing := [column for column in columns if column not in frame]:
        raise InputError(f"{name} has no column {', '.join(missing)}; it has {', '.join(map(str, frame))}")


def ask_one_reading(
    name: str, frame: pd.DataFrame, columns: Sequence[str] = ("evaluator", "criteria")
) -> None:
    """An error for a frame of several evaluators or criteria."""
    for column in columns:
        values = sorted(frame[column].astype(str).unique()) if column in frame else []
        if len(values) > 1:
            listed = ", ".join(values)
            raise InputError(f"{name} holds several values of {column} ({listed}); keep the rows of one")


def ask_one_row_each(name: str, frame: pd.DataFrame) -> None:
    """An error for a subject with several rows."""
    if (twice := frame["subject"][frame["subject"].duplicated()]).size:
        raise InputError(f"subject {twice.iloc[0]} has more than one row in {name}; keep one row per subject")


def groups_of(subject: pd.Series, subjects: pd.DataFrame | None, by: str | None) -> pd.Series:
    """The arm of each subject as an ordered category; one group without `by`."""
    if by is None:
        return pd.Series(pd.Categorical([ONE_GROUP] * len(subject), [ONE_GROUP]), index=subject.index)
    if subjects is None:
        raise InputError(f"give the frame of subjects that has the column {by!r}")
    ask_columns("subjects", subjects, ("subject", by))
    ask_one_row_each("subjects", subjects)
    arms = subjects[by]
    words = (
        arms.cat.categories if isinstance(arms.dtype, pd.CategoricalDtype) else sorted(arms.dropna().unique())
    )
    names = list(dict.fromkeys(str(word) for word in words))
    known = pd.Series(arms.astype("string").to_numpy(), index=subjects["subject"].astype(str).to_numpy())
    found = subject.astype(str).map(known)
    if found.isna().any():
        who = subject[found.isna().to_numpy(bool)].iloc[0]
        raise InputError(f"subject {who} has no {by} in subjects; add it, or leave the subject out")
    used = [name for name in names if name in set(found)]
    return pd.Series(pd.Categorical(found.astype(str), used), index=subject.index)


def is_true(values: pd.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """A comparison as plain yes or no; what is not known is no."""
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = values.fillna(False).to_numpy(bool)
    return found
