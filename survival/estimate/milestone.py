"""Survival at a fixed time compared between arms.

Klein, Logan, Harhoff and Andersen, Stat Med 2007; 26: 4505-4519: the difference of two Kaplan-Meier estimates
over the root of the sum of Greenwood's variances.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from survival.estimate.arms import arm_codes, normal_test
from survival.estimate.curve import Curve, values_at
from survival.estimate.fitted_curves import numbers
from survival.estimate.kaplan_meier import kaplan_meier
from survival.estimate.limits import CONVENTIONS
from survival.estimate.observations import EstimateError, known_level, known_word

CITATION = "Klein et al., Stat Med 2007; 26: 4505"

MILESTONE = {  # after the column of `by`
    "reference": "the arm compared with",
    "time": "the milestone, in the unit of time handed in",
    "survival": "fraction of the arm free of the event after it",
    "survival_reference": "the same of the reference",
    "at_risk": "subjects of the arm under observation just before it",
    "at_risk_reference": "the same of the reference",
    "estimate": "survival of the arm less that of the reference",
    "se": "its standard error",
    "lower": "lower limit",
    "upper": "upper limit",
    "p": "p of the test of no difference",
    "method": "how it was obtained",
    "level": "confidence level, a fraction",
    "citation": "source",
    "note": "why a value is missing, else empty",
}


def milestone_difference(
    tte: pd.DataFrame,
    times: Iterable[float],
    by: str = "arm",
    reference: Hashable = "CONTROL",
    convention: str = "sas",
    level: float = 0.95,
) -> pd.DataFrame:
    """Difference of Kaplan-Meier rates at given times, each arm less the reference arm.

    Parameters
    ----------
    tte
        One row per subject with `time`, `event` and the column of `by`.
    times
        The milestones, in the unit of time, for instance 365.25.
    by, reference
        The column that names the arms, and the arm compared with.
    convention
        "sas": missing past a censored last observation; "r": carried forward.
    level
        Confidence level, a fraction.

    Returns
    -------
    DataFrame
        One row per arm and time: the column of `by`, then those of `MILESTONE`.

    Raises
    ------
    EstimateError
        For bad columns or values (see `kaplan_meier`), an unknown reference, a single arm or a negative time.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6], "event": True, "arm": list("ABABAB")})
    >>> found = milestone_difference(tte, [3], reference="A")
    >>> found[["arm", "estimate", "se"]].round(4).to_numpy().tolist()
    [['B', 0.3333, 0.3849]]
    """
    level = known_level(level)
    known_word(convention, CONVENTIONS, "convention")
    wanted = numbers(times, "time")
    if not (wanted >= 0).all():
        raise EstimateError(f"times {wanted.tolist()} have to be 0 or later")
    codes = arm_codes(tte, by, reference)
    fitted = kaplan_meier(tte, by, convention=convention).fitted
    curves = {None: None} | dict(enumerate(fitted))
    against = curves[codes.reference]
    rows: list[dict[str, object]] = []
    for label, code in codes.others.items():
        for time in wanted:
            found = _compare(curves[code], against, float(time), convention, level)
            rows.append({by: label, "reference": reference, "time": float(time), **found})
    settings: dict[str, Any] = {
        "method": "difference of Kaplan-Meier rates",
        "level": level,
        "citation": CITATION,
    }
    frame = pd.DataFrame(rows).assign(**settings).reindex(columns=[by, *MILESTONE])
    return frame.assign(**{by: frame[by].astype(tte[by].dtype)})


def _compare(
    arm: Curve | None, reference: Curve | None, time: float, convention: str, level: float
) -> dict[str, object]:
    """One milestone of two curves."""
    of_arm, of_reference = _at(arm, time, convention), _at(reference, time, convention)
    row: dict[str, object] = {"survival": of_arm["survival"], "survival_reference": of_reference["survival"]}
    row |= {"at_risk": int(of_arm["at_risk"]), "at_risk_reference": int(of_reference["at_risk"])}
    for curve, values, name in ((arm, of_arm, "the arm"), (reference, of_reference, "the reference")):
        if curve is None:
            return row | {"note": f"not estimable: no subjects in {name}"}
        if np.isnan(values["survival"]):
            return row | {"note": f"not estimable: later than the last, censored, observation of {name}"}
    difference = of_arm["survival"] - of_reference["survival"]
    found = normal_test(difference, float(np.hypot(of_arm["se"], of_reference["se"])), level)
    if found["note"]:
        found["note"] = "no standard error: an arm is at 0, or both are at 1"
    return row | found


def _at(curve: Curve | None, time: float, convention: str) -> dict[str, float]:
    if curve is None:
        return {"survival": np.nan, "se": np.nan, "at_risk": 0}
    return {name: float(value[0]) for name, value in values_at(curve, np.array([time]), convention).items()}
