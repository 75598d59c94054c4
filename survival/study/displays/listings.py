"""Listings of the derivation: best responses, responses by visit, lesions, endpoint dates, findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from recist import get_criteria
from survival.date_text import in_words
from survival.study.date_records import with_records
from survival.study.display import (
    READING,
    DisplayKind,
    Material,
    Shown,
    beside_shell,
    one_display,
    spec_of,
    time_shell,
    title_of,
)
from survival.study.displays.time_to_event import each_time
from survival.study.known import edited_endpoint
from survival.study.leukaemia import leukaemia_label
from survival.study.notes import start_text, with_reading
from survival.study.populations import population
from survival.study.reading import Reading, labels

LATER = "Records after the data cutoff are listed too; no outcome counts them."
SOURCES = {  # fact -> what it is a date of, where its name does not say so
    "start_date": "start",
    "last_adequate_date": "last adequate assessment",
    "last_adequate_before_event": "last adequate assessment before the event",
    "last_adequate_before_new_therapy": "last adequate assessment before new therapy",
    "last_known_alive_date": "last contact",
    "new_therapy_date": "new anticancer therapy",
    "discontinuation_date": "end of treatment or study",
    "cutoff_date": "data cutoff",
    "claimed_progression_date": "progression as claimed",
}


def _per_criteria(kind: str, material: Material) -> Iterator[Shown]:
    """One per criteria with responses, of everyone who read."""
    study = material.study
    names = [leukaemia_label(study)] if material.data.marrow is not None else list(labels(study).values())
    there = set(material.derived.responses["criteria"].astype(str))
    shape = kind.rsplit("_", 1)[0]
    for label in dict.fromkeys(names):
        if label in there:
            name = shape if len(names) == 1 else f"{shape}-{label}"
            yield one_display(kind, study, (), Reading("", label, study.analysis.population), name)


def _with_later(shell: Any, rows: pd.DataFrame, subjects: pd.DataFrame) -> Any:
    """Of a listing of every record that there is: said where some of them are later than the data cutoff."""
    if "cutoff_date" not in subjects:
        return shell
    cutoff = dict(zip(subjects["subject"].astype(str), subjects["cutoff_date"], strict=True))
    later = rows["date"] > pd.to_datetime(rows["subject"].astype(str).map(cutoff))
    return replace(shell, footnotes=(*shell.footnotes, LATER)) if later.any() else shell


def _subjects(material: Material, one: Shown) -> pd.DataFrame:
    return population(material.study, material.data.subjects, one.reading.population)


def _under(frame: pd.DataFrame, one: Shown) -> pd.DataFrame:
    """The rows of one criteria, of everyone who read or of the one evaluator that is asked for."""
    rows = frame["criteria"].astype(str) == one.reading.criteria
    if one.reading.evaluator:
        rows &= frame["evaluator"].astype(str) == one.reading.evaluator
    return frame[rows.to_numpy()].reset_index(drop=True)


def _titled(material: Material, one: Shown, shell: Any) -> Any:
    """The words of a listing of one criteria, read by all or by one."""
    title = shell.title
    if one.reading.evaluator:
        title = with_reading(material.study, title, one.reading)
    elif material.study.data.responses != "recorded" and material.data.marrow is None:
        title = f"{title} ({get_criteria(one.reading.criteria).title}{_edits(one.reading.criteria)})"
    if material.data.marrow is None:
        shell = replace(shell, footnotes=(*shell.footnotes, material.source_note))
    return beside_shell(material, one, shell, title)


def _edits(label: str) -> str:
    """The edits of the criteria as their label has them."""
    return f" [{label.split('[', 1)[1]}" if "[" in label else ""


def _best(material: Material, one: Shown) -> Any:
    from survival.listings.best_response import BEST, best_response_listing

    best = _under(material.derived.best, one)
    if not material.study.response.confirmation:
        best = best.drop(columns=[name for name in best if str(name).startswith("confirmed_")])
    read = set(
        material.derived.responses["evaluator"].astype(str)
        + material.derived.responses["subject"].astype(str)
    )
    pair = best["evaluator"].astype(str) + best["subject"].astype(str)
    alone = best.groupby("subject", observed=True)["best_response_date"].transform("count").eq(0)
    first = ~best["subject"].duplicated()
    best = best[(pair.isin(read) | (alone & first)).to_numpy()].reset_index(drop=True)
    shell = _titled(material, one, BEST)
    return best_response_listing(best, _subjects(material, one), material.by or None, shell)


def _responses(material: Material, one: Shown) -> Any:
    from survival.listings.responses import RESPONSES, response_listing

    rows, subjects = _under(material.derived.responses, one), _subjects(material, one)
    shell, start = _titled(material, one, RESPONSES), start_text((material.study.study.start_date,))
    shell = _with_later(shell, rows, subjects)
    recorded = _recorded(material.data.beside, rows, subjects)
    return response_listing(rows, subjects, material.by or None, shell, recorded, start)


def _recorded(
    recorded: pd.DataFrame | None, rows: pd.DataFrame, subjects: pd.DataFrame
) -> pd.DataFrame | None:
    """The recorded responses of the readers and criteria that are listed; none when there are none of them."""
    if recorded is None:
        return None
    criteria = {label.split("[")[0] for label in rows["criteria"].astype(str)}
    asked = recorded["criteria"].astype(str).isin(criteria)
    asked &= recorded["subject"].astype(str).isin(subjects["subject"].astype(str))
    read = set(zip(rows["subject"].astype(str), rows["evaluator"].astype(str), strict=True))
    pairs = zip(recorded["subject"].astype(str), recorded["evaluator"].astype(str), strict=True)
    kept = recorded[asked.to_numpy() & [pair in read for pair in pairs]]
    return kept.reset_index(drop=True) if len(kept) else None


def _lesions_wanted(material: Material) -> Iterator[Shown]:
    """Where there are lesions."""
    if material.data.lesions is not None:
        which = Reading("", "", material.study.analysis.population)
        yield one_display("lesion_listing", material.study, (), which, "lesions")


def _lesions(material: Material, one: Shown) -> Any:
    from survival.listings.lesions import LESIONS, lesion_listing

    assert material.data.lesions is not None  # not wanted otherwise
    lesions, title = material.data.lesions, LESIONS.title
    if one.reading.evaluator:
        lesions = lesions[lesions["evaluator"].astype(str) == one.reading.evaluator].reset_index(drop=True)
        title = f"{title} (read by {one.reading.evaluator})"
    subjects = _subjects(material, one)
    shell = _with_later(beside_shell(material, one, LESIONS, title), lesions, subjects)
    return lesion_listing(lesions, subjects, material.by or None, shell)


def _endpoints_wanted(material: Material) -> Iterator[Shown]:
    """One per endpoint with subjects."""
    kind = "endpoint_listing"
    for one in (*each_time(kind, material), *each_time(kind, material, competing=True)):
        if len(material.derived.tte[one.names[0]]):
            yield one


def _endpoint(material: Material, one: Shown) -> Any:
    from survival.listings.endpoints import ENDPOINT, endpoint_listing

    study, name = material.study, one.names[0]
    endpoint = edited_endpoint(spec_of(study, name), study)
    sources = {situation.rule: _source(situation.date) for situation in endpoint.situations}
    every = material.derived.situations
    every = every[(every["endpoint"].astype(str) == endpoint.name).to_numpy()]
    shell = time_shell(material, one, ENDPOINT, f"{ENDPOINT.title}: {title_of(study, name)}")
    facts = {situation.rule: situation.date for situation in endpoint.situations}
    tte = with_records(material, one, material.derived.tte[name], facts)
    return endpoint_listing(tte, every, material.by or None, shell, sources, study.analysis.unit)


def _source(name: str) -> str:
    """What a fact is a date of."""
    return SOURCES.get(name, in_words(name))


def _findings_wanted(material: Material) -> Iterator[Shown]:
    """One per study, also when nothing was found."""
    yield one_display("finding_listing", material.study, (), Reading("", "", "all"), "findings")


def _findings(material: Material, one: Shown) -> Any:
    from survival.listings.findings import FINDINGS, finding_listing

    shell = beside_shell(material, one, FINDINGS, FINDINGS.title)
    return finding_listing(material.findings, replace(shell, population=FINDINGS.population))


DISPLAYS = (
    DisplayKind(
        name="best_response_listing",
        form="listing",
        place=200,
        sentence="The best response of every subject by every reader, with its rule and the dates made of it.",
        takes=READING,
        wanted=lambda material: _per_criteria("best_response_listing", material),
        make=_best,
    ),
    DisplayKind(
        name="response_listing",
        form="listing",
        place=201,
        sentence="Every response of every reader with sums, changes, its parts, and the reason.",
        takes=READING,
        wanted=lambda material: _per_criteria("response_listing", material),
        make=_responses,
    ),
    DisplayKind(
        name="lesion_listing",
        form="listing",
        place=202,
        sentence="Every lesion with its value at each visit.",
        takes=("population", "evaluator"),
        wanted=_lesions_wanted,
        make=_lesions,
    ),
    DisplayKind(
        name="endpoint_listing",
        form="listing",
        place=230,
        sentence="Event or censoring of every subject, with the situation and those that also applied.",
        outcome="time",
        takes=READING,
        wanted=_endpoints_wanted,
        make=_endpoint,
    ),
    DisplayKind(
        name="finding_listing",
        form="listing",
        place=260,
        sentence="Every finding of the check of the data.",
        wanted=_findings_wanted,
        make=_findings,
    ),
)
