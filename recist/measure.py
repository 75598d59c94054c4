"""Which measurement of a lesion is summed: its diameter, or the diameter of its viable part."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


def sizes(lesions: pd.DataFrame, measure: str) -> npt.NDArray[np.float64]:
    """Size of every row, mm.

    With `viable_mm` a target is followed by its viable part when that was measured at baseline, and then at
    every visit; an atypical or extrahepatic target, and every node, by its diameter (Lencioni & Llovet 2010).
    """
    if measure not in lesions:
        return lesions["diameter_mm"].to_numpy()
    given: npt.NDArray[np.float64] = lesions[measure].to_numpy()
    if measure == "diameter_mm":
        return given
    target = (lesions["role"] == "target").to_numpy() & ~lesions["node"].to_numpy()
    lesion = _lesion_numbers(lesions)
    at_baseline = target & lesions["baseline"].to_numpy() & ~np.isnan(given)
    by_viable = target & np.isin(lesion, np.unique(lesion[at_baseline]))
    diameter = lesions["diameter_mm"].to_numpy()
    other = np.where(np.isnan(diameter) & ~target, given, diameter)
    return np.where(by_viable, given, other)


def _lesion_numbers(lesions: pd.DataFrame) -> npt.NDArray[np.int64]:
    """A number per subject, evaluator and lesion; a fragment has that of the lesion it split from."""
    number: Any = np.zeros(len(lesions), np.int64)
    for name in ("subject", "evaluator"):
        column = lesions[name].array
        number = number * max(len(column.categories), 1) + column.codes
    label, names = np.asarray(lesions["lesion"].array.codes), lesions["lesion"].array.categories
    if "parent" in lesions:
        parent = lesions["parent"].array
        to_label = np.append(names.get_indexer(parent.categories), -1)
        label = np.where(parent.codes >= 0, to_label[parent.codes], label)
    return np.asarray(number * (len(names) + 1) + label + 1)
