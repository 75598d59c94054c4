"""The kinds of displays, one file each (or a few of one subject), found by walking this folder."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from survival.study.display import DisplayKind


@cache
def all_displays() -> dict[str, DisplayKind]:
    """Every kind of display by its name, in the order of the report."""
    found: list[DisplayKind] = []
    for module in iter_modules(__path__):
        found += import_module(f"{__name__}.{module.name}").DISPLAYS
    return {kind.name: kind for kind in sorted(found, key=lambda kind: kind.place)}
