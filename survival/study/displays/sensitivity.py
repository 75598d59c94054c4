"""The sensitivity grid of every outcome that the study file edits, and the subjects whom the edits move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from survival.study.display import (
    READING,
    DisplayKind,
    Material,
    Shown,
    one_display,
    shell_of,
    spec_of,
    title_of,
)
from survival.study.displays.time_to_event import comparable_reference
from survival.study.known import edited_spec
from survival.study.notes import time_notes
from survival.study.outcomes import derive_one, time_endpoints
from survival.study.reading import reading


def _wanted(kind: str, material: Material) -> Iterator[Shown]:
    for spec in time_endpoints(material.study):
        if spec.sensitivity:
            which = reading(material.study, spec, material.data)
            name = f"{kind.rsplit('_', 1)[0]}-{spec.name}"
            yield one_display(kind, material.study, (spec.name,), which, name)


def _times(material: Material, one: Shown) -> dict[str, pd.DataFrame]:
    """The main analysis and every edit of it, derived once for table and listing."""
    times: dict[str, pd.DataFrame] = material.once(
        ("sensitivity", *one.names), lambda: _derived(material, one)
    )
    return times


def _derived(material: Material, one: Shown) -> dict[str, pd.DataFrame]:
    """The main analysis, and every edit of the study file."""
    study, derived, name = material.study, material.derived, one.names[0]
    spec = spec_of(study, name)
    times = {"Main analysis": derived.tte[name]}
    for edit in spec.sensitivity:
        edited = edited_spec(spec, edit)
        times[edit] = derive_one(study, material.data, edited, derived.responses, derived.best)
    return times


def _table(material: Material, one: Shown) -> Any:
    from survival.tables.sensitivity import SENSITIVITY, sensitivity_table
    from survival.tables.time_to_event_analyses import Analysis

    given = material.study.analysis
    analysis = Analysis(
        reference=comparable_reference(material, one),
        unit=given.unit,
        conf_type=given.conf_type,
        convention=given.convention,
        strata=tuple(given.strata),
        ties=given.ties,
    )
    shell = _shell(material, one, SENSITIVITY, "Sensitivity analyses")
    return sensitivity_table(_times(material, one), material.by[0] if material.by else None, shell, analysis)


def _listing(material: Material, one: Shown) -> Any:
    from survival.tables.sensitivity import MOVED, moved_listing

    shell = _shell(material, one, MOVED, "Subjects moved by a sensitivity analysis")
    return moved_listing(_times(material, one), shell)


def _shell(material: Material, one: Shown, shell: Any, title: str) -> Any:
    """The words of the grid or listing, with the start and the rules of the analysis that the edits depart from."""
    study, name = material.study, one.names[0]
    first, *rest = time_notes(study, spec_of(study, name), material.subjects(one.reading))
    noted = replace(shell, footnotes=(f"Main analysis: {first[0].lower()}{first[1:]}", *rest))
    return shell_of(material, one, noted, f"{title}: {title_of(study, name)}")


DISPLAYS = (
    DisplayKind(
        name="sensitivity_table",
        form="table",
        place=40,
        sentence="One endpoint under several sets of rules: events, medians, hazard ratios, moved subjects.",
        outcome="time",
        takes=READING,
        wanted=lambda material: _wanted("sensitivity_table", material),
        make=_table,
    ),
    DisplayKind(
        name="sensitivity_listing",
        form="listing",
        place=240,
        sentence="Every subject whose outcome a sensitivity analysis changes, with both reasons.",
        outcome="time",
        takes=READING,
        wanted=lambda material: _wanted("sensitivity_listing", material),
        make=_listing,
    ),
)
