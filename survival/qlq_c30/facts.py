"""What is known of each subject about the deterioration of one scale, in dates.

Anota and others, Qual Life Res 2015; 24: 5-18; docs/decisions/0701.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survival.facts import before
from survival.qlq_c30.change import assessed_facts
from survival.qlq_c30.placed import AFTER, check_scores, place
from survival.qlq_c30.rules import DeteriorationRules
from survival.qlq_c30.scales import scale_of
from survival.readings import EndpointError

DETERIORATION_FACTS = {  # column -> (dtype, sentence), after those of `survival.facts.FACTS`
    "baseline_score": ("float64", "score at baseline, by `rules.baseline_rule`"),
    "baseline_score_date": ("datetime64", "its day"),
    "deterioration_date": ("datetime64", "first deterioration that holds by `rules.confirmation`"),
    "deterioration_confirmed_date": ("datetime64", "the next assessment, which confirmed it"),
    "unconfirmed_date": ("datetime64", "deterioration at the last assessment, which nothing could confirm"),
    "unconfirmed_event_date": ("datetime64", "the same where `rules.last_unconfirmed` makes it an event"),
    "death_event_date": ("datetime64", "death where `rules.death` makes it an event"),
    "censoring_therapy_date": ("datetime64", "new therapy where `rules.new_therapy` lets it censor"),
    "last_score_date": ("datetime64", "last score after baseline, up to the cutoff and death"),
    "last_score_before_new_therapy": ("datetime64", "the same on or before new therapy"),
}


def deterioration_facts(
    subjects: pd.DataFrame,
    scores: pd.DataFrame | None,
    rules: DeteriorationRules | None = None,
) -> pd.DataFrame:
    """The dates that decide the time to deterioration of one scale, one row per row of `subjects`.

    Parameters
    ----------
    subjects : as for `survival.subject_facts`.
    scores : from `survival.score_qlq`, all scales or the one of `rules`.
    rules : scale, threshold and conventions; an endpoint of deterioration is one.

    Returns
    -------
    frame with the columns of `survival.facts.FACTS` and of `DETERIORATION_FACTS`; `event_date` is the
    earliest of `rules.events`.

    Raises
    ------
    EndpointError, InputError : no scores, none of the scale, or what `survival.qlq_change` refuses.

    Examples
    --------
    >>> from survival import get_endpoint
    >>> subjects = pd.DataFrame({"subject": ["01"], "randomization_date": pd.to_datetime(["2024-01-01"])})
    >>> scores = pd.DataFrame({"subject": "01", "scale": "QL2", "score": [75.0, 50.0, 50.0],
    ...     "date": pd.to_datetime(["2023-12-28", "2024-02-26", "2024-04-22"])})
    >>> facts = deterioration_facts(subjects, scores, get_endpoint("ttd"))
    >>> facts[["deterioration_date", "deterioration_confirmed_date"]].astype("str").values.tolist()
    [['2024-02-26', '2024-04-22']]
    """
    rules = rules or DeteriorationRules()
    facts = assessed_facts(subjects, rules)
    rows = course(scores, facts, rules)
    at, score = rows["position"].to_numpy(), rows["score"].notna().to_numpy()
    n, date = len(facts), rows["date"].to_numpy("datetime64[ns]")
    baseline = rows["baseline"].to_numpy()
    facts["baseline_score"] = _first(at, rows["score"].to_numpy(), baseline, n, np.nan)
    facts["baseline_score_date"] = _first(at, date, baseline, n)
    after = ~baseline & score
    held, worse = rows["held"].to_numpy(), rows["worse"].to_numpy()
    facts["deterioration_date"] = _first(at, date, held, n)
    next_date = np.append(date[1:], np.datetime64("NaT", "ns"))[: len(date)]
    confirmed = next_date if rules.confirmation != "none" else np.full(len(date), np.datetime64("NaT", "ns"))
    facts["deterioration_confirmed_date"] = _first(at, confirmed, held, n)
    facts["last_score_date"] = _last(at, date, after, n)
    facts["unconfirmed_date"] = _last(at, date, worse & _last_of_all(at) & ~held, n)
    therapy = facts["new_therapy_date"].to_numpy("datetime64[ns]")
    facts["last_score_before_new_therapy"] = _last(at, date, after & (date <= therapy[at]), n)
    _add_conventions(facts, rules)
    facts["event_date"] = pd.concat([facts[name] for name in rules.events], axis=1).min(axis=1)
    return facts


def course(scores: pd.DataFrame | None, facts: pd.DataFrame, rules: DeteriorationRules) -> pd.DataFrame:
    """Baseline and the assessments after it, in order, each with its reference, and whether it holds.

    Assessments without a score are among them only where the convention of confirmation asks for the next
    assessment of all.
    """
    if scores is None:
        raise EndpointError("time to deterioration needs scores, from survival.score_qlq")
    check_scores(scores)
    scores = scores[(scores["scale"] == rules.scale).to_numpy(bool)]
    placed = place(scores, facts, rules.baseline_rule)
    baseline = np.zeros(len(placed.score), bool)
    baseline[placed.baseline[placed.baseline >= 0]] = True
    kept = (placed.timing == AFTER) & (placed.baseline >= 0)
    if rules.confirmation != "next_assessment":
        kept &= ~np.isnan(placed.score)
    rows = pd.DataFrame(
        {
            "position": placed.position,
            "row": placed.order,
            "date": placed.date,
            "score": placed.score,
            "reference": placed.at_baseline(placed.score, np.nan),
            "baseline": baseline,
        }
    )
    rows = pd.DataFrame(rows[kept | baseline]).reset_index(drop=True)
    better = scale_of(rules.scale).better
    if rules.reference == "best_previous":
        rows["reference"] = _best_before(rows, better)
    rows["worse"] = _worse(rows, better, rules.points)
    rows["held"] = _held(rows["position"].to_numpy(), rows["worse"].to_numpy(), rules.confirmation)
    return rows


def _best_before(rows: pd.DataFrame, better: int) -> npt.NDArray[np.float64]:
    """Best score of the subject before each row; baseline is the first of them."""
    signed = (rows["score"] * better).fillna(-np.inf)
    best = signed.groupby(rows["position"]).cummax()
    earlier = best.groupby(rows["position"]).shift()
    return np.asarray(earlier * better, np.float64)


def _worse(rows: pd.DataFrame, better: int, points: float) -> npt.NDArray[np.bool_]:
    """Worse than the reference by at least so many points, compared in hundredths of a point.

    Different changes lie 5/9 of a point apart at least, so that nothing is lost, and 10 points are 10 points.
    """
    fall = ((rows["reference"] - rows["score"]) * better).to_numpy()
    found = np.rint(100 * np.where(np.isnan(fall), 0.0, fall)) >= np.rint(100 * points)
    return np.asarray(found & ~rows["baseline"].to_numpy())


def _held(at: npt.NDArray[Any], worse: npt.NDArray[np.bool_], confirmation: str) -> npt.NDArray[np.bool_]:
    """Deteriorations that hold by the convention."""
    if confirmation == "none":
        return worse
    last = _last_of_all(at)
    if confirmation != "every_later":
        following = np.append(worse[1:], False)[: len(worse)]
        return np.asarray(worse & following & ~last)
    number = np.arange(len(at))
    not_worse = np.full(int(at.max(initial=-1)) + 1, -1)
    not_worse[at[~worse]] = number[~worse]
    return np.asarray(worse & (number > not_worse[at]) & ~last)


def _last_of_all(at: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """The last row of each subject."""
    return np.append(at[1:] != at[:-1], True)[: len(at)]


def _add_conventions(facts: pd.DataFrame, rules: DeteriorationRules) -> None:
    """Dates that count as events, or censor, by convention alone."""
    death, unconfirmed = facts["death_date"], facts["unconfirmed_date"]
    counts = {
        "event": unconfirmed.notna(),
        "event_if_died": unconfirmed.notna() & death.notna(),
        "censored": unconfirmed.notna() & False,
    }[rules.last_unconfirmed]
    facts["unconfirmed_event_date"] = unconfirmed.where(counts)
    since = facts["last_score_date"].fillna(facts["start_date"])
    near = ~before(since + pd.Timedelta(rules.max_gap_days, "D"), death)
    counted = {"event": death.notna(), "event_within_gap": near, "censored": death.notna() & False}[
        rules.death
    ]
    facts["death_event_date"] = death.where(counted)
    ignored = rules.new_therapy == "ignored"
    facts["censoring_therapy_date"] = facts["new_therapy_date"].where(~pd.Series(ignored, facts.index))


def _first(
    at: npt.NDArray[Any], values: npt.NDArray[Any], hit: npt.NDArray[np.bool_], n: int, missing: Any = None
) -> npt.NDArray[Any]:
    """Value of the first such row of each subject."""
    return _last(at[::-1], values[::-1], hit[::-1], n, missing)


def _last(
    at: npt.NDArray[Any], values: npt.NDArray[Any], hit: npt.NDArray[np.bool_], n: int, missing: Any = None
) -> npt.NDArray[Any]:
    """Value of the last such row of each subject."""
    found = np.full(n, np.datetime64("NaT", "ns") if missing is None else missing, values.dtype)
    found[at[hit]] = values[hit]
    return found
