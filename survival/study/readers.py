"""[readers] and [concordance] of a study file: the accepted reading, and two evaluators compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

import recist
from recist import InputError, read_table
from survival.study.source import Fault, nearest

if TYPE_CHECKING:
    from pathlib import Path

    from survival.study.model import Study


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
    from survival.study.stack import stacked

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
