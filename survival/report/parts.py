"""The displays of a run as parts of the page, kept as html while the run goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import recist
from survival.formats.grid import printable
from survival.formats.html import escaped
from survival.report.figures import font_faces, inline_svg, width_pt
from survival.report.key_results import KeyResult, key_results
from survival.report.tables import table_html
from survival.study.display import Material, Shown
from survival.study.displays import all_displays

if TYPE_CHECKING:
    from survival.formats.contents import Entry

WIDE_PT = 400.0  # a figure of one column of a journal is narrower


@dataclass(frozen=True)
class Part:
    """A display: its name in the page, its heading, whom it is about and its html."""

    name: str
    form: str
    number: str
    title: str
    population: str
    html: str


@dataclass
class Report:
    """What the page will be made of; every display is added as it is written."""

    material: Material
    parts: list[Part] = field(default_factory=list)
    keys: list[tuple[str, KeyResult]] = field(default_factory=list)  # part -> result
    fonts: dict[str, None] = field(default_factory=dict)  # rules of the fonts in the figures, each once

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Everyone whom the page can show."""
        return frozenset(printable(str(who)) for who in self.material.data.subjects["subject"])

    def add(self, folder: Path, one: Shown, display: Any, listed: Entry) -> None:
        """Take in a display that has just been written to the folder."""
        kind = all_displays()[one.kind]
        name = f"{kind.form}-{one.id}"
        if kind.form == "figure":
            svg = _svg_of(display, folder / kind.folder / f"{one.id}.svg")
            self.fonts |= dict.fromkeys(font_faces(svg))
            html = _figure(svg, name, display.alt_text)
        else:
            html = table_html(display.grid, name, self.subjects, f"{kind.folder}/{one.id}.csv")
        if kind.form == "table" and one.material is None:  # not of a further population or reading
            self.keys += [(name, key) for key in key_results(self.material, one, display.results)]
        number, title, about = map(printable, (listed.number, listed.title, listed.population))
        self.parts.append(Part(name, kind.form, number, title, about, html))


def _svg_of(display: Any, written: Path) -> str:
    """The figure as svg, from the file where the study asks for such."""
    if written.exists():
        return written.read_text(encoding="utf-8")
    with TemporaryDirectory() as place:
        return recist.save_figure(display, Path(place, written.name)).read_text(encoding="utf-8")


def _figure(svg: str, name: str, words: str) -> str:
    """A figure with its words below it."""
    shown = inline_svg(svg, name, printable(words))
    size = "wide" if width_pt(shown) > WIDE_PT else "narrow"
    told = f"<details><summary>The figure in words</summary><p>{escaped(printable(words))}</p></details>"
    return f'<figure class="{size}">{shown}</figure>\n' + (told if words else "")
