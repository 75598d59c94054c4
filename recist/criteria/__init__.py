"""The criteria: one file each in this folder, found by walking it.

`get_criteria("recist_1_1")` is the published one; `get_criteria("recist_1_1[cr_with_nt_ne=NE]")` the same
with a convention edited, as `criteria.label` writes it.
"""

from __future__ import annotations

import pkgutil
import typing
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from recist.criteria.base import BestResponseRules, Criteria
from recist.errors import InputError

Rules = TypeVar("Rules", bound=BestResponseRules)
_SEVERAL = {"mrecist": ("mrecist_hcc", "mrecist_mpm")}  # one word, several published rules


def all_criteria() -> dict[str, Criteria]:
    """Every criteria by name, in alphabetical order.

    >>> "recist_1_1" in all_criteria()
    True
    """
    return {name: _load(name) for name in criteria_names()}


def get_criteria(name: str | Criteria) -> Criteria:
    """The criteria of that name or label; a `Criteria` value is returned as it is.

    Raises InputError for an unknown name, an unknown field or a value the field does not take.

    >>> get_criteria("recist_1_1[min_sd_days=56]").min_sd_days
    56
    """
    if isinstance(name, Criteria):
        return name
    base, _, edits = name.removesuffix("]").partition("[")
    return with_edits(_load(known_name(base, criteria_names())), edits)


def label_of(criteria: Criteria) -> str:
    """Name and edits of a criteria value, readable back by `get_criteria`."""
    published = _load(criteria.name) if criteria.name in criteria_names() else criteria
    before = published.conventions()
    edits = [f"{field}={value}" for field, value in criteria.conventions().items() if before[field] != value]
    return f"{criteria.name}[{', '.join(edits)}]" if edits else criteria.name


def criteria_names() -> list[str]:
    """Names of the files of this folder that define a criteria."""
    return list(_files(tuple(__path__)))


@cache
def _files(folders: tuple[str, ...]) -> tuple[str, ...]:
    """The files of these folders but the base, read once."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(folders) if module.name != "base"))


@cache
def _load(name: str) -> Criteria:
    criteria: Criteria = import_module(f"recist.criteria.{name}").CRITERIA
    return criteria


def known_name(name: str, names: list[str]) -> str:
    """The name when it is one of them; raises InputError with the nearest otherwise."""
    if name in names:
        return name
    if name in _SEVERAL:
        raise InputError(f"{name!r} names several criteria: {', '.join(_SEVERAL[name])}. Choose one of them.")
    near = get_close_matches(name.lower().replace(" ", "_").replace(".", "_"), names, n=1, cutoff=0.4)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise InputError(f"No criteria named {name!r}.{hint} Known: {', '.join(names)}.")


def with_edits(rules: Rules, edits: str) -> Rules:
    """The rules with the conventions edited as a label says: `field=value, field=value`."""
    for edit in filter(None, (part.strip() for part in edits.split(","))):
        rules = _edited(rules, edit)
    return rules


def _edited(criteria: Rules, edit: str) -> Rules:
    field, equals, text = (part.strip() for part in edit.partition("="))
    if not equals or field not in criteria.conventions():
        near = get_close_matches(field, criteria.conventions(), n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise InputError(f"{criteria.name} has no convention {field!r}.{hint}")
    return replace(criteria, **{field: read_value(field, text, type(criteria))})


def _types(kind: type[BestResponseRules]) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def read_value(field: str, text: str, kind_of: type[BestResponseRules] = Criteria) -> Any:
    """The value of a convention from its text; raises InputError when the convention does not take it."""
    kind = _types(kind_of)[field]
    if typing.get_origin(kind) is typing.Literal:
        if text in typing.get_args(kind):
            return text
        raise InputError(f"{field} = {text!r} is not one of {', '.join(typing.get_args(kind))}.")
    if kind is bool:
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        raise InputError(f"{field} = {text!r} is not true or false.")
    if text == "None" and type(None) in typing.get_args(kind):
        return None
    try:
        return int(text) if kind is not float else float(text)
    except ValueError:
        raise InputError(f"{field} = {text!r} is not a number.") from None


__all__ = [
    "BestResponseRules",
    "Criteria",
    "all_criteria",
    "get_criteria",
    "label_of",
    "read_value",
]
