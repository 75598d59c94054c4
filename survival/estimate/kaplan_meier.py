"""Kaplan-Meier curves with limits, quantiles and rates, as SAS or as R has them where the two differ.

Differences by `convention` (SAS/STAT PROC LIFETEST; R package survival; CAMIS, R versus SAS survival):
a quantile where the curve stays exactly at it to the last, censored, observation ("sas": missing; "r": middle
of that part); values past a censored last observation ("sas": missing; "r": carried forward); log-log limits
before the first event ("sas": 1 and 1; "r": missing).
"""

from collections.abc import Sequence

import pandas as pd

from survival.estimate.curve import estimate_curve, without_limits_at_one
from survival.estimate.fitted_curves import CURVES, QUANTILES, KaplanMeier
from survival.estimate.limits import CONF_TYPES, CONVENTIONS
from survival.estimate.observations import (
    EstimateError,
    column_names,
    known_level,
    known_word,
    read_groups,
    read_observations,
)
from survival.estimate.risk_table import risk_table


def kaplan_meier(
    tte: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    conf_type: str = "log-log",
    convention: str = "sas",
    level: float = 0.95,
) -> KaplanMeier:
    """Estimate the survival curve of each group.

    Parameters
    ----------
    tte
        One row per subject with `time` (days or any other unit, 0 or later), `event` (true when it happened)
        and the columns named in `by`; other columns are not looked at.
    by
        Column or columns that name the groups; None for one curve.
    conf_type
        Transformation of the pointwise limits: "log-log" (SAS default), "log" (R default) or "plain".
    convention
        "sas" or "r", where the two differ: see the module.
    level
        Confidence level, a fraction.

    Returns
    -------
    KaplanMeier
        With `curves`, `quantiles(probabilities)`, `at(times)`, `to_lifelines()` and `to_results()`.

    Raises
    ------
    EstimateError
        For a missing column, a missing or negative time, an event that is not true or false, an empty frame,
        a subject without group, several stacked endpoints, or an unknown word.

    References
    ----------
    Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457-481. Brookmeyer R, Crowley J. Biometrics 1982;38:29-41.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [2, 4, 6, 8], "event": [True] * 4, "arm": list("AABB")})
    >>> kaplan_meier(tte, by="arm").quantiles([0.5])[["arm", "time"]].values.tolist()
    [['A', 3.0], ['B', 7.0]]
    """
    known_word(conf_type, CONF_TYPES, "conf_type")
    known_word(convention, CONVENTIONS, "convention")
    level = known_level(level)
    columns = column_names(by)
    taken = [name for name in columns if name in {*CURVES, *QUANTILES}]
    if taken:
        raise EstimateError(f"by={taken[0]!r} is also a column of the estimates; rename it in the frame")
    seen = read_observations(tte, columns)
    groups = read_groups(tte, columns)
    table = risk_table(seen, groups)
    fitted = []
    for start, end in zip(table.first[:-1], table.first[1:], strict=True):
        rows = slice(start, end)
        counts = table.time[rows], table.at_risk[0, rows], table.events[0, rows]
        fitted.append(estimate_curve(*counts, conf_type, level))
    if convention == "r" and conf_type == "log-log":
        fitted = [without_limits_at_one(curve) for curve in fitted]
    return KaplanMeier(seen, groups, tuple(fitted), conf_type, convention, level)
