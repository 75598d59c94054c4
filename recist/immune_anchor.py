"""The first iUPD of a pending block, and the sums that later visits are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recist.sums import UNKNOWN, Hundredths

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
UNRANKED = 99  # rank of a response that compares with nothing


@dataclass
class Anchor:
    """The first iUPD of the pending block, per series."""

    rank: Ints
    day: Ints
    by_target: Mask
    by_non_target: Mask
    by_new: Mask
    base: Ints
    first_sum: Hundredths  # first complete sum of the block
    lowest_sum: Hundredths
    first_isom: Hundredths
    lowest_isom: Hundredths
    lesion_first: Hundredths  # per new lesion: first size of the block
    lesion_lowest: Hundredths
    lesion_there: Mask  # per new lesion: present at the anchor

    @classmethod
    def none(cls, n: int, lesions: int) -> Anchor:
        """No block yet."""
        numbers = {name: np.zeros(n, np.int64) for name in ("rank", "day")}
        flags = {name: np.zeros(n, bool) for name in ("by_target", "by_non_target", "by_new")}
        sums = {
            f"{which}_{of}": np.full(n, UNKNOWN) for which in ("first", "lowest") for of in ("sum", "isom")
        }
        sizes = {f"lesion_{which}": np.full(lesions, UNKNOWN) for which in ("first", "lowest")}
        given: dict[str, Any] = numbers | flags | sums | sizes
        return cls(base=np.full(n, UNRANKED), lesion_there=np.zeros(lesions, bool), **given)

    def of(self, who: Ints) -> Anchor:
        """The anchors of some series; what is kept per new lesion stays whole."""
        return Anchor(
            **{
                name: value if name.startswith("lesion_") else value[who]
                for name, value in vars(self).items()
            }
        )


def note(first: Hundredths, lowest: Hundredths, which: Ints, now: Hundredths) -> None:
    """First and lowest value of the block, of those that are known at a visit."""
    unset = first[which] == UNKNOWN
    first[which[unset]] = now[unset]
    lowest[which] = np.minimum(lowest[which], now)
