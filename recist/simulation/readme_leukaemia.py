"""What the README of a dose-escalation trial in leukaemia says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from recist.simulation.leukaemia_course import CRITERIA, LeukaemiaDesign

_DICTIONARIES = """Columns of `marrow.csv`: the data dictionary of `recist.leukaemia.marrow`; counts are
10^9/L. Counts, transfusions and residual disease stand on the row of the marrow they belong to. `disease`
in `subjects.csv` says whose classification holds: `aml_eln2022` for AML, `all_eln2024` for B-ALL; residual
disease is negative below 0.01 %, so that the limits of both agree. `treatment_start_date` is the first dose
(day 0); `dose_2_date` and `dose_3_date` are days 3 and 6, the last one missing where a toxicity stopped it.
`enrollment_date` is the day of enrolment."""
_NOTES = """## Escalation

Three subjects are treated at a level. None with a dose-limiting toxicity within 28 days: the next level.
One in three: three more at the level, and on if they stay at one in six. Two or more: the level below is
filled up to six and is the dose for everybody enrolled after that (`phase` EXPANSION). A cohort begins when
the one before has been watched for 28 days. What happened (`truth_escalation.csv`):

| cohort | level | subjects at the level so far | with a dose-limiting toxicity | decision |
|---|---|---|---|---|
{steps}

Each subject with a dose-limiting toxicity has one event with `dose_limiting` Y in `adverse_events.csv`, of
grade 3 or 4 and within 28 days of the first dose; toxicities go on in the expansion. Events are recorded
until 30 days after the end of participation.

"""
_TRUTH = """`truth_responses.csv` holds the response that each due assessment would show under the
classification of the subject's disease, had every marrow been taken and been adequate; the recorded numbers
lie well inside what their state means, so that the derived response of every recorded and adequate
assessment equals it. Only assessments that were not done, or not adequate, differ (they are NE).

`truth_subjects.csv` holds the state at day 28 (`day_28_state`), whether CR or CRi was reached within 28
days of the first dose (`true_cr_or_cri_in_window`), and CR, CRh or CRi with negative residual disease
(`true_mrd_negative_in_window`), the dose-limiting toxicity, the first due assessment in remission, the
relapse as the first due assessment shows it and as it was (`true_relapse_seen_date`, `true_relapse_date`),
and the day of death, which may lie after the cutoff. Death, toxicity and adverse events are recorded
without error: the truth determines them up to the cutoff."""


def leukaemia_parts(design: LeukaemiaDesign, frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """What fills the template of the README."""
    return {
        "where": "recist/simulation/leukaemia_course.py",
        "numbers": _numbers(design, frames),
        "dictionaries": _DICTIONARIES,
        "further": _notes(frames["truth_escalation.csv"]),
        "truth": _TRUTH,
    }


def _notes(escalation: pd.DataFrame) -> str:
    """How the escalation went."""
    names = ["cohort", "dose_level", "treated", "dose_limiting", "decision"]
    rows = escalation[names].astype(str).to_numpy().tolist()
    return _NOTES.format(steps="\n".join(f"| {' | '.join(row)} |" for row in rows))


def _numbers(design: LeukaemiaDesign, frames: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Rows of the table of numbers."""
    subjects, events = frames["subjects.csv"], frames["adverse_events.csv"]
    truth = frames["truth_subjects.csv"]

    def counts(name: str) -> str:
        return ", ".join(f"{word} {n}" for word, n in subjects[name].value_counts(sort=False).items())

    return {
        "seed": str(design.seed),
        "subjects": counts("dose_level"),
        "disease": counts("disease"),
        "classification": ", ".join(f"{disease} {name}" for disease, name in CRITERIA.items()),
        "doses, days": ", ".join(map(str, design.dose_days)),
        "cutoff": f"{subjects['cutoff_date'].iloc[0]:%Y-%m-%d}",
        "deaths recorded": str(int(subjects["death_date"].notna().sum())),
        "dose-limiting toxicities": str(int((events["dose_limiting"] == "Y").sum())),
        "CR or CRi within 28 days, truly": str(int(truth["true_cr_or_cri_in_window"].sum())),
        "CR, CRh or CRi without residual disease within 28 days, truly": str(
            int(truth["true_mrd_negative_in_window"].sum())
        ),
        "marrows not adequate or not done": str(int((frames["marrow.csv"]["evaluable"] == "N").sum())),
    }
