"""iRECIST: the engine against the second implementation (tests/reference_irecist.py) on generated subjects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

import recist
from tests import generate, generate_irecist, reference_irecist

CRITERIA = recist.get_criteria("irecist")
BATCH = 100


def compare(cohort: dict[str, generate.Subject], conventions: dict[str, Any]) -> None:
    lesions = pd.concat(
        [generate_irecist.to_frame(rows, s) for s, (rows, _, _) in cohort.items()], ignore_index=True
    )
    facts = [generate_irecist.to_visits(known, s) for s, (_, known, _) in cohort.items() if known]
    visits = pd.concat(facts, ignore_index=True) if facts else None
    start = pd.DataFrame({"subject": list(cohort), "start_date": pd.Timestamp(generate.START)})
    known = CRITERIA.conventions()
    criteria = replace(CRITERIA, **{name: value for name, value in conventions.items() if name in known})
    responses = recist.assess(lesions, criteria, start=start, visits=visits)
    best = recist.best_response(responses)
    columns = ["visit", "target", "non_target", "new_lesion", "ioverall"]
    for subject, (rows, known_facts, _) in cohort.items():
        expected = reference_irecist.assess(rows, known_facts, conventions)
        mine = responses[responses["subject"] == subject]
        assert mine[columns].astype(str).to_numpy().tolist() == [[e[c] for c in columns] for e in expected], (
            subject,
            conventions,
        )
        if not mine.empty:
            compare_best(best[best["subject"] == subject].iloc[0], rows, known_facts, conventions)


def compare_best(found: pd.Series, rows: Any, facts: Any, conventions: dict[str, Any]) -> None:
    expected = reference_irecist.assess_ibor(rows, facts, conventions, None, generate.START)
    names = ("best_response", "confirmed_best_response", "response_date", "confirmed_response_date")
    got = {
        k: None if pd.isna(found[k]) else found[k].date() if k.endswith("date") else found[k] for k in names
    }
    assert got == {k: expected[k] for k in names}, conventions


def test_many_subjects_at_once(twin_subjects: int) -> None:
    for number, first in enumerate(range(0, twin_subjects, BATCH)):
        size = min(BATCH, twin_subjects - first)
        cohort = generate_irecist.random_irecist_cohort(5000 + number, size)
        compare(cohort, next(iter(cohort.values()))[2])
