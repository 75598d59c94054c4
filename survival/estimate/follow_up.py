"""How long subjects were followed: the reverse Kaplan-Meier estimate, in which the event censors follow-up.

Schemper and Smith, Control Clin Trials 1996; 17: 343-346.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from survival.estimate.kaplan_meier import kaplan_meier
from survival.estimate.observations import read_observations

CITATION = "Schemper and Smith, Control Clin Trials 1996; 17: 343"

FOLLOW_UP = {  # after the columns of `by`
    "probability": "0.5 is the median follow-up",
    "time": "follow-up in the unit of time handed in; missing when not reached",
    "lower": "lower limit of `time`; missing when not reached",
    "upper": "upper limit of `time`; missing when not reached",
    "n": "subjects of the group",
    "censored": "subjects without the event, whose follow-up is known in full",
    "method": "reverse Kaplan-Meier and the kind of limits",
    "level": "confidence level, a fraction",
    "citation": "source",
    "note": "why a value is missing, else empty",
}


def follow_up(
    tte: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    probabilities: Iterable[float] = (0.25, 0.5, 0.75),
    conf_type: str = "log-log",
    convention: str = "sas",
    level: float = 0.95,
) -> pd.DataFrame:
    """Median follow-up and its quartiles by the reverse Kaplan-Meier method.

    Parameters
    ----------
    tte
        One row per subject with `time`, `event` and the columns named in `by`; for the follow-up of a trial,
        overall survival.
    by, conf_type, convention, level
        As in `kaplan_meier`.
    probabilities
        Fractions between 0 and 1; 0.5 is the median.

    Returns
    -------
    DataFrame
        One row per group and fraction: the columns of `by`, then those of `FOLLOW_UP`.

    Raises
    ------
    EstimateError
        As `kaplan_meier`.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [2, 4, 6, 8], "event": [True, False, False, False]})
    >>> follow_up(tte, probabilities=[0.5])[["time", "n", "censored"]].to_numpy().tolist()
    [[6.0, 4.0, 3.0]]
    """
    seen = read_observations(tte, [] if by is None else [by] if isinstance(by, str) else list(by))
    fitted = kaplan_meier(tte.assign(event=~seen.event), by, conf_type, convention, level)
    found = fitted.quantiles(probabilities).rename(columns={"events": "censored"})
    note = (
        found["time"]
        .isna()
        .map({True: "not reached", False: ""})
        .where(found["censored"] > 0, "not reached: every subject had the event")
    )
    method = f"reverse Kaplan-Meier, {conf_type} limits, {convention} convention"
    found = found.assign(method=method, level=level, citation=CITATION, note=note)
    return found[[*fitted.by, *FOLLOW_UP]]
