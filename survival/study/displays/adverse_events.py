"""Adverse events: summary, by organ class and term, by worst grade, dose-limiting toxicity, listing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from survival.study.display import DisplayKind, Material, Shown, beside_shell, one_display
from survival.study.reading import Reading
from survival.study.safety import safety_start
from survival.study.time_frame import frame_days


def _wanted(kind: str, material: Material) -> Iterator[Shown]:
    """One per study with adverse events."""
    study = material.study
    if material.data.adverse_events is not None:
        who = study.adverse_events.population or study.analysis.population
        yield one_display(kind, study, (), Reading("", "", who), kind.rsplit("_", 1)[0])


def _dose_limiting_wanted(material: Material) -> Iterator[Shown]:
    """Where the study says for how long a toxicity limits the dose."""
    says, events = material.study.adverse_events, material.data.adverse_events
    if says.dose_limiting_frame is not None and events is not None and material.by:
        if "dose_limiting" not in events:
            raise material.study.source.error(
                ("adverse_events", "dose_limiting_frame"),
                "the adverse events have no column 'dose_limiting', which says whether an event is one. "
                "Add it (Y or N), or leave dose_limiting_frame out.",
            )
        for one in _wanted("dose_limiting_table", material):
            who = says.dose_limiting_population or one.reading.population
            yield replace(one, reading=Reading("", "", who))


def _window(material: Material) -> Any:
    """The window of the study file: from the first dose, or the start of the study, for a time frame."""
    from survival import Window

    frame = material.study.adverse_events.frame
    start = safety_start(material.study, material.data)
    return Window(start=start, days=None if frame is None else frame_days(frame))


def _given(material: Material, one: Shown) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The events and the subjects of the population."""
    assert material.data.adverse_events is not None  # nothing is shown without them
    return material.data.adverse_events, material.subjects(one.reading)


def _summary(material: Material, one: Shown) -> Any:
    from survival import adverse_event_summary_table
    from survival.tables.adverse_event_summary import SUMMARY

    by, shell = material.by or None, beside_shell(material, one, SUMMARY, SUMMARY.title)
    conf_type = material.study.analysis.rate_conf_type
    return adverse_event_summary_table(
        *_given(material, one), by, _window(material), shell, conf_type=conf_type
    )


def _by_term(material: Material, one: Shown) -> Any:
    from survival import adverse_event_table
    from survival.tables.adverse_events import BY_TERM

    shell = beside_shell(material, one, BY_TERM, BY_TERM.title)
    return adverse_event_table(*_given(material, one), material.by or None, _window(material), shell)


def _worst_grade(material: Material, one: Shown) -> Any:
    from survival import worst_grade_table
    from survival.tables.worst_grade import WORST_GRADE

    shell = beside_shell(material, one, WORST_GRADE, WORST_GRADE.title)
    return worst_grade_table(*_given(material, one), material.by or None, _window(material), shell)


def _dose_limiting(material: Material, one: Shown) -> Any:
    from survival import Window, dose_limiting_table
    from survival.tables.dose_limiting import DOSE_LIMITING

    events, subjects = _given(material, one)
    frame = material.study.adverse_events.dose_limiting_frame
    assert frame is not None  # not wanted otherwise
    window = Window(start=_window(material).start, days=frame_days(frame))
    evaluable = "dlt_evaluable" if "dlt_evaluable" in subjects else None
    shell = beside_shell(material, one, DOSE_LIMITING, DOSE_LIMITING.title)
    return dose_limiting_table(events, subjects, material.by[0], window, (evaluable, shell))


def _listing(material: Material, one: Shown) -> Any:
    from survival import adverse_event_listing
    from survival.listings.adverse_events import LISTING

    events, subjects = _given(material, one)
    shell = beside_shell(material, one, LISTING, "Serious adverse events")
    return adverse_event_listing(events, subjects, "serious", material.by or None, (_window(material), shell))


DISPLAYS = (
    DisplayKind(
        name="adverse_event_summary_table",
        form="table",
        place=90,
        area="safety",
        sentence="Subjects with adverse events of each kind and grade, with limits.",
        takes=("population",),
        wanted=partial(_wanted, "adverse_event_summary_table"),
        make=_summary,
    ),
    DisplayKind(
        name="adverse_event_table",
        form="table",
        place=91,
        area="safety",
        sentence="Subjects with each adverse event, by organ class and term.",
        takes=("population",),
        wanted=partial(_wanted, "adverse_event_table"),
        make=_by_term,
    ),
    DisplayKind(
        name="worst_grade_table",
        form="table",
        place=92,
        area="safety",
        sentence="Subjects by the worst grade of each adverse event.",
        takes=("population",),
        wanted=partial(_wanted, "worst_grade_table"),
        make=_worst_grade,
    ),
    DisplayKind(
        name="dose_limiting_table",
        form="table",
        place=93,
        area="safety",
        sentence="Dose-limiting toxicity by dose level, and the reading of the 3 + 3 design.",
        takes=("population",),
        wanted=_dose_limiting_wanted,
        make=_dose_limiting,
    ),
    DisplayKind(
        name="adverse_event_listing",
        form="listing",
        place=290,
        area="safety",
        sentence="Every serious adverse event.",
        takes=("population",),
        wanted=partial(_wanted, "adverse_event_listing"),
        make=_listing,
    ),
)
