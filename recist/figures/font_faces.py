"""The letters of an svg as fonts inside of it: text stays text and looks the same where the font is missing.

A font goes in only when its licence bits allow it without condition (`fsType` 0 of its OS/2 table: DejaVu,
Liberation and Noto do); of any other the svg has the name alone.  The letters that most figures have are cut
out of the font once in a process; further ones are a second face, for these letters only.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from html import unescape
from typing import Any

USUAL = frozenset(
    [
        *map(chr, range(0x20, 0x7F)),
        *"\N{NO-BREAK SPACE}\N{DEGREE SIGN}\N{PLUS-MINUS SIGN}\N{MIDDLE DOT}\N{MULTIPLICATION SIGN}",
        *"\N{EN DASH}\N{EM DASH}\N{RIGHT SINGLE QUOTATION MARK}\N{HORIZONTAL ELLIPSIS}\N{MINUS SIGN}",
        *"\N{LESS-THAN OR EQUAL TO}\N{GREATER-THAN OR EQUAL TO}",
    ]
)
BOLD = "font-weight: 700"  # as matplotlib writes it
_TEXT = re.compile(r'<text style="([^"]*)"[^>]*>([^<]*)</text>')
_UNUSED = ("FFTM", "GDEF", "GSUB", "MATH", "gasp", "BASE", "VORG", "vhea", "vmtx")  # tables of no use here

FontFile = tuple[str, int]  # path, and number of the font in a collection


def font_faces(svg: str, names: Sequence[str], file_of: Callable[[str, bool], FontFile | None]) -> str:
    """The `@font-face` rules of the fonts that the texts of an svg are set in.

    `names` are the fonts in the order in which a letter is looked for; `file_of` says where the file of one is,
    in bold or not, and None where there is none.
    """
    letters: dict[bool, set[str]] = {}
    for style, text in _TEXT.findall(svg):
        letters.setdefault(BOLD in style, set()).update(unescape(text).replace("\n", ""))
    rules = []
    for bold, left in sorted(letters.items()):
        for name in names:
            if not left:
                break
            file = file_of(name, bold)
            here = (left & _letters_of(file)) if file else set()
            if file and here:
                rules += _faces(name, bold, file, here)
            left -= here
    return "".join(rules)


def _faces(name: str, bold: bool, file: FontFile, letters: set[str]) -> list[str]:
    """The usual letters as one face, where there is any of them, and the further ones as another."""
    if not _may_embed(file):
        return []
    further = "".join(sorted(letters - USUAL))
    found = [_rule(name, bold, file, "".join(sorted(USUAL)), "")] if letters & USUAL else []
    span = ", ".join(f"U+{ord(letter):X}" for letter in further)
    return found + ([_rule(name, bold, file, further, f" unicode-range: {span};")] if further else [])


@lru_cache(maxsize=128)  # rare letters differ from figure to figure
def _rule(name: str, bold: bool, file: FontFile, letters: str, span: str) -> str:
    """One rule with these letters of the font."""
    weight = "bold" if bold else "normal"
    content = base64.b64encode(_cut_out(file, letters)).decode("ascii")
    source = f"url(data:font/woff;base64,{content}) format('woff')"
    return f"@font-face {{font-family: '{name}'; font-weight: {weight};{span} src: {source};}}\n"


def _cut_out(file: FontFile, letters: str) -> bytes:
    """A font that holds these letters only, with their kerning."""
    from fontTools.subset import Options, Subsetter

    options = Options(
        hinting=False, layout_features=["kern"], name_IDs=[1, 2], notdef_outline=True, recalc_timestamp=False
    )
    options.drop_tables = [*options.drop_tables, *_UNUSED]
    font = _open(file)
    cutter = Subsetter(options)
    cutter.populate(text=letters)
    cutter.subset(font)
    font.flavor = "woff"
    stream = io.BytesIO()
    font.save(stream)
    font.close()
    return stream.getvalue()


def _open(file: FontFile) -> Any:
    """The font; its tables are read when they are asked for."""
    from fontTools.ttLib import TTFont

    path, number = file
    return TTFont(path, fontNumber=number, lazy=True, recalcTimestamp=False)


@cache
def _letters_of(file: FontFile) -> frozenset[str]:
    """The letters that a font has."""
    font = _open(file)
    found = frozenset(map(chr, font.getBestCmap() or {}))
    font.close()
    return found


@cache
def _may_embed(file: FontFile) -> bool:
    """Whether the licence bits of the font allow embedding without condition."""
    font = _open(file)
    free = "OS/2" in font and font["OS/2"].fsType == 0
    font.close()
    return bool(free)
