"""Hazard ratios with limits from the likelihood itself, also where it has no maximum; Firth's correction.

Profile limits: Venzon and Moolgavkar, Appl Stat 37 (1988) 87; SAS PROC PHREG, RISKLIMITS=PL.  When one arm has
no event the likelihood rises without end; Firth, Biometrika 80 (1993) 27, adds half the log determinant of the
information, for Cox's model by Heinze and Schemper, Biometrics 57 (2001) 114.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survival.estimate.cox_fit import TIES, CoxLikelihood, cox_likelihood, fit_cox
from survival.estimate.likelihood_limits import fallen
from survival.estimate.limits import chi2_tail
from survival.estimate.observations import FloatArray, known_level, known_word
from survival.estimate.partial_likelihood import Likelihood, Point, maximise

SMALL = 1e-5  # step of the numerical derivative of the information
PENALTY_STEPS = 200  # of the penalised maximum; about 10 are needed

PROFILE = {
    "term": "covariate, or `column=level` against the first level",
    "coefficient": "log hazard ratio per unit; missing when not estimable",
    "se": "its standard error",
    "hazard_ratio": "per unit",
    "lower": "lower limit; 0 when the likelihood does not fall far enough on that side",
    "upper": "upper limit; infinite when the likelihood does not fall far enough on that side",
    "p": "p of the likelihood-ratio test of this term",
    "method": "which likelihood, and the ties",
    "level": "confidence level, a fraction",
    "citation": "source",
    "note": "why a value is missing, else empty",
}


def cox_profile(
    tte: pd.DataFrame,
    covariates: str | Sequence[str],
    strata: str | Sequence[str] | None = None,
    ties: str = "efron",
    level: float = 0.95,
) -> pd.DataFrame:
    """Fit a proportional-hazards model with profile-likelihood limits.

    Parameters
    ----------
    tte, covariates, strata, ties, level
        As in `cox_model`.

    Returns
    -------
    DataFrame
        One row per term with the columns of `PROFILE`.  Where the likelihood has no maximum the estimate is
        missing, `note` says so, and one of the limits still holds.

    Raises
    ------
    EstimateError
        As `cox_model`.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6], "event": True, "arm": list("ABABAB")})
    >>> cox_profile(tte, "arm")[["term", "hazard_ratio", "lower", "upper"]].round(3).to_numpy().tolist()
    [['arm=B', 0.532, 0.069, 3.258]]
    """
    known_word(ties, TIES, "ties")
    level = known_level(level)
    fit = fit_cox(tte, covariates, strata, ties)
    variance = np.diagonal(np.linalg.pinv(fit.best.information, hermitian=True))
    top = _Maximum(fit.beta, fit.best.loglik, variance**0.5)
    frame = _frame(fit, fit.likelihood, top, level)
    frame.loc[fit.moving, ["coefficient", "se", "hazard_ratio"]] = np.nan
    frame.loc[fit.moving, "note"] = "not estimable: the likelihood rises without end"
    citation = "Venzon and Moolgavkar, Appl Stat 1988; 37: 87"
    return frame.assign(method=f"profile likelihood, {ties} ties", citation=citation)[list(PROFILE)]


def cox_firth(
    tte: pd.DataFrame,
    covariates: str | Sequence[str],
    strata: str | Sequence[str] | None = None,
    ties: str = "efron",
    level: float = 0.95,
) -> pd.DataFrame:
    """Fit a proportional-hazards model with Firth's correction, finite also when an arm has no event.

    Parameters
    ----------
    tte, covariates, strata, ties, level
        As in `cox_model`.

    Returns
    -------
    DataFrame
        One row per term with the columns of `PROFILE`: limits and p are those of the penalised likelihood.

    Raises
    ------
    EstimateError
        As `cox_model`.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4], "event": [1, 0, 1, 0], "arm": list("ABAB")})
    >>> cox_firth(tte, "arm")[["term", "note"]].to_numpy().tolist()
    [['arm=B', '']]
    """
    known_word(ties, TIES, "ties")
    level = known_level(level)
    model = cox_likelihood(tte, covariates, strata, ties)
    penalised = Penalised(model.likelihood)
    beta, best = climb(penalised, np.zeros(len(model.terms)))
    variance = np.diagonal(np.linalg.inv(best.information))
    frame = _frame(model, penalised, _Maximum(beta, best.loglik, variance**0.5), level)
    citation = "Heinze and Schemper, Biometrics 2001; 57: 114"
    return frame.assign(method=f"Firth's penalised likelihood, {ties} ties", citation=citation)[list(PROFILE)]


@dataclass(frozen=True)
class Penalised:
    """A likelihood with Firth's penalty; the information stays that of the likelihood."""

    plain: Likelihood

    def at(self, beta: FloatArray) -> Point:
        """Value, slope and information at `beta`."""
        here = self.plain.at(beta)
        inverse = np.linalg.pinv(here.information, hermitian=True)
        tilt = np.empty(len(beta))
        for term, step in enumerate(SMALL * np.eye(len(beta))):
            change = self.plain.at(beta + step).information - self.plain.at(beta - step).information
            tilt[term] = np.trace(inverse @ change) / (4 * SMALL)
        sign, log_determinant = np.linalg.slogdet(here.information)
        penalty = log_determinant / 2 if sign > 0 else -np.inf
        return Point(here.loglik + float(penalty), here.slope + tilt, here.information)


def climb(likelihood: Likelihood, beta: FloatArray) -> tuple[FloatArray, Point]:
    """The maximum of a penalised likelihood by scoring steps, halved until they rise."""
    here = likelihood.at(beta)
    for _ in range(PENALTY_STEPS):
        step: FloatArray = np.linalg.pinv(here.information, hermitian=True) @ here.slope
        step = step * min(1.0, 2 / max(float(np.abs(step).max(initial=0)), 1e-300))
        following = likelihood.at(beta + step)
        while following.loglik < here.loglik and np.abs(step).max() > 1e-11:
            step = step / 2
            following = likelihood.at(beta + step)
        beta, here = beta + step, following
        if np.abs(step).max(initial=0) < 1e-10:
            break
    return beta, here


@dataclass(frozen=True)
class _Maximum:
    """Where a likelihood is highest: coefficients, its value and standard errors, per scale."""

    beta: FloatArray
    loglik: float
    se: FloatArray


@dataclass(frozen=True)
class _Rest:
    """A likelihood with one coefficient held."""

    whole: Likelihood
    term: int
    value: float

    def at(self, beta: FloatArray) -> Point:
        """Value, slope and information of the other coefficients."""
        here = self.whole.at(np.insert(beta, self.term, self.value))
        slope = np.delete(here.slope, self.term)
        information = np.delete(np.delete(here.information, self.term, 0), self.term, 1)
        return Point(here.loglik, slope, information)


def _frame(model: CoxLikelihood, likelihood: Likelihood, top: _Maximum, level: float) -> pd.DataFrame:
    """Estimate, limits and test of each term; the limits are where the profile has fallen far enough."""
    profiles = [_profile(likelihood, term, len(model.terms)) for term in range(len(model.terms))]
    limits = [fallen(highest, top.loglik, top.beta[n], level) for n, highest in enumerate(profiles)]
    lower, upper = np.array(limits).T / model.scale
    beta = top.beta / model.scale
    columns = {
        "term": model.terms,
        "coefficient": beta,
        "se": top.se / model.scale,
        "hazard_ratio": np.exp(beta),
        "lower": np.exp(lower),
        "upper": np.exp(upper),
        "p": [chi2_tail(max(2 * (top.loglik - highest(0.0)), 0.0), 1) for highest in profiles],
        "level": level,
        "note": "",
    }
    return pd.DataFrame(columns)


def _profile(likelihood: Likelihood, term: int, size: int) -> Callable[[float], float]:
    """The highest likelihood when one coefficient is held."""

    def highest(value: float) -> float:
        rest = _Rest(likelihood, term, value)
        if size == 1:
            return rest.at(np.zeros(0)).loglik
        if isinstance(likelihood, Penalised):
            return climb(rest, np.zeros(size - 1))[1].loglik
        return maximise(rest, size - 1)[2].loglik

    return highest
