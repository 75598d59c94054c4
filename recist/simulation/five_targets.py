"""The readings of a study with up to ten targets, as RECIST 1.1 would have recorded them: five, two per organ.

The larger lesions stay targets (Eisenhauer 2009, section 4.2); the others are followed as non-targets, which
progress when the lesion is half as large again as it was at its smallest and has grown by a centimetre.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.terms import ROLE, STATE

WORSE, WORSE_MM, LARGER = 1.5, 10.0, 1.2
_KEEPS = ("absent", "not evaluable", "not done")
_KEY = ["subject", "evaluator", "lesion"]


def with_five_targets(lesions: pd.DataFrame) -> pd.DataFrame:
    """The lesion table with the surplus targets as non-targets; the same rows in the same order."""
    surplus = _surplus(lesions)
    rows = lesions[surplus]
    size = rows["diameter_mm"].where(rows["state"] != "too small", 5.0)
    by = rows.assign(size=size).groupby(_KEY, observed=True)["size"]
    smallest = by.cummin().groupby([rows[name] for name in _KEY], observed=True).ffill()
    grown = (size >= WORSE * smallest) & (size - smallest >= WORSE_MM)
    worse = grown.groupby([rows[name] for name in _KEY], observed=True).cummax()
    old = rows["state"].astype(str)
    state = np.select(
        [old.isin(_KEEPS), worse, size >= LARGER * smallest],
        [old, "unequivocal progression", "increased"],
        "present",
    )
    states, roles = lesions["state"].astype(str).to_numpy(), lesions["role"].astype(str).to_numpy()
    states[surplus], roles[surplus] = state, "non-target"
    return lesions.assign(role=pd.Categorical(roles, list(ROLE)), state=pd.Categorical(states, list(STATE)))


def _surplus(lesions: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Rows of targets that do not belong to the five largest, two in an organ."""
    from recist.measurability import select_targets

    base = lesions[(lesions["role"] == "target").to_numpy() & lesions["baseline"].to_numpy()]
    chosen = base.loc[(select_targets(base)["role"] == "TARGET").to_numpy(), _KEY]
    found = lesions[_KEY].astype("str").merge(chosen.astype("str"), "left", _KEY, indicator=True)
    followed = (lesions["role"] == "target").to_numpy()
    if "parent" in lesions:
        followed &= lesions["parent"].isna().to_numpy()
    return np.asarray(followed & (found["_merge"] == "left_only").to_numpy())
