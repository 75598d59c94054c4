"""The truth of each subject: where the tumours are, how they grow, when the subject progresses and dies.

A diameter follows d(t) = d0 [(1 - f) exp(-k t) + f exp(g (t - tau)+)]: the sensitive part 1 - f decays,
the resistant part f waits until tau and grows (Stein 2008, Oncologist 13:1046; Claret 2009, J Clin Oncol
27:4103).
A node shrinks towards its normal short axis instead of towards nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from recist.simulation.design import SITES, Design
from recist.simulation.draws import Bools, Draws, Floats, Ints

KINETICS = ("complete", "partial", "stable", "progressive")
N_NON_TARGET, N_NEW = 3, 3  # slots after the targets; the last new one is a false alarm
NEVER = np.inf
LONGEST = 15_000.0  # days; later dates help nobody and could leave the calendar of datetime64[ns]
_NODE = np.array([site.node for site in SITES])


@dataclass(frozen=True)
class Course:
    """Latent state of a block of subjects; times in days from the start, lengths in mm."""

    group: Ints
    kinetics: Ints  # position in KINETICS
    site: Ints  # subject x slot, position in SITES
    used: Bools  # subject x slot
    baseline_mm: Floats  # subject x target
    floor_mm: Floats  # normal short axis of a node, 0 elsewhere
    decay: Floats
    resistant: Floats
    growth: Floats
    resistance_day: Floats  # subject
    onset_day: Floats  # subject x new lesion
    first_called_equivocal: Bools  # subject x new lesion
    non_target_gone_day: Floats
    non_target_progression_day: Floats
    progression_day: Floats
    death_day: Floats
    swelling: Floats = field(default_factory=lambda: np.empty(0))  # pseudo-progression: share of the baseline
    swelling_peak: float = 0.0  # day of its height
    swelling_width: float = 1.0
    new_mm: Floats = field(
        default_factory=lambda: np.empty(0)
    )  # subject x new lesion: size when first visible
    new_growth: Floats = field(
        default_factory=lambda: np.empty(0)
    )  # mm per day; negative where it goes again
    non_target_goes_on: Bools = field(
        default_factory=lambda: np.empty(0, bool)
    )  # grows again after progression

    @property
    def n_targets(self) -> int:
        """Slots for targets: in use or not."""
        return int(self.baseline_mm.shape[1])

    @property
    def pseudo(self) -> Bools:
        """Subjects whose first progression is none."""
        return np.asarray(self.swelling > 0) if self.swelling.size else np.zeros(self.group.size, bool)

    def latent_new_mm(self, day: Floats) -> Floats:
        """Sizes of the new lesions from their onset on, subject x day x new lesion."""
        since = np.maximum(day[:, :, None] - self.onset_day[:, None, :], 0.0)
        grown = self.new_mm[:, None, :] + np.minimum(since, 2000.0) * self.new_growth[:, None, :]
        return np.clip(grown, 0.0, 120.0)

    def latent_mm(self, day: Floats) -> Floats:
        """Diameters without measurement error, subject x day x target; `day` is subject x day."""
        t = np.maximum(day, 0.0)[:, :, None]
        grown = np.maximum(t - self.resistance_day[:, None, None], 0.0) * self.growth[:, None, :]
        np.exp(np.minimum(grown, 5.0, out=grown), out=grown)
        grown *= self.resistant[:, None, :]
        shrunk = np.exp(-self.decay[:, None, :] * t)
        shrunk *= (1.0 - self.resistant)[:, None, :]
        grown += shrunk
        grown *= (self.baseline_mm - self.floor_mm)[:, None, :]
        grown += self.floor_mm[:, None, :]
        if self.swelling.size:
            bump = np.exp(-(((t - self.swelling_peak) / self.swelling_width) ** 2))
            grown += self.swelling[:, None, None] * bump * self.baseline_mm[:, None, :]
        return np.minimum(grown, 250.0, out=grown)


def draw_course(draws: Draws, design: Design, group: Ints) -> Course:
    """Everything latent about the subjects whose arm or cohort is given."""
    n = group.size
    kinetics = draws.category(_per_subject(design, group, "complete", "partial", "stable", "rest"), n)
    site, used = _slots(draws, design, group)
    n_targets = len(design.target_counts)
    node = _NODE[site[:, :n_targets]]
    baseline_mm = _baseline_mm(draws, site[:, :n_targets], node)
    resistant, decay, growth, resistance_day = _kinetics(draws, design, group, kinetics)
    onset_day = _new_lesions(draws, design, group, resistance_day)
    gone, worse = _non_targets(draws, design, group, kinetics, resistance_day)
    worse[~used[:, n_targets]] = NEVER  # no non-target lesion to progress
    course = Course(
        group=group,
        kinetics=kinetics,
        site=site,
        used=used,
        baseline_mm=baseline_mm,
        floor_mm=np.where(node, draws.uniform(node.shape, 4.0, 8.0), 0.0),
        decay=decay,
        resistant=resistant,
        growth=growth,
        resistance_day=resistance_day,
        onset_day=onset_day,
        first_called_equivocal=draws.happens(design.equivocal_first, onset_day.shape),
        non_target_gone_day=gone,
        non_target_progression_day=worse,
        progression_day=np.empty(0),
        death_day=np.empty(0),
    )
    progression = np.minimum(_target_progression(course, design), np.minimum(onset_day[:, 0], worse))
    return _with_events(draws, design, course, progression)


def _per_subject(design: Design, group: Ints, *names: str) -> Floats:
    """Fields of the subjects' groups, subject x field; `rest` completes the shares to one."""
    rows = []
    for one in design.groups:
        rest = 1.0 - one.complete - one.partial - one.stable
        rows.append([rest if name == "rest" else float(getattr(one, name)) for name in names])
    return np.array(rows)[group]


def _slots(draws: Draws, design: Design, group: Ints) -> tuple[Ints, Bools]:
    """Which organ each lesion is in (targets within the limit per organ) and which slots are in use."""
    n, n_targets = group.size, len(design.target_counts)
    organs = [site.organ for site in SITES]

    def weights(role: str) -> Floats:
        table = [getattr(one.disease, role) for one in design.groups]
        return np.array([[row.get(organ, 0.0) for organ in organs] for row in table])[group]

    places = np.concatenate([weights("target")] * design.targets_per_organ, axis=1)
    target = draws.without_replacement(places, n_targets) % len(SITES)
    non_target = draws.without_replacement(weights("non_target"), N_NON_TARGET)
    new = draws.without_replacement(weights("new"), N_NEW)
    n_target = 1 + draws.category(design.target_counts, n)
    n_non_target = draws.category([0.25, 0.35, 0.25, 0.15], n)
    used = np.ones((n, n_targets + N_NON_TARGET + N_NEW), bool)
    used[:, :n_targets] = np.arange(n_targets) < n_target[:, None]
    used[:, n_targets : n_targets + N_NON_TARGET] = np.arange(N_NON_TARGET) < n_non_target[:, None]
    return np.concatenate([target, non_target, new], axis=1), used


def _baseline_mm(draws: Draws, site: Ints, node: Bools) -> Floats:
    """Sizes that RECIST 1.1 accepts as measurable (section 3.1: 10 mm, nodes 15 mm short axis)."""
    median = np.array([one.median_mm for one in SITES])[site]
    size = median * draws.spread(site.shape, 0.42)
    return np.clip(size, np.where(node, 15.5, 10.5), np.where(node, 45.0, 120.0))


def _kinetics(
    draws: Draws, design: Design, group: Ints, kinetics: Ints
) -> tuple[Floats, Floats, Floats, Floats]:
    """Resistant fraction, decay and growth per lesion; day of resistance per subject."""
    n = group.size
    lasts, holds, rate = _per_subject(design, group, "response_lasts", "stable_lasts", "growth_per_day").T
    kind = [kinetics == k for k in range(len(KINETICS))]
    fraction = np.select(
        kind, [np.zeros(n), draws.uniform(n, 0.12, 0.55), draws.uniform(n, 0.72, 1.0), np.ones(n)]
    )
    shrink = np.select(kind, [0.025, 0.020, 0.015, 0.015]) * draws.spread(n, 0.3)
    wait = np.select(kind, [3.0 * lasts, lasts, holds, np.zeros(n)]) * draws.spread(n, 0.7)
    wait = np.minimum(wait, LONGEST)
    # What resists after a response grows more slowly than what never responded.
    speed = rate * np.select(kind, [1.0, 0.8, 0.7, 1.0]) * draws.spread(n, 0.45)
    shape = (n, len(design.target_counts))
    resistant = np.minimum(fraction[:, None] * draws.spread(shape, 0.2), 1.0)
    # A diameter that halves faster than in 20 days would look like a slip of the pen.
    decay = np.minimum(shrink[:, None] * draws.spread(shape, 0.2), 0.035)
    return resistant, decay, speed[:, None] * draws.spread(shape, 0.3), wait


def _new_lesions(draws: Draws, design: Design, group: Ints, resistance_day: Floats) -> Floats:
    """Days on which new lesions become visible: two true ones after resistance, one false alarm."""
    n = group.size
    first = np.maximum(resistance_day, 7.0)
    first = first + draws.waiting(_per_subject(design, group, "to_new_lesion")[:, 0], n)
    second = first + draws.waiting(120.0, n)
    false_alarm = np.where(draws.happens(design.false_alarm, n), draws.uniform(n, 30, 240), NEVER)
    onset: Floats = np.floor(np.stack([first, second, false_alarm], axis=1))
    return onset


def _non_targets(
    draws: Draws, design: Design, group: Ints, kinetics: Ints, resistance_day: Floats
) -> tuple[Floats, Floats]:
    """Day the non-targets vanish, day the first of them progresses unequivocally; never is infinite."""
    n = group.size
    vanish = np.where(kinetics == 0, 0.85, np.where(kinetics == 1, 0.2, 0.0))
    gone = np.where(draws.happens(vanish, n), draws.uniform(n, 60, 130), NEVER)
    wait = draws.waiting(_per_subject(design, group, "to_non_target_progression")[:, 0], n)
    worse = np.floor(np.maximum(resistance_day, 21.0) + wait)
    return gone, np.where(np.isfinite(gone), NEVER, worse)


def _target_progression(course: Course, design: Design) -> Floats:
    """First week whose error-free sum is at least 20 % and 5 mm above the smallest before it."""
    weeks = np.arange(0.0, design.weeks[-1] + 9.0, 1.0)
    latent = course.latent_mm(np.broadcast_to(weeks * 7.0, (course.group.size, weeks.size)))
    total = (latent * course.used[:, None, : course.n_targets]).sum(axis=2)
    nadir = np.minimum.accumulate(total, axis=1)
    grown = (total >= 1.2 * nadir) & (total - nadir >= 5.0)
    return np.where(grown.any(axis=1), weeks[grown.argmax(axis=1)] * 7.0, NEVER)


def _with_events(draws: Draws, design: Design, course: Course, progression: Floats) -> Course:
    """Death follows progression, sooner after growth from the start; some die of other causes."""
    n = course.group.size
    after, unrelated = _per_subject(design, course.group, "after_progression", "to_unrelated_death").T
    # Weibull with shape 1.2: few die at once, then a nearly constant hazard.
    delay = (draws.waiting(1.0, n) ** (1 / 1.2)) * after * np.where(course.kinetics == 3, 0.75, 1.1)
    death = np.floor(np.minimum(progression + 7.0 + delay, 21.0 + draws.waiting(unrelated, n)))
    death = np.minimum(death, LONGEST)
    progression = np.where(progression < death, progression, NEVER)
    return replace(course, progression_day=progression, death_day=death)
