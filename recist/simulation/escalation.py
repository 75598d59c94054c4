"""Dose escalation 3 + 3 as it really goes, one cohort after the other.

Three subjects are treated at a level.  None with a dose-limiting toxicity: the next level.  One: three more at
the same level, and on if they stay at one in six.  Two or more: the level is too high, and the one below is
filled up to six.  The highest level with at most one in six is the maximum tolerated dose; who is enrolled
after that is treated there (Storer 1989, Biometrics 45:925; Le Tourneau 2009, J Natl Cancer Inst 101:708).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from recist.simulation.draws import Bools, Floats

COHORT = 3
DECISIONS = ("ESCALATE", "EXPAND", "DE-ESCALATE", "DOSE FOUND", "STOPPED", "ENROLMENT ENDED")


@dataclass
class Escalation:
    """Where every subject was treated and what was decided after each cohort."""

    tolerance: Floats  # of each subject: a toxicity where the rate of the level is above it
    rates: Sequence[float]
    level: list[int] = field(default_factory=list)  # of each subject, from 0
    cohort: list[int] = field(default_factory=list)  # of each subject, from 1
    steps: list[tuple[int, int, int, int, int, str]] = field(default_factory=list)
    found: int = -1  # the maximum tolerated level, -1 while there is none

    @property
    def toxic(self) -> Bools:
        """Dose-limiting toxicity of each subject treated so far."""
        rate = np.array(self.rates)[np.array(self.level, np.intp)]
        return np.asarray(self.tolerance[: len(self.level)] < rate)

    def at(self, level: int) -> tuple[int, int]:
        """Subjects treated at a level, and those of them with a toxicity."""
        here = np.array(self.level, np.intp) == level
        return int(here.sum()), int((self.toxic & here).sum())

    def treat(self, level: int) -> int:
        """Three more subjects at a level, or as many as there are; how many that was."""
        size = min(COHORT, self.tolerance.size - len(self.level))
        number = self.cohort[-1] + 1 if self.cohort else 1
        self.level += [level] * size
        self.cohort += [number] * size
        return size

    def table(self) -> pd.DataFrame:
        """One row per cohort of the escalation; counts are those of its level up to then."""
        names = ["cohort", "dose_level", "cohort_size", "treated", "dose_limiting", "decision"]
        return pd.DataFrame(self.steps, columns=names)

    def note(self, level: int, size: int, decision: str) -> None:
        """Write the cohort down, with the count at its level so far."""
        treated, toxic = self.at(level)
        self.steps.append((self.cohort[-1], level + 1, size, treated, toxic, decision))


def escalate(tolerance: Floats, rates: Sequence[float]) -> Escalation:
    """Escalate until the dose is found or nobody is left, then treat the rest at that dose.

    Examples
    --------
    >>> path = escalate(np.array([0.9, 0.9, 0.9, 0.9, 0.1, 0.9] + 14 * [0.9]), (0.05, 0.2, 0.3))
    >>> path.table()[["dose_level", "treated", "dose_limiting", "decision"]].values.tolist()[:3]
    [[1, 3, 0, 'ESCALATE'], [2, 3, 1, 'EXPAND'], [2, 6, 1, 'ESCALATE']]
    """
    path = Escalation(tolerance, rates)
    level, ceiling = 0, len(rates)  # no level from `ceiling` on is tried any more
    while len(path.level) < tolerance.size:
        size = path.treat(level)
        decision = _decide(path, level, ceiling)
        path.note(level, size, decision)
        if decision == "DE-ESCALATE":
            ceiling = level
        level += {"ESCALATE": 1, "DE-ESCALATE": -1}.get(decision, 0)
        if decision == "DE-ESCALATE" and path.at(level)[0] >= 2 * COHORT:
            decision = "DOSE FOUND"
        if decision == "DOSE FOUND":
            path.found = level
            rest = tolerance.size - len(path.level)
            path.cohort += [path.cohort[-1] + 1] * rest
            path.level += [level] * rest
        if decision == "STOPPED":
            break
    return path


def _decide(path: Escalation, level: int, ceiling: int) -> str:
    treated, toxic = path.at(level)
    if treated % COHORT:
        return "ENROLMENT ENDED"
    if toxic >= 2:
        return "DE-ESCALATE" if level else "STOPPED"
    if treated == COHORT:  # at the highest level still open six are wanted
        return "ESCALATE" if toxic == 0 and level + 1 < ceiling else "EXPAND"
    return "ESCALATE" if level + 1 < ceiling else "DOSE FOUND"
