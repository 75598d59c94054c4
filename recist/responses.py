"""The frame of responses: its data dictionary and how it is put together."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.criteria.base import Criteria
from recist.days import as_days
from recist.sums import change_percent
from recist.terms import IRECIST, NEW_LESION, NON_TARGET, OVERALL, TARGET, YES_NO

RESPONSES = {  # column -> (dtype, unit, sentence)
    "subject": ("category", "", "Who."),
    "evaluator": ("category", "", "Who read the scans."),
    "criteria": ("category", "", "Name of the criteria and every edit of its conventions."),
    "visit": ("category", "", "Label of the visit."),
    "date": ("datetime64", "", "Date of the response, by the criteria's date rules."),
    "start_date": ("datetime64", "", "Start date of the subject, or the first baseline scan."),
    "day": ("int32", "days", "date - start_date: 0 on the start date."),
    "sum_mm": ("float64", "mm", "Sum of diameters of the targets; missing when one of them is."),
    "available_sum_mm": ("float64", "mm", "Sum over the targets that have a value at this visit."),
    "n_targets": ("int8", "", "Target lesions at baseline."),
    "n_targets_missing": ("int8", "", "How many of them have no value at this visit."),
    "baseline_mm": ("float64", "mm", "Sum of diameters at baseline."),
    "nadir_mm": ("float64", "mm", "Smallest complete sum before this visit, baseline included."),
    "change_from_baseline_pct": ("float64", "%", "Change of the sum from baseline."),
    "change_from_nadir_pct": ("float64", "%", "Change of the sum from nadir; missing when the nadir is 0."),
    "change_from_nadir_mm": ("float64", "mm", "Change of the sum from nadir."),
    "target": ("category", "", "Target response; NA: no target lesion at baseline."),
    "target_rule": ("category", "", "Row of the target table that decided it."),
    "non_target": ("category", "", "Non-target response; NA: no non-target lesion at baseline."),
    "non_target_rule": ("category", "", "Row of the non-target table that decided it."),
    "new_lesion": (
        "category",
        "",
        "N none, E equivocal, Y unequivocal (back-dated where the criteria say so).",
    ),
    "overall": ("category", "", "Overall response of the visit."),
    "overall_rule": ("category", "", "Row of the table of overall responses that decided it."),
}
IMMUNE = {  # further columns where progression is confirmed: iRECIST, irRECIST, imRECIST
    "ioverall": (
        "category",
        "",
        "Response of the visit, unconfirmed progression told apart; `date` is then the date of this response.",
    ),
    "ioverall_rule": ("category", "", "Row of the table of confirmation that decided it."),
    "late_confirmation": ("bool", "", "iCPD later after the iUPD than the criteria's `i_max_days`."),
    "clinically_stable": ("category", "", "What the table of visits says of clinical stability: N, Y."),
}
_TERMS = {"target": TARGET, "non_target": NON_TARGET, "overall": OVERALL, "new_lesion": NEW_LESION}
_TABLE_OF = {"target_rule": "target", "non_target_rule": "non_target", "overall_rule": "time_point"}


def responses_frame(column: dict[str, Any], table: pd.DataFrame, criteria: Criteria) -> pd.DataFrame:
    """The frame from its columns as arrays (codes for text); an empty one from no columns."""
    if not column:
        return _empty(table)
    rows = len(column["date"])
    for name in ("subject", "evaluator", "visit"):
        column[name] = pd.Categorical.from_codes(column[name], categories_of(table, name))
    column["criteria"] = pd.Categorical.from_codes(np.zeros(rows, np.int8), pd.Index([criteria.label]))
    for name, terms in _TERMS.items():
        column[name] = pd.Categorical.from_codes(column[name], pd.Index(terms))
    for name, of in _TABLE_OF.items():
        column[name] = pd.Categorical.from_codes(column[name], pd.Index(criteria.in_force(of).ids()))
    column["day"] = whole_days(column["date"], column["start_date"])
    total, nadir = column["sum_mm"], column["nadir_mm"]
    column["change_from_baseline_pct"] = change_percent(total, column["baseline_mm"])
    column["change_from_nadir_pct"] = change_percent(total, nadir)
    column["change_from_nadir_mm"] = np.round(total - nadir, 2)
    names = [*RESPONSES]
    if criteria.confirmation is not None:
        _immune(column, criteria.in_force("confirmation").ids())
        names += IMMUNE
    if criteria.further is not None:
        for name, terms in criteria.further.terms.items():
            column[name] = pd.Categorical.from_codes(column[name], pd.Index(terms))
        names += criteria.further.dictionary
    return pd.DataFrame({name: column[name] for name in names}, copy=False)


def _immune(column: dict[str, Any], rules: tuple[str, ...]) -> None:
    column["ioverall"] = pd.Categorical.from_codes(column["ioverall"], pd.Index(IRECIST))
    column["ioverall_rule"] = pd.Categorical.from_codes(column["ioverall_rule"], pd.Index(rules))
    column["clinically_stable"] = pd.Categorical.from_codes(column["clinically_stable"], pd.Index(YES_NO))


def whole_days(date: npt.NDArray[Any], start: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    """Days from start to date, two arrays of the same resolution."""
    return (as_days(date) - as_days(start.astype(date.dtype))).astype(np.int32)


def categories_of(table: pd.DataFrame, name: str) -> pd.Index[Any]:
    """The words of a categorical column."""
    words: pd.Index[Any] = table[name].cat.categories
    return words


def _empty(table: pd.DataFrame) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for name, (dtype, _, _) in RESPONSES.items():
        if name in _TERMS:
            columns[name] = pd.Categorical([], categories=pd.Index(_TERMS[name]))
        elif name in ("subject", "evaluator", "visit"):
            columns[name] = pd.Categorical([], categories=categories_of(table, name))
        else:
            columns[name] = pd.Series([], dtype="datetime64[ns]" if dtype == "datetime64" else dtype)
    return pd.DataFrame(columns)


def dictionary_markdown() -> str:
    """The data dictionary of the responses as Markdown."""
    rows = [f"| `{name}` | {dtype} | {unit} | {text} |" for name, (dtype, unit, text) in RESPONSES.items()]
    return "\n".join(["| column | dtype | unit | meaning |", "|---|---|---|---|", *rows])
