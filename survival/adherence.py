"""Whether tumours were assessed when the plan says: visits due, in their window, outside it, missed.

An arm that is assessed less often is seen to progress later (FDA, Clinical Trial Endpoints for the Approval of
Cancer Drugs and Biologics, 2018, section III.B: assessments are made at the same times in all arms).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from recist import InputError

ADHERENCE = {  # column -> sentence
    "subject": "who",
    "start_date": "day 0 of the plan; without it nothing is counted",
    "until": "assessments are due up to this date",
    "assessments": "assessments after the start, up to `until`",
    "due": "planned visits whose window has closed by then, and any made earlier",
    "in_window": "of these: assessed within the window",
    "outside": "assessed nearer to this visit than to another, outside its window",
    "missed": "not assessed, but assessed again later",
    "missed_in_a_row": "longest run of missed visits",
    "stopped": "not assessed, and not since",
    "mean_gap_days": "mean time from one assessment to the next, the first from the start; missing without one",
    "longest_gap_days": "longest time from one assessment to the next, the first from the start; missing without one",
}


@dataclass(frozen=True, kw_only=True)
class AssessmentPlan:
    """When tumours are to be assessed: every so many days from a start date, give or take a window.

    They are due until progression, or the first of the dates `ends`; of a subject not known to have died also
    until `last_contact`.  A column that the subjects do not have ends nothing.
    """

    every_days: int
    window_days: int = 7
    start: str = "randomization_date"
    ends: tuple[str, ...] = ("death_date", "new_therapy_date", "cutoff_date")
    last_contact: str = "last_alive_date"

    def __post_init__(self) -> None:
        """Windows of two visits do not meet."""
        if self.window_days < 0 or 2 * self.window_days >= self.every_days:
            raise InputError(
                f"a window of {self.window_days} days on either side does not fit assessments every "
                f"{self.every_days} days; it must be less than half"
            )


def adherence(responses: pd.DataFrame, subjects: pd.DataFrame, plan: AssessmentPlan) -> pd.DataFrame:
    """How each subject's assessments kept to the plan.

    Parameters
    ----------
    responses : of `recist.assess`, one evaluator and criteria: `subject date overall`.  A visit that was not done (ND)
        is no assessment; one that was not evaluable is.
    subjects : one row per subject, with the start date of the plan.
    plan : when assessments are due.

    Returns
    -------
    frame with the columns of `ADHERENCE`, one row per row of `subjects`.

    Raises
    ------
    InputError : a column is missing, a subject is twice in `subjects`, or `responses` holds several evaluators or
        criteria.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": ["1"], "randomization_date": pd.to_datetime(["2024-01-01"]),
    ...     "cutoff_date": pd.to_datetime(["2024-07-01"])})
    >>> days = pd.to_datetime(["2024-02-26", "2024-06-25"])
    >>> responses = pd.DataFrame({"subject": "1", "date": days, "overall": ["SD", "SD"]})
    >>> found = adherence(responses, subjects, AssessmentPlan(every_days=56))
    >>> found[["assessments", "due", "in_window", "outside", "missed", "longest_gap_days"]].values.tolist()
    [[2.0, 3.0, 1.0, 1.0, 1.0, 120.0]]
    """
    _check(responses, subjects, plan)
    found = pd.DataFrame({"subject": subjects["subject"].astype(str), "start_date": subjects[plan.start]})
    found = found.reset_index(drop=True)
    seen = responses[responses["overall"].astype(str) != "ND"]
    seen = pd.DataFrame(
        {"subject": seen["subject"].astype(str), "date": seen["date"], "overall": seen["overall"]}
    )
    seen = seen.dropna(subset=["date"]).sort_values(["subject", "date"], kind="stable")
    found["until"] = _until(subjects, seen, plan)
    seen = seen.merge(found, on="subject")
    day = (seen["date"] - seen["start_date"]).dt.days
    seen = seen.assign(day=day)[(day > 0) & (seen["date"] <= seen["until"])]
    counts = [
        _counts(days, last, plan)
        for days, last in zip(_days_of(found["subject"], seen), _last_day(found), strict=True)
    ]
    return found.join(pd.DataFrame(counts, columns=list(ADHERENCE)[3:]))


def _check(responses: pd.DataFrame, subjects: pd.DataFrame, plan: AssessmentPlan) -> None:
    for name, frame, needed in (
        ("responses", responses, ("subject", "date", "overall")),
        ("subjects", subjects, ("subject", plan.start)),
    ):
        if missing := [column for column in needed if column not in frame]:
            raise InputError(f"{name} has no column {missing[0]!r}; it has {', '.join(map(str, frame))}")
    if twice := subjects["subject"].astype(str)[subjects["subject"].astype(str).duplicated()].tolist():
        raise InputError(f"subject {twice[0]} has more than one row in subjects; keep one row per subject")
    for column in ("evaluator", "criteria"):
        values = sorted(responses[column].astype(str).unique()) if column in responses else []
        if len(values) > 1:
            raise InputError(f"responses holds several values of {column} ({', '.join(values)}); keep one")


def _until(subjects: pd.DataFrame, seen: pd.DataFrame, plan: AssessmentPlan) -> pd.Series[pd.Timestamp]:
    """The last day on which an assessment could be due."""
    progression = seen[seen["overall"].astype(str) == "PD"].groupby("subject")["date"].min()
    ends = {"progression": progression.reindex(subjects["subject"].astype(str)).set_axis(subjects.index)}
    ends |= {name: subjects[name] for name in plan.ends if name in subjects}
    if plan.last_contact in subjects:
        contact = subjects[plan.last_contact]
        ends["contact"] = (
            contact.where(subjects["death_date"].isna()) if "death_date" in subjects else contact
        )
    dates = pd.DataFrame({name: pd.to_datetime(dates) for name, dates in ends.items()})
    return dates.min(axis=1).reset_index(drop=True)


def _days_of(subjects: pd.Series[str], seen: pd.DataFrame) -> list[np.ndarray]:
    """Days of the assessments of each subject, in order."""
    days = {name: part.to_numpy() for name, part in seen.groupby("subject")["day"]}
    return [np.unique(days.get(name, np.array([], int))) for name in subjects]


def _last_day(found: pd.DataFrame) -> list[float]:
    """Day up to which assessments are due; missing without a start."""
    return [float(day) for day in (found["until"] - found["start_date"]).dt.days]


def _counts(days: np.ndarray, last: float, plan: AssessmentPlan) -> tuple[float, ...]:
    """What `ADHERENCE` counts, of one subject."""
    if np.isnan(last):
        return (np.nan,) * 9
    nearest = np.floor(days / plan.every_days + 0.5).astype(int)
    closed = int(max(0, (last - plan.window_days) // plan.every_days))
    due = np.union1d(np.arange(1, closed + 1), nearest[nearest >= 1])
    kept = np.unique(nearest[np.abs(days - nearest * plan.every_days) <= plan.window_days])
    made, later = np.isin(due, nearest), due < nearest.max(initial=0)
    in_window = int(np.isin(due, kept).sum())
    gaps = np.diff(days, prepend=0)
    return (
        len(days),
        len(due),
        in_window,
        int(made.sum()) - in_window,
        int((~made & later).sum()),
        _longest_run(~made & later),
        int((~made & ~later).sum()),
        float(gaps.mean()) if len(gaps) else np.nan,
        float(gaps.max()) if len(gaps) else np.nan,
    )


def _longest_run(missed: np.ndarray) -> int:
    """The most visits in a row that were missed."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], missed.astype(int), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))
