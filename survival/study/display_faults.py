"""Faults in [displays] and [[display]]: kinds, outcomes and readings that do not exist or do not fit together."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from survival.study.display import READING, DisplayKind
from survival.study.known import RATE_KEYS
from survival.study.model import Display, Study
from survival.study.notes import uses_responses
from survival.study.shape import name_fault
from survival.study.source import Fault, Key, nearest

SHOWS = {"time": "times to an event", "rate": "rates"}


def display_faults(study: Study) -> Iterator[Fault]:
    """Everything in the displays that does not exist or does not fit together."""
    yield from _choice_faults(study)
    yield from _repeated(study)
    for number, asked in enumerate(study.display):
        yield from _entry_faults(study, ("display", number), asked)


def _choice_faults(study: Study) -> Iterator[Fault]:
    """[displays]: kinds that are not known, or a choice beside the list."""
    from survival.study.displays import all_displays

    says = study.displays
    for key in ("only", "omit"):
        for kind in getattr(says, key):
            yield from name_fault(("displays", key), "display", kind, list(all_displays()))
        if says.which == "listed" and getattr(says, key):
            yield (
                ("displays", key),
                f'{key} chooses among all displays, but which = "listed" makes those in [[display]] alone. '
                "Leave one out.",
            )
    if says.which == "listed" and not study.display:
        yield (
            ("displays", "which"),
            'which = "listed", but no [[display]] lists one. Add one, or write "all".',
        )
    if says.docx and find_spec("docx") is None:
        yield (
            ("displays", "docx"),
            "docx needs python-docx, which is not installed. Install recist[docx], or set docx = false.",
        )


def _repeated(study: Study) -> Iterator[Fault]:
    """Two displays of one file name, one number, or that would be the same."""
    ids: set[str] = set()
    numbers: set[str] = set()
    asked_for: set[str] = set()
    for number, asked in enumerate(study.display):
        if asked.id and asked.id in ids:
            yield ("display", number, "id"), f"two displays have the id '{asked.id}'. Rename one."
        if asked.number and asked.number in numbers:
            yield ("display", number, "number"), f"two displays have the number '{asked.number}'. Change one."
        same = repr((asked.kind, asked.endpoint, *(getattr(asked, key) for key in READING), asked.subjects))
        if same in asked_for:
            yield (
                ("display", number),
                f"this {asked.kind} is listed before: the same endpoint, population and reading. Leave one out.",
            )
        ids.add(asked.id)
        numbers.add(asked.number)
        asked_for.add(same)


def _entry_faults(study: Study, key: Key, asked: Display) -> Iterator[Fault]:
    """One [[display]]."""
    from survival.study.displays import all_displays

    if (kind := all_displays().get(asked.kind)) is None:
        yield (*key, "kind"), f"display '{asked.kind}' is not known.{nearest(asked.kind, all_displays())}"
        return
    yield from name_fault((*key, "population"), "population", asked.population, ["all", *study.populations])
    yield from name_fault((*key, "criteria"), "criteria", asked.criteria, study.criteria)
    yield from _outcome_faults(study, key, asked, kind)
    yield from _reading_faults(study, key, asked, kind)
    if "subjects" in kind.takes and not asked.subjects:
        yield key, f'{kind.name} does not say whose. Add subjects = ["..."].'
    for who in dict.fromkeys(who for who in asked.subjects if asked.subjects.count(who) > 1):
        yield (*key, "subjects"), f"'{who}' is named twice in subjects. Leave one out."


def _outcome_faults(study: Study, key: Key, asked: Display, kind: DisplayKind) -> Iterator[Fault]:
    """The endpoint: one that there is, and of those that the kind shows."""
    if asked.endpoint is None:
        if kind.outcome == "time" and asked.apart:
            yield key, f'{kind.name} does not say of which endpoint. Add endpoint = "...".'
        return
    if not kind.outcome:
        yield (*key, "endpoint"), f"{kind.name} is not of one endpoint. Leave endpoint out."
        return
    names = [spec.name for spec in study.endpoint]
    if asked.endpoint not in names:
        yield from name_fault((*key, "endpoint"), "endpoint", asked.endpoint, names)
        return
    fitting = [spec.name for spec in study.endpoint if (spec.key in RATE_KEYS) == (kind.outcome == "rate")]
    if asked.endpoint not in fitting:
        known = nearest(asked.endpoint, fitting)
        yield (*key, "endpoint"), f"{kind.name} shows {SHOWS[kind.outcome]}, not '{asked.endpoint}'.{known}"


def _reading_faults(study: Study, key: Key, asked: Display, kind: DisplayKind) -> Iterator[Fault]:
    """Keys that the kind, its endpoint or the data of the study have no use for."""
    for name in (*READING, "subjects"):
        if name in asked.model_fields_set and getattr(asked, name) is not None and name not in kind.takes:
            takes = f"It takes {', '.join(kind.takes)}." if kind.takes else "Leave it out."
            yield (*key, name), f"{kind.name} takes no {name}. {takes}"
    if asked.criteria is not None and study.data.marrow is not None:
        yield (
            (*key, "criteria"),
            "criteria are of lesions; marrow assessments have [leukaemia]. Leave it out.",
        )


def unread_faults(study: Study) -> Iterator[Fault]:
    """A reading of an endpoint that is not made of responses; asked when the endpoints have no fault."""
    unread = [spec.name for spec in study.endpoint if not uses_responses(study, spec)]
    for number, asked in enumerate(study.display):
        for name in ("evaluator", "criteria"):
            if asked.endpoint in unread and getattr(asked, name) is not None:
                said = f"'{asked.endpoint}' is not made of responses: {name} plays no part. Leave it out."
                yield ("display", number, name), said
