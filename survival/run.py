"""The main job: a study file in, responses, endpoints, estimates and displays out."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

import recist
from survival.report.page import write_report
from survival.report.parts import Report
from survival.study.check import findings_of
from survival.study.derive import Derived, derive_best, derive_responses
from survival.study.display import READING, Material, Shown
from survival.study.displays import all_displays
from survival.study.listed import refuse_unknown_listed
from survival.study.load import StudyData, load
from survival.study.outcomes import derive_endpoints
from survival.study.output import refuse_to_replace, whole_folder, write_frame, write_manifest
from survival.study.populations import refuse_unknown_columns, with_assessed
from survival.study.read import read_study
from survival.study.reading import criteria_of
from survival.study.show import (
    entry,
    made,
    pages,
    results_frame,
    shown,
    with_unmade,
    write_contents,
    write_picture,
)
from survival.study.sources import source_note, with_source
from survival.study.stack import stacked

if TYPE_CHECKING:
    from survival.study.model import Displays, Study

Progress = Callable[[str], None]


@dataclass(frozen=True)
class StudyRun:
    """What a run derived, as frames; the same stand as files in `out`."""

    out: Path
    findings: pd.DataFrame
    responses: pd.DataFrame
    best: pd.DataFrame
    tte: dict[str, pd.DataFrame]  # name of the endpoint -> its frame
    results: pd.DataFrame

    @property
    def summary(self) -> str:
        """What there is, in one line."""
        errors = int((self.findings["severity"] == "error").sum())
        return (
            f"{self.responses['subject'].nunique()} subjects with {len(self.responses)} responses, "
            f"{len(self.tte)} times to events, {len(self.results)} results; "
            f"{len(self.findings)} findings, {errors} of severity error"
        )


def run_study(
    study: Study | str | os.PathLike[str],
    out: str | os.PathLike[str] = "out",
    progress: Progress | None = None,
) -> StudyRun:
    """Derive every outcome that a study file asks for and write it into a folder.

    Parameters
    ----------
    study
        A study from `read_study`, or the path of its file.
    out
        Folder for the results, written whole or not at all.  A folder that holds something else than
        earlier results is refused.
    progress
        Called with a line of text as the work goes on.

    Returns
    -------
    StudyRun
        The frames that were written.  Findings of severity error are reported, not repaired: the outcomes
        are derived from the data as they are.

    Raises
    ------
    InputError
        When the study file, its data or the folder cannot be used; nothing is written then.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> file = '''[study]
    ... id = "HS-IT101"
    ... start_date = "treatment_start_date"
    ... [data]
    ... lesions = "lesions.csv"
    ... subjects = "subjects.csv"
    ... [[endpoint]]
    ... name = "OS"
    ... evaluator = "INVESTIGATOR"
    ... '''
    >>> with TemporaryDirectory() as place:
    ...     folder = recist.simulate("hs_it101").write(place)
    ...     _ = (folder / "study.toml").write_text(file)
    ...     run = run_study(folder / "study.toml", out=folder / "out")
    >>> len(run.tte["OS"])
    10
    """
    read = study if not isinstance(study, str | os.PathLike) else read_study(study)
    tell = progress or _silent
    refuse_to_replace(Path(out).absolute())
    tell("Reading the data")
    data = load(read)
    refuse_unknown_columns(read, data.subjects)
    refuse_unknown_listed(read, data)
    tell("Checking")
    findings = findings_of(read, data)
    material = Material(read, *_derive(read, data, tell), findings)
    displays = shown(material)
    material = with_unmade(material, displays)
    with whole_folder(out) as folder, _kept_to_the_end():
        report = Report(material)
        results = results_frame(_write_displays(folder, report, displays, tell), read.data.responses)
        tell("Report")
        write_report(folder / "report.html", report)
        tell("Writing")
        _write(folder, material, results)
        write_manifest(folder, data.inputs, _says(read))
    derived = material.derived
    return StudyRun(Path(out), material.findings, derived.responses, derived.best, derived.tte, results)


@contextmanager
def _kept_to_the_end() -> Iterator[None]:
    """What is there by now stays: the collector of garbage need not go through it again after every figure."""
    ours = gc.get_freeze_count() == 0  # what a host program froze stays as it is
    if ours:
        gc.freeze()
    try:
        yield
    finally:
        if ours:
            gc.unfreeze()


def _silent(line: str) -> None:
    """Progress that nobody asked for."""


def _derive(study: Study, data: StudyData, tell: Progress) -> tuple[StudyData, Derived]:
    """Responses, best responses, times to events; and the data with the flag of who was assessed."""
    tell("Responses as recorded" if data.recorded is not None else "Deriving responses")
    responses = derive_responses(study, data)
    data = replace(data, subjects=with_assessed(study, data.subjects, responses))
    tell("Best responses")
    best = derive_best(study, data, responses)
    tell("Endpoints")
    tte, situations = derive_endpoints(study, data, responses, best)
    return data, Derived(responses, best, tte, situations)


def _write(folder: Path, material: Material, results: pd.DataFrame) -> None:
    """The derived frames."""
    derived = material.derived
    write_frame(material.findings, folder, "findings")
    write_frame(derived.responses, folder, "responses")
    write_frame(derived.best, folder, "best_response")
    if derived.tte:
        write_frame(stacked(list(derived.tte.values())), folder, "endpoints")
        write_frame(derived.situations, folder, "situations")
    write_frame(results, folder, "results")


def _write_displays(
    folder: Path, report: Report, displays: list[Shown], tell: Progress
) -> dict[str, pd.DataFrame]:
    """Make and write one display after the other, then their list; the numbers of the tables by file name."""
    material = report.material
    numbers, listed = {}, []
    for name in ("tables", "figures"):
        (folder / name).mkdir()
    for one in displays:
        kind = all_displays()[one.kind]
        own = [value for name in READING if (value := getattr(one.words, name)) is not None]
        about = ", ".join([*(one.names or [one.reading.evaluator]), *own])
        tell(f"{one.kind.replace('_', ' ').capitalize()}{': ' if about else ''}{about}")
        display = with_source(material, made(material, one), one, displays)
        for part, page in pages(one, display):
            _write_display(folder / kind.folder, part, page, material.study.displays)
            listed.append(entry(material, part, page))
            if kind.form == "figure":
                png = folder / kind.folder / f"{part.id}.png"
                write_picture(png, material, part, page, (listed[-1], source_note(material, one, displays)))
            report.add(folder, part, page, listed[-1])
        if kind.form == "table":
            numbers[one.id] = display.results
    write_contents(folder, material.study, listed)
    return numbers


def _write_display(place: Path, one: Shown, display: Any, asked: Displays) -> None:
    """A table or listing as csv, html, rtf and, when asked for, docx; a figure as the study file asks."""
    place.mkdir(exist_ok=True)
    if place.name == "figures":
        for suffix in asked.figures_as:
            recist.save_figure(display, place / f"{one.id}.{suffix}")
        return
    display.to_csv(place / f"{one.id}.csv")
    display.to_html(place / f"{one.id}.html")
    display.to_rtf(place / f"{one.id}.rtf")
    if asked.docx:
        display.to_docx(place / f"{one.id}.docx")


def _says(study: Study) -> dict[str, Any]:
    """What the manifest says of the study: its settings, and the conventions behind its responses."""
    return {
        "study": study.study.id,
        "title": study.study.title,
        "responses": study.data.responses,
        "settings": study.model_dump(),
        "criteria": {name: criteria.conventions() for name, criteria in criteria_of(study).items()},
    }
