"""Reasons for censoring of every time to an event; follow-up and how the schedule was kept."""

from __future__ import annotations

from collections.abc import Iterator
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
    time_shell,
    title_of,
)
from survival.study.displays.time_to_event import each_time
from survival.study.known import edited_endpoint
from survival.study.model import EndpointSpec
from survival.study.outcomes import derive_one, time_endpoints
from survival.study.reading import reading


def _censoring_wanted(material: Material) -> Iterator[Shown]:
    """One per endpoint with subjects."""
    for one in each_time("censoring_table", material):
        if len(material.derived.tte[one.names[0]]):
            yield one


def _censoring(material: Material, one: Shown) -> Any:
    from survival.tables.censoring import CENSORING, censoring_table

    study, name = material.study, one.names[0]
    shell = time_shell(material, one, CENSORING, f"Reasons for censoring: {title_of(study, name)}")
    endpoint = edited_endpoint(spec_of(study, name), study)
    tte = material.derived.tte[name]
    return censoring_table(tte, material.by or None, shell, endpoint, study.analysis.unit)


def _adherence_wanted(material: Material) -> Iterator[Shown]:
    """One per reading behind a time to an event that is made of responses, where the schedule is known."""
    study = material.study
    if study.schedule is None or material.data.lesions is None:
        return
    if study.schedule.then_every_weeks is not None:
        return  # what is due is counted for one interval alone
    specs = [spec for spec in time_endpoints(study) if spec.key in ("pfs", "ttp", "ipfs")]
    for which in dict.fromkeys(reading(study, spec, material.data) for spec in specs):
        yield one_display("follow_up_table", study, (), which, "follow_up")


def _whole(material: Material, spec: EndpointSpec) -> pd.DataFrame:
    """Overall survival without a time frame, which would end the follow-up of everyone."""
    settings = {name: value for name, value in spec.settings.items() if not name.startswith("frame_")}
    whole = spec.model_copy(update={"frame": None, "settings": settings})
    derived = material.derived
    return derive_one(material.study, material.data, whole, derived.responses, derived.best)


def _adherence(material: Material, one: Shown) -> Any:
    from survival.adherence import AssessmentPlan
    from survival.tables.follow_up import FOLLOW_UP, follow_up_table

    study = material.study
    assert study.schedule is not None  # not wanted otherwise
    plan = AssessmentPlan(
        every_days=round(7 * study.schedule.every_weeks),
        window_days=study.schedule.window_days,
        start=study.study.start_date,
    )
    deaths = next((spec for spec in study.endpoint if spec.key == "os"), None)
    return follow_up_table(
        material.responses(one.reading),
        material.subjects(one.reading),
        plan,
        material.by or None,
        shell_of(material, one, FOLLOW_UP, FOLLOW_UP.title),
        None if deaths is None else _whole(material, deaths),
        study.analysis.unit,
        conf_type=study.analysis.conf_type,
        convention=study.analysis.convention,
    )


DISPLAYS = (
    DisplayKind(
        name="censoring_table",
        form="table",
        place=35,
        sentence="Censored subjects by reason, and how long before the cutoff they were last seen.",
        outcome="time",
        takes=READING,
        wanted=_censoring_wanted,
        make=_censoring,
    ),
    DisplayKind(
        name="follow_up_table",
        form="table",
        place=55,
        sentence="Median follow-up; assessments due, kept and missed.",
        takes=READING,
        wanted=_adherence_wanted,
        make=_adherence,
    ),
)
