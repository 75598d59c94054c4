"""What else is known of a subject with liver cancer: strata of the analysis and subgroups.

Vascular invasion and a high AFP are more frequent in faster disease, so that they predict outcome.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from recist.simulation.course import Course
from recist.simulation.draws import Draws


def draw_strata(draws: Draws, course: Course) -> dict[str, npt.NDArray[Any]]:
    """Columns of the subject table, one value per subject; shares are those of trials in advanced disease."""
    n = course.group.size
    fast = course.kinetics == 3
    return {
        "vascular_invasion": draws.happens(np.where(fast, 0.52, 0.26), n),
        "afp_400": draws.happens(np.where(fast, 0.55, 0.30), n),
        "etiology": draws.category([0.5, 0.2, 0.3], n).astype(np.int8),
    }
