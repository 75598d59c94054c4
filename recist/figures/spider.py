"""Spider: the change of the sum of diameters from baseline over time, one line per subject.

A line starts at (0, 0 %) and passes through the dates of the scans; where the sum was not complete it is
broken.  Limits of response and progression: RECIST 1.1 section 4.3.1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recist.best_response import best_response
from recist.figures.asked import (
    ask_columns,
    ask_one_reading,
    ask_one_row_each,
    groups_of,
    is_true,
)
from recist.figures.course import (
    DEATH,
    LIMITS,
    NEW_THERAPY,
    PROGRESSED,
    PROGRESSION_WORDS,
    limits_of,
    terms_of,
)
from recist.figures.look import FigureLook, days_per

NEW_LESION = "new lesion"
WITH_NEW = f" with {NEW_LESION}"
MARKS = (*(word + more for word in PROGRESSION_WORDS.values() for more in ("", WITH_NEW)), NEW_LESION)
ENDS = {"new_therapy_date": NEW_THERAPY, "death_date": DEATH}  # where both are, the first of them

COLUMNS = {  # one row per subject and visit, the start of the line first
    "subject": "identifier",
    "group": "the arm",
    "best_response": "best response of the subject",
    "time": "in `unit`, from the start date; 0 is the start of the line",
    "change_pct": "change of the sum from baseline, per cent; missing when the sum was not complete",
    "run": "number of the unbroken stretch of line that the point lies on; missing with `change_pct`",
    "mark": f"one of {', '.join(MARKS)} where first seen, else empty",
    "mark_pct": "height of the mark: the change, or the last one known before; missing without a mark",
    "end": f"`{NEW_THERAPY}` or `{DEATH}` at the last sum before it, of subjects without progression, else empty",
}


def spider_numbers(
    responses: pd.DataFrame,
    best: pd.DataFrame | None = None,
    subjects: pd.DataFrame | None = None,
    by: str | None = None,
    unit: str = "months",
) -> pd.DataFrame:
    """What the spider shows: one row per subject and visit, with the columns of `COLUMNS`.

    Parameters
    ----------
    responses : frame of `assess`, one evaluator and criteria.
    best : frame of `best_response`, for the colours; by default made from `responses`.
    subjects : one row per subject with its arm, needed with `by`; `death_date` and `new_therapy_date` where there
        are say what ended a line without progression.
    by : column of `subjects` that names the arm.
    unit : unit of time, `days`, `weeks` or `months` (of 30.4375 days).

    Returns
    -------
    frame in the order of arms and subjects, then time.  A subject of `best` without a complete sum after
    baseline has no line but one row, without change and run.

    Raises
    ------
    InputError : a column is missing, several evaluators or criteria, an arm that is not known.

    Examples
    --------
    >>> responses = pd.DataFrame({"subject": "1", "date": pd.to_datetime(["2024-03-01", "2024-05-01"]),
    ...     "start_date": pd.Timestamp("2024-01-01"), "day": [60, 121], "change_from_baseline_pct": [-40.0, 10.0],
    ...     "new_lesion": ["N", "Y"], "overall": ["PR", "PD"]})
    >>> spider_numbers(responses, unit="days")[["time", "change_pct", "mark"]].values.tolist()
    [[0.0, 0.0, ''], [60.0, -40.0, ''], [121.0, 10.0, 'progression with new lesion']]
    """
    days = days_per(unit)
    needed = ("subject", "date", "day", "change_from_baseline_pct", "new_lesion", "overall")
    ask_columns("responses", responses, needed)
    ask_one_reading("responses", responses)
    best = best_response(responses) if best is None else best
    ask_columns("best", best, ("subject", "best_response"))
    ask_one_reading("best", best)
    ask_one_row_each("best", best)
    if subjects is not None:
        ask_columns("subjects", subjects, ("subject",))
        ask_one_row_each("subjects", subjects)
    points = _points(responses, days)
    points["end"] = _ends(points, responses, subjects, days)
    points = pd.concat([points, _without_line(best, points)], ignore_index=True)
    term = best["best_response"].astype("string").fillna("MISSING").astype(str)
    known = pd.Series(term.to_numpy(), index=best["subject"].astype(str).to_numpy())
    points["best_response"] = points["subject"].map(known).fillna("MISSING")
    points["group"] = groups_of(points["subject"], subjects, by)
    points = points.sort_values(["group", "subject", "order"], kind="stable").reset_index(drop=True)
    return points[list(COLUMNS)]


def spider_plot(
    responses: pd.DataFrame,
    best: pd.DataFrame | None = None,
    subjects: pd.DataFrame | None = None,
    by: str | None = None,
    look: FigureLook | None = None,
) -> Any:
    """Draw the spider.

    Parameters
    ----------
    responses, best, subjects, by : as in `spider_numbers`; time is in months.
    look : width, caption, and what the colours are: the best response (arms get panels of their own) or the arm.
        With `panels="response"` each best response has a panel: lines of many subjects stay apart.

    Returns
    -------
    matplotlib Figure, not registered with pyplot; write it with `recist.save_figure`.

    Raises
    ------
    InputError : as `spider_numbers`, or more than six arms.
    """
    from recist.figures.spider_ink import draw

    look = look or FigureLook()
    numbers = spider_numbers(responses, best, subjects, by, look.unit)
    return draw(numbers, look, limits_of(responses))


def alt_text(numbers: pd.DataFrame, unit: str = "months", limits: tuple[float, float] = LIMITS) -> str:
    """The figure in words."""
    after = numbers[numbers["run"].notna() & (numbers["time"] != 0)]
    if after.empty:
        return "Spider plot without lines: no subject has a complete sum of diameters after baseline."
    lowest = after.groupby("subject")["change_pct"].min()
    marks = numbers["mark"]
    counts = {word: int(marks.str.startswith(word).sum()) for word in PROGRESSION_WORDS.values()}
    counts = {word: n for word, n in counts.items() if n or word == PROGRESSION_WORDS["PD"]}
    counts |= {NEW_LESION: int(marks.str.endswith(NEW_LESION).sum())}
    told = ", ".join(f"first {word} (n={n})" for word, n in counts.items())
    return (
        f"Spider plot: change of the sum of target diameters from baseline, per cent, against time in {unit}, "
        f"up to {after['time'].max():.1f} {unit}; one line per subject. Number of lines: {len(lowest)}, of which "
        f"{(lowest <= limits[1]).sum()} reach a decrease of {-limits[1]:.0f}% or more; changes from {lowest.min():.0f}% to "
        f"{after['change_pct'].max():.0f}%. Marked: {told}."
    )


def _without_line(best: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """A row for each subject who has no line."""
    who = best["subject"].astype(str)
    who = who[~who.isin(points["subject"])]
    return pd.DataFrame({"subject": who.to_numpy(), "mark": "", "end": "", "order": 0}).astype(
        {"subject": str, "mark": str, "end": str}
    )


def _points(responses: pd.DataFrame, days: float) -> pd.DataFrame:
    """The visits in order with marks and stretches, and the start of each line before them."""
    seen = responses.sort_values(["subject", "date"], kind="stable")
    seen = pd.DataFrame(
        {
            "subject": seen["subject"].astype(str).to_numpy(),
            "time": seen["day"].to_numpy(float) / days,
            "change_pct": seen["change_from_baseline_pct"].to_numpy(float),
            "term": terms_of(seen).to_numpy(object),
            "new": is_true(seen["new_lesion"].eq("Y")),
        }
    )
    with_sum = seen.loc[seen["change_pct"].notna(), "subject"].unique()
    seen = seen[seen["subject"].isin(with_sum)]
    start = pd.DataFrame({"subject": with_sum, "time": 0.0, "change_pct": 0.0, "term": "", "new": False})
    points = pd.concat([start, seen], ignore_index=True)
    points = points.sort_values("subject", kind="stable").reset_index(drop=True)
    points["order"] = np.arange(len(points))
    complete = points["change_pct"].notna()
    broken = (~complete).groupby(points["subject"]).cumsum()
    points["run"] = broken.where(complete).astype("Int64")
    _mark(points)
    return points


def _mark(points: pd.DataFrame) -> None:
    """Where progression and a new lesion are first seen, and the height of the mark."""
    subject, mark = points["subject"], np.full(len(points), "", dtype=object)
    for term, word in PROGRESSION_WORDS.items():
        mark[_first(points["term"] == term, subject)] = word
    new = _first(points["new"], subject)
    mark[new] = [word + WITH_NEW if word else NEW_LESION for word in mark[new]]
    points["mark"] = mark.astype(str)
    known = points.groupby("subject")["change_pct"].ffill()
    points["mark_pct"] = known.where(points["mark"] != "")


def _first(there: pd.Series, subject: pd.Series) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """The first row of each subject where something is there."""
    found: np.ndarray[Any, np.dtype[np.bool_]] = (there & (there.groupby(subject).cumsum() == 1)).to_numpy(
        bool
    )
    return found


def _ends(
    points: pd.DataFrame, responses: pd.DataFrame, subjects: pd.DataFrame | None, days: float
) -> list[str]:
    """New therapy or death, whichever came first, at the last sum before it, of subjects without progression."""
    found = pd.Series("", index=points.index)
    columns = [name for name in ENDS if subjects is not None and name in subjects]
    if subjects is None or not columns:
        return list(found)
    progressed = set(points.loc[points["term"].isin(PROGRESSED), "subject"])
    who = subjects["subject"].astype(str)
    start = (responses["date"] - pd.to_timedelta(responses["day"], unit="D")).groupby(
        responses["subject"].astype(str)
    )
    begins = who.map(start.first())
    times = {
        ENDS[name]: (pd.to_datetime(subjects[name]) - begins).dt.total_seconds() / 86400 / days
        for name in columns
    }
    table = pd.DataFrame(times).set_axis(who).loc[lambda frame: ~frame.index.isin(progressed)]
    table = table.dropna(how="all")
    if len(table):
        before = points["time"] <= points["subject"].map(table.min(axis=1))
        last = points[before & points["change_pct"].notna()].groupby("subject")["subject"].tail(1)
        found.loc[last.index] = last.map(table.idxmin(axis=1)).to_numpy(str)
    return list(found)
