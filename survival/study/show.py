"""The displays of a study: which there are, in order, each with a file name of its own; and their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from survival.study.check import COLUMNS
from survival.study.display import DisplayKind, Material, Shown, shows_responses, title_of
from survival.study.displays import all_displays
from survival.study.listed import chosen, unmade
from survival.study.model import Study
from survival.study.notes import cutoff_note, with_reading
from survival.study.populations import population_label
from survival.study.stack import stacked

if TYPE_CHECKING:
    from survival.formats.contents import Entry

FIGURES = {  # kinds whose name is not how one calls them
    "km_plot": "Kaplan-Meier",
    "lesion_profile_plot": "Lesion profile",
    "rate_forest_plot": "Forest plot",
    "qlq_plot": "EORTC QLQ-C30, mean change from baseline",
}
FIGURE_FILES = ("svg", "pdf", "png")  # which of its files a figure is listed with: the first there is
PER_ENDPOINT = (
    "km_plot",
    "forest_plot",
    "rate_forest_plot",
    "cumulative_incidence_plot",
)  # figures of one outcome, named after it


def shown(material: Material) -> list[Shown]:
    """Every display of the study, in the order of the report, each with its number and a file name of its own."""
    return _numbered(material.study, _with_own_ids(chosen(material)))


def made(material: Material, one: Shown) -> Any:
    """The display itself, made from the study or from what it has of its own."""
    return all_displays()[one.kind].make(one.material or material, one)


def _with_own_ids(found: list[Shown]) -> list[Shown]:
    """File names that no other display has: a number is added to the second and later of a name."""
    seen: dict[str, int] = {}
    result = []
    for one in found:
        key = f"{all_displays()[one.kind].form} {one.id}"
        seen[key] = seen.get(key, 0) + 1
        result.append(one if seen[key] == 1 else replace(one, id=f"{one.id}-{seen[key]}"))
    return result


def _numbered(study: Study, found: list[Shown]) -> list[Shown]:
    """Numbers in the order of the report, those of a form and section by themselves; one that is given is left free."""
    given = {one.words.number for one in found}
    counts: dict[str, Iterator[int]] = {}
    result = []
    for one in found:
        kind = all_displays()[one.kind]
        stem = f"{kind.form.capitalize()} {section(study, kind)}"
        numbers = (f"{stem}.{n}" for n in counts.setdefault(stem, count(1)))
        number = one.words.number or next(number for number in numbers if number not in given)
        result.append(replace(one, words=one.words.model_copy(update={"number": number})))
    return result


def section(study: Study, kind: DisplayKind) -> str:
    """The section of the report in which a kind is numbered, as ICH E3 has them."""
    says = study.displays
    if kind.area == "safety":
        return says.safety_listings if kind.form == "listing" else says.safety
    return {"table": says.tables, "figure": says.figures, "listing": says.listings}[kind.form]


def with_unmade(material: Material, found: list[Shown]) -> Material:
    """What displays are made from, with a finding for each [[display]] of which there is none."""
    says = {"finding": "display_not_made", "severity": "note"}
    blank = dict.fromkeys(COLUMNS)
    rows = [blank | says | {"message": message} for message in unmade(material, found)]
    if not rows:
        return material
    told = pd.DataFrame(rows, columns=list(COLUMNS))
    findings = stacked([material.findings, told]) if len(material.findings) else told
    return replace(material, findings=findings)


def pages(one: Shown, display: Any) -> Iterator[tuple[Shown, Any]]:
    """The pages of a display: a figure that is a list has several, each with a file and a number of its own."""
    if not isinstance(display, list):
        yield one, display
        return
    each = one.words.subjects if len(one.words.subjects) == len(display) else []
    for number, page in enumerate(display, start=1):
        told = (
            f"{one.words.number}, page {number} of {len(display)}" if len(display) > 1 else one.words.number
        )
        shown_here = each[number - 1 : number] or one.words.subjects
        words = one.words.model_copy(update={"number": told, "subjects": shown_here})
        yield replace(one, id=one.id if number == 1 else f"{one.id}-page-{number}", words=words), page


def entry(material: Material, one: Shown, display: Any) -> Entry:
    """A display as a line of the list of displays."""
    from survival.formats.contents import Entry

    kind, material = all_displays()[one.kind], one.material or material
    population = "" if one.words.subjects else population_label(material.study, one.reading.population)
    suffix: str = min(material.study.displays.figures_as, key=FIGURE_FILES.index)
    title = figure_title(material, one)
    if kind.form != "figure":
        title, population, suffix = display.shell.title, display.shell.population, "html"
    return Entry(one.id, one.words.number, title, kind.form, f"{kind.folder}/{one.id}.{suffix}", population)


def figure_title(material: Material, one: Shown) -> str:
    """What a figure shows, as the list of displays says it."""
    if one.words.title:
        return one.words.title
    words = one.kind.replace("_", " ")
    words = FIGURES.get(one.kind, words[0].upper() + words[1:])
    if one.words.subjects:
        words += f" of {', '.join(one.words.subjects)}"
    if one.kind in PER_ENDPOINT:
        words += f": {title_of(material.study, one.names[0])}"
    read = shows_responses(material.study, one)
    return with_reading(material.study, words, one.reading) if read else words


def write_picture(png: Path, material: Material, one: Shown, display: Any, about: tuple[Entry, str]) -> None:
    """A figure whose png was written once more as RTF and, when asked for, docx: with the words of a table.

    `about` is its line in the list of displays, and where its data are listed.
    """
    from survival.formats.picture import Picture

    if not png.is_file():
        return
    material, (listed, source) = one.material or material, about
    read = shows_responses(material.study, one)
    notes = (*one.words.footnotes, *cutoff_note(material.subjects(one.reading)))
    notes += (*([material.source_note] if read else []), *([source] if source else []))
    alt_text = getattr(display, "alt_text", "")
    page = Picture(png.read_bytes(), listed.number, listed.title, listed.population, notes, alt_text)
    page.to_rtf(png.with_suffix(".rtf"))
    if material.study.displays.docx:
        page.to_docx(png.with_suffix(".docx"))


def write_contents(folder: Path, study: Study, listed: list[Entry]) -> None:
    """The list of displays as html and rtf, and for Word where the displays are."""
    from survival.formats.contents import CONTENTS, contents

    title = f"{study.study.id}: tables, figures and listings"
    shell = replace(CONTENTS, title=title)
    contents(listed, shell).to_html(folder / "contents.html")
    contents(_in_format(folder, listed, ".rtf"), shell).to_rtf(folder / "contents.rtf")
    if study.displays.docx:
        contents(_in_format(folder, listed, ".docx"), shell).to_docx(folder / "contents.docx")


def _in_format(folder: Path, listed: list[Entry], suffix: str) -> list[Entry]:
    """The same list with the files of one format, where the displays have it."""
    files = [Path(one.file).with_suffix(suffix).as_posix() for one in listed]
    return [
        replace(one, file=file) if (folder / file).is_file() else one
        for one, file in zip(listed, files, strict=True)
    ]


def results_frame(tables: dict[str, pd.DataFrame], responses: str) -> pd.DataFrame:
    """Every number of every table, with the table's file name and how responses came about."""
    from survival.results import stack

    whole = stack([results.assign(display=name) for name, results in tables.items()])
    return whole.assign(responses=responses)
