"""The gallery: one display of every kind, made from the shipped data while the site is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import recist
import survival
from docs.site.reference import public
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
STUDIES = (
    "nct05962450",
    "nct06559644",
    "nct05361174",
    "hs_it101",
    "nct07028008",
)  # asked until no kind is missing
FUNCTIONS = {  # kinds that are made by a function of another name
    "leukaemia_response_table": "proportion_table",
    "rate_sensitivity_table": "proportion_table",
    "rate_subgroup_table": "subgroup_rates",
    "rate_forest_plot": "forest_plot",
    "rate_sensitivity_listing": "moved_listing",
    "sensitivity_listing": "moved_listing",
}
HEADINGS = {"figure": "Figures", "table": "Tables", "listing": "Listings"}
INTRO = """\
One display of every kind, as a run leaves it in its folder.  A study file names the kinds to be made or left out
in [`[displays]`](generated/study_file.md#displays), and gives one of them a title, a population or a reading of its own
in [`[[display]]`](generated/study_file.md#display); how, is said in [List the displays](howto/list_displays.md).  The
data are simulated.  Tables and listings are written as RTF and csv too."""
MOST_ROWS = 40  # of a table or listing that the page shows


def files() -> dict[str, str | bytes]:
    """The page and the files it shows, by their paths below `docs`.

    Raises
    ------
    ValueError
        When no shipped study has a display of some kind: the page would not show it.
    """
    made: dict[str, bytes] = {}
    entries: dict[str, str] = {}
    for name in STUDIES:
        if set(entries) == set(all_displays()):
            break
        for kind, display in displays(material(name), set(entries)):
            path = f"gallery/{kind.name}.{'svg' if kind.form == 'figure' else 'html'}"
            made[path] = drawn(display) if kind.form == "figure" else printed(display)
            entries[kind.name] = entry(kind, path, display)
    if missing := sorted(set(all_displays()) - set(entries)):
        raise ValueError(
            f"no shipped study has {', '.join(missing)}: let one of them have it, for the gallery"
        )
    return {"gallery.md": page(entries), **made}


def material(name: str, endpoints: tuple[str, ...] = ()) -> Material:
    """What the displays of a shipped study are made from, with those of its endpoints that are named, else all."""
    study = read_study(DATA / name / "study.toml")
    if endpoints:
        study = study.model_copy(
            update={"endpoint": [one for one in study.endpoint if one.name in endpoints]}
        )
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
    made_by = function_of(kind)
    return (
        f"### {title_of(kind)} {{ #{kind.name} }}\n\n{kind.sentence}\n\n"
        f'In a study file: `kind = "{kind.name}"`. '
        f"In Python: [`{made_by}`](reference/{made_by.split('.')[0]}.md#{made_by.split('.')[1]}). "
        f'<a href="{path}">Open it alone</a>.\n\n'
        f'<div class="display">{shown_as}</div>'
    )


def function_of(kind: DisplayKind) -> str:
    """The public function that makes a kind, with its package.

    Raises
    ------
    ValueError
        When neither package has it: `FUNCTIONS` then names the one that makes the kind.
    """
    name = FUNCTIONS.get(kind.name, kind.name)
    for package in (recist, survival):
        if name in public(package):
            return f"{package.__name__}.{name}"
    raise ValueError(f"{kind.name}: no public function of this name; say in FUNCTIONS which one makes it")


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
