"""Response rates of arms against a reference arm: differences, ratios and tests.

Which limits: Newcombe, Stat Med 1998; 17: 873-890; Fagerland, Lydersen and Laake, Stat Methods Med Res
2015; 24: 224-254.  Stratified differences are in `stratified_difference`, stratified tests in `stratified`.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from survival.difference_limits import METHODS
from survival.difference_score import TwoSamples
from survival.difference_tests import p_of_difference
from survival.estimate.observations import known_level, known_word
from survival.proportion_counts import ArmCounts, count_arms

SIZES = {  # the first columns of every comparison, after the arm
    "reference": "the arm compared with",
    "n": "subjects of the arm",
    "responders": "responders of the arm",
    "n_reference": "subjects of the reference",
    "responders_reference": "responders of the reference",
}
DIFFERENCE = {
    **SIZES,
    "estimate": "rate of the arm less that of the reference, a proportion; stratified: their weighted mean",
    "lower": "lower limit",
    "upper": "upper limit",
    "p": "p of the score test of no difference; stratified: of the method; missing when not defined",
    "method": "how the limits were obtained",
    "level": "confidence level, a proportion",
    "citation": "source of the limits",
    "note": "why a value is missing, else empty",
}


def rate_difference(
    frame: pd.DataFrame,
    response: str,
    by: str = "arm",
    reference: Hashable = "CONTROL",
    strata: str | Sequence[str] | None = None,
    conf_type: str = "miettinen-nurminen",
    level: float = 0.95,
) -> pd.DataFrame:
    """Difference of response rates, each arm less the reference arm.

    Parameters
    ----------
    frame
        One row per subject with a yes-or-no column `response`, the column of `by` and those of `strata`.
    response
        The column that says who responded; true and false, or 1 and 0.
    by, reference
        The column that names the arms, and the arm compared with.
    strata
        Column or columns; differences within strata are averaged.
    conf_type
        "miettinen-nurminen" (score limits), "newcombe", "newcombe-cc", "mee", "wald", "wald-cc",
        "agresti-caffo", "hauck-anderson", "haldane" or "jeffreys-perks"; with strata "miettinen-nurminen",
        "newcombe", "newcombe-wilson", "mantel-haenszel" or "sato".
    level
        Confidence level, a proportion.

    Returns
    -------
    DataFrame
        One row per arm: the column of `by`, then those of `DIFFERENCE`.  An arm declared as a category that
        has nobody keeps a row with missing values and a `note`.

    Raises
    ------
    InputError
        For a missing column or value, a response that is not yes or no, an unknown reference or `conf_type`.

    Examples
    --------
    >>> frame = pd.DataFrame({"arm": ["A"] * 10 + ["B"] * 10, "orr": [1] * 2 + [0] * 8 + [1] * 6 + [0] * 4})
    >>> found = rate_difference(frame, "orr", reference="A")
    >>> found[["arm", "estimate", "lower", "upper"]].round(4).to_numpy().tolist()
    [['B', 0.4, -0.0408, 0.7122]]
    """
    level = known_level(level)
    counts = count_arms(frame, response, by, reference, strata)
    if strata:
        from survival.stratified_difference import stratified_row

        rows = [stratified_row(counts, arm, conf_type, level) for arm in counts.others]
    else:
        known_word(conf_type, tuple(METHODS), "conf_type")
        rows = [_row(counts, arm, conf_type, level) for arm in counts.others]
    return counts.frame(rows, list(DIFFERENCE))


def _row(counts: ArmCounts, arm: int, conf_type: str, level: float) -> dict[str, object]:
    """The difference of one arm."""
    limits, title, citation = METHODS[conf_type]
    row = counts.sizes(arm) | {"method": title, "level": level, "citation": citation}
    if note := counts.empty_arm(arm):
        return row | {"note": note}
    samples = TwoSamples(*counts.pair(arm))
    lower, upper = limits(samples, level)
    values = {"estimate": samples.difference, "lower": lower, "upper": upper}
    numbers: dict[str, object] = {name: float(value[0]) for name, value in values.items()}
    note = "" if np.isfinite(lower[0]) else f"{title} limits need two subjects in each arm"
    return row | numbers | {"p": p_of_difference(samples), "note": note}
