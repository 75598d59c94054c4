"""Agreement between readers beyond chance: Cohen's kappa of two, Fleiss' kappa of several.

Cohen, Educ Psychol Meas 1960; 20: 37-46, and Psychol Bull 1968; 70: 213-220; standard errors of Fleiss, Cohen
and Everitt, Psychol Bull 1969; 72: 323-327.  Several readers: Fleiss, Psychol Bull 1971; 76: 378-382, with
the standard error of Fleiss, Nee and Landis, Psychol Bull 1979; 86: 974-977.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist import InputError
from survival.estimate.limits import chi2_tail, normal_quantile
from survival.estimate.observations import known_level, known_word

FloatArray = npt.NDArray[np.float64]

WEIGHTS = {  # how much a disagreement between the categories at two positions still agrees -> its source
    "unweighted": "Cohen 1960",
    "linear": "Cohen 1968; Cicchetti and Allison, Am J EEG Technol 1971; 11: 101-109",
    "quadratic": "Cohen 1968; Fleiss and Cohen, Educ Psychol Meas 1973; 33: 613-619",
}
NO_CHANCE_LEFT = 1e-12  # 1 - expected agreement below this is 0

KAPPA = {
    "n": "readings compared",
    "observed_agreement": "weighted share of readings on which both agree",
    "expected_agreement": "the same if the readers were independent",
    "estimate": "kappa; missing when not estimable",
    "se": "its standard error, not assuming independence",
    "lower": "lower limit, estimate - z se",
    "upper": "upper limit, estimate + z se, at most 1",
    "p": "p of the test that agreement is that of chance",
    "method": "Cohen's kappa and its weights",
    "level": "confidence level, a proportion",
    "citation": "source of the weights and of the standard error",
    "note": "why a value is missing, else empty",
}
FLEISS = {
    "category": "`all`, or the one category against the others",
    "n": "items read",
    "readers": "readers of each item",
    "estimate": "kappa; missing when not estimable",
    "se": "its standard error if agreement is that of chance",
    "p": "p of the test that agreement is that of chance",
    "method": "Fleiss' kappa",
    "citation": "source of estimate and standard error",
    "note": "why a value is missing, else empty",
}


@dataclass(frozen=True)
class _Kappa:
    """Estimate with its standard errors: as observed, and when the readers are independent."""

    observed: float
    expected: float
    estimate: float = np.nan
    se: float = np.nan
    se_by_chance: float = np.nan


def cohen_kappa(
    a: Sequence[object] | pd.Series,
    b: Sequence[object] | pd.Series,
    weights: str = "unweighted",
    order: Sequence[object] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Kappa of two readers who read the same items.

    Parameters
    ----------
    a, b
        One reading per item, in the same order of items.
    weights
        "unweighted": only the same category agrees.  "linear" and "quadratic": categories near one another
        in `order` agree in part.
    order
        All categories in their order; by default that of categorical readings, else sorted.
    level
        Confidence level, a proportion.

    Returns
    -------
    DataFrame
        One row with the columns of `KAPPA`.  Without readings, or when both readers have one and the same
        category throughout, kappa is missing and `note` says so.

    Raises
    ------
    InputError
        For unequal numbers of readings, a missing reading, a category not in `order`, or unknown weights.

    Examples
    --------
    >>> cohen_kappa(["CR", "PR", "PR", "SD"], ["CR", "PR", "SD", "SD"])["estimate"].round(4).tolist()
    [0.6364]
    """
    known_word(weights, tuple(WEIGHTS), "weights")
    level = known_level(level)
    categories, codes = _codes({"a": a, "b": b}, order)
    table = np.zeros((len(categories), len(categories)))
    np.add.at(table, (codes["a"], codes["b"]), 1)
    return kappa_of_table(table, weights, level)


def kappa_of_table(table: npt.ArrayLike, weights: str = "unweighted", level: float = 0.95) -> pd.DataFrame:
    """Kappa of a square table of counts: rows the first reader's category, columns the second's, in order."""
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise InputError(f"a table of agreement is square; this one has the shape {counts.shape}")
    n = float(counts.sum())
    found = _Kappa(np.nan, np.nan) if n == 0 else _kappa(counts / n, _weight(len(counts), weights), n)
    wide = normal_quantile(level) * found.se
    z = found.estimate / found.se_by_chance if found.se_by_chance > 0 else np.nan
    note = "" if not np.isnan(found.estimate) else "not estimable: both readers use one and the same category"
    row = {
        "n": int(n),
        "observed_agreement": found.observed,
        "expected_agreement": found.expected,
        "estimate": found.estimate,
        "se": found.se,
        "lower": found.estimate - wide,
        "upper": min(found.estimate + wide, 1.0) if n else np.nan,
        "p": chi2_tail(z**2, 1),
        "method": f"Cohen's kappa, {weights}",
        "level": level,
        "citation": f"{WEIGHTS[weights]}; Fleiss, Cohen and Everitt 1969",
        "note": note if n else "not estimable: no readings",
    }
    return pd.DataFrame([row], columns=list(KAPPA))


def fleiss_kappa(readings: pd.DataFrame, order: Sequence[object] | None = None) -> pd.DataFrame:
    """Kappa of several readers: over all categories, then of each category against the others.

    Parameters
    ----------
    readings
        One row per item, one column per reader, a reading in each cell.
    order
        All categories in their order; by default that of categorical readings, else sorted.

    Returns
    -------
    DataFrame
        Columns of `FLEISS`; first row `all`, then one row per category.

    Raises
    ------
    InputError
        For fewer than two readers, a missing reading, or a category that is not in `order`.

    Examples
    --------
    >>> read = pd.DataFrame({"r1": ["PR", "SD", "PD"], "r2": ["PR", "SD", "SD"], "r3": ["PR", "PD", "PD"]})
    >>> fleiss_kappa(read)[["category", "estimate"]].round(4).to_numpy().tolist()[0]
    ['all', 0.3333]
    """
    readers = len(readings.columns)
    if readers < 2:
        raise InputError(f"agreement needs at least two readers, one column each; there is {readers}")
    categories, codes = _codes({str(name): readings[name] for name in readings}, order)
    counts = np.zeros((len(readings), len(categories)))
    for code in codes.values():
        counts[np.arange(len(readings)), code] += 1
    estimates = _fleiss(counts, readers) if len(readings) else [(np.nan, np.nan)] * (1 + len(categories))
    rows = []
    for name, (estimate, se) in zip(["all", *map(str, categories)], estimates, strict=True):
        why = "no readings" if readings.empty else "every reading is of one category"
        rows.append(
            {
                "category": name,
                "n": len(readings),
                "readers": readers,
                "estimate": estimate,
                "se": se,
                "p": chi2_tail((estimate / se) ** 2, 1) if se > 0 else np.nan,
                "method": "Fleiss' kappa",
                "citation": "Fleiss 1971; Fleiss, Nee and Landis 1979",
                "note": f"not estimable: {why}" if np.isnan(estimate) else "",
            }
        )
    return pd.DataFrame(rows, columns=list(FLEISS))


def _codes(
    readings: dict[str, Sequence[object] | pd.Series], order: Sequence[object] | None
) -> tuple[list[object], dict[str, npt.NDArray[np.int64]]]:
    """The categories in their order, and each reader's readings as positions among them."""
    columns = {name: pd.Series(values).reset_index(drop=True) for name, values in readings.items()}
    sizes = {name: len(values) for name, values in columns.items()}
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} {size}" for name, size in sizes.items())
        raise InputError(f"readers have unequal numbers of readings ({told}); give one of each per item")
    for name, values in columns.items():
        if values.isna().any():
            row = int(np.flatnonzero(values.isna().to_numpy())[0]) + 1
            raise InputError(
                f"reader {name} has no reading of item {row}; fill it in, or leave that item out"
            )
    categories = list(order) if order is not None else _order_of(list(columns.values()))
    position = {category: place for place, category in enumerate(categories)}
    codes = {}
    for name, values in columns.items():
        if unknown := sorted({str(value) for value in values.unique() if value not in position}):
            listed = ", ".join(map(str, categories))
            raise InputError(f"reader {name} has {', '.join(unknown)}, which is not in the order {listed}")
        codes[name] = np.array([position[value] for value in values], dtype=np.int64)
    return categories, codes


def _order_of(columns: list[pd.Series]) -> list[object]:
    """The order of the categories that the readings themselves declare, else sorted."""
    first = columns[0]
    if all(
        isinstance(values.dtype, pd.CategoricalDtype) and values.dtype == first.dtype for values in columns
    ):
        return list(first.cat.categories)
    return sorted({value for values in columns for value in values.unique()}, key=lambda value: str(value))


def _weight(size: int, weights: str) -> FloatArray:
    """1 on the diagonal; off it, how much two categories agree by their distance."""
    if weights == "unweighted":
        return np.eye(size)
    place = np.arange(size)
    distance = np.abs(place[:, np.newaxis] - place) / max(size - 1, 1)
    weight: FloatArray = 1 - (distance if weights == "linear" else distance**2)
    return weight


def _kappa(share: FloatArray, weight: FloatArray, n: float) -> _Kappa:
    """Fleiss, Cohen and Everitt 1969, formulas 8 (observed) and 9 (by chance)."""
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed, expected = float((weight * share).sum()), float(rows @ weight @ columns)
    left = 1 - expected
    if left < NO_CHANCE_LEFT:
        return _Kappa(observed, expected)
    kappa = (observed - expected) / left
    both = (weight @ columns)[:, np.newaxis] + rows @ weight
    seen = (share * (weight - both * (1 - kappa)) ** 2).sum() - (kappa - expected * (1 - kappa)) ** 2
    chance = (np.outer(rows, columns) * (weight - both) ** 2).sum() - expected**2
    se, se_by_chance = (float(np.sqrt(max(value, 0.0) / n)) / left for value in (seen, chance))
    return _Kappa(observed, expected, kappa, se, se_by_chance)


def _fleiss(counts: FloatArray, readers: int) -> list[tuple[float, float]]:
    """Estimate and standard error over all categories, then of each."""
    n = len(counts)
    share = counts.sum(axis=0) / (n * readers)
    free = share * (1 - share)
    pairs = n * readers * (readers - 1)
    disagree = (counts * (readers - counts)).sum(axis=0)
    found = [(np.nan, np.nan)]
    if free.sum() > NO_CHANCE_LEFT:
        spread = free.sum() ** 2 - (free * (1 - 2 * share)).sum()
        se = float(np.sqrt(2 * max(spread, 0.0) / pairs)) / float(free.sum())
        found = [(float(1 - disagree.sum() / (pairs * free.sum())), se)]
    each_se = float(np.sqrt(2 / pairs))
    for category in range(len(share)):
        if free[category] > NO_CHANCE_LEFT:
            found.append((float(1 - disagree[category] / (pairs * free[category])), each_se))
        else:
            found.append((np.nan, np.nan))
    return found
