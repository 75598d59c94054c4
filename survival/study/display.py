"""What a display of a study is: its kind, what it shows, its words, and what it is made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from survival.study.derive import Derived, derive_best, up_to_cutoff
from survival.study.known import RATE_KEYS, edited_endpoint
from survival.study.load import StudyData
from survival.study.model import Display, EndpointSpec, Study
from survival.study.notes import (
    cutoff_note,
    reading_text,
    start_text,
    time_notes,
    uses_responses,
    with_reading,
)
from survival.study.populations import members, population, population_label, reference_label
from survival.study.reading import Reading, of_reading

Form = Literal["table", "figure", "listing"]
Area = Literal["efficacy", "safety"]
READING = ("population", "evaluator", "criteria")  # keys of [[display]] that make a display of its own


@dataclass(frozen=True)
class Shown:
    """One display to be made: its kind, its file name, the outcome it shows and its words.

    `material` is what it is made from, when the study file lists it with a population or reading of its own.
    """

    kind: str
    id: str
    names: tuple[str, ...]  # endpoints of the study file that it shows
    reading: Reading
    words: Display
    material: Material | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Material:
    """What displays are made from."""

    study: Study
    data: StudyData
    derived: Derived
    findings: pd.DataFrame
    _made: dict[tuple[Hashable, ...], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, key: tuple[Hashable, ...], make: Callable[[], Any]) -> Any:
        """What several displays show, made for the first of them and kept for the others."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

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

    def subjects(self, which: Reading) -> pd.DataFrame:
        """The subjects of the population that an outcome is about, with their groups."""

        def make() -> pd.DataFrame:
            return population(self.study, self.data.subjects, which.population)

        return self._frame(("subjects", which.population), make)

    def responses(self, which: Reading) -> pd.DataFrame:
        """The responses of one reading and its population, up to the cutoff and within the time frame if it has one."""

        def make() -> pd.DataFrame:
            rows = of_reading(self.derived.responses, which, self.subjects(which))
            rows = up_to_cutoff(rows, self.data.subjects)
            if which.frame_days is None:
                return rows
            return rows[rows["day"] <= which.frame_days].reset_index(drop=True)

        return self._frame(("responses", which), make)

    def best(self, which: Reading) -> pd.DataFrame:
        """The best responses of one reading and its population, within the time frame if it has one."""

        def make() -> pd.DataFrame:
            best = self.derived.best
            if which.frame_days is not None:
                best = derive_best(self.study, self.data, self.responses(which))
            return of_reading(best, which, self.subjects(which))

        return self._frame(("best", which), make)

    def _frame(self, key: tuple[Hashable, ...], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """A frame that is made once; columns that a display adds to it are the display's own."""
        made: pd.DataFrame = self.once(key, make)
        return made.copy(deep=False)

    @property
    def best_column(self) -> Literal["best_response", "confirmed_best_response"]:
        """The best response that the study counts: confirmed or not."""
        return "confirmed_best_response" if self.study.response.confirmation else "best_response"

    def reference(self, frame: pd.DataFrame) -> str | None:
        """The reference arm, when it and another arm have subjects in the frame."""
        reference = reference_label(self.study)
        there = set(frame[self.by[0]].astype(str)) if self.by else set()
        return reference if reference in there and len(there) > 1 else None


@dataclass(frozen=True, kw_only=True)
class DisplayKind:
    """A kind of display: one value in a file of `survival.study.displays`.

    `wanted` says which displays of the kind a study has when its file does not list them, `make` gives the
    Table, Listing or Figure.  `place` orders the kinds in the report, `area` says in which section of it they stand.
    `outcome` says of which endpoints of the study there is one each, `takes` which keys of `[[display]]` make another.
    """

    name: str
    form: Form
    place: int
    sentence: str
    wanted: Callable[[Material], Iterable[Shown]]
    make: Callable[[Material, Shown], Any]
    area: Area = "efficacy"
    outcome: Literal["", "time", "rate"] = ""
    takes: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """Where the files of this form lie."""
        return f"{self.form}s"


def one_display(kind: str, study: Study, names: tuple[str, ...], which: Reading, default: str) -> Shown:
    """A display with the words that the study file has for it; `default` names its file."""
    fitting = [
        one
        for one in study.display
        if one.kind == kind and not one.apart and (one.endpoint is None or one.endpoint in names)
    ]
    words = next((one for one in fitting if one.endpoint), fitting[0] if fitting else Display(kind=kind))
    return Shown(kind, words.id or file_name(default), names, which, words)


def file_name(text: str) -> str:
    """A text as the name of a file: small letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-") or "display"


def spec_of(study: Study, name: str) -> EndpointSpec:
    """The endpoint of that name in the study file."""
    return next(spec for spec in study.endpoint if spec.name == name)


def title_of(study: Study, name: str) -> str:
    """The title of an endpoint: its own, else that of the endpoint it is made from; of a rate else its name."""
    spec = spec_of(study, name)
    if spec.title or spec.key in RATE_KEYS:
        return spec.title or spec.name
    title = edited_endpoint(spec, study).title
    if spec.name == title or spec.name.lower() == spec.key:
        return title
    return f"{spec.name}: {title[0].lower()}{title[1:]}"


def shows_responses(study: Study, one: Shown) -> bool:
    """Whether a display is made of the responses of a reading; that of overall survival is not."""
    made_of = not one.names or any(uses_responses(study, spec_of(study, name)) for name in one.names)
    return bool(one.reading.evaluator) and made_of


def shell_of(material: Material, one: Shown, shell: Any, title: str) -> Any:
    """The words of a table or listing: those of the file, else the outcome and the reading it is made of."""
    if not shows_responses(material.study, one):
        return beside_shell(material, one, shell, title)
    title = with_reading(material.study, title, one.reading)
    return _worded(material, one, shell, title, material.source_note)


def time_shell(material: Material, one: Shown, shell: Any, title: str) -> Any:
    """The same of a time to an event: first of all from which date it counts and by which rules."""
    study = material.study
    notes = time_notes(study, spec_of(study, one.names[0]), material.subjects(one.reading))
    return shell_of(material, one, replace(shell, footnotes=(*notes, *shell.footnotes)), title)


def beside_shell(material: Material, one: Shown, shell: Any, title: str) -> Any:
    """The words of a display that is made of other tables than responses."""
    return _worded(material, one, shell, title)


def _worded(material: Material, one: Shown, shell: Any, title: str, *sources: str) -> Any:
    """Number, title, population and footnotes of every table and listing, the data cutoff among these."""
    words = one.words
    # findings are of all subjects, those without an arm included
    everyone = members(material.study, material.data.subjects, one.reading.population)
    cutoff = cutoff_note(everyone)
    return replace(
        shell,
        number=words.number,
        title=words.title or title,
        population=population_label(material.study, one.reading.population),
        footnotes=tuple(dict.fromkeys([*words.footnotes, *shell.footnotes, *cutoff, *sources])),
    )


def figure_caption(material: Material, one: Shown) -> str:
    """The first sentence under a figure: criteria and reader where responses are shown, and the population."""
    study = material.study
    parts = [reading_text(study, one.reading)] if shows_responses(study, one) else []
    return "; ".join([*parts, population_label(study, one.reading.population)]) + "."


def time_caption(material: Material, one: Shown) -> str:
    """The same of a time to an event, with its title, start, rules and data cutoff."""
    study, name = material.study, one.names[0]
    notes = time_notes(study, spec_of(study, name), material.subjects(one.reading))
    return " ".join([f"{title_of(study, name)}: {figure_caption(material, one)}", *notes])


def figure_look(material: Material, one: Shown) -> Any:
    """Width, unit and the first sentence under the figure."""
    from recist import FigureLook

    study = material.study
    origin = start_text((study.study.start_date,))
    return FigureLook(unit=study.analysis.unit, caption=figure_caption(material, one), origin=origin)
