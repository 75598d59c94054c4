"""How much room text takes, so that nothing in a figure overlaps."""

from __future__ import annotations

from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from recist.figures.style import TEXT_PT, _fonts

LINE_HEIGHT = 1.25  # of the type size
HINTING = 1.04  # a renderer that fits letters to pixels may set them wider than the outlines are


@lru_cache(maxsize=4096)
def text_width(text: str, size_pt: float = TEXT_PT) -> float:
    """Width of one line of text in points."""
    properties = FontProperties(family=list(_fonts()), size=size_pt)
    width, _, _ = TextToPath().get_text_width_height_descent(text, properties, ismath=False)
    return HINTING * float(width)


def wrap_text(text: str, width_pt: float, size_pt: float = TEXT_PT) -> list[str]:
    """Lines no wider than `width_pt`: broken between words, and inside a word only where it is too long."""
    lines = [""]
    for word in text.split(" "):
        trial = f"{lines[-1]} {word}".strip(" ")
        if text_width(trial, size_pt) <= width_pt:
            lines[-1] = trial
            continue
        pieces = _pieces(word, width_pt, size_pt)
        lines = [*lines, *pieces] if lines[-1] else pieces
    return lines


def _pieces(word: str, width_pt: float, size_pt: float) -> list[str]:
    """A word as pieces that fit, at least one character each."""
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size_pt) > width_pt:
            pieces.append("")
        pieces[-1] += character
    return pieces
