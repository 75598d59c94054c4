"""Cumulative incidence when another event, such as death, makes the one of interest impossible.

Aalen and Johansen, Scand J Stat 5 (1978) 141.  Two standard errors: Aalen's by the delta method, as R's cmprsk
and SAS PROC LIFETEST have it (Marubini and Valsecchi, Analysing Survival Data (1995), section 10.2), and the
infinitesimal jackknife, as R's survival has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from survival.estimate.causes import Causes, read_causes
from survival.estimate.fitted_curves import numbers
from survival.estimate.limits import normal_quantile
from survival.estimate.observations import (
    EstimateError,
    FloatArray,
    Groups,
    IntArray,
    column_names,
    known_level,
    known_word,
    read_groups,
)

CONF_TYPES = ("log-log", "log", "plain")
CITATION = "Aalen and Johansen, Scand J Stat 1978; 5: 141"

INCIDENCE = {  # after the columns of `by`
    "cause": "the event counted; the others compete with it",
    "time": "distinct times with an event of any cause, and 0; or the time asked for",
    "estimate": "fraction that has had the event of this cause by then",
    "se": "its standard error",
    "lower": "lower limit; missing while the estimate is 0",
    "upper": "upper limit; missing while the estimate is 0",
    "at_risk": "subjects under observation, without any event, just before the time",
    "events": "events of this cause up to and including the time",
    "method": "Aalen-Johansen, variance and limits",
    "level": "confidence level, a fraction",
    "citation": "source",
    "note": "why a value is missing, else empty",
}


@dataclass(frozen=True)
class Counts:
    """One group: distinct times with an event, those at risk and, per cause, the events."""

    time: FloatArray
    at_risk: FloatArray
    events: FloatArray  # (cause, time)
    subject_time: FloatArray
    subject_cause: IntArray  # position of the cause, -1 when censored

    @property
    def free_before(self) -> FloatArray:
        """Fraction without any event just before each time."""
        after = np.cumprod(1 - self.events.sum(axis=0) / self.at_risk)
        return np.append(1.0, after[:-1])

    def incidence(self, cause: int) -> FloatArray:
        """Fraction with an event of this cause, after each time."""
        curve: FloatArray = np.cumsum(self.free_before * self.events[cause] / self.at_risk)
        return curve


@dataclass(frozen=True, eq=False)
class CumulativeIncidence:
    """Fitted curves; made by `cumulative_incidence`."""

    curves: pd.DataFrame
    by: list[str]
    last: dict[tuple[Any, ...], tuple[float, bool]]

    def at(self, times: Iterable[float]) -> pd.DataFrame:
        """The curves at given times: one row per group, cause and time, with the columns of `INCIDENCE`.

        Past the last observation, when somebody was still free of any event then, values are missing.
        """
        wanted = numbers(times, "time")
        if not (wanted >= 0).all():
            raise EstimateError(f"times {wanted.tolist()} have to be 0 or later")
        parts = []
        for key, curve in self.curves.groupby([*self.by, "cause"], sort=False, observed=True):
            row = np.searchsorted(curve["time"].to_numpy(), wanted, side="right") - 1
            part = curve.iloc[row].assign(time=wanted)
            last, open_end = self.last[key[:-1]]
            past = wanted > last if open_end else np.zeros(len(wanted), dtype=bool)
            part.loc[past, ["estimate", "se", "lower", "upper"]] = np.nan
            part["note"] = np.where(
                past, f"not estimable: later than the last observation, {last:g}", part["note"]
            )
            parts.append(part)
        return pd.concat(parts, ignore_index=True)


def cumulative_incidence(
    tte: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    variance: str = "aalen",
    conf_type: str = "log-log",
    level: float = 0.95,
) -> CumulativeIncidence:
    """Estimate the cumulative incidence of each cause in each group.

    Parameters
    ----------
    tte
        One row per subject with `time`, `event` (true: an event of any cause), `cause` (which; missing when
        censored) and the columns named in `by`.
    by
        Column or columns that name the groups; None for one group.
    variance
        "aalen" (R's cmprsk, SAS) or "jackknife" (R's survival).
    conf_type
        Transformation of the limits: "log-log" (SAS), "log" (R's survival) or "plain".
    level
        Confidence level, a fraction.

    Returns
    -------
    CumulativeIncidence
        With the frame `curves` and the method `at(times)`.

    Raises
    ------
    EstimateError
        For bad columns or values (see `kaplan_meier`), an event without cause, or a cause without event.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4], "event": [True, True, True, False],
    ...     "cause": ["relapse", "death", "relapse", None]})
    >>> found = cumulative_incidence(tte).at([3])
    >>> found[["cause", "estimate"]].to_numpy().tolist()
    [['death', 0.25], ['relapse', 0.5]]
    """
    known_word(variance, tuple(VARIANCES), "variance")
    known_word(conf_type, CONF_TYPES, "conf_type")
    level = known_level(level)
    columns = column_names(by)
    causes = read_causes(tte, columns)
    groups = read_groups(tte, columns)
    labels = [tuple(row) for row in groups.labels.itertuples(index=False, name=None)] or [()]
    method = f"Aalen-Johansen, {variance.capitalize()} variance, {conf_type} limits"
    settings: dict[str, Any] = {"method": method, "level": level, "citation": CITATION, "note": ""}
    parts, last = [], {}
    for code, label in enumerate(labels):
        counts = count(causes, groups, code)
        open_end = bool(counts.events.sum() < len(counts.subject_time)) and _somebody_left(counts)
        last[label] = float(counts.subject_time.max()), open_end
        for cause, name in enumerate(causes.names):
            curve = _curve(counts, cause, VARIANCES[variance], conf_type, level)
            heads: dict[str, Any] = {**dict(zip(columns, label, strict=True)), "cause": name}
            parts.append(curve.assign(**heads, **settings))
    frame = pd.concat(parts, ignore_index=True)[[*columns, *INCIDENCE]]
    return CumulativeIncidence(frame.astype({name: tte[name].dtype for name in columns}), columns, last)


def count(causes: Causes, groups: Groups, code: int) -> Counts:
    """The counts of one group, at its times with an event."""
    mine = groups.code == code
    time, cause = causes.time[mine], causes.code[mine]
    distinct = np.unique(time[cause >= 0])
    at_risk = (time[np.newaxis] >= distinct[:, np.newaxis]).sum(axis=1)
    events = np.zeros((len(causes.names), len(distinct)))
    happened = cause >= 0
    np.add.at(events, (cause[happened], np.searchsorted(distinct, time[happened])), 1)
    return Counts(distinct, at_risk.astype(np.float64), events, time, cause)


def _somebody_left(counts: Counts) -> bool:
    """Whether somebody was free of any event at the last observation."""
    return bool((counts.subject_cause[counts.subject_time == counts.subject_time.max()] < 0).any())


def _curve(
    counts: Counts,
    cause: int,
    variance: Callable[[Counts, int], FloatArray],
    conf_type: str,
    level: float,
) -> pd.DataFrame:
    """One curve from time 0."""
    estimate, se = counts.incidence(cause), np.sqrt(variance(counts, cause))
    lower, upper = _limits(estimate, se, conf_type, level)
    columns = {
        "time": counts.time,
        "estimate": estimate,
        "se": se,
        "lower": lower,
        "upper": upper,
        "at_risk": counts.at_risk.astype(np.int64),
        "events": np.cumsum(counts.events[cause]).astype(np.int64),
    }
    start = {"time": 0.0, "estimate": 0.0, "se": 0.0, "lower": np.nan, "upper": np.nan}
    start |= {"at_risk": len(counts.subject_time), "events": 0}
    frame = pd.DataFrame(columns)
    return frame if len(frame) and frame["time"].iloc[0] == 0 else pd.concat([pd.DataFrame([start]), frame])


def _limits(
    estimate: FloatArray, se: FloatArray, conf_type: str, level: float
) -> tuple[FloatArray, FloatArray]:
    """Limits by transformation; missing where the estimate is 0."""
    z = normal_quantile(level)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if conf_type == "plain":
            lower, upper = estimate - z * se, estimate + z * se
        elif conf_type == "log":
            wide = np.exp(z * se / estimate)
            lower, upper = estimate / wide, estimate * wide
        else:
            wide = np.exp(z * se / (estimate * np.log(estimate)))
            lower, upper = estimate ** (1 / wide), estimate**wide
    some = estimate > 0
    return np.where(some, np.clip(lower, 0, 1), np.nan), np.where(some, np.clip(upper, 0, 1), np.nan)


def aalen_variance(counts: Counts, cause: int) -> FloatArray:
    """Sums over the events before; events of this cause also add to the curve itself."""
    n, total = counts.at_risk, counts.events.sum(axis=0)
    before, curve = counts.free_before, counts.incidence(cause)
    after = before * (1 - total / n)
    inverse = np.divide(1.0, after, out=np.zeros_like(after), where=after > 1e-14)
    sums = np.zeros((3, len(n)))
    for events, direct in ((counts.events[cause], 1.0), (total - counts.events[cause], 0.0)):
        tied = np.where(events > 1, 1 - (events - 1) / np.maximum(n - 1, 1), 1.0)
        weight = before**2 * tied * events / n**2
        weight = weight if direct else np.where(inverse > 0, weight, 0.0)
        along = direct + inverse * curve
        sums += weight * np.stack([along**2, inverse * along, inverse**2])
    one, two, three = np.cumsum(sums, axis=1)
    found: FloatArray = np.maximum(one + curve**2 * three - 2 * curve * two, 0.0)
    return found


def jackknife_variance(counts: Counts, cause: int) -> FloatArray:
    """Sum of squares of each subject's influence on the curve."""
    size = len(counts.subject_time)
    of_free, of_curve = np.zeros(size), np.zeros(size)
    variance = np.empty(len(counts.time))
    rows = zip(counts.time, counts.at_risk, counts.events.T, counts.free_before, strict=True)
    for row, (time, n, events, free) in enumerate(rows):
        there, now = counts.subject_time >= time, counts.subject_time == time
        mine = now & (counts.subject_cause == cause)
        of_cause = (mine - there * events[cause] / n) / n
        of_any = ((now & (counts.subject_cause >= 0)) - there * events.sum() / n) / n
        of_curve = of_curve + of_free * events[cause] / n + free * of_cause
        of_free = of_free * (1 - events.sum() / n) - free * of_any
        variance[row] = (of_curve**2).sum()
    return variance


VARIANCES = {"aalen": aalen_variance, "jackknife": jackknife_variance}
