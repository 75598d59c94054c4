"""A response in one line: the row that decided, and the numbers it looked at."""

from __future__ import annotations

import math
from typing import Any

from recist.criteria import get_criteria
from recist.wording import mm, signed

Row = Any  # one row of the responses, by attribute


def brief_reason(row: Row) -> str:
    """Why this response, short enough for a listing: the deciding rows and the numbers behind them.

    Parameters
    ----------
    row : one row of the responses of `recist.assess`, by attribute (`next(responses.itertuples())`).

    Returns
    -------
    str
        Lengths in mm, changes in per cent.  A response without rules was recorded, not derived.

    Examples
    --------
    >>> import pandas as pd
    >>> import recist
    >>> lesions = pd.DataFrame({"subject": "01", "visit": ["BASELINE", "WEEK 8"], "lesion": "T1",
    ...     "role": "target", "date": ["2024-01-02", "2024-02-27"], "organ": "LIVER",
    ...     "diameter_mm": [50, 60]})
    >>> brief_reason(next(recist.assess(lesions).itertuples()))
    'PD by T1.7: target PD (TL-PD), sum 60.0 mm, +20.0 % and +10.0 mm from nadir 50.0 mm'
    """
    rule = getattr(row, "overall_rule", None)
    if not isinstance(rule, str):
        return f"{row.overall} as recorded"
    immune, immune_rule = getattr(row, "ioverall", None), getattr(row, "ioverall_rule", None)
    first = f"{immune} by {immune_rule}; " if isinstance(immune, str) else ""
    earlier = "progression at an earlier visit; " if after_progression(row) else ""
    return f"{first}{row.overall} by {rule}: {earlier}{'; '.join(_findings(row))}"


def after_progression(row: Row) -> bool:
    """Whether the response is PD only because there was PD before."""
    rule = get_criteria(str(row.criteria)).in_force("time_point").rule(str(row.overall_rule))
    return bool(rule.get("progressed") == "Y")


def _findings(row: Row) -> list[str]:
    """Target, non-target and new lesions; of a progression only what progressed."""
    found = [
        ("PD", row.target, f"target {row.target} ({row.target_rule}){_sum(row)}"),
        ("PD", row.non_target, f"non-target {row.non_target} ({row.non_target_rule})"),
        ("Y", row.new_lesion, {"Y": "new lesion", "E": "equivocal new lesion"}.get(str(row.new_lesion), "")),
    ]
    progressed = [text for word, value, text in found if value == word]
    if str(row.overall) == "PD" and progressed:
        return progressed
    return [text for _, value, text in found if text and value != "NA"] or ["no lesion at baseline"]


def _sum(row: Row) -> str:
    """The sum with the change that matters for the response."""
    if math.isnan(row.baseline_mm):
        return ", no sum at baseline"
    if row.n_targets_missing:
        missing = f", {row.n_targets_missing} of {row.n_targets} without a value"
        return f"{missing}, the others {mm(row.available_sum_mm)} (nadir {mm(row.nadir_mm)})"
    baseline = f"{signed(row.change_from_baseline_pct, '%')} from baseline {mm(row.baseline_mm)}"
    percent = (
        "" if math.isnan(row.change_from_nadir_pct) else f"{signed(row.change_from_nadir_pct, '%')} and "
    )
    nadir = f"{percent}{signed(row.change_from_nadir_mm, 'mm')} from nadir {mm(row.nadir_mm)}"
    words = {"PD": nadir, "PR": baseline, "CR": baseline}
    return f", sum {mm(row.sum_mm)}, {words.get(str(row.target), f'{baseline}, {nadir}')}"
