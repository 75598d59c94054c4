"""A grid as Rich Text Format, version 1.9.1 (Microsoft 2008), whose control words stand in backslashes here.

Titles are in the page header and notes in the page footer, so they are on every page.  Every page has its
heading row, which is also marked to be repeated (trhdr) where the text should need more than a page; a row is
not broken (trkeep) and a block is kept together (keepn).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from survival.formats.grid import DATE, Grid, Row
from survival.formats.pages import ABOVE, EDGE, NOTE_PT, PAGE_PT, TITLE_PT, Page, notes_in_footer, pages
from survival.formats.paper import GAP, LETTER, TWIPS_PER_PT, Layout, Panel, Paper, layout

_SPECIAL = re.compile(r"[^ -\[\]-z|~]")  # all but printable ASCII without \ { }
_WORDS = {"\\": "\\\\", "{": "\\{", "}": "\\}", "\n": "\\line ", "\t": "\\tab ", "\N{NO-BREAK SPACE}": "\\~"}
_SPACE = f"\\sb{ABOVE}\\sa{ABOVE}"
_LINE = "\\brdrs\\brdrw10"
_END = "\\pard\\plain\\fs2\\sl-20\\slmult0"  # a paragraph that takes no room: a table cannot be the last


def rtf_text(text: str) -> str:
    """Text as RTF that shows it, whatever it holds.

    Examples
    --------
    >>> print(rtf_text("{\\\\b} α"))
    \\{\\\\b\\} \\u945?
    """
    return _SPECIAL.sub(_escaped, text)


def _escaped(hit: re.Match[str]) -> str:
    """One character as a control word; beyond 16 bits as two halves (UTF-16), each signed."""
    character = hit.group()
    if character in _WORDS:
        return _WORDS[character]
    units = character.encode("utf-16-le")
    halves = [int.from_bytes(units[n : n + 2], "little", signed=True) for n in range(0, len(units), 2)]
    return "".join(f"\\u{half}?" for half in halves)


def _shown(text: str) -> str:
    """Text as RTF in which no date is broken at a hyphen."""
    return DATE.sub(lambda hit: hit.group().replace("-", "\\_"), rtf_text(text))


def rtf(grid: Grid, paper: Paper = LETTER) -> str:
    """The whole file as text in ASCII; the same grid gives the same text."""
    shape = layout(grid, paper)
    tables = [_table(grid, shape, page) for page in pages(grid, shape, paper)]
    return _document(grid, shape, paper, f"\n{_END}\\page\\par\n".join(tables))


def picture_rtf(words: Grid, picture: str, landscape: bool, paper: Paper) -> str:
    """A page with a picture, itself in RTF, in the middle; a grid without rows has the words around it."""
    shape = Layout(landscape, TITLE_PT, (), (), ())
    return _document(words, shape, paper, f"\\pard\\plain\\qc\\f0\\fs2 {picture}\\par")


def _document(grid: Grid, shape: Layout, paper: Paper, body: str) -> str:
    """Page, header, footer and body."""
    width, height = (paper.height, paper.width) if shape.landscape else (paper.width, paper.height)
    across = "\\landscape\\lndscpsxn" if shape.landscape else ""
    margins = "".join(f"\\marg{side}{paper.margin}" for side in "lrtb")
    space, footer = f"\\pard\\plain\\f0\\fs{PAGE_PT}\\par", notes_in_footer(grid, shape, paper)
    notes = "\n".join([space, *(f"\\pard\\plain\\f0\\fs{2 * NOTE_PT} {_shown(n)}\\par" for n in grid.notes)])
    return "\n".join(
        [
            "{\\rtf1\\ansi\\ansicpg1252\\uc1\\deff0\\deflang1033",
            "{\\fonttbl{\\f0\\fswiss\\fcharset0\\fprq2 Arial;}}",
            f"{{\\info{{\\title {rtf_text(grid.heading)}}}}}",
            f"\\paperw{width}\\paperh{height}{across}{margins}\\headery{EDGE}\\footery{EDGE}\\widowctrl",
            _header(grid, shape.width(paper)),
            "{\\footer\n" + (notes if footer else space) + "\n}",
            body,
            f"{_END}\\par}}" if footer else f"{space}\n{notes}}}",
        ]
    )


def _header(grid: Grid, width: int) -> str:
    """Page x of y at the right; number, title and population in the middle."""
    number = "{\\field{\\*\\fldinst PAGE}{\\fldrslt 1}} of {\\field{\\*\\fldinst NUMPAGES}{\\fldrslt 1}}"
    lines = [f"\\pard\\plain\\f0\\fs{2 * PAGE_PT}\\tqr\\tx{width}\\tab Page {number}\\par"]
    for text, bold in ((grid.number, "\\b"), (grid.title, "\\b"), (grid.population, "")):
        if text:
            lines.append(f"\\pard\\plain\\qc\\f0\\fs{2 * TITLE_PT}{bold} {_shown(text)}\\par")
    lines.append(f"\\pard\\plain\\f0\\fs{PAGE_PT}\\par")
    return "{\\header\n" + "\n".join(lines) + "\n}"


def _table(grid: Grid, shape: Layout, page: Page) -> str:
    """The heading row and the rows of one page."""
    panel = page.panel
    edges = [sum(panel.widths[: n + 1]) for n in range(len(panel.widths))]
    start = f"\\trowd\\trqc\\trgaph{GAP}\\trleft0\\trkeep"
    head = (
        start + "\\trhdr" + "".join(f"\\clbrdrt{_LINE}\\clbrdrb{_LINE}\\clvertalb\\cellx{x}" for x in edges)
    )
    plain = start + "".join(f"\\clvertalt\\cellx{x}" for x in edges)
    last = start + "".join(f"\\clbrdrb{_LINE}\\clvertalt\\cellx{x}" for x in edges)
    lines = [head + _heads(grid, shape, panel) + "\\row"]
    for n in range(page.start, page.end):
        row, final = grid.rows[n], n == page.end - 1
        row = replace(row, kept=False) if final and row.kept else row
        cells = "".join(_cells(grid, row, shape.texts[n], shape, panel))
        lines.append(f"{last if final else plain}{cells}\\row")
    return "\n".join(lines)


def _heads(grid: Grid, shape: Layout, panel: Panel) -> str:
    """The headings: the first at the left, numbers in the middle."""
    cells = []
    for place in panel.columns:
        column = grid.columns[place]
        side = "\\qc" if column.numbers else "\\ql"
        cells.append(
            f"\\pard\\plain\\intbl{_SPACE}{side}\\keepn\\f0\\fs{2 * shape.size}\\b {_shown(column.head)}\\cell"
        )
    return "".join(cells)


def _cells(grid: Grid, row: Row, texts: tuple[str, ...], shape: Layout, panel: Panel) -> Iterator[str]:
    """The cells of a row."""
    keep = "\\keepn" if row.kept else ""
    bold = "\\b" if row.heading else ""
    step = shape.size * TWIPS_PER_PT
    for place, width in zip(panel.columns, panel.widths, strict=True):
        if place == 0:
            side = f"\\ql\\li{(row.indent + 1) * step}\\fi-{step}" if row.indent else "\\ql"
            style = f"{side}{keep}\\f0\\fs{2 * shape.size}{bold}"
        else:
            style = f"{_side(grid, place, width, shape)}{keep}\\f0\\fs{2 * shape.size}"
        text = _shown(texts[place])
        if row.link and place == len(texts) - 1:
            text = f'{{\\field{{\\*\\fldinst HYPERLINK "{rtf_text(row.link)}"}}{{\\fldrslt {text}}}}}'
        yield f"\\pard\\plain\\intbl{_SPACE}{style} {text}\\cell"


def _side(grid: Grid, place: int, width: int, shape: Layout) -> str:
    """Text at the left; numbers as a block in the middle, each beginning at the same place."""
    if not grid.columns[place].numbers:
        return "\\ql"
    room = width - 2 * GAP - shape.natural[place]
    return f"\\ql\\li{room // 2}" if room >= 0 else "\\qc"
