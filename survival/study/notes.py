"""Footnotes that follow from the study file: what a reader must know of the rules behind a table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist import BestResponseRules, get_criteria, get_leukaemia_criteria, get_rules
from survival.date_text import in_words
from survival.study.known import RATE_KEYS, edited_endpoint
from survival.study.leukaemia import classifications
from survival.study.model import EndpointSpec, Study
from survival.study.reading import Reading

if TYPE_CHECKING:
    from survival.clinical_benefit import BenefitRules
    from survival.endpoint import Endpoint

RESPONSE_DATES = {"response_date": "first response", "confirmed_response_date": "first confirmed response"}
ONLY = {  # the date that the subjects of an endpoint have -> who they are
    "response_date": "Responders",
    "confirmed_response_date": "Responders",
    "complete_response_date": "Subjects with a complete response",
    "confirmed_complete_response_date": "Subjects with a confirmed complete response",
    "stable_disease_date": "Subjects whose best response is stable disease",
    "confirmed_stable_disease_date": "Subjects whose best confirmed response is stable disease",
    "remission_date": "Subjects in remission",
}
MISSED = "P4"  # the situation of the PFS tables that asks for the longest gap


def with_reading(study: Study, title: str, which: Reading) -> str:
    """A title with the reading behind it, in square brackets where its own words have round ones."""
    text = reading_text(study, which)
    return f"{title} [{text}]" if "(" in text else f"{title} ({text})"


def reading_text(study: Study, which: Reading) -> str:
    """Criteria and reader in words: 'RECIST 1.1, reader 1'."""
    reader = " ".join(word if len(word) <= 4 else word.lower() for word in which.evaluator.split())
    if study.readers is not None and which.evaluator == study.readers.accepted and reader == "accepted":
        reader = "accepted reading"
    if study.data.responses == "recorded":
        return reader
    if study.data.marrow is not None:
        titles = [get_leukaemia_criteria(name).title for name in classifications(study).values()]
        return f"{' and '.join(dict.fromkeys(titles))}, {reader}"
    criteria = get_criteria(which.criteria)
    edits = which.criteria.removeprefix(criteria.name)
    until = f", up to day {which.frame_days}" if which.frame_days is not None else ""
    return f"{criteria.title}{' ' + edits if edits.startswith('[') else ''}, {reader}{until}"


def uses_responses(study: Study, spec: EndpointSpec) -> bool:
    """Whether an outcome is made of responses at all; overall survival is not."""
    from survival.fact_sources import SUBJECT_DATES
    from survival.qlq_c30.endpoint import Deterioration

    if spec.key in RATE_KEYS:
        return True
    endpoint = edited_endpoint(spec, study)
    if isinstance(endpoint, Deterioration):
        return False
    asked = {*endpoint.start, *endpoint.events, *endpoint.followed}
    asked |= {situation.date for situation in endpoint.situations}
    contacts = {"last_known_alive_date", "followed_until_date"}
    return not asked <= {*SUBJECT_DATES, *endpoint.columns, "start_date", "frame_end_date", *contacts}


def rate_notes(study: Study, which: Reading, subjects: pd.DataFrame) -> tuple[str, ...]:
    """Minimum duration of stable disease, confirmation and data cutoff."""
    rules = _rules(study, which)
    notes = [
        f"Stable disease: seen {rules.min_sd_days} days or more after {start_text((study.study.start_date,))}."
    ]
    if study.response.confirmation:
        notes.append(
            f"Confirmed: complete or partial response seen again {rules.confirm_days} days or more later."
        )
    else:
        notes.append("Confirmation of responses was not required.")
    if any(spec.key == "cbr" for spec in study.endpoint):
        days = benefit_rules(study).stable_days
        notes.append(f"Clinical benefit: response, or free of progression for {days} days or more.")
    if which.frame_days is not None:
        notes.append(
            f"Only assessments up to {which.frame_days} days after the start count, those that confirm a response too."
        )
    return (*notes, *cutoff_note(subjects))


def criteria_note(study: Study, which: Reading) -> tuple[str, ...]:
    """The publication that the criteria of a reading are taken from."""
    if study.data.marrow is not None:
        return ()
    criteria = get_criteria(which.criteria)
    return (f"{criteria.title}: {criteria.citation.rstrip('.')}.",)


def benefit_rules(study: Study) -> BenefitRules:
    """What counts as disease control and clinical benefit, with the settings of these rates."""
    from survival.clinical_benefit import BENEFIT

    settings = [spec.settings for spec in study.endpoint if spec.key in ("dcr", "cbr")]
    fixed: dict[str, Any] = {}
    for one in settings:
        fixed |= {name: tuple(value) if isinstance(value, list) else value for name, value in one.items()}
    return replace(BENEFIT, **fixed)


def time_notes(study: Study, spec: EndpointSpec, subjects: pd.DataFrame) -> tuple[str, ...]:
    """Start of time, source of the censoring rules, who is in the analysis, time frame, and data cutoff."""
    endpoint = edited_endpoint(spec, study)
    notes = [
        f"Time from {start_text(endpoint.start)}. Events and censoring: {endpoint.cite}{_edits(spec, endpoint)}."
    ]
    if endpoint.only is not None:
        compared = study.arms is not None and study.arms.reference is not None
        who = ONLY.get(endpoint.only, f"Subjects with {start_text((endpoint.only,))}")
        notes.append(f"{who} only" + ("; the arms are not compared as randomised." if compared else "."))
    if endpoint.frame_days is not None:
        since = "the start" if endpoint.frame_from is None else start_text((endpoint.frame_from,))
        days = endpoint.frame_days - endpoint.first_day
        notes.append(f"Time frame: {days} days after {since}; whoever is without an event then is censored.")
    return (*notes, *cutoff_note(subjects))


def start_text(start: tuple[str, ...]) -> str:
    """Columns of start dates as a reader would call them."""
    return " or ".join(RESPONSE_DATES.get(name, in_words(name)) for name in start)


def cutoff_note(subjects: pd.DataFrame) -> tuple[str, ...]:
    """The data cutoff, when the subject table has it."""
    if "cutoff_date" not in subjects or subjects["cutoff_date"].isna().all():
        return ()
    first, last = subjects["cutoff_date"].min(), subjects["cutoff_date"].max()
    span = f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}, by subject"
    return (f"Data cutoff: {span}.",)


def _edits(spec: EndpointSpec, endpoint: Endpoint) -> str:
    """What the study changed of the printed rules, and the gap that counts as missed assessments."""
    parts = []
    if any(situation.rule == MISSED for situation in endpoint.situations):
        parts.append(f"; two or more assessments are missed after {endpoint.max_gap_days} days without one")
    if spec.without:
        parts.append(f"; without {', '.join(spec.without)}")
    return "".join(parts)


def _rules(study: Study, which: Reading) -> BestResponseRules:
    """The best-response rules in force."""
    base = get_rules(study.response.preset) if study.response.preset else get_criteria(which.criteria)
    return replace(base, **study.response.rules)
