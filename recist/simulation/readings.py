"""What each reader writes down at each visit: diameters with error, states, new lesions seen or missed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from recist.simulation.course import N_NEW, N_NON_TARGET, NEVER, Course
from recist.simulation.design import SITES, Design
from recist.simulation.draws import Bools, Draws, Floats
from recist.simulation.schedule import Schedule
from recist.terms import ROLE, STATE

Codes = npt.NDArray[np.int8]
REASONS = ("", "motion artefact", "organ not imaged")
ABSENT_BELOW_MM, SMALL_BELOW_MM = 3.0, 5.0
_OWN_SESSION = np.array([site.own_session for site in SITES])
_NODE = np.array([site.node for site in SITES])
_CODE = {state: STATE.index(state) for state in STATE}
TARGET = slice(None, -N_NON_TARGET - N_NEW)  # of the slots
NON_TARGET = slice(-N_NON_TARGET - N_NEW, -N_NEW)
NEW = slice(-N_NEW, None)
FOLLOWED = slice(None, -N_NEW)
GREW_MM = 2.0  # a new lesion that is not measured has grown further


@dataclass(frozen=True)
class Reading:
    """One evaluator's records of a block of subjects; every array is subject x visit x slot."""

    mm: Floats
    state: Codes
    reason: Codes  # position in REASONS
    written: Bools  # there is a row
    more: dict[str, npt.NDArray[Any]] = field(default_factory=dict)  # further columns of the lesion table


def read_scans(draws: Draws, design: Design, course: Course, schedule: Schedule, reader: int) -> Reading:
    """Read every imaged visit; what happens after the subject left is cut away later."""
    shape = (*schedule.day.shape, course.site.shape[1])
    mm = np.full(shape, np.nan)
    state = np.zeros(shape, np.int8)
    written = np.zeros(shape, bool)
    own_session = _OWN_SESSION[course.site][:, None, :]
    mm[..., TARGET], state[..., TARGET] = _targets(draws, design, course, schedule)
    state[..., NON_TARGET] = _non_targets(course, schedule, reader)
    state[..., NEW], written[..., NEW] = _new_lesions(draws, course, schedule, reader)
    written[..., FOLLOWED] = _followed(draws, course, reader)[:, None, :]
    written &= schedule.imaged[:, :, None]
    reason = _unread(draws, design, shape)
    reason[own_session & ~schedule.session_done[:, :, None]] = REASONS.index("organ not imaged")
    reason[schedule.label == 0] = 0
    reason[..., NEW] = 0
    state[reason == 1] = _CODE["not evaluable"]
    state[reason == 2] = _CODE["not done"]
    reading = Reading(mm, state, reason, written)
    if course.new_mm.size:
        _follow_new(draws, design, course, schedule, reading)
    mm[reason > 0] = np.nan
    return reading


def _follow_new(draws: Draws, design: Design, course: Course, schedule: Schedule, reading: Reading) -> None:
    """Sizes of new lesions, what they count as under iRECIST, and which lesions grew further."""
    written, state = reading.written[..., NEW], reading.state[..., NEW]
    latent = course.latent_new_mm(schedule.day)
    gone = (latent < ABSENT_BELOW_MM) & (course.new_growth < 0)[:, None, :]
    state[gone] = _CODE["absent"]
    error = draws.spread((latent.shape[0], 1, N_NEW), design.reader_sd)
    mm = np.round(latent * error * draws.spread(latent.shape, design.noise_sd), 1)
    reading.mm[..., NEW] = np.where(state == _CODE["absent"], np.nan, np.maximum(mm, 1.0))
    first = np.take_along_axis(reading.mm[..., NEW], written.argmax(axis=1)[:, None, :], axis=1)
    target = first >= np.where(_NODE[course.site[:, None, NEW]], 15.0, 10.0)
    role = np.zeros(reading.state.shape, np.int8)
    role[..., NON_TARGET] = ROLE.index("non-target")
    role[..., NEW] = np.where(target, ROLE.index("new target"), ROLE.index("new non-target"))
    before = np.where(written, latent, -1.0)
    before = np.maximum.accumulate(
        np.concatenate([np.full_like(before[:, :1], -1.0), before], axis=1), axis=1
    )
    before = before[:, :-1]
    further = np.full(reading.state.shape, -1, np.int8)
    said = (before >= 0) & ~target & written & (state != _CODE["absent"])
    further[..., NEW] = np.where(said, latent - before >= GREW_MM, -1)
    further[..., NON_TARGET] = _further_non_targets(course, reading)
    reading.more.update(role=role, further_increase=further)


def _further_non_targets(course: Course, reading: Reading) -> Codes:
    """Of a non-target that has progressed: whether it grew again since the scan before."""
    worse = (reading.state[..., NON_TARGET] == _CODE["unequivocal progression"]) & reading.written[
        ..., NON_TARGET
    ]
    again = worse & (np.cumsum(worse, axis=1) > 1)
    return np.where(again, course.non_target_goes_on[:, None, None], -1).astype(np.int8)


def read_truly(design: Design, course: Course, schedule: Schedule) -> Reading:
    """The reading without error of the scans that took place: latent sizes, nothing missed, no false alarm."""
    onset = course.onset_day.copy()
    onset[~course.pseudo, -1] = NEVER
    plain = replace(
        course, onset_day=onset, first_called_equivocal=np.zeros_like(course.first_called_equivocal)
    )
    return read_scans(Draws.of(0), without_error(design), plain, schedule, 0)


def without_error(design: Design) -> Design:
    """The design with readers who measure the latent sizes and miss nothing at the scans that took place."""
    return replace(
        design,
        noise_sd=0.0,
        reader_sd=0.0,
        whole_mm_sites=0.0,
        too_small=0.0,
        not_evaluable=0.0,
        session_not_done=0.0,
        equivocal_first=0.0,
        false_alarm=0.0,
    )


def _followed(draws: Draws, course: Course, reader: int) -> Bools:
    """Baseline lesions this reader follows: the first one does all, another leaves out some of the others."""
    used = course.used[:, FOLLOWED].copy()
    if reader:
        left_out = draws.happens(0.12, used.shape)
        left_out[:, [0, course.n_targets]] = False
        used &= ~left_out
    return used


def _targets(draws: Draws, design: Design, course: Course, schedule: Schedule) -> tuple[Floats, Codes]:
    n = course.group.size
    bias = draws.spread((n, 1, course.n_targets), design.reader_sd)
    latent = course.latent_mm(schedule.day) * bias
    mm = latent * draws.spread(latent.shape, design.noise_sd)
    step = np.where(draws.happens(design.whole_mm_sites, (n, 1, 1)), 1.0, 0.1)
    node = _NODE[course.site[:, None, TARGET]]
    smallest = np.where(node, 15.0, 10.0) * (schedule.label == 0)[:, :, None]
    mm = np.maximum(np.round(np.rint(mm / step) * step, 1), smallest)
    state = np.zeros(mm.shape, np.int8)
    # Whether a lesion is seen depends on its latent size, so that noise alone never makes one come back.
    small = ~node & (latent < SMALL_BELOW_MM) & draws.happens(design.too_small, (n, 1, course.n_targets))
    gone = ~node & (latent < ABSENT_BELOW_MM)
    state[small] = _CODE["too small"]
    state[gone] = _CODE["absent"]
    mm[small] = np.nan
    mm[gone] = 0.0
    return mm, state


def _non_targets(course: Course, schedule: Schedule, reader: int) -> Codes:
    """Present, then absent or worse; another reader calls progression two weeks later."""
    day = schedule.day[:, :, None]
    worse = course.non_target_progression_day[:, None, None] + 14.0 * reader
    first = np.arange(N_NON_TARGET) == 0
    state = np.full((*schedule.day.shape, N_NON_TARGET), _CODE["present"], np.int8)
    state[first & (day >= worse - 50.0)] = _CODE["increased"]
    state[first & (day >= worse)] = _CODE["unequivocal progression"]
    gone = np.broadcast_to(day >= course.non_target_gone_day[:, None, None], state.shape)
    state[gone] = _CODE["absent"]
    return state


def _new_lesions(draws: Draws, course: Course, schedule: Schedule, reader: int) -> tuple[Codes, Bools]:
    """Rows from the first scan that shows the lesion; a false alarm has one more row, where it is gone."""
    late = draws.happens(0.15 * (reader > 0), course.onset_day.shape)
    onset = course.onset_day + np.where(late, 45.0, 0.0)
    scanned = schedule.imaged & (schedule.label > 0)
    seen = np.asarray(schedule.day[:, :, None] >= onset[:, None, :]) & scanned[:, :, None]
    scan = np.cumsum(seen, axis=1)
    state = np.full(seen.shape, _CODE["unequivocal"], np.int8)
    state[(scan == 1) & course.first_called_equivocal[:, None, :]] = _CODE["equivocal"]
    false_alarm = (np.arange(N_NEW) == N_NEW - 1) & ~course.pseudo[:, None, None]
    state[false_alarm & (scan == 1)] = _CODE["equivocal"]
    state[false_alarm & (scan == 2)] = _CODE["absent"]
    return state, seen & ~(false_alarm & (scan > 2))


def _unread(draws: Draws, design: Design, shape: tuple[int, ...]) -> Codes:
    return draws.happens(design.not_evaluable, shape).astype(np.int8)


def documented_progression(reading: Reading, counts: Bools) -> Floats:
    """Position of the visit at which a site would call progression; the number of visits where none.

    The plain sum rule on what was written down: it decides when scanning stops, and nothing else.
    `counts` (subject x visit) is false where a site waits instead: the swelling of a pseudo-progression.
    """
    n, n_visits, _ = reading.state.shape
    code = reading.state
    value = np.where(code == _CODE["too small"], SMALL_BELOW_MM, reading.mm)[..., TARGET]
    written = reading.written[..., TARGET]
    missing = np.asarray((np.isnan(value) & written).any(axis=2))
    total = np.where(written & ~np.isnan(value), value, 0.0).sum(axis=2)
    done = np.asarray(reading.written.any(axis=2))
    worse = np.isin(code, [_CODE["unequivocal progression"], _CODE["unequivocal"]])
    other = np.asarray((worse & reading.written).any(axis=2))
    found = np.full(n, float(n_visits))
    nadir = total[:, 0].copy()
    for visit in range(1, n_visits):
        grown = (total[:, visit] >= 1.2 * nadir - 1e-9) & (total[:, visit] - nadir >= 5.0 - 1e-9)
        progressed = counts[:, visit] & done[:, visit] & (grown | other[:, visit]) & (found == n_visits)
        found[progressed] = visit
        full = done[:, visit] & ~missing[:, visit]
        nadir = np.where(full, np.minimum(nadir, total[:, visit]), nadir)
    return found
