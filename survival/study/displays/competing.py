"""Endpoints whose causes compete: cumulative incidence as a table and a figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from survival.study.display import (
    READING,
    DisplayKind,
    Material,
    Shown,
    spec_of,
    time_caption,
    time_shell,
    title_of,
)
from survival.study.displays.time_to_event import each_time
from survival.study.known import edited_endpoint
from survival.study.notes import start_text


def _tables(material: Material) -> Iterator[Shown]:
    return each_time("cumulative_incidence_table", material, competing=True)


def _table(material: Material, one: Shown) -> Any:
    from survival.tables.cumulative_incidence import INCIDENCE, cumulative_incidence_table

    study, name = material.study, one.names[0]
    shell = time_shell(material, one, INCIDENCE, title_of(study, name))
    analysis = study.analysis
    tte = material.derived.tte[name]
    return cumulative_incidence_table(tte, material.by or None, shell, analysis.times, analysis.unit)


def _plots(material: Material) -> Iterator[Shown]:
    """One per such endpoint that has an event."""
    for one in each_time("cumulative_incidence_plot", material, competing=True):
        if material.derived.tte[one.names[0]]["event"].any():
            yield one


def _plot(material: Material, one: Shown) -> Any:
    from survival import cumulative_incidence, cumulative_incidence_plot, gray_test
    from survival.figures.look import IncidenceLook

    study, tte, by = material.study, material.derived.tte[one.names[0]], material.by
    endpoint = edited_endpoint(spec_of(study, one.names[0]), study)
    test = gray_test(tte, by) if by and tte[by[0]].nunique() > 1 else None
    look = IncidenceLook(origin=start_text(endpoint.start), caption=time_caption(material, one))
    return cumulative_incidence_plot(
        cumulative_incidence(tte, by or None), tte, test, study.analysis.unit, look
    )


DISPLAYS = (
    DisplayKind(
        name="cumulative_incidence_table",
        form="table",
        place=32,
        sentence="Events of each cause and their cumulative incidence at times, with Gray's test.",
        outcome="time",
        takes=READING,
        wanted=_tables,
        make=_table,
    ),
    DisplayKind(
        name="cumulative_incidence_plot",
        form="figure",
        place=125,
        sentence="Cumulative incidence of each cause where causes compete.",
        outcome="time",
        takes=READING,
        wanted=_plots,
        make=_plot,
    ),
)
