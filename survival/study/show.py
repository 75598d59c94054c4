"""The displays of a study: which there are, with which words, and their files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from survival.study.derive import Derived, Reading, of_reading, rate_endpoints, reading, time_endpoints
from survival.study.known import edited_endpoint
from survival.study.load import StudyData
from survival.study.model import Display, EndpointSpec, Study
from survival.study.notes import rate_notes, reading_text, start_text, time_notes, uses_responses
from survival.study.populations import population, population_label, reference_label
from survival.study.readers import concordance_table, discordance_listing, shown_concordance


@dataclass(frozen=True)
class Shown:
    """One display to be made: its kind, its file name, the outcome it shows and its words."""

    kind: str
    id: str
    names: tuple[str, ...]  # endpoints of the study file that it shows
    reading: Reading
    words: Display


@dataclass(frozen=True)
class Material:
    """What displays are made from."""

    study: Study
    data: StudyData
    derived: Derived

    @property
    def by(self) -> list[str]:
        """The columns that make the groups."""
        return [] if self.study.arms is None else [self.study.arms.column]

    @property
    def source_note(self) -> str:
        """Whether responses are derived or recorded, as a footnote."""
        if self.study.data.responses == "recorded":
            return "Responses as recorded in the data (RS), not derived from lesion measurements."
        return "Responses derived from lesion measurements."


def shown(material: Material) -> list[Shown]:
    """Every display of the study: one of each kind per outcome, in the words of the file if it has any."""
    study = material.study
    found = [
        *_grouped("best_response_table", material, rate_endpoints(study)),
        *_grouped("waterfall_plot", material, rate_endpoints(study)),
    ]
    for spec in time_endpoints(study):
        for kind in ("time_to_event_table", "km_plot"):
            found.append(_shown(kind, study, (spec.name,), reading(study, spec, material.data)))
    found += shown_concordance(material)
    return _with_own_ids([one for one in found if _drawable(material, one)])


def _drawable(material: Material, one: Shown) -> bool:
    """Whether there is anything to draw: a figure without a bar or a curve is left out."""
    if one.kind == "km_plot":
        return len(material.derived.tte[one.names[0]]) > 0
    if one.kind != "waterfall_plot":
        return True
    subjects = population(material.study, material.data.subjects, one.reading.population)
    responses = of_reading(material.derived.responses, one.reading, subjects)
    change = "change_from_baseline_pct"  # recorded responses come without sums of diameters
    return change in responses and bool(responses[change].notna().any())


def _grouped(kind: str, material: Material, specs: list[EndpointSpec]) -> Iterator[Shown]:
    """One display for all rates of the same reading."""
    readings: dict[Reading, list[str]] = {}
    for spec in specs:
        readings.setdefault(reading(material.study, spec, material.data), []).append(spec.name)
    for which, names in readings.items():
        yield _shown(kind, material.study, tuple(names), which)


def _shown(kind: str, study: Study, names: tuple[str, ...], which: Reading) -> Shown:
    """A display with the words that the study file has for it."""
    fitting = [d for d in study.display if d.kind == kind and (d.endpoint is None or d.endpoint in names)]
    words = next((d for d in fitting if d.endpoint), fitting[0] if fitting else Display(kind=kind))
    shape = kind.rsplit("_", 1)[0]
    default = f"{shape}-{names[0]}" if kind in ("time_to_event_table", "km_plot") else shape
    return Shown(kind, words.id or _file_name(default), names, which, words)


def _file_name(text: str) -> str:
    """A text as the name of a file: small letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-")


def _with_own_ids(found: list[Shown]) -> list[Shown]:
    """File names that no other display has: a number is added to the second and later of a name."""
    seen: dict[str, int] = {}
    result = []
    for one in found:
        key = f"{one.kind.rsplit('_', 1)[1]} {one.id}"
        seen[key] = seen.get(key, 0) + 1
        result.append(one if seen[key] == 1 else replace(one, id=f"{one.id}-{seen[key]}"))
    return result


# ---------------------------------------------------------------- tables


def best_response_table(material: Material, one: Shown) -> Any:
    """Best overall response and rates of one reading."""
    from survival.clinical_benefit import benefit_flags
    from survival.tables.best_response import BEST_RESPONSE
    from survival.tables.best_response import best_response_table as table

    study = material.study
    subjects = population(study, material.data.subjects, one.reading.population)
    best = of_reading(material.derived.best, one.reading, subjects)
    if "cbr" in [spec.key for spec in study.endpoint if spec.name in one.names]:
        responses = of_reading(material.derived.responses, one.reading, subjects)
        flags = benefit_flags(responses, best, subjects)
        best = best.merge(flags[["subject", "clinical_benefit", "confirmed_clinical_benefit"]], on="subject")
    if not study.response.confirmation:
        best = best.drop(columns=[name for name in best if str(name).startswith("confirmed_")])
    notes = rate_notes(study, one.reading, subjects)
    shell = _shell(material, one, replace(BEST_RESPONSE, footnotes=notes), "Best overall response")
    return table(best, subjects, material.by or None, study.analysis.rate_conf_type, shell)


def time_to_event_table(material: Material, one: Shown) -> Any:
    """Events, quartiles, rates and comparison of one endpoint."""
    from survival.tables.time_to_event import TIME_TO_EVENT
    from survival.tables.time_to_event import time_to_event_table as table

    study, tte = material.study, material.derived.tte[one.names[0]]
    analysis, reference = study.analysis, comparable_reference(material, tte)
    subjects = population(study, material.data.subjects, one.reading.population)
    notes = time_notes(study, _spec(study, one.names[0]), subjects)
    shell = _shell(material, one, replace(TIME_TO_EVENT, footnotes=notes), title_of(study, one.names[0]))
    if not len(tte):
        return _table_of_nobody(material, one, shell)
    if reference is None and reference_label(study) is not None:
        note = f"No comparison with {reference_label(study)}: not two arms have subjects in this analysis."
        shell = replace(shell, footnotes=(*shell.footnotes, note))
    return table(
        tte,
        material.by or None,
        shell,
        reference=reference,
        times=analysis.times,
        unit=analysis.unit,
        conf_type=analysis.conf_type,
        convention=analysis.convention,
        strata=analysis.strata,
        ties=analysis.ties,
    )


def comparable_reference(material: Material, tte: pd.DataFrame) -> str | None:
    """The reference arm, when it and another arm have subjects in the analysis."""
    reference = reference_label(material.study)
    there = set(tte[material.by[0]].astype(str)) if material.by else set()
    return reference if reference in there and len(there) > 1 else None


def _table_of_nobody(material: Material, one: Shown, shell: Any) -> Any:
    """The table of an endpoint that no subject has, such as duration of response without responders."""
    from survival.groups import ALL
    from survival.results import ResultRows
    from survival.tables.table import Line, Table

    subjects = population(material.study, material.data.subjects, one.reading.population)
    groups = list(subjects[material.by[0]].cat.categories) if material.by else [ALL]
    rows = ResultRows(shell.heading, shell.population)
    for group in groups:
        rows.add("Subjects", group, 0, "subjects", count=0)
    noted = replace(
        shell, footnotes=(*shell.footnotes, "No subject has this endpoint, so nothing is estimated.")
    )
    return Table(noted, (Line("Subjects, n", "Subjects", "n"),), dict.fromkeys(groups, 0), rows.frame())


def _shell(material: Material, one: Shown, shell: Any, title: str) -> Any:
    """The words of a table: those of the file, else the outcome and the reading it is made of."""
    study, words = material.study, one.words
    read = any(uses_responses(study, _spec(study, name)) for name in one.names)
    return replace(
        shell,
        number=words.number,
        title=words.title or (f"{title} ({reading_text(study, one.reading)})" if read else title),
        population=population_label(study, one.reading.population),
        footnotes=(*words.footnotes, *shell.footnotes, *([material.source_note] if read else [])),
    )


def _spec(study: Study, name: str) -> EndpointSpec:
    """The endpoint of that name in the study file."""
    return next(spec for spec in study.endpoint if spec.name == name)


def title_of(study: Study, name: str) -> str:
    """The title of an endpoint: its own, else that of the endpoint it is made from."""
    from survival.endpoints import get_endpoint

    spec = _spec(study, name)
    if spec.title:
        return spec.title
    title = get_endpoint(spec.key).title
    return title if spec.name.lower() == spec.key else f"{spec.name}: {title[0].lower()}{title[1:]}"


# ---------------------------------------------------------------- figures


def km_plot(material: Material, one: Shown) -> Any:
    """The Kaplan-Meier figure of one endpoint, with the hazard ratio where arms are compared."""
    from survival import compare_arms, kaplan_meier
    from survival import km_plot as plot
    from survival.figures.look import KmLook

    analysis, by = material.study.analysis, material.by
    tte = material.derived.tte[one.names[0]]
    km = kaplan_meier(tte, by or None, analysis.conf_type, analysis.convention)
    reference = comparable_reference(material, tte)
    compared = None
    if reference is not None:
        compared = compare_arms(tte, by[0], reference, strata=analysis.strata, ties=analysis.ties)
    endpoint = edited_endpoint(_spec(material.study, one.names[0]), material.study.study.start_date)
    title = one.words.title or title_of(material.study, one.names[0])
    look = KmLook(endpoint=title, origin=start_text(endpoint.start))
    return plot(km, compared, unit=analysis.unit, look=look)


def waterfall_plot(material: Material, one: Shown) -> Any:
    """The best change of the sum of diameters of every subject."""
    from recist import waterfall_plot as plot

    subjects = population(material.study, material.data.subjects, one.reading.population)
    return plot(
        of_reading(material.derived.responses, one.reading, subjects),
        of_reading(material.derived.best, one.reading, subjects),
        response="confirmed_best_response" if material.study.response.confirmation else "best_response",
    )


DISPLAYS: dict[str, Callable[[Material, Shown], Any]] = {
    "best_response_table": best_response_table,
    "time_to_event_table": time_to_event_table,
    "km_plot": km_plot,
    "waterfall_plot": waterfall_plot,
    "concordance_table": concordance_table,
    "discordance_listing": discordance_listing,
}


def results_frame(tables: dict[str, Any], responses: str) -> pd.DataFrame:
    """Every number of every table, with the table's file name and how responses came about."""
    from survival.results import stack

    frames = [table.results.assign(display=name) for name, table in tables.items()]
    whole = stack(frames)
    return whole.assign(responses=responses)
