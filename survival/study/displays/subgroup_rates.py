"""Response rates within subgroups: table and forest plot of every such rate that compares arms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from survival.study.display import (
    READING,
    DisplayKind,
    Material,
    Shown,
    figure_caption,
    one_display,
    shell_of,
    spec_of,
    title_of,
)
from survival.study.displays.best_response import best_counted
from survival.study.displays.subgroups import subgroup_labels, values_of
from survival.study.known import RATE_KEYS
from survival.study.model import EndpointSpec
from survival.study.notes import rate_notes
from survival.study.outcomes import rate_endpoints
from survival.study.reading import reading


def _wanted(kind: str, material: Material) -> Iterator[Shown]:
    """One per rate that the study file shows by subgroup; objective response, when it names none."""
    study = material.study
    for spec in rate_endpoints(study) if study.analysis.subgroups else ():
        if _is_asked(material, spec):
            which = reading(study, spec, material.data)
            if material.reference(material.subjects(which)) is not None:
                yield one_display(kind, study, (spec.name,), which, f"{kind.rsplit('_', 1)[0]}-{spec.name}")


def _is_asked(material: Material, spec: EndpointSpec) -> bool:
    """Whether a rate is shown by subgroup."""
    asked = material.study.analysis.subgroup_endpoints
    return spec.name in asked if asked else spec.key == "orr"


def _frame(material: Material, one: Shown) -> tuple[pd.DataFrame, str]:
    """Every subject with the values of the subgroups as printed, and the column that says who responded."""
    from survival.response_rate import flagged_rates

    study, subjects = material.study, material.subjects(one.reading)
    frame = flagged_rates(best_counted(material, one), subjects)
    ending = " confirmed" if study.response.confirmation else ""
    columns = {name: values_of(frame[name]) for name in study.analysis.subgroups}
    return frame.assign(**columns), f"rate {RATE_KEYS[spec_of(study, one.names[0]).key]}{ending}"


def _found(material: Material, one: Shown) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The differences, estimated once for table and figure; and the subjects they are of."""
    from survival import subgroup_rates

    given, by = material.study.analysis, material.by[0]
    frame, response = _frame(material, one)

    def make() -> pd.DataFrame:
        reference = material.reference(frame)
        assert reference is not None  # nothing is shown without it
        differences: pd.DataFrame = subgroup_rates(
            frame, response, given.subgroups, by, reference, conf_type=given.difference
        )
        return differences

    return material.once(("rate_subgroups", *one.names), make), frame


def _table(material: Material, one: Shown) -> Any:
    """Responders and differences in each subgroup."""
    from survival.tables.subgroup_rates import rate_subgroup_table
    from survival.tables.subgroups import SUBGROUPS

    study = material.study
    found, frame = _found(material, one)
    notes = (*SUBGROUPS.footnotes, *rate_notes(study, one.reading, material.subjects(one.reading)))
    shell = replace(SUBGROUPS, footnotes=notes)
    shell = shell_of(material, one, shell, f"{SUBGROUPS.title}: {title_of(study, one.names[0])}")
    return rate_subgroup_table(found, frame, material.by[0], (shell, subgroup_labels(material)))


def _forest(material: Material, one: Shown) -> Any:
    """One forest plot for each arm; more where its variables need a further page."""
    from survival import ForestLook, forest_pages

    study = material.study
    found, _ = _found(material, one)
    plain = " Unstratified." if study.analysis.strata else ""
    caption = f"{title_of(study, one.names[0])}: {figure_caption(material, one)}{plain}"
    notes = rate_notes(study, one.reading, material.subjects(one.reading))
    look = ForestLook(caption=" ".join([caption, *notes]))
    return forest_pages(found, subgroup_labels(material), look)


DISPLAYS = (
    DisplayKind(
        name="rate_subgroup_table",
        form="table",
        place=49,
        sentence="Responders and differences of a response rate within subgroups, with tests of interaction.",
        outcome="rate",
        takes=READING,
        wanted=partial(_wanted, "rate_subgroup_table"),
        make=_table,
    ),
    DisplayKind(
        name="rate_forest_plot",
        form="figure",
        place=129,
        sentence="Differences of a response rate within subgroups, with tests of interaction.",
        outcome="rate",
        takes=READING,
        wanted=partial(_wanted, "rate_forest_plot"),
        make=_forest,
    ),
)
