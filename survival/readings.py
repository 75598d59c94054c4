"""Whose reading counts, and under which criteria, where a frame holds several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

import pandas as pd

from recist import InputError


class EndpointError(InputError):
    """The endpoint, or what it was given, does not settle the outcome of every subject."""


class Reading(TypedDict, total=False):
    """Which of several readings an endpoint is derived from."""

    evaluator: str | None
    criteria: str | None


def overall_of(responses: pd.DataFrame) -> pd.Series[str]:
    """The response of each visit in the words of its criteria: `ioverall` where there is one, else `overall`.

    Examples
    --------
    >>> overall_of(pd.DataFrame({"overall": ["PD", "SD"], "ioverall": ["iUPD", None]})).tolist()
    ['iUPD', 'SD']
    """
    overall = responses["overall"].astype("string")
    if "ioverall" not in responses:
        return overall
    return responses["ioverall"].astype("string").fillna(overall)


def one_reading(frame: pd.DataFrame, name: str, reading: Reading) -> pd.DataFrame:
    """Rows of the evaluator and criteria in `reading`; where none is named there may be only one."""
    for column in ("evaluator", "criteria"):
        frame = _one(frame, name, column, reading.get(column))
    return frame


def _one(frame: pd.DataFrame, name: str, column: str, wanted: object) -> pd.DataFrame:
    if column not in frame:
        if wanted is not None:
            raise EndpointError(f"{name} has no column {column}, so {column}={wanted!r} cannot be chosen")
        return frame
    found = sorted(frame[column].dropna().astype(str).unique())
    if wanted is None:
        if len(found) > 1:
            raise EndpointError(
                f"{name} holds more than one {column}: {', '.join(found)}. "
                f"Name the one that counts, for example {column}={found[0]!r}"
            )
        return frame
    if str(wanted) not in found and len(frame):
        raise EndpointError(f"{name} has no {column} {str(wanted)!r}; it has {', '.join(found)}")
    return frame[(frame[column].astype(str) == str(wanted)).to_numpy()]


def listed(names: Iterable[object]) -> str:
    """Up to five names, and how many more there are."""
    known = [str(name) for name in names]
    more = f" and {len(known) - 5} more" if len(known) > 5 else ""
    return f"{', '.join(known[:5])}{more}"


def check_reading(reading: Reading) -> None:
    """TypeError for a keyword that is neither `evaluator` nor `criteria`."""
    if unknown := sorted(set(reading) - {"evaluator", "criteria"}):
        raise TypeError(
            f"unexpected argument {unknown[0]!r}; a reading is chosen by evaluator= and criteria="
        )
