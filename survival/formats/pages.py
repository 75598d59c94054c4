"""Which rows stand on which page, counted in lines of Helvetica and its kin.

LibreOffice does not repeat the heading row of an RTF table (it reads past trhdr; seen in 7.4), so each page
gets its own.  Word does, which mends a page whose text came out longer than counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from survival.formats.align import BOLD, text_width
from survival.formats.grid import Grid
from survival.formats.paper import GAP, TWIPS_PER_PT, Layout, Panel, Paper

TITLE_PT, NOTE_PT, PAGE_PT = 10, 8, 8
EDGE = 540  # twips from the edge of the paper to the page header and from the page footer
LINE_EM = 1.15  # from line to line; Arial and Liberation Sans 1.149
TALL_EM = 1.5  # of the fonts that step in for Chinese, Japanese, Korean and emoji
ABOVE = 20  # twips above and below the text of a cell, so that no line touches it
MOST_NOTES = 0.3  # of the height of the paper
FULL_ENOUGH = 0.6  # of the room of a page: with less on it, rows that belong together go on over the page
SLACK = 0.98  # of the height is used, of a cell's width too: programs differ in rounding


@dataclass(frozen=True)
class Page:
    """One page: its columns and the first and the past-last of its rows."""

    panel: Panel
    start: int
    end: int


def pages(grid: Grid, shape: Layout, paper: Paper) -> list[Page]:
    """Pages in order: all rows of the first columns, then all rows of the next."""
    room = body_height(grid, shape, paper)
    found = []
    for panel in shape.panels:
        heads = max(
            _height(grid.columns[place].head, width, shape.size, BOLD)
            for place, width in zip(panel.columns, panel.widths, strict=True)
        )
        heads += 2 * ABOVE
        heights = _row_heights(grid, shape, panel)
        found += [Page(panel, *part) for part in _parts(grid, heights, room - heads)]
    return found


def body_height(grid: Grid, shape: Layout, paper: Paper) -> float:
    """Twips between page header and page footer."""
    width = shape.width(paper)
    titles = [text for text in (grid.number, grid.title, grid.population) if text]
    above = sum(_height(text, width, TITLE_PT, BOLD) for text in titles) + _line(PAGE_PT) * 1.5
    below = (_notes(grid, width) if notes_in_footer(grid, shape, paper) else 0.0) + _line(PAGE_PT) * 0.5
    height = paper.width if shape.landscape else paper.height
    used = max(paper.margin, EDGE + above) + max(paper.margin, EDGE + below)
    return SLACK * (height - used) - 2 * TWIPS_PER_PT


def notes_in_footer(grid: Grid, shape: Layout, paper: Paper) -> bool:
    """Whether the notes leave room for the table on every page; if not they stand below its end."""
    height = paper.width if shape.landscape else paper.height
    return _notes(grid, shape.width(paper)) <= MOST_NOTES * height


def _notes(grid: Grid, width: int) -> float:
    return sum(_height(note, width, NOTE_PT, 1.0) for note in grid.notes)


def _parts(grid: Grid, heights: list[float], room: float) -> Iterator[tuple[int, int]]:
    """Rows from and to of each page; rows kept together move together where the page before is full enough."""
    start, used = 0, 0.0
    for first, end in _blocks(grid):
        block = sum(heights[first:end])
        if used >= FULL_ENOUGH * room and used + block > room and block <= room:
            yield start, first
            start, used = first, 0.0
        for row in range(first, end):
            pair = heights[row] + (heights[row + 1] if row == first and end - first > 1 else 0.0)
            last = (
                row == end - 2 and used + heights[row] + heights[row + 1] > room
            )  # not one row alone overleaf
            if used and (used + pair > room or (last and row > first + 1)):
                yield start, row
                start, used = row, 0.0
            used += heights[row]
    yield start, len(heights)


def _blocks(grid: Grid) -> Iterator[tuple[int, int]]:
    """Runs of rows in which each but the last is kept with the next."""
    first = 0
    for n, row in enumerate(grid.rows):
        if not row.kept:
            yield first, n + 1
            first = n + 1
    if first < len(grid.rows):
        yield first, len(grid.rows)


def _row_heights(grid: Grid, shape: Layout, panel: Panel) -> list[float]:
    """Twips that each row takes."""
    step = shape.size * TWIPS_PER_PT
    heights = []
    for row, texts in zip(grid.rows, shape.texts, strict=True):
        inset = (row.indent + 1) * step if row.indent else 0
        cells = [
            _height(texts[place], width - (0 if place else inset), shape.size, BOLD if row.heading else 1.0)
            for place, width in zip(panel.columns, panel.widths, strict=True)
        ]
        heights.append(max(cells) + 2 * ABOVE)
    return heights


@lru_cache(maxsize=65536)
def _height(text: str, width: int, size: int, weight: float) -> float:
    """Twips that a text takes in a cell or paragraph of this width."""
    room = SLACK * (width - 2 * GAP) / (size * TWIPS_PER_PT * weight)
    lines = sum(_lines(line, max(room, 1.0)) for line in text.split("\n"))
    tall = not text.isascii() and max(map(ord, text)) >= 0x2E80
    return lines * size * TWIPS_PER_PT * (TALL_EM if tall else LINE_EM)


def _lines(text: str, room: float) -> int:
    """Lines that a text is broken into, between words and inside a word that is too long."""
    if text_width(text) <= room:
        return 1
    count, used, space = 1, 0.0, text_width(" ")
    for word in text.expandtabs().split(" "):
        width = text_width(word)
        if used and used + space + width > room:
            count, used = count + 1, 0.0
        elif used:
            used += space
        if width > room:
            count += math.ceil(width / room) - 1
            width %= room
        used += width
    return count


def _line(size: int) -> float:
    return LINE_EM * size * TWIPS_PER_PT
