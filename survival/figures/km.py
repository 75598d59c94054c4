"""Kaplan-Meier figure: step curves with limits and censor marks, numbers at risk, medians, hazard ratios.

Numbers at risk are those under observation just before the tick, as SAS and R count them.  Layout after
Pocock, Clayton and Altman, Lancet 2002; 359: 1686, and Morris et al, BMJ Open 2019; 9: e030215 (KMunicate).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist import InputError
from survival.comparison_text import hazard_ratio_note
from survival.groups import ALL, label
from survival.results import DAYS_PER, p_text, percent_text, ratio_text, time_text

if TYPE_CHECKING:
    from survival.estimate.fitted_curves import KaplanMeier

STEPS = {  # distances between ticks that readers expect
    "months": (0.25, 0.5, 1, 2, 3, 6, 12, 24, 36, 60, 120, 240),
    "days": (1, 2, 5, 10, 20, 30, 60, 90, 180, 360, 720, 1080, 1800, 3600, 7200),
}
MOST_TICKS = 9

COLUMNS = {  # one row per mark or number of the figure
    "part": "curve, censored, at_risk, cumulative_events, cumulative_censored, median, landmark, hazard_ratio",
    "group": "the arm as printed",
    "time": "in `unit`: of the step, the mark, the tick, the landmark, or the median itself",
    "value": "survival; number at risk, or before the tick; hazard ratio; missing when not estimable",
    "lower": "lower limit of survival, median (a time) or hazard ratio",
    "upper": "upper limit",
    "n": "at_risk and median: subjects of the group; curve and landmark: subjects at risk",
    "events": "median: events of the group",
    "p_value": "hazard_ratio: log-rank p against the reference",
    "reference": "hazard_ratio: the arm compared with",
}


def km_numbers(
    km: KaplanMeier,
    comparison: pd.DataFrame | None = None,
    unit: str = "months",
    ticks: Sequence[float] | None = None,
    landmarks: Sequence[float] = (),
) -> pd.DataFrame:
    """Everything the Kaplan-Meier figure shows, as one frame with the columns of `COLUMNS`.

    Parameters
    ----------
    km : result of `kaplan_meier`, fitted to times in days.
    comparison : frame of `compare_arms`, for hazard ratios and p-values.
    unit : unit of the time axis, `months` (of 30.4375 days) or `days`.
    ticks : times, in `unit`, of the ticks and numbers at risk; None chooses round ones.
    landmarks : times, in `unit`, at which survival is told and a line is drawn.

    Returns
    -------
    frame, groups in the order of `km`, parts in the order of `COLUMNS["part"]`.  Subjects at risk, with an event
    and censored before a tick add up to all.

    Raises
    ------
    InputError : an unknown unit, or a tick below 0.

    Examples
    --------
    >>> from survival import kaplan_meier
    >>> tte = pd.DataFrame({"time": [10, 20, 30, 40], "event": [True, True, False, True]})
    >>> numbers = km_numbers(kaplan_meier(tte), unit="days", ticks=[0, 20, 21])
    >>> numbers.loc[numbers["part"] == "at_risk", "value"].tolist()
    [4.0, 3.0, 2.0]
    """
    if unit not in DAYS_PER:
        raise InputError(f"unit {unit!r} is not one of {', '.join(DAYS_PER)}")
    curves = km.curves.assign(time=km.curves["time"] / DAYS_PER[unit], group=_groups(km.curves, km.by))
    at = round_times(float(curves["time"].max()), unit) if ticks is None else [float(tick) for tick in ticks]
    if not at or min(at) < 0:
        raise InputError(f"ticks {at}: give at least one time, 0 or later")
    shown = {"survival": "value", "at_risk": "n"}
    steps = curves[["group", "time", "lower", "upper", *shown]].rename(columns=shown)
    parts = [
        steps.assign(part="curve"),
        steps.loc[curves["censored"] > 0, ["group", "time", "value"]].assign(part="censored"),
        _at_risk(curves, at),
        _before(curves, at, "events"),
        _before(curves, at, "censored"),
        _medians(km, DAYS_PER[unit]),
    ]
    if len(landmarks):
        parts.append(_landmarks(km, landmarks, DAYS_PER[unit]))
    if comparison is not None:
        parts.append(_hazard_ratios(comparison, set(curves["group"])))
    return pd.concat([part.reindex(columns=list(COLUMNS)) for part in parts if len(part)], ignore_index=True)


def km_plot(
    km: KaplanMeier,
    comparison: pd.DataFrame | None = None,
    unit: str = "months",
    ticks: Sequence[float] | None = None,
    look: Any = None,
) -> Any:
    """Draw Kaplan-Meier curves with numbers at risk.

    Parameters
    ----------
    km, comparison, unit, ticks : as in `km_numbers`.
    look : `survival.figures.look.KmLook`: width (`double`, 183 mm, or `single`, 89 mm), endpoint, limits;
        None is the default look.

    Returns
    -------
    matplotlib Figure, not registered with pyplot; write it with `recist.save_figure`.

    Raises
    ------
    InputError : as `km_numbers`, or more than six groups.
    """
    from survival.figures.km_ink import draw
    from survival.figures.look import KmLook

    chosen = look or KmLook()
    words = " ".join([*([chosen.caption] if chosen.caption else []), *_methods(km, comparison)])
    named = replace(chosen, confidence=chosen.confidence or f"{100 * km.level:g}% CI", caption=words)
    return draw(km_numbers(km, comparison, unit, ticks, chosen.landmarks), unit, named)


def _methods(km: KaplanMeier, comparison: pd.DataFrame | None) -> list[str]:
    """How limits, hazard ratios and p were obtained."""
    told = [f"Kaplan-Meier, {km.conf_type} limits (medians: Brookmeyer and Crowley)."]
    if comparison is not None and len(comparison) and {"ties", "strata"} <= set(comparison):
        ties, strata = comparison["ties"].iloc[0], str(comparison["strata"].iloc[0])
        told.append(hazard_ratio_note(ties, [strata] if strata else []))
    return told


def alt_text(numbers: pd.DataFrame, endpoint: str, unit: str = "months") -> str:
    """The figure in words."""
    parts = [f"Kaplan-Meier curves of {endpoint[:1].lower()}{endpoint[1:]} against time in {unit}."]
    for row in numbers[numbers["part"] == "median"].to_dict("records"):
        told = "median not reached" if pd.isna(row["time"]) else f"median {time_text(row['time'])} {unit}"
        parts.append(f"{row['group']}: {row['events']:.0f} events in {row['n']:.0f} subjects, {told}.")
    for row in numbers[numbers["part"] == "landmark"].to_dict("records"):
        parts.append(f"{row['group']} at {row['time']:g} {unit}: {percent_text(row['value'])}.")
    for row in numbers[numbers["part"] == "hazard_ratio"].to_dict("records"):
        ratio, p = ratio_text(row["value"]), p_text(row["p_value"])
        parts.append(f"Hazard ratio of {row['group']} against {row['reference']} {ratio}, log-rank p {p}.")
    return " ".join(parts)


def _groups(frame: pd.DataFrame, by: list[str]) -> list[str]:
    """Printed group of each row."""
    if not by:
        return [ALL] * len(frame)
    return [label(key) for key in frame[by].itertuples(index=False, name=None)]


def round_times(longest: float, unit: str) -> list[float]:
    """Round times from 0 to the last one on the curve."""
    steps = STEPS[unit]
    step = next((step for step in steps if longest / step < MOST_TICKS), None)
    step = step or steps[-1] * float(np.ceil(longest / steps[-1] / MOST_TICKS))
    return [step * n for n in range(int(longest / step) + 1)]


def _at_risk(curves: pd.DataFrame, at: list[float]) -> pd.DataFrame:
    """Subjects still under observation just before each tick: those at risk at the next observed time."""
    rows = []
    for group, curve in curves.groupby("group", sort=False):
        counts = np.append(curve["at_risk"].to_numpy(), 0)
        n = int(curve["at_risk"].max())
        # a tick in months may miss its day by a rounding error
        place = np.searchsorted(curve["time"].to_numpy(), np.asarray(at) - 1e-9)
        rows += [
            {"part": "at_risk", "group": group, "time": tick, "value": float(value), "n": n}
            for tick, value in zip(at, counts[place], strict=True)
        ]
    return pd.DataFrame(rows)


def _before(curves: pd.DataFrame, at: list[float], what: str) -> pd.DataFrame:
    """Subjects with an event, or censored, before each tick."""
    rows = []
    for group, curve in curves.groupby("group", sort=False):
        counts = np.append(0, curve[what].cumsum().to_numpy())
        place = np.searchsorted(curve["time"].to_numpy(), np.asarray(at) - 1e-9)
        common = {"part": f"cumulative_{what}", "group": group, "n": int(curve["at_risk"].max())}
        rows += [
            common | {"time": tick, "value": float(n)} for tick, n in zip(at, counts[place], strict=True)
        ]
    return pd.DataFrame(rows)


def _landmarks(km: KaplanMeier, landmarks: Sequence[float], days: float) -> pd.DataFrame:
    """Survival at the landmarks; missing past the last observation."""
    if min(landmarks) <= 0:
        raise InputError(f"landmarks {list(landmarks)}: give times later than 0")
    found = km.at([time * days for time in landmarks])
    named = found.rename(columns={"survival": "value", "at_risk": "n"})[
        ["time", "value", "lower", "upper", "n"]
    ]
    return named.assign(group=_groups(found, km.by), part="landmark", time=found["time"] / days)


def _medians(km: KaplanMeier, days: float) -> pd.DataFrame:
    """Median with its limits, size and events of each group."""
    found = km.quantiles([0.5])
    scaled = {name: found[name] / days for name in ("time", "lower", "upper")}
    return found.assign(group=_groups(found, km.by), part="median", **scaled)


def _hazard_ratios(comparison: pd.DataFrame, drawn: set[str]) -> pd.DataFrame:
    """Hazard ratio and log-rank p of each arm drawn against the reference; the first column names the arm."""
    arm = comparison.columns[0]
    kept = comparison[[arm, "reference", "hazard_ratio", "lower", "upper", "p_logrank"]]
    named = kept.rename(columns={arm: "group", "hazard_ratio": "value", "p_logrank": "p_value"})
    named = named.astype({"group": str, "reference": str}).assign(part="hazard_ratio")
    return named[named["group"].isin(drawn)]
