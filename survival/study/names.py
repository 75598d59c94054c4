"""Faults of names in a study file: criteria, endpoints, populations and settings that do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_type_hints

from survival.study.display_faults import display_faults, unread_faults
from survival.study.leukaemia import leukaemia_faults
from survival.study.load import TABLES
from survival.study.model import Study
from survival.study.outcome_faults import outcome_faults
from survival.study.readers import reader_faults
from survival.study.shape import name_fault, show, table_name, value_fault
from survival.study.source import Fault, Key, nearest
from survival.study.time_frame import REMEDY, frame_days


def name_faults(study: Study) -> Iterator[Fault]:
    """Everything in a well-shaped study file that does not exist or does not fit together."""
    yield from _data_faults(study)
    yield from _criteria_faults(study)
    yield from _response_faults(study)
    yield from reader_faults(study)
    yield from leukaemia_faults(study)
    yield from _frame_faults(study)
    yield from _schedule_faults(study)
    yield from _arm_faults(study)
    yield from _population_faults(study)
    yield from _repeated(study)
    yield from display_faults(study)
    outcomes = list(outcome_faults(study))
    yield from outcomes or unread_faults(study)


def _data_faults(study: Study) -> Iterator[Fault]:
    data = study.data
    if data.sdtm is None and data.lesions is None and data.marrow is None:
        yield (
            ("data",),
            'neither lesions nor sdtm is named in [data]. Add lesions = "lesions.csv" (or sdtm = a folder; '
            "marrow for acute leukaemia).",
        )
    if data.marrow is not None and (data.lesions is not None or data.sdtm is not None):
        yield (
            ("data", "marrow"),
            "marrow stands beside lesions. A study has one of them: leave the other out.",
        )
    for name in data.columns:
        yield from name_fault(("data", "columns", name), "table", name, list(TABLES))
    if data.sdtm is not None and data.lesions is not None:
        yield ("data", "sdtm"), "both sdtm and lesions are named in [data]. Keep one of them."
    if data.sdtm is None and data.subjects is None:
        yield ("data",), 'subjects is missing in [data]. Add subjects = "subjects.csv".'
    if data.sdtm is None and data.responses == "recorded":
        yield (
            ("data", "responses"),
            "recorded responses are read from SDTM (RS) alone. Name the folder as sdtm.",
        )
    for name, what, file in (
        ("adverse_events", "events", "adverse_events.csv"),
        ("qlq_c30", "questionnaires", "qlq_c30.csv"),
    ):
        if name in study.model_fields_set and getattr(data, name) is None:
            yield (name,), f'[{name}] needs the {what}. Add {name} = "{file}" to [data].'
    if data.responses == "derived" and data.recorded.where:
        yield (
            ("data", "recorded"),
            '[data.recorded] is for responses = "recorded". Add that to [data], or leave it out.',
        )


def _criteria_faults(study: Study) -> Iterator[Fault]:
    from recist import Criteria, all_criteria

    known = list(all_criteria())
    for name, edits in study.criteria.items():
        base = edits.get("base", name)
        key: Key = ("criteria", name, "base") if "base" in edits else ("criteria", name)
        if base not in known:
            yield key, f"criteria '{base}' is not known.{nearest(str(base), known)}"
        yield from _edit_faults(Criteria, ("criteria", name), edits, skip=("base",))


def _response_faults(study: Study) -> Iterator[Fault]:
    from recist import BestResponseRules, get_rules

    response = study.response
    yield from name_fault(("response", "criteria"), "criteria", response.criteria, study.criteria)
    yield from _edit_faults(BestResponseRules, ("response", "rules"), response.rules)
    if response.preset is not None:
        try:
            get_rules(response.preset)
        except (ValueError, KeyError) as error:
            yield ("response", "preset"), str(error.args[0])


def _schedule_faults(study: Study) -> Iterator[Fault]:
    """A change of the schedule needs both its interval and the week from which it counts."""
    plan = study.schedule
    if plan is not None and (plan.then_every_weeks is None) != (plan.from_week is None):
        yield (
            ("schedule",),
            "then_every_weeks and from_week go together: the later interval, and the week from which it counts.",
        )


def _frame_faults(study: Study) -> Iterator[Fault]:
    """Time frames that cannot be read."""
    events = study.adverse_events
    written: list[tuple[Key, str | None]] = [
        (("adverse_events", "frame"), events.frame),
        (("adverse_events", "dose_limiting_frame"), events.dose_limiting_frame),
        (("leukaemia", "window"), study.leukaemia.window if study.leukaemia else None),
        *((("endpoint", number, "frame"), spec.frame) for number, spec in enumerate(study.endpoint)),
        *(
            (("endpoint", number, "sensitivity", name, "frame"), edit.frame)
            for number, spec in enumerate(study.endpoint)
            for name, edit in spec.sensitivity.items()
        ),
    ]
    for key, text in written:
        if text is not None and frame_days(text) is None:
            yield key, f"{key[-1]} = {show(text)} is no time frame. {REMEDY}"


def _edit_faults(kind: Any, key: Key, edits: dict[str, Any], skip: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Edits of a rules value: only fields that are conventions, only values of their type."""
    hints = get_type_hints(kind)
    known = [f.name for f in fields(kind) if "sentence" in f.metadata]
    for name, value in edits.items():
        if name in skip:
            continue
        if name not in known:
            words = nearest(name, [*skip, *known])
            yield (*key, name), f"unknown setting '{name}' in {table_name(key)}.{words}"
        else:
            yield from value_fault((*key, name), hints[name], value)


def _arm_faults(study: Study) -> Iterator[Fault]:
    arms = study.arms
    if arms is None or not arms.order:
        return
    yield from name_fault(("arms", "reference"), "arm", arms.reference, arms.order)
    for label in arms.labels:
        yield from name_fault(("arms", "labels", label), "arm", label, arms.order)


def _population_faults(study: Study) -> Iterator[Fault]:
    for name, population in study.populations.items():
        if name == "all":
            yield (
                ("populations", name),
                "'all' is every subject of the data and cannot be redefined. Rename it.",
            )
        if not (population.flag or population.has or population.where or population.assessed):
            yield (
                ("populations", name),
                f"population '{name}' has no condition. Add flag, has, where or assessed.",
            )
    known = ["all", *study.populations]
    names = [spec.name for spec in study.endpoint]
    for name in study.analysis.subgroup_endpoints:
        yield from name_fault(("analysis", "subgroup_endpoints"), "endpoint", name, names)
    yield from name_fault(("analysis", "population"), "population", study.analysis.population, known)
    for table, key in (
        ("adverse_events", "population"),
        ("adverse_events", "dose_limiting_population"),
        ("qlq_c30", "population"),
    ):
        yield from name_fault((table, key), "population", getattr(getattr(study, table), key), known)


def _repeated(study: Study) -> Iterator[Fault]:
    """A word that stands twice in a list where each may stand once."""
    lists: list[tuple[Key, list[str]]] = [
        (("arms", "order"), study.arms.order if study.arms else []),
        (("analysis", "strata"), study.analysis.strata),
        (("analysis", "subgroups"), study.analysis.subgroups),
        (("qlq_c30", "scales"), study.qlq_c30.scales),
        (("displays", "figures_as"), [*study.displays.figures_as]),
    ]
    for key, words in lists:
        for word in dict.fromkeys(word for word in words if words.count(word) > 1):
            yield key, f"'{word}' is named twice in {key[-1]}. Leave one out."
