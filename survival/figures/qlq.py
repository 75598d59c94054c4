"""Mean change of QLQ-C30 scores from baseline over time, with limits, by group.

Means and Student's t limits of those who answered at each visit, at the median day of the visit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from recist import InputError
from survival.qlq_c30.means import BASELINE, by_visit, groups_of, means, visits_in_order
from survival.qlq_c30.scales import SCALES
from survival.results import score_text

COLUMNS = {  # one row per scale, group and visit
    "scale": "code of the scale",
    "group": "the arm as printed",
    "visit": "label of the visit; Baseline, where the change is 0 by definition",
    "time": "weeks from the start: median over all groups of the days of the visit, 0 at baseline",
    "n": "subjects with a change at the visit; at baseline, with a baseline score",
    "mean": "mean change in points; missing when nobody has one",
    "lower": "lower limit of the mean; missing with fewer than two subjects",
    "upper": "upper limit",
}
DAYS_PER_WEEK = 7


@dataclass(frozen=True, kw_only=True)
class QlqLook:
    """How the figure of changes is drawn; another look is an edit of it."""

    width: Literal["single", "double"] = "double"  # 89 or 183 mm
    origin: str = ""  # where time starts, for the title of the horizontal axis: "randomization"
    points: float = 10.0  # change that counts as deterioration, drawn as a line; 0: none
    level: float = 0.95  # confidence level of the limits
    fewest: int = 5  # means of fewer subjects are not drawn, unless no visit has more
    caption: str = ""  # first sentence under the figure: population


def qlq_numbers(
    change: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    visits: Sequence[str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Everything the figure of changes shows, as one frame with the columns of `COLUMNS`.

    Parameters
    ----------
    change : from `survival.qlq_change`, of the scales that are wanted.
    subjects : one row per subject of the population.
    by : columns that make the groups.
    visits : labels of the visits; None is all of them.
    level : confidence level.

    Returns
    -------
    frame, scales in the order of the manual, groups in theirs, visits by their median day.

    Raises
    ------
    InputError : a column is missing, there is no scale, or `by` cannot make groups.

    Examples
    --------
    >>> from survival import qlq_change
    >>> scores = pd.DataFrame({"subject": ["1", "1", "2", "2"], "visit": ["BL", "W8"] * 2, "scale": "QL2",
    ...     "date": pd.to_datetime(["2024-01-01", "2024-02-26"] * 2), "score": [75.0, 50.0, 50.0, 50.0]})
    >>> subjects = pd.DataFrame({"subject": ["1", "2"], "randomization_date": pd.Timestamp("2024-01-01")})
    >>> numbers = qlq_numbers(qlq_change(scores, subjects), subjects)
    >>> numbers[["visit", "time", "n", "mean"]].values.tolist()
    [['Baseline', 0.0, 2, 0.0], ['W8', 8.0, 2, -12.5]]
    """
    rows, _ = by_visit(change)
    scales = [code for code in SCALES if (change["scale"] == code).any()]
    if not scales:
        raise InputError("there are no scores to draw; is the filter on the scale right?")
    _, members = groups_of(subjects, by)
    rows = rows[rows["subject"].isin(subjects["subject"].astype(str))]
    when = {BASELINE: 0.0} | visits_in_order(rows, visits)
    rows = rows.assign(value=rows["value"].mask(rows["visit"] == BASELINE, 0.0))
    found = means(rows, members, level).set_index(["scale", "group", "visit"])
    wanted = pd.MultiIndex.from_product([scales, list(members), list(when)], names=found.index.names)
    numbers = found.reindex(wanted).reset_index()
    at_baseline = (numbers["visit"] == BASELINE).to_numpy(bool)
    numbers = numbers.assign(
        time=numbers["visit"].map(when) / DAYS_PER_WEEK,
        n=numbers["n"].fillna(0).astype("int64"),
        lower=numbers["lower"].mask(at_baseline),
        upper=numbers["upper"].mask(at_baseline),
    )
    return numbers[numbers["time"].notna()].reset_index(drop=True)[list(COLUMNS)]


def drawn(numbers: pd.DataFrame, fewest: int) -> pd.DataFrame:
    """The numbers with means of too few subjects left out; all of them where no visit has enough."""
    enough = (numbers["n"] >= fewest).to_numpy(bool)
    if not (enough & (numbers["time"] > 0).to_numpy(bool)).any():
        return numbers
    return numbers.assign(**{name: numbers[name].where(enough) for name in ("mean", "lower", "upper")})


def alt_text(numbers: pd.DataFrame) -> str:
    """The figure in words: the last mean that is drawn of each scale and group."""
    parts = ["EORTC QLQ-C30: mean change from baseline against time in weeks."]
    after = numbers[numbers["mean"].notna() & (numbers["time"] > 0).to_numpy(bool)]
    for (scale, group), rows in after.groupby(["scale", "group"], sort=False):
        last = rows.sort_values("time", kind="stable").iloc[-1]
        limits = (
            "" if pd.isna(last["lower"]) else f" ({score_text(last['lower'])} to {score_text(last['upper'])})"
        )
        parts.append(
            f"{SCALES[str(scale)].title}, {group}: {score_text(last['mean'])}{limits} points at week {last['time']:.0f}, "
            f"{last['n']} subjects."
        )
    return " ".join(parts if len(parts) > 1 else [*parts, "No mean is drawn."])


def qlq_plot(
    change: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    visits: Sequence[str] | None = None,
    look: QlqLook | None = None,
) -> Any:
    """Draw mean changes over time, a panel per scale, with the numbers of subjects below.

    Parameters
    ----------
    change, subjects, by, visits : as in `qlq_numbers`.
    look : width, origin of time, the line of deterioration, level; None is the default look.

    Returns
    -------
    matplotlib Figure, not registered with pyplot; write it with `recist.save_figure`.

    Raises
    ------
    InputError : as `qlq_numbers`, or more groups than a figure tells apart.
    """
    from survival.figures.qlq_ink import draw

    chosen = look or QlqLook()
    return draw(qlq_numbers(change, subjects, by, visits, chosen.level), chosen)
