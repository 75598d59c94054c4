"""The lower part of the lesion profile: a line of tiles for each kind of response, below the labels of the visits."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from recist.figures.lesion_profile import RESPONSE, STRIPS
from recist.figures.palette import FILLS, fill_style
from recist.figures.sheet import EDGE, Sheet
from recist.figures.style import SMALL_PT
from recist.figures.text import BOLD, LINE_HEIGHT, clip_text, plain_text, shorten_text, text_width

ROW_PT = 10.5
NAME_PT, NAME_LINES = SMALL_PT * LINE_HEIGHT, 4  # of the name of a line of tiles
VISIT_PT = 110.0  # longest label of a visit
WIDEST, NARROWEST = 60.0, 4.0  # tile
_EDGE: dict[str, Any] = {"edgecolor": "black", "linewidth": 0.3}
NEW_FILLS: dict[str, dict[str, Any]] = {  # whether there was a new lesion -> its tile
    "no": {"facecolor": "white", **_EDGE},
    "equivocal": {"facecolor": "#999999", **_EDGE},
    "yes": {"facecolor": "black", **_EDGE},
}


def row_names(strips: list[str], room: float) -> dict[str, list[str]]:
    """The names of the lines of tiles as printed, broken where they are longer than their place."""
    return {
        name: clip_text(plain_text(name.replace("_", " ")), room / BOLD, SMALL_PT, NAME_LINES)
        for name in strips
    }


def row_pt(lines: list[str]) -> float:
    """Height of a line of tiles whose name has these lines."""
    return ROW_PT + NAME_PT * (len(lines) - 1)


class Tiles:
    """The responses of the visits between `left` and `left + wide`, on a scale of time that runs over `span`."""

    def __init__(self, numbers: pd.DataFrame, left: float, wide: float, span: tuple[float, float]) -> None:
        self.responses = numbers[numbers["part"] == RESPONSE]
        times = sorted(set(self.responses["time"]))
        self.places = {time: left + wide * (time - span[0]) / (span[1] - span[0]) for time in times}
        self.right = left + wide

    @cached_property
    def width(self) -> float:
        """Width of a tile: that of the smallest gap within a line (criteria may date a visit differently)."""
        lines = [
            sorted({self.places[time] for time in mine}) for _, mine in self.responses.groupby("name")["time"]
        ]
        gap = min((float(np.diff(line).min()) for line in lines if len(line) > 1), default=WIDEST)
        return float(np.clip(gap, NARROWEST, WIDEST)) - 1.5

    @cached_property
    def labels(self) -> dict[float, str]:
        """Time of each visit and its label as printed."""
        visits = self.responses.drop_duplicates("visit")
        return {
            time: shorten_text(plain_text(visit), VISIT_PT, SMALL_PT)
            for time, visit in zip(visits["time"], visits["visit"], strict=True)
        }

    @property
    def upright(self) -> bool:
        """Whether labels side by side would not fit."""
        widest = max((text_width(text, SMALL_PT) for text in self.labels.values()), default=0.0)
        return widest > self.width + 1.0

    @property
    def heading_pt(self) -> float:
        """Height of the labels of the visits."""
        if not self.upright:
            return ROW_PT
        return max(text_width(text, SMALL_PT) for text in self.labels.values()) + 4.0

    def draw(self, sheet: Sheet, names: dict[str, list[str]]) -> None:
        """The labels, then a line of tiles for each of the names; those of whole responses are bold."""
        y = sheet.bottom + sum(map(row_pt, names.values()))
        sheet.write(EDGE, y + ROW_PT / 2, "Visit", size=SMALL_PT)
        for x, text in _apart(self.places, self.labels, SMALL_PT if self.upright else 0.0):
            if self.upright:
                look = {"rotation": 90, "va": "bottom"}
                sheet.write(x, y + 2.0, text, align="center", size=SMALL_PT, **look)
            else:
                sheet.write(x, y + ROW_PT / 2, text, align="center", size=SMALL_PT)
        for name, lines in names.items():
            tall = row_pt(lines)
            y -= tall / 2
            weight: dict[str, Any] = {} if name in STRIPS.values() else {"weight": "bold"}
            for n, text in enumerate(lines):
                sheet.write(EDGE, y + NAME_PT * ((len(lines) - 1) / 2 - n), text, size=SMALL_PT, **weight)
            mine = self.responses[self.responses["name"] == name]
            for time, term in zip(mine["time"], mine["text"], strict=True):
                self._tile(sheet, self.places[time], y, term)
            y -= tall / 2

    def _tile(self, sheet: Sheet, x: float, y: float, term: str) -> None:
        """One tile, with its word where it is wide enough; the key has the word in any case."""
        plain = NEW_FILLS.get(term)
        style = plain or (fill_style(term) if term in FILLS else {"facecolor": "none", "edgecolor": "none"})
        sheet.fill(x - self.width / 2, y - ROW_PT / 2 + 1, self.width, ROW_PT - 2, **style)
        told = clip_text(plain_text(term), 58.0, SMALL_PT, 1)[0]
        if text_width(told, SMALL_PT) > self.width - 1.0:
            return
        box = None if plain else {"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85}
        colour = "white" if term == "yes" else "black"
        sheet.write(x, y, told, align="center", size=SMALL_PT, bbox=box, color=colour)


def _apart(places: dict[float, float], labels: dict[float, str], room: float) -> list[tuple[float, str]]:
    """The labels whose places are `room` apart: all but those of visits within days of one another."""
    found: list[tuple[float, str]] = []
    for time in sorted(labels):
        if not found or places[time] - found[-1][0] >= room:
            found.append((places[time], labels[time]))
    return found
