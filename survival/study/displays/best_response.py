"""Best overall response and the rates made of it: the table and the waterfall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from survival.study.display import DisplayKind, Material, Shown, figure_look, one_display, shell_of
from survival.study.notes import rate_notes
from survival.study.outcomes import rate_endpoints
from survival.study.reading import Reading, reading


def of_rates(kind: str, material: Material) -> Iterator[Shown]:
    """One display for all rates of the same reading."""
    readings: dict[Reading, list[str]] = {}
    for spec in rate_endpoints(material.study):
        readings.setdefault(reading(material.study, spec, material.data), []).append(spec.name)
    for which, names in readings.items():
        yield one_display(kind, material.study, tuple(names), which, kind.rsplit("_", 1)[0])


def _tables(material: Material) -> Iterator[Shown]:
    return of_rates("best_response_table", material)


def best_counted(material: Material, one: Shown) -> pd.DataFrame:
    """Best responses of a reading, with clinical benefit where it is asked for; what counts comes first."""
    from survival.clinical_benefit import benefit_flags

    study, best = material.study, material.best(one.reading)
    if "cbr" in [spec.key for spec in study.endpoint if spec.name in one.names]:
        flags = benefit_flags(material.responses(one.reading), best, material.subjects(one.reading))
        best = best.merge(flags[["subject", "clinical_benefit", "confirmed_clinical_benefit"]], on="subject")
    confirmed = [name for name in best if str(name).startswith("confirmed_")]
    if not study.response.confirmation:
        return best.drop(columns=confirmed)
    return best[[*confirmed, *(name for name in best if name not in confirmed)]]


def _table(material: Material, one: Shown) -> Any:
    """Best overall response and rates of one reading."""
    from survival.tables.best_response import BEST_RESPONSE, best_response_table

    study, subjects = material.study, material.subjects(one.reading)
    notes = rate_notes(study, one.reading, subjects)
    shell = shell_of(material, one, replace(BEST_RESPONSE, footnotes=notes), "Best overall response")
    best = best_counted(material, one)
    return best_response_table(best, subjects, material.by or None, study.analysis.rate_conf_type, shell)


def _waterfalls(material: Material) -> Iterator[Shown]:
    """One per reading that has sums of diameters; recorded responses come without."""
    for one in of_rates("waterfall_plot", material):
        responses = material.responses(one.reading)
        if "change_from_baseline_pct" in responses and responses["change_from_baseline_pct"].notna().any():
            yield one


def _waterfall(material: Material, one: Shown) -> Any:
    """The best change of the sum of diameters of every subject, arms in panels of their own."""
    from recist import waterfall_plot

    subjects, best, by = material.subjects(one.reading), material.best(one.reading), None
    if material.by:
        by = material.by[0]
        arms = subjects[["subject", by]].astype({"subject": str})
        best = best.astype({"subject": str}).merge(arms, on="subject")
    look = figure_look(material, one)
    return waterfall_plot(material.responses(one.reading), best, material.best_column, by, look)


DISPLAYS = (
    DisplayKind(
        name="best_response_table",
        form="table",
        place=10,
        sentence="Best overall response, and the response, disease control and benefit rates with limits.",
        wanted=_tables,
        make=_table,
    ),
    DisplayKind(
        name="waterfall_plot",
        form="figure",
        place=110,
        sentence="Best change of the sum of diameters, one bar per subject.",
        wanted=_waterfalls,
        make=_waterfall,
    ),
)
