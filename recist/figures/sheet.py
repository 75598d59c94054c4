"""A figure whose blocks are placed in points: key on top, panels in the middle, sentences at the bottom.

All room is measured before anything is drawn, so that long names make a figure taller and cover nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from recist.figures.style import POINTS_PER_MM, SMALL_PT, TEXT_PT, WIDTH_MM, JournalFigure, new_figure
from recist.figures.text import LINE_HEIGHT, name_lines, plain_text, text_width, wrap_text

EDGE, GAP = 5.0, 10.0  # margin of the figure; distance between entries of the key
LINE = TEXT_PT * LINE_HEIGHT + 1.0  # height of a line of text
SMALL_LINE = SMALL_PT * LINE_HEIGHT
HANDLE = {"fill": 9.0, "line": 20.0, "mark": 7.0}  # width of the samples of the key
MARK_PT = 4.0


@dataclass(frozen=True)
class Entry:
    """A line of the key: a sample of the ink and what it means."""

    text: str
    kind: Literal["fill", "line", "mark"]
    style: Mapping[str, Any]


@dataclass
class Sheet:
    """An empty figure of a journal's width with its key and sentences; the body is for the panels.

    `body_pt` is the height that the panels need; `bottom` and `top` are where they may be.
    """

    width_name: str
    body_pt: float
    entries: Sequence[Entry] = ()
    sentences: Sequence[str] = ()
    width: float = field(init=False)
    height: float = field(init=False)
    bottom: float = field(init=False)
    figure: JournalFigure = field(init=False)

    def __post_init__(self) -> None:
        self.width = WIDTH_MM[self.width_name] * POINTS_PER_MM
        rows = key_rows(self.entries, self.width - 2 * EDGE)
        text = " ".join(sentence for sentence in map(plain_text, self.sentences) if sentence)
        lines = wrap_text(text, self.width - 2 * EDGE, SMALL_PT) if text else []
        above = EDGE + sum(LINE * most_lines(row) for row in rows) + (2.0 if rows else 0.0)
        self.bottom = EDGE + SMALL_LINE * len(lines) + (3.0 if lines else 0.0)
        self.height = self.bottom + self.body_pt + above
        self.figure = new_figure(self.width / POINTS_PER_MM, self.height / POINTS_PER_MM)
        self._key(rows)
        for n, line in enumerate(reversed(lines)):
            self.write(EDGE, EDGE + (n + 0.5) * SMALL_LINE, line, size=SMALL_PT)

    @property
    def top(self) -> float:
        """Upper end of the body."""
        return self.bottom + self.body_pt

    def axes(self, left: float, bottom: float, width: float, height: float) -> Any:
        """Axes at a place in points."""
        box = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        return self.figure.add_axes(box)

    def write(self, x: float, y: float, text: str, align: str = "left", **look: Any) -> None:
        """Text around the height y."""
        where = (x / self.width, y / self.height)
        self.figure.text(*where, text, ha=align, **{"va": "center_baseline", **look})

    def fill(self, x: float, y: float, width: float, height: float, **style: Any) -> None:
        """A rectangle from its lower left corner."""
        corner = (x / self.width, y / self.height)
        shape = Rectangle(corner, width / self.width, height / self.height, **style)
        shape.set_transform(self.figure.transFigure)
        self.figure.add_artist(shape)

    def line(self, x: Sequence[float], y: Sequence[float], **style: Any) -> None:
        """A line, or marks, through places in points."""
        places = [value / self.width for value in x], [value / self.height for value in y]
        self.figure.add_artist(Line2D(*places, transform=self.figure.transFigure, **style))

    def _key(self, rows: list[list[tuple[Entry, list[str]]]]) -> None:
        """The key at the upper edge."""
        y = self.height - EDGE
        for row in rows:
            x = EDGE
            for entry, lines in row:
                self.sample(x, y - LINE / 2, entry)
                for n, line in enumerate(lines):
                    self.write(x + HANDLE[entry.kind] + 4, y - (n + 0.5) * LINE, line)
                x += entry_width(entry, lines)
            y -= LINE * most_lines(row)

    def sample(self, x: float, y: float, entry: Entry) -> None:
        """What an entry of the key looks like."""
        wide = HANDLE[entry.kind]
        if entry.kind == "fill":
            self.fill(x, y - 3, wide, 6, **entry.style)
        elif entry.kind == "line":
            self.line([x, x + wide], [y, y], **{"linewidth": 1.2, **entry.style})
        else:
            self.line([x + wide / 2], [y], **{"linestyle": "none", "markersize": MARK_PT, **entry.style})


def key_rows(entries: Sequence[Entry], room: float) -> list[list[tuple[Entry, list[str]]]]:
    """The entries as rows that fit, each with its text as lines."""
    rows: list[list[tuple[Entry, list[str]]]] = []
    used = room
    for entry in entries:
        lines = name_lines(entry.text, room - HANDLE[entry.kind] - 4)
        need = entry_width(entry, lines)
        if used + need > room + GAP:
            rows.append([])
            used = 0.0
        rows[-1].append((entry, lines))
        used += need
    return rows


def entry_width(entry: Entry, lines: list[str]) -> float:
    """Room for an entry of the key and the gap after it."""
    return HANDLE[entry.kind] + 4 + max(map(text_width, lines)) + GAP


def most_lines(row: list[tuple[Entry, list[str]]]) -> int:
    """Lines of text of the tallest entry."""
    return max(len(lines) for _, lines in row)
