"""Arms against a reference arm: hazard ratio, its limits and tests, log-rank test.

Each arm is compared with the reference alone, from the subjects of these two, as efficacy tables of trials
have it; see docs/decisions/0315.
"""

from collections.abc import Hashable, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from survival.estimate.hazard_ratio import TIES, HazardRatio, hazard_ratio
from survival.estimate.limits import chi2_tail
from survival.estimate.log_rank import chi2_of, observed_expected
from survival.estimate.observations import (
    EstimateError,
    Groups,
    column_names,
    known_level,
    known_word,
    nearest,
    read_groups,
    read_observations,
)
from survival.estimate.risk_table import RiskTable, risk_table

COMPARISON = {  # column after that of `by` -> what it says
    "reference": "the arm compared with",
    "n": "subjects of the arm",
    "events": "events in the arm",
    "hazard_ratio": "hazard of the arm divided by that of the reference; missing when not estimable",
    "lower": "lower limit of `hazard_ratio` (Wald, on the log scale)",
    "upper": "upper limit of `hazard_ratio`",
    "p_wald": "p of the Wald test",
    "p_score": "p of the score test",
    "p_lrt": "p of the likelihood-ratio test",
    "logrank_chi2": "log-rank statistic, 1 degree of freedom, stratified when `strata` are named",
    "p_logrank": "its p",
    "n_reference": "subjects of the reference",
    "events_reference": "events in the reference",
    "ties": "efron, breslow, discrete or exact",
    "strata": "the columns that model and log-rank test are stratified by; empty: none",
    "level": "confidence level of the limits",
    "lower_profile": "lower limit from the profile likelihood; 0 when the likelihood does not bound it",
    "upper_profile": "upper limit from the profile likelihood; infinite when the likelihood does not bound it",
    "firth_ratio": "hazard ratio with Firth's correction, where an arm without events leaves no other",
    "firth_lower": "its lower limit, from the penalised profile likelihood",
    "firth_upper": "its upper limit",
    "p_firth": "p of the penalised likelihood-ratio test",
    "note": "why a value is missing, else empty",
}


def compare_arms(
    tte: pd.DataFrame,
    by: str = "arm",
    reference: Hashable = "CONTROL",
    strata: str | Sequence[str] | None = None,
    ties: str = "efron",
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare each arm with the reference arm, two arms at a time.

    Parameters
    ----------
    tte
        One row per subject with `time`, `event` and the columns named in `by` and `strata`.
    by
        The column that names the arms.
    reference
        The arm the others are compared with.
    strata
        Column or columns; hazards are proportional within each stratum, and differ in level between them.
    ties
        How tied events enter: "efron" (default of R), "breslow" (default of SAS), "discrete" (R's "exact", SAS
        TIES=DISCRETE) or "exact" (SAS TIES=EXACT); docs/decisions/0311.
    level
        Confidence level, a fraction.

    Returns
    -------
    DataFrame
        One row per arm: the column of `by`, then those of `COMPARISON`. An arm without subjects or events has
        missing values and a `note`; without events it has one profile limit and Firth's estimate.

    Raises
    ------
    EstimateError
        For bad columns or values (see `kaplan_meier`), an unknown reference, ties or level, or a single arm.

    References
    ----------
    Cox DR. J R Stat Soc B 1972;34:187-220. Mantel N. Cancer Chemother Rep 1966;50:163-170. Venzon DJ, Moolgavkar SH.
    Appl Stat 1988;37:87-94. Heinze G, Schemper M. Biometrics 2001;57:114-119.

    Examples
    --------
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6], "event": True, "arm": list("ABABAB")})
    >>> compare_arms(tte, reference="A")[["arm", "hazard_ratio", "p_logrank"]].round(4).values.tolist()
    [['B', 0.5315, 0.4862]]
    """
    known_word(ties, TIES, "ties")
    level = known_level(level)
    column = _arm_column(by)
    layers = column_names(strata)
    seen = read_observations(tte, [column, *layers])
    arms = read_groups(tte, [column])
    against = _reference(arms, column, reference)
    table = risk_table(seen, read_groups(tte, layers), arms)
    n, events = np.bincount(arms.code, minlength=len(arms)), table.events.sum(axis=1)
    labels = arms.labels[column]
    rows = {}
    for code in range(len(arms)):
        if code != against:
            pair = _pair(table.pair(against, code), ties, level)
            rows[labels[code]] = {"n": n[code], "events": events[code], **pair}
    rows |= {label: _without_subjects() for label in arms.without_subjects}
    settings = {"reference": reference, "ties": ties, "strata": ", ".join(layers), "level": level}
    settings |= {"n_reference": n[against], "events_reference": events[against]}
    frame = pd.DataFrame([{**row, **settings} for row in rows.values()], columns=list(COMPARISON))
    frame.insert(0, column, pd.Series(list(rows), dtype=labels.dtype))
    return frame.sort_values(column, ignore_index=True) if arms.without_subjects else frame


def _arm_column(by: str | Sequence[str]) -> str:
    columns = column_names(by)
    if len(columns) != 1:
        raise EstimateError(f"by={by!r}: name the one column that holds the arms; others go into strata")
    if columns[0] in COMPARISON:
        raise EstimateError(f"by={by!r} is also a column of the comparison; rename it in the frame")
    return columns[0]


def _reference(arms: Groups, column: str, reference: Hashable) -> int:
    """The position of the reference among the observed arms."""
    values = arms.labels[column].tolist()
    have = ", ".join(repr(value) for value in values)
    if reference in arms.without_subjects:
        raise EstimateError(f"reference={reference!r} has no subjects in the frame; {column!r} holds {have}")
    if reference not in values:
        hint = nearest(reference, values)
        raise EstimateError(f"reference={reference!r} is not in column {column!r}, which holds {have}{hint}")
    if len(values) + len(arms.without_subjects) < 2:
        raise EstimateError(f"column {column!r} holds {have} alone, so there is no arm to compare it with")
    return values.index(reference)


def _pair(pair: RiskTable, ties: str, level: float) -> dict[str, object]:
    """The hazard ratio and the log-rank test of two arms."""
    observed, expected, variance = observed_expected(pair, np.ones(len(pair.time)))
    chi2, df = chi2_of(observed - expected, variance)
    ratio = asdict(hazard_ratio(pair, ties, level))
    if df == 0 and not ratio["note"]:
        ratio["note"] = "log-rank not estimable: every event takes all who are at risk in its stratum"
    return {**ratio, "logrank_chi2": chi2, "p_logrank": chi2_tail(chi2, df)}


def _without_subjects() -> dict[str, object]:
    missing = {"logrank_chi2": np.nan, "p_logrank": np.nan}
    return {"n": 0, "events": 0, **asdict(HazardRatio(note="not estimable: no subjects")), **missing}
