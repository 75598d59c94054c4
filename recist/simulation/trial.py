"""Run a named design: block by block of subjects, every block with a stream of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from recist.errors import InputError
from recist.simulation.adjudication import adjudicated
from recist.simulation.adverse import adverse_event_frame, event_counts
from recist.simulation.design import Design
from recist.simulation.designs import find_design
from recist.simulation.draw_block import Span, cutoff, draw_block
from recist.simulation.draws import Draws
from recist.simulation.five_targets import with_five_targets
from recist.simulation.frames import (
    lesion_columns,
    lesion_frame,
    truth_columns,
    truth_frame,
    visit_columns,
    visit_frame,
)
from recist.simulation.leukaemia_course import LeukaemiaDesign
from recist.simulation.leukaemia_trial import simulate_leukaemia
from recist.simulation.people import subject_columns, subject_frame
from recist.simulation.questionnaires import questionnaire_frames
from recist.simulation.result import Simulation
from recist.simulation.scripted import (
    TRUTH,
    Script,
    read_scripts,
    script_dates,
    script_lesions,
    script_truth,
    script_visits,
)
from recist.simulation.streams import ADVERSE, ANSWERS
from recist.simulation.true_frames import true_frames

BLOCK = 12_000  # subjects drawn together: bounds the memory; part of what a seed means


def simulate(study: str, n_subjects: int | None = None, seed: int | None = None) -> Simulation:
    """Simulate a study whose truth is known.

    Parameters
    ----------
    study
        Name of a design: `hs_it101`, `nct07028008`, `nct06559644`, `nct05361174`, `nct05962450`, `phase3`.
    n_subjects
        Number of subjects; the design's own number when left out.  At most a third are hand-written
        edge cases with an expected response at every visit.
    seed
        Whole number from 0; the design's own when left out.  The same seed gives the same bytes.

    Returns
    -------
    Simulation
        `lesions` (mm), `subjects`, `visits`, `adverse_events` and what else the study has; `truth` (expected
        responses of the hand-written subjects), `response_truth` and `best_truth` (of a reading without
        error) and `subject_truth` (what is latent).

    Raises
    ------
    InputError
        Unknown study, or a number of subjects or a seed that is not possible.

    Examples
    --------
    >>> trial = simulate("hs_it101")
    >>> len(trial.subjects), list(trial.lesions["evaluator"].cat.categories)
    (10, ['INVESTIGATOR', 'INDEPENDENT REVIEW COMMITTEE'])
    """
    design = find_design(study)
    n = _whole(design.n_subjects if n_subjects is None else n_subjects, "number of subjects", 1)
    number = _whole(design.seed if seed is None else seed, "seed", 0)
    sized = replace(design, n_subjects=n, seed=number)
    return simulate_leukaemia(sized) if isinstance(sized, LeukaemiaDesign) else simulate_design(sized)


def simulate_design(design: Design) -> Simulation:
    """Simulate a design of one's own; `design.n_subjects` and `design.seed` decide size and draws."""
    n = design.n_subjects
    names = [f"{design.prefix}-{k:0{max(3, len(str(n)))}d}" for k in range(1, n + 1)]
    subjects = pd.Index(names, dtype=str)
    known = read_scripts()
    scripts = [known[name] for name in design.scripted[: n // 3]]
    rows = _drawn(design, subjects, len(scripts))
    start = pd.Series(np.concatenate(rows["start"]).astype("datetime64[ns]"))
    who = list(zip(scripts, names, start, strict=False))
    people = _with_script_dates(subject_frame(rows["subjects"], design, subjects), design, scripts, start)
    lesion_rows = _joined([script_lesions(design, *one) for one in who])
    lesions = lesion_frame(rows["lesions"], design, subjects, lesion_rows)
    lesions, adjudication = adjudicated(lesions, people, design)
    visit_rows = _joined([script_visits(design, *one) for one in who])
    return _with_further(
        Simulation(
            design=design,
            lesions=lesions,
            adjudication=adjudication,
            subjects=people,
            truth=_joined([script_truth(design, script, name) for script, name, _ in who]).astype("category"),
            subject_truth=_with_expected(truth_frame(rows["truth"], subjects), scripts),
            visits=visit_frame(rows["visits"], design, subjects, visit_rows),
            response_truth=pd.concat(rows["responses"], ignore_index=True),
            best_truth=pd.concat(rows["best"], ignore_index=True),
            lesions_recist_1_1=with_five_targets(lesions) if design.targets_per_organ > 2 else pd.DataFrame(),
        )
    )


def _drawn(design: Design, subjects: pd.Index[Any], n_scripted: int) -> dict[str, list[Any]]:
    """What is written of the subjects, block by block."""
    names = ("lesions", "visits", "subjects", "truth", "start", "responses", "best")
    rows: dict[str, list[Any]] = {name: [] for name in names}
    for first in range(0, design.n_subjects, BLOCK):
        number, n = first // BLOCK, min(BLOCK, design.n_subjects - first)
        span = Span(design, first, n, number, 0 if number else n_scripted)
        draws = Draws.of(design.seed, number)
        block, truly = draw_block(draws, span)
        responses, best = true_frames(design, block, truly, n_scripted, subjects)
        parts = (
            lesion_columns(block),
            visit_columns(block),
            subject_columns(draws, design, block, cutoff(design)),
            truth_columns(block),
            block.start,
            responses,
            best,
        )
        for name, part in zip(names, parts, strict=True):
            rows[name].append(part)
    return rows


def _with_further(trial: Simulation) -> Simulation:
    """Adverse events and questionnaires, which follow from the subject table."""
    design, subjects = trial.design, trial.subjects
    assert isinstance(design, Design)
    if (plan := design.adverse_events) is not None:
        events = adverse_event_frame(Draws.of(design.seed, 0, ADVERSE), plan.profile, subjects, plan.days)
        truth = trial.subject_truth.join(event_counts(events, subjects))
        trial = replace(trial, adverse_events=events, subject_truth=truth)
    if (forms := design.questionnaires) is not None:
        answers, scales, latent = questionnaire_frames(
            Draws.of(design.seed, 0, ANSWERS), design, forms, subjects
        )
        trial = replace(
            trial,
            questionnaires=answers,
            questionnaire_truth=scales,
            subject_truth=trial.subject_truth.join(latent),
        )
    return trial


def _with_script_dates(
    subject: pd.DataFrame, design: Design, scripts: Sequence[Script], start: pd.Series[pd.Timestamp]
) -> pd.DataFrame:
    """Dates of the hand-written subjects in place of the drawn ones."""
    last = pd.Timestamp(cutoff(design))
    dates = [script_dates(design, script, start.iloc[k], last) for k, script in enumerate(scripts)]
    subject = subject.copy(deep=False)
    for name in dates[0] if dates else ():
        column = subject[name].copy()
        for k, facts in enumerate(dates):
            column.iloc[k] = facts[name]
        subject[name] = column
    return subject


def _with_expected(truth: pd.DataFrame, scripts: Sequence[Script]) -> pd.DataFrame:
    """Name and expected best responses of the hand-written subjects; their drawn kinetics are not theirs."""
    truth = truth.copy(deep=False)
    k, rest = len(scripts), len(truth) - len(scripts)
    scripted = np.arange(len(truth)) < k
    for name in truth.columns.drop(["subject", "kinetics"]):
        truth[name] = truth[name].mask(scripted)
    truth["n_targets"] = truth["n_targets"].astype("Int64")
    truth["kinetics"] = truth["kinetics"].mask(scripted, "scripted")
    for column, fact in (
        ("script", None),
        ("expected_best_response", "best"),
        ("expected_confirmed_best_response", "confirmed"),
    ):
        words = [script.facts[fact] if fact else script.name for script in scripts]
        truth[column] = pd.Categorical([*words, *([None] * rest)])
    return truth


def _joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The frames one below the other; an empty truth table when there is no hand-written subject."""
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(TRUTH))


def _whole(value: int, what: str, least: int) -> int:
    """The number, refused unless it is whole and large enough."""
    if isinstance(value, bool) or int(value) != value or value < least:
        raise InputError(f"The {what} is {value!r}; give a whole number from {least} on.")
    return int(value)
