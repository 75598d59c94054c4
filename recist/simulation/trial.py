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
from recist.simulation.course import Course, draw_course
from recist.simulation.design import Design
from recist.simulation.designs import find_design
from recist.simulation.draws import Draws, Ints
from recist.simulation.five_targets import with_five_targets
from recist.simulation.follow_up import draw_follow_up
from recist.simulation.frames import (
    Block,
    lesion_columns,
    lesion_frame,
    subject_columns,
    subject_frame,
    truth_columns,
    truth_frame,
    visit_columns,
    visit_frame,
)
from recist.simulation.leukaemia_course import LeukaemiaDesign
from recist.simulation.leukaemia_trial import simulate_leukaemia
from recist.simulation.manufacturing import draw_product
from recist.simulation.pseudo_progression import OVER_DAY, with_swelling
from recist.simulation.questionnaires import questionnaire_frames
from recist.simulation.readings import Reading, documented_progression, read_scans, read_truly, without_error
from recist.simulation.result import Simulation
from recist.simulation.schedule import Schedule, draw_schedule
from recist.simulation.scripted import (
    TRUTH,
    Script,
    read_scripts,
    script_dates,
    script_lesions,
    script_truth,
    script_visits,
)
from recist.simulation.strata import draw_strata
from recist.simulation.streams import ADJUDICATOR, ADVERSE, ANSWERS, PRODUCT, STRATA, SWELLING, VIABLE
from recist.simulation.true_frames import true_frames
from recist.simulation.viable import add_viable, draw_viability

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
        `lesions` (mm), `subjects`, `visits`, `truth` (expected responses of the hand-written subjects)
        and `subject_truth` (latent kinetics and dates of every subject).

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
    rows: dict[str, list[Any]] = {
        name: [] for name in ("lesions", "visits", "subjects", "truth", "start", "responses", "best")
    }
    for first in range(0, n, BLOCK):
        draws = Draws.of(design.seed, first // BLOCK)
        block, truly = _draw_block(draws, design, first, len(scripts))
        rows["lesions"].append(lesion_columns(block))
        rows["visits"].append(visit_columns(block))
        rows["subjects"].append(subject_columns(draws, design, block, _cutoff(design)))
        rows["truth"].append(truth_columns(block))
        rows["start"].append(block.start)
        for name, frame in zip(
            ("responses", "best"), true_frames(design, block, truly, len(scripts), subjects), strict=True
        ):
            rows[name].append(frame)
    subject = subject_frame(rows["subjects"], design, subjects)
    planned = rows["start"]
    start = pd.Series(np.concatenate(planned).astype("datetime64[ns]"))
    who = list(zip(scripts, names, start, strict=False))
    lesion_rows = _joined([script_lesions(design, *one) for one in who])
    visit_rows = _joined([script_visits(design, *one) for one in who])
    people = _with_script_dates(subject, design, scripts, start)
    truth = _with_expected(truth_frame(rows["truth"], subjects), scripts)
    lesions = lesion_frame(rows["lesions"], design, subjects, lesion_rows)
    lesions, adjudication = adjudicated(lesions, people, design)
    return _with_further(
        Simulation(
            design=design,
            lesions=lesions,
            adjudication=adjudication,
            subjects=people,
            truth=_joined([script_truth(design, script, name) for script, name, _ in who]).astype("category"),
            subject_truth=truth,
            visits=visit_frame(rows["visits"], design, subjects, visit_rows),
            response_truth=pd.concat(rows["responses"], ignore_index=True),
            best_truth=pd.concat(rows["best"], ignore_index=True),
            lesions_recist_1_1=with_five_targets(lesions) if design.targets_per_organ > 2 else pd.DataFrame(),
        )
    )


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


def _draw_block(draws: Draws, design: Design, first: int, n_scripted: int) -> tuple[Block, Reading]:
    """The subjects from `first` on, with everything that happens to them; and a reading without error."""
    n = min(BLOCK, design.n_subjects - first)
    begins, ends = first / design.n_subjects, (first + n) / design.n_subjects
    enrolled = np.sort(np.floor(draws.uniform(n, begins, ends) * design.accrual_days))
    # Infusion waits for the manufacture of the product; randomisation follows screening.
    wait = draws.integers(n, 3, 14) if design.randomised else draws.integers(n, 28, 56)
    opened = np.datetime64(design.first_enrollment, "D")
    streams = {
        number: Draws.of(design.seed, first // BLOCK, number) for number in (SWELLING, PRODUCT, STRATA)
    }
    product = draw_product(streams[PRODUCT], design.manufacturing, n, n_scripted if first == 0 else 0)
    start = opened + (enrolled + wait + product.delay).astype("timedelta64[D]")
    cutoff_day = (_cutoff(design) - start).astype(float)
    course = draw_course(draws, design, _allocate(draws, design, n))
    course = with_swelling(streams[SWELLING], design, course)
    schedule = draw_schedule(draws, design, n)
    readings = [read_scans(draws, design, course, schedule, k) for k in range(len(design.evaluators))]
    counts = ~(course.pseudo[:, None] & (schedule.day < OVER_DAY))
    follow_up = draw_follow_up(
        draws, design, course, schedule, documented_progression(readings[0], counts), cutoff_day
    )
    follow_up.visible[~product.treated] = False
    if first == 0:  # the hand-written subjects bring rows of their own
        follow_up.visible[:n_scripted] = False
        follow_up.treated[:n_scripted] = True
    if design.adjudicator:
        third = Draws.of(design.seed, first // BLOCK, ADJUDICATOR)
        readings.append(read_scans(third, design, course, schedule, len(readings)))
    truly = read_truly(design, course, schedule)
    _add_viable(design, first, course, schedule, readings, truly)
    enrolled_on = opened + enrolled.astype("timedelta64[D]")
    strata = draw_strata(streams[STRATA], course) if design.necrosis is not None else {}
    block = Block(first, enrolled_on, start, course, schedule, follow_up, readings, product, strata)
    return block, truly


def _add_viable(
    design: Design,
    first: int,
    course: Course,
    schedule: Schedule,
    readings: Sequence[Reading],
    truly: Reading,
) -> None:
    """Viable diameters and patterns of new nodules beside what each reader measured."""
    if design.necrosis is None:
        return
    draws = Draws.of(design.seed, first // BLOCK, VIABLE)
    viability = draw_viability(draws, design.necrosis, course)
    for reading in readings:
        add_viable(draws, design, viability, course, schedule, reading)
    add_viable(Draws.of(0), without_error(design), viability, course, schedule, truly)


def _allocate(draws: Draws, design: Design, n: int) -> Ints:
    """Permuted blocks: each holds the groups in their shares."""
    counts = np.rint([group.share * design.block for group in design.groups]).astype(int)
    template = np.repeat(np.arange(counts.size), counts)
    shuffled = np.argsort(draws.uniform((-(-n // template.size), template.size)), axis=1)
    return template[shuffled].ravel()[:n]


def _cutoff(design: Design) -> np.datetime64:
    return np.datetime64(design.first_enrollment, "D") + np.timedelta64(
        design.accrual_days + design.follow_up_days, "D"
    )


def _with_script_dates(
    subject: pd.DataFrame, design: Design, scripts: Sequence[Script], start: pd.Series[pd.Timestamp]
) -> pd.DataFrame:
    """Dates of the hand-written subjects in place of the drawn ones."""
    cutoff = pd.Timestamp(_cutoff(design))
    dates = [script_dates(design, script, start.iloc[k], cutoff) for k, script in enumerate(scripts)]
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
