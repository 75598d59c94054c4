"""The walk over the assessments: remission, relapse and refractory disease depend on what was seen before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recist.leukaemia.criteria.base import LeukaemiaCriteria
from recist.leukaemia.terms import BLOOD, COURSE, REMISSION, RESPONSE, STATE

Codes = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
NEVER_SEEN = np.iinfo(np.int64).max  # day of a blood sample with blasts that was not taken
NEVER, HOLDS, LOST = range(len(STATE))
NONE, ONCE, CONFIRMED = range(len(BLOOD))


@dataclass(frozen=True)
class Seen:
    """What the walk asks of each assessment, as series x assessments arrays."""

    response: Codes
    marrow_relapse: Mask
    blasts_in_blood: Mask
    blood_clear: Mask  # recorded as without blasts
    extramedullary: Mask
    past_landmark: Mask
    day: Codes
    there: Mask  # false behind a series' last assessment


def course(seen: Seen, criteria: LeukaemiaCriteria) -> tuple[Codes, Codes]:
    """Rule number of the course table and remission before each assessment, one step per assessment."""
    table = criteria.in_force("course")
    outcome = table.outcome("course", np.arange(len(table.rules)))
    remissions = np.isin(np.arange(len(RESPONSE)), [RESPONSE.index(word) for word in REMISSION])
    n_series, n_assessments = seen.response.shape
    rules: Codes = np.zeros(seen.response.shape, np.int16)
    before: Codes = np.zeros(seen.response.shape, np.int8)
    state = np.full(n_series, NEVER, np.int8)
    first_blasts = np.full(n_series, NEVER_SEEN)
    for v in range(n_assessments):
        before[:, v] = state
        first_blasts, blood = _blood(seen, v, first_blasts, criteria)
        rules[:, v] = table.decide(
            state,
            seen.response[:, v],
            seen.marrow_relapse[:, v],
            blood,
            seen.extramedullary[:, v],
            seen.past_landmark[:, v],
        )
        as_assessed = outcome[rules[:, v]] == COURSE.index("as assessed")
        begins = as_assessed & remissions[seen.response[:, v]] & (state != HOLDS) & seen.there[:, v]
        ends = (outcome[rules[:, v]] == COURSE.index("RELAPSE")) & seen.there[:, v]
        state = np.where(ends, LOST, np.where(begins, HOLDS, state)).astype(np.int8)
        first_blasts = np.where(begins | ends, NEVER_SEEN, first_blasts)
    return rules, before


def _blood(
    seen: Seen, v: int, first: npt.NDArray[np.int64], criteria: LeukaemiaCriteria
) -> tuple[npt.NDArray[np.int64], Codes]:
    """Day of the first of an unbroken run of samples with blasts, and whether a later one confirms it."""
    blasts, day = seen.blasts_in_blood[:, v], seen.day[:, v]
    first = np.where(seen.blood_clear[:, v], NEVER_SEEN, first)
    first = np.where(blasts & (first == NEVER_SEEN), day, first)
    far = day >= np.minimum(first, NEVER_SEEN - criteria.relapse_sample_days) + criteria.relapse_sample_days
    enough = far | (criteria.relapse_in_blood == "any")
    blood = np.where(blasts & enough, CONFIRMED, np.where(blasts, ONCE, NONE)).astype(np.int8)
    return first, blood
