"""One row per subject: worst grade, number of events, and whether there was one of each kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from survival.adverse_events.kinds import BLANKS, Blanks, known_kinds, of_kind, worst_grade
from survival.adverse_events.window import EMERGENT, Window, events_within

BY_SUBJECT = {  # column -> (dtype, sentence); a column `any`, `serious` ... for each kind follows
    "subject": ("text", "as in `subjects`"),
    "events": ("int64", "adverse events that count"),
    "worst_grade": ("Int64", "worst CTCAE grade; missing without an event, and where no grade is known"),
}


def subject_adverse_events(
    events: pd.DataFrame,
    subjects: pd.DataFrame,
    window: Window = EMERGENT,
    which: Sequence[str] | None = None,
    blanks: Blanks = BLANKS,
) -> pd.DataFrame:
    """What adverse events each subject had: flags that a `Share` or a listing can use.

    Parameters
    ----------
    events, subjects, window : as in `survival.incidence`.
    which : kinds as in `survival.adverse_events.kinds.of_kind`; None: those of the summary whose columns there are.
    blanks : what a blank flag means.

    Returns
    -------
    frame with the columns of `BY_SUBJECT` and a yes-or-no column for each kind, in the order of `subjects`.

    Raises
    ------
    InputError : as `survival.incidence`.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": ["1", "2"], "treatment_start_date": pd.Timestamp("2024-03-01")})
    >>> events = pd.DataFrame({"subject": ["2", "2"], "term": "Fever", "grade": [1, 3], "start_date": "2024-03-09"})
    >>> found = subject_adverse_events(events, subjects, which=["grade 3+"])
    >>> found["worst_grade"].fillna(0).tolist(), found["grade 3+"].tolist()
    ([0, 3], [False, True])
    """
    counted = events_within(events, subjects, window)
    who, of_event = subjects["subject"].astype(str), counted["subject"].astype(str)
    worst = worst_grade(counted).groupby(of_event).max().reindex(who).to_numpy(np.float64)
    flags = {
        kind: who.isin(of_event[of_kind(counted, kind, blanks)]).to_numpy(bool)
        for kind in (which or known_kinds(counted))
    }
    return pd.DataFrame(
        {
            "subject": who.to_numpy(),
            "events": of_event.value_counts().reindex(who).fillna(0).to_numpy(np.int64),
            "worst_grade": pd.array(np.where(worst > 0, worst, np.nan), "Int64"),
            **flags,
        }
    )
