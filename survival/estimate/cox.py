"""Cox's proportional-hazards model with one or more covariates, stratified, with its three overall tests.

Cox, J R Stat Soc B 34 (1972) 187. For arms against a reference, `compare_arms` is shorter and faster.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from survival.estimate.cox_fit import TIES, fit_cox
from survival.estimate.limits import chi2_tail, normal_quantile
from survival.estimate.observations import FloatArray, known_level, known_word
from survival.estimate.partial_likelihood import Point

COEFFICIENTS = {
    "term": "covariate, or `column=level` against the first level",
    "coefficient": "log hazard ratio per unit",
    "se": "its standard error",
    "hazard_ratio": "per unit; missing when not estimable",
    "lower": "lower limit of `hazard_ratio` (Wald)",
    "upper": "upper limit of `hazard_ratio`",
    "p": "p of its Wald test",
    "note": "why a value is missing, else empty",
}


@dataclass(frozen=True, eq=False)
class CoxModel:
    """A fitted model; made by `cox_model`.

    `coefficients` has the columns of `COEFFICIENTS`; `tests` has one row each for wald, score and lrt with
    `test chi2 df p`; `loglik` is the log partial likelihood without covariates and at the estimate.
    """

    coefficients: pd.DataFrame
    tests: pd.DataFrame
    loglik: tuple[float, float]
    n: int
    events: int
    ties: str
    level: float

    def _repr_html_(self) -> str:
        """Coefficients and tests, for notebooks."""
        frames = (self.coefficients, self.tests)
        shown = "".join(frame.to_html(index=False, na_rep="NE", border=0) for frame in frames)
        about = f"n = {self.n}, events = {self.events}, {self.ties} ties, {100 * self.level:g} % limits"
        return f"<div>Proportional-hazards model{shown}<small>{escape(about)}</small></div>"


def cox_model(
    tte: pd.DataFrame,
    covariates: str | Sequence[str],
    strata: str | Sequence[str] | None = None,
    ties: str = "efron",
    level: float = 0.95,
) -> CoxModel:
    """Fit a proportional-hazards model.

    Parameters
    ----------
    tte
        One row per subject with `time`, `event` and the columns named in `covariates` and `strata`.
    covariates
        Numeric columns enter as they are; text and categories as one indicator per level against the first.
    strata
        Column or columns with a baseline hazard of their own per combination.
    ties
        "efron", "breslow", "discrete" (R's "exact", SAS TIES=DISCRETE) or "exact" (SAS TIES=EXACT).
    level
        Confidence level, a fraction.

    Returns
    -------
    CoxModel
        With the frames `coefficients` and `tests`.

    Raises
    ------
    EstimateError
        For bad columns or values (see `kaplan_meier`), no events, a covariate that does not vary among those
        at risk, or covariates that say the same.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6], "event": True, "age": [70, 60, 55, 66, 50, 40]})
    >>> cox_model(tte, "age").coefficients[["term", "hazard_ratio"]].round(4).values.tolist()
    [['age', 1.1419]]
    """
    known_word(ties, TIES, "ties")
    level = known_level(level)
    fit = fit_cox(tte, covariates, strata, ties)
    beta, null, best = fit.beta, fit.null, fit.best
    tests = _tests(beta, null, best)
    frame = _coefficients(fit.terms, beta / fit.scale, standard_errors(best) / fit.scale, level)
    moving = fit.moving
    frame.loc[moving, ["coefficient", "se", "hazard_ratio", "lower", "upper", "p"]] = np.nan
    frame["note"] = np.where(moving, "not estimable: the likelihood rises without end", "")
    if moving.any():
        tests.loc[tests["test"] == "wald", ["chi2", "p"]] = np.nan
    return CoxModel(frame, tests, (null.loglik, best.loglik), len(tte), fit.events, ties, level)


def standard_errors(best: Point) -> FloatArray:
    """Square roots of the diagonal of the inverse information; missing where rounding made it negative."""
    diagonal: FloatArray = np.diagonal(np.linalg.pinv(best.information, hermitian=True))
    return np.where(diagonal < 0, np.nan, diagonal) ** 0.5


def _coefficients(names: Sequence[str], beta: FloatArray, se: FloatArray, level: float) -> pd.DataFrame:
    wide = normal_quantile(level) * se
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        columns = {
            "term": list(names),
            "coefficient": beta,
            "se": se,
            "hazard_ratio": np.exp(beta),
            "lower": np.exp(beta - wide),
            "upper": np.exp(beta + wide),
            "p": [chi2_tail(float(z), 1) for z in (beta / se) ** 2],
        }
    return pd.DataFrame(columns)


def _tests(beta: FloatArray, null: Point, best: Point) -> pd.DataFrame:
    """Wald, score and likelihood-ratio test that no covariate matters."""
    statistics = {
        "wald": float(beta @ best.information @ beta),
        "score": float(null.slope @ np.linalg.solve(null.information, null.slope)),
        "lrt": 2 * (best.loglik - null.loglik),
    }
    df = len(beta)
    rows = [(name, value, df, chi2_tail(value, df)) for name, value in statistics.items()]
    return pd.DataFrame(rows, columns=["test", "chi2", "df", "p"])
