"""Lesion rows for measuring speed: nothing missing, four targets, nine visits, sorted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.simulation.draws import Draws
from recist.terms import DEFAULT_EVALUATOR, ROLE, STATE

_ORGANS = ("LUNG", "LIVER", "LYMPH NODE", "ADRENAL GLAND")
_TARGETS = len(_ORGANS)
_BLOCK = 50_000


def benchmark_lesions(n_subjects: int, n_visits: int = 9, seed: int = 0) -> pd.DataFrame:
    """A complete lesion table of `n_subjects` x `n_visits` x 4 rows with categorical text columns.

    Baseline is the first visit, the others follow every 8 weeks; diameters in mm with one decimal.

    Examples
    --------
    >>> benchmark_lesions(2).shape
    (72, 11)
    """
    draws = Draws.of(seed)
    shape = (n_subjects, n_visits, _TARGETS)
    mm = np.empty(shape)
    for first in range(0, n_subjects, _BLOCK):
        mm[first : first + _BLOCK] = _diameters(draws, min(_BLOCK, n_subjects - first), n_visits)
    width = max(3, len(str(n_subjects)))
    subjects = pd.Index([f"B-{k:0{width}d}" for k in range(1, n_subjects + 1)], dtype=str)
    visits = ["BASELINE", *(f"WEEK {8 * k}" for k in range(1, n_visits))]
    rows = mm.size
    visit = np.broadcast_to(np.arange(n_visits, dtype=np.int8)[:, None], shape)
    slot = np.broadcast_to(np.arange(_TARGETS, dtype=np.int8), shape)
    start = np.datetime64("2020-01-06", "D") + (np.arange(n_subjects) % 700).astype("timedelta64[D]")
    days = (np.arange(n_visits) * 56 - 7 * (np.arange(n_visits) == 0)).astype("timedelta64[D]")
    date = np.broadcast_to((start[:, None] + days).astype("datetime64[ns]")[:, :, None], shape)
    return pd.DataFrame(
        {
            "subject": _category(
                np.repeat(np.arange(n_subjects, dtype=np.int32), n_visits * _TARGETS), subjects
            ),
            "evaluator": _category(np.zeros(rows, np.int8), [DEFAULT_EVALUATOR]),
            "visit": _category(visit.ravel(), visits),
            "date": date.ravel(),
            "lesion": _category(slot.ravel(), [f"T{k + 1}" for k in range(_TARGETS)]),
            "role": _category(np.zeros(rows, np.int8), list(ROLE)),
            "organ": _category(slot.ravel(), list(_ORGANS)),
            "node": (slot == _ORGANS.index("LYMPH NODE")).ravel(),
            "diameter_mm": mm.ravel(),
            "state": _category(np.zeros(rows, np.int8), list(STATE)),
            "baseline": (visit == 0).ravel(),
        },
        copy=False,
    )


def _diameters(draws: Draws, n: int, n_visits: int) -> npt.NDArray[np.float64]:
    """Shrink for some visits, then grow; measured with 4 % error, nodes at least 15 mm at baseline."""
    visit = np.arange(n_visits)[:, None]
    turn = draws.uniform((n, 1, 1), 0, n_visits)
    shrink, grow = draws.uniform((n, 1, 1), -0.02, 0.25), draws.uniform((n, 1, 1), 0.02, 0.2)
    course = np.exp(grow * np.maximum(visit - turn, 0) - shrink * np.minimum(visit, turn))
    mm = draws.uniform((n, 1, _TARGETS), 16, 60) * course * draws.spread((n, n_visits, _TARGETS), 0.04)
    mm[:, 0] = np.maximum(mm[:, 0], 15.0)
    return np.asarray(np.round(mm, 1))


def _category(codes: npt.NDArray[Any], words: Sequence[str] | pd.Index[Any]) -> pd.Categorical[Any]:
    return pd.Categorical.from_codes(codes, categories=pd.Index(words, dtype=str))
