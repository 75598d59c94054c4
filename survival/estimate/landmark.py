"""Landmark analysis: whoever is still free of the event at a landmark, grouped by what had happened by then.

Anderson, Cain and Gelber, J Clin Oncol 1983; 1: 710-719.  Comparing responders with others from the start of
treatment favours responders, who had to live long enough to respond.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from survival.estimate.observations import EstimateError, nearest, read_observations

BY = "by_landmark"


@dataclass(frozen=True, eq=False)
class Landmark:
    """`frame`: subjects at risk after the landmark, `time` counted from it; `excluded`: the others, and why.

    `frame` has the columns handed in and `by_landmark`, a category "no" or "yes"; `excluded` has the columns
    handed in and `reason`.
    """

    at: float
    frame: pd.DataFrame
    excluded: pd.DataFrame


def landmark_analysis(tte: pd.DataFrame, at: float, since: str) -> Landmark:
    """Restart the clock at a landmark and group subjects by what had happened to them by then.

    Parameters
    ----------
    tte
        One row per subject with `time`, `event` and the column named by `since`.
    at
        The landmark, in the unit of time, counted from the same start.
    since
        Column with the time at which it happened, for instance of the first response; missing: it did not.

    Returns
    -------
    Landmark
        Its `frame` goes into `kaplan_meier`, `log_rank` and `compare_arms` with `by="by_landmark"`.

    Raises
    ------
    EstimateError
        For bad columns or values (see `kaplan_meier`), or a landmark that nobody outlives.

    Examples
    --------
    >>> tte = pd.DataFrame({"subject": ["1", "2", "3"], "time": [50, 200, 300], "event": True,
    ...     "response_time": [40, 60, None]})
    >>> found = landmark_analysis(tte, at=90, since="response_time")
    >>> found.frame[["subject", "time", "by_landmark"]].to_numpy().tolist()
    [['2', 110, 'yes'], ['3', 210, 'no']]
    """
    seen = read_observations(tte, [])
    if since not in tte.columns:
        have = ", ".join(map(str, tte.columns))
        raise EstimateError(f"no column {since!r}; the frame has {have}{nearest(since, tte.columns)}")
    if not pd.api.types.is_numeric_dtype(tte[since]):
        raise EstimateError(f"column {since!r} holds {tte[since].dtype} where times are needed, as in `time`")
    later = seen.time > at
    if not later.any():
        raise EstimateError(f"nobody is followed beyond the landmark {at:g}; choose an earlier one")
    happened = tte[since].notna() & (tte[since] <= at)
    group = pd.Categorical(np.where(happened, "yes", "no"), categories=["no", "yes"])
    reason = np.where(seen.event, "event", "censored")
    kept = tte.assign(time=tte["time"] - at, **{BY: group})[later]
    left = tte.assign(reason=[f"{what} at or before the landmark" for what in reason])[~later]
    return Landmark(float(at), kept.reset_index(drop=True), left.reset_index(drop=True))
