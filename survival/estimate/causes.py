"""Time and cause of the first event of each subject, for analyses in which causes compete."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survival.estimate.observations import EstimateError, FloatArray, IntArray, place, read_observations


@dataclass(frozen=True)
class Causes:
    """One entry per subject: time and position of the cause among `names`, -1 when censored."""

    time: FloatArray
    code: IntArray
    names: list[Hashable]


def read_causes(tte: pd.DataFrame, columns: Sequence[str]) -> Causes:
    """`time`, `event` and `cause` of a frame that also has to hold `columns`."""
    seen = read_observations(tte, ["cause", *columns])
    column = tte["cause"]
    missing = column.isna().to_numpy()
    if (wrong := seen.event & missing).any():
        raise EstimateError(f"an event has no cause ({place(tte, wrong)}); name it")
    if (wrong := ~seen.event & ~missing).any():
        raise EstimateError(f"a censored subject has a cause ({place(tte, wrong)}); leave it empty")
    if not seen.event.any():
        names: list[Hashable] = list(column.cat.categories) if hasattr(column, "cat") else []
        if not names:
            raise EstimateError("the frame has no events, so there is no cause to count")
        return Causes(seen.time, np.full(len(tte), -1, dtype=np.int64), names)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return Causes(seen.time, column.cat.codes.to_numpy().astype(np.int64), list(column.cat.categories))
    code, names_found = pd.factorize(column, sort=True)
    return Causes(seen.time, code.astype(np.int64), list(names_found))
