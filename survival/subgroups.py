"""Subgroup analysis: the effect of an arm within each subgroup, and whether subgroups differ.

Wang et al., N Engl J Med 2007; 357: 2189-2194: an effect in each subgroup with limits, and one test of
interaction per subgroup variable, not a test within each subgroup.  The rows are what a forest plot draws.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np
import pandas as pd

from recist import InputError
from survival.difference import rate_difference
from survival.difference_ratios import rate_ratio
from survival.estimate.arms import arm_codes
from survival.estimate.compare import compare_arms
from survival.estimate.cox import cox_model
from survival.estimate.limits import chi2_tail
from survival.estimate.observations import EstimateError, column_names, known_level, known_word, place
from survival.proportion_counts import count_arms

ALL = "All subjects"
CITATION = "Wang et al., N Engl J Med 2007; 357: 2189"

SUBGROUPS = {
    "variable": "the subgroup variable; `All subjects` for the whole",
    "subgroup": "its value; empty for the whole",
    "arm": "the arm",
    "reference": "the arm compared with",
    "n": "subjects of the arm in the subgroup",
    "events": "events, or responders, of the arm",
    "n_reference": "subjects of the reference in the subgroup",
    "events_reference": "events, or responders, of the reference",
    "estimate": "hazard ratio, difference of rates or odds ratio; missing when not estimable",
    "lower": "lower limit",
    "upper": "upper limit",
    "p_interaction": "p that the effect is the same in all subgroups of the variable; on its first row alone",
    "method": "what the estimate is and how it was obtained",
    "level": "confidence level, a fraction",
    "citation": "source",
    "note": "why a value is missing, else empty",
}


def subgroup_analysis(
    tte: pd.DataFrame,
    subgroups: str | Sequence[str],
    by: str = "arm",
    reference: Hashable = "CONTROL",
    level: float = 0.95,
) -> pd.DataFrame:
    """Hazard ratios within subgroups, with a test of interaction for each subgroup variable.

    Parameters
    ----------
    tte
        One row per subject with `time`, `event`, the column of `by` and those of `subgroups`.
    subgroups
        Columns of categories; a number has to be cut into groups first.
    by, reference
        The column that names the arms, and the arm compared with.
    level
        Confidence level, a fraction.

    Returns
    -------
    DataFrame
        First the whole, then one row per variable, value and arm, with the columns of `SUBGROUPS`.  A subgroup
        without events, or of one arm alone, keeps its row with missing values and a `note`.

    Raises
    ------
    EstimateError
        For bad columns or values (see `kaplan_meier`), a missing subgroup, an unknown reference.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6, 7, 8], "event": True, "arm": list("ABABABAB"),
    ...     "sex": list("FFFFMMMM")})
    >>> found = subgroup_analysis(tte, "sex", reference="A")
    >>> found[["variable", "subgroup", "n", "events"]].to_numpy().tolist()
    [['All subjects', '', 4, 4], ['sex', 'F', 2, 2], ['sex', 'M', 2, 2]]
    """
    level = known_level(level)
    arms = list(arm_codes(tte, by, reference).others)

    def effect(part: pd.DataFrame) -> list[dict[str, object]]:
        return [_hazard_ratio(part, by, reference, arm, level) for arm in arms]

    def interaction(column: str) -> float:
        return hazard_interaction(tte, by, column)

    return _table(tte, column_names(subgroups), effect, interaction, level)


def subgroup_rates(
    frame: pd.DataFrame,
    response: str,
    subgroups: str | Sequence[str],
    by: str = "arm",
    reference: Hashable = "CONTROL",
    measure: str = "difference",
    level: float = 0.95,
) -> pd.DataFrame:
    """Differences of response rates, or odds ratios, within subgroups, with a test of interaction.

    Parameters
    ----------
    frame
        One row per subject with the yes-or-no column `response`, the column of `by` and those of `subgroups`.
    response, subgroups, by, reference, level
        As in `rate_difference` and `subgroup_analysis`.
    measure
        "difference" (Miettinen-Nurminen limits) or "odds ratio" (Woolf's limits).

    Returns
    -------
    DataFrame
        As `subgroup_analysis`; the interaction is that of the measure, by the chi-square of heterogeneity.

    Raises
    ------
    InputError
        As `rate_difference`.

    Examples
    --------
    >>> frame = pd.DataFrame({"arm": list("AABB") * 4, "orr": [0, 1, 1, 1] * 4, "sex": ["F"] * 8 + ["M"] * 8})
    >>> found = subgroup_rates(frame, "orr", "sex", reference="A")
    >>> found[["subgroup", "estimate"]].to_numpy().tolist()
    [['', 0.5], ['F', 0.5], ['M', 0.5]]
    """
    known_word(measure, ("difference", "odds ratio"), "measure")
    level = known_level(level)
    counts = count_arms(frame, response, by, reference)
    frame = frame.assign(**{by: pd.Categorical(frame[by], categories=counts.labels)})

    def effect(part: pd.DataFrame) -> list[dict[str, object]]:
        if measure == "difference":
            found = rate_difference(part, response, by, reference, level=level)
        else:
            found = rate_ratio(part, response, by, reference, measure, level=level)
        named = {by: "arm", "responders": "events", "responders_reference": "events_reference"}
        rows = found.rename(columns=named).drop(columns=["citation"]).to_dict("records")
        return [{str(name): value for name, value in row.items()} for row in rows]

    def interaction(column: str) -> float:
        return rate_interaction(frame, response, by, reference, column, measure)

    return _table(frame, column_names(subgroups), effect, interaction, level)


def _table(
    frame: pd.DataFrame,
    columns: Sequence[str],
    effect: Callable[[pd.DataFrame], list[dict[str, object]]],
    interaction: Callable[[str], float],
    level: float,
) -> pd.DataFrame:
    """The whole, then each variable's subgroups, in order."""
    rows = [{"variable": ALL, "subgroup": "", **row} for row in effect(frame)]
    for column in columns:
        _refuse(frame, column)
        values = frame[column]
        ordered = values.cat.categories if hasattr(values, "cat") else sorted(values.unique())
        p = interaction(column)
        for place_of, value in enumerate(ordered):
            for row in effect(frame[values == value]):
                told = p if place_of == 0 else np.nan
                rows.append({"variable": column, "subgroup": str(value), **row, "p_interaction": told})
    return pd.DataFrame(rows).assign(level=level, citation=CITATION).reindex(columns=list(SUBGROUPS))


def _refuse(frame: pd.DataFrame, column: str) -> None:
    """An error for a subgroup variable that is not one."""
    if column not in frame.columns:
        raise InputError(f"no column {column!r}; the frame has {', '.join(map(str, frame.columns))}")
    missing = frame[column].isna().to_numpy()
    if missing.any():
        raise InputError(
            f"column {column!r} is missing ({place(frame, missing)}); name it 'unknown', or leave those rows out"
        )
    if pd.api.types.is_float_dtype(frame[column]) or frame[column].nunique() > 20:
        raise InputError(f"column {column!r} has {frame[column].nunique()} values; cut it into groups first")


def _hazard_ratio(
    part: pd.DataFrame, by: str, reference: Hashable, arm: Hashable, level: float
) -> dict[str, object]:
    """One arm in one subgroup, whatever is left of it."""
    mine, others = part[part[by] == arm], part[part[by] == reference]
    row: dict[str, object] = {"arm": arm, "reference": reference, "n": len(mine), "n_reference": len(others)}
    row |= {"events": int(mine["event"].sum()), "events_reference": int(others["event"].sum())}
    row["method"] = "hazard ratio, Cox's model, Efron ties, Wald limits"
    if mine.empty or others.empty:
        return row | {"note": "not estimable: an arm has no subjects here"}
    pair = pd.concat([mine, others])
    pair = pair.assign(**{by: pair[by].astype(str)})
    found = compare_arms(pair[["time", "event", by]], by, str(reference), level=level).loc[0]
    return row | {
        "estimate": found["hazard_ratio"],
        "lower": found["lower"],
        "upper": found["upper"],
        "note": found["note"],
    }


def hazard_interaction(tte: pd.DataFrame, by: str, column: str) -> float:
    """Likelihood-ratio test of arm by subgroup over both; missing when a model has no maximum."""
    cells = tte.assign(cell=tte[by].astype(str) + " | " + tte[column].astype(str))
    plain = cells.assign(**{by: cells[by].astype(str), column: cells[column].astype(str)})
    try:
        with_it = cox_model(plain, "cell")
        without = cox_model(plain, [by, column])
    except EstimateError:  # one arm, one subgroup or no events: there is nothing to compare
        return np.nan
    df = len(with_it.coefficients) - len(without.coefficients)
    if df < 1 or (without.coefficients["note"] != "").any():
        return np.nan
    return chi2_tail(max(2 * (with_it.loglik[1] - without.loglik[1]), 0.0), df)


def rate_interaction(
    frame: pd.DataFrame, response: str, by: str, reference: Hashable, column: str, measure: str
) -> float:
    """Cochran's chi-square of heterogeneity of the effects over subgroups, two arms; missing when undefined."""
    counts = count_arms(frame, response, by, reference, column)
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
