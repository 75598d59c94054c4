"""The same data as fitted lifelines objects, for checks and models beyond this package.

The only importer of lifelines (Davidson-Pilon, J Open Source Softw 4 (2019) 1317); it takes seconds to load.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.exceptions import ConvergenceError

from survival.estimate.cox_fit import covariate_terms
from survival.estimate.observations import (
    EstimateError,
    Groups,
    Observations,
    column_names,
    known_level,
    read_groups,
    read_observations,
)


def fit_kaplan_meier(seen: Observations, groups: Groups, level: float) -> Any:
    """A fitted KaplanMeierFitter, or one per group keyed by its label (a tuple for several columns)."""
    fitted = {}
    labels = [
        row if len(row) > 1 else row[0] for row in groups.labels.itertuples(index=False, name=None) if row
    ]
    for code, (label, name) in enumerate(zip(labels or [None], groups.names(), strict=True)):
        mine = groups.code == code
        fitter = KaplanMeierFitter(alpha=1 - level, label=name)
        fitted[label] = fitter.fit(seen.time[mine], seen.event[mine])
    return fitted if labels else fitted[None]


def to_lifelines_cox(
    tte: pd.DataFrame,
    by: str | Sequence[str] = "arm",
    strata: str | Sequence[str] | None = None,
    level: float = 0.95,
) -> Any:
    """Fit lifelines' CoxPHFitter, for proportional-hazards checks, residuals and predictions.

    Parameters
    ----------
    tte
        One row per subject with `time`, `event` and the columns named in `by` and `strata`.
    by
        Covariates: numeric columns as they are, text and categories as indicators against the first level.
    strata
        Column or columns with a baseline hazard of their own.
    level
        Confidence level, a fraction.

    Returns
    -------
    lifelines.CoxPHFitter
        Fitted with Efron's ties (lifelines has no others); `check_assumptions(frame)` takes the frame kept as
        its attribute `training_frame`.

    Raises
    ------
    EstimateError
        As `cox_model`, and when lifelines does not converge.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6], "event": True, "age": [70, 60, 55, 66, 50, 40]})
    >>> round(float(to_lifelines_cox(tte, "age").hazard_ratios_["age"]), 4)
    1.1419
    """
    level = known_level(level)
    columns, layers = column_names(by), column_names(strata)
    seen = read_observations(tte, [*columns, *layers])
    frame = pd.DataFrame({"time": seen.time, "event": seen.event})
    for column in columns:
        frame = frame.assign(**covariate_terms(tte, column))
    for layer in layers:
        strata_of = read_groups(tte, [layer])
        frame[layer] = np.array(strata_of.names())[strata_of.code]
    fitter = CoxPHFitter(alpha=1 - level, strata=layers or None)
    try:
        fitter.fit(frame, duration_col="time", event_col="event")
    except ConvergenceError as error:
        raise EstimateError(f"lifelines does not converge on {', '.join(columns)}: {error}") from error
    fitter.training_frame = frame
    return fitter
