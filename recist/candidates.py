"""What is known of a lesion found at baseline, as the words of the measurability table: kind, method, size.

RECIST 1.1 (Eisenhauer 2009, Eur J Cancer 45:228) sections 3.1 and 4.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.criteria import Criteria
from recist.criteria.base import doc
from recist.organs import is_bone, is_lung, organ_key
from recist.spellings import FLAG

Flags = npt.NDArray[np.bool_]

KIND = ("mass", "lung mass", "bone with soft tissue", "bone", "node", "diffuse", "simple cyst")
METHOD = ("CT or MRI", "caliper", "chest X-ray", "other")
SIZE = ("unknown", "normal", "below", "reached")  # against the limit of that kind and method


@dataclass(frozen=True, kw_only=True)
class SizeLimits:
    """Smallest measurable size by method; the limits of nodes are fields of the criteria."""

    scan_mm: float = doc(10, "smallest longest diameter by CT or MRI, mm", "RECIST 1.1 section 3.1.1")
    thin_slice_mm: float = doc(5, "thickest slice for which that holds, mm", "RECIST 1.1 section 3.1.1")
    slices: int = doc(2, "above it, so many slice thicknesses", "RECIST 1.1 section 3.1.1 and Appendix II")
    caliper_mm: float = doc(10, "smallest diameter by calipers, mm", "RECIST 1.1 section 3.1.1")
    xray_mm: float = doc(20, "smallest diameter on a chest X-ray, mm", "RECIST 1.1 section 3.1.1")


LIMITS = SizeLimits()
_DIFFUSE = re.compile(r"EFFUSION|LEPTOMENING|ASCIT|INFLAMMATORY BREAST|LYMPHANGI|CARCINOMATOSIS|PALPA")
_METHODS = (  # first match decides; a word that none knows does not measure
    ("caliper", re.compile(r"CALIPER|\bCLINICAL\b")),
    (
        "other",
        re.compile(
            r"PET|POSITRON|ULTRASO|SONOGRA|ECHO|\bUS\b|SCINTI|BONE SCAN|"
            r"ENDOSCOP|LAPAROSCOP|MARKER|PALPA|CYTOLOG"
        ),
    ),
    ("chest X-ray", re.compile(r"X ?RAY|\bCXR\b|RADIOGRAPH|PLAIN FILM")),
    ("CT or MRI", re.compile(r"CT\b|\bTC\b|TOMOGRAPH|\bMRI?\b|\bRMN?\b|MAGNETIC")),
)


def smallest_mm(
    candidates: pd.DataFrame, criteria: Criteria, limits: SizeLimits = LIMITS
) -> npt.NDArray[Any]:
    """Smallest measurable size of each row for its kind, method and slice thickness, mm; NaN where none."""
    slices = column(candidates, "slice_mm").to_numpy(float, na_value=np.nan)
    scan = np.where(slices > limits.thin_slice_mm, limits.slices * slices, limits.scan_mm)
    node = np.where(flag(candidates, "node"), criteria.node_target_min, scan)
    method = method_codes(candidates)
    by_method = np.array([np.nan, limits.caliper_mm, limits.xray_mm, np.nan])[method]
    return np.asarray(np.where(method == METHOD.index("CT or MRI"), node, by_method))


def method_codes(candidates: pd.DataFrame) -> npt.NDArray[Any]:
    """Position in METHOD of each row's method; a blank method is read as CT or MRI."""
    distinct = pd.Categorical(column(candidates, "method").astype("category"))
    codes = [_method_code(str(word)) for word in distinct.categories] + [METHOD.index("CT or MRI")]
    method: npt.NDArray[Any] = np.array(codes)[distinct.codes]
    if "superficial" in candidates:
        deep = candidates["superficial"].notna().to_numpy() & ~flag(candidates, "superficial")
        method = np.where(deep & (method == METHOD.index("caliper")), METHOD.index("other"), method)
    return method


def _method_code(word: str) -> int:
    text = re.sub(r"[^A-Z0-9]+", " ", word.upper())
    return METHOD.index(next((name for name, known in _METHODS if known.search(text)), "other"))


def kind_codes(candidates: pd.DataFrame) -> npt.NDArray[Any]:
    """Position in KIND of each row: what sort of lesion it is."""
    node = flag(candidates, "node")
    organ = organ_key(column(candidates, "organ"), node)
    bone = is_bone(organ) | column(candidates, "bone_type").notna().to_numpy()
    blastic = matches(candidates, "bone_type", re.compile("BLASTIC|SCLEROTIC"))
    kinds = [
        (matches(candidates, "cyst", re.compile("SIMPLE|BENIGN")), "simple cyst"),
        (matches(candidates, "kind", _DIFFUSE) | matches(candidates, "organ", _DIFFUSE), "diffuse"),
        (node, "node"),
        (bone & flag(candidates, "soft_tissue") & ~blastic, "bone with soft tissue"),
        (bone, "bone"),
        (is_lung(organ), "lung mass"),
    ]
    codes = [KIND.index(name) for _, name in kinds]
    return np.asarray(np.select([hit for hit, _ in kinds], codes, KIND.index("mass")))


def size_codes(candidates: pd.DataFrame, criteria: Criteria) -> npt.NDArray[Any]:
    """Position in SIZE of each row: its diameter against the limit of its kind and method."""
    size = candidates["diameter_mm"].to_numpy(float)
    whole = np.rint(size * 100)  # compared as whole hundredths of a millimetre
    reached = whole >= np.rint(smallest_mm(candidates, criteria) * 100)
    normal = flag(candidates, "node") & (whole < round(criteria.node_normal_lt * 100))
    return np.asarray(np.select([np.isnan(size), normal, reached], [0, 1, 3], 2))


def column(frame: pd.DataFrame, name: str) -> pd.Series:
    """The column, or one that is missing throughout."""
    return frame[name] if name in frame else pd.Series(np.nan, index=frame.index)


def flag(frame: pd.DataFrame, name: str) -> Flags:
    """True where a yes/no column says yes in any spelling; blank is no."""
    values = column(frame, name)
    if values.dtype == bool:
        return values.to_numpy()
    return _by_word(values, lambda word: FLAG.get(word.strip().casefold(), False))


def matches(frame: pd.DataFrame, name: str, pattern: re.Pattern[str]) -> Flags:
    """Where a column of words holds the pattern, whatever the case."""
    return _by_word(column(frame, name), lambda word: bool(pattern.search(word.upper())))


def _by_word(values: pd.Series, holds: Callable[[str], bool]) -> Flags:
    distinct = pd.Categorical(values.astype("category"))
    hit = np.array([holds(str(word)) for word in distinct.categories] + [False])
    return np.asarray(hit[distinct.codes])
