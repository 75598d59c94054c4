"""Numbers at risk and events at every distinct time: what all estimators here are computed from."""

from dataclasses import dataclass

import numpy as np

from survival.estimate.observations import BoolArray, FloatArray, Groups, IntArray, Observations

DAY_LIMIT = 65_536  # whole days below this sort as 16-bit integers, which numpy sorts in linear time


@dataclass(frozen=True)
class RiskTable:
    """One row per stratum and distinct time, in that order; counts are (group, row).

    `at_risk` counts the subjects whose time is this row's or later, that is, just before the time; `first`
    holds the first row of each stratum and, last, the number of rows.
    """

    time: FloatArray
    first: IntArray
    at_risk: IntArray
    events: IntArray

    def pair(self, reference: int, arm: int) -> "RiskTable":
        """Two of the groups alone, at the times when one of them has an event."""
        chosen = [reference, arm]
        rows = np.flatnonzero(self.events[reference] + self.events[arm])
        first = np.searchsorted(rows, self.first)
        return RiskTable(self.time[rows], first, self.at_risk[chosen][:, rows], self.events[chosen][:, rows])


@dataclass(frozen=True)
class Ordered:
    """The subjects by stratum, then time; a row is a stratum's distinct time."""

    order: IntArray  # the subjects' positions in the frame
    time: FloatArray
    event: BoolArray
    start: IntArray  # first subject of each row
    end: IntArray  # one past the last subject of the row's stratum
    first: IntArray  # first row of each stratum and, last, the number of rows


def in_order(seen: Observations, strata: Groups) -> Ordered:
    """Sort the subjects and find the rows."""
    order = _order(seen.time, strata)
    time = seen.time[order]
    begin = np.concatenate([[0], np.cumsum(np.bincount(strata.code, minlength=len(strata)))])
    new = np.empty(len(time), dtype=np.bool_)
    new[0] = True
    np.not_equal(time[1:], time[:-1], out=new[1:])
    new[begin[:-1]] = True
    start = np.flatnonzero(new)
    first = np.searchsorted(start, begin)
    end = np.repeat(begin[1:], np.diff(first))
    return Ordered(order, time, seen.event[order], start, end, first)


def risk_table(seen: Observations, strata: Groups, groups: Groups | None = None) -> RiskTable:
    """Count those at risk and events; within each of `strata` apart, in one column per group."""
    rows = in_order(seen, strata)
    if groups is None or len(groups) == 1:
        at_risk = (rows.end - rows.start)[np.newaxis]
        events = _sums(rows.event, rows.start)[np.newaxis]
    else:
        code = groups.code[rows.order]
        members = [code == group for group in range(len(groups))]
        at_risk = np.stack([_remaining(member, rows) for member in members])
        events = np.stack([_sums(member & rows.event, rows.start) for member in members])
    return RiskTable(rows.time[rows.start], rows.first, at_risk, events)


def _order(time: FloatArray, strata: Groups) -> IntArray:
    """Subjects by stratum, then time; the order of equal times does not matter."""
    days = time.astype(np.uint16) if time.max() < DAY_LIMIT else None
    if days is not None and np.array_equal(days, time):
        order = np.argsort(days, kind="stable")
    else:
        order = np.argsort(time)
    if len(strata) == 1:
        return order
    code = strata.code.astype(np.uint16) if len(strata) < DAY_LIMIT else strata.code
    return order[np.argsort(code[order], kind="stable")]


def _sums(values: BoolArray, start: IntArray) -> IntArray:
    """How many are true between each start and the next."""
    if len(start) == len(values):
        return values.astype(np.int64)
    return np.add.reduceat(values, start, dtype=np.int64)


def _remaining(member: BoolArray, rows: Ordered) -> IntArray:
    """How many members are at risk in each row."""
    before = np.concatenate([[0], np.cumsum(member)])
    remaining: IntArray = before[rows.end] - before[rows.start]
    return remaining
