"""Invented subjects with QLQ-C30 questionnaires: blanks, slips of the pen, days left out, doubled, out of order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import pandas as pd

from tests.reference_qlq import Subject

START = date(2024, 1, 1)
COLUMNS = {
    "died": "death_date",
    "cutoff": "cutoff_date",
    "new_therapy": "new_therapy_date",
    "first_dose": "treatment_start_date",
}
Form = dict[int, int | None]


@dataclass(frozen=True)
class Generated:
    """One subject and its questionnaires, in the order of the file."""

    subject: Subject
    forms: list[tuple[date, Form]]


def form(random: Random) -> Form:
    """Answers around a mood; each form has its own share of blanks, one answer in a hundred is no choice."""
    share, mood = random.choice([0.0, 0.05, 0.3, 0.5, 0.8, 1.0]), random.choice([1, 2, 2, 3])
    found: Form = {}
    for item in range(1, 31):
        top = 7 if item > 28 else 4
        worse = mood + random.choice([-1, 0, 0, 0, 1, 1, 2])
        found[item] = min(top, max(1, worse if item < 29 else 8 - 2 * worse))
        if random.random() < share:
            found[item] = None
        elif random.random() < 0.01:
            found[item] = random.choice([0, top + 1, 9, -1])
    return found


def generated(random: Random) -> Generated:
    """Return up to three forms about the start and seven later; other dates are known now and then."""

    days = random.sample(range(-20, 5), random.randint(0, 3))
    days += random.sample(range(5, 300), random.randint(0, 7))

    def day(last: int, unknown: float) -> date | None:
        """Any day, often that of a form, or one of the limits of max_gap_days later; or not known."""
        near = [number + more for number in (0, *days) for more in (0, 0, 60, 61, 126, 127) if number >= 0]
        number = random.choice([random.randint(0, last), random.choice(near)])
        return None if random.random() < unknown else START + timedelta(number)

    forms = [(START + timedelta(number), form(random)) for number in days]
    if forms and random.random() < 0.2:  # a day twice: the same answers, or none
        again, answers = random.choice(forms)
        forms.append((again, answers if random.random() < 0.5 else dict.fromkeys(answers)))
    random.shuffle(forms)
    about = Subject(START, day(320, 0.5), day(320, 0.5), day(300, 0.5), day(8, 0.2))
    return Generated(about, forms)


def answer_frame(found: list[Generated]) -> pd.DataFrame:
    """The table of answers of the subjects S0, S1 ..., one row per form."""
    rows: list[dict[str, Any]] = [
        {"subject": f"S{n}", "visit": f"V{v}", "date": pd.Timestamp(day)}
        | {f"q{item}": given for item, given in answers.items()}
        for n, one in enumerate(found)
        for v, (day, answers) in enumerate(one.forms)
    ]
    return pd.DataFrame(rows).astype({f"q{item}": "float64" for item in range(1, 31)})


def subject_frame(found: list[Generated]) -> pd.DataFrame:
    """Their subject table."""
    frame = pd.DataFrame(
        {"subject": [f"S{n}" for n in range(len(found))], "randomization_date": pd.Timestamp(START)}
    )
    for name, column in COLUMNS.items():
        frame[column] = pd.to_datetime([getattr(one.subject, name) for one in found]).astype("datetime64[ns]")
    return frame
