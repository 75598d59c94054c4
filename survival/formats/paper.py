"""How a grid goes on paper: upright or across, size of type, widths of columns, columns on further pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from survival.formats.align import BOLD, text_width
from survival.formats.grid import Column, Grid

TWIPS_PER_PT = 20
GAP = 70  # twips left and right of the text of a cell


@dataclass(frozen=True)
class Paper:
    """A sheet, upright; twips are twentieths of a point."""

    name: str
    width: int
    height: int
    margin: int = 1080  # 19 mm: room for binding and punching


LETTER = Paper("letter", 12240, 15840)
A4 = Paper("A4", 11906, 16838)


@dataclass(frozen=True)
class Panel:
    """Columns that stand side by side, with their widths in twips."""

    columns: tuple[int, ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Layout:
    """A grid on paper.  `texts` are its cells with the numbers aligned, one tuple per row."""

    landscape: bool
    size: int  # of the type, points
    panels: tuple[Panel, ...]
    texts: tuple[tuple[str, ...], ...]
    natural: tuple[int, ...]  # twips that the widest text of each column takes on one line

    def width(self, paper: Paper) -> int:
        """Twips between the margins."""
        return (paper.height if self.landscape else paper.width) - 2 * paper.margin


@dataclass(frozen=True)
class Demand:
    """What a column asks for, in em."""

    least: float  # no word broken, unless it is very long
    wish: float  # everything on one line, unless it is very long


BETWEEN = 0.8  # em between columns of numbers
SHORTEST_LINE = 6.0  # em that a text gets at least, unless it is shorter
SENTENCE = 10.0  # em that a column gets in which a text is as long as the longest line
LONGEST_WORD, LONGEST_LINE = 11.0, 30.0  # em; beyond, words and lines are broken
_DATED = re.compile(r"\d{4}-\d\d-\d\d \(-?\d+\)")
SIZES = (9, 8)  # points: the first that fits is taken


def layout(grid: Grid, paper: Paper) -> Layout:
    """Upright where no line breaks; else across, in the largest type that fits, on panels if none does."""
    texts = grid.aligned
    demands = [_demand(grid, place, texts) for place in range(len(grid.columns))]
    demands = _alike(demands, grid.columns)
    upright = Layout(False, SIZES[0], (), texts, ())
    if sum(_twips(one.wish, SIZES[0]) for one in demands) <= upright.width(paper):
        fitted = upright
    else:
        for size in SIZES:
            fitted = Layout(True, size, (), texts, ())
            if sum(_twips(one.least, size) for one in demands) <= fitted.width(paper):
                break
    panels = _panels(demands, fitted, paper, grid.stub)
    natural = tuple(round(_longest(grid, n, texts) * fitted.size * TWIPS_PER_PT) for n in range(len(demands)))
    return replace(fitted, panels=tuple(panels), natural=natural)


def _longest(grid: Grid, place: int, texts: Sequence[tuple[str, ...]]) -> float:
    """Width of the widest cell of a column in em, its indentation included."""
    indents = [row.indent if place == 0 else 0 for row in grid.rows]
    unique = {(cells[place], indent) for cells, indent in zip(texts, indents, strict=True)}
    return max((text_width(text) + indent for text, indent in unique), default=0.0)


def _demand(grid: Grid, place: int, texts: Sequence[tuple[str, ...]]) -> Demand:
    """Least and wished width of one column in em."""
    head = grid.columns[place].head
    words = {word for text in {cells[place] for cells in texts} | {head} for word in _whole(text)}
    word = max(map(text_width, words), default=0.0) * BOLD
    line = max(_longest(grid, place, texts) * (BOLD if place == 0 else 1.0), text_width(head) * BOLD)
    if grid.columns[place].numbers:  # numbers are not broken, their headings are
        cells = min(_longest(grid, place, texts), LONGEST_LINE) + BETWEEN
        least = max(cells, min(word, LONGEST_WORD))
        return Demand(least, max(least, min(line, cells * 1.5)))
    shortest = LONGEST_WORD if place == 0 else SENTENCE if line >= LONGEST_LINE else SHORTEST_LINE
    least = max(min(word, LONGEST_WORD), min(line, max(shortest, grid.columns[place].room)))
    return Demand(least, min(max(line, least), LONGEST_LINE))


def _whole(text: str) -> list[str]:
    """What is not broken: words, and a date with its day."""
    return [text] if _DATED.fullmatch(text) else text.split()


def _alike(demands: list[Demand], columns: tuple[Column, ...]) -> list[Demand]:
    """The same width for all columns of a table of numbers; a listing's differ."""
    if not all(column.numbers for column in columns[1:]) or len(columns) < 2:
        return demands
    least = max(one.least for one in demands[1:])
    wish = max(one.wish for one in demands[1:])
    return [demands[0], *[Demand(least, wish)] * (len(demands) - 1)]


def _twips(em: float, size: int) -> int:
    """Width of a column in twips, the gaps at its sides included."""
    return round(em * size * TWIPS_PER_PT) + 2 * GAP + 10


def _panels(demands: list[Demand], fitted: Layout, paper: Paper, stub: int) -> list[Panel]:
    """Panels that fit side by side; every further one repeats the columns that name the row."""
    room = fitted.width(paper)
    least = [_twips(one.least, fitted.size) for one in demands]
    panels: list[list[int]] = [[]]
    used = sum(least[:stub])
    for place in range(stub, len(demands)):
        if used + least[place] > room and panels[-1]:
            panels.append([])
            used = sum(least[:stub])
        panels[-1].append(place)
        used += least[place]
    if len(panels) > 1 and len(set(least[stub:])) == 1:  # columns alike: as many on each
        panels = _even(range(stub, len(demands)), len(panels))
    return [_panel((*range(stub), *part), demands, fitted, room) for part in panels]


def _even(places: range, parts: int) -> list[list[int]]:
    """Places dealt to parts whose sizes differ by one at most."""
    edges = [round(n * len(places) / parts) for n in range(parts + 1)]
    return [list(places[a:b]) for a, b in pairwise(edges)]


def _panel(places: tuple[int, ...], demands: list[Demand], fitted: Layout, room: int) -> Panel:
    """The columns with the room left over shared by what each would like more."""
    least = [_twips(demands[place].least, fitted.size) for place in places]
    wish = [_twips(demands[place].wish, fitted.size) for place in places]
    more = [b - a for a, b in zip(least, wish, strict=True)]
    given = _shared(more, room - sum(least))
    return Panel(places, tuple(min(a + b, room) for a, b in zip(least, given, strict=True)))


def _shared(wanted: list[int], left: int) -> list[int]:
    """What each gets of what is left: all alike, and nobody more than wanted.

    Examples
    --------
    >>> _shared([10, 300, 200], 250)
    [10, 120, 120]
    """
    given = [0] * len(wanted)
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    for done, place in enumerate(order):
        given[place] = max(0, min(wanted[place], left // (len(order) - done)))
        left -= given[place]
    return given
