"""The study file as a JSON schema, so that an editor completes keys and marks mistakes while one types."""

from __future__ import annotations

from typing import Any

import recist
from survival.study.displays import all_displays
from survival.study.keys import KEYS
from survival.study.known import endpoint_keys
from survival.study.model import Study

SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def study_schema() -> dict[str, Any]:
    """The schema of a study file, with the criteria, endpoints and displays that exist as the words to choose from.

    Examples
    --------
    >>> "pfs" in study_schema()["$defs"]["EndpointSpec"]["properties"]["endpoint"]["anyOf"][0]["enum"]
    True
    """
    schema = Study.model_json_schema()
    parts = schema["$defs"]
    for model, keys in KEYS.items():
        properties = (schema if model == Study.__name__ else parts[model])["properties"]
        for key, sentence in keys.items():
            properties[key]["description"] = sentence
    _choose(parts["EndpointSpec"], "endpoint", endpoint_keys())
    _choose(parts["Edit"], "endpoint", endpoint_keys())
    _choose(parts["Display"], "kind", all_displays())
    _choose(parts["Leukaemia"], "criteria", recist.all_leukaemia_criteria())
    names = "|".join(sorted(recist.all_criteria()))
    schema["properties"]["criteria"]["description"] = (
        f"A table per criteria: {names}, or a name of your own with base."
    )
    return {"$schema": SCHEMA, "title": "Study file", **schema}


def _choose(part: dict[str, Any], key: str, words: Any) -> None:
    """Limit a text to known words."""
    field = part["properties"][key]
    text = field["anyOf"][0] if "anyOf" in field else field
    text["enum"] = list(words)
