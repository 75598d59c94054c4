"""Two evaluators compared: the table of their agreement and the listing of where they part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from survival.study.display import DisplayKind, Material, Shown, figure_caption, one_display, shell_of
from survival.study.readers import evaluators_of
from survival.study.reading import Reading, labels
from survival.study.source import nearest

if TYPE_CHECKING:
    from survival.concordance import Concordance
    from survival.study.model import ReadersSpec


def pair_shown(kind: str, material: Material) -> Iterator[Shown]:
    """The display of a study that compares two evaluators."""
    study = material.study
    if (pair := study.concordance) is None:
        return
    there = evaluators_of(study, material.data.evaluators)
    for name in pair.evaluators:
        if name not in there:
            key = ("concordance", "evaluators")
            raise study.source.error(key, f"evaluator '{name}' is not in the data.{nearest(name, there)}")
    name = pair.criteria or study.response.criteria or next(iter(study.criteria))
    which = Reading(
        " / ".join(pair.evaluators), labels(study)[name], pair.population or study.analysis.population
    )
    yield one_display(kind, study, (), which, kind.rsplit("_", 1)[0])


def _compared(material: Material, one: Shown) -> tuple[Concordance, pd.DataFrame]:
    """The two evaluators of the study on the subjects of the population."""
    from survival.concordance import Comparison, concordance

    study = material.study
    assert study.concordance is not None  # nothing is shown without it
    first, second = study.concordance.evaluators
    subjects = material.subjects(one.reading)
    frames = [
        of_evaluators(frame, (first, second), one.reading.criteria)
        for frame in (material.derived.best, material.derived.responses)
    ]
    rules = Comparison(
        response=material.best_column,
        tolerance_days=study.concordance.tolerance_days,
        reference=material.reference(subjects),
    )
    found = concordance(frames[0], subjects, (first, second), material.by or None, rules)
    return found, frames[1]


def of_evaluators(frame: pd.DataFrame, evaluators: tuple[str, str], criteria: str) -> pd.DataFrame:
    """The rows of two evaluators under one criteria."""
    rows = frame["evaluator"].astype(str).isin(evaluators) & (frame["criteria"].astype(str) == criteria)
    return frame[rows.to_numpy()].reset_index(drop=True)


def _table(material: Material, one: Shown) -> Any:
    """Agreement of the two evaluators."""
    from survival.tables.concordance import CONCORDANCE, concordance_table

    found, _ = _compared(material, one)
    return concordance_table(found, _words(material, one, CONCORDANCE))


def _listing(material: Material, one: Shown) -> Any:
    """Where the two evaluators part, each explained."""
    from survival.listings.discordance import DISCORDANCE, discordance_listing

    found, responses = _compared(material, one)
    return discordance_listing(found, responses, _words(material, one, DISCORDANCE))


def _words(material: Material, one: Shown, shell: Any) -> Any:
    """The words of the file, else the evaluators and the criteria."""
    noted = replace(shell, footnotes=(*shell.footnotes, *_accepted_note(material.study.readers)))
    return shell_of(material, one, noted, shell.title)


def _accepted_note(spec: ReadersSpec | None) -> tuple[str, ...]:
    """How the accepted reading came about."""
    if spec is None:
        return ()
    from recist import READING_RULES

    adjudicator = f" with adjudicator {spec.adjudicator}" if spec.adjudicator else ""
    table = "by the flags of the records; elsewhere " if spec.flags else ""
    table = "by the table of adjudications; elsewhere " if spec.adjudication else table
    both = f"{spec.reader_1} and {spec.reader_2}{adjudicator}"
    return (f"{spec.accepted}: of {both}, {table}{READING_RULES[spec.rule][0]}.",)


def _figure(material: Material, one: Shown) -> Any:
    """The responses of the two evaluators as a shaded table."""
    from survival import AgreementLook, agreement_pages

    found, _ = _compared(material, one)
    beside = len(found.agreement) > 1  # tables of two arms side by side
    look = AgreementLook(width="double" if beside else "single", caption=figure_caption(material, one))
    return agreement_pages(found, look)


DISPLAYS = (
    DisplayKind(
        name="concordance_table",
        form="table",
        place=50,
        sentence="Agreement of two evaluators on response and progression, kappa, early and late discrepancy.",
        takes=("population", "criteria"),
        wanted=lambda material: pair_shown("concordance_table", material),
        make=_table,
    ),
    DisplayKind(
        name="discordance_listing",
        form="listing",
        place=250,
        sentence="Every subject on whom two evaluators part, with both explanations.",
        takes=("population", "criteria"),
        wanted=lambda material: pair_shown("discordance_listing", material),
        make=_listing,
    ),
    DisplayKind(
        name="agreement_plot",
        form="figure",
        place=150,
        sentence="Best responses of two evaluators as a shaded table.",
        takes=("population", "criteria"),
        wanted=lambda material: pair_shown("agreement_plot", material),
        make=_figure,
    ),
)
