"""Findings about baseline and the dates of visits: RECIST 1.1 sections 4.2 and 4.4."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from recist.findings.base import finding, hits
from recist.findings.evidence import Evidence, Floats, Ints, Mask, compact, days, first_of

_MAX_SPREAD_DAYS = 14  # house: scans of one follow-up visit lie within two weeks
_NUMBER = re.compile(r"\d+")


def _start(e: Evidence) -> Floats:
    return e.subject_day("start_date", "treatment_start_date", "randomization_date")


def _without_baseline(e: Evidence) -> Mask:
    """Rows of target and non-target lesions in a series that has no baseline row."""
    return (e.target | e.non_target) & ~e.in_group(e.series, e.baseline)


def _subject_has_baseline(e: Evidence) -> Mask:
    return e.in_group(e.codes("subject"), e.baseline)


@finding(
    id="no-baseline",
    severity="error",
    place="evaluator",
    meaning="Lesions are followed, but no visit is baseline.",
    why="Without a baseline sum no response can be derived; the subject counts as not evaluable",
    cite="RECIST 1.1 section 4.3.1",
    sentence="no baseline assessment, the first visit is {visit_} on {date}. Was baseline imaging done, and "
    "when?",
)
def no_baseline(e: Evidence) -> pd.DataFrame:
    at = _first_visit_of_series(e, _without_baseline(e) & ~_subject_has_baseline(e))
    return hits(at, visit_=e.text("visit", at), date=days(e.day[at]))


@finding(
    id="evaluator-without-baseline",
    severity="warning",
    place="evaluator",
    meaning="An evaluator read follow-up visits but not the baseline, which another evaluator did read.",
    why="Each reader's sums are compared with that reader's own baseline",
    cite="RECIST 1.1 section 4.3.1",
    sentence="{reader} read follow-up visits (the first is {visit_} on {date}) but no baseline. Is that "
    "reading "
    "missing?",
)
def evaluator_without_baseline(e: Evidence) -> pd.DataFrame:
    at = _first_visit_of_series(e, _without_baseline(e) & _subject_has_baseline(e))
    return hits(at, visit_=e.text("visit", at), date=days(e.day[at]), reader=e.text("evaluator", at))


def _first_visit_of_series(e: Evidence, rows: Mask) -> Ints:
    at = np.flatnonzero(rows)
    return first_of_sorted(e.series, at[np.argsort(e.day[at], kind="stable")])


def first_of_sorted(group: Ints, at: Ints) -> Ints:
    """The first position of each group in the order given."""
    return np.sort(at[np.unique(group[at], return_index=True)[1]])


@finding(
    id="two-baselines",
    severity="error",
    place="lesion",
    meaning="A lesion has baseline rows at two visits.",
    why="The baseline sum would count it twice",
    cite="RECIST 1.1 section 4.3.1",
    sentence="a baseline row at {visit_} and another at {other}. Which one is the baseline?",
)
def two_baselines(e: Evidence) -> pd.DataFrame:
    again = e.baseline & (e.previous >= 0)
    before = np.where(again, e.previous, 0)
    again &= e.baseline[before] & (e.slot[before] != e.slot)
    at = np.flatnonzero(again)
    return hits(at, visit_=e.text("visit", at), other=e.text("visit", before[at]))


@finding(
    id="baseline-too-early",
    severity="warning",
    place="visit",
    meaning="Baseline imaging lies longer before the start than the criteria allow.",
    why="The disease may have changed before treatment began",
    cite="RECIST 1.1 section 4.2: never more than 4 weeks before the beginning of treatment",
    sentence="imaged on {date}, {n} days before the start on {start}; {criteria} allows {limit}. Are the "
    "dates right?",
)
def baseline_too_early(e: Evidence) -> pd.DataFrame:
    gap = _start(e) - e.day
    at = first_of(e.slot, e.baseline & ~e.new & (gap > e.criteria.baseline_window_days))
    limit = e.criteria.baseline_window_days
    return hits(at, date=days(e.day[at]), n=gap[at].astype(int), start=days(_start(e)[at]), limit=limit)


@finding(
    id="baseline-after-start",
    severity="warning",
    place="visit",
    meaning="Baseline imaging is dated after the start.",
    why="A first effect of treatment would be part of the reference",
    cite="RECIST 1.1 section 4.2",
    sentence="baseline imaging on {date}, after the start on {start}. Are the dates right, or is there an "
    "earlier scan?",
)
def baseline_after_start(e: Evidence) -> pd.DataFrame:
    at = first_of(e.slot, e.baseline & ~e.new & (e.day > _start(e)))
    return hits(at, date=days(e.day[at]), start=days(_start(e)[at]))


@finding(
    id="visit-before-baseline",
    severity="error",
    place="visit",
    meaning="A follow-up visit is dated before baseline.",
    why="Visits are put in order by date: baseline, nadir and response would be taken from the wrong scans",
    cite="RECIST 1.1 section 4.3.1",
    sentence="dated {date}, before baseline on {other}. Which date is right?",
)
def visit_before_baseline(e: Evidence) -> pd.DataFrame:
    slots = e.slots
    start = slots.loc[slots["baseline"]].groupby("series")["first"].min()
    baseline = slots["series"].map(start).to_numpy(float)
    early = slots[~slots["baseline"].to_numpy(bool) & (slots["first"].to_numpy() < baseline)]
    return hits(early["at"], date=days(early["first"]), other=days(baseline[early.index]))


def _label_rank(labels: list[str]) -> tuple[Ints, Ints]:
    """Pattern of each visit label (`WEEK #`) and its place among the labels of that pattern; -1: none."""
    pattern = [_NUMBER.sub("#", label.upper()) for label in labels]
    number = [tuple(int(n) for n in _NUMBER.findall(label)) for label in labels]
    known = [bool(n) and not p.startswith("UNS") for n, p in zip(number, pattern, strict=True)]
    place = {n: i for i, n in enumerate(sorted(set(number)))}
    kinds = {p: i for i, p in enumerate(dict.fromkeys(pattern))}
    kind = [kinds[p] if k else -1 for p, k in zip(pattern, known, strict=True)]
    return np.array([*kind, -1]), np.array([place[n] for n in number] + [-1])


@finding(
    id="visit-order",
    severity="warning",
    place="visit",
    meaning="Of two visits numbered alike, the later one has the earlier date.",
    why="Visits are put in order by date; with a wrong date the nadir and the date of progression are wrong",
    cite="RECIST 1.1 section 4.3.1",
    sentence="dated {date}, before {other} on {other_date}. Which date is right?",
)
def visit_order(e: Evidence) -> pd.DataFrame:
    kind, place = _label_rank(e.words("visit"))
    slots = e.slots.assign(kind=kind[e.slots["visit"]], place=place[e.slots["visit"]])
    slots = slots[(slots["kind"] >= 0)].sort_values(["series", "kind", "place"], kind="stable")
    group = compact(slots["series"].to_numpy() * (kind.max(initial=0) + 1) + slots["kind"].to_numpy())
    first, at = slots["first"].to_numpy(), slots["at"].to_numpy()
    late = np.flatnonzero((group[1:] == group[:-1]) & (first[1:] < first[:-1]))
    return hits(
        at[late + 1],
        date=days(first[late + 1]),
        other=e.text("visit", at[late]),
        other_date=days(first[late]),
    )


@finding(
    id="visit-dates-apart",
    severity="warning",
    place="visit",
    meaning="The scans of one visit lie far apart: more than 14 days, at baseline more than the baseline "
    "window.",
    why="The sum would add sizes of different times, and the date of the response is uncertain",
    cite="house limit; RECIST 1.1 section 4.4.2 on time points",
    sentence="scans from {date} to {other}, {n} days apart. Are the dates right, or are these two visits?",
)
def visit_dates_apart(e: Evidence) -> pd.DataFrame:
    slots = e.slots
    allowed = np.where(slots["baseline"], e.criteria.baseline_window_days, _MAX_SPREAD_DAYS)
    far = slots[(slots["last"] - slots["first"]).to_numpy() > allowed]
    spread = (far["last"] - far["first"]).to_numpy()
    return hits(far["at"], date=days(far["first"]), other=days(far["last"]), n=spread)


@finding(
    id="same-date-two-visits",
    severity="warning",
    place="visit",
    meaning="Two visits of a subject begin on the same date.",
    why="Their order, and with it nadir and response, is undefined; perhaps one scan was entered twice",
    cite="RECIST 1.1 section 4.3.1",
    sentence="dated {date}, the same as {other}. Are these two visits, and when was each scan done?",
)
def same_date_two_visits(e: Evidence) -> pd.DataFrame:
    slots = e.slots.sort_values(["series", "first", "at"], kind="stable")
    series, first, at = (slots[name].to_numpy() for name in ("series", "first", "at"))
    same = np.flatnonzero((series[1:] == series[:-1]) & (first[1:] == first[:-1]))
    return hits(at[same + 1], date=days(first[same + 1]), other=e.text("visit", at[same]))


@finding(
    id="after-death",
    severity="error",
    place="visit",
    meaning="A scan is dated after the subject's death.",
    why="One of the dates is wrong, and both are endpoints",
    cite="FDA 2018 endpoints guidance, Appendix 2: dates of progression and death",
    sentence="scan on {date}, after death on {other}. Which date is right?",
)
def after_death(e: Evidence) -> pd.DataFrame:
    death = e.subject_day("death_date")
    at = first_of(e.slot, e.day > death)
    return hits(at, date=days(e.day[at]), other=days(death[at]))


@finding(
    id="after-cutoff",
    severity="warning",
    place="visit",
    meaning="A scan is dated after the data cutoff.",
    why="What is seen after the cutoff must not enter the analysis",
    cite="ICH E9 section 5; the cutoff is the protocol's",
    sentence="scan on {date}, after the data cutoff on {other}. Is the date right?",
)
def after_cutoff(e: Evidence) -> pd.DataFrame:
    cutoff = e.subject_day("cutoff_date")
    at = first_of(e.slot, e.day > cutoff)
    return hits(at, date=days(e.day[at]), other=days(cutoff[at]))
