"""The classifications of leukaemia response: one file each in this folder, found by walking it.

`get_leukaemia_criteria("aml_eln2022")` is the published one, `"aml_eln2022[cri_rule=any]"` the same with a
convention edited, as `criteria.label` writes it.
"""

from __future__ import annotations

import pkgutil
import typing
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any

from recist.errors import InputError
from recist.leukaemia.criteria.base import LeukaemiaCriteria

_SEVERAL = {  # one word, several published classifications
    "aml": ("aml_eln2017", "aml_eln2022"),
    "all": ("all_eln2024", "all_nci2010"),
}


def all_leukaemia_criteria() -> dict[str, LeukaemiaCriteria]:
    """Every classification by name, in alphabetical order.

    >>> list(all_leukaemia_criteria())
    ['all_eln2024', 'all_nci2010', 'aml_eln2017', 'aml_eln2022']
    """
    return {name: _load(name) for name in _names()}


def get_leukaemia_criteria(name: str | LeukaemiaCriteria) -> LeukaemiaCriteria:
    """The classification of that name or label; a value is returned as it is.

    Raises InputError for an unknown name, an unknown field or a value the field does not take.

    >>> get_leukaemia_criteria("aml_eln2022[cri_rule=any]").cri_rule
    'any'
    """
    if isinstance(name, LeukaemiaCriteria):
        return name
    base, _, edits = name.removesuffix("]").partition("[")
    criteria = _load(_known(base))
    for edit in filter(None, (part.strip() for part in edits.split(","))):
        criteria = _edited(criteria, edit)
    return criteria


def label_of(criteria: LeukaemiaCriteria) -> str:
    """Name and edits of a value, readable back by `get_leukaemia_criteria`."""
    published = _load(criteria.name) if criteria.name in _names() else criteria
    before = published.conventions()
    edits = [f"{field}={value}" for field, value in criteria.conventions().items() if before[field] != value]
    return f"{criteria.name}[{', '.join(edits)}]" if edits else criteria.name


def is_leukaemia(label: str) -> bool:
    """Whether a name or label is one of a classification in this folder."""
    return label.partition("[")[0] in _names()


def _names() -> list[str]:
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in found if name not in ("base", "tables"))


@cache
def _load(name: str) -> LeukaemiaCriteria:
    criteria: LeukaemiaCriteria = import_module(f"{__name__}.{name}").CRITERIA
    return criteria


def _known(name: str) -> str:
    names = _names()
    if name in names:
        return name
    if several := _SEVERAL.get(name.lower()):
        raise InputError(f"{name!r} names several classifications: {', '.join(several)}. Choose one of them.")
    near = get_close_matches(name.lower().replace(" ", "_").replace("-", "_"), names, n=1, cutoff=0.4)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise InputError(f"No leukaemia criteria named {name!r}.{hint} Known: {', '.join(names)}.")


def _edited(criteria: LeukaemiaCriteria, edit: str) -> LeukaemiaCriteria:
    field, equals, text = (part.strip() for part in edit.partition("="))
    if not equals or field not in criteria.conventions():
        near = get_close_matches(field, criteria.conventions(), n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise InputError(f"{criteria.name} has no convention {field!r}.{hint}")
    return replace(criteria, **{field: _value(field, text)})


@cache
def _types() -> dict[str, Any]:
    return typing.get_type_hints(LeukaemiaCriteria)


def _value(field: str, text: str) -> Any:
    """The value of a convention from its text."""
    kind = _types()[field]
    if typing.get_origin(kind) is typing.Literal:
        if text in typing.get_args(kind):
            return text
        raise InputError(f"{field} = {text!r} is not one of {', '.join(typing.get_args(kind))}.")
    kinds = typing.get_args(kind) or (kind,)
    if text == "None" and type(None) in kinds:
        return None
    try:
        return float(text) if float in kinds else int(text)
    except ValueError:
        raise InputError(f"{field} = {text!r} is not a number.") from None
