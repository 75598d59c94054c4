"""Effects within subgroups: table and forest plot of every time to an event that compares arms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from survival.study.display import READING, DisplayKind, Material, Shown, time_caption, time_shell, title_of
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

    given, reference = material.study.analysis, comparable_reference(material, one)

    def make() -> pd.DataFrame:
        arms, how = (material.by[0], reference), {"strata": given.strata, "ties": given.ties}
        effects: pd.DataFrame = subgroup_analysis(_tte(material, one), given.subgroups, *arms, **how)
        return effects

    found: pd.DataFrame = material.once(("subgroups", *one.names), make)
    return found


def subgroup_labels(material: Material) -> dict[str, str]:
    """What the subgroups are called."""
    columns = material.study.analysis.subgroups
    return {name: name.replace("_", " ").capitalize() for name in columns} | material.study.analysis.labels


def _forest(material: Material, one: Shown) -> Any:
    """One forest plot for each arm; more where its variables need a further page."""
    from survival import ForestLook, forest_pages

    look = ForestLook(caption=time_caption(material, one))
    return forest_pages(_found(material, one), subgroup_labels(material), look)


def _table(material: Material, one: Shown) -> Any:
    from survival.tables.subgroups import SUBGROUPS, subgroup_table
    from survival.tables.time_to_event_analyses import Analysis

    study, given = material.study, material.study.analysis
    analysis = Analysis(unit=given.unit, conf_type=given.conf_type, convention=given.convention)
    shell = time_shell(material, one, SUBGROUPS, f"{SUBGROUPS.title}: {title_of(study, one.names[0])}")
    words = shell, subgroup_labels(material)
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
