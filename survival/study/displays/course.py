"""Figures of the course of subjects: spider and swimmer, one of each per reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from survival.study.display import READING, DisplayKind, Material, Shown, figure_look
from survival.study.displays.best_response import of_rates


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
    best = best.assign(best_response=best[material.best_column])
    look = figure_look(material, one)
    if material.best_column != "best_response":
        look = replace(look, caption=f"{look.caption} Best responses are confirmed ones.")
    return spider_plot(material.responses(one.reading), best, subjects, by, look)


def _swimmers(material: Material) -> Iterator[Shown]:
    """One per reading with assessments."""
    for one in of_rates("swimmer_plot", material):
        if len(material.responses(one.reading)):
            yield one


def _swimmer(material: Material, one: Shown) -> Any:
    """All pages: a page holds so many lanes as stay legible."""
    from recist import swimmer_pages

    by = material.by[0] if material.by else None
    responses, subjects = material.responses(one.reading), material.subjects(one.reading)
    return list(swimmer_pages(responses, subjects, by, figure_look(material, one)))


DISPLAYS = (
    DisplayKind(
        name="spider_plot",
        form="figure",
        place=111,
        sentence="Change of the sum of diameters over time, one line per subject.",
        outcome="rate",
        takes=READING,
        wanted=_spiders,
        make=_spider,
    ),
    DisplayKind(
        name="swimmer_plot",
        form="figure",
        place=112,
        sentence="Time on study, responses and what ended them, one bar per subject.",
        outcome="rate",
        takes=READING,
        wanted=_swimmers,
        make=_swimmer,
    ),
)
