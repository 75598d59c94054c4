"""A table or listing as a grid of texts: all that a file format needs to know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from survival.formats.align import aligned

KEPT_BLOCK = 12  # rows: a longer block is broken over pages, two rows at least on either side
_CONTROL = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {127: 0x2421}
_TURNS = (
    0x61C,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)  # the direction of what follows
_UNPRINTABLE = _CONTROL | dict.fromkeys((*range(0x80, 0xA0), 0xFFFE, 0xFFFF, *_TURNS), 0xFFFD)
DATE = re.compile(r"(?<!\d)\d{4}-\d\d(?:-\d\d)?(?!\d)")  # paper does not break it at a hyphen
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Column:
    """A heading (its lines divided by \\n), whether numbers stand below it, aligned at the decimal, and the em it needs."""

    head: str
    numbers: bool = False
    room: float = 0.0


@dataclass(frozen=True)
class Row:
    """The texts of a row, how far its first is indented, and whether the next row stays on its page."""

    cells: tuple[str, ...]
    indent: int = 0
    heading: bool = False  # in bold
    kept: bool = False
    link: str = ""  # where the last cell leads, when it leads somewhere


@dataclass(frozen=True)
class Grid:
    """Words above, rows, notes below; the first `stub` columns name the row, on every panel of a wide one."""

    id: str
    number: str
    title: str
    population: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    stub: int = 1

    @property
    def heading(self) -> str:
        """Number and title as one line."""
        return f"{self.number}  {self.title}".strip()

    @cached_property
    def aligned(self) -> tuple[tuple[str, ...], ...]:
        """The cells of every row, those of number columns aligned."""
        if not self.rows:
            return ()
        columns = zip(*(row.cells for row in self.rows), strict=True)
        parts = [
            aligned(part) if column.numbers else part
            for part, column in zip(columns, self.columns, strict=True)
        ]
        return tuple(zip(*parts, strict=True))


def printable(text: str) -> str:
    """Text that every format can hold: a control character becomes its picture, line ends become \\n.

    What would turn the direction of the text after it, cells of others included, is replaced too.

    Examples
    --------
    >>> printable("a\\r\\nb\\x07")
    'a\\nb␇'
    """
    if text.isprintable():
        return text
    return _SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").translate(_UNPRINTABLE))


def keep_blocks(starts: Sequence[bool]) -> list[bool]:
    """Whether each row is kept with the next, given which rows begin a block.

    A block of up to `KEPT_BLOCK` rows stays whole; of a longer one the first two rows and the last two.

    Examples
    --------
    >>> keep_blocks([True, False, False, True])
    [True, True, False, False]
    """
    kept: list[bool] = []
    edges = [n for n, start in enumerate(starts) if start or n == 0] + [len(starts)]
    for first, end in pairwise(edges):
        size = end - first
        kept += [n < size - 1 and (size <= KEPT_BLOCK or n in (0, size - 2)) for n in range(size)]
    return kept
