"""Response over time: the shares of subjects with each response at each visit, and of those without one.

Nobody leaves the denominator: who progressed or died before, was not assessed, or whose data end before the visit
has a share of the bar.  Under iRECIST the responses are those of iRECIST, and only confirmed progression (iCPD) ends a
course.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from recist.errors import InputError
from recist.figures.asked import ask_columns, ask_one_reading, ask_one_row_each, groups_of
from recist.figures.course import PROGRESSED, terms_of
from recist.figures.look import FigureLook
from recist.figures.palette import in_order

EARLIER, DEAD, NOT_ASSESSED, NOT_REACHED = SINKS = (
    "progression earlier",
    "died",
    "not assessed",
    "data end before",
)
ENDS = {"cutoff_date": NOT_REACHED, "death_date": DEAD}  # where both lie before a visit the last one tells
UNPLANNED = re.compile(
    r"unsched|unplan|end of|eot|discontin|follow", re.IGNORECASE
)  # labels of no planned visit

COLUMNS = {  # one row per arm, visit and state that occurs
    "group": "the arm",
    "visit": "label of the visit",
    "rank": "place of the visit in time, from 1",
    "day": "median day of the visit, from the start date",
    "state": f"response at the visit, or {', '.join(SINKS)}",
    "n": "subjects of the arm in this state",
    "of": "subjects of the arm",
    "share": "n / of",
}


def response_over_time_numbers(
    responses: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | None = None,
    visits: Sequence[str] | None = None,
) -> pd.DataFrame:
    """The shares of each visit, with the columns of `COLUMNS`.

    Parameters
    ----------
    responses : frame of `assess`, one evaluator and criteria.
    subjects : one row per subject, the denominator; `death_date` and `cutoff_date` where there are.
    by : column of `subjects` that names the arm.
    visits : labels of the visits to show; None: all but unscheduled, end-of-treatment and follow-up visits.

    Returns
    -------
    frame in the order of arms, visits by their median day, and states from best to worst.  A subject without a
    response at a visit is `died` or `progression earlier` when that happened before the median day of the
    visit, `data end before` when the cut-off did, else `not assessed`.

    Raises
    ------
    InputError : a column is missing, several evaluators or criteria, a subject or a visit that is not known.

    Examples
    --------
    >>> responses = pd.DataFrame({"subject": ["1", "2", "1"], "visit": ["W8", "W8", "W16"], "day": [56, 56, 112],
    ...     "start_date": pd.Timestamp("2024-01-01"), "overall": ["PR", "PD", "PR"]})
    >>> found = response_over_time_numbers(responses, pd.DataFrame({"subject": ["1", "2"]}))
    >>> found[["visit", "state", "share"]].values.tolist()
    [['W8', 'PR', 0.5], ['W8', 'PD', 0.5], ['W16', 'PR', 0.5], ['W16', 'progression earlier', 0.5]]
    """
    ask_columns("responses", responses, ("subject", "visit", "day", "start_date", "overall"))
    ask_one_reading("responses", responses)
    ask_columns("subjects", subjects, ("subject",))
    ask_one_row_each("subjects", subjects)
    seen = responses.assign(subject=responses["subject"].astype(str), visit=responses["visit"].astype(str))
    who = subjects.assign(subject=subjects["subject"].astype(str)).reset_index(drop=True)
    if unknown := sorted(set(seen["subject"]) - set(who["subject"])):
        raise InputError(
            f"subject {unknown[0]} has responses but no row in subjects; add it, or leave it out"
        )
    days = _days(seen, visits)
    states = _states(seen, who, days)
    group = groups_of(who["subject"], subjects, by).cat
    codes = group.codes.to_numpy()[states["place"].to_numpy(int)]
    states["group"] = pd.Categorical.from_codes(codes, group.categories)
    return _shares(states, days)


def response_over_time_plot(
    responses: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | None = None,
    visits: Sequence[str] | None = None,
    look: FigureLook | None = None,
) -> Any:
    """Draw the responses over time as stacked bars, a panel for each arm.

    Parameters
    ----------
    responses, subjects, by, visits : as in `response_over_time_numbers`.
    look : width, caption.

    Returns
    -------
    matplotlib Figure, not registered with pyplot; write it with `recist.save_figure`.

    Raises
    ------
    InputError : as `response_over_time_numbers`, or more than six arms.
    """
    from recist.figures.response_over_time_ink import draw

    return draw(response_over_time_numbers(responses, subjects, by, visits), look or FigureLook())


def alt_text(numbers: pd.DataFrame) -> str:
    """The figure in words."""
    if numbers.empty:
        return "Response over time without bars: there is no visit after baseline."
    parts = ["Stacked bars: shares of subjects with each response at each visit."]
    for (group, visit), part in numbers.groupby(["group", "visit"], observed=True, sort=False):
        told = ", ".join(
            f"{state} {100 * share:.0f}%" for state, share in zip(part["state"], part["share"], strict=True)
        )
        parts.append(f"{group}, {visit} (n={part['of'].iloc[0]}): {told}.")
    return " ".join(parts)


def _days(seen: pd.DataFrame, visits: Sequence[str] | None) -> pd.Series:
    """Visit -> its median day, in order."""
    if visits is None:
        seen = seen[~seen["visit"].str.contains(UNPLANNED)]
    elif missing := [visit for visit in visits if visit not in set(seen["visit"])]:
        raise InputError(
            f"responses has no visit {missing[0]!r}; it has {', '.join(sorted(set(seen['visit'])))}"
        )
    else:
        seen = seen[seen["visit"].isin(list(visits))]
    return seen.groupby("visit")["day"].median().sort_values(kind="stable")


def _states(seen: pd.DataFrame, who: pd.DataFrame, days: pd.Series) -> pd.DataFrame:
    """The state of every subject at every visit; `place` is the row of the subject."""
    place = pd.Series(np.arange(len(who)), index=who["subject"])
    terms = terms_of(seen)
    first = seen["day"].where(terms.isin(PROGRESSED)).groupby(seen["subject"]).min()
    start = seen.groupby("subject")["start_date"].first()
    progressed = who["subject"].map(first).to_numpy(float)
    until = seen["subject"].map(first).fillna(np.inf).to_numpy(float)
    counts = (seen["day"] <= until).to_numpy(bool)
    ends = [(_since(who, name, start), word) for name, word in ENDS.items() if name in who]
    rows = []
    for visit, day in days.items():
        state = np.full(len(who), NOT_ASSESSED, dtype=object)
        for when, word in ends:
            state[when < float(day)] = word
        state[(progressed < day) & (state != DEAD)] = EARLIER
        mine = seen[(seen["visit"] == visit).to_numpy(bool) & counts]
        state[place[mine["subject"]].to_numpy(int)] = terms[mine.index].to_numpy(object)
        rows.append(pd.DataFrame({"place": np.arange(len(who)), "visit": visit, "state": state}))
    return (
        pd.concat(rows, ignore_index=True)
        if rows
        else pd.DataFrame({"place": [], "visit": [], "state": []}).astype({"place": int})
    )


def _since(who: pd.DataFrame, column: str, start: pd.Series) -> np.ndarray[Any, Any]:
    """Days to the dates of a column; time starts as in the responses, else as known."""
    begins = start.reindex(who["subject"]).set_axis(who.index)
    for name in ("randomization_date", "treatment_start_date", "enrollment_date"):
        if name in who:
            begins = begins.fillna(who[name])
    gap = pd.to_datetime(who[column]) - pd.to_datetime(begins)
    found: np.ndarray[Any, Any] = (gap.dt.total_seconds() / 86400).to_numpy(float)
    return found


def _shares(states: pd.DataFrame, days: pd.Series) -> pd.DataFrame:
    """Counts and shares in order."""
    order = [*in_order(set(states["state"]) - set(SINKS)), *SINKS]
    states = states.assign(
        state=pd.Categorical(states["state"], order), visit=pd.Categorical(states["visit"], list(days.index))
    )
    keys = ["group", "visit", "state"]
    found = states.groupby(keys, observed=True, sort=True).size().rename("n").reset_index()
    found["of"] = found.groupby(["group", "visit"], observed=True)["n"].transform("sum")
    found = found.assign(
        share=found["n"] / found["of"], day=found["visit"].astype(str).map(days).astype(float)
    )
    found["rank"] = found["visit"].cat.codes.to_numpy() + 1
    found = found.assign(visit=found["visit"].astype(str), state=found["state"].astype(str))
    return found[list(COLUMNS)]
