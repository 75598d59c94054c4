"""Whether hazards are proportional: the score test that a coefficient does not change with time.

Grambsch and Therneau, Biometrika 81 (1994) 515, as R's cox.zph (survival 3) computes it: the score test of
adding g(t) x to the model, with the information of each event and not its average.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from survival.estimate.cox_fit import STILL_MOVING, cox_likelihood
from survival.estimate.limits import chi2_tail
from survival.estimate.observations import (
    EstimateError,
    FloatArray,
    column_names,
    known_word,
    read_observations,
)
from survival.estimate.partial_likelihood import PartialLikelihood, maximise

TRANSFORMS = ("km", "rank", "identity", "log")
TIES = ("efron", "breslow")

PROPORTIONAL = {
    "term": "covariate with all its levels, or GLOBAL for all covariates together",
    "chi2": "score statistic; missing when not estimable",
    "df": "degrees of freedom",
    "p": "its p; small when the hazard ratio changes with time",
    "method": "the test and the scale of time",
    "citation": "source",
    "note": "why a value is missing, else empty",
}


def proportional_hazards(
    tte: pd.DataFrame,
    covariates: str | Sequence[str],
    strata: str | Sequence[str] | None = None,
    ties: str = "efron",
    transform: str = "km",
) -> pd.DataFrame:
    """Test whether hazard ratios change with time.

    Parameters
    ----------
    tte, covariates, strata
        As in `cox_model`.
    ties
        "efron" or "breslow".
    transform
        Scale of time: "km" (1 less the Kaplan-Meier curve of all, as R's default), "rank", "identity" or "log".

    Returns
    -------
    DataFrame
        One row per covariate, then GLOBAL, with the columns of `PROPORTIONAL`.

    Raises
    ------
    EstimateError
        As `cox_model`, and for "log" with an event at time 0.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6], "event": True, "age": [70, 60, 55, 66, 50, 40]})
    >>> proportional_hazards(tte, "age", transform="rank")[["term", "df"]].to_numpy().tolist()
    [['age', 1], ['GLOBAL', 1]]
    """
    known_word(ties, TIES, "ties")
    known_word(transform, TRANSFORMS, "transform")
    model = cox_likelihood(tte, covariates, strata, ties)
    beta, _, _, step = maximise(model.likelihood, len(model.terms))
    likelihood = model.likelihood
    assert isinstance(likelihood, PartialLikelihood)  # these ties have no other
    scale_of_time = _transformed(tte, transform)[likelihood.order]
    slope, information = _augmented(likelihood, beta, scale_of_time)
    columns, size = column_names(covariates), len(model.terms)
    members = {name: [i for i, term in enumerate(model.terms) if _belongs(term, name)] for name in columns}
    rows = []
    for name, mine in {**members, "GLOBAL": list(range(size))}.items():
        chosen = [*range(size), *(size + term for term in mine)]
        u = np.concatenate([np.zeros(size), slope[mine]])
        moving = bool((np.abs(step) > STILL_MOVING).any())
        part = information[np.ix_(chosen, chosen)]
        chi2 = np.nan if moving else float(u @ np.linalg.pinv(part, hermitian=True) @ u)
        note = "not estimable: the likelihood rises without end" if moving else ""
        rows.append(
            {"term": name, "chi2": chi2, "df": len(mine), "p": chi2_tail(chi2, len(mine)), "note": note}
        )
    citation = "Grambsch and Therneau, Biometrika 1994; 81: 515"
    method = f"score test of a coefficient that changes with time, scale {transform}, {ties} ties"
    return pd.DataFrame(rows).assign(method=method, citation=citation)[list(PROPORTIONAL)]


def _belongs(term: str, column: str) -> bool:
    """Whether a term is a covariate, or one of its levels."""
    return term == column or term.startswith(f"{column}=")


def _transformed(tte: pd.DataFrame, transform: str) -> FloatArray:
    """Time on the scale asked for, one value per subject, its mean over events 0."""
    seen = read_observations(tte, [])
    time = seen.time
    if transform == "rank":
        values = pd.Series(time).rank().to_numpy(dtype=np.float64)
    elif transform == "log":
        if time[seen.event].min() <= 0:
            raise EstimateError("transform='log' needs times above 0; an event has time 0")
        values = np.log(np.maximum(time, np.finfo(float).tiny))
    elif transform == "km":
        values = 1 - _just_before(tte, time)
    else:
        values = time
    centred: FloatArray = values - values[seen.event].mean()
    return centred


def _just_before(tte: pd.DataFrame, time: FloatArray) -> FloatArray:
    """The Kaplan-Meier curve of all subjects just before each time."""
    from survival.estimate.kaplan_meier import kaplan_meier

    curve = kaplan_meier(tte[["time", "event"]]).fitted[0]
    height: FloatArray = np.append(1.0, curve.survival)[np.searchsorted(curve.time, time, side="left")]
    return height


def _augmented(
    likelihood: PartialLikelihood, beta: FloatArray, scale_of_time: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Slope of the coefficients of g(t) x, and the information of those of x and of g(t) x together."""
    size = len(beta)
    _, mean, second = likelihood.terms(likelihood.covariates @ beta)
    spread = second - (mean[:, :, np.newaxis] * mean[:, np.newaxis, :]).reshape(len(mean), -1)
    g = scale_of_time[likelihood.start][likelihood.term_row]
    happened = likelihood.event > 0
    slope = scale_of_time[happened] @ likelihood.covariates[happened] - g @ mean
    blocks = [(power @ spread).reshape(size, size) for power in (np.ones_like(g), g, g**2)]
    return slope, np.block([[blocks[0], blocks[1]], [blocks[1], blocks[2]]])
