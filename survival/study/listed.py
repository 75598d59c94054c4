"""Displays that the study file lists: their words, and those of a population or reading of their own.

A display of its own population or reading is made by its kind from an edited study: the one whose endpoints,
populations and readings are those that `[[display]]` names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from survival.study.derive import Derived
from survival.study.display import READING, DisplayKind, Material, Shown, file_name
from survival.study.displays import all_displays
from survival.study.known import RATE_KEYS
from survival.study.load import StudyData
from survival.study.model import Display, EndpointSpec, Study
from survival.study.notes import uses_responses
from survival.study.outcomes import derive_endpoints
from survival.study.readers import evaluators_of
from survival.study.reading import labels
from survival.study.source import nearest


def chosen(material: Material) -> list[Shown]:
    """The displays of the study in their order: all with the listed ones among them, or those listed alone."""
    alone = material.study.displays.which == "listed"
    return _listed_alone(material) if alone else _all_and_listed(material)


def _all_and_listed(material: Material) -> list[Shown]:
    """Every kind that is chosen; a display of its own population or reading comes after those of its kind."""
    says, kinds = material.study.displays, all_displays()
    there: dict[str, list[Shown]] = {}
    for name, kind in kinds.items():
        if name not in says.omit and (not says.only or name in says.only):
            there[name] = list(kind.wanted(material))
    for number, asked in enumerate(material.study.display):
        if asked.apart and (one := _apart(material, number)) is not None:
            _put(material, there.setdefault(asked.kind, []), number, one)
    return [one for name in kinds for one in there.get(name, [])]


def _put(material: Material, there: list[Shown], number: int, one: Shown) -> None:
    """A display among those of its kind; where one of them is the same, that one takes its words."""
    place = next((place for place, other in enumerate(there) if _same(one, other)), None)
    if place is None:
        there.append(one)
        return
    words, several = there[place].words, bool(all_displays()[one.kind].outcome)
    for_all = words not in material.study.display or (several and words.endpoint is None and not words.apart)
    if not for_all:
        raise _twice(material, number)
    there[place] = _worded(there[place], one.words)


def _listed_alone(material: Material) -> list[Shown]:
    """The listed displays in the order of the file; one without an endpoint stands for all of its kind."""
    found: list[Shown] = []
    usual: dict[str, list[Shown]] = {}
    for number, asked in enumerate(material.study.display):
        if asked.kind not in usual:
            usual[asked.kind] = list(all_displays()[asked.kind].wanted(material))
        ones = [one for one in usual[asked.kind] if one.words == asked]
        if asked.apart:
            ones = []
            if (one := _apart(material, number)) is not None:
                same = next((other for other in usual[asked.kind] if _same(one, other)), None)
                ones = [one if same is None else _worded(same, asked)]
        for one in ones:
            if any(_same(one, other) for other in found):
                raise _twice(material, number)
            found.append(one)
    return found


def _worded(one: Shown, words: Display) -> Shown:
    """A display of the study with the words of an entry that asks for the same."""
    return replace(one, words=words, id=words.id or one.id)


def _same(one: Shown, other: Shown) -> bool:
    """Whether two displays show the same: kind, reading, and outcomes or subjects."""
    shared = not (one.names or other.names) or bool(set(one.names) & set(other.names))
    alike = (one.kind, one.reading, one.words.subjects) == (other.kind, other.reading, other.words.subjects)
    return alike and shared


def _twice(material: Material, number: int) -> Exception:
    asked = material.study.display[number]
    return material.study.source.error(
        ("display", number),
        f"this {asked.kind} is listed before: the same endpoint, population and reading. Leave one out.",
    )


def unmade(material: Material, found: list[Shown]) -> Iterator[str]:
    """A sentence for each [[display]] of which nothing was made."""
    study = material.study
    for number, asked in enumerate(study.display):
        if any(one.words.model_copy(update={"number": asked.number}) == asked for one in found):
            continue
        kept = study.displays.which == "listed" or asked.apart
        omitted = asked.kind in study.displays.omit or (
            study.displays.only and asked.kind not in study.displays.only
        )
        why = "its kind is left out by [displays]" if omitted and not kept else "the study has nothing for it"
        yield f"{study.source.place(('display', number))}: {asked.kind} is not made: {why}"


# ---------------------------------------------------------------- one of its own population and reading


def _apart(material: Material, number: int) -> Shown | None:
    """The display of one entry that has a population or reading of its own; None where there is nothing to show."""
    asked = material.study.display[number]
    kind, other = all_displays()[asked.kind], _edited_material(material, asked)
    found = _of_reading(kind, asked, other)
    if not found:
        return None
    if kind.outcome and len(found) > 1:
        names = [name for one in found for name in one.names]
        raise material.study.source.error(
            ("display", number),
            f"{len(found)} displays of {asked.kind} would be this one. Say of which endpoint: {', '.join(names)}.",
        )
    one = found[0]
    ending = [value for name in READING if (value := getattr(asked, name)) is not None]
    return replace(
        one,
        id=asked.id or file_name("-".join([one.id, *ending])),
        reading=replace(one.reading, evaluator=one.reading.evaluator or asked.evaluator or ""),
        words=asked,
        material=other,
    )


def _of_reading(kind: DisplayKind, asked: Display, other: Material) -> list[Shown]:
    """The displays of a kind that are of the evaluator and the criteria asked for, else of those of [response]."""
    found = list(kind.wanted(other))
    if asked.evaluator is not None:
        found = [one for one in found if one.reading.evaluator in ("", asked.evaluator)]
    if other.data.marrow is not None:
        return found
    known = labels(other.study)
    wanted = known.get(asked.criteria or other.study.response.criteria or "")
    return [one for one in found if one.reading.criteria == wanted] or found


def _edited_material(material: Material, asked: Display) -> Material:
    """What the display is made from: the study edited, and its outcome derived anew."""
    study, derived = _edited(material.study, asked), material.derived

    def make() -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
        return derive_endpoints(study, material.data, derived.responses, derived.best)

    tte, situations = {}, pd.DataFrame()
    if asked.endpoint is not None:
        key = [asked.endpoint, *(str(getattr(asked, name)) for name in READING)]
        tte, situations = material.once(("listed", *key), make)
    own = Derived(derived.responses, derived.best, tte, situations)
    return replace(material, study=study, derived=own)


def _edited(study: Study, asked: Display) -> Study:
    """The study with population, evaluator and criteria of an entry wherever it has them."""
    given = _given(asked)
    who = {"population": asked.population} if asked.population is not None else {}
    read = {name: value for name, value in given.items() if name != "population"}
    limiting = {f"dose_limiting_{name}": value for name, value in who.items()}
    pair = study.concordance
    changed: dict[str, Any] = {
        "endpoint": _outcomes(study, asked),
        "proportion": [spec.model_copy(update=who) for spec in study.proportion],
        "analysis": study.analysis.model_copy(update=who),
        "adverse_events": study.adverse_events.model_copy(update=who | limiting),
        "qlq_c30": study.qlq_c30.model_copy(update=who),
        "response": study.response.model_copy(update=read),
        "concordance": None if pair is None else pair.model_copy(update=given),
        "display": [asked.model_copy(update=dict.fromkeys(READING))],
    }
    return study.model_copy(update=changed)


def _given(asked: Display) -> dict[str, str]:
    return {name: value for name in READING if (value := getattr(asked, name)) is not None}


def _outcomes(study: Study, asked: Display) -> list[EndpointSpec]:
    """The endpoint that is named; else those of the criteria asked for, or of [response], rates and times apart."""
    if asked.endpoint is not None:
        return [_outcome(study, spec, asked) for spec in study.endpoint if spec.name == asked.endpoint]
    read = [spec for spec in study.endpoint if uses_responses(study, spec)]
    kept = [spec.name for spec in study.endpoint if spec not in read]
    for rates in (True, False):
        group = [spec for spec in read if (spec.key in RATE_KEYS) == rates]
        own = [
            spec for spec in group if _criteria(study, spec) == (asked.criteria or study.response.criteria)
        ]
        usual = [spec for spec in group if _criteria(study, spec) == _criteria(study, group[0])]
        kept += [spec.name for spec in own or usual]
    return [_outcome(study, spec, asked) for spec in study.endpoint if spec.name in kept]


def _criteria(study: Study, spec: EndpointSpec) -> str | None:
    return spec.criteria or study.response.criteria


def _outcome(study: Study, spec: EndpointSpec, asked: Display) -> EndpointSpec:
    """An endpoint with what is given; a title of its own does not outlive another reading, which it may name."""
    given: dict[str, str] = _given(asked)
    if not uses_responses(study, spec):
        given = {name: value for name, value in given.items() if name == "population"}
    evaluator = spec.evaluator or study.response.evaluator
    same = (
        given.get("criteria", _criteria(study, spec)) == _criteria(study, spec)
        and given.get("evaluator", evaluator) == evaluator
    )
    return spec.model_copy(update=given if same else given | {"title": ""})


# ---------------------------------------------------------------- asked of the data


def refuse_unknown_listed(study: Study, data: StudyData) -> None:
    """An error for the first evaluator or subject of a [[display]] that the data do not have."""
    there = evaluators_of(study, data.evaluators)
    everyone = sorted(data.subjects["subject"].astype(str))
    for number, asked in enumerate(study.display):
        if asked.evaluator is not None and asked.evaluator not in there:
            raise study.source.error(
                ("display", number, "evaluator"),
                f"evaluator '{asked.evaluator}' is not in the data.{nearest(asked.evaluator, there)}",
            )
        for who in asked.subjects:
            if who not in everyone:
                guess = nearest(who, everyone).split(" Known:")[0]
                raise study.source.error(
                    ("display", number, "subjects"),
                    f"subject '{who}' is not in the subject table.{guess} It has {len(everyone)} subjects, such as "
                    f"{everyone[0]}.",
                )
