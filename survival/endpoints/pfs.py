"""Progression-free survival, documented progression and death: FDA's example table A.

FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), Appendix 3, Table A.
The guidance prints its rows without an order; ours, and why, is docs/decisions/0202.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from survival.endpoint import Endpoint, Situation
from survival.facts import before, on_or_before

CITE = "FDA 2018, App. 3, Table A"


def no_event(facts: pd.DataFrame) -> pd.Series[Any]:
    """Neither progression nor death, nor whatever else the endpoint counts."""
    return facts["event_date"].isna()


def therapy_before_event(facts: pd.DataFrame) -> pd.Series[Any]:
    """New therapy began, and no event came before it or on its first day."""
    return facts["new_therapy_date"].notna() & ~on_or_before(facts["event_date"], facts["new_therapy_date"])


def progression_is_the_event(facts: pd.DataFrame) -> pd.Series[Any]:
    """Progression was documented no later than any other event."""
    return on_or_before(facts["progression_date"], facts["event_date"])


def death_is_the_event(facts: pd.DataFrame) -> pd.Series[Any]:
    """Death came first."""
    return on_or_before(facts["death_date"], facts["event_date"]) & ~progression_is_the_event(facts)


def never_assessed(facts: pd.DataFrame) -> pd.Series[Any]:
    """No adequate assessment after baseline, before the event where there is one."""
    return facts["last_adequate_before_event"].isna() & (
        facts["last_adequate_date"].isna() | facts["event_date"].notna()
    )


def stopped_and_not_assessed_since(facts: pd.DataFrame) -> pd.Series[Any]:
    """Study treatment ended and no adequate assessment followed."""
    return facts["discontinuation_date"].notna() & ~before(
        facts["discontinuation_date"], facts["last_adequate_date"]
    )


PFS = Endpoint(
    name="PFS",
    title="Progression-free survival",
    cite="FDA 2018 endpoints guidance, Appendix 3, Table A",
    situations=(
        Situation(
            "P1",
            "No baseline tumour assessment",
            when=lambda f: ~f["baseline_adequate"],
            date="start_date",
            outcome="censored",
            cite=CITE,
        ),
        Situation(
            "P2",
            "No adequate assessment after baseline, alive",
            when=lambda f: no_event(f) & f["death_date"].isna() & f["last_adequate_date"].isna(),
            date="start_date",
            outcome="censored",
            cite=CITE,
        ),
        Situation(
            "P3",
            "New anticancer therapy before progression or death",
            when=therapy_before_event,
            date="last_adequate_before_new_therapy",
            outcome="censored",
            cite=CITE,
        ),
        Situation(
            "P4",
            "Progression or death after two or more missed assessments",
            when=lambda f: f["after_gap"],
            date="last_adequate_before_event",
            outcome="censored",
            cite=CITE,
        ),
        Situation(
            "P5",
            "Progression documented",
            when=progression_is_the_event,
            date="progression_date",
            outcome="event",
            cite=CITE,
        ),
        Situation(
            "P6",
            "Death before the first adequate assessment",
            when=lambda f: death_is_the_event(f) & never_assessed(f),
            date="death_date",
            outcome="event",
            cite=CITE,
        ),
        Situation(
            "P7",
            "Death between adequate assessments",
            when=lambda f: death_is_the_event(f) & ~never_assessed(f),
            date="death_date",
            outcome="event",
            cite=CITE,
        ),
        Situation(
            "P8",
            "Treatment stopped for progression that was not documented",
            when=lambda f: no_event(f) & f["claimed_progression_date"].notna(),
            date="last_adequate_date",
            outcome="censored",
            cite=CITE,
        ),
        Situation(
            "P9",
            "Progression or death after the data cutoff",
            when=lambda f: no_event(f) & f["late_event_date"].notna(),
            date="last_adequate_date",
            outcome="censored",
            cite="convention: the analysis ends at the cutoff",
        ),
        Situation(
            "P10",
            "Treatment stopped for toxicity or another reason, not assessed since",
            when=lambda f: no_event(f) & stopped_and_not_assessed_since(f),
            date="last_adequate_date",
            outcome="censored",
            cite=CITE,
        ),
        Situation(
            "P11",
            "No progression",
            when=no_event,
            date="last_adequate_date",
            outcome="censored",
            cite=CITE,
        ),
    ),
)
