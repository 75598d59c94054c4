"""Effects within subgroups: the forest plot of every time to an event that compares arms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from survival.study.display import DisplayKind, Material, Shown, title_of
from survival.study.displays.time_to_event import comparable_reference, each_time


def _wanted(material: Material) -> Iterator[Shown]:
    """One per endpoint, where the study file names subgroups and arms are compared."""
    if material.study.analysis.subgroups:
        for one in each_time("forest_plot", material):
            if comparable_reference(material, one) is not None:
                yield one


def _forest(material: Material, one: Shown) -> Any:
    from survival import ForestLook, forest_plot, subgroup_analysis

    tte, columns = material.derived.tte[one.names[0]], material.study.analysis.subgroups
    reference = comparable_reference(material, one)
    found = subgroup_analysis(
        tte.assign(**{name: _values(tte[name]) for name in columns}),
        columns,
        material.by[0],
        reference,
    )
    labels = {name: name.replace("_", " ").capitalize() for name in columns} | material.study.analysis.labels
    return forest_plot(found, labels, ForestLook(caption=f"{title_of(material.study, one.names[0])}."))


def _values(column: pd.Series[Any]) -> pd.Series[Any]:
    """The values of a subgroup as printed: flags as Yes and No."""
    text = column.astype("string")
    return text.replace({"True": "Yes", "False": "No"})


DISPLAYS = (
    DisplayKind(
        name="forest_plot",
        form="figure",
        place=130,
        sentence="Hazard ratios within subgroups, with tests of interaction.",
        wanted=_wanted,
        make=_forest,
    ),
)
