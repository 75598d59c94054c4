"""Two readers and an adjudicator: who reads what, and whose reading is accepted.

The adjudicator reads only the subjects in whom the readers differ by best response or its first date or the
date of progression under any criteria, and accepts the reading that is nearer to what he sees himself
(FDA, Clinical Trial Imaging Endpoint Process Standards, 2018).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.simulation.design import Design

COMPARED = ("best_response", "response_date", "progression_date")
FAR = 400.0  # days that a response or progression seen by one and not by the other counts


def criteria_of(design: Design) -> tuple[str, ...]:
    """The criteria that the study's lesion table serves."""
    liver = ("mrecist_hcc",) if design.necrosis is not None else ()
    immune = ("irecist",) if design.beyond_progression is not None else ()
    first = "recist_1_1_ten_targets" if design.targets_per_organ > 2 else "recist_1_1"
    return (first, *liver, *immune)


def adjudicated(
    lesions: pd.DataFrame, subjects: pd.DataFrame, design: Design
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lesion table without what the adjudicator was not asked for, and the table of adjudications."""
    if not design.adjudicator:
        return lesions, pd.DataFrame()
    from recist.assess import assess
    from recist.best_response import best_response

    responses = assess(lesions, list(criteria_of(design)), start=subjects)
    # With and without what followed a new therapy: a rule that settles readings need not know of it.
    plain, best = best_response(responses), best_response(responses, subjects=subjects)
    one, two, third = (_of(best, name) for name in design.readers)
    differ = _differ(one, two)
    early = _differ(*(_of(plain, name).reindex(one.index) for name in design.evaluators))
    differ |= early
    asked = one.index[differ]
    rows = lesions["subject"].astype(str).isin(asked.get_level_values("subject").unique())
    kept = lesions[rows.to_numpy() | (lesions["evaluator"] != design.adjudicator).to_numpy()]
    first = _distance(one, third) <= _distance(two, third)
    accepted = np.where(first, *design.evaluators)[differ]
    table = pd.DataFrame(
        {
            "subject": pd.Categorical(asked.get_level_values("subject")),
            "criteria": pd.Categorical(asked.get_level_values("criteria")),
            "accepted": pd.Categorical(accepted, list(design.evaluators)),
        }
    )
    return kept.reset_index(drop=True), table


def _of(best: pd.DataFrame, reader: str) -> pd.DataFrame:
    rows = best[(best["evaluator"] == reader).to_numpy()].astype({"subject": "str", "criteria": "str"})
    return rows.set_index(["subject", "criteria"])[list(COMPARED)].sort_index()


def _differ(one: pd.DataFrame, two: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Subjects and criteria in which any of the compared facts is not the same."""
    differ = np.zeros(len(one), bool)
    for name in COMPARED:
        first, second = (frame[name].astype("string").fillna("") for frame in (one, two))
        differ |= (first != second).to_numpy(bool)
    return differ


def _distance(one: pd.DataFrame, other: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Days between the dates of two readers, with as much as `FAR` for another best response."""
    total = FAR * (one["best_response"].astype("string") != other["best_response"].astype("string")).to_numpy(
        float
    )
    for name in ("response_date", "progression_date"):
        apart = (one[name] - other[name]).dt.days.abs().to_numpy(float)
        unlike = one[name].isna().to_numpy() != other[name].isna().to_numpy()
        total += np.where(unlike, FAR, np.nan_to_num(apart))
    return np.asarray(total)
