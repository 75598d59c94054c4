"""Swimmer: one lane per subject with the time on treatment, responses, and what ended them.

A response lasts from the visit that shows it to the visit that shows another one, progression included; visits
not evaluable do not end it.  Under iRECIST the responses are those of iRECIST, and unconfirmed progression is
marked apart from confirmed.  A response that began after new anticancer therapy is shown
apart.  The cut-off is marked for those who were alive at it.  Duration of response: RECIST 1.1 section 4.6.2.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from recist.errors import InputError
from recist.figures.asked import ask_columns, ask_one_reading, ask_one_row_each, groups_of
from recist.figures.course import ANSWERS, DEATH, NEW_THERAPY, PROGRESSED, PROGRESSION_WORDS, terms_of
from recist.figures.look import FigureLook, days_per

STARTS = (
    "treatment_start_date",
    "randomization_date",
    "enrollment_date",
)  # where time starts: the first there
TREATMENT, FOLLOW_UP, RESPONSE, MARK, NOT_SHOWN = "treatment", "follow-up", "response", "mark", "not shown"
LATE_RESPONSE = "response after new therapy"  # one that began after it
FIRST_RESPONSE, ONGOING, CUTOFF = "first response", "ongoing", "data cut-off"
MARKS = (FIRST_RESPONSE, *PROGRESSION_WORDS.values(), NEW_THERAPY, DEATH, ONGOING, CUTOFF)
DATES = ("discontinuation_date", "death_date", "last_alive_date", "new_therapy_date", "cutoff_date")

COLUMNS = {  # one row per bar, response and mark of a subject
    "part": f"{TREATMENT}, {FOLLOW_UP}, {RESPONSE}, {LATE_RESPONSE}, {MARK} or {NOT_SHOWN}",
    "subject": "identifier",
    "group": "the arm",
    "rank": "place within the arm, 1 is the longest; missing when not shown",
    "what": "the response, the mark, or why the subject is not shown; empty for bars",
    "from": "in `unit` from the start date",
    "to": "in `unit` from the start date; that of a mark is its `from`",
}


def swimmer_numbers(
    responses: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | None = None,
    unit: str = "months",
) -> pd.DataFrame:
    """What the swimmer plot shows: bars, responses and marks, with the columns of `COLUMNS`.

    Parameters
    ----------
    responses : frame of `assess`, one evaluator and criteria; of subjects in `subjects`.
    subjects : one row per subject: a start date (`treatment_start_date`, else `randomization_date`, else
        `enrollment_date`), and those of `discontinuation_date`, `death_date`, `last_alive_date`,
        `new_therapy_date` and `cutoff_date` that there are.  Without a column `discontinuation_date` there are
        no bars of treatment.
    by : column of `subjects` that names the arm.
    unit : unit of time, `days`, `weeks` or `months`.

    Returns
    -------
    frame in the order of arms, then from the longest to the shortest time on treatment (on study without it).

    Raises
    ------
    InputError : a column is missing, several evaluators or criteria, a subject twice or unknown.

    Examples
    --------
    >>> responses = pd.DataFrame({"subject": "1", "date": pd.to_datetime(["2024-03-01", "2024-05-01"]),
    ...     "overall": ["PR", "PD"]})
    >>> subjects = pd.DataFrame({"subject": ["1"], "treatment_start_date": [pd.Timestamp("2024-01-01")],
    ...     "discontinuation_date": [pd.Timestamp("2024-05-10")], "death_date": [pd.Timestamp("2024-08-01")]})
    >>> swimmer_numbers(responses, subjects, unit="days")[["part", "what", "from", "to"]].values.tolist()[:3]
    [['treatment', '', 0.0, 130.0], ['follow-up', '', 0.0, 213.0], ['response', 'PR', 60.0, 121.0]]
    """
    days = days_per(unit)
    ask_columns("responses", responses, ("subject", "date", "overall"))
    ask_one_reading("responses", responses)
    ask_columns("subjects", subjects, ("subject",))
    ask_one_row_each("subjects", subjects)
    start = _start_column(subjects)
    lanes = subjects.assign(subject=subjects["subject"].astype(str)).reset_index(drop=True)
    lanes["group"] = groups_of(lanes["subject"], subjects, by)
    if unknown := sorted(set(responses["subject"].astype(str)) - set(lanes["subject"])):
        raise InputError(
            f"subject {unknown[0]} has responses but no row in subjects; add it, or leave it out"
        )
    visits = _visits(responses, lanes.set_index("subject")[start])
    columns = {name: _since(lanes, name, start) for name in DATES if name in lanes}
    rows: list[dict[str, Any]] = []
    for n, (subject, known) in enumerate(zip(lanes["subject"], lanes[start].notna(), strict=True)):
        if not known:
            rows.append({"part": NOT_SHOWN, "subject": subject, "what": f"no {start.replace('_', ' ')}"})
            continue
        dates = {name: float(values[n]) for name, values in columns.items()}
        rows += [{"subject": subject, **row} for row in _lane(dates, *visits.get(subject, ([], [])))]
    frame = pd.DataFrame(rows, columns=["part", "subject", "what", "from", "to"])
    return _ordered(frame.assign(what=frame["what"].astype(object).fillna("")), lanes, days)


def swimmer_plot(
    responses: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | None = None,
    look: FigureLook | None = None,
    page: int = 1,
) -> Any:
    """Draw one page of the swimmer plot; up to 88 lanes fit on one page.

    Parameters
    ----------
    responses, subjects, by : as in `swimmer_numbers`.
    look : width, unit, caption.
    page : number of the page, from 1; the sentences under the figure say how many there are.

    Returns
    -------
    matplotlib Figure, not registered with pyplot; write it with `recist.save_figure`.

    Raises
    ------
    InputError : as `swimmer_numbers`, or a page that there is not.
    """
    from recist.figures.swimmer_ink import draw

    look = look or FigureLook()
    return draw(swimmer_numbers(responses, subjects, by, look.unit), look, page)


def swimmer_pages(
    responses: pd.DataFrame, subjects: pd.DataFrame, by: str | None = None, look: FigureLook | None = None
) -> Iterator[Any]:
    """All pages of the swimmer plot, one figure after the other; parameters as in `swimmer_plot`."""
    from recist.figures.swimmer_ink import draw, pages_of

    look = look or FigureLook()
    numbers = swimmer_numbers(responses, subjects, by, look.unit)
    for page in range(1, len(pages_of(numbers)) + 1):
        yield draw(numbers, look, page)


def alt_text(numbers: pd.DataFrame, unit: str = "months") -> str:
    """The figure in words."""
    shown = numbers[numbers["rank"].notna()]
    if shown.empty:
        return "Swimmer plot without lanes: no subject has a start date."
    marks = shown[shown["part"] == MARK]["what"].value_counts()
    bars = shown[shown["part"] == TREATMENT]
    told = f"time on treatment up to {bars['to'].max():.1f} {unit}, " if len(bars) else ""
    counts = ", ".join(f"{name} (n={marks.get(name, 0)})" for name in MARKS if name != CUTOFF)
    return (
        f"Swimmer plot: one lane for each subject (n={shown['subject'].nunique()}), longest on top in each arm, "
        f"against time in {unit}: {told}follow-up up to {shown['to'].max():.1f} {unit}. Marked: {counts}."
    )


def _start_column(subjects: pd.DataFrame) -> str:
    """The column that time starts from."""
    there = [name for name in STARTS if name in subjects and subjects[name].notna().any()]
    if not there and len(subjects):
        raise InputError(f"subjects has no start date; give one of {', '.join(STARTS)}")
    return there[0] if there else STARTS[0]


def _since(lanes: pd.DataFrame, name: str, start: str) -> list[float]:
    """Days from the start to the dates of a column; missing where there is none."""
    gap = pd.to_datetime(lanes[name]) - pd.to_datetime(lanes[start])
    return [float(days) for days in gap.dt.total_seconds() / 86400]


def _visits(responses: pd.DataFrame, start: pd.Series) -> dict[str, tuple[list[float], list[str]]]:
    """Subject -> days from the start and responses, in order."""
    seen = responses.sort_values("date", kind="stable")
    subject = seen["subject"].astype(str)
    day = (seen["date"] - start.reindex(subject).set_axis(seen.index)).dt.total_seconds() / 86400
    terms = terms_of(seen).to_numpy(object)
    found: dict[str, tuple[list[float], list[str]]] = {}
    for who, when, term in zip(subject, day, terms, strict=True):
        days, words = found.setdefault(who, ([], []))
        days.append(float(when))
        words.append(str(term))
    return found


def _lane(dates: dict[str, float], day: list[float], term: list[str]) -> Iterator[dict[str, Any]]:
    """The rows of one subject; times are days from the start, missing where not known."""
    last = _last_known(dates, day)
    stopped, died = (dates.get(name, math.nan) for name in ("discontinuation_date", "death_date"))
    if "discontinuation_date" in dates:
        yield {"part": TREATMENT, "from": 0.0, "to": last if math.isnan(stopped) else stopped}
    yield {"part": FOLLOW_UP, "from": 0.0, "to": last}
    therapy = dates.get("new_therapy_date", math.nan)
    for what, begin, end in _responses(day, term):
        yield {"part": LATE_RESPONSE if begin > therapy else RESPONSE, "what": what, "from": begin, "to": end}
    first = {word: when for when, word in zip(reversed(day), reversed(term), strict=True)}
    until = min(first.get(word, math.inf) for word in PROGRESSED)
    answered = [when for when, word in zip(day, term, strict=True) if word in ANSWERS and when < until]
    answered = [when for when in answered if not when > therapy]
    marks = {
        FIRST_RESPONSE: answered[0] if answered else math.nan,
        **{name: first.get(word, math.nan) for word, name in PROGRESSION_WORDS.items()},
        NEW_THERAPY: therapy,
        DEATH: died,
        ONGOING: last if math.isnan(stopped) and math.isnan(died) else math.nan,
        CUTOFF: dates.get("cutoff_date", math.nan) if math.isnan(died) else math.nan,
    }
    for what, when in marks.items():
        if not math.isnan(when):
            yield {"part": MARK, "what": what, "from": when, "to": when}


def _last_known(dates: dict[str, float], day: list[float]) -> float:
    """Death, else the last day anything is known of the subject, the cut-off at the latest."""
    if not math.isnan(died := dates.get("death_date", math.nan)):
        return died
    known = [dates.get(name, math.nan) for name in ("last_alive_date", "discontinuation_date")] + day[-1:]
    latest = max((when for when in known if not math.isnan(when)), default=0.0)
    cutoff = dates.get("cutoff_date", math.nan)
    return max(latest if math.isnan(cutoff) else min(latest, cutoff), 0.0)


def _responses(day: list[float], term: list[str]) -> Iterator[tuple[str, float, float]]:
    """Each response with its first and last day; the one that nothing ended lasts to the last assessment."""
    assessed = [(when, word) for when, word in zip(day, term, strict=True) if word not in ("NE", "ND")]
    for n, (when, word) in enumerate(assessed):
        if word in PROGRESSED:
            return
        if word not in ANSWERS or (n and assessed[n - 1][1] == word):
            continue
        later = [other for other, its_word in assessed[n:] if its_word != word]
        yield word, when, later[0] if later else assessed[-1][0]


def _ordered(rows: pd.DataFrame, lanes: pd.DataFrame, days: float) -> pd.DataFrame:
    """Rows with times in the unit, ranked within the arm by time on treatment, then on study."""
    rows = rows.assign(**{name: pd.to_numeric(rows[name]).astype(float) / days for name in ("from", "to")})
    rows["group"] = rows["subject"].map(lanes.set_index("subject")["group"].astype(str))
    bars = rows[rows["part"].isin([TREATMENT, FOLLOW_UP])]
    length = bars.pivot_table(index="subject", columns="part", values="to").reindex(
        columns=[TREATMENT, FOLLOW_UP]
    )
    length["group"] = lanes.set_index("subject")["group"].reindex(length.index)
    length = length.fillna({TREATMENT: 0.0}).rename_axis(columns=None).reset_index()
    length = length.sort_values(
        ["group", TREATMENT, FOLLOW_UP, "subject"], ascending=[True, False, False, True]
    )
    length["rank"] = length.groupby("group", observed=True).cumcount() + 1
    rows["rank"] = rows["subject"].map(length.set_index("subject")["rank"]).astype("Int64")
    rows["group"] = pd.Categorical(rows["group"].astype(str), lanes["group"].cat.categories)
    rows["order"] = np.arange(len(rows))
    found = rows.sort_values(["group", "rank", "order"], na_position="last", kind="stable")
    return found[list(COLUMNS)].reset_index(drop=True)
