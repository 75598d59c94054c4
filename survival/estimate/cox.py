"""Cox's proportional-hazards model with one or more covariates, stratified, with its three overall tests.

Cox, J R Stat Soc B 34 (1972) 187. For arms against a reference, `compare_arms` is shorter and faster.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from survival.estimate.hazard_ratio import TIES
from survival.estimate.limits import chi2_tail, normal_quantile
from survival.estimate.observations import (
    EstimateError,
    FloatArray,
    column_names,
    known_level,
    known_word,
    place,
    read_groups,
    read_observations,
)
from survival.estimate.partial_likelihood import Point, maximise, prepare

SINGULAR = 1e-9  # an eigenvalue of the information below this part of the largest: covariates say the same
STILL_MOVING = (
    1e-3  # a last step larger than this, per standard deviation: the likelihood has no maximum there
)

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
        "efron" or "breslow".
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
    columns, layers = column_names(covariates), column_names(strata)
    if not columns:
        raise EstimateError("covariates is empty; name at least one column")
    seen = read_observations(tte, [*columns, *layers])
    if not seen.event.any():
        raise EstimateError("the frame has no events, so no hazard ratio can be estimated")
    terms = {name: values for column in columns for name, values in covariate_terms(tte, column).items()}
    raw = np.column_stack(list(terms.values()))
    scale = raw.std(axis=0)
    _refuse_constant(list(terms), scale)
    likelihood = prepare(seen, read_groups(tte, layers), (raw - raw.mean(axis=0)) / scale, ties)
    _refuse_singular(list(terms), likelihood.at(np.zeros(len(terms))))
    beta, null, best, step = maximise(likelihood, len(terms))
    tests = _tests(beta, null, best)
    frame = _coefficients(list(terms), beta / scale, _standard_errors(best) / scale, level)
    moving = np.abs(step) > STILL_MOVING
    frame.loc[moving, ["coefficient", "se", "hazard_ratio", "lower", "upper", "p"]] = np.nan
    frame["note"] = np.where(moving, "not estimable: the likelihood rises without end", "")
    if moving.any():
        tests.loc[tests["test"] == "wald", ["chi2", "p"]] = np.nan
    return CoxModel(frame, tests, (null.loglik, best.loglik), len(tte), int(seen.event.sum()), ties, level)


def covariate_terms(tte: pd.DataFrame, column: str) -> dict[str, FloatArray]:
    """The columns of numbers that a covariate stands for."""
    values = tte[column]
    if pd.api.types.is_numeric_dtype(values):
        number = values.to_numpy(dtype=np.float64, na_value=np.nan)
        if not np.isfinite(number).all():
            where = place(tte, ~np.isfinite(number))
            raise EstimateError(
                f"column {column!r} is missing or infinite ({where}); fill it, or leave rows out"
            )
        return {column: number}
    groups = read_groups(tte, [column])
    if len(groups) < 2:
        raise EstimateError(f"column {column!r} has the same value in every row, so it explains nothing")
    levels = enumerate(groups.names())
    return {f"{column}={name}": (groups.code == code).astype(np.float64) for code, name in levels if code}


def _refuse_constant(names: Sequence[str], scale: FloatArray) -> None:
    for name, spread in zip(names, scale, strict=True):
        if spread == 0:
            raise EstimateError(f"column {name!r} has the same value in every row, so it explains nothing")


def _refuse_singular(names: Sequence[str], null: Point) -> None:
    """Find covariates that do not vary among those at risk together, or that add up to one another."""
    values, vectors = np.linalg.eigh(null.information)
    if values[0] > SINGULAR * max(float(values[-1]), 1.0):
        return
    same = [name for name, part in zip(names, vectors[:, 0], strict=True) if abs(part) > 0.01]
    if len(same) > 1:
        raise EstimateError(f"covariates {', '.join(same)} say the same; leave one of them out")
    raise EstimateError(
        f"{same[0]} does not vary among those at risk at any event; leave it out or drop strata"
    )


def _standard_errors(best: Point) -> FloatArray:
    """Square roots of the diagonal of the inverse information."""
    diagonal: FloatArray = np.diagonal(np.linalg.pinv(best.information, hermitian=True))
    return diagonal**0.5


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
