"""A frame of texts as csv (RFC 4180) that a spreadsheet shows and does not run.

A field that begins with one of `FORMULA` is taken for a formula by Excel, LibreOffice and Google Sheets
(CWE-1236; OWASP, CSV Injection).
"""

from __future__ import annotations

import re

import pandas as pd

FORMULA = "=+-@\t\r\n\0＝＋－＠"
_NUMBER = r"(?:[<>]?[+-]?\d+(?:\.\d+)?%?|NE|infinite)"
# what `survival.results.cell` writes: a number, with another or two in brackets, or a range
_HARMLESS = re.compile(rf"{_NUMBER}(?: \({_NUMBER}(?:, {_NUMBER})?\)|\+? to {_NUMBER}\+?)?\s*")
_GUARDED = re.compile(rf"'+[{re.escape(FORMULA)}]")
_GUARDS = f"{FORMULA}'"  # a text that begins with none of them, is not changed
_DIVIDES = re.compile('[",\r\n]')


def guarded(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet would run it; a number stays as it is.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-3.2"), guarded("-3.2% (-10.1, 4.2)"), guarded("-1+cmd()"), guarded("'=1")
    ("'=1+1", '-3.2', '-3.2% (-10.1, 4.2)', "'-1+cmd()", "''=1")
    """
    runs = text[:1] in FORMULA and text != "" and not _HARMLESS.fullmatch(text)
    return f"'{text}" if runs or _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given.

    Examples
    --------
    >>> unguarded("'=1+1"), unguarded("-3.2"), unguarded("''=1"), unguarded("'n'")
    ('=1+1', '-3.2', "'=1", "'n'")
    """
    return text[1:] if _GUARDED.match(text) else text


def csv_text(frame: pd.DataFrame) -> str:
    """Headings and rows, every text guarded, lines ended by \\n.

    Examples
    --------
    >>> csv_text(pd.DataFrame({"a": ["x, y", "=1"], "b": ["", "-3.2"]})).splitlines()
    ['a,b', '"x, y",', "'=1,-3.2"]
    """
    columns = [frame.iloc[:, n].tolist() for n in range(frame.shape[1])]
    rows = [[str(name) for name in frame.columns], *zip(*columns, strict=True)]
    return "".join(f"{','.join(map(_field, row)) or chr(34) * 2}\n" for row in rows)


def _field(text: str) -> str:
    """A guarded field, in quotes where it has a character that divides fields or lines (RFC 4180, 2.6)."""
    text = guarded(text) if text[:1] in _GUARDS else text
    return '"' + text.replace('"', '""') + '"' if _DIVIDES.search(text) else text
