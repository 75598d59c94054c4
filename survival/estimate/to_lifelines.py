"""The same data as fitted lifelines objects, for checks and models beyond this package.

The only importer of lifelines (Davidson-Pilon, J Open Source Softw 4 (2019) 1317); it takes seconds to load.
"""

from typing import Any

from lifelines import KaplanMeierFitter

from survival.estimate.observations import (
    Groups,
    Observations,
)


def fit_kaplan_meier(seen: Observations, groups: Groups, level: float) -> Any:
    """A fitted KaplanMeierFitter, or one per group keyed by its label (a tuple for several columns)."""
    fitted = {}
    labels = [
        row if len(row) > 1 else row[0] for row in groups.labels.itertuples(index=False, name=None) if row
    ]
    for code, (label, name) in enumerate(zip(labels or [None], groups.names(), strict=True)):
        mine = groups.code == code
        fitter = KaplanMeierFitter(alpha=1 - level, label=name or "all")
        fitted[label] = fitter.fit(seen.time[mine], seen.event[mine])
    return fitted if labels else fitted[None]
