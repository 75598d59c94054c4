"""Arms by position, the reference among them, and the normal test that comparisons of arms end with."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from survival.estimate.limits import chi2_tail, normal_quantile
from survival.estimate.observations import EstimateError, nearest, read_groups, read_observations


@dataclass(frozen=True)
class ArmCodes:
    """The position of the reference and of each other arm among those with subjects; None has nobody."""

    reference: int | None
    others: dict[Hashable, int | None]


def arm_codes(tte: pd.DataFrame, by: str, reference: Hashable) -> ArmCodes:
    """Find the reference and the arms to compare with it, in the order of their categories or sorted."""
    read_observations(tte, [by])
    groups = read_groups(tte, [by])
    codes: dict[Hashable, int | None] = {label: code for code, label in enumerate(groups.labels[by])}
    codes |= dict.fromkeys(groups.without_subjects)
    if isinstance(tte[by].dtype, pd.CategoricalDtype):
        codes = {label: codes[label] for label in tte[by].cat.categories}
    listed = ", ".join(repr(label) for label in codes)
    if reference not in codes:
        hint = nearest(reference, codes)
        raise EstimateError(f"reference={reference!r} is not in column {by!r}, which holds {listed}{hint}")
    if len(codes) < 2:
        raise EstimateError(f"column {by!r} holds {listed} alone, so there is no arm to compare it with")
    others = {label: code for label, code in codes.items() if label != reference}
    return ArmCodes(codes[reference], others)


def normal_test(estimate: float, se: float, level: float) -> dict[str, Any]:
    """Estimate, standard error, limits and p; only the estimate when there is no standard error."""
    if not (np.isfinite(se) and se > 0):
        nothing = dict.fromkeys(("se", "lower", "upper", "p"), np.nan)
        return {"estimate": float(estimate), **nothing, "note": "no standard error: no variation was seen"}
    wide = normal_quantile(level) * se
    return {
        "estimate": float(estimate),
        "se": float(se),
        "lower": float(estimate - wide),
        "upper": float(estimate + wide),
        "p": chi2_tail(float(estimate / se) ** 2, 1),
        "note": "",
    }
