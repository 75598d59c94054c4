"""What the new lesions of a series say at each visit: a fresh one, growth, their own sum (iSOM)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recist.criteria.irecist import ImmuneCriteria
from recist.new_lesions import GONE, NOT_KNOWN, NewLesions
from recist.sums import UNKNOWN, Hundredths, limit

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class NewSigns:
    """Series x visits."""

    fresh: Mask  # a lesion not known before
    progress: Mask  # that, or lesions known before that progress by themselves
    standing: Mask  # a known lesion that is not known to be gone
    isom: Hundredths  # over the known new targets, a lower bound where one is not evaluated
    isom_complete: Mask
    has_target: Mask  # a new target is known


def new_signs(new: NewLesions, shape: tuple[int, int], criteria: ImmuneCriteria) -> NewSigns:
    """Read the histories of the lesions; without any lesion nothing is computed."""
    if not len(new.series):
        no = np.broadcast_to(np.False_, shape)
        yes, zero = np.broadcast_to(np.True_, shape), np.broadcast_to(np.int64(0), shape)
        return NewSigns(no, no, no, zero, yes, no)
    visit, since = np.arange(shape[1]), new.known[:, None]
    known, is_target = since <= visit, new.is_target[:, None]
    fresh = _spread(new, since == visit, shape)
    grew = _spread(new, ~is_target & new.increased & (since < visit), shape)
    counted = is_target & (new.status != NOT_KNOWN)
    lesion, at = np.nonzero(counted & (new.size < UNKNOWN))
    isom = np.zeros(shape, np.int64)
    np.add.at(isom, (new.series[lesion], at), new.size[lesion, at])
    complete = ~_spread(new, counted & (new.size >= UNKNOWN), shape)
    progress = fresh | grew | _isom_progressed(new, isom, complete, criteria)
    standing = _spread(new, known & (new.status != GONE), shape)
    return NewSigns(fresh, progress, standing, isom, complete, _spread(new, known & is_target, shape))


def _spread(new: NewLesions, which: Mask, shape: tuple[int, int]) -> Mask:
    """Series x visits with any of the lesions x visits."""
    found = np.zeros(shape, bool)
    lesion, at = np.nonzero(which)
    found[new.series[lesion], at] = True
    return found


def _isom_progressed(new: NewLesions, isom: Hundredths, complete: Mask, criteria: ImmuneCriteria) -> Mask:
    """iSOM 20 % and 5 mm above its nadir, the smallest complete one since the last new target joined it."""
    progressed, floor = np.zeros(isom.shape, bool), limit(criteria.pd_abs_mm)
    who = np.unique(new.series[new.is_target])
    place = np.searchsorted(who, new.series)
    total, whole = isom[who], complete[who]
    begin = np.full(len(who), isom.shape[1])
    targets = np.flatnonzero(new.is_target)
    np.minimum.at(begin, place[targets], new.known[targets])
    for v in range(isom.shape[1]):
        members = targets[new.known[targets] <= v]
        since = np.zeros(len(who), np.int64)
        np.maximum.at(since, place[members], new.known[members])
        nadir = np.full(len(who), UNKNOWN)
        for u in range(v):
            counts = whole[:, u] & (since <= u) & (begin <= u)
            nadir = np.where(counts, np.minimum(nadir, total[:, u]), nadir)
        now = total[:, v]
        grew = (now - nadir >= floor) & (now > nadir) & (100 * now >= (100 + criteria.pd_pct) * nadir)
        progressed[who, v] = grew & (nadir < UNKNOWN) & (begin <= v)
    return progressed
