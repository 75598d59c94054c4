"""Readers of the files that displays are written to; they share no code with the writers but the apostrophes of csv."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from survival.formats.spreadsheet import unguarded

PAIR = "\N{NO-BREAK SPACE}" * 2  # what aligns numbers


@dataclass
class ReadBack:
    """What a file shows: words above and below, the headings of each page or panel, rows of cells."""

    titles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    heads: list[list[str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    under: list[int] = field(default_factory=list)  # for each row the place of its headings in `heads`
    pages: int = 1

    def columns(self) -> dict[str, list[str]]:
        """Heading -> its cells from top to bottom, put together again from the pages and panels."""
        found: dict[str, list[str]] = {}
        shown: list[list[str]] = []
        for place, row in zip(self.under, self.rows, strict=True):
            head = self.heads[place]
            new = [heading for heading in head if not any(heading in other for other in shown)]
            if head not in shown:
                shown.append(head)
                found |= {heading: [] for heading in new}
            panel = next(n for n, other in enumerate(shown) if other == head)
            for heading, cell in zip(head, row, strict=True):
                if not any(heading in other for other in shown[:panel]):
                    found[heading].append(cell)
        return found


def plain(text: str) -> str:
    """A cell without the spaces that align its numbers."""
    return text.replace(PAIR, "")


# ---------------------------------------------------------------- html


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found, self.cell, self.row, self.part, self.tags = ReadBack(), None, [], "", set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag in ("thead", "tbody", "tfoot", "caption"):
            self.part = tag
        if tag in ("td", "th", "caption"):
            self.cell = ""
        if tag == "br" and self.cell is not None:
            self.cell += "\n"
        if tag == "tr":
            self.row = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.cell is not None:
            self.row.append(self.cell)
            self.cell = None
        elif tag == "b" and self.part == "caption":
            self.found.titles.append(self.cell or "")
            self.cell = ""
        elif tag == "caption":
            self.found.titles.append(self.cell or "")
            self.cell = None
        elif tag == "tr":
            if self.part == "thead":
                self.found.heads.append(self.row)
            elif self.part == "tbody":
                self.found.rows.append([plain(text) for text in self.row])
                self.found.under.append(len(self.found.heads) - 1)
            else:
                self.found.notes += self.row

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell += data


def read_html(text: str) -> ReadBack:
    """The table of a fragment or page; fails if data became tags."""
    reader = _Html()
    reader.feed(text)
    known = {"html", "head", "meta", "title", "style", "body", "div", "table", "caption", "b", "thead"}
    assert reader.tags <= known | {"tbody", "tfoot", "tr", "th", "td", "span", "br", "a", "p"}, reader.tags
    return reader.found


# ---------------------------------------------------------------- rtf

_TOKEN = re.compile(
    r"\\(?P<word>[a-z]+)(?P<number>-?\d+)? ?|\\(?P<sign>[^a-z])|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)"
)
_SILENT = ("fonttbl", "info", "fldinst", "colortbl", "stylesheet")


def read_rtf(text: str) -> ReadBack:
    """The cells, titles and notes of an RTF file by the words of the specification."""
    assert text.isascii() and text.startswith("{\\rtf1") and text.endswith("}")
    found, stack, silent, place = ReadBack(), [], False, "body"
    units: list[int] = []
    row: list[str] = []
    heading, skip = False, 0

    def taken() -> str:
        text = b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le")
        units.clear()
        return text

    for hit in _TOKEN.finditer(text):
        word, number = hit["word"], hit["number"]
        if hit["brace"] == "{":
            stack.append((silent, place))
        elif hit["brace"]:
            silent, place = stack.pop()
        elif word in _SILENT:
            silent = True
        elif word in ("header", "footer"):
            place = word
        elif word == "trowd":
            row, heading = [], False
            units.clear()
        elif word == "trhdr":
            heading = True
        elif word == "cell":
            row.append(taken())
        elif word == "row":
            (found.heads if heading else found.rows).append([plain(cell) for cell in row])
            if not heading:
                found.under.append(len(found.heads) - 1)
        elif word == "page":
            found.pages += 1
        elif word == "par":
            said = taken()
            if place != "body":
                (found.titles if place == "header" else found.notes).append(said)
        elif word == "u" and not silent:
            units.append(int(number) % 65536)
            skip = 1
        elif word in ("line", "tab") and not silent:
            units.append({"line": 10, "tab": 9}[word])
        elif hit["sign"] in ("\\", "{", "}", "~") and not silent:
            units.append(0xA0 if hit["sign"] == "~" else ord(hit["sign"]))
        elif hit["sign"] == "_" and not silent:  # a hyphen at which no line is broken
            units.append(ord("-"))
        elif hit["text"] and not silent:
            units += map(ord, hit["text"][skip:])
            skip = 0
    assert not stack, "braces do not match"
    return found


# ---------------------------------------------------------------- docx, csv


def read_docx(content: bytes) -> ReadBack:
    """The tables of a docx, its page header and footer."""
    from docx import Document

    document = Document(io.BytesIO(content))
    section = document.sections[0]
    found = ReadBack(
        titles=[paragraph.text for paragraph in section.header.paragraphs],
        notes=[paragraph.text for paragraph in section.footer.paragraphs],
        pages=len(document.tables),
    )
    for table in document.tables:
        first, *rest = [[plain(cell.text) for cell in row.cells] for row in table.rows]
        found.heads.append(first)
        found.rows += rest
        found.under += [len(found.heads) - 1] * len(rest)
    return found


def read_csv(text: str) -> ReadBack:
    """Headings and rows of a csv."""
    heads, *rows = csv.reader(io.StringIO(text, newline=""))
    return ReadBack(heads=[heads], rows=rows, under=[0] * len(rows))


# ---------------------------------------------------------------- by the name of the file

READERS = {".html": read_html, ".rtf": read_rtf, ".csv": read_csv}


def read_file(path: Path) -> ReadBack:
    """A file of a run, read by its suffix."""
    if path.suffix == ".docx":
        return read_docx(path.read_bytes())
    return READERS[path.suffix](path.read_text("utf-8"))


def cells_of(path: Path) -> dict[str, list[str]]:
    """Heading -> cells, as a reader of the file sees them: without what indents, aligns or guards."""
    bare = unguarded if path.suffix == ".csv" else str
    return {
        bare(heading).strip(): [bare(cell).strip() for cell in cells]
        for heading, cells in read_file(path).columns().items()
    }
