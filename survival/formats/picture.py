"""A figure on paper: the picture with its number, title, population and notes, as RTF and docx.

The picture is the png that was written, at its own size or smaller; nothing is drawn again.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path

from survival.formats.grid import Grid, printable
from survival.formats.pages import TITLE_PT, body_height
from survival.formats.paper import LETTER, Layout, Paper

TWIPS_PER_INCH, EMU_PER_TWIP = 1440, 635
INCH_PER_METRE = 0.0254
LINE = 128  # hex digits in a line of RTF
UPRIGHT = 0.9  # of the size that the picture has on a page turned: as much is given up for an upright page


@dataclass(frozen=True)
class Picture:
    """A figure as it was written, and the words around it; `alt_text` tells what it shows."""

    png: bytes
    number: str
    title: str
    population: str = ""
    notes: tuple[str, ...] = ()
    alt_text: str = ""

    @property
    def words(self) -> Grid:
        """The words as those of a table have them, with nothing between."""
        return Grid(
            id="",
            number=printable(self.number),
            title=printable(self.title),
            population=printable(self.population),
            columns=(),
            rows=(),
            notes=tuple(map(printable, self.notes)),
        )

    def to_rtf(self, path: str | Path | None = None, paper: Paper = LETTER) -> str:
        """As RTF; written to `path` too when it is given.  `paper`: `LETTER` or `A4`."""
        from survival.formats.rtf import picture_rtf, rtf_text

        landscape, width, height = self.place(paper)
        across, down = size_px(self.png)
        told = f"{{\\sp{{\\sn wzDescription}}{{\\sv {rtf_text(printable(self.alt_text))}}}}}"
        digits = self.png.hex()
        lines = "\n".join(digits[n : n + LINE] for n in range(0, len(digits), LINE))
        picture = (
            f"{{\\*\\shppict{{\\pict{{\\*\\picprop{told}}}\\pngblip\\picw{across}\\pich{down}"
            f"\\picwgoal{width}\\pichgoal{height}\n{lines}}}}}"
        )
        text = picture_rtf(self.words, picture, landscape, paper)
        if path is not None:
            Path(path).write_text(text, encoding="ascii", newline="\n")
        return text

    def to_docx(self, path: str | Path | None = None, paper: Paper = LETTER) -> bytes:
        """As docx (Word); written to `path` too when it is given.

        Raises InputError when python-docx is not there: `pip install recist[docx]`.
        """
        from survival.formats.docx import picture_docx

        landscape, width, _ = self.place(paper)
        told = printable(self.alt_text)
        content = picture_docx(
            self.words, (io.BytesIO(self.png), width * EMU_PER_TWIP, told), landscape, paper
        )
        if path is not None:
            Path(path).write_bytes(content)
        return content

    def place(self, paper: Paper) -> tuple[bool, int, int]:
        """Whether the page is turned, and width and height in twips: never larger than the picture is."""
        across, down = size_px(self.png)
        own = (across * TWIPS_PER_INCH / dpi(self.png), down * TWIPS_PER_INCH / dpi(self.png))
        scales = []
        for landscape in (False, True):
            page = Layout(landscape, TITLE_PT, (), (), ())
            scales.append(min(1.0, page.width(paper) / own[0], body_height(self.words, page, paper) / own[1]))
        landscape = scales[0] < UPRIGHT * scales[1]
        return landscape, int(own[0] * scales[landscape]), int(own[1] * scales[landscape])


def size_px(png: bytes) -> tuple[int, int]:
    """Width and height of a png (ISO/IEC 15948, chunk IHDR)."""
    if png[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("the picture is not a png")
    across, down = struct.unpack(">II", png[16:24])
    return across, down


def dpi(png: bytes) -> float:
    """Dots per inch of a png (chunk pHYs), 300 where it does not say."""
    place = png.find(b"pHYs", 0, 4096)
    if place < 0 or png[place + 12] != 1:
        return 300.0
    (per_metre,) = struct.unpack(">I", png[place + 4 : place + 8])
    return float(round(per_metre * INCH_PER_METRE))
