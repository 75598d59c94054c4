"""Cumulative incidence figure: the share with each kind of event when the kinds exclude one another.

Latouche et al., J Clin Epidemiol 2013; 66: 648: show the curves of all causes, not of the one of interest alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist import InputError
from survival.figures.km import round_times
from survival.figures.look import IncidenceLook
from survival.groups import ALL, label
from survival.results import DAYS_PER, p_text

if TYPE_CHECKING:
    from survival.estimate.competing import CumulativeIncidence

COLUMNS = {  # one row per step or number of the figure
    "part": "curve, at_risk, total, test",
    "cause": "the event counted; empty for at_risk",
    "group": "the arm as printed; empty for test",
    "time": "in `unit`: of the step or the tick",
    "value": "share with the event; number at risk; total: share at the end of the curve",
    "lower": "lower limit of the share; missing while it is 0",
    "upper": "upper limit of the share",
    "n": "total: subjects of the group",
    "events": "total: events of the cause",
    "p_value": "test: Gray's p that the groups are alike",
}


def cumulative_incidence_numbers(
    incidence: CumulativeIncidence,
    tte: pd.DataFrame,
    test: pd.DataFrame | None = None,
    unit: str = "months",
    ticks: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Everything the figure shows, as one frame with the columns of `COLUMNS`.

    Parameters
    ----------
    incidence : result of `cumulative_incidence`, fitted to times in days.
    tte : the frame it was fitted to, for the numbers at risk.
    test : frame of `gray_test`, for the p-values.
    unit : `months` (of 30.4375 days) or `days`.
    ticks : times, in `unit`, of the ticks and numbers at risk; None chooses round ones.

    Returns
    -------
    frame, causes and groups in the order of `incidence`.  A curve goes on to the last observation of its group.

    Raises
    ------
    InputError : an unknown unit, a tick below 0, or a frame without the columns of the fit.

    Examples
    --------
    >>> from survival import cumulative_incidence
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4], "event": [True, True, True, False],
    ...     "cause": ["relapse", "death", "relapse", None]})
    >>> found = cumulative_incidence_numbers(cumulative_incidence(tte), tte, unit="days")
    >>> found.loc[found["part"] == "total", ["cause", "value", "events"]].values.tolist()
    [['death', 0.25, 1], ['relapse', 0.5, 2]]
    """
    if unit not in DAYS_PER:
        raise InputError(f"unit {unit!r} is not one of {', '.join(DAYS_PER)}")
    if missing := [name for name in ("time", *incidence.by) if name not in tte]:
        raise InputError(f"tte has no column {', '.join(missing)}; give the frame that was fitted")
    days = DAYS_PER[unit]
    longest = float(tte["time"].max()) / days if len(tte) else 0.0
    at = round_times(longest, unit) if ticks is None else [float(tick) for tick in ticks]
    if not at or min(at) < 0:
        raise InputError(f"ticks {at}: give at least one time, 0 or later")
    sizes = _observed(tte, incidence.by)
    rows = [_curve(part, key, incidence, days) for key, part in _curves(incidence)]
    rows += [_at_risk(times / days, name, at) for name, times in sizes.items()]
    rows += [_total(part, key, len(sizes[label(key[:-1])]), days) for key, part in _curves(incidence)]
    if test is not None:
        told = test[["cause", "p"]].rename(columns={"p": "p_value"})
        rows.append(told.assign(part="test", group="", cause=told["cause"].astype(str)))
    frame = pd.concat([part.reindex(columns=list(COLUMNS)) for part in rows if len(part)], ignore_index=True)
    return frame.astype({"n": "Int64", "events": "Int64"})


def cumulative_incidence_plot(
    incidence: CumulativeIncidence,
    tte: pd.DataFrame,
    test: pd.DataFrame | None = None,
    unit: str = "months",
    look: IncidenceLook | None = None,
) -> Any:
    """Draw cumulative incidence: a panel for each cause, or one panel for all when there is one group.

    Parameters
    ----------
    incidence, tte, test, unit : as in `cumulative_incidence_numbers`.
    look : `IncidenceLook`: width, origin of time, limits, caption.

    Returns
    -------
    matplotlib Figure, not registered with pyplot; write it with `recist.save_figure`.

    Raises
    ------
    InputError : as `cumulative_incidence_numbers`, or more than six curves in a panel.
    """
    from survival.figures.cumulative_incidence_ink import draw

    level = float(incidence.curves["level"].iloc[0])
    numbers, chosen = cumulative_incidence_numbers(incidence, tte, test, unit), look or IncidenceLook()
    caption = f"{chosen.caption} {incidence.curves['method'].iloc[0]}.".strip()
    return draw(numbers, unit, replace(chosen, caption=caption), f"{100 * level:g}% CI")


def alt_text(numbers: pd.DataFrame, unit: str = "months") -> str:
    """The figure in words."""
    parts = [f"Cumulative incidence against time in {unit}, with competing events."]
    for row in numbers[numbers["part"] == "total"].to_dict("records"):
        parts.append(
            f"{row['cause']}, {row['group']}: {row['events']} of {row['n']} subjects, "
            f"{100 * row['value']:.0f}% at {row['time']:.1f} {unit}."
        )
    tests = numbers[numbers["part"] == "test"]
    parts += [
        f"Gray's test, {cause}: p {p_text(p)}."
        for cause, p in zip(tests["cause"], tests["p_value"], strict=True)
    ]
    return " ".join(parts)


def _curves(incidence: CumulativeIncidence) -> list[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Each curve with its group and cause."""
    keys = [*incidence.by, "cause"]
    return [(key, part) for key, part in incidence.curves.groupby(keys, sort=False, observed=True)]


def _observed(tte: pd.DataFrame, by: list[str]) -> dict[str, np.ndarray[Any, Any]]:
    """Times of the subjects of each group."""
    if not by:
        return {ALL: tte["time"].to_numpy(float)}
    return {
        label(key): part["time"].to_numpy(float) for key, part in tte.groupby(by, sort=False, observed=True)
    }


def _curve(
    part: pd.DataFrame, key: tuple[Any, ...], incidence: CumulativeIncidence, days: float
) -> pd.DataFrame:
    """The steps of one curve, on to the last observation."""
    steps = part[["time", "estimate", "lower", "upper"]].rename(columns={"estimate": "value"})
    last, _ = incidence.last[key[:-1]]
    if last > steps["time"].iloc[-1]:
        steps = pd.concat([steps, steps.tail(1).assign(time=last)])
    return steps.assign(time=steps["time"] / days, part="curve", cause=str(key[-1]), group=label(key[:-1]))


def _at_risk(times: np.ndarray[Any, Any], group: str, at: list[float]) -> pd.DataFrame:
    """Subjects still under observation just before each tick."""
    counts = [float((times >= tick - 1e-9).sum()) for tick in at]
    return pd.DataFrame({"part": "at_risk", "cause": "", "group": group, "time": at, "value": counts})


def _total(part: pd.DataFrame, key: tuple[Any, ...], n: int, days: float) -> pd.DataFrame:
    """Where one curve ends."""
    end = part.iloc[-1]
    row = {"part": "total", "cause": str(key[-1]), "group": label(key[:-1]), "value": end["estimate"]}
    return pd.DataFrame([{**row, "time": end["time"] / days, "events": int(end["events"]), "n": n}])
