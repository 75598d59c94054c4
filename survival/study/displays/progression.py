"""What made progression, what confirmation changed of it, and what other criteria say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from recist import get_criteria
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
from survival.study.notes import reading_text
from survival.study.outcomes import derive_one, time_endpoints
from survival.study.reading import Reading, labels, of_reading, reading

PROGRESSION = "pfs", "ipfs"  # keys of endpoints whose event is progression or death
IMMUNE, PLAIN = "irecist", "recist_1_1"


def _reasons_wanted(material: Material) -> Iterator[Shown]:
    """One per progression-free survival that is made of derived responses."""
    for one in each_time("progression_reason_table", material):
        base = spec_of(material.study, one.names[0]).key.split("_")[0]
        if base in PROGRESSION and "target" in material.derived.responses:
            yield one


def _reasons(material: Material, one: Shown) -> Any:
    from survival.tables.progression_reasons import PROGRESSION, progression_reason_table

    study, name = material.study, one.names[0]
    endpoint = edited_endpoint(spec_of(study, name), study)
    shell = time_shell(material, one, PROGRESSION, f"{PROGRESSION.title}: {title_of(study, name)}")
    seen, tte = material.responses(one.reading), material.derived.tte[name]
    return progression_reason_table(tte, seen, endpoint, material.by or None, shell, material.data.lesions)


def _label(study: Any, name: str) -> str | None:
    """The criteria of the study that are, or are an edit of, the named ones."""
    return next((label for label in labels(study).values() if label.split("[")[0] == name), None)


def main_reading(material: Material) -> Reading | None:
    """The reading of the first endpoint that is made of responses."""
    from survival.study.notes import uses_responses

    specs = [spec for spec in material.study.endpoint if uses_responses(material.study, spec)]
    return reading(material.study, specs[0], material.data) if specs else None


def _shift_wanted(material: Material) -> Iterator[Shown]:
    """Where a study has both iRECIST and RECIST 1.1."""
    both = _label(material.study, IMMUNE) and _label(material.study, PLAIN)
    which = main_reading(material) if both and material.data.recorded is None else None
    if which is not None:
        under = replace(which, criteria=str(_label(material.study, IMMUNE)), frame_days=None)
        yield one_display("immune_shift_table", material.study, (), under, "immune_shift")


def _shift(material: Material, one: Shown) -> Any:
    from survival.tables.immune_shift import SHIFT, immune_shift_table

    plain = replace(one.reading, criteria=str(_label(material.study, PLAIN)))
    shell = shell_of(material, one, SHIFT, SHIFT.title)
    best = material.best(plain), material.best(one.reading)
    seen, subjects = material.responses(one.reading), material.subjects(one.reading)
    return immune_shift_table(best, seen, subjects, material.by or None, shell, material.best_column)


def _compared_wanted(material: Material) -> Iterator[Shown]:
    """Where a study has several criteria."""
    several = len(set(labels(material.study).values())) > 1 and material.data.lesions is not None
    which = main_reading(material) if several and material.data.recorded is None else None
    if which is not None:
        one = replace(which, frame_days=None)
        yield one_display("criteria_table", material.study, (), one, "criteria")


def _compared(material: Material, one: Shown) -> Any:
    from survival.tables.criteria_compared import COMPARED, criteria_table
    from survival.tables.time_to_event_analyses import Analysis

    study, subjects, given = material.study, material.subjects(one.reading), material.study.analysis
    names = list(dict.fromkeys(labels(study).values()))
    readings = [replace(one.reading, criteria=name) for name in names]
    seen, best = (
        pd.concat([of_reading(frame, which, subjects) for which in readings], ignore_index=True)
        for frame in (material.derived.responses, material.derived.best)
    )
    times = _times(material)
    shell = shell_of(material, one, COMPARED, COMPARED.title)
    if not one.words.title:
        reader = reading_text(study, one.reading).rsplit(", ", 1)[-1]
        shell = replace(shell, title=f"{COMPARED.title} ({reader})")
    return criteria_table(
        seen,
        best,
        subjects,
        material.by or None,
        shell,
        times,
        titles={name: get_criteria(name).title for name in names},
        column=material.best_column,
        endpoint="Progression-free survival",
        analysis=Analysis(unit=given.unit, conf_type=given.conf_type, convention=given.convention),
    )


def _times(material: Material) -> dict[str, pd.DataFrame]:
    """Progression-free survival under each criteria; under iRECIST that of confirmed progression."""
    study, derived = material.study, material.derived
    specs = {spec.key: spec for spec in reversed(time_endpoints(study)) if spec.key in PROGRESSION}
    if not specs:
        return {}
    base, times = specs.get("pfs") or specs["ipfs"], {}
    for name, label in labels(study).items():
        key = "ipfs" if label.split("[")[0] == IMMUNE else "pfs"
        same = {"criteria": name, "endpoint": key, "frame": base.frame}
        spec = base.model_copy(update=same | ({} if base.key == key else {"settings": {}, "without": []}))
        times[label] = derive_one(study, material.data, spec, derived.responses, derived.best)
    return times


DISPLAYS = (
    DisplayKind(
        name="progression_reason_table",
        form="table",
        place=36,
        sentence="What made progression: targets, non-targets, new lesions and their sites, death.",
        outcome="time",
        takes=READING,
        wanted=_reasons_wanted,
        make=_reasons,
    ),
    DisplayKind(
        name="immune_shift_table",
        form="table",
        place=45,
        sentence="iRECIST against RECIST: best responses crossed, fate of the first iUPD, pseudo-progression.",
        takes=("population", "evaluator"),
        wanted=_shift_wanted,
        make=_shift,
    ),
    DisplayKind(
        name="criteria_table",
        form="table",
        place=46,
        sentence="Several criteria on the same readings: best responses, dates of progression, survival.",
        takes=("population", "evaluator"),
        wanted=_compared_wanted,
        make=_compared,
    ),
)
