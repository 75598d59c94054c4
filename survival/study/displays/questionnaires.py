"""EORTC QLQ-C30: scores and their change by visit, completion, and the figure of mean changes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from survival.study.display import DisplayKind, Material, Shown, beside_shell, figure_caption, one_display
from survival.study.notes import start_text
from survival.study.reading import Reading

BASELINE = "on_or_before_start"


def _wanted(kind: str, material: Material) -> Iterator[Shown]:
    """One per study with questionnaires."""
    study = material.study
    if material.data.qlq_c30 is not None:
        who = study.qlq_c30.population or study.analysis.population
        yield one_display(kind, study, (), Reading("", "", who), kind.rsplit("_", 1)[0])


def _change(material: Material, one: Shown) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores with their change from baseline, and the subjects."""
    from survival import qlq_change, score_qlq

    assert material.data.qlq_c30 is not None  # nothing is shown without it
    subjects, answers, study = material.subjects(one.reading), material.data.qlq_c30, material.study
    rule = study.qlq_c30.settings.get("baseline_rule", BASELINE)

    def make() -> pd.DataFrame:
        scores = score_qlq(answers)
        known = scores["subject"].astype(str).isin(subjects["subject"].astype(str))
        changed: pd.DataFrame = qlq_change(scores[known], subjects, rule, study.study.start_date)
        return changed

    return material.once(("qlq_c30", one.reading.population), make), subjects


def _chosen(material: Material, one: Shown) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same of the scales that the study file names; all of them when it names none."""
    change, subjects = _change(material, one)
    if scales := material.study.qlq_c30.scales:
        change = change[change["scale"].astype(str).isin(scales)].reset_index(drop=True)
    return change, subjects


def _table(material: Material, one: Shown) -> Any:
    from survival import qlq_table
    from survival.tables.qlq import QLQ

    change, subjects = _chosen(material, one)
    return qlq_table(change, subjects, material.by or None, shell=beside_shell(material, one, QLQ, QLQ.title))


def _completion(material: Material, one: Shown) -> Any:
    from survival import qlq_completion_table
    from survival.tables.qlq_completion import COMPLETION

    change, subjects = _change(material, one)
    shell = beside_shell(material, one, COMPLETION, COMPLETION.title)
    return qlq_completion_table(change, subjects, material.by or None, shell=shell)


def _listing(material: Material, one: Shown) -> Any:
    from survival.listings.qlq import QLQ, qlq_listing

    change, subjects = _chosen(material, one)
    return qlq_listing(change, subjects, material.by or None, beside_shell(material, one, QLQ, QLQ.title))


def _plot(material: Material, one: Shown) -> Any:
    from survival import qlq_plot
    from survival.figures.qlq import QlqLook

    change, subjects = _chosen(material, one)
    origin = start_text((material.study.study.start_date,))
    look = QlqLook(origin=origin, caption=f"EORTC QLQ-C30; {figure_caption(material, one)}")
    return qlq_plot(change, subjects, material.by or None, look=look)


DISPLAYS = (
    DisplayKind(
        name="qlq_table",
        form="table",
        place=80,
        sentence="EORTC QLQ-C30: scores at baseline and their change by visit.",
        takes=("population",),
        wanted=partial(_wanted, "qlq_table"),
        make=_table,
    ),
    DisplayKind(
        name="qlq_completion_table",
        form="table",
        place=81,
        sentence="EORTC QLQ-C30: questionnaires expected and answered by visit.",
        takes=("population",),
        wanted=partial(_wanted, "qlq_completion_table"),
        make=_completion,
    ),
    DisplayKind(
        name="qlq_plot",
        form="figure",
        place=180,
        sentence="EORTC QLQ-C30: mean change from baseline by visit, a panel per scale.",
        takes=("population",),
        wanted=partial(_wanted, "qlq_plot"),
        make=_plot,
    ),
    DisplayKind(
        name="qlq_listing",
        form="listing",
        place=280,
        sentence="EORTC QLQ-C30: every questionnaire with its scores and their change from baseline.",
        takes=("population",),
        wanted=partial(_wanted, "qlq_listing"),
        make=_listing,
    ),
)
