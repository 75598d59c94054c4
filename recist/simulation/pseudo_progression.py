"""Progression that is none: tumours swell for some weeks, or a lesion appears and vanishes, then they respond.

Seymour 2017 (iRECIST): unconfirmed progression followed by response.  The latent swelling comes on top of the
kinetics of a responding or stable subject; it is not in `Course.progression_day`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recist.simulation.course import N_NEW, NEVER, Course
from recist.simulation.design import SITES, Design
from recist.simulation.draws import Draws, Floats
from recist.simulation.features import BeyondProgression

OVER_DAY = 95.0  # from then on the swelling has gone
_NODE = np.array([site.node for site in SITES])


def with_swelling(draws: Draws, design: Design, course: Course) -> Course:
    """The course with pseudo-progressions and with sizes of the new lesions; as it was where the design has none."""
    if (plan := design.beyond_progression) is None:
        return course
    n = course.group.size
    share = np.array(plan.pseudo)[np.minimum(course.group, len(plan.pseudo) - 1)]
    # Who progresses for good while the swelling would last has no pseudo-progression.
    late = course.progression_day > OVER_DAY + 60.0
    pseudo = draws.happens(share, n) & (course.kinetics < 3) & late & (course.death_day > OVER_DAY + 60.0)
    height = draws.uniform(n, *plan.swelling)
    new_mm, growth = _sizes_of_new(draws, course)
    course = replace(
        course,
        swelling=np.where(pseudo, height, 0.0),
        swelling_peak=plan.peak_day,
        swelling_width=plan.width_days,
        new_mm=new_mm,
        new_growth=growth,
        non_target_goes_on=draws.happens(0.7, n),
    )
    return _with_passing_lesion(draws, plan, course)


def _sizes_of_new(draws: Draws, course: Course) -> tuple[Floats, Floats]:
    """Size at first sight, mm, and growth, mm per day; nodes are larger by their normal short axis."""
    shape = (course.group.size, N_NEW)
    node = _NODE[course.site[:, -N_NEW:]]
    size = 6.0 + draws.waiting(4.5, shape) + np.where(node, 6.0, 0.0)
    growth = draws.waiting(0.06, shape)
    growth[draws.happens(0.2, shape)] = 0.0  # some hardly change
    return np.minimum(size, 40.0), np.minimum(growth, 0.35)


def _with_passing_lesion(draws: Draws, plan: BeyondProgression, course: Course) -> Course:
    """Some pseudo-progressions have a new lesion, in the last slot, that shrinks away with the swelling."""
    n = course.group.size
    passing = course.pseudo & draws.happens(plan.with_new_lesion, n)
    onset, growth, size = (array.copy() for array in (course.onset_day, course.new_growth, course.new_mm))
    onset[course.pseudo, -1] = NEVER
    onset[passing, -1] = 20.0
    size[passing, -1] = 24.0
    growth[passing, -1] = -0.32  # 14 mm at week 8, gone before week 16
    return replace(course, onset_day=onset, new_growth=growth, new_mm=size)
