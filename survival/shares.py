"""Any proportion of subjects: who counts and among whom are columns of the subject table.

Feasibility, the share with an adverse event of a kind, negative residual disease by day 28: what a protocol
counts is a `Share`, not a function.  Limits: `survival.proportion`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist import InputError
from survival.estimate.observations import known_level
from survival.flags import as_flag
from survival.groups import as_columns, declared_groups
from survival.proportion import METHODS, interval

Mask = npt.NDArray[np.bool_]
Wanted = str | int | float | bool
SHARES = {  # after the columns named in `by`
    "share": "name of the share",
    "n": "subjects of the group among whom it is counted",
    "responders": "those who count",
    "estimate": "responders / n; missing when n is 0",
    "lower": "lower confidence limit, a proportion",
    "upper": "upper confidence limit, a proportion",
    "conf_type": "how the limits were obtained, a key of `survival.proportion.METHODS`",
    "level": "confidence level, a proportion",
    "citation": "source of the limits",
    "note": "why a value is missing, else empty",
}


@dataclass(frozen=True, kw_only=True)
class Share:
    """A proportion of subjects: who counts, by the flags, dates and values of the subject table.

    `flag` is a yes-or-no column or several, all of which must be yes; `has` are columns that must be filled in;
    `where` are columns with the value or values they must hold.  `among` is the flag of those among whom it is
    counted: none means every subject.  A blank flag is no.

    Examples
    --------
    >>> Share(name="feasible", flag="manufactured_as_planned", has="treatment_start_date", among="harvested").title
    'Feasible'
    """

    name: str
    title: str = ""
    flag: str | Sequence[str] = ()
    has: str | Sequence[str] = ()
    where: Mapping[str, Wanted | Sequence[Wanted]] = field(default_factory=dict)
    among: str | None = None

    def __post_init__(self) -> None:
        """One condition at least; single columns as tuples; a title."""
        for name in ("flag", "has"):
            given = getattr(self, name)
            object.__setattr__(self, name, (given,) if isinstance(given, str) else tuple(given))
        if not (self.flag or self.has or self.where):
            raise InputError(f"share {self.name!r} has no condition; give flag, has or where")
        if not self.title:
            text = self.name.replace("_", " ")
            object.__setattr__(self, "title", text[:1].upper() + text[1:])


def shares(
    subjects: pd.DataFrame,
    asked: Share | Sequence[Share],
    by: str | Sequence[str] | None = None,
    conf_type: str = "clopper-pearson",
    level: float = 0.95,
) -> pd.DataFrame:
    """Proportions of subjects with confidence limits, by group.

    Parameters
    ----------
    subjects : one row per subject of the population that is analysed.
    asked : the shares.
    by : columns of `subjects` to group by; a declared category without subjects keeps its rows.
    conf_type : a key of `survival.proportion.METHODS`, such as `clopper-pearson` or `wilson`.
    level : confidence level, a proportion.

    Returns
    -------
    frame with the columns of `by` and of `SHARES`; groups in order, in each the shares as asked.

    Raises
    ------
    InputError : a column is missing, a flag holds more than yes, no and blank, a subject occurs twice, or two
        shares have one name.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": list("12345"), "harvested": [True] * 4 + [False],
    ...     "manufactured_as_planned": [True, True, False, True, False]})
    >>> asked = Share(name="feasible", flag="manufactured_as_planned", among="harvested")
    >>> found = shares(subjects, asked)
    >>> found[["n", "responders"]].values.tolist(), found[["estimate", "lower", "upper"]].round(3).values.tolist()
    ([[4, 3]], [[0.75, 0.194, 0.994]])
    """
    asked = several(asked)
    limits, by, level = interval(conf_type), as_columns(by), known_level(level)
    flags = share_flags(subjects, asked)
    rows = []
    for key, part in declared_groups(subjects, by):
        at = subjects.index.get_indexer(part.index)
        for share in asked:
            who, among = flags[share.name]
            counts = {"n": int(among[at].sum()), "responders": int((who & among)[at].sum())}
            rows.append(dict(zip(by, key, strict=True)) | {"share": share.name} | counts)
    table = pd.DataFrame(rows, columns=[*by, "share", "n", "responders"])
    lower, upper = limits(table["responders"], table["n"], level)
    found = table.assign(
        estimate=table["responders"] / table["n"].where(table["n"] > 0),
        lower=lower,
        upper=upper,
        conf_type=conf_type,
        level=level,
        citation=METHODS[conf_type].citation,
        note=np.where(table["n"] > 0, "", "not estimable: no subjects"),
    )
    return found.astype({name: subjects[name].dtype for name in by})


def several(asked: Share | Sequence[Share]) -> tuple[Share, ...]:
    """One share or several as a tuple; names have to differ."""
    found = (asked,) if isinstance(asked, Share) else tuple(asked)
    names = [share.name for share in found]
    if not found:
        raise InputError("no share is asked for; name one")
    if twice := [name for n, name in enumerate(names) if name in names[:n]]:
        raise InputError(f"two shares are called {twice[0]!r}; rename one of them")
    return found


def share_flags(subjects: pd.DataFrame, asked: Sequence[Share]) -> dict[str, tuple[Mask, Mask]]:
    """For each share by name: who meets its conditions, and among whom it is counted."""
    if "subject" in subjects and subjects["subject"].astype(str).duplicated().any():
        twice = subjects["subject"].astype(str)
        raise InputError(
            f"subject {twice[twice.duplicated()].iloc[0]} has more than one row in subjects; keep one row per subject"
        )
    return {share.name: (_who(subjects, share), _among(subjects, share)) for share in asked}


def _who(subjects: pd.DataFrame, share: Share) -> Mask:
    """Who meets every condition."""
    found = np.ones(len(subjects), bool)
    for name in share.flag:
        found &= _flag(subjects, share, name)
    for name in share.has:
        found &= _column(subjects, share, name).notna().to_numpy(bool)
    for name, wanted in share.where.items():
        found &= _holds(_column(subjects, share, name), wanted)
    return found


def _among(subjects: pd.DataFrame, share: Share) -> Mask:
    return np.ones(len(subjects), bool) if share.among is None else _flag(subjects, share, share.among)


def _holds(column: pd.Series[Any], wanted: Wanted | Sequence[Wanted]) -> Mask:
    """Whether a column holds a value, or one of several."""
    values = [wanted] if isinstance(wanted, str | int | float) else list(wanted)
    if pd.api.types.is_numeric_dtype(column.dtype) and not any(isinstance(value, str) for value in values):
        return np.asarray(column.isin(values).to_numpy(bool))
    text = column.astype("string").str.strip().fillna("")
    return np.asarray(text.isin([str(value) for value in values]).to_numpy(bool))


def _flag(subjects: pd.DataFrame, share: Share, name: str) -> Mask:
    """A flag column, blank being no."""
    try:
        return as_flag(_column(subjects, share, name), name)
    except InputError as error:
        raise InputError(f"share {share.name!r}: {error}. Use where={{...}} for a value") from None


def _column(subjects: pd.DataFrame, share: Share, name: str) -> pd.Series[Any]:
    if name not in subjects:
        near = get_close_matches(name, map(str, subjects.columns), 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        has = ", ".join(map(str, subjects.columns))
        raise InputError(f"share {share.name!r}: subjects has no column {name!r}; it has {has}.{hint}")
    return subjects[name]
