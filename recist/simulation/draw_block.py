"""Draw consecutive subjects with everything that happens to them; every block has streams of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recist.simulation.course import Course, draw_course
from recist.simulation.design import Design
from recist.simulation.draws import Draws, Floats, Ints
from recist.simulation.follow_up import FollowUp, draw_follow_up
from recist.simulation.frames import Block
from recist.simulation.manufacturing import draw_product
from recist.simulation.pseudo_progression import OVER_DAY, with_swelling
from recist.simulation.readings import (
    Reading,
    documented_progression,
    read_scans,
    read_truly,
    without_error,
)
from recist.simulation.schedule import Schedule, draw_schedule
from recist.simulation.strata import draw_strata
from recist.simulation.streams import ADJUDICATOR, PRODUCT, STRATA, SWELLING, VIABLE
from recist.simulation.viable import add_viable, draw_viability


@dataclass(frozen=True)
class Span:
    """Which subjects of a study are drawn together."""

    design: Design
    first: int
    n: int
    number: int  # of the block
    n_scripted: int  # hand-written subjects among them, the first ones

    def stream(self, concern: int) -> Draws:
        """Random numbers of one concern."""
        return Draws.of(self.design.seed, self.number, concern)


def draw_block(draws: Draws, span: Span) -> tuple[Block, Reading]:
    """The subjects of the span, and a reading of their scans without error."""
    design, n = span.design, span.n
    begins, ends = span.first / design.n_subjects, (span.first + n) / design.n_subjects
    enrolled = np.sort(np.floor(draws.uniform(n, begins, ends) * design.accrual_days))
    # Infusion waits for the manufacture of the product; randomisation follows screening.
    wait = draws.integers(n, 3, 14) if design.randomised else draws.integers(n, 28, 56)
    opened = np.datetime64(design.first_enrollment, "D")
    product = draw_product(span.stream(PRODUCT), design.manufacturing, n, span.n_scripted)
    start = opened + (enrolled + wait + product.delay).astype("timedelta64[D]")
    course = draw_course(draws, design, _allocate(draws, design, n))
    course = with_swelling(span.stream(SWELLING), design, course)
    schedule = draw_schedule(draws, design, n)
    readings = [read_scans(draws, design, course, schedule, k) for k in range(len(design.evaluators))]
    follow_up = _follow(draws, span, course, schedule, (readings[0], (cutoff(design) - start).astype(float)))
    follow_up.visible[~product.treated] = False
    if design.adjudicator:
        readings.append(read_scans(span.stream(ADJUDICATOR), design, course, schedule, len(readings)))
    truly = read_truly(design, course, schedule)
    _add_viable(span, course, schedule, readings, truly)
    enrolled_on = opened + enrolled.astype("timedelta64[D]")
    strata = draw_strata(span.stream(STRATA), course) if design.necrosis is not None else {}
    return Block(
        span.first, enrolled_on, start, course, schedule, follow_up, readings, product, strata
    ), truly


def _follow(
    draws: Draws, span: Span, course: Course, schedule: Schedule, seen: tuple[Reading, Floats]
) -> FollowUp:
    """What is recorded of the subjects; the hand-written ones bring rows of their own."""
    reading, cutoff_day = seen
    counts = ~(course.pseudo[:, None] & (schedule.day < OVER_DAY))
    found = documented_progression(reading, counts)
    follow_up = draw_follow_up(draws, span.design, course, schedule, found, cutoff_day)
    follow_up.visible[: span.n_scripted] = False
    follow_up.treated[: span.n_scripted] = True
    return follow_up


def _add_viable(
    span: Span, course: Course, schedule: Schedule, readings: Sequence[Reading], truly: Reading
) -> None:
    """Viable diameters and patterns of new nodules beside what each reader measured."""
    design = span.design
    if design.necrosis is None:
        return
    draws = span.stream(VIABLE)
    viability = draw_viability(draws, design.necrosis, course)
    for reading in readings:
        add_viable(draws, design, viability, schedule, reading)
    add_viable(Draws.of(0), without_error(design), viability, schedule, truly)


def _allocate(draws: Draws, design: Design, n: int) -> Ints:
    """Permuted blocks: each holds the groups in their shares."""
    counts = np.rint([group.share * design.block for group in design.groups]).astype(int)
    template = np.repeat(np.arange(counts.size), counts)
    shuffled = np.argsort(draws.uniform((-(-n // template.size), template.size)), axis=1)
    return template[shuffled].ravel()[:n]


def cutoff(design: Design) -> np.datetime64:
    return np.datetime64(design.first_enrollment, "D") + np.timedelta64(
        design.accrual_days + design.follow_up_days, "D"
    )
