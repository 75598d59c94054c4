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
    most_bands: int = (
        3  # with more groups bands would hide one another: limits are bars at the times of the scale
    )
    fewest: int = 0  # curves end where fewer subjects are at risk; the numbers at risk go on
    confidence: str = ""  # what the limits are, as printed; empty: from the level of the curves
    landmarks: tuple[float, ...] = ()  # times, in the unit of the axis, at which survival is told
    rows: tuple[Literal["at_risk", "cumulative_events", "cumulative_censored"], ...] = (
        "at_risk",
    )  # of the table
    caption: str = ""  # first sentence under the figure: population, reader, criteria


@dataclass(frozen=True, kw_only=True)
class ForestLook:
    """How a forest plot is drawn."""

    width: Literal["single", "double"] = "double"
    size: Literal["events", "n"] = (
        "n"  # what the areas of the boxes are: subjects, or their events or responders
    )
    better: Literal["", "lower", "higher"] = (
        ""  # which estimates favour the arm; empty: lower for hazard ratios
    )
    caption: str = ""  # first sentence under the figure


@dataclass(frozen=True, kw_only=True)
class IncidenceLook:
    """How cumulative incidence is drawn."""

    width: Literal["single", "double"] = "double"
    origin: str = ""  # where time starts: "randomization"
    most_bands: int = 2  # with more curves in a panel limits are bars at the times of the scale
    caption: str = ""


@dataclass(frozen=True, kw_only=True)
class AgreementLook:
    """How the agreement of two readers is drawn."""

    width: Literal["single", "double"] = "single"
    caption: str = ""
