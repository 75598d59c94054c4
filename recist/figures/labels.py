"""Names beside the ends of lines, moved apart, with leaders."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recist.figures.sheet import LINE, Sheet
from recist.figures.style import SMALL_PT
from recist.figures.text import plain_text, shorten_text

Place = tuple[float, float, float, float]  # left, bottom, width and height in points


def label_ends(
    sheet: Sheet,
    place: Place,
    ends: Sequence[tuple[float, float, str]],
    limits: tuple[float, float, float, float],
    room: float,
) -> None:
    """Names right of the axes at `place`, whose scales run over `limits` (x from, x to, y from, y to)."""
    left, bottom, width, height = place
    x0, x1, low, high = limits
    heights = [(min(max(y, low), high) - low) / (high - low) * height for _, y, _ in ends]
    order = np.argsort(heights, kind="stable")
    step = min(LINE, height / max(len(ends), 1))
    right = left + width + 3
    for y, n in zip(apart([heights[n] for n in order], step, height), order, strict=True):
        x = left + width * (ends[n][0] - x0) / (x1 - x0)
        level = bottom + heights[n]
        dots = {"linewidth": 0.4, "color": "#999999", "linestyle": (0, (1, 2)), "zorder": -1}
        sheet.line([x, right, right + 6], [level, level, bottom + y], **dots)
        sheet.write(
            right + 8, bottom + y, shorten_text(plain_text(ends[n][2]), room - 12, SMALL_PT), size=SMALL_PT
        )


def apart(places: list[float], step: float, top: float) -> list[float]:
    """Sorted places moved up and down until they are a step apart, within 0 and top."""
    moved = list(places)
    for n in range(1, len(moved)):
        moved[n] = max(moved[n], moved[n - 1] + step)
    limit = top
    for n in range(len(moved) - 1, -1, -1):
        moved[n] = min(moved[n], limit)
        limit = moved[n] - step
    return moved
