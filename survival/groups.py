"""The groups of an analysis, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from recist import InputError

Key = tuple[object, ...]
ALL = "All subjects"


def as_columns(by: str | Sequence[str] | None) -> list[str]:
    """Grouping columns as a list; none is the empty list."""
    if by is None:
        return []
    return [by] if isinstance(by, str) else list(by)


def groups(frame: pd.DataFrame, by: Sequence[str]) -> list[tuple[Key, pd.DataFrame]]:
    """Key and rows of each group that occurs: categories in their order, anything else sorted.

    A category that no row has is left out, so a filtered population does not drag empty arms along.
    Without grouping columns there is one group with the empty key, even of an empty frame.
    """
    if not by:
        return [((), frame)]
    for name in by:
        if name not in frame:
            raise InputError(f"there is no column {name} to group by; there are {', '.join(map(str, frame))}")
        if blank := int(frame[name].isna().sum()):
            raise InputError(
                f"{blank} of {len(frame)} rows have no {name}; fill it in, or leave them out first"
            )
    if frame.empty:
        raise InputError(f"there is no row left to group by {', '.join(by)}; is the population flag right?")
    return [(key, part) for key, part in frame.groupby(list(by), observed=True, sort=True)]


def declared_groups(frame: pd.DataFrame, by: Sequence[str]) -> list[tuple[Key, pd.DataFrame]]:
    """The groups, and with them every declared category of a single column that has no row."""
    if len(by) == 1 and by[0] in frame and isinstance(frame[by[0]].dtype, pd.CategoricalDtype):
        there = dict(groups(frame, by)) if len(frame) else {}
        return [((value,), there.get((value,), frame[:0])) for value in frame[by[0]].cat.categories]
    return groups(frame, by)


def label(key: Key) -> str:
    """A group's name as printed."""
    return ", ".join(str(part) for part in key) if key else ALL
