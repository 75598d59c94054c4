"""What is known of each subject with acute leukaemia, in dates: remission, relapse, failure, landmark.

ELN 2022 (Döhner, Blood 140:1345), Table 9; ELN 2017 (Döhner, Blood 129:424), Table 7.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from survival import fact_sources as source
from survival.fact_rules import FactRules
from survival.facts import before, subject_facts
from survival.readings import EndpointError

LEUKAEMIA_FACTS = {  # column -> (dtype, sentence), after those of `survival.facts.FACTS`
    "remission_date": ("datetime64", "first of `rules.remission`"),
    "landmark_date": (
        "datetime64",
        "day by which remission must be reached: of the subject table, or `rules.landmark_days`",
    ),
    "refractory_date": (
        "datetime64",
        "refractory disease established: recorded, or first adequate assessment from the landmark on that "
        "no remission came before",
    ),
    "last_response_date": ("datetime64", "last adequate assessment up to the cutoff and death"),
}
DEFAULT_START = FactRules().start
REFRACTORY = "REFRACTORY"


def leukaemia_facts(
    subjects: pd.DataFrame,
    responses: pd.DataFrame | None = None,
    best: pd.DataFrame | None = None,
    rules: FactRules | None = None,
) -> pd.DataFrame:
    """The dates that decide the outcome of each subject with leukaemia, one row per row of `subjects`.

    Parameters
    ----------
    subjects : as for `survival.subject_facts`; also `landmark_date` where the protocol sets one.
    responses : `subject date overall` of one evaluator and one classification (`recist.assess_leukaemia`).
    best : not looked at; remission and relapse are found in the responses.
    rules : remission, progression (relapse) and the landmark; an `Endpoint` of leukaemia is one.

    Returns
    -------
    frame with the columns of `survival.facts.FACTS` and of `LEUKAEMIA_FACTS`; `progression_date` is the
    first relapse after remission.

    Raises
    ------
    EndpointError : no responses; what `survival.subject_facts` refuses.

    Examples
    --------
    >>> from survival import get_endpoint
    >>> subjects = pd.DataFrame({"subject": ["01"], "randomization_date": pd.to_datetime(["2024-01-01"])})
    >>> responses = pd.DataFrame({"subject": "01", "overall": ["CRi", "RELAPSE"],
    ...     "date": pd.to_datetime(["2024-02-10", "2024-07-19"])})
    >>> facts = leukaemia_facts(subjects, responses, rules=get_endpoint("rfs"))
    >>> facts[["remission_date", "progression_date"]].astype("str").values.tolist()
    [['2024-02-10', '2024-07-19']]
    """
    rules = rules or FactRules()
    if responses is None:
        raise EndpointError("endpoints of leukaemia need responses, from recist.assess_leukaemia")
    from_entry = tuple(name for name in rules.start if name not in LEUKAEMIA_FACTS) or DEFAULT_START
    plain = replace(FactRules(), start=from_entry, columns=rules.columns, followed=rules.followed)
    facts = subject_facts(subjects, responses, None, plain)
    seen = source.assessments(facts["subject"], responses)
    seen = seen.assign(overall=seen["overall"].astype("str").where(seen["overall"].notna(), "NE"))
    last = _of(facts[["cutoff_date", "death_date"]].min(axis=1), seen)  # nobody is assessed after death
    seen = seen[last.isna() | (seen["date"] <= last)]
    _add_courses(facts, seen, rules)
    facts["landmark_date"] = _landmark(subjects, facts, rules)
    _add_refractory(facts, seen, rules)
    if set(rules.start) & set(LEUKAEMIA_FACTS):
        facts["start_date"] = facts[rules.start[0]]
    facts["event_date"] = pd.concat([facts[name] for name in rules.events], axis=1).min(axis=1)
    return facts


def _by_subject(seen: pd.DataFrame, n: int, pick: str) -> pd.Series[Any]:
    """Earliest or latest date of each subject, missing where there is none."""
    found: pd.Series[Any] = seen.groupby("position")["date"].agg(pick).reindex(range(n))
    return found.astype("datetime64[ns]")


def _of(dates: pd.Series[Any], seen: pd.DataFrame) -> pd.Series[Any]:
    """A date of the subject on each of its assessments."""
    return dates.take(seen["position"].to_numpy()).set_axis(seen.index)


def _add_courses(facts: pd.DataFrame, seen: pd.DataFrame, rules: FactRules) -> None:
    """First remission, the relapse after it, last adequate assessment."""
    n = len(facts)
    facts["remission_date"] = _by_subject(seen[seen["overall"].isin(rules.remission)], n, "min")
    after = seen["date"] > _of(facts["remission_date"], seen)
    relapse = _by_subject(seen[seen["overall"].isin(rules.progression) & after], n, "min")
    facts["progression_date"] = relapse
    facts["last_response_date"] = _by_subject(seen[~seen["overall"].isin(rules.not_adequate)], n, "max")


def _landmark(subjects: pd.DataFrame, facts: pd.DataFrame, rules: FactRules) -> pd.Series[Any]:
    """The subject's own landmark, else the number of days after the start."""
    by_days = facts["start_date"] + pd.Timedelta(rules.landmark_days, "D")
    if "landmark_date" not in subjects:
        return by_days
    return source.dates(subjects["landmark_date"], "subjects, column landmark_date").fillna(by_days)


def _add_refractory(facts: pd.DataFrame, seen: pd.DataFrame, rules: FactRules) -> None:
    """Recorded as refractory, or assessed without remission from the landmark on, before any remission."""
    adequate = ~seen["overall"].isin((*rules.not_adequate, *rules.remission))
    failed = adequate & (seen["date"] >= _of(facts["landmark_date"], seen))
    found = _by_subject(seen[failed | (seen["overall"] == REFRACTORY)], len(facts), "min")
    facts["refractory_date"] = found.mask(before(facts["remission_date"], found))
