"""Presets of the best-response rules: one file each in this folder, found by walking it.

`recist.get_rules("admiralonco")` is one of them; `recist.get_rules("recist_1_1")` are those of the criteria.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from recist.criteria import criteria_names, get_criteria, known_name, with_edits
from recist.criteria.base import BestResponseRules


def all_rules() -> dict[str, BestResponseRules]:
    """Every preset by name, in alphabetical order.

    >>> all_rules()["admiralonco"].cr_then_lesser
    'as_recorded'
    """
    return {name: preset(name) for name in preset_names()}


def get_rules(name: str) -> BestResponseRules:
    """The rules of best overall response of that name: a preset, or those that come with the criteria.

    Raises InputError for an unknown name, an unknown field or a value the field does not take.

    >>> get_rules("recist_1_1").confirm_days
    28
    >>> get_rules("admiralonco[max_sd_between_pr=1]").max_sd_between_pr
    1
    """
    base, _, edits = name.removesuffix("]").partition("[")
    if base in preset_names():
        return with_edits(preset(base), edits)
    known_name(base, [*criteria_names(), *preset_names()])
    return get_criteria(name)


def preset_names() -> list[str]:
    """Names of the files of this folder."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


@cache
def preset(name: str) -> BestResponseRules:
    """The value `RULES` of that file."""
    rules: BestResponseRules = import_module(f"{__name__}.{name}").RULES
    return rules
