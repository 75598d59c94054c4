"""What a simulated trial is made of: sites of disease, arms or cohorts, schedule and follow-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from recist.simulation.features import (
    AdverseEvents,
    BeyondProgression,
    Manufacturing,
    Necrosis,
    Questionnaires,
)


@dataclass(frozen=True)
class Site:
    """Where a lesion can be, how it is imaged and how large it is there at baseline (median, mm)."""

    organ: str
    method: str
    median_mm: float
    node: bool = False
    own_session: bool = False  # imaged apart from the chest, sometimes on another day


SITES: tuple[Site, ...] = (
    Site("lung", "CT", 22),
    Site("liver", "CT", 32, own_session=True),
    Site("lymph node", "CT", 20, node=True),
    Site("soft tissue", "CT", 24),
    Site("adrenal gland", "CT", 26, own_session=True),
    Site("peritoneum", "CT", 25, own_session=True),
    Site("brain", "MRI", 14, own_session=True),
    Site("pleura", "CT", 20),
    Site("bone", "CT", 20),
)


@dataclass(frozen=True)
class Disease:
    """Relative frequency of each organ among target, non-target and new lesions."""

    name: str
    target: Mapping[str, float]
    non_target: Mapping[str, float]
    new: Mapping[str, float]


@dataclass(frozen=True)
class Group:
    """An arm or a cohort: how its tumours behave and what its subjects live through.

    `complete`, `partial` and `stable` are the shares of subjects whose tumours vanish, shrink or hold; the
    rest grow from the first day.  Times are medians in days; `growth_per_day` is the rate of a growing
    diameter (0.004 doubles it in 173 days).
    """

    name: str
    share: float
    disease: Disease
    complete: float
    partial: float
    stable: float
    response_lasts: float = 300
    stable_lasts: float = 110
    growth_per_day: float = 0.0040
    to_new_lesion: float = 260
    to_non_target_progression: float = 420
    after_progression: float = 260
    to_unrelated_death: float = 4000


@dataclass(frozen=True, kw_only=True)
class Design:
    """A trial as the simulator needs it; one value per study (`recist.simulation.designs`)."""

    name: str
    title: str
    registered: str  # what is public about the trial that the design follows
    prefix: str  # of the subject identifiers
    n_subjects: int
    seed: int
    groups: tuple[Group, ...]
    group_column: Literal["arm", "cohort"] = "arm"
    treatment: str = ""  # value of `arm` when the groups are cohorts
    block: int = 4  # subjects per permuted block
    randomised: bool = False
    weeks: tuple[int, ...] = ()  # planned assessments after the start
    evaluators: tuple[str, ...] = ("INVESTIGATOR",)
    scripted: tuple[str, ...] = ()  # named edge cases, first subjects of the study
    first_enrollment: str = "2021-03-01"
    accrual_days: int = 540
    follow_up_days: int = 540  # from the last enrolment to the cutoff
    window_days: int = 7
    missed_visit: float = 0.04
    unscheduled_visit: float = 0.08
    not_evaluable: float = 0.008  # per lesion and visit
    session_not_done: float = 0.015  # per visit: the organs imaged apart are not imaged
    equivocal_first: float = 0.2  # share of new lesions first called equivocal
    false_alarm: float = 0.02  # subjects with an equivocal finding that goes away
    reader_sd: float = 0.03  # a reader's own bias for a lesion, on the log scale
    noise_sd: float = 0.035  # error of a single measurement, on the log scale
    whole_mm_sites: float = 0.3  # share of subjects measured in whole millimetres
    to_dropout: float = 2200
    untreated: float = 0.0
    early_therapy: float = 0.04  # new anticancer therapy before progression
    later_therapy: float = 0.45  # and after it
    scan_after_progression: float = 0.3
    too_small: float = 0.5  # targets that are called too small to measure below 5 mm, not given a size
    target_counts: tuple[float, ...] = (0.18, 0.30, 0.27, 0.15, 0.10)  # shares of 1, 2 ... targets
    targets_per_organ: int = 2
    adjudicator: str = ""  # reads the subjects in whom the evaluators differ
    necrosis: Necrosis | None = None
    beyond_progression: BeyondProgression | None = None
    questionnaires: Questionnaires | None = None
    manufacturing: Manufacturing | None = None
    adverse_events: AdverseEvents | None = None

    @property
    def readers(self) -> tuple[str, ...]:
        """Evaluators, then the adjudicator if there is one."""
        return (*self.evaluators, *filter(None, (self.adjudicator,)))

    @property
    def visit_labels(self) -> tuple[str, ...]:
        """Labels in the order of the plan; the unscheduled visit last."""
        return ("BASELINE", *(f"WEEK {week}" for week in self.weeks), "UNSCHEDULED 1")
