"""How many of each arm and stratum responded: what every comparison of rates starts from."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist import InputError
from survival.estimate.observations import Groups, column_names, nearest, place, read_groups

FloatArray = npt.NDArray[np.float64]
NO_SUBJECTS = "not estimable: no subjects"


@dataclass(frozen=True)
class ArmCounts:
    """Subjects `n` and responders `x`, one row per declared arm, one column per stratum."""

    column: str
    labels: list[Hashable]
    dtype: Any
    reference: int
    strata: list[str]
    n: FloatArray
    x: FloatArray

    @property
    def others(self) -> list[int]:
        """The arms that are compared with the reference."""
        return [arm for arm in range(len(self.labels)) if arm != self.reference]

    def pair(self, arm: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Responders and subjects by stratum, of the arm and of the reference."""
        return self.x[arm], self.n[arm], self.x[self.reference], self.n[self.reference]

    def sizes(self, arm: int) -> dict[str, object]:
        """The columns that every row of a comparison begins with."""
        x, n, x_reference, n_reference = (values.sum() for values in self.pair(arm))
        return {
            self.column: self.labels[arm],
            "reference": self.labels[self.reference],
            "n": int(n),
            "responders": int(x),
            "n_reference": int(n_reference),
            "responders_reference": int(x_reference),
        }

    def empty_arm(self, arm: int) -> str:
        """Why nothing can be said when one of the two arms has nobody, else nothing."""
        if self.n[self.reference].sum() == 0:
            return f"{NO_SUBJECTS} in the reference"
        return NO_SUBJECTS if self.n[arm].sum() == 0 else ""

    def frame(self, rows: Sequence[dict[str, object]], columns: Sequence[str]) -> pd.DataFrame:
        """The rows as a frame, the arm's column first and of its own type."""
        table = pd.DataFrame(rows, columns=[self.column, *columns])
        return table.assign(**{self.column: table[self.column].astype(self.dtype)})


def count_arms(
    frame: pd.DataFrame,
    response: str,
    by: str,
    reference: Hashable,
    strata: str | Sequence[str] | None = None,
) -> ArmCounts:
    """Count subjects and responders; arms that are declared as categories and have nobody are kept."""
    layers = column_names(strata)
    for name in (response, by, *layers):
        if name not in frame.columns:
            have = ", ".join(map(str, frame.columns))
            raise InputError(f"no column {name!r}; the frame has {have}{nearest(name, frame.columns)}")
    labels = _labels(frame, by)
    if reference not in labels:
        listed = ", ".join(repr(label) for label in labels)
        hint = nearest(reference, labels)
        raise InputError(f"reference={reference!r} is not in column {by!r}, which holds {listed}{hint}")
    if len(labels) < 2:
        raise InputError(f"column {by!r} holds {reference!r} alone, so there is no arm to compare it with")
    flags = _flags(frame, response)
    groups = (
        read_groups(frame, layers) if len(frame) else Groups(pd.DataFrame(index=range(1)), np.zeros(0, int))
    )
    position = {label: place for place, label in enumerate(labels)}
    arm = np.array([position[value] for value in frame[by]], dtype=np.int64)
    n = np.zeros((len(labels), len(groups)))
    x = np.zeros_like(n)
    np.add.at(n, (arm, groups.code), 1)
    np.add.at(x, (arm, groups.code), flags)
    return ArmCounts(by, labels, frame[by].dtype, labels.index(reference), groups.names(), n, x)


def _labels(frame: pd.DataFrame, by: str) -> list[Hashable]:
    """The arms: declared categories in their order, else the values sorted."""
    values = frame[by]
    if values.isna().any():
        where = place(frame, values.isna().to_numpy())
        raise InputError(f"column {by!r} is missing ({where}); fill it, or leave those rows out first")
    if isinstance(values.dtype, pd.CategoricalDtype):
        return list(values.cat.categories)
    return sorted(values.unique().tolist())


def _flags(frame: pd.DataFrame, response: str) -> FloatArray:
    """The response as 1 and 0; anything but yes and no is refused."""
    values = frame[response]
    if values.isna().any():
        where = place(frame, values.isna().to_numpy())
        raise InputError(
            f"{response!r} is missing ({where}); say true or false: without assessment a subject is a"
            f" non-responder"
        )
    known = values.isin([0, 1]).to_numpy(dtype=bool)
    if not known.all():
        first = values.iloc[int(np.flatnonzero(~known)[0])]
        raise InputError(f"{response!r} is {first!s} ({place(frame, ~known)}); it has to be true or false")
    return values.astype(bool).to_numpy().astype(np.float64)
