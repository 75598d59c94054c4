"""Questionnaires of invented persons, with blanks, impossible answers, missing scores and dates in any order."""

from __future__ import annotations

from random import Random
from typing import Any

import pandas as pd

START = pd.Timestamp("2024-01-01")
Person = dict[str, Any]


def answers(random: Random) -> dict[int, int | None]:
    """A questionnaire: mostly filled in, sometimes with many blanks, now and then with a slip of the pen."""
    blank = random.choice([0.0, 0.05, 0.3, 0.6, 1.0])
    found: dict[int, int | None] = {}
    for question in range(1, 31):
        last = 7 if question > 28 else 4
        found[question] = None if random.random() < blank else random.randint(1, last)
        if random.random() < 0.01:
            found[question] = random.choice([0, last + 1, 9, -1])
    return found


def person(random: Random) -> Person:
    """Anyone: questionnaires around the start and later, other dates missing now and then."""

    def day(last: int, missing: float) -> int | None:
        return None if random.random() < missing else random.randint(0, last)

    days = random.sample(range(-20, 12), random.randint(0, 3))
    days += random.sample(range(12, 400), random.randint(0, 7))
    mood = random.choice([1, 1, 2])

    def form(when: int) -> dict[int, int | None]:
        """Answers around a mood that gets worse."""
        step = random.choice([0, 0, 1] if when <= 0 else [0, 1, 1, 2])
        most = {q: 8 - min(7, mood + step) if q > 28 else min(4, mood + step) for q in range(1, 31)}
        drawn = answers(random)
        return {q: most[q] if a is not None and random.random() < 0.8 else a for q, a in drawn.items()}

    return {
        "forms": [(when, form(when)) for when in days],
        "death": day(420, 0.6),
        "cutoff": day(420, 0.6),
        "therapy": day(400, 0.6),
        "dose": day(8, 0.3),
    }


PERSONS = [person(Random(number)) for number in range(400)]


def at(day: int | None) -> pd.Timestamp:
    """That many days after the start."""
    return pd.NaT if day is None else START + pd.Timedelta(day, "D")


def answer_frame(persons: list[Person]) -> pd.DataFrame:
    """The table of answers of the persons S0, S1 ..."""
    rows = [
        {"subject": f"S{n}", "visit": f"DAY {when}", "date": at(when)} | {f"q{q}": a for q, a in form.items()}
        for n, one in enumerate(persons)
        for when, form in one["forms"]
    ]
    frame = pd.DataFrame(rows)
    return frame.astype({f"q{q}": "float64" for q in range(1, 31)})


def subject_frame(persons: list[Person]) -> pd.DataFrame:
    """Their subject table."""
    names = {
        "death": "death_date",
        "cutoff": "cutoff_date",
        "therapy": "new_therapy_date",
        "dose": "treatment_start_date",
    }
    frame = pd.DataFrame({"subject": [f"S{n}" for n in range(len(persons))], "randomization_date": START})
    for key, name in names.items():
        frame[name] = pd.to_datetime([at(one[key]) for one in persons]).astype("datetime64[ns]")
    return frame
