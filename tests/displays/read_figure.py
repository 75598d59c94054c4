"""Reader of the words of a figure, from its svg file: what is written where, by no code of the writers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

_PLACE = re.compile(r'\bx="(-?[\d.]+)" y="(-?[\d.]+)"')
_SIZE = re.compile(r"font-size: ([\d.]+)px")
_TURNED = re.compile(r"rotate\((-?[\d.]+)")
NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Word:
    """A text of a figure, in points from the upper left corner."""

    text: str
    x: float
    y: float
    size: float


def words_of(svg: str) -> list[Word]:
    """Every text that stands upright."""
    found = []
    for hit in re.finditer(r"<text\b([^>]*)>([^<]*)</text>", svg):
        place, size, turned = (rule.search(hit[1]) for rule in (_PLACE, _SIZE, _TURNED))
        if place and size and (turned is None or abs(float(turned[1])) < 1):
            text = unescape(hit[2]).replace(NBSP, " ")
            found.append(Word(text, float(place[1]), float(place[2]), float(size[1])))
    assert found, "the figure has no words"
    return found


def lines_of(svg: str) -> list[list[str]]:
    """The texts of each line from left to right, lines from the top."""
    lines: list[list[Word]] = []
    for word in sorted(words_of(svg), key=lambda word: word.y):
        if lines and word.y - lines[-1][0].y < 1.5:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [[word.text for word in sorted(line, key=lambda word: word.x)] for line in lines]


def prose_of(svg: str) -> str:
    """All words, from the top."""
    return " ".join(" ".join(line) for line in lines_of(svg))


def description_of(svg: str) -> str:
    """The figure in words, for those who cannot see it."""
    hit = re.search(r"<dc:description>([^<]*)</dc:description>", svg)
    assert hit is not None
    return unescape(hit[1])
