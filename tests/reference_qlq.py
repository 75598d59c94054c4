"""The QLQ-C30 told sentence by sentence, one person at a time, in exact fractions: shares no code with the product.

EORTC QLQ-C30 Scoring Manual, 3rd edition; docs/decisions/0701 for the deterioration of a scale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

Answer = int | None
Score = Fraction | None


def ticked(answers: Mapping[int, Answer], questions: Sequence[int], last: int) -> list[int]:
    """The answers to some questions that are one of the choices 1 to `last`."""
    found = []
    for question in questions:
        answer = answers.get(question)
        if answer is not None and answer in range(1, last + 1):
            found.append(answer)
    return found


def mean_of(found: list[int], asked: int) -> Score:
    """ "If at least half of the items from the scale have been answered", the mean of those; else nothing."""
    if 2 * len(found) < asked:
        return None
    return Fraction(sum(found), len(found))


def functioning(answers: Mapping[int, Answer], *questions: int) -> Score:
    """Functional scales: Score = {1 - (RS - 1) / range} x 100, the range of an item of four choices being 3."""
    raw = mean_of(ticked(answers, questions, 4), len(questions))
    return None if raw is None else (1 - (raw - 1) / 3) * 100


def symptom(answers: Mapping[int, Answer], *questions: int) -> Score:
    """Symptom scales and items: Score = {(RS - 1) / range} x 100."""
    raw = mean_of(ticked(answers, questions, 4), len(questions))
    return None if raw is None else (raw - 1) / 3 * 100


def health(answers: Mapping[int, Answer]) -> Score:
    """Global health status: the same as for symptoms, with seven choices and a range of 6."""
    raw = mean_of(ticked(answers, (29, 30), 7), 2)
    return None if raw is None else (raw - 1) / 6 * 100


def all_scores(answers: Mapping[int, Answer]) -> dict[str, Score]:
    """The fifteen scores of one questionnaire; `answers` is question -> what was ticked."""
    return {
        "QL2": health(answers),
        "PF2": functioning(answers, 1, 2, 3, 4, 5),
        "RF2": functioning(answers, 6, 7),
        "EF": functioning(answers, 21, 22, 23, 24),
        "CF": functioning(answers, 20, 25),
        "SF": functioning(answers, 26, 27),
        "FA": symptom(answers, 10, 12, 18),
        "NV": symptom(answers, 14, 15),
        "PA": symptom(answers, 9, 19),
        "DY": symptom(answers, 8),
        "SL": symptom(answers, 11),
        "AP": symptom(answers, 13),
        "CO": symptom(answers, 16),
        "DI": symptom(answers, 17),
        "FI": symptom(answers, 28),
    }


GOOD_WHEN_HIGH = ("QL2", "PF2", "RF2", "EF", "CF", "SF")


def fallen(scale: str, from_: Fraction, to: Fraction) -> Fraction:
    """By how many points the second score is worse than the first."""
    return from_ - to if scale in GOOD_WHEN_HIGH else to - from_


def deterioration(
    scale: str,
    visits: list[tuple[int, Score]],
    person: Mapping[str, int | None],
    said: Mapping[str, object],
) -> tuple[str, int, bool]:
    """Time to deterioration of one person: the row of the table, the day, whether it is an event.

    `visits` are (day, score), day 0 being the start; `person` has the days of `death`, `cutoff`, `therapy` and
    `dose`, or None; `said` the conventions by their names.
    """
    never = 10**6
    cutoff = never if person["cutoff"] is None else person["cutoff"]
    death = person["death"] if person["death"] is not None and person["death"] <= cutoff else None
    therapy = person["therapy"] if person["therapy"] is not None and person["therapy"] <= cutoff else None
    seen = sorted((day, score) for day, score in visits if day <= cutoff and (death is None or day <= death))
    answered = [(day, score) for day, score in seen if score is not None]

    # Baseline, and the day after which scores are scores after baseline.
    rule = said["baseline_rule"]
    if rule == "first_assessment":
        before = answered[:1]
        until = max(before[0][0], 0) if before else 0
    else:
        until = {"on_or_before_start": 0, "before_start": -1}.get(str(rule), 0)
        if rule == "on_or_before_first_dose" and person["dose"] is not None:
            until = person["dose"]
        before = [(day, score) for day, score in answered if day <= until]
    if not before:
        return "Q1", 0, False
    baseline = before[-1][1]
    assert baseline is not None
    later = [(day, score) for day, score in seen if day > until]
    if said["confirmation"] != "next_assessment":
        later = [(day, score) for day, score in later if score is not None]
    scored = [day for day, score in later if score is not None]

    # Which scores are worse than the reference by enough points.
    worse, reference = [], baseline
    for _, score in later:
        worse.append(score is not None and fallen(scale, reference, score) >= said["points"])
        if score is not None and said["reference"] == "best_previous" and fallen(scale, reference, score) < 0:
            reference = score

    # The first that holds; and the one at the end that nothing could confirm.
    held = None
    for n, is_worse in enumerate(worse):
        confirmed = {
            "none": True,
            "next_available": worse[n + 1 : n + 2] == [True],
            "next_assessment": worse[n + 1 : n + 2] == [True],
            "every_later": len(worse) > n + 1 and all(worse[n + 1 :]),
        }[str(said["confirmation"])]
        if is_worse and confirmed:
            held = later[n][0]
            break
    open_end = later[-1][0] if worse and worse[-1] and said["confirmation"] != "none" else None

    # Events, of which the earliest counts.
    events = []
    if held is not None:
        events.append((held, "Q4"))
    if open_end is not None and (
        said["last_unconfirmed"] == "event"
        or (said["last_unconfirmed"] == "event_if_died" and death is not None)
    ):
        events.append((open_end, "Q5"))
    last = scored[-1] if scored else 0
    if death is not None and (
        said["death"] == "event"
        or (said["death"] == "event_within_gap" and death - last <= said["max_gap_days"])
    ):
        events.append((death, "Q6"))
    event = min(events, default=None)
    if event is None and not scored:
        return "Q2", 0, False
    if said["new_therapy"] == "censored" and therapy is not None and (event is None or therapy < event[0]):
        return "Q3", max([day for day in scored if day <= therapy], default=0), False
    if event is not None:
        return event[1], event[0], True
    if open_end is not None:
        return ("Q7" if death is not None else "Q8"), last, False
    return ("Q9" if death is not None else "Q10"), last, False
