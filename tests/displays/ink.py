"""What every figure is asked: no text over another, none outside of the figure, words for those who cannot see.

Where marks have places of their own (lanes, lines of marks below bars, the key), none covers another or a text.
"""

from __future__ import annotations

from typing import Any

from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from recist import figure_style


def texts_of(figure: Any) -> list[Any]:
    """Every text that is seen."""
    found = list(figure.texts)
    for axes in figure.axes:
        found += [*axes.texts, axes.xaxis.label, axes.yaxis.label, axes.title]
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            low, high = min(limits), max(limits)
            near = 1e-6 * (high - low)
            ticks = [tick for tick in axis.get_major_ticks() if low - near <= tick.get_loc() <= high + near]
            found += [tick.label1 for tick in ticks]
    return [text for text in found if text.get_text().strip() and text.get_visible()]


def words(figure: Any) -> str:
    """All text of the figure."""
    return " ".join(text.get_text() for text in texts_of(figure))


def foot(figure: Any) -> str:
    """The sentences at the foot, which are smaller than the rest, from the top."""
    lines = [text for text in figure.texts if text.get_size() < 7 and text.get_position()[1] < 0.5]
    return " ".join(text.get_text() for text in sorted(lines, key=lambda text: -text.get_position()[1]))


def assert_tidy(figure: Any, pixels: float = 2.0) -> None:
    """No text overlaps another or leaves the figure (a few of 300 pixels per inch are forgiven)."""
    with figure_style():
        figure.canvas.draw()
        renderer = figure.canvas.get_renderer()
        boxes = [(text.get_text(), Text.get_window_extent(text, renderer)) for text in texts_of(figure)]
    for place, (text, box) in enumerate(boxes):
        assert box.x0 >= -0.5 and box.y0 >= -0.5, f"{text!r} is cut off at the left or below"
        assert box.x1 <= figure.bbox.x1 + 0.5 and box.y1 <= figure.bbox.y1 + 0.5, f"{text!r} is cut off"
        for other, its_box in boxes[:place]:
            assert not Bbox.overlaps(box.padded(-pixels), its_box.padded(-pixels)), f"{text!r} over {other!r}"
    assert len(figure.alt_text) > 20


def marks_of(figure: Any) -> list[tuple[str, Bbox]]:
    """Every mark without a line, with the box that it fills in pixels."""
    found = []
    per_pt = figure.dpi / 72
    own = [line for line in figure.get_children() if isinstance(line, Line2D)]
    for line in [*own, *(line for axes in figure.axes for line in axes.lines)]:
        if line.get_linestyle() != "None" or line.get_marker() in ("None", None, ""):
            continue
        tall = line.get_markersize() * per_pt / 2
        wide = line.get_markeredgewidth() * per_pt / 2 if line.get_marker() == "|" else tall
        for x, y in line.get_transform().transform(line.get_xydata()):
            found.append((str(line.get_marker()), Bbox([[x - wide, y - tall], [x + wide, y + tall]])))
    return found


def assert_marks_apart(figure: Any, pixels: float = 0.5) -> None:
    """No mark covers a part of another or of a text."""
    with figure_style():
        figure.canvas.draw()
        renderer = figure.canvas.get_renderer()
        texts = [(text.get_text(), Text.get_window_extent(text, renderer)) for text in texts_of(figure)]
    marks = marks_of(figure)
    assert marks, "there are no marks"
    for place, (mark, box) in enumerate(marks):
        for other, its_box in [*marks[:place], *texts]:
            assert not Bbox.overlaps(box.padded(-pixels), its_box.padded(-pixels)), f"{mark} over {other!r}"
