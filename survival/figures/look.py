"""What a figure may look like, apart from its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class KmLook:
    """How the Kaplan-Meier figure is drawn; another look is an edit of it."""

    width: Literal["single", "double"] = "double"  # 89 or 183 mm
    endpoint: str = "Survival"  # what the curves are, for the title of the vertical axis
    origin: str = ""  # where time starts, for the title of the horizontal axis: "randomization"
    most_bands: int = 3  # with more groups the confidence bands would hide one another
    confidence: str = ""  # what the limits are, as printed; empty: from the level of the curves
