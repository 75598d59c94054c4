"""Responses of a reading without error, worked out from the latent sizes and not by the engine.

RECIST 1.1 and mRECIST (HCC) on complete data: every lesion is read at every scan that took place, so that only
the plain rules are needed (Eisenhauer 2009, section 4.3 and Table 1; Lencioni & Llovet 2010).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recist.simulation.course import N_NEW, Course
from recist.simulation.design import SITES
from recist.simulation.draws import Bools, Floats, Ints
from recist.simulation.readings import NEW, NON_TARGET, TARGET, Reading
from recist.simulation.schedule import Schedule
from recist.simulation.viable import LIVER
from recist.terms import ROLE, STATE

CR, PR, SD, PD, NOTHING = range(5)
RECIST = ("CR", "PR", "SD", "PD")
N_CR, N_NN, N_PD, N_NA = range(4)  # of the non-targets
MIN_SD_DAYS, CONFIRM_DAYS = 42, 28
_NODE = np.array([site.node for site in SITES])
_OWN_SESSION = np.array([site.own_session for site in SITES])
_CODE = {state: STATE.index(state) for state in STATE}


@dataclass(frozen=True)
class Seen:
    """What there is to see at every visit; lengths in tenths of a millimetre, subject x visit (x lesion)."""

    there: Bools
    first_day: Floats  # of the scans of the visit; a progression is dated there
    last_day: Floats  # and any other response here
    value: Ints  # of the targets
    node: Bools  # subject x target
    non_target: Ints
    non_target_grew: Bools
    new: Bools  # subject x visit x new lesion: there, and unequivocal from the first scan on
    new_size: Ints
    new_is_target: Bools  # subject x new lesion
    new_grew: Bools

    @property
    def total(self) -> Ints:
        """Sum over the targets."""
        return np.asarray(self.value.sum(axis=2))


def see(course: Course, schedule: Schedule, visible: Bools, reading: Reading, measure: str) -> Seen:
    """Lay out a reading without error; `measure` is `diameter_mm` or `viable_mm`."""
    written = reading.written & visible[:, :, None] & schedule.imaged[:, :, None]
    there = np.asarray(written.any(axis=2))
    first, last = _days(course, schedule, written)
    mm = reading.mm[..., TARGET]
    if measure == "viable_mm":
        viable = reading.more["viable_mm"][..., TARGET]
        mm = np.where(np.isnan(viable), mm, viable)
    used = written[..., TARGET]
    shown = written[..., NEW] & (reading.state[..., NEW] != _CODE["absent"])
    size = _tenths(reading.mm[..., NEW])
    if measure == "viable_mm":
        shown = shown & _accepted(course, reading, shown, size)[:, None, :]
    further = reading.more.get("further_increase", np.full(written.shape, -1))
    role = reading.more.get("role")
    is_target = np.zeros((there.shape[0], N_NEW), np.bool_)
    if role is not None:
        is_target = np.asarray(role[:, 0, NEW] == ROLE.index("new target"))
    return Seen(
        there=there,
        first_day=first,
        last_day=last,
        value=np.where(used, _tenths(mm), 0),
        node=_NODE[course.site[:, TARGET]],
        non_target=_non_target(reading, written),
        non_target_grew=(further[..., NON_TARGET] == 1).any(axis=2),
        new=shown,
        new_size=np.where(shown, size, 0),
        new_is_target=is_target,
        new_grew=(further[..., NEW] == 1) & shown,
    )


def _days(course: Course, schedule: Schedule, written: Bools) -> tuple[Floats, Floats]:
    """First and last day on which a lesion of the visit was imaged."""
    apart = _OWN_SESSION[course.site][:, None, :]
    later = schedule.day + schedule.session_shift
    first = np.where((written & ~apart).any(axis=2), schedule.day, later)
    return first, np.where((written & apart).any(axis=2), later, schedule.day)


def _tenths(mm: Floats) -> Ints:
    return np.rint(np.nan_to_num(mm) * 10).astype(np.int64)


def _non_target(reading: Reading, written: Bools) -> Ints:
    state, followed = reading.state[..., NON_TARGET], written[..., NON_TARGET]
    worse = ((state == _CODE["unequivocal progression"]) & followed).any(axis=2)
    left = ((state != _CODE["absent"]) & followed).any(axis=2)
    return np.select([~followed.any(axis=2), worse, ~left], [N_NA, N_PD, N_CR], N_NN)


def _accepted(course: Course, reading: Reading, shown: Bools, size: Ints) -> Bools:
    """New lesions that mRECIST takes for new disease: in the liver by pattern and size, or by growth."""
    liver = LIVER[course.site[:, NEW]]
    typical = reading.more["pattern"][:, 0, NEW] == 0
    first = np.take_along_axis(size, shown.argmax(axis=1)[:, None, :], axis=1)
    enough = (typical[:, None, :] & (size >= 100)) | (size - first >= 100)
    return np.asarray(~liver | (enough & shown).any(axis=1))


def target_course(seen: Seen) -> tuple[Ints, Ints]:
    """Target response and overall response at every visit; NOTHING where no scan took place."""
    n, n_visits = seen.there.shape
    target = np.full((n, n_visits), NOTHING)
    overall = np.full((n, n_visits), NOTHING)
    total, baseline = seen.total, seen.total[:, 0]
    nadir, had_cr = baseline.copy(), np.zeros(n, bool)
    for v in range(1, n_visits):
        value, here, now = seen.value[:, v], seen.there[:, v], total[:, v]
        gone = ((value == 0) | (seen.node & (value < 100))).all(axis=1)
        back = had_cr & ((value > 0) & ~seen.node).any(axis=1)
        grown = (5 * now >= 6 * nadir) & (now - nadir >= 50)
        target[:, v] = np.select([gone, back | grown, 10 * now <= 7 * baseline], [CR, PD, PR], SD)
        other = seen.non_target[:, v]
        worse = (target[:, v] == PD) | (other == N_PD) | seen.new[:, v].any(axis=1)
        complete = (target[:, v] == CR) & ((other == N_CR) | (other == N_NA))
        partial = np.isin(target[:, v], (CR, PR))
        overall[:, v] = np.select([worse, complete, partial], [PD, CR, PR], SD)
        target[~here, v] = overall[~here, v] = NOTHING
        had_cr |= overall[:, v] == CR
        nadir = np.where(here, np.minimum(nadir, now), nadir)
    return target, overall


def best_of(seen: Seen, overall: Ints, therapy_day: Floats) -> dict[str, Ints | Floats]:
    """Best response with and without confirmation, and days of first response and of progression.

    What is dated after a new anticancer therapy does not count.
    """
    day = np.where(overall == PD, seen.first_day, seen.last_day)
    overall = np.where(day <= therapy_day[:, None], overall, NOTHING)
    ended = np.cumsum(overall == PD, axis=1)
    counted = np.where((ended == 0) | ((ended == 1) & (overall == PD)), overall, NOTHING)
    late = (counted != NOTHING) & (day >= MIN_SD_DAYS)
    response = np.isin(counted, (CR, PR))
    confirmed = _confirmed(counted, day)
    return {
        "best": _ranked(counted, response, late),
        "confirmed": _ranked(_cut_after_cr(counted), confirmed, late),
        "response": _first(day, response),
        "progression": _first(day, counted == PD),
    }


def _ranked(overall: Ints, response: Bools, late: Bools) -> Ints:
    """CR, PR, SD, PD or NOTHING of each subject, from the responses that count as such."""
    kinds = [
        (overall == CR) & response,
        (overall == PR) & response,
        np.isin(overall, (CR, PR, SD)) & late & ~response | ((overall == SD) & late),
        overall == PD,
    ]
    return np.select([kind.any(axis=1) for kind in kinds], [CR, PR, SD, PD], NOTHING)


def _cut_after_cr(overall: Ints) -> Ints:
    """A lesser response after a CR is read as PD, and nothing counts after it (Table 3, footnote a)."""
    had = np.maximum.accumulate(overall == CR, axis=1)
    lesser = had & np.isin(overall, (PR, SD))
    count = np.cumsum(lesser, axis=1)
    cut = np.where(lesser & (count == 1), PD, overall)
    return np.where((count > 1) | ((count == 1) & ~lesser), NOTHING, cut)


def _confirmed(overall: Ints, day: Floats) -> Bools:
    """Responses held at a later scan at least 28 days on, with at most one SD between two PR."""
    overall = _cut_after_cr(overall)
    found = np.zeros(overall.shape, bool)
    for i in range(overall.shape[1]):
        stable = np.zeros(len(overall), np.int64)
        for j in range(i + 1, overall.shape[1]):
            later = overall[:, j]
            far = day[:, j] - day[:, i] >= CONFIRM_DAYS
            found[:, i] |= (overall[:, i] == CR) & (later == CR) & far
            found[:, i] |= (overall[:, i] == PR) & (later <= PR) & far & (stable <= 1)
            stable += later == SD
    return found


def _first(day: Floats, which: Bools) -> Floats:
    return np.asarray(np.where(which, day, np.inf).min(axis=1))
