"""Event-free rates at fixed times, and the depth of response."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from survival.study.display import (
    READING,
    DisplayKind,
    Material,
    Shown,
    shell_of,
    spec_of,
    time_shell,
    title_of,
)
from survival.study.displays.best_response import of_rates
from survival.study.displays.time_to_event import comparable_reference, each_time

DAYS = (91.0, 182.0, 274.0, 365.0, 548.0, 730.0)  # 3, 6, 9, 12, 18, 24 months where the study counts in days


def _rates_wanted(material: Material) -> Iterator[Shown]:
    """One per endpoint with subjects; of responders alone it says nothing when they responded."""
    for one in each_time("landmark_table", material):
        responding = spec_of(material.study, one.names[0]).key.startswith("ttr")
        if len(material.derived.tte[one.names[0]]) and not responding:
            yield one


def _rates(material: Material, one: Shown) -> Any:
    from survival.results import DAYS_PER
    from survival.tables.landmark_rates import LANDMARKS, MONTHS, landmark_table
    from survival.tables.time_to_event_analyses import Analysis

    given, tte = material.study.analysis, material.derived.tte[one.names[0]]
    usual = {"months": MONTHS, "days": DAYS}[given.unit]
    last = tte["time"].max() / DAYS_PER[given.unit]
    times = sorted({*(time for time in usual if time <= last), *given.times})
    analysis = Analysis(
        reference=comparable_reference(material, one),
        times=tuple(times or usual[:1]),
        unit=given.unit,
        conf_type=given.conf_type,
        convention=given.convention,
    )
    title = f"{LANDMARKS.title}: {title_of(material.study, one.names[0])}"
    return landmark_table(tte, material.by or None, time_shell(material, one, LANDMARKS, title), analysis)


def _depth_wanted(material: Material) -> Iterator[Shown]:
    """One per reading that has sums of diameters."""
    for one in of_rates("depth_table", material):
        responses = material.responses(one.reading)
        if "change_from_baseline_pct" in responses and responses["change_from_baseline_pct"].notna().any():
            yield one


def _depth(material: Material, one: Shown) -> Any:
    from survival import depth_of_response
    from survival.tables.depth import DEPTH, depth_table

    subjects, best = material.subjects(one.reading), material.best(one.reading)
    depth = depth_of_response(material.responses(one.reading), subjects, best)
    return depth_table(depth, material.by or None, shell_of(material, one, DEPTH, DEPTH.title))


DISPLAYS = (
    DisplayKind(
        name="depth_table",
        form="table",
        place=14,
        sentence="Depth of response: the best change of the sum of diameters, summarised.",
        outcome="rate",
        takes=READING,
        wanted=_depth_wanted,
        make=_depth,
    ),
    DisplayKind(
        name="landmark_table",
        form="table",
        place=32,
        sentence="Event-free rates at fixed times: at risk, events, censored, rate, error, limits, differences.",
        outcome="time",
        takes=READING,
        wanted=_rates_wanted,
        make=_rates,
    ),
)
