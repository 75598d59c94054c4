"""Several criteria on the same lesions: which they are, and their responses one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from recist.criteria import get_criteria
from recist.criteria.base import Criteria
from recist.errors import InputError


def named_once(criteria: Sequence[str | Criteria]) -> list[Criteria]:
    """Each of the criteria as a value; raises InputError when there is none, or one of them twice."""
    chosen = [get_criteria(one) for one in criteria]
    if not chosen:
        raise InputError("No criteria named. Give one name, or a list such as ['recist_1_1', 'irecist'].")
    labels = [one.label for one in chosen]
    if twice := sorted({label for label in labels if labels.count(label) > 1}):
        raise InputError(
            f"Criteria {twice[0]!r} is named twice. Name each once; an edited one has its own label."
        )
    return chosen


def stack_responses(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames of responses one below the other: categories unite, a column that one lacks is missing there.

    Examples
    --------
    >>> a = pd.DataFrame({"criteria": pd.Categorical(["x"]), "day": [56]})
    >>> b = pd.DataFrame({"criteria": pd.Categorical(["y"]), "ioverall": pd.Categorical(["iSD"])})
    >>> both = stack_responses([a, b])
    >>> both["criteria"].cat.categories.tolist(), both["ioverall"].isna().tolist()
    (['x', 'y'], [True, False])
    """
    names = list(dict.fromkeys(str(name) for frame in _widest_first(frames) for name in frame))
    return pd.DataFrame({name: _stacked(name, frames) for name in names}, copy=False)


def _widest_first(frames: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    """The frame with most columns first, because its order of columns holds them all in place."""
    return sorted(frames, key=lambda frame: -len(frame.columns))


def _stacked(name: str, frames: Sequence[pd.DataFrame]) -> Any:
    """One column of all frames."""
    known = [frame[name] for frame in frames if name in frame]
    if all(isinstance(column.dtype, pd.CategoricalDtype) for column in known):
        words = union_categoricals([column.array.as_unordered() for column in known])
        empty = pd.Categorical.from_codes(np.zeros(0, np.int8), words.categories)
        parts = [frame[name].array if name in frame else _absent(frame, empty) for frame in frames]
        return union_categoricals([part.as_unordered() for part in parts])
    if len(known) == len(frames):
        return pd.concat(known, ignore_index=True).array
    kind = _with_missing(known[0].dtype)
    parts = [
        frame[name].astype(kind)
        if name in frame
        else known[0].head(0).astype(kind).reindex(range(len(frame)))
        for frame in frames
    ]
    return pd.concat(parts, ignore_index=True).array


def _absent(frame: pd.DataFrame, empty: pd.Categorical) -> pd.Categorical:
    return pd.Categorical.from_codes(np.full(len(frame), -1, np.int8), empty.categories)


def _with_missing(dtype: Any) -> Any:
    """A dtype of the same kind that can say missing."""
    kind = getattr(dtype, "kind", "O")
    return {"b": "boolean", "i": "Int64", "u": "Int64"}.get(kind, dtype)
