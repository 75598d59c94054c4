"""Depth of response: the best change of the sum of diameters from baseline, per subject and summarised by group.

RECIST 1.1, section 4.3.1 (change from baseline); McCoach, Ann Oncol 2017; 28: 2707 (depth of response as an outcome).  What
counts and how nodes are read is docs/decisions/0210.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from recist import InputError
from survival.fact_rules import doc
from survival.groups import as_columns, declared_groups
from survival.readings import listed, one_reading, overall_of

EVALUATED = ("CR", "PR", "SD", "PD")  # target responses that rest on a complete sum
NEEDED = ("subject", "date", "overall", "target", "change_from_baseline_pct")

DEPTH = {  # column -> (dtype, sentence); the columns of `subjects` follow
    "subject": ("text", "as in `subjects`"),
    "best_change_pct": (
        "float64",
        "smallest change from baseline of a complete sum, per cent; missing when there is none",
    ),
    "best_change_date": ("datetime64", "first visit with that change"),
    "n_sums": ("int64", "visits with a complete sum that count"),
    "note": ("text", "why there is no change, else empty"),
}
DEPTH_SUMMARY = {  # after the columns of `by`
    "n": "subjects of the group",
    "evaluable": "of these, subjects with a change",
    "median": "median of the best change, per cent; missing without evaluable subjects",
    "q1": "first quartile, linear interpolation",
    "q3": "third quartile, linear interpolation",
    "minimum": "deepest response, per cent",
    "maximum": "least response, or growth, per cent",
    "mean": "mean, per cent",
    "note": "why values are missing, else empty",
}


@dataclass(frozen=True, kw_only=True)
class DepthRules:
    """Which sums count, and what a complete response of nodes is worth.  A variant is an edit of it.

    Examples
    --------
    >>> from dataclasses import replace
    >>> replace(DEPTH_RULES, complete="minus_100").complete
    'minus_100'
    """

    last: Literal["progression", "any"] = doc(
        "progression", "last sum that counts: that of the first progression, or any", "convention"
    )
    complete: Literal["as_measured", "minus_100"] = doc(
        "as_measured",
        "a target response of CR in which nodes keep a size: the change as measured, or -100 per cent",
        "RECIST 1.1, section 4.3.2: a node below 10 mm is normal, its size stays in the sum",
    )
    nact_rule: Literal["on_or_before", "ignore"] = doc(
        "on_or_before",
        "sums that count: dated no later than new anticancer therapy, or all",
        "FDA 2018, Appendix 3",
    )


DEPTH_RULES = DepthRules()


def depth_of_response(
    responses: pd.DataFrame,
    subjects: pd.DataFrame,
    best: pd.DataFrame | None = None,
    rules: DepthRules = DEPTH_RULES,
) -> pd.DataFrame:
    """The best change from baseline of each subject.

    Parameters
    ----------
    responses : frame of `recist.assess`, of one evaluator and criteria: `subject date overall target
        change_from_baseline_pct`, the change in per cent.
    subjects : one row per subject; `new_therapy_date` and `cutoff_date` end the sums that count.
    best : frame of `recist.best_response`; its `progression_date`, where given, is the progression (under iRECIST
        the iUPD that counts), else the first PD or iCPD is.
    rules : which sums count; an edit of `DEPTH_RULES`.

    Returns
    -------
    frame with the columns of `DEPTH` and those of `subjects`, in the order of `subjects`.

    Raises
    ------
    InputError : a column is missing, several readings, a subject twice or not in `subjects`.

    Examples
    --------
    >>> responses = pd.DataFrame({"subject": "01", "date": pd.to_datetime(["2024-02-01", "2024-04-01"]),
    ...     "overall": ["SD", "PR"], "target": ["SD", "PR"], "change_from_baseline_pct": [-20.0, -35.0]})
    >>> depth_of_response(responses, pd.DataFrame({"subject": ["01", "02"]}))["note"].tolist()
    ['', 'no assessment after baseline']
    """
    seen, known = _checked(responses, subjects)
    if best is not None:
        best = one_reading(best, "best", {})
    counts = seen[_counts(seen, subjects, best, rules)]
    change = counts["change_from_baseline_pct"].astype(np.float64)
    if rules.complete == "minus_100":
        change = change.mask(counts["target"].eq("CR").to_numpy(bool), -100.0)
    complete = counts.assign(change=change)[
        counts["target"].isin(EVALUATED).to_numpy(bool) & change.notna().to_numpy()
    ]
    ordered = complete.sort_values(["change", "date"], kind="stable").groupby("subject")
    first = ordered.first().reindex(known)
    found = pd.DataFrame(
        {
            "subject": known,
            "best_change_pct": first["change"].to_numpy(np.float64),
            "best_change_date": first["date"].to_numpy("datetime64[ns]"),
            "n_sums": ordered.size().reindex(known, fill_value=0).to_numpy(np.int64),
            "note": _notes(known, seen, counts, set(complete["subject"])),
        }
    )
    others = subjects.drop(columns="subject")
    return pd.concat([found, others.reset_index(drop=True)], axis=1)


def depth_summary(depth: pd.DataFrame, by: str | Sequence[str] | None = None) -> pd.DataFrame:
    """Median, quartiles and range of the best change in each group.

    Parameters
    ----------
    depth : frame of `depth_of_response`.
    by : columns to group by; a declared category without subjects keeps its row.

    Returns
    -------
    frame with the columns of `by`, then those of `DEPTH_SUMMARY`, in per cent.

    Raises
    ------
    InputError : a column is missing, or a group is.

    Examples
    --------
    >>> depth = pd.DataFrame({"best_change_pct": [-60.0, -20.0, None]})
    >>> depth_summary(depth)[["n", "evaluable", "median", "minimum"]].to_numpy().tolist()
    [[3.0, 2.0, -40.0, -60.0]]
    """
    if "best_change_pct" not in depth:
        raise InputError("depth has no column best_change_pct; make it with depth_of_response")
    by = as_columns(by)
    rows = []
    for key, part in declared_groups(depth, by):
        change = part["best_change_pct"].dropna().to_numpy(np.float64)
        row: dict[str, Any] = dict(zip(by, key, strict=True)) | {"n": len(part), "evaluable": len(change)}
        rows.append(row | _statistics(change))
    frame = pd.DataFrame(rows, columns=[*by, *DEPTH_SUMMARY])
    return frame.astype({name: depth[name].dtype for name in by})


def _statistics(change: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    names = ("median", "q1", "q3", "minimum", "maximum", "mean")
    if not len(change):
        return dict.fromkeys(names, np.nan) | {"note": "not estimable: no subject with a change"}
    values = (*np.quantile(change, [0.5, 0.25, 0.75]), change.min(), change.max(), change.mean())
    return dict(zip(names, map(float, values), strict=True)) | {"note": ""}


def _checked(responses: pd.DataFrame, subjects: pd.DataFrame) -> tuple[pd.DataFrame, pd.Index[str]]:
    """Responses of one reading with subjects as text, and the subjects in their order."""
    if missing := [name for name in NEEDED if name not in responses]:
        raise InputError(f"responses has no column {', '.join(missing)}; make it with recist.assess")
    if "subject" not in subjects:
        raise InputError(f"subjects has no column subject; it has {', '.join(map(str, subjects.columns))}")
    if taken := [name for name in list(DEPTH)[1:] if name in subjects]:
        raise InputError(
            f"subjects has a column {', '.join(taken)}, as the result has; rename it in subjects"
        )
    known = pd.Index(subjects["subject"].astype(str))
    if known.has_duplicates:
        twice = known[known.duplicated()][0]
        raise InputError(f"subject {twice} has more than one row in subjects; keep one row per subject")
    seen = one_reading(responses, "responses", {})
    seen = seen.assign(subject=seen["subject"].astype(str)).reset_index(drop=True)
    if lost := sorted(set(seen["subject"]) - set(known)):
        raise InputError(f"responses has subjects that are not in subjects: {listed(lost)}")
    return seen, known


def _counts(
    seen: pd.DataFrame, subjects: pd.DataFrame, best: pd.DataFrame | None, rules: DepthRules
) -> pd.Series[bool]:
    """Visits up to progression, new anticancer therapy and the cutoff."""
    counts: pd.Series[bool] = seen["date"].notna()
    limits = []
    if rules.last == "progression":
        limits.append(_progression(seen, best))
    names = ("cutoff_date",) if rules.nact_rule == "ignore" else ("cutoff_date", "new_therapy_date")
    limits += [_dates(subjects, name) for name in names if name in subjects]
    for limit in limits:
        days = limit.reindex(seen["subject"]).to_numpy("datetime64[ns]")
        until = pd.Series(days, index=seen.index)
        counts &= until.isna() | (seen["date"] <= until)
    return counts


def _progression(seen: pd.DataFrame, best: pd.DataFrame | None) -> pd.Series[Any]:
    """Date of progression by subject: of `best`, else the first PD or iCPD."""
    if best is not None and "progression_date" in best:
        return _dates(best, "progression_date")
    found: pd.Series[Any] = (
        seen[overall_of(seen).isin(["PD", "iCPD"]).to_numpy(bool)].groupby("subject")["date"].min()
    )
    return found


def _dates(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """A date by subject."""
    return pd.Series(
        pd.to_datetime(frame[name]).to_numpy("datetime64[ns]"), index=frame["subject"].astype(str)
    )


def _notes(known: pd.Index[str], seen: pd.DataFrame, counts: pd.DataFrame, shown: set[str]) -> list[str]:
    """Why a subject has no change, empty where it has one."""
    assessed, counted = set(seen["subject"]), set(counts["subject"])
    without_targets = set(seen.loc[seen["target"].eq("NA").to_numpy(bool), "subject"])

    def note(name: str) -> str:
        if name in shown:
            return ""
        if name not in assessed:
            return "no assessment after baseline"
        if name in without_targets:
            return "no target lesion at baseline"
        return "no complete sum after baseline" if name in counted else "no assessment that counts"

    return [note(name) for name in known]
