"""The columns of the subject table that a listing shows after the subject."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from recist import InputError
from survival.groups import as_columns


def with_groups(
    rows: pd.DataFrame, subjects: pd.DataFrame, by: str | Sequence[str] | None
) -> tuple[pd.DataFrame, dict[str, str]]:
    """The rows of known subjects with their groups, and the headings that a listing begins with.

    Rows of others than `subjects` are left out: a listing has the population of its tables.
    """
    groups = as_columns(by)
    if missing := [name for name in ("subject", *groups) if name not in subjects]:
        raise InputError(f"the subjects have no column {', '.join(missing)}")
    known = subjects[["subject", *groups]].assign(subject=subjects["subject"].astype(str))
    if known["subject"].duplicated().any():
        raise InputError(
            f"subject {known.loc[known['subject'].duplicated(), 'subject'].iloc[0]} has two rows"
        )
    plain = rows.assign(subject=rows["subject"].astype(str)).drop(columns=[g for g in groups if g in rows])
    found = plain.merge(known, on="subject", how="inner")
    return found, {"subject": "Subject", **{name: heading_of(name) for name in groups}}


def heading_of(name: str) -> str:
    """A column name as a heading.

    Examples
    --------
    >>> heading_of("dose_level")
    'Dose level'
    """
    words = str(name).replace("_", " ")
    return words[:1].upper() + words[1:]


def several(rows: pd.DataFrame, name: str) -> bool:
    """Whether a column is there and tells rows apart."""
    return name in rows and len(rows[name].dropna().unique()) > 1
