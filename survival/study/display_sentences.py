"""What a study file says of its displays, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from survival.study.model import Display, Study
from survival.study.populations import population_label

NAMES = {"km_plot": "Kaplan-Meier plot"}  # kinds whose name is not how one calls them


def display_sentences(study: Study) -> Iterator[str]:
    """Which displays are made, then each that is listed; nothing where the file says nothing of them."""
    says = study.displays
    if says.which == "listed":
        yield "These displays are made, in this order, and no others:"
    elif says.only or says.omit:
        kinds = f"only {_kinds(says.only)}" if says.only else "every kind"
        yield f"Displays are made of {kinds}{f', without {_kinds(says.omit)}' if says.omit else ''}."
    if study.display and says.which == "all":
        yield "Displays with words, a population or a reading of their own, among those that the study has:"
    for asked in study.display:
        yield f"  {_said(study, asked)}."


def _kinds(names: list[str]) -> str:
    return ", ".join(_kind(name) for name in names)


def _kind(name: str) -> str:
    return NAMES.get(name, name.replace("_", " "))


def _said(study: Study, asked: Display) -> str:
    """One display: its kind, what it is of, whose reading and subjects, and what it is called."""
    words = _kind(asked.kind)
    words = f"{words[0].upper()}{words[1:]}"
    if of := [asked.endpoint] if asked.endpoint else asked.subjects:
        words += f" of {', '.join(of)}"
    parts = [words]
    parts += [f"by {asked.criteria}"] if asked.criteria else []
    parts += [f"read by {asked.evaluator}"] if asked.evaluator else []
    parts += [f"in {population_label(study, asked.population)}"] if asked.population else []
    parts += [f"as {asked.number}"] if asked.number else []
    said = ", ".join(parts)
    return f'{said}: "{asked.title.removesuffix(".")}"' if asked.title else said
