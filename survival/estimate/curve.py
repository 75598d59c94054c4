"""One product-limit curve as arrays: survival, its error and limits, quantiles, values at times.

Kaplan and Meier, J Am Stat Assoc 53 (1958) 457; Greenwood's variance; limits of quantiles by inverting the
pointwise limits as Brookmeyer and Crowley, Biometrics 38 (1982) 29.
"""

from dataclasses import dataclass, replace

import numpy as np

from survival.estimate.limits import survival_limits
from survival.estimate.observations import BoolArray, FloatArray, IntArray

SAME = 1e-9  # survival probabilities closer than this are equal: products of fractions miss 0.5 by 1e-16


@dataclass(frozen=True)
class Curve:
    """The curve of one group, one entry per distinct time, time 0 always among them."""

    time: FloatArray
    survival: FloatArray
    se: FloatArray
    lower: FloatArray
    upper: FloatArray
    at_risk: IntArray
    events: IntArray
    censored: IntArray

    @property
    def ends_censored(self) -> bool:
        """Whether somebody was still free of the event at the last observation."""
        return bool(self.survival[-1] > 0)


def estimate_curve(
    time: FloatArray, at_risk: IntArray, events: IntArray, conf_type: str, level: float
) -> Curve:
    """The curve from the counts of one group at its distinct times."""
    if time[0] > 0:
        time = np.concatenate([[0.0], time])
        at_risk = np.concatenate([at_risk[:1], at_risk])
        events = np.concatenate([[0], events])
    after = np.append(at_risk[1:], 0)
    left = at_risk - events
    survival = np.cumprod(np.divide(left, at_risk, dtype=np.float64))
    with np.errstate(divide="ignore", invalid="ignore"):
        relative_se = np.sqrt(np.cumsum(events / (at_risk * left.astype(np.float64))))
        se = survival * relative_se
    lower, upper = survival_limits(survival, relative_se, conf_type, level)
    return Curve(time, survival, se, lower, upper, at_risk, events, left - after)


def without_limits_at_one(curve: Curve) -> Curve:
    """As R has it: no log-log limits at observed times before the first event (log 0 in it)."""
    untouched = (curve.survival == 1) & (curve.at_risk - np.append(curve.at_risk[1:], 0) > 0)
    lower, upper = (np.where(untouched, np.nan, limit) for limit in (curve.lower, curve.upper))
    return replace(curve, lower=lower, upper=upper)


def crossing(time: FloatArray, height: FloatArray, survival: float, flat_ends_at: float) -> float:
    """When a falling step curve first gets to `survival`; the middle of a flat part exactly at it.

    A flat part that lasts to the end of the curve ends at `flat_ends_at`. Log limits can rise again after
    they fell: the first time counts, as in R's print.survfit (its quantile.survfit may take a later one).
    """
    reached = _first(height <= survival + SAME)
    if reached == len(time):
        return np.nan
    below = _first(height < survival - SAME)
    end = time[below] if below < len(time) else flat_ends_at
    return float((time[reached] + end) / 2)


def _first(condition: BoolArray) -> int:
    position = int(condition.argmax())
    return position if condition[position] else len(condition)


def quantile(curve: Curve, probability: float, convention: str) -> tuple[float, float, float]:
    """The time by which this fraction had the event, with its limits; missing what is not reached.

    Where the curve stays exactly at the fraction up to a censored last observation SAS has no estimate, and
    R's quantile.survfit takes the middle between the first time there and that observation.
    """
    flat_ends_at = float(curve.time[-1]) if convention == "r" else np.nan
    heights = curve.survival, curve.lower, curve.upper
    time, lower, upper = (crossing(curve.time, h, 1 - probability, flat_ends_at) for h in heights)
    return time, lower, upper


def values_at(curve: Curve, times: FloatArray, convention: str) -> dict[str, FloatArray | IntArray]:
    """Survival with limits, number at risk just before and events up to each time.

    Past the last observation: 0 when that was an event; otherwise missing (SAS) or carried forward (R).
    """
    row = np.searchsorted(curve.time, times, side="right") - 1
    values = {name: getattr(curve, name)[row] for name in ("survival", "se", "lower", "upper")}
    if convention == "sas" and curve.ends_censored:
        past = times > curve.time[-1]
        values = {name: np.where(past, np.nan, value) for name, value in values.items()}
    left_after = np.append(curve.at_risk, 0)
    at_risk = left_after[np.searchsorted(curve.time, times, side="left")]
    return {**values, "at_risk": at_risk, "events": np.cumsum(curve.events)[row]}
