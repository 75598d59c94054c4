"""How every figure looks: journal widths, type, colours that all readers tell apart, same bytes twice.

Colours: Okabe and Ito, Color Universal Design (2008), as in Wong, Nature Methods 2011; 8: 441.  Widths of 89
and 183 mm are those of Nature's guide to authors; 7 pt sans-serif type fits most journals.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from matplotlib import font_manager, rc_context, rcdefaults, rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from recist.errors import InputError
from recist.figures.font_faces import font_faces

WIDTH_MM = {"single": 89.0, "double": 183.0}
AXES_PT = {"single": 130.0, "double": 190.0}  # height of the axes, at each width
POINTS_PER_MM = 72 / 25.4
TEXT_PT, SMALL_PT = 7.0, 6.5
DPI = 300
PAGE_MM = 247.0  # the tallest figure that fits a page of most journals
LATIN_FONTS = ("Arial", "Helvetica", "Liberation Sans", "DejaVu Sans")  # of those installed, in this order
CHINESE_FONTS = (  # the first one installed, for the letters that the others lack
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Arial Unicode MS",
)
FONTS = (*LATIN_FONTS, *CHINESE_FONTS)
GENERIC = (
    "serif",
    "sans-serif",
    "cursive",
    "fantasy",
    "monospace",
)  # matplotlib goes through them for each text
STYLE = '<style type="text/css">'  # of an svg
LINES: tuple[tuple[str, Any], ...] = (  # colour and dashes; the dashes alone tell them apart in grey print
    ("#0072B2", "solid"),
    ("#D55E00", (0, (5, 1.5))),
    ("#009E73", (0, (1, 1))),
    ("#CC79A7", (0, (6, 1.5, 1, 1.5))),
    ("#000000", (0, (2.5, 1))),
    ("#E69F00", (0, (11, 2))),
)


@cache
def _fonts() -> tuple[str, ...]:
    """The wanted fonts that this machine has; one of them comes with matplotlib."""
    there = set(font_manager.get_font_names())
    chinese = [name for name in CHINESE_FONTS if name in there]
    return (*(name for name in LATIN_FONTS if name in there), *chinese[:1])


@contextmanager
def figure_style() -> Iterator[None]:
    """Matplotlib's settings for our figures, inside the block only, whatever the user's own are."""
    settings: Any = {
        "font.family": list(_fonts()),
        **{f"font.{generic}": ["DejaVu Sans"] for generic in GENERIC},
        "font.size": TEXT_PT,
        "axes.titlesize": TEXT_PT,
        "axes.labelsize": TEXT_PT,
        "xtick.labelsize": TEXT_PT,
        "ytick.labelsize": TEXT_PT,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "lines.linewidth": 1.0,
        "hatch.linewidth": 0.4,
        "text.usetex": False,
        "text.parse_math": False,  # a $ in the name of an arm is a $
        "axes.unicode_minus": True,
        "svg.fonttype": "none",  # text stays text
        "pdf.fonttype": 42,  # the fonts go into the file, and text stays text
        "svg.hashsalt": "recist",  # the same identifiers in every run
        "savefig.dpi": DPI,
        "figure.dpi": DPI,
    }
    with rc_context(), warnings.catch_warnings():
        # a letter that no installed font has is drawn as a box; in an svg it stays the letter
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        rcdefaults()
        rcParams.update(settings)
        told = logging.getLogger("matplotlib.font_manager")
        level = told.level
        told.setLevel(logging.ERROR)  # a font without a bold face is no news to who runs a study
        try:
            yield
        finally:
            told.setLevel(level)


SCREEN_DPI = 120  # of a notebook: letters of 7 points are read with ease


class JournalFigure(Figure):
    """A figure that no global state knows; a notebook shows it by itself."""

    alt_text = ""  # the figure in words, for those who cannot see it

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        """The picture for a notebook, in the size of the page that it is drawn for, with its words."""
        width, height = (round(inches * SCREEN_DPI) for inches in self.get_size_inches())
        return _bytes(self, "png"), {"width": width, "height": height, "alt": self.alt_text}


def new_figure(width_mm: float, height_mm: float) -> JournalFigure:
    """An empty figure of this size, with its own canvas."""
    size = (width_mm / 25.4, height_mm / 25.4)
    figure = JournalFigure(figsize=size, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def line_style(number: int) -> dict[str, Any]:
    """Colour and dashes of the series with this number, from 0."""
    if not 0 <= number < len(LINES):
        raise InputError(f"a figure tells {len(LINES)} groups apart; draw further groups in a second figure")
    colour, dashes = LINES[number]
    return {"color": colour, "linestyle": dashes}


def save_figure(figure: Figure, path: str | Path) -> Path:
    """Write a figure as png (300 dpi), svg or pdf, by the suffix; the same figure gives the same bytes.

    The words of the figure (`figure.alt_text`) go into the file as its description.
    """
    target = Path(path)
    kind = target.suffix.lower().lstrip(".")
    if kind not in {"png", "svg", "pdf"}:
        raise InputError(f"{target.name}: figures are written as .png, .svg or .pdf")
    target.write_bytes(_bytes(figure, kind))
    return target


def _bytes(figure: Figure, kind: str) -> bytes:
    """The file as bytes, without a date in it."""
    stream = io.BytesIO()
    from recist.figures.text import plain_text

    words = plain_text(getattr(figure, "alt_text", "")) or None
    metadata: dict[str, dict[str, Any]] = {
        "svg": {"Date": None, "Creator": None, "Description": words},
        "png": {"Software": None, **({"Description": words} if words else {})},
        "pdf": {"CreationDate": None, "Creator": None, "Producer": None, "Subject": words},
    }
    with figure_style():
        pil: dict[str, Any] = (
            {"pil_kwargs": {"compress_level": 3}} if kind == "png" else {}
        )  # twice as fast, a little larger
        figure.savefig(stream, format=kind, dpi=DPI, metadata=metadata[kind], **pil)
    return _with_fonts(stream.getvalue()) if kind == "svg" else stream.getvalue()


def _with_fonts(svg: bytes) -> bytes:
    """An svg with the letters it uses; fonts that it may not hold are looked for where it is read."""
    from recist.figures.svg_dots import short_dots

    here = _fonts()
    others = [name for name in FONTS if name not in here]
    told = short_dots(svg).decode("utf-8").replace(_family(here), _family((*here, *others, "sans-serif")))
    rules = font_faces(told, here, _font_file)
    return told.replace(STYLE, f"{STYLE}{rules}", 1).encode("utf-8")


@cache
def _font_file(name: str, bold: bool) -> tuple[str, int] | None:
    """The file that matplotlib takes a font from, and which of its fonts."""
    wanted = font_manager.FontProperties(family=name, weight="bold" if bold else "normal")
    try:
        found = font_manager.findfont(wanted, fallback_to_default=False)
    except ValueError:  # asked for by a name that the list of fonts has no file for
        return None
    return str(found), getattr(found, "face_index", 0)


def _family(names: tuple[str, ...]) -> str:
    """Font names as matplotlib writes them into an svg."""
    quoted = [name if name == "sans-serif" else f"'{name}'" for name in names]
    return f"font-family: {', '.join(quoted)}"
