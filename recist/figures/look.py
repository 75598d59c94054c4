"""What a figure of responses may look like, apart from its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from recist.errors import InputError

DAYS_PER = {"days": 1.0, "weeks": 7.0, "months": 30.4375}  # 365.25 / 12
STEPS = {  # distances between ticks that readers expect
    "days": (1, 2, 7, 14, 28, 56, 112, 224, 364, 728, 1456, 3640),
    "weeks": (1, 2, 4, 8, 12, 24, 52, 104, 208, 520, 1040),
    "months": (0.5, 1, 2, 3, 6, 12, 24, 36, 60, 120, 240),
}


@dataclass(frozen=True, kw_only=True)
class FigureLook:
    """How a figure is drawn; another look is an edit of it."""

    width: Literal["single", "double"] = "double"  # 89 or 183 mm
    colour: Literal["response", "arm"] = "response"  # what the colours are; `response`: arms get panels
    panels: Literal["arm", "response"] = "arm"  # of a spider: small multiples, by arm or by best response
    unit: Literal["days", "weeks", "months"] = "months"
    caption: str = ""  # first sentence under the figure: criteria, reader, population
    origin: str = ""  # where time starts, for the title of the axis: "randomization"
    most_labels: int = 12  # with more subjects in a panel their names are left out


def days_per(unit: str) -> float:
    """Length of a unit of time in days."""
    if unit not in DAYS_PER:
        raise InputError(f"unit {unit!r} is not one of {', '.join(DAYS_PER)}")
    return DAYS_PER[unit]


def round_ticks(longest: float, unit: str, most: int = 10) -> list[float]:
    """Round times from 0 to the last one, no more than `most`."""
    steps = STEPS[unit]
    step = next((step for step in steps if longest / step < most), None)
    if step is None:
        step = steps[-1] * float(-(-longest // (steps[-1] * most)))
    return [step * n for n in range(int(longest / step + 1e-9) + 1)]
