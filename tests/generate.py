"""Hard but plausible subjects for the comparison of the engine with tests/reference.py.

One recipe, `build_subject`, asks a `pick(n)` for integers 0..n-1; NumPy or Hypothesis answers.  Zero is the
plainest choice everywhere, so that Hypothesis shrinks towards a small, ordinary subject.  Lengths have at
most two decimals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from tests.generate_visits import Course, Pick, visit_rows

Row = dict[str, Any]
Facts = dict[str, dict[str, Any]]
Drawn = TypeVar("Drawn")
Subject = tuple[list[Row], Facts, dict[str, Any]]

START = dt.date(2024, 1, 1)
COLUMNS = (
    *("subject", "evaluator", "visit", "date", "lesion", "role", "organ", "node", "diameter_mm", "state"),
    *("parent", "merged_into", "baseline", "method", "baseline_pet", "reason"),
)
# First value = default.
ALTERNATIVES: dict[str, tuple[Any, ...]] = {
    "pct_decimals": (None, 1, 0),
    "missing_target": ("ne_unless_pd", "scale_up_third"),
    "nt_partial_missing": ("NE", "present_wins"),
    "cr_with_nt_ne": ("PR", "NE"),
    "reappearance_after_cr": ("overall_cr", "target_cr", "off"),
    "node_regrowth_after_cr": ("ge10_and_sum_rule", "ge10"),
    "sticky_pr": ("none", "after_pr", "after_confirmed_pr"),
    "equivocal_backdate": (True, False),
    "post_pd": ("carry_pd", "as_assessed"),
    "pd_date_rule": ("earliest_in_visit", "trigger", "latest_in_visit"),
    "response_date_rule": ("latest_in_visit", "earliest_in_visit"),
}
BEST_ALTERNATIVES: dict[str, tuple[Any, ...]] = {
    "min_sd_days": (42, 56, 0),
    "confirm_days": (28, 56),
    "max_ne_between": (1, 0, 2),
    "max_sd_between_pr": (1, 0, 2),
    "cr_then_lesser": ("table3_strict", "downgrade_cr"),
    "unconfirmed_cr_nt_only": ("NON-CR/NON-PD", "SD"),
    "no_assessment": ("NE", "MISSING"),
    "nact_rule": ("on_or_before", "before", "ignore"),
}
GAPS = (42, 56, 28, 27, 29, 14, 60, 84)  # days between visits; more than the spread of dates in a visit
SEQUENCES = (
    ("PR", "SD", "PR", "CR", "NE", "PD", "PR", "CR"),
    ("CR", "NON-CR/NON-PD", "CR", "NE", "NON-CR/NON-PD", "PD"),
    ("NED", "NE", "NED", "PD"),
    ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "NED"),
)


def pick_conventions(pick: Pick, alternatives: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """The defaults half of the time, else one to all conventions edited."""
    if pick(2) == 0:
        return {}
    chosen = {name: values[pick(len(values))] for name, values in alternatives.items()}
    return {name: value for name, value in chosen.items() if value != alternatives[name][0]}


def build_subject(pick: Pick) -> Subject:
    """Lesion rows, visit facts and conventions of one subject."""
    conventions = pick_conventions(pick, ALTERNATIVES | BEST_ALTERNATIVES)
    course = Course.start(pick)
    date = START - dt.timedelta(days=1 + pick(28))
    rows = course.baseline_rows(date)
    facts: Facts = {}
    date = START
    for k in range(1 + pick(8)):
        date += dt.timedelta(days=GAPS[pick(len(GAPS))])
        label = f"UNSCHEDULED {k + 1}" if pick(8) == 7 else f"VISIT {k + 1}"
        imaged = pick(12) != 11
        rows += visit_rows(course, label, date, imaged, pick)
        known = {"imaging_done": False} if not imaged else {}
        if pick(8) == 7:
            known["tumour_marker_elevated"] = True
        if known:
            facts[label] = known
    return rows, facts, conventions


def build_responses(pick: Pick) -> dict[str, Any]:
    """Arguments of `best_response`; the records lie 3 to 60 days apart."""
    terms = SEQUENCES[pick(len(SEQUENCES))]
    date, records = START, []
    for _ in range(pick(9)):
        date += dt.timedelta(days=(28, 42, 27, 14, 56)[pick(5)] if pick(2) == 0 else 3 + pick(58))
        records.append((date, terms[pick(len(terms))]))
    new_therapy = None
    if pick(4) == 3:
        near = records[pick(len(records))][0] if records else date
        new_therapy = near + dt.timedelta(days=pick(3) - 1)
    return {
        "records": records,
        "rules": pick_conventions(pick, BEST_ALTERNATIVES),
        "new_therapy_date": new_therapy,
        "start": START,
        "no_targets": terms[1] == "NON-CR/NON-PD",
    }


def numpy_pick(rng: np.random.Generator) -> Pick:
    return lambda n: int(rng.integers(n))


def random_subject(rng: np.random.Generator) -> Subject:
    """(rows, facts, conventions) of one subject."""
    return build_subject(numpy_pick(rng))


def random_responses(rng: np.random.Generator) -> dict[str, Any]:
    """Keyword arguments of tests.reference.best_response."""
    return build_responses(numpy_pick(rng))


def _drawn(draw: st.DrawFn, build: Callable[[Pick], Drawn]) -> Drawn:
    return build(lambda n: draw(st.integers(0, n - 1)))


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    """The subjects of `random_subject`, drawn by Hypothesis."""
    return _drawn(draw, build_subject)


@st.composite
def responses(draw: st.DrawFn) -> dict[str, Any]:
    """The sequences of `random_responses`, drawn by Hypothesis."""
    return _drawn(draw, build_responses)


def to_frame(rows: Sequence[Row], subject: str, evaluator: str = "INVESTIGATOR") -> pd.DataFrame:
    """Lesion frame of one subject, every column of the contract present."""
    filled = [{"subject": subject, "evaluator": evaluator} | row for row in rows]
    frame = pd.DataFrame({name: [row.get(name) for row in filled] for name in COLUMNS})
    return frame.assign(
        date=pd.to_datetime(frame["date"]).astype("datetime64[ns]"),
        node=frame["node"].astype(bool),
        baseline=frame["baseline"].astype(bool),
        diameter_mm=frame["diameter_mm"].astype("float64"),
    )


def to_visits(facts: Facts, subject: str, evaluator: str = "INVESTIGATOR") -> pd.DataFrame:
    """Visit frame of one subject; a visit that nothing is said of has no row."""
    return pd.DataFrame(
        {
            "subject": [subject] * len(facts),
            "evaluator": [evaluator] * len(facts),
            "visit": list(facts),
            "imaging_done": [known.get("imaging_done", True) for known in facts.values()],
            "tumour_marker_elevated": [
                known.get("tumour_marker_elevated", False) for known in facts.values()
            ],
        }
    )


def random_cohort(seed: int, n: int) -> dict[str, Subject]:
    """`n` subjects by identifier."""
    rng = np.random.default_rng(seed)
    return {f"S{k + 1:05d}": random_subject(rng) for k in range(n)}


def random_trial(seed: int, n: int) -> pd.DataFrame:
    """Lesion frame of the subjects of `random_cohort(seed, n)`, without their facts and conventions."""
    frames = [to_frame(rows, subject) for subject, (rows, _, _) in random_cohort(seed, n).items()]
    return pd.concat(frames, ignore_index=True)


def random_visits(seed: int, n: int) -> pd.DataFrame:
    """Visit frame that goes with `random_trial(seed, n)`."""
    frames = [to_visits(facts, subject) for subject, (_, facts, _) in random_cohort(seed, n).items()]
    return pd.concat(frames, ignore_index=True)
