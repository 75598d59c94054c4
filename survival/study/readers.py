"""[readers] and [concordance] of a study file: the accepted reading, and two evaluators compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

import recist
from recist import InputError, read_table
from survival.study.source import Fault, nearest

if TYPE_CHECKING:
    from pathlib import Path

    from survival.concordance import Concordance
    from survival.study.model import ReadersSpec, Study
    from survival.study.show import Material, Shown


def reader_faults(study: Study) -> Iterator[Fault]:
    """Names in [readers] and [concordance] that do not exist or do not fit together."""
    from recist import READING_RULES

    if (spec := study.readers) is not None:
        if spec.rule not in READING_RULES:
            yield ("readers", "rule"), f"rule '{spec.rule}' is not known.{nearest(spec.rule, READING_RULES)}"
        if spec.flags and spec.adjudication is not None:
            yield ("readers", "flags"), "both flags and adjudication say which reading counts. Keep one."
        names = [name for name in (spec.reader_1, spec.reader_2, spec.adjudicator, spec.accepted) if name]
        if len(set(names)) < len(names):
            yield ("readers",), f"two readers have one name: {', '.join(names)}. Each needs its own."
    if (pair := study.concordance) is not None:
        if pair.criteria is not None and pair.criteria not in study.criteria:
            key = ("concordance", "criteria")
            yield key, f"criteria '{pair.criteria}' is not known.{nearest(pair.criteria, study.criteria)}"
        if pair.criteria is None and study.response.criteria is None and len(study.criteria) > 1:
            yield ("concordance",), "it does not say which criteria are compared. Add criteria here."
        known = ["all", *study.populations]
        if pair.population is not None and pair.population not in known:
            key = ("concordance", "population")
            yield key, f"population '{pair.population}' is not known.{nearest(pair.population, known)}"


def read_adjudication(study: Study, inputs: dict[str, Path]) -> pd.DataFrame | None:
    """The table of adjudications that the study file names."""
    if study.readers is None or study.readers.adjudication is None:
        return None
    written = study.readers.adjudication
    path = study.source.resolve(("readers", "adjudication"), written)
    if not path.exists():
        raise study.source.error(
            ("readers", "adjudication"), f'adjudication = "{written}": there is no file {path}.'
        )
    inputs[written] = path
    return read_table(path)


def with_accepted(
    study: Study, responses: pd.DataFrame, adjudication: pd.DataFrame | None, flagged: pd.DataFrame | None
) -> pd.DataFrame:
    """The responses with the accepted reading below them."""
    if (spec := study.readers) is None:
        return responses
    table = _flags(study, flagged) if spec.flags else adjudication
    who = recist.Readers(spec.reader_1, spec.reader_2, spec.adjudicator, spec.accepted)
    try:
        accepted = recist.accepted_reading(responses, who, table, spec.rule)
    except InputError as error:
        raise study.source.error(("readers",), str(error)) from None
    from survival.study.derive import stacked

    return stacked([responses, accepted])


def _flags(study: Study, flagged: pd.DataFrame | None) -> pd.DataFrame:
    """The adjudications that the flags of the records amount to."""
    if flagged is None or "accepted" not in flagged:
        raise study.source.error(
            ("readers", "flags"),
            "the data have no flag of accepted records (TRACPTFL, RSACPTFL). Name adjudication instead.",
        )
    return recist.adjudication_of(flagged)


def evaluators_of(study: Study, there: list[str]) -> list[str]:
    """Whose readings there are, the accepted one among them."""
    return there if study.readers is None else [*there, study.readers.accepted]


def shown_concordance(material: Material) -> Iterator[Shown]:
    """The table and the listing of a study that compares two evaluators."""
    from survival.study.derive import Reading, labels
    from survival.study.model import Display
    from survival.study.show import Shown

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
    for kind, title in (("concordance_table", "concordance"), ("discordance_listing", "discordance")):
        words = next((d for d in study.display if d.kind == kind), Display(kind=kind))
        yield Shown(kind, words.id or title, (), which, words)


def _compared(material: Material, one: Shown) -> tuple[Concordance, pd.DataFrame]:
    """The two evaluators of the study on the subjects of the population."""
    from survival.concordance import Comparison, concordance
    from survival.study.populations import population, reference_label

    study = material.study
    assert study.concordance is not None  # nothing is shown without it
    first, second = study.concordance.evaluators
    subjects = population(study, material.data.subjects, one.reading.population)
    frames = [
        of_evaluators(frame, (first, second), one.reading.criteria)
        for frame in (material.derived.best, material.derived.responses)
    ]
    arms = set(subjects[material.by[0]].astype(str)) if material.by else set()
    reference = reference_label(study)
    rules = Comparison(
        response="confirmed_best_response" if study.response.confirmation else "best_response",
        tolerance_days=study.concordance.tolerance_days,
        reference=reference if reference in arms and len(arms) > 1 else None,
    )
    found = concordance(frames[0], subjects, (first, second), material.by or None, rules)
    return found, frames[1]


def of_evaluators(frame: pd.DataFrame, evaluators: tuple[str, str], criteria: str) -> pd.DataFrame:
    """The rows of two evaluators under one criteria."""
    rows = frame["evaluator"].astype(str).isin(evaluators) & (frame["criteria"].astype(str) == criteria)
    return frame[rows.to_numpy()].reset_index(drop=True)


def concordance_table(material: Material, one: Shown) -> Any:
    """Agreement of the two evaluators."""
    from survival.tables.concordance import CONCORDANCE
    from survival.tables.concordance import concordance_table as table

    found, _ = _compared(material, one)
    return table(found, _words(material, one, CONCORDANCE))


def discordance_listing(material: Material, one: Shown) -> Any:
    """Where the two evaluators part, each explained."""
    from survival.listings.discordance import DISCORDANCE
    from survival.listings.discordance import discordance_listing as listing

    found, responses = _compared(material, one)
    return listing(found, responses, _words(material, one, DISCORDANCE))


def _words(material: Material, one: Shown, shell: Any) -> Any:
    """The words of the file, else the evaluators and the criteria."""
    from survival.study.populations import population_label

    study, words = material.study, one.words
    return replace(
        shell,
        number=words.number,
        title=words.title or f"{shell.title} ({one.reading.evaluator}, {one.reading.criteria})",
        population=population_label(study, one.reading.population),
        footnotes=(*words.footnotes, *_accepted_note(study.readers), material.source_note),
    )


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
