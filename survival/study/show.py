"""The displays of a study: which there are, in order, each with a file name of its own; and their numbers."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from survival.study.display import Material, Shown
from survival.study.displays import all_displays


def shown(material: Material) -> list[Shown]:
    """Every display of the study, in the order of the report."""
    found = [one for kind in all_displays().values() for one in kind.wanted(material)]
    return _with_own_ids(found)


def _with_own_ids(found: list[Shown]) -> list[Shown]:
    """File names that no other display has: a number is added to the second and later of a name."""
    seen: dict[str, int] = {}
    result = []
    for one in found:
        key = f"{all_displays()[one.kind].form} {one.id}"
        seen[key] = seen.get(key, 0) + 1
        result.append(one if seen[key] == 1 else replace(one, id=f"{one.id}-{seen[key]}"))
    return result


def results_frame(tables: dict[str, pd.DataFrame], responses: str) -> pd.DataFrame:
    """Every number of every table, with the table's file name and how responses came about."""
    from survival.results import stack

    whole = stack([results.assign(display=name) for name, results in tables.items()])
    return whole.assign(responses=responses)
