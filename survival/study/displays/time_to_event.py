"""Times to events: the summary table and the Kaplan-Meier figure of every such endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from survival.study.display import (
    READING,
    DisplayKind,
    Material,
    Shown,
    one_display,
    spec_of,
    time_caption,
    time_shell,
    title_of,
)
from survival.study.known import edited_endpoint
from survival.study.notes import RESPONSE_DATES, start_text
from survival.study.outcomes import time_endpoints
from survival.study.populations import reference_label
from survival.study.reading import reading


def each_time(kind: str, material: Material, competing: bool = False) -> Iterator[Shown]:
    """One display for every time to an event; or for every one whose causes compete."""
    shape = kind.rsplit("_", 1)[0]
    for spec in time_endpoints(material.study):
        if ("cause" in material.derived.tte[spec.name]) != competing:
            continue  # a Kaplan-Meier curve where causes compete would be of another outcome
        which = reading(material.study, spec, material.data)
        yield one_display(kind, material.study, (spec.name,), which, f"{shape}-{spec.name}")


def _tables(material: Material) -> Iterator[Shown]:
    return each_time("time_to_event_table", material)


def _table(material: Material, one: Shown) -> Any:
    """Events, quartiles, rates and comparison of one endpoint."""
    from survival.tables.response_duration import response_duration_table
    from survival.tables.time_to_event import TIME_TO_EVENT, time_to_event_table
    from survival.tables.time_to_event_analyses import Settings

    study, tte, spec = (
        material.study,
        material.derived.tte[one.names[0]],
        spec_of(material.study, one.names[0]),
    )
    endpoint = edited_endpoint(spec, study)
    analysis, reference = study.analysis, comparable_reference(material, one)
    subjects = material.subjects(one.reading)
    shell = time_shell(material, one, TIME_TO_EVENT, title_of(study, spec.name))
    if not len(tte):
        return _table_of_nobody(material, one, shell)
    if reference is None and reference_label(study) is not None and _randomised(material, one):
        note = f"No comparison with {reference_label(study)}: not two arms have subjects in this analysis."
        shell = replace(shell, footnotes=(*shell.footnotes, note))
    settings: Settings = {
        "reference": reference,
        "times": analysis.times,
        "unit": analysis.unit,
        "conf_type": analysis.conf_type,
        "convention": analysis.convention,
        "strata": analysis.strata,
        "ties": analysis.ties,
        "rmst": analysis.rmst,
        "follow_up": endpoint.compares_arms
        and endpoint.frame_days is None,  # a frame ends everyone's follow-up
    }
    if endpoint.start[0] in RESPONSE_DATES and study.study.start_date in tte:
        origin = study.study.start_date
        return response_duration_table(tte, subjects, material.by or None, shell, origin, **settings)
    return time_to_event_table(tte, material.by or None, shell, **settings)


def _randomised(material: Material, one: Shown) -> bool:
    """Whether everyone who was randomised is in the analysis; responders alone are not compared."""
    return edited_endpoint(spec_of(material.study, one.names[0]), material.study).compares_arms


def comparable_reference(material: Material, one: Shown) -> str | None:
    """The reference arm, when arms can be compared as they were randomised."""
    tte = material.derived.tte[one.names[0]]
    return material.reference(tte) if _randomised(material, one) else None


def _table_of_nobody(material: Material, one: Shown, shell: Any) -> Any:
    """The table of an endpoint that no subject has, such as duration of response without responders."""
    from survival.groups import ALL
    from survival.results import ResultRows
    from survival.tables.table import Line, Table

    subjects = material.subjects(one.reading)
    groups = list(subjects[material.by[0]].cat.categories) if material.by else [ALL]
    rows = ResultRows(shell.heading, shell.population)
    for group in groups:
        rows.add("Subjects", group, 0, "subjects", count=0)
    noted = replace(
        shell, footnotes=(*shell.footnotes, "No subject has this endpoint, so nothing is estimated.")
    )
    return Table(noted, (Line("Subjects, n", "Subjects", "n"),), dict.fromkeys(groups, 0), rows.frame())


def _curves(material: Material) -> Iterator[Shown]:
    """One per endpoint that a subject has."""
    for one in each_time("km_plot", material):
        if len(material.derived.tte[one.names[0]]):
            yield one


def _curve(material: Material, one: Shown) -> Any:
    """The Kaplan-Meier figure of one endpoint, with the hazard ratio where arms are compared."""
    from survival import KmLook, compare_arms, kaplan_meier, km_plot

    analysis, by = material.study.analysis, material.by
    tte = material.derived.tte[one.names[0]]
    km = kaplan_meier(tte, by or None, analysis.conf_type, analysis.convention)
    reference = comparable_reference(material, one)
    compared = None
    if reference is not None:
        compared = compare_arms(tte, by[0], reference, strata=analysis.strata, ties=analysis.ties)
    endpoint = edited_endpoint(spec_of(material.study, one.names[0]), material.study)
    title = one.words.title or title_of(material.study, one.names[0])
    look = KmLook(
        endpoint=title,
        origin=start_text(endpoint.start),
        landmarks=_landmarks(material, one),
        caption=time_caption(material, one),
    )
    return km_plot(km, compared, unit=analysis.unit, look=look)


def _landmarks(material: Material, one: Shown) -> tuple[float, ...]:
    """Times of the study file that the curves reach; none for responders, whose rates say little."""
    from survival.results import DAYS_PER

    if not _randomised(material, one):
        return ()
    analysis, last = material.study.analysis, material.derived.tte[one.names[0]]["time"].max()
    return tuple(time for time in analysis.times if time * DAYS_PER[analysis.unit] <= last)


DISPLAYS = (
    DisplayKind(
        name="time_to_event_table",
        form="table",
        place=30,
        sentence="Events and censoring by reason, quartiles, rates at times, hazard ratio and log-rank test.",
        outcome="time",
        takes=READING,
        wanted=_tables,
        make=_table,
    ),
    DisplayKind(
        name="km_plot",
        form="figure",
        place=120,
        sentence="Kaplan-Meier curves with limits, numbers at risk, medians and the hazard ratio.",
        outcome="time",
        takes=READING,
        wanted=_curves,
        make=_curve,
    ),
)
