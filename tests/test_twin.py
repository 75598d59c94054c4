"""The engine against the second implementation (tests/reference.py) on generated subjects.

`pytest tests/test_twin.py --twin-subjects 20000` is the long run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings

import recist
from tests import generate, reference

CRITERIA = recist.get_criteria("recist_1_1")
BATCH = 100


def engine(cohort: dict[str, generate.Subject], conventions: dict[str, Any]) -> pd.DataFrame:
    """Responses of several subjects under the same conventions, in one call."""
    lesions = pd.concat([generate.to_frame(rows, s) for s, (rows, _, _) in cohort.items()], ignore_index=True)
    facts = [generate.to_visits(facts, s) for s, (_, facts, _) in cohort.items() if facts]
    visits = pd.concat(facts, ignore_index=True) if facts else None
    start = pd.DataFrame({"subject": list(cohort), "start_date": pd.Timestamp(generate.START)})
    return recist.assess(lesions, edited(conventions), start=start, visits=visits)


def edited(conventions: dict[str, Any]) -> recist.Criteria:
    known = CRITERIA.conventions()
    return replace(CRITERIA, **{name: value for name, value in conventions.items() if name in known})


def as_said(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 6)


def compare(cohort: dict[str, generate.Subject], conventions: dict[str, Any]) -> None:
    responses = engine(cohort, conventions)
    best = recist.best_response(responses)
    for subject, (rows, facts, _) in cohort.items():
        expected = reference.assess(rows, facts, conventions)
        mine = responses[responses["subject"] == subject]
        found = [
            (r.visit, r.date.date(), r.target, r.non_target, r.new_lesion, r.overall, as_said(r.nadir_mm))
            for r in mine.itertuples()
        ]
        assert found == [
            (
                *(e[k] for k in ("visit", "date", "target", "non_target", "new_lesion", "overall")),
                None if e["nadir_mm"] is None else round(float(e["nadir_mm"]), 6),
            )
            for e in expected
        ], (subject, conventions)
        complete = mine[mine["n_targets_missing"] == 0]
        sums = {e["visit"]: e["sum_mm"] for e in expected}
        assert [as_said(s) for s in complete["sum_mm"]] == [
            None if sums[v] is None else round(float(sums[v]), 6) for v in complete["visit"]
        ]
        if not mine.empty:
            compare_best(best[best["subject"] == subject].iloc[0], rows, facts, conventions)


def compare_best(found: pd.Series, rows: Any, facts: Any, conventions: dict[str, Any]) -> None:
    expected = reference.assess_best(rows, facts, conventions, None, generate.START)
    got = {
        k: None if pd.isna(found[k]) else found[k].date() if k.endswith("date") else found[k]
        for k in expected
    }
    assert got == expected, conventions


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(generate.subjects())
def test_one_subject_at_a_time(subject: generate.Subject) -> None:
    compare({"S": subject}, subject[2])


def test_many_subjects_at_once(twin_subjects: int) -> None:
    for number, first in enumerate(range(0, twin_subjects, BATCH)):
        cohort = generate.random_cohort(1000 + number, min(BATCH, twin_subjects - first))
        compare(cohort, next(iter(cohort.values()))[2])


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(generate.responses())
def test_best_response_of_a_sequence(sequence: dict[str, Any]) -> None:
    records, start = sequence["records"], pd.Timestamp(sequence["start"])
    responses = pd.DataFrame(
        {
            "subject": pd.Series(["S"] * len(records), dtype=str),
            "start_date": start,
            "date": pd.to_datetime([date for date, _ in records]),
            "overall": pd.Series([overall for _, overall in records], dtype=str),
            "target": pd.Series(["NA" if sequence["no_targets"] else "SD"] * len(records), dtype=str),
        }
    )
    therapy = pd.to_datetime([sequence["new_therapy_date"]])
    subjects = pd.DataFrame({"subject": ["S"], "start_date": [start], "new_therapy_date": therapy})
    best = recist.best_response(responses, rules=edited(sequence["rules"]), subjects=subjects).iloc[0]
    expected = reference.best_response(**sequence)
    got = {
        k: None if pd.isna(best[k]) else best[k].date() if k.endswith("date") else best[k] for k in expected
    }
    assert got == expected
