"""From which day the adverse events of a study count, in its tables and in its times to a first event alike."""

from __future__ import annotations

from survival.study.load import StudyData
from survival.study.model import Study

FIRST_DOSE = "treatment_start_date"


def safety_start(study: Study, data: StudyData) -> str:
    """The column that opens the window: the one of [adverse_events], else the first dose, else the start of the study."""
    known = FIRST_DOSE if FIRST_DOSE in data.subjects else study.study.start_date
    return study.adverse_events.start_date or known
