"""Numbers of a column below each other, in any type whose space is half as wide as a digit.

So it is in Helvetica, Arial, Liberation Sans and Times (Adobe, Core 14 font metrics: digit 556 or 500,
space 278 or 250).  A decimal tab would not do: programs differ in where "6 (7.0%)" has its decimal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

PAD = "\N{NO-BREAK SPACE}" * 2  # as wide as a digit
BOLD = 1.12  # bold letters are up to that much wider
_NUMBER = re.compile(r"(?<![\w.])(?:(-?\d+)(?:\.\d+)?|(NE)\b)")  # the whole part is what is aligned
_HELVETICA = (  # Adobe, Helvetica.afm: widths of the characters 32 to 126, thousandths of the size
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 "
    "278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 "
    "611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 "
    "556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
)


class _Widths(dict[str, int]):
    """Widths of characters; of those that Helvetica lacks, by their kind."""

    def __missing__(self, character: str) -> int:
        if unicodedata.east_asian_width(character) in "WF":
            return 1000
        return 0 if unicodedata.combining(character) else 650


_WIDTH = _Widths({chr(32 + n): int(width) for n, width in enumerate(_HELVETICA.split())})
_WIDTH["\N{NO-BREAK SPACE}"] = _WIDTH[" "]
_width = _WIDTH.__getitem__


def aligned(texts: Sequence[str]) -> list[str]:
    """The texts with spaces put in so that the numbers of a column stand below each other.

    Examples
    --------
    >>> [text.replace(PAD, "_") for text in aligned(["6 (7.0%)", "12 (14.0%)", "(5.3, 85.3)", "NE", ""])]
    ['_6 (_7.0%)', '12 (14.0%)', '(5.3, 85.3)', 'NE', '']
    """
    found = [list(_numbers(text)) for text in texts]
    lead = max((numbers[0][1] for numbers in found if numbers), default=0)
    inner: dict[tuple[str, int], int] = {}
    shapes = [_shape(text) for text in texts]
    for shape, numbers in zip(shapes, found, strict=True):
        for place, (start, end) in enumerate(numbers[1:], 1):
            inner[shape, place] = max(inner.get((shape, place), 0), end - start)
    result = []
    for text, shape, numbers in zip(texts, shapes, found, strict=True):
        for place, (start, end) in reversed(list(enumerate(numbers))):
            missing = lead - end if place == 0 else inner[shape, place] - (end - start)
            at = 0 if place == 0 else start
            text = text[:at] + PAD * missing + text[at:]
        result.append(text)
    return result


def _numbers(text: str) -> list[tuple[int, int]]:
    """Where the whole parts of the numbers begin and end."""
    return [hit.span(hit.lastindex or 0) for hit in _NUMBER.finditer(text)]


def _shape(text: str) -> str:
    """The text without its numbers, with the decimals of the first and whether one is negative.

    Texts of one shape are aligned in all their numbers; so limits of a ratio do not move those of a time.
    """
    first = re.search(r"\d+(\.\d+)?", text)
    decimals = len(first.group(1) or "") if first else 0
    return f"{decimals}{'-' if '-' in text else '+'} {_NUMBER.sub('#', text)}"


@lru_cache(maxsize=16384)  # the same words stand in every format of a table, and in many tables
def text_width(text: str) -> float:
    """Width of the widest line in em, for Helvetica and what is made to its measure."""
    return max(sum(map(_width, line)) for line in text.split("\n")) / 1000
