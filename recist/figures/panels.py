"""Panels of one figure, side by side and in rows: one per arm, on the same scales."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from recist.errors import InputError
from recist.figures.sheet import EDGE, LINE, Sheet
from recist.figures.style import AXES_PT, POINTS_PER_MM, WIDTH_MM
from recist.figures.text import BOLD, name_lines

SCALE_PT, TICKS_PT, BELOW_PT = 36.0, 14.0, 28.0  # room left of the first panel, of the others, and below
BETWEEN_PT = 10.0
SIDE_BY_SIDE = {"single": 1, "double": 3}
MOST = 6


@dataclass
class Panel:
    """Axes with their place in points."""

    sheet: Sheet
    name: str
    heading: list[str]
    place: tuple[float, float, float, float]
    leftmost: bool
    lowest: bool
    axes: Any
    above_pt: float

    @property
    def left(self) -> float:
        """Left edge of the axes."""
        return self.place[0]

    @property
    def bottom(self) -> float:
        """Lower edge of the axes."""
        return self.place[1]

    @property
    def width(self) -> float:
        """Width of the axes."""
        return self.place[2]

    @property
    def height(self) -> float:
        """Height of the axes."""
        return self.place[3]

    def title(self) -> None:
        """The name of the arm above the panel."""
        for n, line in enumerate(reversed(self.heading)):
            y = self.bottom + self.height + self.above_pt + 3 + (n + 0.5) * LINE
            self.sheet.write(self.left, y, line, weight="bold")


@dataclass(frozen=True)
class Panels:
    """Where the panels will go; `place` makes their axes."""

    names: list[str]
    headings: list[list[str]]
    columns: int
    panel_width: float
    panel_height: float
    room_right: float
    above_pt: float = 0.0  # kept free between a panel and its name
    below_pt: float = BELOW_PT  # for the scale

    @property
    def rows(self) -> int:
        """Rows of panels."""
        return -(-len(self.names) // self.columns)

    @property
    def heading_pt(self) -> float:
        """Room above each row for the names."""
        return max((len(lines) for lines in self.headings), default=0) * LINE + 5.0

    @property
    def row_pt(self) -> float:
        """Height of one row with its names and scale."""
        return self.heading_pt + self.above_pt + self.panel_height + self.below_pt

    @property
    def height(self) -> float:
        """Height of all rows."""
        return self.rows * self.row_pt

    def place(self, sheet: Sheet) -> Iterator[Panel]:
        """The panels from the upper left."""
        for n, (name, heading) in enumerate(zip(self.names, self.headings, strict=True)):
            row, column = divmod(n, self.columns)
            left = EDGE + SCALE_PT + column * (self.panel_width + self.room_right + BETWEEN_PT + TICKS_PT)
            low = sheet.top - (row + 1) * self.row_pt + self.below_pt
            place = (left, low, self.panel_width, self.panel_height)
            lowest = n + self.columns >= len(self.names)
            axes = sheet.axes(*place)
            yield Panel(sheet, name, heading, place, column == 0, lowest, axes, self.above_pt)


def grid(names: Sequence[str], sizes: pd.Series, width: str, room_right: float = 4.0) -> Panels:
    """Panels of equal size for the named arms; a single name "" is one panel without a heading.

    `room_right` is kept free on the right of each panel.
    """
    if len(names) > MOST:
        raise InputError(
            f"a figure has room for {MOST} arms, not {len(names)}; draw the others in a second one"
        )
    columns = min(SIDE_BY_SIDE[width], len(names))
    columns = 2 if len(names) == 4 or (len(names) > 4 and width == "single") else columns  # fits a page
    total = WIDTH_MM[width] * POINTS_PER_MM - 2 * EDGE - SCALE_PT
    wide = (total - (columns - 1) * (BETWEEN_PT + TICKS_PT)) / columns - room_right
    headings = [name_lines(f"{name} (n={sizes[name]})", wide / BOLD) if name else [] for name in names]
    tall = AXES_PT[width] if len(names) < 3 else 0.75 * AXES_PT[width]
    return Panels(list(names), headings, columns, wide, tall, room_right)
