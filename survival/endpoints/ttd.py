"""Time to deterioration of a scale of the QLQ-C30: 10 points worse than baseline, at two assessments in a row.

Osoba and others, J Clin Oncol 1998; 16: 139-144 (10 points); Anota and others, Qual Life Res 2015; 24: 5-18
(time to deterioration); what is left open there is docs/decisions/0701.
"""

from __future__ import annotations

from survival.endpoint import Situation
from survival.facts import on_or_before
from survival.qlq_c30.endpoint import Deterioration

ANOTA = "Anota 2015"
HOUSE = "docs/decisions/0701"

TTD = Deterioration(
    name="TTD",
    title="Time to deterioration",
    cite="Anota 2015, Qual Life Res 24:5; Osoba 1998, J Clin Oncol 16:139",
    events=("deterioration_date", "unconfirmed_event_date", "death_event_date"),
    situations=(
        Situation(
            "Q1",
            "No baseline score",
            when=lambda f: f["baseline_score"].isna(),
            date="start_date",
            outcome="censored",
            cite=ANOTA,
        ),
        Situation(
            "Q2",
            "No score after baseline",
            when=lambda f: f["event_date"].isna() & f["last_score_date"].isna(),
            date="start_date",
            outcome="censored",
            cite=ANOTA,
        ),
        Situation(
            "Q3",
            "New anticancer therapy before deterioration",
            when=lambda f: (
                f["censoring_therapy_date"].notna()
                & ~on_or_before(f["event_date"], f["censoring_therapy_date"])
            ),
            date="last_score_before_new_therapy",
            outcome="censored",
            cite="protocol",
        ),
        Situation(
            "Q4",
            "Deterioration that held",
            when=lambda f: f["deterioration_date"].notna(),
            date="deterioration_date",
            outcome="event",
            cite=ANOTA,
        ),
        Situation(
            "Q5",
            "Deterioration at the last assessment, counted without confirmation",
            when=lambda f: f["unconfirmed_event_date"].notna(),
            date="unconfirmed_event_date",
            outcome="event",
            cite=HOUSE,
        ),
        Situation(
            "Q6",
            "Death without deterioration",
            when=lambda f: f["death_event_date"].notna(),
            date="death_event_date",
            outcome="event",
            cite=ANOTA,
        ),
        Situation(
            "Q7",
            "Died after a deterioration at the last assessment, not confirmed",
            when=lambda f: f["unconfirmed_date"].notna() & f["death_date"].notna(),
            date="last_score_date",
            outcome="censored",
            cite=HOUSE,
        ),
        Situation(
            "Q8",
            "Deterioration at the last assessment, not confirmed",
            when=lambda f: f["unconfirmed_date"].notna(),
            date="last_score_date",
            outcome="censored",
            cite=HOUSE,
        ),
        Situation(
            "Q9",
            "Died without deterioration that held",
            when=lambda f: f["death_date"].notna(),
            date="last_score_date",
            outcome="censored",
            cite=ANOTA,
        ),
        Situation(
            "Q10",
            "No deterioration that held",
            when=lambda f: f["event_date"].isna(),
            date="last_score_date",
            outcome="censored",
            cite=ANOTA,
        ),
    ),
)
