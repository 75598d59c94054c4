"""Best overall response and the rates made of it: the table and the waterfall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from survival.study.display import (
    READING,
    DisplayKind,
    Material,
    Shown,
    figure_look,
    one_display,
    shell_of,
    spec_of,
)
from survival.study.model import Study
from survival.study.notes import benefit_rules, criteria_note, rate_notes
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


def titled(study: Study, names: tuple[str, ...]) -> str:
    """The own title of a rate that stands alone in its display, to be put after the display's."""
    title = spec_of(study, names[0]).title if len(names) == 1 else ""
    return f": {title[0].lower()}{title[1:]}" if title else ""


def best_counted(material: Material, one: Shown, key: str = "") -> pd.DataFrame:
    """Best responses of a reading, what counts first; with clinical benefit where a rate shown, or `key`, asks for it."""
    from survival.clinical_benefit import BENEFIT, benefit_flags

    study, best = material.study, material.best(one.reading)
    keys = [key, *(spec.key for spec in study.endpoint if spec.name in one.names)]
    rules = benefit_rules(study)
    kept = ["clinical_benefit"] if "cbr" in keys else []
    kept += ["disease_control"] if "dcr" in keys and rules != BENEFIT else []
    if kept:
        given = (material.responses(one.reading), best, material.subjects(one.reading))
        flags = benefit_flags(*given, rules=rules)
        columns = [prefix + name for name in kept for prefix in ("", "confirmed_")]
        best = best.merge(flags[["subject", *columns]], on="subject")
    confirmed = [name for name in best if str(name).startswith("confirmed_")]
    if not study.response.confirmation:
        return best.drop(columns=confirmed)
    return best[[*confirmed, *(name for name in best if name not in confirmed)]]


def _table(material: Material, one: Shown) -> Any:
    """Best overall response and rates of one reading."""
    from survival.not_evaluable import not_evaluable_reasons
    from survival.tables.best_response import BEST_RESPONSE, best_response_table

    study, subjects = material.study, material.subjects(one.reading)
    notes = (*criteria_note(study, one.reading), *rate_notes(study, one.reading, subjects))
    title = f"Best overall response{titled(study, one.names)}"
    shell = shell_of(material, one, replace(BEST_RESPONSE, footnotes=notes), title)
    best = not_evaluable_reasons(material.responses(one.reading), best_counted(material, one), subjects)
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

    subjects, best = material.subjects(one.reading), material.best(one.reading)
    by = material.by[0] if material.by else None
    more = [name for name in ("new_therapy_date", by) if name in subjects]
    known = subjects[["subject", *more]].astype({"subject": str})
    best = best.astype({"subject": str}).merge(known, on="subject")
    look = figure_look(material, one)
    return waterfall_plot(material.responses(one.reading), best, material.best_column, by, look)


DISPLAYS = (
    DisplayKind(
        name="best_response_table",
        form="table",
        place=10,
        sentence="Best overall response, and the response, disease control and benefit rates with limits.",
        outcome="rate",
        takes=READING,
        wanted=_tables,
        make=_table,
    ),
    DisplayKind(
        name="waterfall_plot",
        form="figure",
        place=110,
        sentence="Best change of the sum of diameters, one bar per subject.",
        outcome="rate",
        takes=READING,
        wanted=_waterfalls,
        make=_waterfall,
    ),
)
