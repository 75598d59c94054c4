"""Kinds of disagreement between a derived and a recorded response, told from the rule that decided.

RECIST 1.1 sections 4.3.1 (progression is measured from the smallest sum), 4.3.5 and 4.4.2 (missing lesions).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.criteria import get_criteria

_ASK = "recorded {recorded}; the lesions give {derived} ({reason}). Please check the lesions or the response."
KINDS: dict[str, tuple[str, str]] = {  # kind -> (meaning, question); the first that applies
    "date without a day": (
        "the recorded date has no day, so it belongs to no visit",
        "the response {recorded} is dated {recorded_date}. Please give the day.",
    ),
    "visit not in the lesions": (
        "a response was recorded, but the visit has no lesion records",
        "recorded {recorded} on {recorded_date}, but there are no lesion records. Please add them.",
    ),
    "visit not recorded": (
        "lesions were recorded, but no response",
        "no response is recorded; the lesions give {derived} ({reason}). Please record the response.",
    ),
    "recorded response blank": (
        "the record of the response is empty",
        "the response is blank; the lesions give {derived} ({reason}). Please record it.",
    ),
    "recorded response unknown": (
        "the recorded word is no response of the criteria",
        "{recorded!r} is no response; the lesions give {derived} ({reason}). Please correct it.",
    ),
    "after progression": (
        "progression at an earlier visit is not undone (convention post_pd)",
        "recorded {recorded} after an earlier progression ({reason}). Please confirm the earlier one.",
    ),
    "new lesion": ("a new lesion is progression; it was not counted", _ASK),
    "lesion back after complete response": ("a lesion that comes back after CR is progression", _ASK),
    "progression from nadir": (
        "the sum is progression from the smallest sum, and was judged from baseline",
        _ASK,
    ),
    "target progression": ("the sum is progression, from baseline too", _ASK),
    "non-target progression": ("a non-target lesion progressed unequivocally", _ASK),
    "missing lesions": ("lesions without a value were ignored", _ASK),
    "progression not in the lesions": ("progression was recorded that no lesion shows", _ASK),
    "evaluable from the lesions": ("NE was recorded, but the lesions give a response", _ASK),
    "response differs": ("another category without progression", _ASK),
    "date differs": (
        "the same response on another day",
        "{recorded} is dated {recorded_date}; the scans of the visit give {date}. Please check the date.",
    ),
}
Mask = npt.NDArray[np.bool_]


def kinds_of(rows: pd.DataFrame) -> pd.Series[str]:
    """The kind of each row of derived beside recorded responses; empty where they agree."""
    here, there = rows["position"].notna(), rows["other"].notna()
    derived, recorded = rows["derived"].fillna(""), rows["recorded"].fillna("")
    progressed = derived.isin(["PD", "iUPD", "iCPD"])
    says = {
        "date without a day": there & ~here & rows["recorded_date"].isna(),
        "visit not in the lesions": there & ~here,
        "visit not recorded": here & ~there,
        "recorded response blank": (recorded == "") & ~rows["given"].eq(True).astype(bool),
        "recorded response unknown": recorded == "",
    }
    differ = (derived != recorded).to_numpy(bool)
    by_rule = {
        "after progression": _rule_says(rows, "time_point", "overall_rule", "progressed"),
        "new lesion": progressed & (rows["new_lesion"] == "Y") & ~_other_progression(rows),
        "lesion back after complete response": progressed & _returned(rows),
        "progression from nadir": progressed & (rows["target"] == "PD") & ~_progressed_from_baseline(rows),
        "target progression": progressed & (rows["target"] == "PD"),
        "non-target progression": progressed & (rows["non_target"] == "PD"),
        "missing lesions": ~progressed & ((rows["n_targets_missing"] > 0) | (rows["non_target"] == "NE")),
        "progression not in the lesions": recorded.isin(["PD", "iUPD", "iCPD"]),
        "evaluable from the lesions": recorded == "NE",
        "response differs": pd.Series(True, index=rows.index),
    }
    says |= {kind: pd.Series(_mask(found) & differ, index=rows.index) for kind, found in by_rule.items()}
    says["date differs"] = rows["date"] != rows["recorded_date"]
    masks = [_mask(says[kind]) for kind in KINDS]
    return pd.Series(np.select(masks, list(KINDS), ""), index=rows.index, dtype="str")


def _mask(found: Any) -> Mask:
    """Yes or no; a comparison with a missing value is no."""
    filled: Mask = pd.Series(found).astype("boolean").fillna(False).to_numpy(bool)
    return filled


def _other_progression(rows: pd.DataFrame) -> Mask:
    """Whether lesions known at baseline progressed too."""
    return _mask(rows["target"] == "PD") | _mask(rows["non_target"] == "PD")


def _returned(rows: pd.DataFrame) -> Mask:
    """Whether target or non-target progression is a lesion back after complete response."""
    target = _rule_says(rows, "target", "target_rule", "returned")
    return target | _rule_says(rows, "non_target", "non_target_rule", "returned")


def _rule_says(rows: pd.DataFrame, table: str, column: str, asked: str) -> Mask:
    """Whether the row of the table that decided asks for a yes to that input."""
    pairs = rows[["label", column]].dropna().drop_duplicates()
    yes = set()
    for label, rule in pairs.itertuples(index=False, name=None):
        if get_criteria(label).in_force(table).rule(rule).get(asked) == "Y":
            yes.add((label, rule))
    return np.array([pair in yes for pair in zip(rows["label"], rows[column], strict=True)], bool)


def _progressed_from_baseline(rows: pd.DataFrame) -> Mask:
    """Whether the sum would be progression with the baseline sum in place of the nadir."""
    limits = {label: get_criteria(label) for label in rows["label"].dropna().unique()}
    percent = rows["label"].map({label: one.pd_pct for label, one in limits.items()}).astype(float)
    least = rows["label"].map({label: one.pd_abs_mm for label, one in limits.items()}).astype(float)
    grown = rows["sum_mm"] - rows["baseline_mm"]
    return _mask((rows["change_from_baseline_pct"].round(6) >= percent) & (grown.round(6) >= least))
