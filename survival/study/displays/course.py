"""Figures of the course of subjects: spider and swimmer, one of each per reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from survival.study.display import DisplayKind, Material, Shown
from survival.study.displays.best_response import of_rates
from survival.study.notes import reading_text, start_text
from survival.study.populations import population_label


def figure_look(material: Material, one: Shown) -> Any:
    """Width, unit and the first sentence under the figure."""
    from recist import FigureLook

    study = material.study
    caption = f"{reading_text(study, one.reading)}; {population_label(study, one.reading.population)}."
    origin = start_text((study.study.start_date,))
    return FigureLook(unit=study.analysis.unit, caption=caption, origin=origin)


def _spiders(material: Material) -> Iterator[Shown]:
    """One per reading that has sums of diameters."""
    for one in of_rates("spider_plot", material):
        responses = material.responses(one.reading)
        if "change_from_baseline_pct" in responses and responses["change_from_baseline_pct"].notna().any():
            yield one


def _spider(material: Material, one: Shown) -> Any:
    from recist import spider_plot

    by = material.by[0] if material.by else None
    subjects = material.subjects(one.reading)
    best = material.best(one.reading)
    return spider_plot(material.responses(one.reading), best, subjects, by, figure_look(material, one))


def _swimmers(material: Material) -> Iterator[Shown]:
    """One per reading with assessments."""
    for one in of_rates("swimmer_plot", material):
        if len(material.responses(one.reading)):
            yield one


def _swimmer(material: Material, one: Shown) -> Any:
    from recist import swimmer_plot

    by = material.by[0] if material.by else None
    return swimmer_plot(
        material.responses(one.reading), material.subjects(one.reading), by, figure_look(material, one)
    )


DISPLAYS = (
    DisplayKind(
        name="spider_plot",
        form="figure",
        place=111,
        sentence="Change of the sum of diameters over time, one line per subject.",
        wanted=_spiders,
        make=_spider,
    ),
    DisplayKind(
        name="swimmer_plot",
        form="figure",
        place=112,
        sentence="Time on study, responses and what ended them, one bar per subject.",
        wanted=_swimmers,
        make=_swimmer,
    ),
)
