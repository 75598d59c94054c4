"""What is known of each subject, in dates: start, progression, death, assessments, gaps, new therapy, cutoff.

The rows of FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), Appendix 3,
are conditions on these facts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from survival import fact_sources as source
from survival.fact_rules import FactRules
from survival.progression import by_subject, progression
from survival.readings import EndpointError, listed

FACTS = {  # column -> (dtype, sentence)
    "subject": ("text", "identifier"),
    "start_date": ("datetime64", "day 1: first of `rules.start` that the subject table or `best` has"),
    "cutoff_date": ("datetime64", "data cutoff; later dates do not count"),
    "baseline_adequate": (
        "bool",
        "baseline tumour assessment done; true where the subject table does not say",
    ),
    "progression_date": ("datetime64", "documented progression, dated as `rules.progression_dated` says"),
    "progression_confirmed": ("bool", "it needed no confirmation, or has it (iCPD)"),
    "death_date": ("datetime64", "death"),
    "new_therapy_date": ("datetime64", "start of new anticancer therapy"),
    "discontinuation_date": ("datetime64", "end of study treatment"),
    "stopped_treatment_date": ("datetime64", "study treatment ended, and not because it was completed"),
    "claimed_progression_date": ("datetime64", "treatment ended for progression, documented or not"),
    "response_date": ("datetime64", "first CR or PR of a best response of CR or PR"),
    "confirmed_response_date": ("datetime64", "first CR or PR of a confirmed best response of CR or PR"),
    "complete_response_date": ("datetime64", "first CR of a best response of CR"),
    "confirmed_complete_response_date": ("datetime64", "the same of a confirmed best response of CR"),
    "stable_disease_date": ("datetime64", "first SD late enough, of a best response of SD"),
    "confirmed_stable_disease_date": (
        "datetime64",
        "the same where confirmation is required: CR or PR without it count as SD",
    ),
    "last_assessment_date": ("datetime64", "last assessment of any kind, NE too"),
    "last_adequate_date": ("datetime64", "last adequate assessment, no later than progression"),
    "last_adequate_before_new_therapy": ("datetime64", "last adequate assessment on or before new therapy"),
    "event_date": ("datetime64", "earliest of `rules.events`"),
    "last_adequate_before_event": (
        "datetime64",
        "last adequate assessment without progression, up to the event",
    ),
    "gap_days": ("float64", "days from that assessment (from the start when there is none) to the event"),
    "after_gap": ("bool", "the gap is longer than `rules.max_gap_days`"),
    "late_event_date": ("datetime64", "earliest of `rules.events` after the cutoff, when none came before"),
    "last_known_alive_date": ("datetime64", "last contact of any kind, capped at the cutoff"),
    "followed_until_date": ("datetime64", "latest of `rules.followed`, capped at the cutoff"),
    "progression_visit_date": ("datetime64", "scheduled visit that progression is booked at"),
    "last_adequate_visit_date": ("datetime64", "scheduled visit of `last_adequate_date`"),
    "last_adequate_before_new_therapy_visit_date": ("datetime64", "the same before new therapy"),
    "last_adequate_before_event_visit_date": ("datetime64", "the same before the event"),
}
BEST_RESPONSES = {  # date -> the column of `best` with the response, the rule with the words that count
    "complete_response_date": ("best_response", "complete_response"),
    "confirmed_complete_response_date": ("confirmed_best_response", "complete_response"),
    "stable_disease_date": ("best_response", "stable_disease"),
    "confirmed_stable_disease_date": ("confirmed_best_response", "stable_disease"),
}
RESPONSE_DATES = ("response_date", "confirmed_response_date", *BEST_RESPONSES)
VISIT_OF = {  # date -> the scheduled visit it is booked at
    "progression_date": "progression_visit_date",
    "last_adequate_date": "last_adequate_visit_date",
    "last_adequate_before_new_therapy": "last_adequate_before_new_therapy_visit_date",
    "last_adequate_before_event": "last_adequate_before_event_visit_date",
}


def before(first: pd.Series[Any], second: pd.Series[Any]) -> pd.Series[bool]:
    """Both dates known, and the first is earlier."""
    return first.notna() & second.notna() & (first < second)


def on_or_before(first: pd.Series[Any], second: pd.Series[Any]) -> pd.Series[bool]:
    """Both dates known, and the first is not later."""
    return first.notna() & second.notna() & (first <= second)


def subject_facts(
    subjects: pd.DataFrame,
    responses: pd.DataFrame | None = None,
    best: pd.DataFrame | None = None,
    rules: FactRules | None = None,
) -> pd.DataFrame:
    """The dates that decide the outcome of each subject, one row per row of `subjects`, in its order.

    Parameters
    ----------
    subjects : one row per subject: `subject`, a start date, and any of the dates `death_date
        last_alive_date new_therapy_date discontinuation_date cutoff_date`, the text `discontinuation_reason`
        and the flag `baseline_adequate`.
    responses : `subject date overall` of one evaluator and one criteria set, under iRECIST `ioverall` too; None
        when there are none.
    best : `subject response_date confirmed_response_date` of the same reading; with the best responses and their
        dates also complete response and stable disease.
    rules : start date, events, missed-visit gap, schedule; every `Endpoint` is one.

    Returns
    -------
    frame with the columns of `FACTS`, then `rules.columns`; a subject without assessments has missing dates.

    Raises
    ------
    EndpointError : a subject twice, without a start date or starting after the cutoff; a subject of
        `responses` that `subjects` lacks; a date column that does not hold dates.

    Notes
    -----
    Dates after the cutoff are missing here.  An assessment is adequate when its overall response is known
    and not NE (FDA 2018, section III.B: all scheduled assessments done), up to the first progression.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": ["01"], "randomization_date": pd.to_datetime(["2024-01-01"])})
    >>> responses = pd.DataFrame({"subject": "01", "overall": ["SD", "NE", "PD"],
    ...     "date": pd.to_datetime(["2024-02-26", "2024-04-22", "2024-06-17"])})
    >>> facts = subject_facts(subjects, responses)
    >>> facts["gap_days"].tolist(), facts["after_gap"].tolist()
    ([112.0], [False])
    """
    rules = rules or FactRules()
    facts = pd.DataFrame({"subject": source.names(subjects)})
    column = "overall" if rules.progression_dated == "first" else "ioverall"
    seen = _graded(source.assessments(facts["subject"], responses, column), rules)
    criteria = source.criteria_of(responses)
    raw = _raw_dates(subjects, best, rules)
    raw["progression_date"] = progression(seen, len(facts), rules, criteria)["date"]
    facts["cutoff_date"] = raw["cutoff_date"]
    facts["baseline_adequate"] = source.flag(subjects, "baseline_adequate")
    own = [name for name in rules.columns if name not in FACTS]
    for name in [name for name in raw if (name in FACTS or name in own) and name != "cutoff_date"]:
        facts[name] = raw[name].mask(before(facts["cutoff_date"], raw[name]))
    known = progression(_up_to(seen, facts["cutoff_date"]), len(facts), rules, criteria)
    facts["progression_date"], facts["progression_confirmed"] = known["date"], known["confirmed"]
    if rules.nact_rule != "ignore":
        for name in RESPONSE_DATES:
            facts[name] = facts[name].mask(before(facts["new_therapy_date"], facts[name]))
    facts["start_date"] = _start(facts, raw, rules)
    _check_cutoff(facts)
    _add_contacts(facts, raw, seen)
    facts["followed_until_date"] = _followed_until(facts, raw, rules)
    _add_event(facts, raw, rules)
    _add_assessments(facts, seen, rules)
    _add_gap(facts, rules)
    _add_visits(facts, rules)
    return facts[[*FACTS, *own]]


def _graded(seen: pd.DataFrame, rules: FactRules) -> pd.DataFrame:
    """Assessments with two yes-or-no columns more: progression, and adequate."""
    overall = seen["overall"]
    return seen.assign(
        progressed=overall.isin(rules.progression).to_numpy(bool),
        adequate=(overall.notna() & ~overall.isin(rules.not_adequate)).to_numpy(bool),
    )


def _raw_dates(
    subjects: pd.DataFrame, best: pd.DataFrame | None, rules: FactRules
) -> dict[str, pd.Series[Any]]:
    """Every date as it was reported, whether before the cutoff or after."""
    raw = source.subject_dates(subjects) | source.own_dates(subjects, rules.columns)
    known = source.names(subjects)
    for name in ("response_date", "confirmed_response_date"):
        raw[name] = source.of_best(known, best, name)
    for name, (column, words) in BEST_RESPONSES.items():
        raw[name] = source.of_best_response(known, best, column, getattr(rules, words))
    completed = source.any_of(subjects, "discontinuation_reason", rules.completion_reasons)
    raw["stopped_treatment_date"] = raw["discontinuation_date"].mask(completed)
    claimed = source.any_of(subjects, "discontinuation_reason", rules.claim_reasons)
    raw["claimed_progression_date"] = raw["discontinuation_date"].where(claimed)
    return raw


def _start(facts: pd.DataFrame, raw: dict[str, pd.Series[Any]], rules: FactRules) -> pd.Series[Any]:
    """Day 1 of each subject; a response date may be missing, a date of the subject table may not."""
    if unknown := [name for name in rules.start if name not in raw]:
        raise EndpointError(f"start: {unknown[0]!r} is not one of the dates {', '.join(raw)}")
    name = next((name for name in rules.start if raw[name].notna().any()), rules.start[0])
    if name in (*RESPONSE_DATES, *rules.columns):
        return facts[name]
    if raw[name].isna().any():
        asked = name if raw[name].notna().any() else " or ".join(rules.start)
        raise EndpointError(
            f"no {asked} in subjects for {listed(facts['subject'][raw[name].isna()])}. "
            "Fill in the date, or take them out of subjects"
        )
    return raw[name]


def _check_cutoff(facts: pd.DataFrame) -> None:
    """A subject that started after the data cutoff cannot be analysed at it."""
    late = facts["subject"][before(facts["cutoff_date"], facts["start_date"])]
    if len(late):
        raise EndpointError(
            f"subjects that started after the cutoff: {listed(late)}. "
            "Take them out of subjects, or correct cutoff_date"
        )


def _up_to(seen: pd.DataFrame, limit: pd.Series[Any]) -> pd.DataFrame:
    """Assessments no later than the subject's limit; all where there is no limit."""
    until = limit.take(seen["position"].to_numpy()).set_axis(seen.index)
    return seen[until.isna() | (seen["date"] <= until)]


def _add_contacts(facts: pd.DataFrame, raw: dict[str, pd.Series[Any]], seen: pd.DataFrame) -> None:
    """Last assessment of any kind, and last contact; whoever died after the cutoff was alive at it."""
    n, cutoff = len(facts), facts["cutoff_date"]
    contacts = [raw[name] for name in ("last_alive_date", "new_therapy_date", "discontinuation_date")]
    contacts += [facts["start_date"], by_subject(seen, n, "max")]
    contacts += [raw["death_date"].where(before(cutoff, raw["death_date"]))]
    contact = pd.concat(contacts, axis=1).max(axis=1)
    facts["last_known_alive_date"] = contact.mask(before(cutoff, contact), cutoff)
    facts["last_assessment_date"] = by_subject(_up_to(seen, cutoff), n, "max")


def _followed_until(facts: pd.DataFrame, raw: dict[str, pd.Series[Any]], rules: FactRules) -> pd.Series[Any]:
    """Latest of the dates that show a subject was followed; whoever was followed past the cutoff, the cutoff."""
    if not rules.followed:
        return facts["last_known_alive_date"]
    known = {**{name: facts[name] for name in facts if name in FACTS}, **raw}
    if unknown := [name for name in rules.followed if name not in known]:
        raise EndpointError(f"followed: {unknown[0]!r} is not one of the dates {', '.join(known)}")
    latest = pd.concat([known[name] for name in rules.followed], axis=1).max(axis=1)
    return latest.mask(before(facts["cutoff_date"], latest), facts["cutoff_date"])


def _add_assessments(facts: pd.DataFrame, seen: pd.DataFrame, rules: FactRules) -> None:
    """Last adequate assessments: up to progression and the cutoff, before new therapy, before the event."""
    n = len(facts)
    adequate = _up_to(_up_to(seen[seen["adequate"]], facts["progression_date"]), facts["cutoff_date"])
    facts["last_adequate_date"] = by_subject(adequate, n, "max")
    without = adequate[~_shows_progression(adequate, facts["progression_date"], rules)]
    for name, limit, rows in (
        ("last_adequate_before_new_therapy", facts["new_therapy_date"], adequate),
        ("last_adequate_before_event", facts["event_date"], without),
    ):
        facts[name] = by_subject(_up_to(rows, limit), n, "max").where(limit.notna())


def _shows_progression(seen: pd.DataFrame, date: pd.Series[Any], rules: FactRules) -> pd.Series[bool]:
    """Assessments that are the progression; under iRECIST an iUPD that was cancelled is not."""
    if rules.progression_dated == "first":
        return seen["progressed"]
    return seen["date"] == date.take(seen["position"].to_numpy()).set_axis(seen.index)


def _add_event(facts: pd.DataFrame, raw: dict[str, pd.Series[Any]], rules: FactRules) -> None:
    """The earliest event, and the earliest after the cutoff where there is none before."""
    if unknown := [name for name in rules.events if name not in facts]:
        raise EndpointError(f"events: {unknown[0]!r} is not one of the facts {', '.join(FACTS)}")
    facts["event_date"] = pd.concat([facts[name] for name in rules.events], axis=1).min(axis=1)
    late = pd.concat([raw[name] for name in rules.events], axis=1).min(axis=1)
    facts["late_event_date"] = late.where(facts["event_date"].isna() & before(facts["cutoff_date"], late))


def _add_gap(facts: pd.DataFrame, rules: FactRules) -> None:
    """Days without an adequate assessment before the event."""
    since = facts["last_adequate_before_event"].fillna(facts["start_date"])
    since = since.mask(before(since, facts["start_date"]), facts["start_date"])
    facts["gap_days"] = (facts["event_date"] - since).dt.days.astype(np.float64)
    longest = pd.Series(float(rules.max_gap_days), index=facts.index)
    if rules.later_gap_days is not None:  # assessments became rarer
        later = (since - facts["start_date"]).dt.days >= rules.later_gap_from_day
        longest = longest.mask(later, float(rules.later_gap_days))
    facts["after_gap"] = facts["gap_days"].notna() & (facts["gap_days"] > longest)


def _add_visits(facts: pd.DataFrame, rules: FactRules) -> None:
    """Scheduled visits: progression at the one it belongs to or the next, assessments at the one before."""
    every, window = rules.visit_interval_days, rules.visit_window_days

    def scheduled(number: Any) -> pd.Series[Any]:
        days = np.nan_to_num(np.maximum(number, 0) * every).astype(
            np.int64
        )  # a missing day is no number to convert
        visit: pd.Series[Any] = facts["start_date"] + pd.to_timedelta(days, unit="D")
        return visit.where(~np.isnan(number))

    day = {name: (facts[name] - facts["start_date"]).dt.days.astype(np.float64) for name in VISIT_OF}
    booked = scheduled(np.ceil((day["progression_date"] - window) / every))
    limits = [booked, facts["death_date"].where(on_or_before(facts["progression_date"], facts["death_date"]))]
    earliest = pd.concat([*limits, facts["cutoff_date"]], axis=1).min(axis=1)
    facts["progression_visit_date"] = earliest.where(facts["progression_date"].notna())
    for name, visit in list(VISIT_OF.items())[1:]:
        facts[visit] = scheduled(np.floor((day[name] + window) / every))
