"""Presets of the best-response rules: one file each in this folder, found by walking it.

`recist.get_rules("admiralonco")` is one of them; `recist.get_rules("recist_1_1")` are those of the criteria.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from recist.criteria.base import BestResponseRules


def all_rules() -> dict[str, BestResponseRules]:
    """Every preset by name, in alphabetical order.

    >>> all_rules()["admiralonco"].cr_then_lesser
    'as_recorded'
    """
    return {name: preset(name) for name in preset_names()}


def preset_names() -> list[str]:
    """Names of the files of this folder."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


@cache
def preset(name: str) -> BestResponseRules:
    """The value `RULES` of that file."""
    rules: BestResponseRules = import_module(f"{__name__}.{name}").RULES
    return rules
