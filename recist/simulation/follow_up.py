"""What the trial records of a subject's course: last scan, therapy, discontinuation, death, last contact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recist.simulation.course import NEVER, Course
from recist.simulation.design import Design
from recist.simulation.draws import Bools, Draws, Floats, Ints
from recist.simulation.schedule import Schedule

REASONS = (
    "",
    "PROGRESSIVE DISEASE",
    "ADVERSE EVENT",
    "WITHDRAWAL BY SUBJECT",
    "LOST TO FOLLOW-UP",
    "SYMPTOMATIC DETERIORATION",
    "NEW ANTICANCER THERAPY",
    "DEATH",
)
_LEAVES = np.array([REASONS.index(r) for r in REASONS[2:6]])
_LOST = REASONS.index("LOST TO FOLLOW-UP")


@dataclass(frozen=True)
class FollowUp:
    """Recorded course of a block of subjects; days from the start, infinite where nothing happened."""

    visible: Bools  # subject x visit: within follow-up
    death_day: Floats
    last_alive_day: Floats
    new_therapy_day: Floats
    discontinuation_day: Floats
    reason: Ints  # position in REASONS
    treated: Bools


def draw_follow_up(
    draws: Draws, design: Design, course: Course, schedule: Schedule, found: Floats, cutoff_day: Floats
) -> FollowUp:
    """Follow each subject until death, dropout or cutoff; `found` is the visit of documented progression."""
    n = course.group.size
    treated = ~draws.happens(design.untreated, n)
    dropout = np.where(treated, np.floor(draws.waiting(design.to_dropout, n)), draws.integers(n, 3, 14))
    leaves = _LEAVES[draws.category([0.35, 0.25, 0.2, 0.2], n)]
    leaves[~treated] = REASONS.index("WITHDRAWAL BY SUBJECT")
    early = np.floor(draws.uniform(n, 45, 300))
    early[~draws.happens(design.early_therapy, n) | ~treated] = NEVER
    found_day, extra_day = _visit_day(schedule, found), _visit_day(schedule, found + 1)
    last_scan = np.where(draws.happens(design.scan_after_progression, n), extra_day, found_day)
    stops = found_day
    if design.beyond_progression is not None:  # treated until the last scan after progression
        further = draws.category(design.beyond_progression.scans, n)
        last_scan = stops = _last_of(schedule, found, further)
    ends = np.stack([stops + draws.integers(n, 0, 6), dropout, early, course.death_day])
    reason = np.choose(
        ends.argmin(axis=0), [1, leaves, REASONS.index("NEW ANTICANCER THERAPY"), len(REASONS) - 1]
    )
    end = ends.min(axis=0)
    early[early > end] = NEVER
    imaging_ends = np.select(
        [reason == 1, reason == REASONS.index("NEW ANTICANCER THERAPY")], [last_scan, early + 60], end
    )
    imaging_ends = np.minimum(np.minimum(imaging_ends, course.death_day - 1), cutoff_day)
    imaging_ends = np.where(reason == _LOST, np.minimum(imaging_ends, dropout), imaging_ends)
    visible = (schedule.day <= imaging_ends[:, None] - schedule.session_shift) | (schedule.label == 0)
    later = np.where(
        (reason == 1) & draws.happens(design.later_therapy, n), end + draws.integers(n, 14, 60), NEVER
    )
    therapy = np.minimum(early, later)
    limit = np.minimum(course.death_day - 1, cutoff_day)
    therapy[therapy > limit] = NEVER
    reason[end > cutoff_day] = 0
    end = np.where(reason > 0, end, NEVER)
    death = np.where((course.death_day <= cutoff_day) & (reason != _LOST), course.death_day, NEVER)
    seen_last = np.where(visible & schedule.imaged, schedule.day + schedule.session_shift, -NEVER).max(axis=1)
    alive = _last_alive(draws, np.stack([seen_last, end, therapy]), death, cutoff_day, reason == _LOST)
    return FollowUp(visible, death, alive, therapy, end, reason, treated)


def _last_alive(draws: Draws, seen: Floats, death: Floats, cutoff_day: Floats, lost: Bools) -> Floats:
    """Last day known alive: shortly before death or the cutoff, after everything that was `seen`."""
    n = death.size
    contact = np.fmax(seen[0], 1.0)
    for date in seen[1:]:
        contact = np.where(np.isfinite(date), np.maximum(contact, date), contact)
    alive = np.where(
        np.isfinite(death), death - draws.integers(n, 0, 25), cutoff_day - draws.integers(n, 0, 40)
    )
    alive = np.where(lost, contact, np.maximum(alive, contact))
    return np.asarray(np.minimum(alive, np.minimum(death, cutoff_day)))


def _visit_day(schedule: Schedule, visit: Floats) -> Floats:
    """Last day of the imaged visit at (or after) that position; never when there is none."""
    n, n_visits = schedule.day.shape
    day = np.where(schedule.imaged, schedule.day + schedule.session_shift, NEVER)
    day = np.minimum.accumulate(day[:, ::-1], axis=1)[:, ::-1]
    inside = visit < n_visits
    position = np.where(inside, visit, 0).astype(int)
    return np.where(inside, day[np.arange(n), position], NEVER)


def _last_of(schedule: Schedule, found: Floats, further: Ints) -> Floats:
    """Day of the last of so many scans after progression; of progression where no scan is planned any more."""
    n_visits = schedule.day.shape[1]
    last = np.where(found < n_visits, np.minimum(found + further, n_visits - 1), found)
    day = _visit_day(schedule, last)
    return np.where(np.isfinite(day), day, _visit_day(schedule, found))
