"""A figure as RTF and docx: the png as it was written, with the words of a table around it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from survival.formats.paper import A4, LETTER
from survival.formats.picture import Picture, dpi, size_px
from survival.listings.listing import Listing
from survival.tables.table import Shell
from tests.displays.read_back import read_rtf

HOSTILE = "{\\rtf1 \\b <script> =cmd() 肝 Δ 🙂"


def png(across: int, down: int, dots: int | None = 300) -> bytes:
    """A grey png of that size, with or without its resolution."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    metre = round((dots or 0) / 0.0254)
    resolution = chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1)) if dots else b""
    rows = b"".join(b"\0" + b"\x80" * across for _ in range(down))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", across, down, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + resolution + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def picture(across: int = 600, down: int = 300) -> Picture:
    return Picture(png(across, down), "Figure 14.2.1", HOSTILE, "All", ("Note.", HOSTILE), f"Alt {HOSTILE}")


def test_size_and_resolution_are_those_of_the_file() -> None:
    assert (size_px(png(30, 20)), dpi(png(30, 20)), dpi(png(30, 20, None))) == ((30, 20), 300.0, 300.0)
    assert dpi(png(30, 20, 150)) == 150.0
    with pytest.raises(ValueError, match="not a png"):
        size_px(b"GIF89a, and so on and so forth")


def test_the_rtf_holds_the_png_and_the_words() -> None:
    one = picture()
    text = one.to_rtf()
    found = read_rtf(text)
    assert [line for line in found.titles if line] == ["\tPage 1 of 1", "Figure 14.2.1", HOSTILE, "All"]
    assert [line for line in found.notes if line] == ["Note.", HOSTILE]
    start = text.index("\\picwgoal2880\\pichgoal1440") + len("\\picwgoal2880\\pichgoal1440")
    digits = text[start : text.index("}", start)]
    assert bytes.fromhex(digits.replace("\n", "")) == one.png
    assert "wzDescription}{\\sv Alt \\{\\\\rtf1" in text
    assert text == one.to_rtf()


@pytest.mark.parametrize(
    ("across", "down", "landscape"),
    [(2100, 1500, False), (2100, 2600, False), (3300, 1500, True), (2100, 9000, False), (9000, 900, True)],
)
def test_a_picture_is_never_larger_than_the_page_or_itself(across: int, down: int, landscape: bool) -> None:
    one = picture(across, down)
    for paper in (LETTER, A4):
        turned, width, height = one.place(paper)
        room = (paper.height if turned else paper.width) - 2 * paper.margin
        assert turned == landscape and width <= min(room, across * 1440 / 300)
        assert height <= (paper.width if turned else paper.height) - 2 * paper.margin
        assert width / height == pytest.approx(across / down, rel=0.01)


def test_notes_of_figures_are_as_large_as_those_of_tables() -> None:
    data = pd.DataFrame({"text": ["a"]})
    listing = Listing(Shell(title="L", footnotes=("A note.",)), {"text": "Text"}, data)
    sizes = [
        re.findall(r"\\fs(\d+) A note\.\\par", display.to_rtf())
        for display in (replace(picture(), notes=("A note.",)), listing)
    ]
    assert sizes == [["16"], ["16"]]


def test_the_docx_holds_the_png_its_description_and_the_words(tmp_path: Path) -> None:
    from docx import Document

    one = picture()
    content = one.to_docx(tmp_path / "f.docx")
    assert content == (tmp_path / "f.docx").read_bytes() == one.to_docx()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        (name,) = [name for name in parts.namelist() if name.endswith(".png")]
        assert parts.read(name) == one.png
    document = Document(io.BytesIO(content))
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == f"Alt {HOSTILE}"
    assert shape.width.inches == pytest.approx(2.0, abs=0.01)
    section = document.sections[0]
    assert HOSTILE in [paragraph.text for paragraph in section.header.paragraphs]
    assert HOSTILE in [paragraph.text for paragraph in section.footer.paragraphs]
