"""When each subject is scanned: planned visits with jitter, missed and unscheduled ones, split sessions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recist.simulation.design import Design
from recist.simulation.draws import Bools, Draws, Floats, Ints


@dataclass(frozen=True)
class Schedule:
    """Visits of a block of subjects in order of time; every array is subject x visit."""

    day: Floats  # of the first session, from the start
    label: Ints  # position in `Design.visit_labels`
    planned: Bools  # False where the subject has no such (unscheduled) visit
    imaged: Bools
    session_shift: Ints  # days until the organs that are imaged apart
    session_done: Bools


def draw_schedule(draws: Draws, design: Design, n: int) -> Schedule:
    """Dates around the plan: baseline within 28 days before the start, later visits within their window."""
    weeks = 7.0 * np.array(design.weeks)
    jitter = np.rint(draws.normal((n, weeks.size)) * design.window_days / 2.5)
    day = weeks + np.clip(jitter, -design.window_days, design.window_days)
    baseline = -draws.integers((n, 1), 4, 24).astype(float)
    # An unscheduled scan falls half-way between two planned ones, so that dates never run into each other.
    between = draws.integers(n, 0, min(6, weeks.size - 2))
    extra = np.floor((weeks[between] + weeks[between + 1]) / 2)
    days = np.concatenate([baseline, day, extra[:, None]], axis=1)
    order = np.argsort(days, axis=1, kind="stable")
    planned = np.ones(days.shape, bool)
    planned[:, -1] = draws.happens(design.unscheduled_visit, n)
    imaged = planned.copy()
    imaged[:, 1:-1] = ~draws.happens(design.missed_visit, (n, weeks.size))
    shift = np.where(draws.happens(0.12, days.shape), draws.integers(days.shape, 1, 3), 0)
    session_done = ~draws.happens(design.session_not_done, days.shape)
    session_done[:, 0] = True

    def in_time(values: Ints | Floats | Bools) -> Floats:
        return np.take_along_axis(np.asarray(values), order, axis=1)

    return Schedule(
        day=in_time(days),
        label=order.astype(np.int16),
        planned=in_time(planned).astype(bool),
        imaged=in_time(imaged).astype(bool),
        session_shift=in_time(shift).astype(np.int64),
        session_done=in_time(session_done).astype(bool),
    )
