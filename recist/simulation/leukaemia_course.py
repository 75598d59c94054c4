"""The truth of leukaemia subjects: response by day 28, residual disease, relapse, death.

Remission rates of 40 to 75 % and a median survival of six to twelve months in relapsed acute leukaemia under
cellular and antibody treatments are the order of magnitude; every number is an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from recist.simulation.course import LONGEST, NEVER
from recist.simulation.draws import Bools, Draws, Floats, Ints
from recist.simulation.features import AdverseEvents

DISEASES = ("AML", "B-ALL")
CRITERIA = {"AML": "aml_eln2022", "B-ALL": "all_eln2024"}
KINDS = ("CR", "CRh", "CRi", "MLFS", "PR", "NR")
CR, CRH, CRI, MLFS, PR, NR = range(len(KINDS))
RELAPSE = len(KINDS)
STATES = (*KINDS, "RELAPSE")
REMISSIONS = (CR, CRH, CRI)


@dataclass(frozen=True, kw_only=True)
class LeukaemiaDesign:
    """A dose-escalation trial in acute leukaemia as the simulator needs it."""

    name: str
    title: str
    registered: str
    prefix: str
    n_subjects: int
    seed: int
    levels: tuple[str, ...]
    toxicity: tuple[float, ...]  # rate of dose-limiting toxicities, per level
    response: tuple[tuple[float, ...], ...]  # shares of KINDS at day 28, per level
    mrd_negative: tuple[float, ...]  # of the remissions, per level
    treatment: str = "CELL THERAPY"
    share_aml: float = 0.55
    dose_days: tuple[int, ...] = (0, 3, 6)
    window_days: int = 28  # for toxicity and for response
    remission_lasts: float = 330.0  # medians, days
    after_relapse: float = 170.0
    without_remission: float = 150.0
    to_unrelated_death: float = 3200.0
    early_death: float = 0.05  # within 28 days
    later_recovery: float = 0.75  # CRi and CRh that become CR
    transplanted: float = 0.25  # of the remissions: no event here, but therapy after the study's
    inadequate: float = 0.05  # marrows not adequate for judging
    missed: float = 0.03  # assessments that were not done
    lost: float = 0.04
    first_enrollment: str = "2022-03-07"
    follow_up_days: int = 640  # from the last enrolment to the cutoff
    adverse_events: AdverseEvents


@dataclass(frozen=True)
class LeukaemiaCourse:
    """Latent state of all subjects; times in days from the first dose."""

    disease: Ints
    kind: Ints  # response at day 28
    early_cri: Bools  # in remission at day 14 already
    recovers: Bools  # a CRi or CRh that becomes CR; an MLFS that becomes CRi
    mrd_negative: Bools
    relapse_day: Floats
    death_day: Floats
    transplant_day: Floats

    def state(self, day: Floats, label: Ints) -> Ints:
        """Position in STATES at each assessment; subject x assessment, `label` in ASSESSMENTS."""
        kind = self.kind[:, None]
        first, landmark = label == 1, label == 2
        early = np.where(kind <= MLFS, np.where(self.early_cri[:, None], CRI, MLFS), NR)
        later = np.where(np.isin(kind, REMISSIONS) & self.recovers[:, None], CR, kind)
        later = np.where(kind == MLFS, np.where(self.recovers[:, None], CRI, NR), later)
        later = np.where(kind == PR, NR, later)
        state = np.select([first, landmark], [early, np.broadcast_to(kind, label.shape)], later)
        return np.where(day >= self.relapse_day[:, None], RELAPSE, state)


def draw_leukaemia_course(draws: Draws, design: LeukaemiaDesign, level: Ints) -> LeukaemiaCourse:
    """Everything latent about the subjects treated at those levels."""
    n = level.size
    disease = draws.happens(1 - design.share_aml, n).astype(np.int64)
    kind = draws.category(np.array(design.response)[level], n)
    kind = np.where((kind == CRH) & (disease == 1), CRI, kind)  # no CRh in the classification of ALL
    recovers = draws.happens(np.where(kind == MLFS, 0.5, design.later_recovery), n)
    negative = draws.happens(np.array(design.mrd_negative)[level], n)
    remits = np.isin(kind, REMISSIONS) | ((kind == MLFS) & recovers)
    lasts = draws.waiting(np.where(negative, 1.4, 0.6) * design.remission_lasts, n)
    relapse = np.where(remits, np.floor(np.where(kind == MLFS, 105, 45) + lasts), NEVER)
    other = np.floor(60 + draws.waiting(design.to_unrelated_death, n))
    after = np.floor(relapse + 10 + draws.waiting(design.after_relapse, n))
    early = np.where(draws.happens(design.early_death, n), draws.integers(n, 9, 26), NEVER)
    refractory = np.minimum(np.floor(32 + draws.waiting(design.without_remission, n)), early)
    death = np.minimum(np.where(remits, np.minimum(after, other), refractory), LONGEST)
    transplant = np.where(remits & draws.happens(design.transplanted, n), draws.integers(n, 65, 140), NEVER)
    transplant[transplant >= np.minimum(relapse, death)] = NEVER
    relapse = np.where(relapse < death, relapse, NEVER)
    return LeukaemiaCourse(
        disease,
        kind,
        draws.happens(0.2, n) & np.isin(kind, (CR, CRI)),
        recovers,
        negative,
        relapse,
        death,
        transplant,
    )


NCT06559644 = LeukaemiaDesign(
    name="nct06559644",
    title="Dose escalation 3 + 3, three dose levels on days 0, 3 and 6, AML and B-ALL",
    registered="3 + 3 dose escalation, n = 20, B-ALL and AML, three dose levels, doses on days 0, 3 and 6",
    prefix="NCT6559",
    n_subjects=20,
    seed=20356,
    levels=("LEVEL 1", "LEVEL 2", "LEVEL 3"),
    toxicity=(0.04, 0.14, 0.28),
    response=(
        (0.24, 0.05, 0.13, 0.06, 0.10, 0.42),
        (0.38, 0.06, 0.18, 0.05, 0.07, 0.26),
        (0.44, 0.06, 0.20, 0.05, 0.05, 0.20),
    ),
    mrd_negative=(0.45, 0.65, 0.75),
    adverse_events=AdverseEvents(profile="leukaemia"),
)
LEUKAEMIA = {NCT06559644.name: NCT06559644}


def without_error(design: LeukaemiaDesign) -> LeukaemiaDesign:
    """The same trial with every assessment done and adequate."""
    return replace(design, inadequate=0.0, missed=0.0)
