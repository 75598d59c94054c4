"""Effects within subgroups: table and forest plot of every time to an event that compares arms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from survival.study.display import READING, DisplayKind, Material, Shown, figure_caption, shell_of, title_of
from survival.study.displays.time_to_event import comparable_reference, each_time


def _wanted(kind: str, material: Material) -> Iterator[Shown]:
    """One per endpoint, where the study file names subgroups and arms are compared."""
    if material.study.analysis.subgroups:
        wanted = material.study.analysis.subgroup_endpoints
        for one in each_time(kind, material):
            if wanted and one.names[0] not in wanted:
                continue
            if comparable_reference(material, one) is not None:
                yield one


def _tte(material: Material, one: Shown) -> pd.DataFrame:
    """The times with the values of the subgroups as printed."""
    tte = material.derived.tte[one.names[0]]
    return tte.assign(**{name: values_of(tte[name]) for name in material.study.analysis.subgroups})


def _found(material: Material, one: Shown) -> pd.DataFrame:
    """The effects, estimated once for table and figure."""
    from survival import subgroup_analysis

    columns, reference = material.study.analysis.subgroups, comparable_reference(material, one)

    def make() -> pd.DataFrame:
        effects: pd.DataFrame = subgroup_analysis(_tte(material, one), columns, material.by[0], reference)
        return effects

    found: pd.DataFrame = material.once(("subgroups", *one.names), make)
    return found


def _labels(material: Material) -> dict[str, str]:
    """What the subgroups are called."""
    columns = material.study.analysis.subgroups
    return {name: name.replace("_", " ").capitalize() for name in columns} | material.study.analysis.labels


def _forest(material: Material, one: Shown) -> Any:
    from survival import ForestLook, forest_plot

    plain = " Unstratified models." if material.study.analysis.strata else ""
    said = f"{title_of(material.study, one.names[0])}: {figure_caption(material, one)}"
    look = ForestLook(caption=f"{said}{plain}")
    return forest_plot(_found(material, one), _labels(material), look)


def _table(material: Material, one: Shown) -> Any:
    from survival.tables.subgroups import SUBGROUPS, subgroup_table
    from survival.tables.time_to_event_analyses import Analysis

    study, given = material.study, material.study.analysis
    analysis = Analysis(unit=given.unit, conf_type=given.conf_type, convention=given.convention)
    shell = shell_of(material, one, SUBGROUPS, f"{SUBGROUPS.title}: {title_of(study, one.names[0])}")
    words = shell, _labels(material)
    return subgroup_table(_found(material, one), _tte(material, one), material.by[0], analysis, words)


def values_of(column: pd.Series[Any]) -> pd.Series[Any]:
    """The values of a subgroup as printed: flags as Yes and No, and those that nobody knows as Missing."""
    text = column.astype("string").fillna("Missing")
    return text.replace({"True": "Yes", "False": "No"})


DISPLAYS = (
    DisplayKind(
        name="subgroup_table",
        form="table",
        place=50,
        sentence="Subjects, events, medians and hazard ratios within subgroups, with tests of interaction.",
        outcome="time",
        takes=READING,
        wanted=partial(_wanted, "subgroup_table"),
        make=_table,
    ),
    DisplayKind(
        name="forest_plot",
        form="figure",
        place=130,
        sentence="Hazard ratios within subgroups, with tests of interaction.",
        outcome="time",
        takes=READING,
        wanted=partial(_wanted, "forest_plot"),
        make=_forest,
    ),
)
