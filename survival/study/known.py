"""The outcomes a study file can name: response rates, and the endpoints of `survival.endpoints`."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

from survival.study.model import EndpointSpec, Study
from survival.study.time_frame import frame_days

_OWN_KEYS = {"evaluator", "criteria"}  # keys of [[endpoint]] themselves

if TYPE_CHECKING:
    from survival.endpoint import Endpoint

FIRST = "time_to_first"  # key of an endpoint that the study file makes of columns of dates
_ANY = "_any"  # ending of the endpoints that ask for no confirmation
DETERIORATION = "ttd"  # key of the endpoint that is made of questionnaires instead of responses
RATE_KEYS = {"orr": "ORR", "cr": "CR", "dcr": "DCR", "cbr": "CBR"}  # key in the file -> name in response_rate


@cache
def endpoint_keys() -> tuple[str, ...]:
    """Every key that `[[endpoint]]` takes."""
    from survival.endpoints import all_endpoints

    return (*RATE_KEYS, FIRST, *all_endpoints())


def endpoint_situations(key: str) -> list[str] | None:
    """The situations that can be struck out of an endpoint; a rate has none, those of columns are not known yet."""
    from survival.endpoints import get_endpoint

    if key == FIRST:
        return None
    return [] if key in RATE_KEYS else [situation.rule for situation in get_endpoint(key).situations]


@cache
def endpoint_settings(key: str) -> dict[str, Any]:
    """Setting -> type, for the settings of an endpoint that the file can edit."""
    if key in RATE_KEYS:
        return _benefit_settings() if key in ("dcr", "cbr") else {}
    from survival.endpoint import Endpoint
    from survival.endpoints import get_endpoint

    kind = Endpoint if key == FIRST else type(get_endpoint(key))
    hints = get_type_hints(kind)
    columns = dict.fromkeys(("events", "stops", "followed"), dict[str, str] | list[str] | str)
    return {
        f.name: hints[f.name] for f in fields(kind) if "sentence" in f.metadata and f.name not in _OWN_KEYS
    } | (columns if key == FIRST else {})


def _benefit_settings() -> dict[str, Any]:
    """Setting -> type, of what counts as disease control and clinical benefit."""
    from survival.clinical_benefit import BenefitRules

    hints = get_type_hints(BenefitRules)
    return {f.name: hints[f.name] for f in fields(BenefitRules)}


def edited_endpoint(spec: EndpointSpec, study: Study) -> Endpoint:
    """The endpoint of a study: situations struck out, settings replaced, named as the study names it."""
    from survival.fact_sources import SUBJECT_DATES

    own = study.qlq_c30.settings | spec.settings if spec.key == DETERIORATION else spec.settings
    settings = _schedule(study) | _frame(spec) | {name: _fixed(value) for name, value in own.items()}
    if spec.key == FIRST:
        return _time_to_first(spec, {"start": (study.study.start_date,)} | settings)
    from survival.endpoints import get_endpoint
    from survival.qlq_c30.endpoint import Deterioration

    endpoint = get_endpoint(spec.key)
    if set(endpoint.start) <= set(SUBJECT_DATES):  # not those that start with a response
        settings.setdefault("start", (study.study.start_date,))
    endpoint = endpoint.without(*spec.without) if spec.without else endpoint
    if isinstance(endpoint, Deterioration) and "scale" in settings:
        endpoint = endpoint.of(settings["scale"])
    return _with_own_dates(replace(endpoint, name=spec.name, **settings))


def _with_own_dates(endpoint: Endpoint) -> Endpoint:
    """The endpoint told of the column it starts from, when that is the study's own."""
    from survival.endpoint import KNOWN
    from survival.fact_sources import SUBJECT_DATES

    own = [name for name in endpoint.start if name not in KNOWN and name not in SUBJECT_DATES]
    return replace(endpoint, columns=tuple(dict.fromkeys((*endpoint.columns, *own)))) if own else endpoint


def edited_spec(spec: EndpointSpec, name: str) -> EndpointSpec:
    """An outcome under one of its sensitivity edits: what the edit says replaces, settings are added to."""
    edit = spec.sensitivity[name]
    given = edit.model_dump(exclude_unset=True, exclude={"confirmation"})
    if edit.confirmation is not None:
        key = edit.endpoint or spec.key
        given["endpoint"] = confirmed_twin(key, edit.confirmation) or key
    base: dict[str, Any] = {"settings": spec.settings, "without": spec.without}
    if edit.endpoint not in (None, spec.key):
        base = {"settings": {}, "without": []}  # those were written for the other endpoint
    given["settings"] = base["settings"] | given.get("settings", {})
    given.setdefault("without", base["without"])
    given.setdefault("endpoint", spec.key)
    return spec.model_copy(update={**given, "sensitivity": {}})


def twins() -> list[str]:
    """The endpoints that exist twice: of confirmed responses, and of any response."""
    return [key for key in endpoint_keys() if f"{key}{_ANY}" in endpoint_keys()]


def confirmed_twin(key: str, confirmation: bool) -> str | None:
    """The same endpoint of confirmed responses, or of any; None where confirmation plays no part."""
    plain = key.removesuffix(_ANY)
    if plain not in twins():
        return None
    return plain if confirmation else f"{plain}{_ANY}"


def _time_to_first(spec: EndpointSpec, settings: dict[str, Any]) -> Endpoint:
    """The endpoint that the study file makes of columns of dates."""
    from survival.time_to_first import time_to_first

    title = {"title": spec.title} if spec.title else {}
    endpoint = time_to_first(spec.name, **settings, **title)
    return endpoint.without(*spec.without) if spec.without else endpoint


def _schedule(study: Study) -> dict[str, Any]:
    """What the schedule of assessments says: two missed in a row are a gap of two intervals and both windows."""
    if (plan := study.schedule) is None:
        return {}
    interval, window = round(7 * plan.every_weeks), plan.window_days
    said = {
        "max_gap_days": 2 * interval + 2 * window,
        "visit_interval_days": interval,
        "visit_window_days": window,
    }
    if plan.then_every_weeks is not None and plan.from_week is not None:
        said["later_gap_days"] = 2 * round(7 * plan.then_every_weeks) + 2 * window
        said["later_gap_from_day"] = round(7 * plan.from_week) - window
    return said


def _frame(spec: EndpointSpec) -> dict[str, Any]:
    """The time frame after which nothing counts: it ends that many days after the start, whose time is `first_day`."""
    days = None if spec.frame is None else frame_days(spec.frame)
    return {} if days is None else {"frame_days": days + spec.settings.get("first_day", 1)}


def _fixed(value: Any) -> Any:
    """Lists of the file as tuples."""
    return tuple(value) if isinstance(value, list) else value
