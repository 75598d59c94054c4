"""Response rates with their differences between arms, and the agreement figure's kin: responses over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from survival.study.display import READING, DisplayKind, Material, Shown, figure_look, shell_of, spec_of
from survival.study.displays.best_response import best_counted, of_rates, titled
from survival.study.known import RATE_KEYS
from survival.study.notes import rate_notes


def _tables(material: Material) -> Iterator[Shown]:
    return of_rates("response_rate_table", material)


def _table(material: Material, one: Shown) -> Any:
    """The rates that the study file names, compared with the reference arm where there is one."""
    from survival.tables.response_rates import RESPONSE_RATES, response_rate_table

    study, subjects = material.study, material.subjects(one.reading)
    ending = " confirmed" if study.response.confirmation else ""
    rates = list(dict.fromkeys(RATE_KEYS[spec_of(study, name).key] + ending for name in one.names))
    settings: dict[str, Any] = {"conf_type": study.analysis.rate_conf_type}
    if (reference := material.reference(subjects)) is not None:
        settings |= {
            "reference": reference,
            "difference_conf_type": study.analysis.difference,
            "strata": study.analysis.strata,
        }
    notes = (*RESPONSE_RATES.footnotes, *rate_notes(study, one.reading, subjects))
    shell = replace(RESPONSE_RATES, footnotes=notes)
    shell = shell_of(material, one, shell, f"Response rates{titled(study, one.names)}")
    best = best_counted(material, one)
    return response_rate_table(best, subjects, material.by or None, shell, rates, **settings)


def _over_time_wanted(material: Material) -> Iterator[Shown]:
    """One per reading with assessments."""
    for one in of_rates("response_over_time_plot", material):
        if len(material.responses(one.reading)):
            yield one


def _over_time(material: Material, one: Shown) -> Any:
    from recist import response_over_time_plot

    by = material.by[0] if material.by else None
    return response_over_time_plot(
        material.responses(one.reading), material.subjects(one.reading), by, look=figure_look(material, one)
    )


DISPLAYS = (
    DisplayKind(
        name="response_rate_table",
        form="table",
        place=11,
        sentence="Objective response, complete response, disease control and benefit, compared between arms.",
        outcome="rate",
        takes=READING,
        wanted=_tables,
        make=_table,
    ),
    DisplayKind(
        name="response_over_time_plot",
        form="figure",
        place=113,
        sentence="Shares of responses at every visit, subjects without one included.",
        outcome="rate",
        takes=READING,
        wanted=_over_time_wanted,
        make=_over_time,
    ),
)
