"""QLQ-C30 and time to deterioration once more: slow, sentence by sentence, in exact fractions.

Written from the scoring formulas (EORTC Scoring Manual, 3rd edition, 2001, as restated in public scoring
manuals) and from docs/decisions/0701-qlq-c30.md alone. Nothing of `survival` is imported. Conventions carry the
names of that page. The sentence each step follows stands above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

# Physical 1-5; role 6-7; emotional 21-24; cognitive 20, 25; social 26-27: five functional scales.
FUNCTIONAL = {"PF2": (1, 2, 3, 4, 5), "RF2": (6, 7), "EF": (21, 22, 23, 24), "CF": (20, 25), "SF": (26, 27)}
# Global health 29-30: one scale, answered 1 to 7.
GLOBAL = {"QL2": (29, 30)}
# Fatigue 10, 12, 18; nausea 14-15; pain 9, 19; dyspnoea 8; insomnia 11; appetite 13; constipation 16;
# diarrhoea 17; financial 28: nine symptom scores.
SYMPTOM = {
    "FA": (10, 12, 18),
    "NV": (14, 15),
    "PA": (9, 19),
    "DY": (8,),
    "SL": (11,),
    "AP": (13,),
    "CO": (16,),
    "DI": (17,),
    "FI": (28,),
}
SCALES = {**GLOBAL, **FUNCTIONAL, **SYMPTOM}


def answer(item: int, given: object) -> int | None:
    """Read the answer to one item; None when it is blank or none of its choices."""
    choices = (1, 2, 3, 4, 5, 6, 7) if item in (29, 30) else (1, 2, 3, 4)
    # "An answer that is none of the choices counts as not answered."
    for choice in choices:
        if given == choice:
            return choice
    return None


def score(scale: str, form: Mapping[int, object]) -> Fraction | None:
    """Score one scale of one form (item number -> answer, blank or absent when not answered), 0 to 100."""
    items = SCALES[scale]
    answered = [value for value in (answer(item, form.get(item)) for item in items) if value is not None]
    # "Raw = mean of answered items if at least half are answered, else missing."
    if Fraction(len(answered)) < Fraction(len(items), 2):
        return None
    raw = Fraction(sum(answered), len(answered))
    # "Range 3, except global 6."
    span = 6 if scale in GLOBAL else 3
    # "Symptoms and global health S = (RS - 1)/range * 100."
    if scale in GLOBAL or scale in SYMPTOM:
        return (raw - 1) / span * 100
    # "Functional S = (1 - (RS - 1)/range) * 100."
    return (1 - (raw - 1) / span) * 100


def all_scores(form: Mapping[int, object]) -> dict[str, Fraction | None]:
    """All 15 scores of one form."""
    return {scale: score(scale, form) for scale in SCALES}


def worse_by(scale: str, now: Fraction, then: Fraction) -> Fraction:
    """How many points worse a score is: "functional/global -10, symptom +10"."""
    return now - then if scale in SYMPTOM else then - now


def best_of(scale: str, seen: list[Fraction]) -> Fraction:
    """Return the best of some scores: the lowest of a symptom, the highest of the rest."""
    return min(seen) if scale in SYMPTOM else max(seen)


@dataclass(frozen=True)
class Subject:
    """The dates of one subject."""

    start: date
    cutoff: date | None = None
    died: date | None = None
    new_therapy: date | None = None
    first_dose: date | None = None

    def seen(self, day: date | None) -> date | None:
        """Return the day, unless it lies after the cutoff, when nobody has seen it yet."""
        return None if day is None or (self.cutoff is not None and day > self.cutoff) else day


@dataclass(frozen=True)
class Outcome:
    """When time to deterioration of one scale ends, whether by an event, after how many days and why."""

    date: date
    event: bool
    days: int
    why: str


Day = tuple[date, Fraction | None]


def days_that_count(rows: Iterable[Day], subject: Subject) -> list[Day]:
    """Return one row per day of a questionnaire, in the order of the days."""
    per_day: dict[date, Fraction | None] = {}
    for day, value in rows:
        # "Questionnaires after the cutoff, and those dated after death, do not count."
        if subject.seen(day) is None or (subject.died is not None and day > subject.died):
            continue
        # "The same score twice counts once. Two different ones are refused."
        before = per_day.get(day)
        if before is not None and value is not None and before != value:
            raise ValueError(f"two different scores on {day}")
        per_day[day] = value if before is None else before
    return sorted(per_day.items(), key=lambda row: row[0])


def baseline_of(days: list[Day], subject: Subject, baseline_rule: str) -> tuple[date, Fraction] | None:
    """Return day and score of the baseline of one scale; None when there is none."""
    scored = [(day, value) for day, value in days if value is not None]
    if baseline_rule == "first_assessment":
        return scored[0] if scored else None
    # "The last score on or before the start date." An earlier one stands in for a scale that was left out.
    if baseline_rule == "on_or_before_start":
        before = [row for row in scored if row[0] <= subject.start]
    elif baseline_rule == "before_start":
        before = [row for row in scored if row[0] < subject.start]
    elif baseline_rule == "on_or_before_first_dose":
        # "The start where there is none."
        before = [row for row in scored if row[0] <= (subject.first_dose or subject.start)]
    else:
        raise ValueError(baseline_rule)
    return before[-1] if before else None


def confirmed(worse: list[bool | None], first: int, confirmation: str) -> bool | None:
    """Whether the deterioration at place `first` holds; None when nothing is there that could confirm it.

    `worse` has one entry per assessment after baseline: True, False, or None without a score.
    """
    if confirmation == "none":
        return True
    after = worse[first + 1 :]
    # "`next_assessment`: the next of all, and a missing score breaks it."
    if confirmation == "next_assessment":
        return None if not after else after[0] is True
    # "`next_available`: the next with a score of the scale; a missing one is passed over."
    scored = [entry for entry in after if entry is not None]
    if not scored:
        return None
    if confirmation == "next_available":
        return scored[0]
    if confirmation == "every_later":
        return all(scored)
    raise ValueError(confirmation)


def deterioration(
    scale: str, baseline: Fraction, later: list[Day], *, reference: str, confirmation: str, points: int
) -> tuple[date | None, date | None]:
    """Return the day of the confirmed deterioration, and the day of one that nothing could confirm."""
    seen = [baseline]
    worse: list[bool | None] = []
    for _, value in later:
        if value is None:
            worse.append(None)
            continue
        # "Compared with: `baseline`; `best_previous`."
        against = {"baseline": baseline, "best_previous": best_of(scale, seen)}[reference]
        worse.append(worse_by(scale, value, against) >= points)
        seen.append(value)
    pending = None
    for place, (day, _) in enumerate(later):
        if worse[place]:
            holds = confirmed(worse, place, confirmation)
            # "Its date: the first of the two."
            if holds:
                return day, None
            if holds is None:
                pending = day
    return None, pending


@dataclass(frozen=True)
class Course:
    """What is known of one scale of one subject after baseline."""

    start: date
    scored: list[date]
    sure: date | None
    pending: date | None
    died: date | None


def event_of(course: Course, last_unconfirmed: str, death: str, max_gap_days: int) -> tuple[date, str] | None:
    """Return day and kind of the event, were there no new therapy."""
    if course.sure is not None:
        return course.sure, "deterioration"
    died = course.died
    # "At the last assessment, nothing can confirm it: `censored` there; `event`; `event_if_died`."
    counts = last_unconfirmed == "event" or (last_unconfirmed == "event_if_died" and died is not None)
    if course.pending is not None and counts:
        return course.pending, "counted unconfirmed"
    if died is None:
        return None
    # "`death="event"`: event on the day of death." "Death after a baseline alone is an event."
    if death == "event":
        return died, "death"
    # "`event_within_gap` of `max_gap_days`": from the last score, else from the start.
    last = course.scored[-1] if course.scored else course.start
    if death == "event_within_gap" and (died - last).days <= max_gap_days:
        return died, "death"
    return None


def outcome_of(course: Course, event: tuple[date, str] | None, therapy: date | None) -> Outcome:
    """Return the end of the time; `therapy` is the new therapy where it censors."""
    start, scored, died = course.start, course.scored, course.died
    # "None after it: censored at the start, time 1."
    if event is None and not scored:
        return ends(start, start, False, "baseline alone")
    # "New anticancer therapy: `censored` at the last score up to it, unless the deterioration was seen by then,
    # confirmed before or after."
    if therapy is not None and (event is None or event[0] > therapy):
        up_to = [day for day in scored if day <= therapy]
        return ends(start, up_to[-1] if up_to else start, False, "new therapy")
    if event is not None:
        return ends(start, event[0], True, event[1])
    # "`censored` there (Q8; Q7 when death followed)."
    if course.pending is not None:
        return ends(start, scored[-1], False, "unconfirmed, died" if died is not None else "unconfirmed")
    # "Death without deterioration: `censored` at the last score (Q9)."
    return ends(start, scored[-1], False, "died" if died is not None else "no deterioration")


def ends(start: date, day: date, event: bool, why: str) -> Outcome:
    """Count the days: "AVAL = ADT - STARTDT + 1 (days)"."""
    return Outcome(day, event, (day - start).days + 1, why)


def time_to_deterioration(
    scale: str,
    rows: Iterable[Day],
    subject: Subject,
    *,
    baseline_rule: str = "on_or_before_start",
    reference: str = "baseline",
    confirmation: str = "next_available",
    last_unconfirmed: str = "censored",
    death: str = "censored",
    max_gap_days: int = 126,
    new_therapy: str = "ignored",
    points: int = 10,
) -> Outcome:
    """Time to deterioration of one scale of one subject, by the conventions of page 0701."""
    start = subject.start
    days = days_that_count(rows, subject)
    found = baseline_of(days, subject, baseline_rule)
    if found is None:
        # "No baseline score: censored at the start, time 1."
        return ends(start, start, False, "no baseline")
    baseline_day, baseline = found
    # "None after it": after the baseline, and not before the time is counted. Only `before_start` has a baseline
    # that leaves the day of the start itself to what follows.
    later = [(day, value) for day, value in days if day > max(baseline_day, start)]
    if baseline_rule == "before_start":
        later = [(day, value) for day, value in days if day >= start]
    sure, pending = deterioration(
        scale, baseline, later, reference=reference, confirmation=confirmation, points=points
    )
    scored = [day for day, value in later if value is not None]
    course = Course(start, scored, sure, pending, subject.seen(subject.died))
    event = event_of(course, last_unconfirmed, death, max_gap_days)
    therapy = subject.seen(subject.new_therapy) if new_therapy == "censored" else None
    return outcome_of(course, event, therapy)
