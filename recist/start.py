"""The start date of every subject: from the table of subjects, or the first scan of the baseline visit."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.errors import SubjectError

START_COLUMNS = ("start_date", "randomization_date", "treatment_start_date")


def start_of_subjects(start: pd.DataFrame) -> pd.Series:
    """Start date by subject; raises SubjectError when the frame has none, or two for a subject."""
    found = [column for column in START_COLUMNS if column in start]
    if "subject" not in start or not found:
        raise SubjectError(
            f"The frame of start dates has the columns {', '.join(map(str, start.columns))}; it needs 'subject' "
            f"and one of {', '.join(START_COLUMNS)}."
        )
    subject = pd.Index(start["subject"].astype(str))
    if subject.has_duplicates:
        raise SubjectError(
            f"Subject {subject[subject.duplicated()][0]} has two rows of start dates. Keep one."
        )
    return pd.Series(pd.to_datetime(start[found[0]]).to_numpy(), index=subject)


def start_days(
    baseline: npt.NDArray[Any], subject: npt.NDArray[Any], table: pd.DataFrame, start: pd.DataFrame | None
) -> npt.NDArray[Any]:
    """Start date of each response; `baseline` holds the first baseline scan of its series."""
    if start is None:
        never = baseline.view(np.int64) == np.iinfo(np.int64).max
        return np.where(never, np.datetime64("NaT"), baseline) if never.any() else baseline
    names = table["subject"].cat.categories
    by_subject = start_of_subjects(start).reindex(names)
    dates: npt.NDArray[Any] = by_subject.to_numpy().astype(baseline.dtype)[subject]
    if (missing := np.isnat(dates)).any():
        who = pd.unique(names[subject[missing]])
        more = f" and {len(who) - 5} more" if len(who) > 5 else ""
        raise SubjectError(
            f"No start date for subject {', '.join(map(str, who[:5]))}{more}. Add it to the table of subjects, "
            "or leave out start= to count from baseline."
        )
    return dates
