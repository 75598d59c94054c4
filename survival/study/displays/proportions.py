"""Proportions that the study file defines by conditions on its subjects, such as feasibility."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from survival.study.display import DisplayKind, Material, Shown, beside_shell, one_display
from survival.study.model import ProportionSpec
from survival.study.populations import meets
from survival.study.reading import Reading


def _wanted(material: Material) -> Iterator[Shown]:
    """One per population that proportions are taken of."""
    study = material.study
    for who in dict.fromkeys(_population(material, spec) for spec in study.proportion):
        yield one_display("proportion_table", study, (), Reading("", "", who), f"proportion-{who}")


def _population(material: Material, spec: ProportionSpec) -> str:
    return spec.population or material.study.analysis.population


def _table(material: Material, one: Shown) -> Any:
    """Every proportion of one population, with the differences of arms where there are two."""
    from survival import Share, proportion_table
    from survival.tables.proportion import PROPORTION

    study, subjects = material.study, material.subjects(one.reading)
    asked = []
    for number, spec in enumerate(study.proportion):
        if _population(material, spec) != one.reading.population:
            continue
        column = f"share_{number}"  # every condition of the study file, as one flag
        subjects = subjects.assign(**{column: meets(study, subjects, ("proportion", number), spec)})
        asked.append(Share(name=spec.name, title=spec.title or spec.name, flag=column))
    settings: dict[str, Any] = {"conf_type": study.analysis.rate_conf_type}
    if (reference := material.reference(subjects)) is not None:
        settings |= {"reference": reference, "difference_conf_type": study.analysis.difference}
    title = asked[0].title if len(asked) == 1 else "Proportions of subjects"
    shell = beside_shell(material, one, PROPORTION, title)
    return proportion_table(subjects, asked, material.by or None, shell, **settings)


DISPLAYS = (
    DisplayKind(
        name="proportion_table",
        form="table",
        place=60,
        sentence="Proportions that the study file defines, with limits and differences.",
        takes=("population",),
        wanted=_wanted,
        make=_table,
    ),
)
