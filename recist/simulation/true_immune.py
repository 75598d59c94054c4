"""iRECIST on complete data, one subject after the other: what a reading without error amounts to.

Seymour 2017, Table 2, and the EORTC FAQ: progression is unconfirmed until a scan at least four weeks later
shows more of it, and is cancelled by a scan that shows none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from recist.simulation.draws import Floats, Ints
from recist.simulation.true_responses import (
    CR,
    MIN_SD_DAYS,
    N_CR,
    N_NA,
    N_PD,
    NOTHING,
    PD,
    PR,
    SD,
    Seen,
)

WORDS = ("iCR", "iPR", "iSD", "iUPD", "iCPD")
UPD, CPD = 3, 4
ENOUGH, MIN_DAYS = 50, 28  # tenths of a millimetre; days between iUPD and iCPD


@dataclass
class Anchor:
    """The first unconfirmed progression of a block and what there was then."""

    visit: int
    day: float
    total: int
    base: int
    by_target: bool
    by_non_target: bool
    by_new: bool
    new_sum: int | None
    there: set[int]


@dataclass
class Subject:
    """One subject's scans in order; `walk` decides them."""

    seen: Seen
    row: int
    target: Ints  # per visit
    known: dict[int, int] = field(default_factory=dict)  # new lesion -> visit at which it was first seen
    sums: list[tuple[int, int]] = field(default_factory=list)  # visit, sum over the new targets
    anchor: Anchor | None = None

    def walk(self) -> Iterator[tuple[int, int]]:
        """Visit and response, until progression is confirmed; from then on it stays so."""
        over = False
        for v in np.flatnonzero(self.seen.there[self.row, 1:]) + 1:
            over = over or self._decide(int(v)) == CPD
            yield int(v), CPD if over else self._last

    def _decide(self, v: int) -> int:
        present = set(np.flatnonzero(self.seen.new[self.row, v]).tolist())
        fresh = present - set(self.known)
        self.known |= dict.fromkeys(fresh, v)
        now = self._new_sum(v)
        grew = self._sum_progressed(now) or bool(self._grown(v) & (set(self.known) - fresh))
        if now is not None:
            self.sums.append((v, now))
        self._last = (
            self._normal(v, bool(fresh) or grew, present, now)
            if self.anchor is None
            else self._pending(v, self.anchor, (fresh, grew, present, now))
        )
        return self._last

    def _normal(self, v: int, new: bool, present: set[int], now: int | None) -> int:
        target, other = int(self.target[v]), int(self.seen.non_target[self.row, v])
        if target != PD and other != N_PD and not new:
            return self._plain(target, other, present)
        self.anchor = Anchor(
            v, self._day(v), self._total(v), self._base(target, other), target == PD, other == N_PD, new, now, present
        )  # fmt: skip
        return UPD

    def _pending(self, v: int, anchor: Anchor, found: tuple[set[int], bool, set[int], int | None]) -> int:
        fresh, grew, present, now = found
        target, other = int(self.target[v]), int(self.seen.non_target[self.row, v])
        total = self._total(v)
        if target == PD and total < anchor.total and 10 * total <= 7 * self._total(0):
            target = PR  # fallen back: the reset is judged against baseline
        more = target == PD and (total - anchor.total >= ENOUGH or not anchor.by_target)
        grown_other = bool(self.seen.non_target_grew[self.row, v])
        more |= grown_other if anchor.by_non_target else other == N_PD
        more |= any(self.known[k] > anchor.visit for k in present)
        if anchor.by_new:
            by_sum = now is not None and anchor.new_sum is not None and now - anchor.new_sum >= ENOUGH
            more |= by_sum or bool(self._grown(v) & {k for k in present if self.known[k] < v})
        else:
            more |= bool(fresh) or grew
        if more:
            return CPD if self._day(v) - anchor.day >= MIN_DAYS else UPD
        stands = anchor.by_new and bool(present & anchor.there)
        lower = now is not None and anchor.new_sum is not None and now < anchor.new_sum
        gone = bool(anchor.there - present)
        better = self._base(target, other) < anchor.base or total < anchor.total or lower or gone
        if target == PD or other == N_PD or fresh or (stands and not better):
            return UPD
        self.anchor = None
        return self._plain(target, other, present)

    def _plain(self, target: int, other: int, present: set[int]) -> int:
        if target == CR:
            return CR if other in (N_CR, N_NA) and not present else PR
        return target

    def _base(self, target: int, other: int) -> int:
        if target == PD or other == N_PD:
            return 9
        return {CR: 0 if other in (N_CR, N_NA) else 1, PR: 1, SD: 2}[target]

    def _new_sum(self, v: int) -> int | None:
        """Sum over the new targets known by then; none where there is none."""
        members = [k for k in self.known if self.seen.new_is_target[self.row, k]]
        return int(sum(self.seen.new_size[self.row, v, k] for k in members)) if members else None

    def _sum_progressed(self, now: int | None) -> bool:
        """20 % and 5 mm above the smallest sum since the last new target joined it."""
        if now is None:
            return False
        since = max(v for k, v in self.known.items() if self.seen.new_is_target[self.row, k])
        before = [total for v, total in self.sums if v >= since]
        return bool(before) and 5 * now >= 6 * min(before) and now - min(before) >= ENOUGH

    def _grown(self, v: int) -> set[int]:
        return set(np.flatnonzero(self.seen.new_grew[self.row, v]).tolist())

    def _total(self, v: int) -> int:
        return int(self.seen.value[self.row, v].sum())

    def _day(self, v: int) -> float:
        return float(self.seen.first_day[self.row, v])


def immune_course(seen: Seen, target: Ints) -> Ints:
    """iRECIST response at every visit, subject x visit; NOTHING where no scan took place."""
    result = np.full(seen.there.shape, NOTHING + 1)
    for row in range(len(seen.there)):
        for v, response in Subject(seen, row, target[row]).walk():
            result[row, v] = response
    return result


def immune_best(seen: Seen, response: Ints, therapy_day: Floats) -> dict[str, Ints | Floats]:
    """Best response and the day of the progression that counts: of the block that is confirmed or stays open."""
    day = np.where(response >= UPD, seen.first_day, seen.last_day)
    response = np.where((day <= therapy_day[:, None]), response, CPD + 1)
    after = np.cumsum(response == CPD, axis=1)
    response = np.where((after > 1) | ((after == 1) & (response != CPD)), CPD + 1, response)
    late = day >= MIN_SD_DAYS
    kinds = [response == CR, response == PR, (response == SD) & late, response == CPD, response == UPD]
    best = np.select([kind.any(axis=1) for kind in kinds], [0, 1, 2, CPD, UPD], CPD + 1)
    begin = np.full(len(response), np.inf)
    for v in range(response.shape[1]):
        now = response[:, v]
        begins = np.isin(now, (UPD, CPD)) & np.isinf(begin)
        begin = np.where(begins, day[:, v], np.where(now <= SD, np.inf, begin))
    answered = np.where(np.isin(response, (CR, PR)), day, np.inf).min(axis=1)
    return {"best": best, "response": answered, "progression": begin}
