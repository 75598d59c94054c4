"""The frame of leukaemia responses: its data dictionary and how it is put together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recist.leukaemia.criteria.base import LeukaemiaCriteria
from recist.leukaemia.marrow import MARROW, MEASURED
from recist.leukaemia.terms import MRD, OVERALL, RESPONSE, STATE

_KEY = {  # column -> (dtype, unit, sentence)
    "subject": ("category", "", "Who."),
    "evaluator": ("category", "", "Who assessed."),
    "criteria": ("category", "", "Name of the classification and every edit of its conventions."),
    "visit": ("category", "", "Label of the visit."),
    "date": ("datetime64", "", "Day of the assessment."),
    "start_date": ("datetime64", "", "Start date of the subject, or the first assessment before treatment."),
    "day": ("int32", "days", "date - start_date: 0 on the start date."),
    "pre_blasts_pct": ("float64", "%", "Marrow blasts before treatment, the last that are known."),
}
_DECIDED = {
    "response": ("category", "", "Response of this assessment alone."),
    "response_rule": ("category", "", "Row of the table of responses that decided it."),
    "mrd_status": ("category", "", "Residual disease: negative, positive or unknown."),
    "mrd_rule": ("category", "", "Row of the table of residual disease."),
    "remission": ("category", "", "Remission before this assessment: never reached, holds, lost by relapse."),
    "past_landmark": ("bool", "", "The response landmark was reached."),
    "overall": ("category", "", "Response in the course: with its MRD suffix, or RELAPSE, REFRACTORY."),
    "overall_rule": ("category", "", "Row of the table of the course that decided it."),
}
_GIVEN = {c.name: (c.dtype, c.unit, c.sentence) for c in MARROW.columns if c.name in MEASURED}
LEUKAEMIA_RESPONSES = _KEY | _GIVEN | _DECIDED


def responses_frame(rows: pd.DataFrame, decided: dict[str, Any], criteria: LeukaemiaCriteria) -> pd.DataFrame:
    """The frame from the assessments after baseline and the codes that were decided for them."""
    size = len(rows)
    column: dict[str, Any] = {name: rows[name].array for name in ("subject", "evaluator", "visit", "date")}
    column["criteria"] = pd.Categorical.from_codes(np.zeros(size, np.int8), pd.Index([criteria.label]))
    column["start_date"] = rows["start_date"].array
    column["day"] = (rows["date"] - rows["start_date"]).dt.days.to_numpy(np.int32)
    column["pre_blasts_pct"] = rows["pre_blasts_pct"].array
    for name in _GIVEN:
        column[name] = rows[name].array if name in rows else _blank(_GIVEN[name][0], size)
    words = {"response": RESPONSE, "mrd_status": MRD, "remission": STATE, "overall": OVERALL}
    for name, table in (("response_rule", "response"), ("mrd_rule", "mrd"), ("overall_rule", "course")):
        words[name] = criteria.in_force(table).ids()
    for name, terms in words.items():
        column[name] = pd.Categorical.from_codes(decided[name], pd.Index(terms))
    column["past_landmark"] = decided["past_landmark"]
    return pd.DataFrame({name: column[name] for name in LEUKAEMIA_RESPONSES}, copy=False)


def _blank(dtype: str, size: int) -> Any:
    """A column that the assessments do not have."""
    if dtype == "category":
        return pd.Categorical([None] * size, categories=pd.Index([], dtype="str"))
    return pd.array([pd.NA] * size, "boolean") if dtype == "boolean" else np.full(size, np.nan)


def dictionary_markdown() -> str:
    """The data dictionary of the responses as Markdown."""
    rows = [
        f"| `{n}` | {dtype} | {unit} | {text} |" for n, (dtype, unit, text) in LEUKAEMIA_RESPONSES.items()
    ]
    return "\n".join(["| column | dtype | unit | meaning |", "|---|---|---|---|", *rows])
