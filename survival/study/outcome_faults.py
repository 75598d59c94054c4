"""Faults in [[endpoint]] with its sensitivity analyses, [[proportion]] and [qlq_c30]."""

from __future__ import annotations

from collections.abc import Iterator

from survival.study.known import (
    DETERIORATION,
    FIRST,
    RATE_KEYS,
    confirmed_twin,
    edited_spec,
    endpoint_keys,
    endpoint_settings,
    endpoint_situations,
    twins,
)
from survival.study.model import EndpointSpec, Study
from survival.study.shape import name_fault, value_fault
from survival.study.source import Fault, Key, nearest


def outcome_faults(study: Study) -> Iterator[Fault]:
    """Everything in the outcomes that does not exist or does not fit together."""
    yield from _twice(study)
    for number, spec in enumerate(study.endpoint):
        yield from _endpoint_faults(study, number, spec)
    yield from _proportion_faults(study)
    yield from _questionnaire_faults(study)


def _twice(study: Study) -> Iterator[Fault]:
    """Two outcomes of one kind that have one name."""
    for table, many in (("endpoint", "endpoints"), ("proportion", "proportions")):
        names: set[str] = set()
        for number, spec in enumerate(getattr(study, table)):
            if spec.name in names:
                yield (table, number, "name"), f"two {many} are named '{spec.name}'. Rename one."
            names.add(spec.name)


def _endpoint_faults(study: Study, number: int, spec: EndpointSpec) -> Iterator[Fault]:
    key: Key = ("endpoint", number)
    if spec.key not in endpoint_keys():
        at = (*key, "endpoint") if spec.endpoint else (*key, "name")
        yield at, f"endpoint '{spec.key}' is not known.{nearest(spec.key, endpoint_keys())}"
        return
    yield from name_fault((*key, "criteria"), "criteria", spec.criteria, study.criteria)
    yield from name_fault((*key, "population"), "population", spec.population, ["all", *study.populations])
    if (there := endpoint_situations(spec.key)) is not None:
        for rule in spec.without:
            yield from name_fault((*key, "without"), f"situation of {spec.key}", rule, there)
    yield from _needed(study, key, spec)
    yield from _setting_faults((*key, "settings"), spec.key, spec.settings)
    yield from _sensitivity_faults(study, number, spec)


def _needed(study: Study, key: Key, spec: EndpointSpec) -> Iterator[Fault]:
    """What an outcome cannot do without: the dates of a first event; questionnaires and a scale."""
    if spec.key == FIRST and not spec.settings.get("events"):
        example = 'settings = { events = ["relapse_date"], stops = ["death_date"] }'
        yield key, f"'{spec.name}' does not say which dates are its events. Add {example}."
    if spec.key != DETERIORATION:
        return
    if study.data.qlq_c30 is None:
        yield key, f"'{spec.name}' is made of questionnaires. Add qlq_c30 = \"qlq_c30.csv\" to [data]."
    if "scale" not in study.qlq_c30.settings | spec.settings:
        yield (
            key,
            f"'{spec.name}' does not say whose deterioration it is. Add settings = {{ scale = \"QL2\" }}.",
        )


def _setting_faults(key: Key, endpoint: str, settings: dict[str, object]) -> Iterator[Fault]:
    """Settings that the endpoint does not have, or values that they do not take."""
    known = endpoint_settings(endpoint)
    for name, value in settings.items():
        at = (*key, name)
        if name not in known:
            yield at, f"unknown setting '{name}' for {endpoint}.{nearest(name, known)}"
        elif endpoint == DETERIORATION and name == "scale" and isinstance(value, str):
            yield from _scale_fault(at, value)
        else:
            yield from value_fault(at, known[name], value)


def _scale_fault(key: Key, scale: str) -> Iterator[Fault]:
    from survival.qlq_c30.scales import SCALES

    yield from name_fault(key, "scale", scale, list(SCALES))


def _sensitivity_faults(study: Study, number: int, spec: EndpointSpec) -> Iterator[Fault]:
    """An edit of an outcome is held against what is known just as the outcome itself."""
    for name, edit in spec.sensitivity.items():
        at: Key = ("endpoint", number, "sensitivity", name)
        edited = edited_spec(spec, name)
        if (edited.key in RATE_KEYS) != (spec.key in RATE_KEYS):
            yield (
                (*at, "endpoint"),
                f"'{edited.key}' is not an outcome of the kind of '{spec.key}': a rate stays a rate, a time a time.",
            )
            continue
        base, is_rate = edit.endpoint or spec.key, spec.key in RATE_KEYS
        if edit.confirmation is not None and not is_rate and confirmed_twin(base, edit.confirmation) is None:
            known = ", ".join(twins())
            yield (
                (*at, "confirmation"),
                f"confirmation plays no part in '{base}'. It is for rates and for {known}.",
            )
        for key, message in _endpoint_faults(study, number, edited):
            yield (*at, *key[2:]), message


def _proportion_faults(study: Study) -> Iterator[Fault]:
    known = ["all", *study.populations]
    for number, spec in enumerate(study.proportion):
        yield from name_fault(("proportion", number, "population"), "population", spec.population, known)
        if not (spec.flag or spec.has or spec.where):
            yield (
                ("proportion", number),
                f"proportion '{spec.name}' has no condition. Add flag, has or where.",
            )


def _questionnaire_faults(study: Study) -> Iterator[Fault]:
    """Scales and rules of deterioration that do not exist."""
    for scale in study.qlq_c30.scales:
        yield from _scale_fault(("qlq_c30", "scales"), scale)
    yield from _setting_faults(("qlq_c30", "settings"), DETERIORATION, study.qlq_c30.settings)
