"""A yes-or-no column of the subject table as true and false, however it is written."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist import InputError

YES = frozenset({"true", "y", "yes", "1", "1.0"})
NO = frozenset({"false", "n", "no", "0", "0.0", ""})


def as_flag(column: pd.Series[Any], name: str) -> npt.NDArray[np.bool_]:
    """True, Y and 1 are yes; false, N, 0 and blank are no; anything else is an error.

    Examples
    --------
    >>> as_flag(pd.Series(["Y", "N", None]), "treated").tolist()
    [True, False, False]
    """
    text = column.astype("string").str.strip().str.lower().fillna("")
    if strange := sorted(set(text) - YES - NO):
        raise InputError(
            f"column {name!r} is no flag: it holds {strange[0]!r}. A flag holds true or false, Y or N, 1 or 0"
        )
    return np.asarray(text.isin(YES).to_numpy(bool))
