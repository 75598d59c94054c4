"""Whether an effect differs between subgroups: one test for each subgroup variable, of an arm and the reference.

Hazards: likelihood-ratio test of the product of arm and subgroup in Cox's model.  Rates: Cochran's chi-square of
heterogeneity (Biometrics 1954; 10: 101-129), of odds ratios known as Woolf's; docs/decisions/0857.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from survival.estimate.cox import CoxModel, cox_model
from survival.estimate.limits import chi2_tail
from survival.estimate.observations import EstimateError
from survival.proportion_counts import count_arms


def hazard_interaction(
    pair: pd.DataFrame, by: str, column: str, strata: Sequence[str] = (), ties: str = "efron"
) -> float:
    """Likelihood-ratio test of arm by subgroup over both; missing when a model has no maximum.

    A term that strata and earlier terms say already is left out: of a subgroup within its stratum, or without an arm.
    """
    layers = list(strata)
    plain, effects, products = _terms(pair, by, column, layers)
    try:
        with_it = cox_model(plain, [by, *effects, *products], layers or None, ties)
        without = cox_model(plain, [by, *effects], layers or None, ties)
    except EstimateError:  # one arm, one subgroup or no events: there is nothing to compare
        return np.nan
    return _likelihood_ratio(with_it, without)


def _terms(
    pair: pd.DataFrame, by: str, column: str, layers: list[str]
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """The frame with a column of 0 and 1 for each term, and the terms: own effects of subgroups, and products."""
    arm, subgroup = pair[by].astype(str), pair[column].astype(str)
    second = (arm == arm.max()).to_numpy()
    here = {f"{column}={value}": (subgroup == value).to_numpy() for value in sorted(subgroup.unique())[1:]}
    terms = {by: second, **here, **{f"{by} x {name}": second & its for name, its in here.items()}}
    layer = pair.groupby(layers, observed=True).ngroup() if layers else pd.Series(0, index=pair.index)
    apart = pd.DataFrame(terms, index=pair.index).astype(float)
    apart -= apart.groupby(layer.to_numpy()).transform("mean")
    told = _independent(apart)
    numbers = {name: terms[name] * 1.0 for name in told}
    plain = pair.assign(**numbers | {by: arm})
    return (
        plain,
        [name for name in told if name in here],
        [name for name in told if name.startswith(f"{by} x ")],
    )


def _independent(columns: pd.DataFrame) -> list[str]:
    """The columns that are no sum of multiples of those before them."""
    told: list[str] = []
    for name in columns:
        if np.linalg.matrix_rank(columns[[*told, name]].to_numpy()) > len(told):
            told.append(str(name))
    return told


def _likelihood_ratio(with_it: CoxModel, without: CoxModel) -> float:
    """p of the terms that one model has more than the other."""
    df = len(with_it.coefficients) - len(without.coefficients)
    if df < 1 or (without.coefficients["note"] != "").any():
        return np.nan
    return chi2_tail(max(2 * (with_it.loglik[1] - without.loglik[1]), 0.0), df)


def rate_interaction(
    pair: pd.DataFrame, response: str, arms: tuple[str, Hashable], column: str, measure: str
) -> float:
    """Cochran's chi-square of heterogeneity over subgroups; missing where an effect or its variance is undefined."""
    counts = count_arms(pair, response, *arms, column)
    if len(counts.others) != 1:
        return np.nan
    x1, n1, x2, n2 = counts.pair(counts.others[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure == "difference":
            p1, p2 = x1 / n1, x2 / n2
            effects, variance = p1 - p2, p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2
        else:
            effects = np.log(x1 * (n2 - x2)) - np.log(x2 * (n1 - x1))
            variance = 1 / x1 + 1 / (n1 - x1) + 1 / x2 + 1 / (n2 - x2)
    if len(effects) < 2 or not (np.isfinite(effects) & np.isfinite(variance) & (variance > 0)).all():
        return np.nan
    weight = 1 / variance
    away = effects - (weight @ effects) / weight.sum()
    return chi2_tail(float(weight @ away**2), len(effects) - 1)
