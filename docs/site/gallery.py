"""The gallery: one display of every kind, made from the shipped data while the site is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import recist
from survival import read_study
from survival.study.check import findings_of
from survival.study.derive import Derived, derive_best, derive_responses
from survival.study.display import DisplayKind, Material
from survival.study.displays import all_displays
from survival.study.load import load
from survival.study.outcomes import derive_endpoints
from survival.study.populations import with_assessed
from survival.study.show import made, shown

DATA = Path(__file__).parents[2] / "data" / "synthetic"
STUDIES = {  # study -> the endpoints shown; a display of each kind is enough
    "nct05962450": ("PFS", "ORR", "DOR", "TTD, pain"),
    "nct06559644": ("OS", "RFS"),
    "nct05361174": ("ORR", "PFS"),
}
HEADINGS = {"figure": "Figures", "table": "Tables", "listing": "Listings"}
INTRO = """\
One display of every kind, as a run leaves it in its folder; a study file names the kinds to be made or left out
in `[displays]`.  The data are simulated.  Tables and listings are written as RTF and csv too."""
MOST_ROWS = 40  # of a table or listing that the page shows


def files() -> dict[str, str | bytes]:
    """The page and the files it shows, by their paths below `docs`."""
    made: dict[str, bytes] = {}
    entries: dict[str, str] = {}
    for name, endpoints in STUDIES.items():
        for kind, display in displays(material(name, endpoints), set(entries)):
            path = f"gallery/{kind.name}.{'svg' if kind.form == 'figure' else 'html'}"
            made[path] = drawn(display) if kind.form == "figure" else printed(display)
            entries[kind.name] = entry(kind, path, display)
    return {"gallery.md": page(entries), **made}


def material(name: str, endpoints: tuple[str, ...]) -> Material:
    """What the displays of a shipped study are made from, with a few of its endpoints."""
    whole = read_study(DATA / name / "study.toml")
    study = whole.model_copy(update={"endpoint": [one for one in whole.endpoint if one.name in endpoints]})
    data = load(study)
    findings = findings_of(study, data)
    responses = derive_responses(study, data)
    data = replace(data, subjects=with_assessed(study, data.subjects, responses))
    best = derive_best(study, data, responses)
    tte, situations = derive_endpoints(study, data, responses, best)
    return Material(study, data, Derived(responses, best, tte, situations), findings)


def displays(made_from: Material, known: set[str]) -> Iterator[tuple[DisplayKind, Any]]:
    """The first display of every kind that is not known yet."""
    for one in shown(made_from):
        if one.kind not in known:
            known.add(one.kind)
            kind = all_displays()[one.kind]
            display = made(made_from, one)
            yield kind, display[0] if isinstance(display, list) else display


def drawn(figure: Any) -> bytes:
    """A figure as svg."""
    with TemporaryDirectory() as folder:
        return recist.save_figure(figure, Path(folder, "figure.svg")).read_bytes()


def printed(display: Any) -> bytes:
    """A table or listing as a page of html; of a long listing the first rows."""
    data = getattr(display, "data", None)
    if data is not None and len(data) > MOST_ROWS:
        note = f"The first {MOST_ROWS} of {len(data)} rows."
        shell = replace(display.shell, footnotes=(note, *display.shell.footnotes))
        display = replace(display, data=data.head(MOST_ROWS), shell=shell)
    with TemporaryDirectory() as folder:
        path = Path(folder, "display.html")
        display.to_html(path)
        return path.read_bytes()


def entry(kind: DisplayKind, path: str, display: Any) -> str:
    """One display below its name and what it shows."""
    words = escape(getattr(display, "alt_text", "") or kind.sentence)
    shown_as = (
        f'<img src="{path}" alt="{words}" loading="lazy">'
        if kind.form == "figure"
        else f'<iframe src="{path}" title="{words}" loading="lazy"></iframe>'
    )
    title = title_of(kind)
    return f'### {title}\n\n{kind.sentence}  `kind = "{kind.name}"`\n\n<div class="display">{shown_as}</div>'


def title_of(kind: DisplayKind) -> str:
    """The name of a kind as one says it."""
    name = kind.name.removesuffix("_plot").replace("_", " ")
    name = {"km": "Kaplan-Meier", "qlq": "QLQ-C30"}.get(name, name.replace("qlq", "QLQ-C30"))
    return f"{name[0].upper()}{name[1:]}"


def page(entries: dict[str, str]) -> str:
    """Figures first, then tables and listings, in the order of a report."""
    parts = ["# Displays", INTRO]
    for form, heading in HEADINGS.items():
        kinds = [kind.name for kind in all_displays().values() if kind.form == form]
        parts += [f"## {heading}", *(entries[name] for name in kinds if name in entries)]
    return "\n\n".join(parts) + "\n"
