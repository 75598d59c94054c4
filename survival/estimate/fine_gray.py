"""The model of Fine and Gray for the hazard of a cause among those who have not had it.

Fine and Gray, JASA 94 (1999) 496: subjects with a competing event stay at risk, weighted by the chance that they
would not have been censored yet; the variance takes in that these weights are estimated.  As R's cmprsk::crr.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survival.estimate.causes import Causes, read_causes
from survival.estimate.cox_fit import STILL_MOVING, covariate_terms
from survival.estimate.limits import chi2_tail, normal_quantile
from survival.estimate.observations import BoolArray, EstimateError, FloatArray, column_names, known_level
from survival.estimate.partial_likelihood import Point, maximise

FINE_GRAY = {
    "cause": "the event; the others compete with it",
    "term": "covariate, or `column=level` against the first level",
    "coefficient": "log ratio of subdistribution hazards per unit",
    "se": "its standard error",
    "hazard_ratio": "of the subdistribution, per unit; missing when not estimable",
    "lower": "lower limit (Wald)",
    "upper": "upper limit",
    "p": "p of its Wald test",
    "method": "Fine-Gray",
    "level": "confidence level, a fraction",
    "citation": "source",
    "note": "why a value is missing, else empty",
}


def fine_gray(
    tte: pd.DataFrame, covariates: str | Sequence[str], cause: Hashable, level: float = 0.95
) -> pd.DataFrame:
    """Fit the proportional subdistribution hazards model of one cause.

    Parameters
    ----------
    tte
        One row per subject with `time`, `event`, `cause` (see `cumulative_incidence`) and the covariates.
    covariates
        Numeric columns enter as they are; text and categories as one indicator per level against the first.
    cause
        The cause of interest, a value of the column `cause`.
    level
        Confidence level, a fraction.

    Returns
    -------
    DataFrame
        One row per term with the columns of `FINE_GRAY`.

    Raises
    ------
    EstimateError
        As `cumulative_incidence` and `cox_model`, and for a cause that no subject has.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6], "event": [1, 1, 1, 1, 1, 0], "arm": list("ABABAB"),
    ...     "cause": ["relapse", "death", "relapse", "relapse", "death", None]})
    >>> fine_gray(tte, "arm", "relapse")[["term", "note"]].to_numpy().tolist()
    [['arm=B', '']]
    """
    level, columns = known_level(level), column_names(covariates)
    causes = read_causes(tte, columns)
    if cause not in causes.names or not (causes.code == causes.names.index(cause)).any():
        listed = ", ".join(map(repr, causes.names))
        raise EstimateError(f"no subject has the cause {cause!r}; the column 'cause' holds {listed}")
    terms = {name: values for column in columns for name, values in covariate_terms(tte, column).items()}
    x = np.column_stack(list(terms.values()))
    scale = x.std(axis=0)
    if not (scale > 0).all():
        constant = list(terms)[int(np.argmin(scale))]
        raise EstimateError(f"column {constant!r} has the same value in every row, so it explains nothing")
    model = _lay_out(causes, causes.names.index(cause), (x - x.mean(axis=0)) / scale)
    beta, _, best, step = maximise(model, len(terms))
    se = np.sqrt(np.diagonal(_variance(model, beta, best))) / scale
    moving = np.abs(step) > STILL_MOVING
    coefficient, se = (np.where(moving, np.nan, value) for value in (beta / scale, se))
    wide = normal_quantile(level) * se
    frame = pd.DataFrame(
        {
            "cause": cause,
            "term": list(terms),
            "coefficient": coefficient,
            "se": se,
            "hazard_ratio": np.exp(coefficient),
            "lower": np.exp(coefficient - wide),
            "upper": np.exp(coefficient + wide),
            "p": [chi2_tail(float(z), 1) for z in (coefficient / se) ** 2],
        }
    )
    note = np.where(moving, "not estimable: the likelihood rises without end", "")
    citation = "Fine and Gray, JASA 1999; 94: 496"
    return frame.assign(method="Fine-Gray, Wald limits", level=level, citation=citation, note=note)


@dataclass(frozen=True)
class _Model:
    """Subjects and the distinct times of the cause; at risk is weighted, (time, subject)."""

    covariates: FloatArray
    time: FloatArray  # of the subjects
    censored: BoolArray
    competing: BoolArray
    moments: FloatArray
    happened: FloatArray  # (time, subject), 1 where the subject has the cause then
    at_risk: FloatArray

    def at(self, beta: FloatArray) -> Point:
        """Value, slope and information at `beta`."""
        total, mean = self._means(beta)
        tied = self.happened.sum(axis=1)
        weight = self.at_risk * np.exp(self.covariates @ beta)
        second = np.einsum("ts,sp,sq->tpq", weight, self.covariates, self.covariates)
        spread = second / total[:, np.newaxis, np.newaxis] - mean[:, :, np.newaxis] * mean[:, np.newaxis]
        mine = self.happened.sum(axis=0) @ self.covariates
        loglik = float(mine @ beta) - float(tied @ np.log(total))
        return Point(loglik, mine - tied @ mean, np.einsum("t,tpq->pq", tied, spread))

    def _means(self, beta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Total weight at risk at each time, and the mean covariates under it."""
        weight = self.at_risk * np.exp(self.covariates @ beta)
        total = weight.sum(axis=1)
        return total, weight @ self.covariates / total[:, np.newaxis]

    def residuals(self, beta: FloatArray) -> FloatArray:
        """The part of each subject and time in the score, (time, subject, covariate)."""
        total, mean = self._means(beta)
        hazard = self.happened.sum(axis=1) / total
        martingale = self.happened - self.at_risk * np.exp(self.covariates @ beta) * hazard[:, np.newaxis]
        away = self.covariates[np.newaxis] - mean[:, np.newaxis]
        parts: FloatArray = martingale[:, :, np.newaxis] * away
        return parts


def _lay_out(causes: Causes, position: int, covariates: FloatArray) -> _Model:
    """Weights at the times of the cause: 1 while at risk, after a competing event G(t-) / G(its time-)."""
    time, mine = causes.time, causes.code == position
    censored = causes.code < 0
    competing = ~mine & ~censored
    moments = np.unique(time[mine])
    happened = ((time == moments[:, np.newaxis]) & mine).astype(np.float64)
    there = time >= moments[:, np.newaxis]
    free_then, free_at_end = _uncensored(time, censored, moments), _uncensored(time, censored, time)
    after = competing & ~there
    at_risk = np.where(after, free_then[:, np.newaxis] / free_at_end, there.astype(np.float64))
    return _Model(covariates, time, censored, competing, moments, happened, at_risk)


def _uncensored(time: FloatArray, censored: BoolArray, at: FloatArray) -> FloatArray:
    """The chance not to be censored just before each time, by Kaplan and Meier."""
    moments, inverse = np.unique(time, return_inverse=True)
    ended = np.bincount(inverse, minlength=len(moments))
    at_risk = np.cumsum(ended[::-1])[::-1]
    left = np.cumprod(1 - np.bincount(inverse, weights=censored, minlength=len(moments)) / at_risk)
    chance: FloatArray = np.append(1.0, left)[np.searchsorted(moments, at, side="left")]
    return chance


def _variance(model: _Model, beta: FloatArray, best: Point) -> FloatArray:
    """The sandwich of section 5, with the part of the estimated weights."""
    parts = model.residuals(beta)
    score = parts.sum(axis=0)
    moments = np.unique(model.time[model.censored])
    pull = np.zeros((len(moments), len(beta)))
    for row, moment in enumerate(moments):
        later = parts[model.moments >= moment]
        pull[row] = -later[:, model.competing & (model.time < moment)].sum(axis=(0, 1))
    there = (model.time >= moments[:, np.newaxis]).astype(np.float64)
    now = ((model.time == moments[:, np.newaxis]) & model.censored).astype(np.float64)
    n = there.sum(axis=1, keepdims=True)
    of_censoring = (now - there * now.sum(axis=1, keepdims=True) / n) / n
    score = score + of_censoring.T @ pull
    bread = np.linalg.pinv(best.information, hermitian=True)
    found: FloatArray = bread @ (score.T @ score) @ bread
    return found
