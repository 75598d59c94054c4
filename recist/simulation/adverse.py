"""Adverse events: terms of MedDRA with system organ classes, CTCAE grades, dates that fit the subject's life.

The profiles hold what such treatments are known for; every frequency is an assumption.  Lymphodepletion and
interleukin-2 around an infusion of TIL: Chesney 2022, JITC 10:e005755, table of treatment-emergent events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.simulation.columns import dates_of, days_of, yes_no
from recist.simulation.draws import Bools, Draws, Floats

COLUMNS = (
    "subject", "term", "system_organ_class", "grade", "serious", "related", "dose_limiting",
    "start_date", "end_date",
)  # fmt: skip
_SOC = {
    "blood": "Blood and lymphatic system disorders",
    "cardiac": "Cardiac disorders",
    "gut": "Gastrointestinal disorders",
    "general": "General disorders and administration site conditions",
    "liver": "Hepatobiliary disorders",
    "immune": "Immune system disorders",
    "infection": "Infections and infestations",
    "tests": "Investigations",
    "metabolism": "Metabolism and nutrition disorders",
    "nerves": "Nervous system disorders",
    "kidney": "Renal and urinary disorders",
    "lung": "Respiratory, thoracic and mediastinal disorders",
    "skin": "Skin and subcutaneous tissue disorders",
    "vessels": "Vascular disorders",
}
# term | class | share of subjects | shares of grades 1 to 4 | median onset, days | median length | related
PROFILES = {
    "til": """
Thrombocytopenia | blood | 0.80 | 5 5 30 60 | 5 | 9 | 0.95
Neutropenia | blood | 0.65 | 0 5 25 70 | 4 | 9 | 0.95
Febrile neutropenia | blood | 0.45 | 0 0 92 8 | 6 | 5 | 0.95
Anaemia | blood | 0.60 | 10 30 60 0 | 5 | 14 | 0.90
Lymphopenia | blood | 0.40 | 0 0 30 70 | 2 | 21 | 0.95
Chills | general | 0.75 | 35 55 10 0 | 2 | 2 | 0.95
Pyrexia | general | 0.55 | 45 35 20 0 | 3 | 4 | 0.90
Fatigue | general | 0.40 | 45 40 15 0 | 12 | 30 | 0.70
Oedema peripheral | general | 0.25 | 55 40 5 0 | 8 | 12 | 0.60
Hypotension | vessels | 0.35 | 20 45 30 5 | 3 | 3 | 0.90
Hypertension | vessels | 0.15 | 30 40 30 0 | 12 | 15 | 0.30
Hypophosphataemia | metabolism | 0.35 | 20 40 40 0 | 5 | 7 | 0.80
Decreased appetite | metabolism | 0.30 | 55 40 5 0 | 15 | 25 | 0.50
Nausea | gut | 0.45 | 60 35 5 0 | 4 | 8 | 0.70
Diarrhoea | gut | 0.35 | 55 35 10 0 | 7 | 7 | 0.60
Dyspnoea | lung | 0.25 | 35 40 22 3 | 10 | 10 | 0.40
Alopecia | skin | 0.30 | 60 40 0 0 | 15 | 90 | 0.90
Rash | skin | 0.25 | 60 35 5 0 | 14 | 14 | 0.60
Vitiligo | skin | 0.10 | 90 10 0 0 | 90 | 300 | 0.95
Pneumonia | infection | 0.10 | 0 40 55 5 | 25 | 14 | 0.20
Urinary tract infection | infection | 0.08 | 10 80 10 0 | 60 | 10 | 0.10
Capillary leak syndrome | vessels | 0.10 | 20 40 30 10 | 3 | 5 | 1.00
Acute kidney injury | kidney | 0.08 | 30 40 25 5 | 7 | 9 | 0.50
""",
    "liver": """
Hypertension | vessels | 0.30 | 20 45 35 0 | 30 | 60 | 0.80
Aspartate aminotransferase increased | tests | 0.28 | 45 30 22 3 | 25 | 25 | 0.60
Alanine aminotransferase increased | tests | 0.22 | 50 30 18 2 | 25 | 25 | 0.60
Blood bilirubin increased | tests | 0.18 | 45 35 18 2 | 40 | 30 | 0.40
Platelet count decreased | tests | 0.15 | 50 30 17 3 | 30 | 30 | 0.60
Proteinuria | kidney | 0.22 | 45 42 13 0 | 50 | 60 | 0.90
Diarrhoea | gut | 0.28 | 60 32 8 0 | 30 | 15 | 0.70
Nausea | gut | 0.16 | 65 32 3 0 | 20 | 12 | 0.50
Abdominal pain | gut | 0.20 | 55 35 10 0 | 40 | 20 | 0.20
Ascites | gut | 0.10 | 15 50 35 0 | 110 | 60 | 0.05
Variceal haemorrhage | gut | 0.05 | 0 15 60 25 | 80 | 8 | 0.30
Fatigue | general | 0.32 | 55 38 7 0 | 25 | 60 | 0.60
Pyrexia | general | 0.16 | 65 32 3 0 | 30 | 4 | 0.40
Decreased appetite | metabolism | 0.22 | 55 40 5 0 | 30 | 40 | 0.50
Rash | skin | 0.18 | 70 26 4 0 | 20 | 25 | 0.80
Pruritus | skin | 0.18 | 75 25 0 0 | 25 | 40 | 0.80
Palmar-plantar erythrodysaesthesia syndrome | skin | 0.15 | 40 45 15 0 | 20 | 50 | 0.95
Hypothyroidism | immune | 0.12 | 40 60 0 0 | 90 | 400 | 0.95
Infusion related reaction | immune | 0.10 | 40 50 10 0 | 1 | 1 | 1.00
Pneumonia | infection | 0.06 | 0 45 50 5 | 90 | 14 | 0.15
Hepatic encephalopathy | nerves | 0.05 | 10 45 40 5 | 120 | 10 | 0.10
""",
    "leukaemia": """
Neutropenia | blood | 0.60 | 0 5 25 70 | 5 | 20 | 0.50
Thrombocytopenia | blood | 0.55 | 0 5 30 65 | 5 | 18 | 0.50
Anaemia | blood | 0.55 | 5 35 60 0 | 5 | 20 | 0.40
Febrile neutropenia | blood | 0.40 | 0 0 92 8 | 9 | 7 | 0.40
Cytokine release syndrome | immune | 0.50 | 60 40 0 0 | 2 | 4 | 1.00
Immune effector cell-associated neurotoxicity syndrome | nerves | 0.15 | 65 35 0 0 | 6 | 4 | 1.00
Headache | nerves | 0.22 | 70 30 0 0 | 5 | 4 | 0.50
Pyrexia | general | 0.30 | 65 35 0 0 | 3 | 3 | 0.80
Fatigue | general | 0.25 | 60 40 0 0 | 7 | 15 | 0.40
Nausea | gut | 0.28 | 70 30 0 0 | 3 | 4 | 0.50
Mucositis oral | gut | 0.15 | 50 40 10 0 | 8 | 9 | 0.30
Hypotension | vessels | 0.20 | 40 60 0 0 | 3 | 2 | 0.80
Hypokalaemia | metabolism | 0.25 | 55 35 10 0 | 6 | 4 | 0.20
Alanine aminotransferase increased | tests | 0.15 | 55 45 0 0 | 8 | 9 | 0.50
Pneumonia | infection | 0.12 | 0 35 60 5 | 14 | 14 | 0.10
Sepsis | infection | 0.08 | 0 0 60 40 | 12 | 9 | 0.10
""",
}
FATAL = (("Sepsis", "infection"), ("Respiratory failure", "lung"), ("Cardiac arrest", "cardiac"))
GRADE_3_SERIOUS, FATAL_SHARE, TWICE = 0.3, 0.12, 0.15


@dataclass(frozen=True)
class Kind:
    """An event as the profile gives it."""

    term: str
    soc: str
    share: float
    grades: tuple[float, ...]
    onset: float
    length: float
    related: float


@dataclass(frozen=True)
class Observed:
    """When the subjects can have events: dates as days since the epoch, missing = never."""

    start: Floats
    last: Floats  # last day on which an event can begin
    end: Floats  # last day known of: an event that lasts longer has no end date
    death: Floats


def read_profile(name: str) -> tuple[Kind, ...]:
    """The kinds of events of a profile."""
    kinds = []
    for line in PROFILES[name].strip().splitlines():
        term, soc, share, grades, onset, length, related = (cell.strip() for cell in line.split("|"))
        weights = tuple(map(float, grades.split()))
        kinds.append(Kind(term, soc, float(share), weights, float(onset), float(length), float(related)))
    return tuple(kinds)


def adverse_event_frame(draws: Draws, profile: str, subjects: pd.DataFrame, days: int | None) -> pd.DataFrame:
    """One row per event of the treated subjects, until `days` after the first dose."""
    seen = _observed(subjects, days)
    parts = [_events(draws, kind, seen) for kind in read_profile(profile)]
    parts += [_second(draws, part, seen) for part in parts]
    parts.append(_fatal(draws, seen))
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.sort_values(["at", "start", "term"], kind="stable", ignore_index=True)
    return as_adverse_events(rows, subjects)


def as_adverse_events(rows: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """The file's columns from rows with `at` (position of the subject) and dates as days since the epoch."""
    flags = {name: yes_no(rows[name].to_numpy(bool)) for name in ("serious", "related", "dose_limiting")}
    frame = pd.DataFrame(
        {
            "subject": subjects["subject"].array.take(rows["at"].to_numpy(np.intp)),
            "term": rows["term"].astype("category"),
            "system_organ_class": rows["soc"].map(_SOC).astype("category"),
            "grade": rows["grade"].astype(np.int64),
            "start_date": dates_of(rows["start"].to_numpy(float)),
            "end_date": dates_of(rows["end"].to_numpy(float)),
            **flags,
        }
    )
    return frame[list(COLUMNS)]


def event_rows(at: npt.NDArray[np.intp], kind: tuple[str, str], **columns: Any) -> pd.DataFrame:
    """Rows of one kind of event (term, class) of the subjects at those positions."""
    given = {"at": at, "term": kind[0], "soc": kind[1]} | columns
    return pd.DataFrame({"dose_limiting": False} | given, index=range(len(at)))


def _observed(subjects: pd.DataFrame, days: int | None) -> Observed:
    start = days_of(subjects["treatment_start_date"])
    death = days_of(subjects["death_date"])
    end = np.fmin(np.fmax(days_of(subjects["last_alive_date"]), start), days_of(subjects["cutoff_date"]))
    end = np.where(np.isnan(death), end, np.fmin(death, days_of(subjects["cutoff_date"])))
    left = days_of(subjects["discontinuation_date"]) if "discontinuation_date" in subjects else end
    # Events are asked for until 30 days after the end of treatment where no length is given.
    limit = np.fmin(left + 30, end) if days is None else start + days - 1
    return Observed(start, np.fmin(np.where(np.isnan(limit), end, limit), end), end, death)


def _events(draws: Draws, kind: Kind, seen: Observed) -> pd.DataFrame:
    n = seen.start.size
    has = draws.happens(kind.share, n)
    start = np.floor(seen.start + draws.waiting(kind.onset, n))
    return _rows(draws, kind, seen, has, start)


def _second(draws: Draws, first: pd.DataFrame, seen: Observed) -> pd.DataFrame:
    """Some events come again after they ended, a grade lower where they can be."""
    again = draws.happens(TWICE, len(first)) & first["end"].notna().to_numpy(bool)
    start = first["end"].to_numpy(float) + draws.integers(len(first), 10, 90)
    end = start + 1 + np.floor(draws.waiting(8.0, len(first)))
    at = first["at"].to_numpy(np.intp)
    keep = again & (start <= seen.last[at])
    end = np.where(end <= seen.end[at], end, np.nan)
    grade = np.maximum(first["grade"].to_numpy(np.int64) - 1, 1)
    second = first.assign(start=start, end=end, grade=grade, serious=grade >= 4)
    kept: pd.DataFrame = second[keep].reset_index(drop=True)
    return kept


def _rows(draws: Draws, kind: Kind, seen: Observed, has: Bools, start: Floats) -> pd.DataFrame:
    """Rows where the event begins while the subject is observed; events of the day of death end with it."""
    n = start.size
    grade = 1 + draws.category(kind.grades, n)
    end = start + np.floor(draws.waiting(kind.length, n))
    serious = (grade >= 4) | ((grade == 3) & draws.happens(GRADE_3_SERIOUS, n))
    related = draws.happens(kind.related, n)
    at = np.flatnonzero(has & (start <= seen.last))
    end = np.where(end <= seen.end, end, np.nan)
    return event_rows(
        at,
        (kind.term, kind.soc),
        grade=grade[at],
        serious=serious[at],
        related=related[at],
        start=start[at],
        end=end[at],
    )


def _fatal(draws: Draws, seen: Observed) -> pd.DataFrame:
    """Events of grade 5: some of the deaths within the time of recording and thirty days."""
    n = seen.start.size
    fatal = draws.happens(FATAL_SHARE, n) & (seen.death <= seen.last + 30)
    start = np.fmax(seen.death - draws.integers(n, 1, 12), seen.start)
    which = draws.category([0.5, 0.3, 0.2], n)
    related = draws.happens(0.25, n)
    parts = []
    for number, kind in enumerate(FATAL):
        at = np.flatnonzero(fatal & (which == number) & (start <= seen.last))
        parts.append(
            event_rows(
                at, kind, grade=5, serious=True, related=related[at], start=start[at], end=seen.death[at]
            )
        )
    return pd.concat(parts, ignore_index=True)


def event_counts(events: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """Truth per subject: how many events, how many serious, worst grade (0 without any)."""
    by = events.groupby("subject", observed=True)
    name = subjects["subject"].astype(str)
    serious = events[events["serious"] == "Y"].groupby("subject", observed=True).size()

    def of(values: pd.Series[Any]) -> npt.NDArray[np.int64]:
        values.index = values.index.astype(str)
        return np.asarray(values.reindex(name).fillna(0).to_numpy(np.int64))

    return pd.DataFrame(
        {
            "n_adverse_events": of(by.size()),
            "n_serious_adverse_events": of(serious),
            "worst_grade": of(by["grade"].max()),
        }
    )
