"""Run a named design: block by block of subjects, every block with a stream of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from recist.errors import InputError
from recist.simulation.course import draw_course
from recist.simulation.design import Design
from recist.simulation.designs import get_design
from recist.simulation.draws import Draws, Ints
from recist.simulation.follow_up import draw_follow_up
from recist.simulation.frames import (
    Block,
    Columns,
    lesion_columns,
    lesion_frame,
    subject_columns,
    subject_frame,
    truth_columns,
    truth_frame,
    visit_columns,
    visit_frame,
)
from recist.simulation.readings import documented_progression, read_scans
from recist.simulation.result import Simulation
from recist.simulation.schedule import draw_schedule
from recist.simulation.scripted import (
    TRUTH,
    Script,
    read_scripts,
    script_dates,
    script_lesions,
    script_truth,
    script_visits,
)

BLOCK = 12_000  # subjects drawn together: bounds the memory; part of what a seed means


def simulate(study: str, n_subjects: int | None = None, seed: int | None = None) -> Simulation:
    """Simulate a study whose truth is known.

    Parameters
    ----------
    study
        Name of a design: `hs_it101`, `nct07028008`, `nct05361174`, `nct05962450` or `phase3`.
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
    design = get_design(study)
    n = _whole(design.n_subjects if n_subjects is None else n_subjects, "number of subjects", 1)
    number = _whole(design.seed if seed is None else seed, "seed", 0)
    return simulate_design(replace(design, n_subjects=n, seed=number))


def simulate_design(design: Design) -> Simulation:
    """Simulate a design of one's own; `design.n_subjects` and `design.seed` decide size and draws."""
    n = design.n_subjects
    names = [f"{design.prefix}-{k:0{max(3, len(str(n)))}d}" for k in range(1, n + 1)]
    subjects = pd.Index(names, dtype=str)
    known = read_scripts()
    scripts = [known[name] for name in design.scripted[: n // 3]]
    rows: dict[str, list[Columns]] = {"lesions": [], "visits": [], "subjects": [], "truth": []}
    for first in range(0, n, BLOCK):
        draws = Draws.of(design.seed, first // BLOCK)
        block = _draw_block(draws, design, first, len(scripts))
        rows["lesions"].append(lesion_columns(block))
        rows["visits"].append(visit_columns(block))
        rows["subjects"].append(subject_columns(draws, design, block, _cutoff(design)))
        rows["truth"].append(truth_columns(block))
    subject = subject_frame(rows["subjects"], design, subjects)
    start = subject["randomization_date" if design.randomised else "treatment_start_date"]
    who = list(zip(scripts, names, start, strict=False))
    lesion_rows = _joined([script_lesions(design, *one) for one in who])
    visit_rows = _joined([script_visits(design, *one) for one in who])
    return Simulation(
        design=design,
        lesions=lesion_frame(rows["lesions"], design, subjects, lesion_rows),
        subjects=_with_script_dates(subject, design, scripts, start),
        truth=_joined([script_truth(design, script, name) for script, name, _ in who]).astype("category"),
        subject_truth=_with_expected(truth_frame(rows["truth"], subjects), scripts),
        visits=visit_frame(rows["visits"], design, subjects, visit_rows),
    )


def _draw_block(draws: Draws, design: Design, first: int, n_scripted: int) -> Block:
    """The subjects from `first` on, with everything that happens to them."""
    n = min(BLOCK, design.n_subjects - first)
    begins, ends = first / design.n_subjects, (first + n) / design.n_subjects
    enrolled = np.sort(np.floor(draws.uniform(n, begins, ends) * design.accrual_days))
    # Infusion waits for the manufacture of the product; randomisation follows screening.
    wait = draws.integers(n, 3, 14) if design.randomised else draws.integers(n, 28, 56)
    opened = np.datetime64(design.first_enrollment, "D")
    start = opened + (enrolled + wait).astype("timedelta64[D]")
    cutoff_day = (_cutoff(design) - start).astype(float)
    course = draw_course(draws, design, _allocate(draws, design, n))
    schedule = draw_schedule(draws, design, n)
    readings = [read_scans(draws, design, course, schedule, k) for k in range(len(design.evaluators))]
    follow_up = draw_follow_up(
        draws, design, course, schedule, documented_progression(readings[0]), cutoff_day
    )
    if first == 0:  # the hand-written subjects bring rows of their own
        follow_up.visible[:n_scripted] = False
        follow_up.treated[:n_scripted] = True
    enrolled_on = opened + enrolled.astype("timedelta64[D]")
    return Block(first, enrolled_on, start, course, schedule, follow_up, readings)


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
