"""How much room text takes, so that nothing in a figure overlaps; and text that any file format can hold."""

from __future__ import annotations

import re
import unicodedata
import warnings
from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from recist.figures.style import TEXT_PT, _fonts

LINE_HEIGHT = 1.25  # of the type size
HINTING = 1.04  # a renderer that fits letters to pixels may set them wider than the outlines are
BOLD = 1.12  # bold letters are wider by up to this
DOUBT_EM = 0.3  # a gap differs by less: bearings of its letters, kerning with the space
STEP = 0.1  # of a line, by which a name is shortened until it fits its lines
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
UNHELD = {"Cc", "Cs", "Cn", "Zl", "Zp"}  # controls, halves of pairs, unassigned, line separators
TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # the direction of what follows
LONGEST = 600  # characters of one text; what is longer is cut before it is measured


@lru_cache(maxsize=8192)
def text_width(text: str, size_pt: float = TEXT_PT) -> float:
    """Width of one line of text in points."""
    properties = FontProperties(family=list(_fonts()), size=size_pt)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        width, _, _ = TextToPath().get_text_width_height_descent(text, properties, ismath=False)
    return HINTING * float(width)


def plain_text(text: object) -> str:
    """One line of text: line breaks, tabs and what an svg may not hold become spaces.

    Examples
    --------
    >>> plain_text("arm A\\n\\x08<b>"), plain_text("$x$")
    ('arm A <b>', '$x$')
    """
    held = (
        " " if unicodedata.category(letter) in UNHELD or letter in TURNS else letter for letter in str(text)
    )
    return re.sub(" +", " ", "".join(held)).strip()


def wrap_text(text: str, width_pt: float, size_pt: float = TEXT_PT) -> list[str]:
    """Lines no wider than `width_pt`: broken between words, and inside a word only where it is too long."""
    lines = [""]
    for word in text.split(" "):
        trial = f"{lines[-1]} {word}".strip(" ")
        if _fits(trial, width_pt, size_pt):
            lines[-1] = trial
            continue
        pieces = _pieces(word, width_pt, size_pt)
        lines = [*lines, *pieces] if lines[-1] else pieces
    return lines


def _fits(line: str, width_pt: float, size_pt: float) -> bool:
    """Whether a line is no wider; measured as a whole, which takes long, only where its words leave a doubt."""
    words = line.split(" ")
    gaps = len(words) - 1
    about = sum(text_width(word, size_pt) for word in words) + gaps * _space(size_pt)
    doubt = DOUBT_EM * size_pt * gaps
    if about + doubt <= width_pt or about - doubt > width_pt:
        return about <= width_pt
    return text_width(line, size_pt) <= width_pt


def _space(size_pt: float) -> float:
    """Width of the space between two words."""
    return text_width("n n", size_pt) - 2 * text_width("n", size_pt)


def clip_text(text: str, width_pt: float, size_pt: float = TEXT_PT, most_lines: int = 3) -> list[str]:
    """As `wrap_text`, but no more than `most_lines`; the last then ends in an ellipsis."""
    lines = wrap_text(text[:LONGEST], width_pt, size_pt)
    if len(lines) <= most_lines and len(text) <= LONGEST:
        return lines
    last = lines[most_lines - 1] if len(lines) >= most_lines else lines[-1]
    while last and text_width(last + ELLIPSIS, size_pt) > width_pt:
        last = last[:-1]
    return [*lines[: most_lines - 1], last + ELLIPSIS]


def shorten_text(text: str, width_pt: float, size_pt: float = TEXT_PT) -> str:
    """One line no wider than `width_pt`: the middle gives way, since names differ at their ends."""
    if len(text) <= LONGEST and text_width(text, size_pt) <= width_pt:
        return text
    short, longer = 0, min(len(text), LONGEST)  # characters kept
    while short < longer:
        middle = (short + longer + 1) // 2
        if text_width(_without_middle(text, middle), size_pt) <= width_pt:
            short = middle
        else:
            longer = middle - 1
    return _without_middle(text, short)


def name_lines(name: object, width_pt: float, most_lines: int = 3, size_pt: float = TEXT_PT) -> list[str]:
    """A name as lines; one too long for them loses its middle, since names differ at their ends."""
    text = plain_text(name)
    lines, room = wrap_text(text, width_pt, size_pt), most_lines * width_pt
    while len(lines) > most_lines and room >= width_pt:  # words that are not broken leave lines half empty
        lines = wrap_text(shorten_text(text, room, size_pt), width_pt, size_pt)
        room -= STEP * width_pt
    return clip_text(" ".join(lines), width_pt, size_pt, most_lines) if len(lines) > most_lines else lines


def _without_middle(text: str, kept: int) -> str:
    """The two ends of a text with an ellipsis between."""
    tail = kept // 2
    return text[: kept - tail] + ELLIPSIS + (text[-tail:] if tail else "")


def _pieces(word: str, width_pt: float, size_pt: float) -> list[str]:
    """A word as pieces that fit, at least one character each."""
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size_pt) > width_pt:
            pieces.append("")
        pieces[-1] += character
    return pieces
