"""Rates of remission of acute leukaemia within a window, with confidence limits, by group such as dose level.

ELN 2022 (Döhner, Blood 140:1345): CR, CRh and CRi, with and without negative residual disease; every subject is in the
denominator, assessed or not.  Why residual disease is asked of each assessment: docs/decisions/0510.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

import pandas as pd

from recist import InputError, best_leukaemia_response
from survival.estimate.observations import known_level
from survival.groups import as_columns, declared_groups
from survival.proportion import interval
from survival.readings import one_reading

NEGATIVE = "_MRD-"


@dataclass(frozen=True)
class LeukaemiaRate:
    """A rate: its name, the responses it counts, and whether residual disease must be negative."""

    name: str
    responses: tuple[str, ...]
    mrd_negative: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        """The words that count: with the suffix, or with and without."""
        negative = tuple(f"{word}{NEGATIVE}" for word in self.responses)
        return negative if self.mrd_negative else (*self.responses, *negative)


LEUKAEMIA_RATES = (
    LeukaemiaRate("CR", ("CR",)),
    LeukaemiaRate("CR/CRi", ("CR", "CRi")),
    LeukaemiaRate("CR/CRh/CRi", ("CR", "CRh", "CRi")),
    LeukaemiaRate("MRD-negative CR", ("CR",), mrd_negative=True),
    LeukaemiaRate("MRD-negative CR/CRi", ("CR", "CRi"), mrd_negative=True),
    LeukaemiaRate("MRD-negative CR/CRh/CRi", ("CR", "CRh", "CRi"), mrd_negative=True),
)


class Limits(TypedDict, total=False):
    """How limits are obtained."""

    conf_type: str
    level: float


def leukaemia_rates(
    responses: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    window_days: int | None = None,
    **limits: Unpack[Limits],
) -> pd.DataFrame:
    """Rates of remission in each group, of all subjects, with confidence limits.

    Parameters
    ----------
    responses : frame of `recist.assess_leukaemia`, of one evaluator and classification.
    subjects : one row per subject, all of them in the denominator; `treatment_start_date` is the first dose,
        `new_therapy_date` ends what counts.  Responses of subjects that are not in it do not count.
    by : columns of `subjects` to group by, for example `dose_level`; a declared category without subjects keeps
        its row.
    window_days : responses count up to this many days after the first dose, that day included; None: all count.
    **limits : `conf_type` (a key of `survival.proportion.METHODS`, "clopper-pearson" by default) and `level`.

    Returns
    -------
    frame with the columns of `by`, then `rate n responders estimate lower upper conf_type level`, as of
    `survival.response_rate`; groups in the order of their categories, rates in that of `LEUKAEMIA_RATES`.

    Raises
    ------
    InputError : a column is missing, several readings, an unknown kind of limits, a group is missing.

    Examples
    --------
    >>> import recist
    >>> marrow = pd.DataFrame({"subject": "01", "date": ["2024-01-02", "2024-01-25"], "blasts_pct": [60, 4],
    ...     "neutrophils": [0.4, 1.2], "platelets": [30, 40]})
    >>> subjects = pd.DataFrame({"subject": ["01", "02"]})
    >>> rates = leukaemia_rates(recist.assess_leukaemia(marrow), subjects, window_days=28)
    >>> rates[["rate", "n", "responders"]].to_numpy().tolist()[:2]
    [['CR', 2, 0], ['CR/CRi', 2, 1]]
    """
    conf_type, level = limits.get("conf_type", "clopper-pearson"), known_level(limits.get("level", 0.95))
    of, by = interval(conf_type), as_columns(by)
    flagged = remission_flags(responses, subjects, window_days)
    rows = [
        dict(zip(by, key, strict=True))
        | {"rate": rate.name, "n": len(part), "responders": int(part[rate.name].sum())}
        for key, part in declared_groups(flagged, by)
        for rate in LEUKAEMIA_RATES
    ]
    table = pd.DataFrame(rows)
    table = table.astype({name: subjects[name].dtype for name in by})
    lower, upper = of(table["responders"], table["n"], level)
    estimate = table["responders"] / table["n"].where(table["n"] > 0)
    return table.assign(estimate=estimate, lower=lower, upper=upper, conf_type=conf_type, level=level)


def remission_flags(
    responses: pd.DataFrame, subjects: pd.DataFrame, window_days: int | None = None
) -> pd.DataFrame:
    """Every row of `subjects` with `best_response` within the window and a yes-or-no column per rate.

    Parameters and errors are those of `leukaemia_rates`; the columns of the rates carry their names.

    Examples
    --------
    >>> import recist
    >>> marrow = pd.DataFrame({"subject": "01", "date": ["2024-01-02", "2024-01-25"], "blasts_pct": [60, 4],
    ...     "neutrophils": [0.4, 1.2], "platelets": [30, 40]})
    >>> flags = remission_flags(recist.assess_leukaemia(marrow), pd.DataFrame({"subject": ["01", "02"]}))
    >>> flags[["subject", "best_response", "CR/CRi"]].to_numpy().tolist()
    [['01', 'CRi', True], ['02', 'NE', False]]
    """
    if "subject" not in subjects:
        raise InputError(f"subjects has no column subject; it has {', '.join(map(str, subjects.columns))}")
    known = subjects["subject"].astype(str)
    if known.duplicated().any():
        twice = known[known.duplicated()].iloc[0]
        raise InputError(f"subject {twice} has more than one row in subjects; keep one row per subject")
    seen = one_reading(responses, "responses", {})
    seen = seen[seen["subject"].astype(str).isin(known).to_numpy(bool)]
    overall = seen["overall"].astype("str")
    negative = seen.assign(
        overall=overall.where(overall.str.endswith(NEGATIVE) | (overall == "RELAPSE"), "NR")
    )
    best = {
        wanted: _best(frame, subjects, window_days).reindex(known).fillna("NE").to_numpy(str)
        for wanted, frame in ((False, seen), (True, negative))
    }
    flags = {rate.name: pd.Series(best[rate.mrd_negative]).isin(rate.terms) for rate in LEUKAEMIA_RATES}
    if taken := [name for name in ("best_response", *flags) if name in subjects]:
        raise InputError(
            f"subjects has a column {', '.join(taken)}, as the result has; rename it in subjects"
        )
    found = subjects.assign(subject=known).reset_index(drop=True)
    return found.assign(best_response=best[False], **flags)


def _best(responses: pd.DataFrame, subjects: pd.DataFrame, window_days: int | None) -> pd.Series[str]:
    """Best response by subject."""
    best = best_leukaemia_response(responses, window_days, subjects)
    return best.set_index(best["subject"].astype(str))["best_response"].astype("str")
