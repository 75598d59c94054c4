"""A product made for each subject: harvest, delay or failure of its manufacture, and who is treated at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recist.simulation.draws import Bools, Draws, Ints
from recist.simulation.features import Manufacturing

FAILED, WAITED = "MANUFACTURING FAILURE", "NOT TREATED AFTER HARVEST"


@dataclass(frozen=True)
class Product:
    """What became of each subject's product."""

    harvest_day: Ints  # from enrolment
    delay: Ints  # days
    failed: Bools
    treated: Bools

    @property
    def as_planned(self) -> Bools:
        """Made without delay or failure."""
        return np.asarray(~self.failed & (self.delay == 0))


def draw_product(draws: Draws, plan: Manufacturing | None, n: int, n_scripted: int) -> Product:
    """Products of a block of subjects; the first `n_scripted` of them are hand-written and go as planned."""
    if plan is None:
        return Product(np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, bool), np.ones(n, bool))
    failed = draws.happens(plan.failure, n)
    late = draws.happens(plan.delay, n) & ~failed
    delay = np.where(late, draws.integers(n, *plan.delay_days), 0)
    dropped = draws.happens(plan.not_treated, n)
    harvest = draws.integers(n, *plan.harvest_days)
    for values in (failed, delay, dropped):
        values[:n_scripted] = 0
    return Product(harvest, delay, failed, ~failed & ~dropped)
