"""Subgroup analysis: the effect of an arm within each subgroup, and whether subgroups differ.

Wang et al., N Engl J Med 2007; 357: 2189-2194: an effect in each subgroup with limits, and one test of
interaction per subgroup variable, not a test within each subgroup.  The rows are what a forest plot draws.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from recist import InputError
from survival.comparison_text import model_text, strata_text
from survival.difference import rate_difference
from survival.difference_ratios import rate_ratio
from survival.estimate.arms import arm_codes
from survival.estimate.compare import compare_arms
from survival.estimate.hazard_ratio import TIES
from survival.estimate.observations import column_names, known_level, known_word, place
from survival.proportion_counts import count_arms
from survival.subgroup_interaction import hazard_interaction, rate_interaction

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
    "p_interaction": "p that the effect is the same in all subgroups of the variable; in the first of them alone",
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
    strata: str | Sequence[str] | None = None,
    ties: str = "efron",
) -> pd.DataFrame:
    """Hazard ratios within subgroups, with a test of interaction for each subgroup variable.

    Parameters
    ----------
    tte
        One row per subject with `time`, `event`, the column of `by` and those of `subgroups` and `strata`.
    subgroups
        Columns of categories; a number has to be cut into groups first.
    by, reference
        The column that names the arms, and the arm compared with.
    level
        Confidence level, a fraction.
    strata, ties
        As in `compare_arms`: the models of the whole, of each subgroup and of the interaction are stratified alike.

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
    known_word(ties, tuple(TIES), "ties")
    model = _Model(by, reference, tuple(column_names(strata)), ties, known_level(level))
    arms = list(arm_codes(tte, by, reference).others)

    def effect(part: pd.DataFrame) -> list[dict[str, object]]:
        return [_hazard_ratio(part, arm, model) for arm in arms]

    def interaction(column: str, arm: Hashable) -> float:
        return hazard_interaction(tte[tte[by].isin([arm, reference])], by, column, model.strata, ties)

    return _table(tte, column_names(subgroups), effect, interaction, level)


def subgroup_rates(
    frame: pd.DataFrame,
    response: str,
    subgroups: str | Sequence[str],
    by: str = "arm",
    reference: Hashable = "CONTROL",
    measure: str = "difference",
    level: float = 0.95,
    conf_type: str | None = None,
) -> pd.DataFrame:
    """Differences of response rates, or odds ratios, within subgroups, with a test of interaction.

    Parameters
    ----------
    frame
        One row per subject with the yes-or-no column `response`, the column of `by` and those of `subgroups`.
    response, subgroups, by, reference, level
        As in `rate_difference` and `subgroup_analysis`.
    measure
        "difference" or "odds ratio".
    conf_type
        Limits, as in `rate_difference` and `rate_ratio`; None is their default, Miettinen-Nurminen's of a difference
        and Woolf's of an odds ratio.

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
        how: dict[str, Any] = {"level": level} | ({} if conf_type is None else {"conf_type": conf_type})
        if measure == "difference":
            found = rate_difference(part, response, by, reference, **how)
        else:
            found = rate_ratio(part, response, by, reference, measure, **how)
        found = found.assign(method=f"{measure} of rates, " + found["method"])
        named = {by: "arm", "responders": "events", "responders_reference": "events_reference"}
        rows = found.rename(columns=named).drop(columns=["citation"]).to_dict("records")
        return [{str(name): value for name, value in row.items()} for row in rows]

    def interaction(column: str, arm: Hashable) -> float:
        pair = frame[frame[by].isin([arm, reference])]
        pair = pair.assign(**{by: pair[by].cat.remove_unused_categories()})
        if reference not in pair[by].cat.categories or pair[by].nunique() < 2:
            return np.nan
        return rate_interaction(pair, response, (by, reference), column, measure)

    return _table(frame, column_names(subgroups), effect, interaction, level)


def _table(
    frame: pd.DataFrame,
    columns: Sequence[str],
    effect: Callable[[pd.DataFrame], list[dict[str, object]]],
    interaction: Callable[[str, Hashable], float],
    level: float,
) -> pd.DataFrame:
    """The whole, then each variable's subgroups, in order."""
    rows = [{"variable": ALL, "subgroup": "", **row} for row in effect(frame)]
    for column in columns:
        _refuse(frame, column)
        values = frame[column]
        ordered = values.cat.categories if hasattr(values, "cat") else sorted(values.unique())
        for place_of, value in enumerate(ordered):
            for row in effect(frame[values == value]):
                told = interaction(column, row["arm"]) if place_of == 0 else np.nan
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


@dataclass(frozen=True)
class _Model:
    """How hazards of an arm and the reference are compared."""

    by: str
    reference: Hashable
    strata: tuple[str, ...]
    ties: str
    level: float

    @property
    def method(self) -> str:
        """What the estimate is and how it was obtained."""
        return f"hazard ratio, {model_text(self.ties)}, Wald limits, {strata_text(self.strata)}"


def _hazard_ratio(part: pd.DataFrame, arm: Hashable, model: _Model) -> dict[str, object]:
    """One arm in one subgroup, whatever is left of it."""
    by, reference = model.by, model.reference
    mine, others = part[part[by] == arm], part[part[by] == reference]
    row: dict[str, object] = {"arm": arm, "reference": reference, "n": len(mine), "n_reference": len(others)}
    row |= {"events": int(mine["event"].sum()), "events_reference": int(others["event"].sum())}
    row["method"] = model.method
    if mine.empty or others.empty:
        return row | {"note": "not estimable: an arm has no subjects here"}
    pair = pd.concat([mine, others])
    pair = pair.assign(**{by: pair[by].astype(str)})[["time", "event", by, *model.strata]]
    found = compare_arms(pair, by, str(reference), list(model.strata) or None, model.ties, model.level).loc[0]
    return row | {
        "estimate": found["hazard_ratio"],
        "lower": found["lower"],
        "upper": found["upper"],
        "note": found["note"],
    }
