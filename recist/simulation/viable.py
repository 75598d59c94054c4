"""The viable part of liver tumours: arterial enhancement that treatment takes away and resistance brings back.

mRECIST follows it in place of the diameter (Lencioni & Llovet 2010, Semin Liver Dis 30:52); after
embolisation a tumour can be dead at an unchanged diameter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recist.simulation.course import N_NEW, Course
from recist.simulation.design import SITES, Design
from recist.simulation.draws import Bools, Draws, Floats
from recist.simulation.features import Necrosis
from recist.simulation.readings import NEW, TARGET, Reading
from recist.simulation.schedule import Schedule

LIVER = np.array([site.organ == "liver" for site in SITES])
PATTERNS = ("typical", "atypical")
NOTHING_BELOW_MM = 3.0


@dataclass(frozen=True)
class Viability:
    """Latent share of each target that enhances; subject x target."""

    liver: Bools  # followed by its viable part
    new_in_liver: Bools  # subject x new lesion
    at_baseline: Floats
    lost: Floats  # share of that which necroses in the end
    decay: Floats
    regrowth: Floats
    resistance_day: Floats  # subject
    typical: Bools  # subject x new lesion: arterial uptake and washout

    def share(self, day: Floats) -> Floats:
        """Share of the diameter that enhances, subject x day x target."""
        t = np.maximum(day, 0.0)[:, :, None]
        since = np.maximum(t - self.resistance_day[:, None, None], 0.0)
        left = 1.0 - self.lost[:, None, :] * (1.0 - np.exp(-self.decay[:, None, :] * t))
        share = self.at_baseline[:, None, :] * left
        return np.asarray(1.0 - (1.0 - share) * np.exp(-self.regrowth[:, None, :] * since))


def draw_viability(draws: Draws, plan: Necrosis, course: Course) -> Viability:
    """How much of each tumour enhances at baseline and how much of that is lost."""
    shape = (course.group.size, course.n_targets)
    kinetics = course.kinetics[:, None]
    necroses = draws.happens(plan.stable, (shape[0], 1)) & (kinetics == 2)
    lost = np.select(
        [kinetics == 0, kinetics == 1, necroses],
        [np.ones(shape), draws.uniform(shape, 0.45, 1.0), draws.uniform(shape, 0.5, 1.0)],
        draws.uniform(shape, 0.0, 0.08),
    )
    lost = np.where(lost > 0.93, 1.0, lost)
    whole = draws.happens(0.6, shape)
    return Viability(
        liver=LIVER[course.site[:, : course.n_targets]],
        new_in_liver=LIVER[course.site[:, -N_NEW:]],
        at_baseline=np.where(whole, 1.0, draws.uniform(shape, 0.72, 0.98)),
        lost=lost,
        decay=plan.per_day * draws.spread(shape, 0.25),
        regrowth=plan.regrowth_per_day * draws.spread(shape, 0.3),
        resistance_day=course.resistance_day,
        typical=draws.happens(plan.typical_new, (shape[0], N_NEW)),
    )


def add_viable(
    draws: Draws, design: Design, viability: Viability, schedule: Schedule, reading: Reading
) -> None:
    """Put viable diameters of the targets and patterns of the new nodules beside what the reader measured."""
    viable = np.full(reading.mm.shape, np.nan)
    viable[..., TARGET] = _viable(draws, design, viability, schedule.day, reading.mm[..., TARGET])
    pattern = np.full(reading.mm.shape, -1, np.int8)
    typical = np.where(viability.typical, PATTERNS.index("typical"), PATTERNS.index("atypical"))
    pattern[..., NEW] = np.where(viability.new_in_liver, typical, -1)[:, None, :]
    reading.more.update(viable_mm=viable, pattern=pattern)


def _viable(draws: Draws, design: Design, viability: Viability, day: Floats, mm: Floats) -> Floats:
    """What a reader records beside the diameters `mm`: never more than the diameter, nothing where it is unknown.

    At baseline every liver target enhances over at least 10 mm: it would not be a target otherwise.
    """
    share = viability.share(day)
    bias = draws.spread((mm.shape[0], 1, mm.shape[2]), 1.3 * design.reader_sd)
    error = draws.spread(mm.shape, 1.3 * design.noise_sd)
    viable = np.where(share >= 1.0 - 1e-9, mm, mm * share * bias * error)
    viable = np.where(share * mm < NOTHING_BELOW_MM, 0.0, viable)  # seen or not by the latent size
    viable = np.where((day < 0)[:, :, None], np.maximum(viable, 10.0), viable)
    viable = np.round(np.minimum(viable, mm), 1)
    return np.where(viability.liver[:, None, :], viable, np.nan)
