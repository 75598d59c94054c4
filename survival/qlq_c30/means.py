"""Means of scores and changes by visit, with their spread and limits.

Limits: Student's t with n - 1 degrees of freedom.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from recist import InputError
from survival.groups import as_columns, groups, label
from survival.qlq_c30.change import CHANGE

MEANS = ("n", "mean", "sd", "lower", "upper")
BASELINE = "Baseline"


def groups_of(
    subjects: pd.DataFrame, by: str | Sequence[str] | None, total: str = ""
) -> tuple[list[tuple[tuple[object, ...], int]], dict[str, list[str]]]:
    """Keys and sizes of the groups, and the subjects of each by its printed name; the total comes last."""
    parts = groups(subjects, as_columns(by))
    sizes = [(key, len(part)) for key, part in parts]
    members = {label(key): part["subject"].astype(str).tolist() for key, part in parts}
    if total and len(parts) > 1:
        members[total] = subjects["subject"].astype(str).tolist()
    return sizes, members


def by_visit(change: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Baseline scores and changes after it, one row per subject, scale and visit; and how many rows are more.

    A visit that a subject has more than once counts by its first day.
    """
    if missing := [name for name in ("subject", "visit", "scale", *CHANGE) if name not in change]:
        raise InputError(
            f"the changes have no column {', '.join(missing)}; derive them with survival.qlq_change"
        )
    base = (change["timing"] == "baseline").to_numpy(bool)
    after = change["change"].notna().to_numpy(bool)
    rows = pd.DataFrame(
        {
            "subject": change["subject"].astype(str),
            "visit": change["visit"].astype(str).mask(base, BASELINE),
            "scale": change["scale"].astype(str),
            "day": change["day"],
            "value": change["score"].where(base, change["change"]),
        }
    )[base | after]
    rows = rows.sort_values(["subject", "scale", "day"], kind="stable")
    again = rows.duplicated(["subject", "scale", "visit"])
    return rows[~again].reset_index(drop=True), int(again.sum())


def visits_in_order(rows: pd.DataFrame, visits: Sequence[str] | None) -> dict[str, float]:
    """Visits after baseline with the median of their days, in that order; only those named, where some are."""
    day = rows[rows["visit"] != BASELINE].groupby("visit")["day"].median().sort_values(kind="stable")
    found = {str(visit): float(when) for visit, when in day.items()}
    if visits is None:
        return found
    return {visit: found.get(visit, float("nan")) for visit in visits}


def means(rows: pd.DataFrame, members: dict[str, list[str]], level: float = 0.95) -> pd.DataFrame:
    """n, mean, standard deviation and limits of the mean, by `group scale visit`; missing: not estimable."""
    if not 0 < level < 1:
        raise InputError(f"level {level} is not between 0 and 1")
    parts = []
    for group, names in members.items():
        mine = rows[rows["subject"].isin(names)]
        found = mine.groupby(["scale", "visit"])["value"].agg(["count", "mean", "std"]).reset_index()
        parts.append(found.assign(group=group))
    whole = pd.concat(parts, ignore_index=True).rename(columns={"count": "n", "std": "sd"})
    half = whole["sd"] / np.sqrt(whole["n"]) * _quantile(whole["n"], level)
    whole = whole.assign(lower=whole["mean"] - half, upper=whole["mean"] + half)
    return whole[["group", "scale", "visit", *MEANS]]


def _quantile(n: pd.Series[float], level: float) -> np.ndarray:
    """Student's t; with one subject there are no degrees of freedom and no limits."""
    from scipy.special import stdtrit

    freedom = np.maximum(n.to_numpy(np.float64) - 1, 1)
    found = stdtrit(freedom, (1 + level) / 2)
    return np.where(n > 1, found, np.nan)
