"""Response rates of two arms compared within strata: tests and the common odds ratio.

Cochran, Biometrics 1954; 10: 417-451; Mantel and Haenszel, J Natl Cancer Inst 1959; 22: 719-748; limits of
the odds ratio by Robins, Breslow and Greenland, Biometrics 1986; 42: 311-323; homogeneity by Breslow and Day,
Statistical Methods in Cancer Research I, IARC 1980, corrected by Tarone, Biometrika 1985; 72: 91-95.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from survival.difference_score import FloatArray
from survival.estimate.limits import chi2_tail, normal_quantile
from survival.estimate.observations import known_level, known_word
from survival.proportion_counts import ArmCounts, count_arms
from survival.stratified_exact import exact_table

SIZES = ("reference", "n", "responders", "n_reference", "responders_reference")
TEST = {  # after the arm and the sizes
    "test": "cmh, cmh-cc, exact, breslow-day or breslow-day-tarone",
    "statistic": "chi-square; missing for the exact test",
    "df": "degrees of freedom; missing for the exact test",
    "p": "its p; missing when not defined",
    "method": "the test's name as printed",
    "citation": "source",
    "note": "why a value is missing, else empty",
}
ODDS_RATIO = {
    "estimate": "common odds ratio, arm to reference; 0 or infinite when the data say so",
    "lower": "lower limit",
    "upper": "upper limit",
    "method": "how estimate and limits were obtained",
    "level": "confidence level, a proportion",
    "citation": "source",
    "note": "why a value is missing, else empty",
}
TESTS = {
    "cmh": ("Cochran-Mantel-Haenszel", "Mantel and Haenszel, J Natl Cancer Inst 1959; 22: 719"),
    "cmh-cc": (
        "Cochran-Mantel-Haenszel with continuity correction",
        "Mantel and Haenszel, J Natl Cancer Inst 1959; 22: 719",
    ),
    "exact": (
        "exact test of a common odds ratio of 1, two-sided",
        "Mehta, Patel and Gray, JASA 1985; 80: 969",
    ),
    "breslow-day": ("Breslow-Day test of homogeneity", "Breslow and Day, IARC 1980"),
    "breslow-day-tarone": (
        "Breslow-Day test of homogeneity with Tarone's correction",
        "Tarone, Biometrika 1985; 72: 91",
    ),
}
ODDS_METHODS = {
    "mantel-haenszel": (
        "Mantel-Haenszel, limits of Robins, Breslow and Greenland",
        "Robins, Breslow and Greenland, Biometrics 1986; 42: 311",
    ),
    "exact": ("conditional maximum likelihood, exact limits", "Mehta, Patel and Gray, JASA 1985; 80: 969"),
}
NOTHING = "not defined: no stratum has both arms, responders and others"
ALONE = "not defined: fewer than two strata inform the odds ratio"


def mantel_haenszel(
    frame: pd.DataFrame,
    response: str,
    strata: str | Sequence[str],
    by: str = "arm",
    reference: Hashable = "CONTROL",
) -> pd.DataFrame:
    """Test within strata whether each arm responds as the reference arm does, and whether strata agree.

    Parameters
    ----------
    frame
        One row per subject with the yes-or-no column `response` and the columns of `by` and `strata`.
    response, by, reference
        As in `rate_difference`.
    strata
        Column or columns.

    Returns
    -------
    DataFrame
        One row per arm and test: the column of `by`, sizes, then the columns of `TEST`.

    Raises
    ------
    InputError
        As `rate_difference`.

    Examples
    --------
    >>> frame = pd.DataFrame({"arm": list("AAAABBBB") * 3, "site": list("XYXYXYXY") * 3,
    ...     "orr": [0, 0, 0, 1, 1, 1, 0, 1] * 3})
    >>> found = mantel_haenszel(frame, "orr", "site", reference="A")
    >>> found[["test", "statistic", "p"]].round(4).to_numpy().tolist()[0]
    ['cmh', 7.3333, 0.0068]
    """
    counts = count_arms(frame, response, by, reference, strata)
    rows = []
    for arm in counts.others:
        empty = counts.empty_arm(arm)
        found = {} if empty else _tests(counts, arm)
        for test, (method, citation) in TESTS.items():
            statistic, df, p = found.get(test, (np.nan, 0, np.nan))
            why = ALONE if test.startswith("breslow") else NOTHING
            told = {"test": test, "statistic": statistic, "df": df if df else np.nan, "p": p}
            told |= {"method": method, "citation": citation}
            rows.append(counts.sizes(arm) | told | {"note": empty or (why if np.isnan(p) else "")})
    return counts.frame(rows, [*SIZES, *TEST])


def common_odds_ratio(
    frame: pd.DataFrame,
    response: str,
    strata: str | Sequence[str],
    by: str = "arm",
    reference: Hashable = "CONTROL",
    conf_type: str = "mantel-haenszel",
    level: float = 0.95,
) -> pd.DataFrame:
    """The odds ratio that all strata have in common, each arm to the reference arm.

    Parameters
    ----------
    frame, response, strata, by, reference
        As in `mantel_haenszel`.
    conf_type
        "mantel-haenszel" or "exact".
    level
        Confidence level, a proportion.

    Returns
    -------
    DataFrame
        One row per arm: the column of `by`, sizes, then the columns of `ODDS_RATIO`.

    Raises
    ------
    InputError
        As `rate_difference`.

    Examples
    --------
    >>> frame = pd.DataFrame({"arm": list("AAAABBBB") * 3, "site": list("XYXYXYXY") * 3,
    ...     "orr": [0, 0, 0, 1, 1, 1, 0, 1] * 3})
    >>> common_odds_ratio(frame, "orr", "site", reference="A")[["arm", "estimate"]].to_numpy().tolist()
    [['B', inf]]
    """
    level = known_level(level)
    method, citation = ODDS_METHODS[known_word(conf_type, tuple(ODDS_METHODS), "conf_type")]
    counts = count_arms(frame, response, by, reference, strata)
    rows = []
    for arm in counts.others:
        row = counts.sizes(arm) | {"method": method, "level": level, "citation": citation}
        empty = counts.empty_arm(arm)
        tables = counts.pair(arm)
        found = (np.nan, np.nan, np.nan) if empty else _odds_ratio(tables, conf_type, level)
        values = dict(zip(("estimate", "lower", "upper"), found, strict=True))
        rows.append(row | values | {"note": empty or (NOTHING if np.isnan(found[0]) else "")})
    return counts.frame(rows, [*SIZES, *ODDS_RATIO])


def _tests(counts: ArmCounts, arm: int) -> dict[str, tuple[float, int, float]]:
    """Statistic, degrees of freedom and p of each test."""
    tables = counts.pair(arm)
    found = {}
    for test, correction in (("cmh", 0.0), ("cmh-cc", 0.5)):
        chi2, df = cmh_chi2(*tables, correction)
        found[test] = chi2, df, chi2_tail(chi2, df)
    exact = exact_table(*tables)
    found["exact"] = np.nan, 0, np.nan if exact.says_nothing else exact.two_sided()
    plain, corrected, df = breslow_day(*tables)
    found["breslow-day"] = plain, df, chi2_tail(plain, df)
    found["breslow-day-tarone"] = corrected, df, chi2_tail(corrected, df)
    return found


def cmh_chi2(
    x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray, correction: float
) -> tuple[float, int]:
    """The statistic and its degrees of freedom, 0 when no stratum says anything."""
    total, responders = n1 + n2, x1 + x2
    used = total > 1
    total, responders, n1, n2 = total[used], responders[used], n1[used], n2[used]
    variance = float((n1 * n2 * responders * (total - responders) / (total**2 * (total - 1))).sum())
    if variance == 0:
        return np.nan, 0
    away = abs(float((x1[used] - n1 * responders / total).sum()))
    return (away - (correction if away >= correction else 0.0)) ** 2 / variance, 1


def _odds_ratio(
    tables: tuple[FloatArray, FloatArray, FloatArray, FloatArray], conf_type: str, level: float
) -> tuple[float, float, float]:
    """Estimate and limits."""
    if conf_type == "exact":
        exact = exact_table(*tables)
        return (np.nan,) * 3 if exact.says_nothing else (exact.estimate(), *exact.limits(level))
    a, b, c, d, total = _cells(*tables)
    r, s, p, q = a * d / total, b * c / total, (a + d) / total, (b + c) / total
    ratio = mantel_haenszel_ratio(*tables)
    if not 0 < ratio < np.inf:
        return ratio, *((np.nan, np.nan) if np.isnan(ratio) else (0.0, np.inf))
    variance = (p * r).sum() / (2 * r.sum() ** 2) + (q * s).sum() / (2 * s.sum() ** 2)
    variance += (p * s + q * r).sum() / (2 * r.sum() * s.sum())
    wide = float(np.exp(normal_quantile(level) * np.sqrt(variance)))
    return ratio, ratio / wide, ratio * wide


def mantel_haenszel_ratio(x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray) -> float:
    """The common odds ratio; infinite or missing when its denominator is 0."""
    a, b, c, d, total = _cells(x1, n1, x2, n2)
    above, below = float((a * d / total).sum()), float((b * c / total).sum())
    if below == 0:
        return np.nan if above == 0 else np.inf
    return above / below


def _cells(x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray) -> tuple[FloatArray, ...]:
    """Responders and others of both arms, and the size, of the strata that hold somebody."""
    used = n1 + n2 > 0
    x1, n1, x2, n2 = x1[used], n1[used], x2[used], n2[used]
    return x1, n1 - x1, x2, n2 - x2, n1 + n2


def breslow_day(x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray) -> tuple[float, float, int]:
    """The statistic, that of Tarone and the degrees of freedom.

    A stratum in which all or none responded adds nothing but a degree of freedom, as in R (DescTools).
    """
    responders, both = x1 + x2, (n1 > 0) & (n2 > 0)
    used = both & (responders > 0) & (responders < n1 + n2)
    ratio = mantel_haenszel_ratio(x1, n1, x2, n2)
    if used.sum() < 2 or not 0 < ratio < np.inf:
        return np.nan, np.nan, 0
    x1, n1, n2, responders = x1[used], n1[used], n2[used], responders[used]
    expected = _expected(n1, n2, responders, ratio)
    cells = [expected, n1 - expected, responders - expected, n2 - responders + expected]
    variance = 1 / sum((1 / cell for cell in cells), start=np.zeros_like(expected))
    away = x1 - expected
    plain = float((away**2 / variance).sum())
    return plain, plain - float(away.sum() ** 2 / variance.sum()), int(both.sum()) - 1


def _expected(n1: FloatArray, n2: FloatArray, responders: FloatArray, ratio: float) -> FloatArray:
    """Responders of the arm if the stratum had the common odds ratio: a root of a quadratic."""
    a = 1 - ratio
    b = n2 - responders + ratio * (n1 + responders)
    c = -ratio * n1 * responders
    root: FloatArray = -2 * c / (b + np.sqrt(b**2 - 4 * a * c))
    return root
