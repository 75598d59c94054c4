"""Restricted mean survival time: the area under the curve up to a horizon, and arms compared by it.

Royston and Parmar, BMC Med Res Methodol 2013; 13: 152; Uno et al., J Clin Oncol 2014; 32: 2380-2385; the
variance is Greenwood's as in Klein and Moeschberger, Survival Analysis, 2nd ed. (2003), section 4.5.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from survival.estimate.arms import arm_codes, normal_test
from survival.estimate.curve import Curve
from survival.estimate.fitted_curves import KaplanMeier
from survival.estimate.kaplan_meier import kaplan_meier
from survival.estimate.limits import normal_quantile
from survival.estimate.observations import EstimateError, known_level

CITATION = "Uno et al., J Clin Oncol 2014; 32: 2380; Klein and Moeschberger 2003, section 4.5"
NO_SUBJECTS = "not estimable: no subjects"

RMST = {  # after the columns of `by`
    "tau": "the horizon, in the unit of time handed in",
    "n": "subjects",
    "events": "events up to the horizon",
    "estimate": "mean time free of the event up to the horizon",
    "se": "its standard error",
    "lower": "lower limit",
    "upper": "upper limit",
    "method": "restricted mean survival time",
    "level": "confidence level, a fraction",
    "citation": "source",
    "note": "why a value is missing, else empty",
}
COMPARISON = {  # after the column of `by`
    "reference": "the arm compared with",
    "tau": "the horizon, in the unit of time handed in",
    "measure": "difference, ratio, or ratio of time lost (tau - mean)",
    "estimate": "arm less, or divided by, the reference",
    "se": "standard error: of the difference, or of the logarithm of the ratio",
    "lower": "lower limit",
    "upper": "upper limit",
    "p": "p of the Wald test of no difference",
    "method": "restricted mean survival time",
    "level": "confidence level, a fraction",
    "citation": "source",
    "note": "why a value is missing, else empty",
}


@dataclass(frozen=True)
class Area:
    """The area under one curve up to the horizon; missing with a note when the curve ends before it."""

    estimate: float = np.nan
    se: float = np.nan
    events: int = 0
    note: str = ""


def rmst(
    tte: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    tau: float | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Restricted mean survival time of each group.

    Parameters
    ----------
    tte
        One row per subject with `time`, `event` and the columns named in `by`.
    by
        Column or columns that name the groups; None for one group.
    tau
        Horizon, in the unit of time; by default the shortest of the groups' last observed times.
    level
        Confidence level, a fraction.

    Returns
    -------
    DataFrame
        One row per group: the columns of `by`, then those of `RMST`.  Where the last observation is censored
        and earlier than the horizon, the mean is missing and `note` says so.

    Raises
    ------
    EstimateError
        For bad columns or values (see `kaplan_meier`), or a horizon that is not positive.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [2, 4, 6, 8], "event": [True, True, True, False]})
    >>> rmst(tte, tau=6)[["tau", "estimate", "se"]].round(4).to_numpy().tolist()
    [[6.0, 4.5, 0.8292]]
    """
    level = known_level(level)
    fitted = kaplan_meier(tte, by)
    horizon = _horizon(fitted, tau)
    areas = [area(curve, horizon) for curve in fitted.fitted]
    labels: list[Any] = fitted.groups.labels.to_dict("records") or [{}]
    rows = [_row(horizon, int(c.at_risk[0]), a, level) for c, a in zip(fitted.fitted, areas, strict=True)]
    rows = [dict(label) | row for label, row in zip(labels, rows, strict=True)]
    for empty in fitted.groups.without_subjects:
        rows.append({fitted.by[0]: empty, **_row(horizon, 0, Area(note=NO_SUBJECTS), level)})
    frame = pd.DataFrame(rows, columns=[*fitted.by, *RMST])
    for name in fitted.by:
        frame[name] = frame[name].astype(tte[name].dtype)
    return frame.sort_values(fitted.by, ignore_index=True) if fitted.groups.without_subjects else frame


def rmst_difference(
    tte: pd.DataFrame,
    by: str = "arm",
    reference: Hashable = "CONTROL",
    tau: float | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare restricted mean survival times: difference, ratio, and ratio of the time lost.

    Parameters
    ----------
    tte, tau, level
        As in `rmst`.
    by, reference
        The column that names the arms, and the arm compared with.

    Returns
    -------
    DataFrame
        Three rows per arm: the column of `by`, then those of `COMPARISON`.

    Raises
    ------
    EstimateError
        As `rmst`, and for an unknown reference or a single arm.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6], "event": True, "arm": list("ABABAB")})
    >>> found = rmst_difference(tte, reference="A", tau=5)
    >>> found[["arm", "measure", "estimate"]].round(4).to_numpy().tolist()[0]
    ['B', 'difference', 0.6667]
    """
    level = known_level(level)
    codes = arm_codes(tte, by, reference)
    fitted = kaplan_meier(tte, by)
    horizon = _horizon(fitted, tau)
    areas = {None: Area(note=NO_SUBJECTS)} | {
        code: area(curve, horizon) for code, curve in enumerate(fitted.fitted)
    }
    rows = []
    for label, code in codes.others.items():
        for measure in ("difference", "ratio", "ratio of time lost"):
            found = _compare(areas[code], areas[codes.reference], measure, horizon, level)
            row = {by: label, "reference": reference, "tau": horizon, "measure": measure, **found}
            rows.append(
                row | {"method": "restricted mean survival time", "level": level, "citation": CITATION}
            )
    frame = pd.DataFrame(rows, columns=[by, *COMPARISON])
    return frame.assign(**{by: frame[by].astype(tte[by].dtype)})


def area(curve: Curve, tau: float) -> Area:
    """The area under one curve up to the horizon and its standard error."""
    if curve.ends_censored and tau > curve.time[-1]:
        last = f"{curve.time[-1]:g}"
        return Area(note=f"not estimable: tau {tau:g} is later than the last observation, {last}, censored")
    within = curve.time < tau
    width = np.diff(np.append(curve.time[within], tau))
    step = width * curve.survival[within]
    left = step[::-1].cumsum()[::-1]  # area from each time to the horizon
    n, d = curve.at_risk[within].astype(np.float64), curve.events[within]
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.where(n > d, d / (n * (n - d)), 0.0)
    events = int(curve.events[curve.time <= tau].sum())
    return Area(float(left[0]), float(np.sqrt((left**2 * greenwood).sum())), events)


def _horizon(fitted: KaplanMeier, tau: float | None) -> float:
    last = min(float(curve.time[-1]) for curve in fitted.fitted)
    horizon = last if tau is None else float(tau)
    if not (np.isfinite(horizon) and horizon > 0):
        why = "every subject of a group has time 0" if tau is None else "it has to be a positive time"
        raise EstimateError(f"the horizon tau is {horizon:g}: {why}; give tau in the unit of time")
    return horizon


def _row(tau: float, n: int, found: Area, level: float) -> dict[str, object]:
    wide = normal_quantile(level) * found.se
    return {
        "tau": tau,
        "n": n,
        "events": found.events,
        "estimate": found.estimate,
        "se": found.se,
        "lower": found.estimate - wide,
        "upper": found.estimate + wide,
        "method": "restricted mean survival time",
        "level": level,
        "citation": CITATION,
        "note": found.note,
    }


def _compare(arm: Area, reference: Area, measure: str, tau: float, level: float) -> dict[str, Any]:
    """One measure of two areas; ratios have limits on the log scale."""
    if note := arm.note or (reference.note and f"reference {reference.note}"):
        return {"note": note}
    if measure == "difference":
        return normal_test(arm.estimate - reference.estimate, np.hypot(arm.se, reference.se), level)
    above, below = arm.estimate, reference.estimate
    if measure == "ratio of time lost":
        above, below = tau - above, tau - below
    if above <= 0 or below <= 0:
        return {
            "note": "not estimable: no time is lost" if measure != "ratio" else "not estimable: a mean is 0"
        }
    found = normal_test(np.log(above / below), np.hypot(arm.se / above, reference.se / below), level)
    ratios = {name: np.exp(found[name]) for name in ("estimate", "lower", "upper")}
    return {**found, **ratios}
