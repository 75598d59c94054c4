"""From a frame to the maximum of Cox's likelihood: covariates as numbers, ties as asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from survival.estimate.observations import (
    BoolArray,
    EstimateError,
    FloatArray,
    column_names,
    place,
    read_groups,
    read_observations,
)
from survival.estimate.partial_likelihood import Likelihood, Point, maximise, prepare
from survival.estimate.tied_likelihood import prepare_tied

TIES = ("efron", "breslow", "discrete", "exact")
SINGULAR = 1e-9  # an eigenvalue of the information below this part of the largest: covariates say the same
STILL_MOVING = (
    1e-3  # a last step larger than this, per standard deviation: the likelihood has no maximum there
)


@dataclass(frozen=True, eq=False)
class CoxLikelihood:
    """The likelihood of a frame; its coefficients are per `scale`, the standard deviation, of each term."""

    terms: list[str]
    scale: FloatArray
    likelihood: Likelihood
    events: int


@dataclass(frozen=True, eq=False)
class CoxFit(CoxLikelihood):
    """The maximum: coefficients per scale, the likelihood at 0 and there, and the step that would follow."""

    beta: FloatArray
    null: Point
    best: Point
    step: FloatArray

    @property
    def moving(self) -> BoolArray:
        """Coefficients along which the likelihood rises without end."""
        return np.abs(self.step) > STILL_MOVING


def cox_likelihood(
    tte: pd.DataFrame, covariates: str | Sequence[str], strata: str | Sequence[str] | None, ties: str
) -> CoxLikelihood:
    """Read the frame and lay out its likelihood, or say why it has none."""
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
    lay_out = prepare if ties in ("efron", "breslow") else prepare_tied
    likelihood = lay_out(seen, read_groups(tte, layers), (raw - raw.mean(axis=0)) / scale, ties)
    _refuse_singular(list(terms), likelihood.at(np.zeros(len(terms))))
    return CoxLikelihood(list(terms), scale, likelihood, int(seen.event.sum()))


def fit_cox(
    tte: pd.DataFrame, covariates: str | Sequence[str], strata: str | Sequence[str] | None, ties: str
) -> CoxFit:
    """Maximise the likelihood of the frame."""
    model = cox_likelihood(tte, covariates, strata, ties)
    return CoxFit(**vars(model), **_maximum(model.likelihood, len(model.terms)))


def _maximum(likelihood: Likelihood, size: int) -> dict[str, Any]:
    beta, null, best, step = maximise(likelihood, size)
    return {"beta": beta, "null": null, "best": best, "step": step}


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
