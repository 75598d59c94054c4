"""The outcomes a study file can name: response rates, and the endpoints of `survival.endpoints`."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

from survival.study.model import EndpointSpec, Study

_OWN_KEYS = {"evaluator", "criteria"}  # keys of [[endpoint]] themselves

if TYPE_CHECKING:
    from survival.endpoint import Endpoint

RATE_KEYS = {"orr": "ORR", "cr": "CR", "dcr": "DCR", "cbr": "CBR"}  # key in the file -> name in response_rate


@cache
def endpoint_keys() -> tuple[str, ...]:
    """Every key that `[[endpoint]]` takes."""
    from survival.endpoints import all_endpoints

    return (*RATE_KEYS, *all_endpoints())


def endpoint_situations(key: str) -> list[str]:
    """The situations that can be struck out of an endpoint; a rate has none."""
    from survival.endpoints import get_endpoint

    return [] if key in RATE_KEYS else [situation.rule for situation in get_endpoint(key).situations]


@cache
def endpoint_settings(key: str) -> dict[str, Any]:
    """Setting -> type, for the settings of an endpoint that the file can edit."""
    if key in RATE_KEYS:
        return {}
    from survival.endpoint import Endpoint

    hints = get_type_hints(Endpoint)
    return {
        f.name: hints[f.name]
        for f in fields(Endpoint)
        if "sentence" in f.metadata and f.name not in _OWN_KEYS
    }


def edited_endpoint(spec: EndpointSpec, study: Study) -> Endpoint:
    """The endpoint of a study: situations struck out, settings replaced, named as the study names it."""
    from survival.endpoints import get_endpoint
    from survival.fact_sources import SUBJECT_DATES

    endpoint = get_endpoint(spec.key)
    settings: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in spec.settings.items()
    }
    if set(endpoint.start) <= set(SUBJECT_DATES):  # not those that start with a response
        settings.setdefault("start", (study.study.start_date,))
    endpoint = endpoint.without(*spec.without) if spec.without else endpoint
    return replace(endpoint, name=spec.name, **settings)
