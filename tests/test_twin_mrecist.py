"""mRECIST (HCC): the engine against the second implementation (tests/reference_mrecist.py), generated subjects.

`pytest tests/test_twin_mrecist.py --twin-subjects 20000` is the long run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

import recist
from tests import generate, generate_mrecist, reference_mrecist
from tests.generate_irecist import to_frame, to_visits
from tests.test_twin import as_said

CRITERIA = recist.get_criteria("mrecist_hcc")
BATCH = 100
WORDS = ("visit", "target", "non_target", "new_lesion", "overall")


def compare(cohort: dict[str, generate.Subject], conventions: dict[str, Any]) -> None:
    lesions = pd.concat([to_frame(rows, s) for s, (rows, _, _) in cohort.items()], ignore_index=True)
    facts = [to_visits(known, s) for s, (_, known, _) in cohort.items() if known]
    visits = pd.concat(facts, ignore_index=True) if facts else None
    start = pd.DataFrame({"subject": list(cohort), "start_date": pd.Timestamp(generate.START)})
    known = CRITERIA.conventions()
    criteria = replace(CRITERIA, **{name: value for name, value in conventions.items() if name in known})
    responses = recist.assess(lesions, criteria, start=start, visits=visits)
    best = recist.best_response(responses)
    for subject, (rows, known_facts, _) in cohort.items():
        expected = reference_mrecist.assess_hcc(rows, known_facts, conventions)
        mine = responses[responses["subject"] == subject]
        found = [
            (*(getattr(r, name) for name in WORDS), r.date.date(), as_said(r.nadir_mm))
            for r in mine.itertuples()
        ]
        assert found == [
            (
                *(e[name] for name in WORDS),
                e["date"],
                None if e["nadir_mm"] is None else round(float(e["nadir_mm"]), 6),
            )
            for e in expected
        ], (subject, conventions)
        if not mine.empty:
            compare_best(best[best["subject"] == subject].iloc[0], rows, known_facts, conventions)


def compare_best(found: pd.Series, rows: Any, facts: Any, conventions: dict[str, Any]) -> None:
    expected = reference_mrecist.best_hcc(rows, facts, conventions, start=generate.START)
    got = {
        k: None if pd.isna(found[k]) else found[k].date() if k.endswith("date") else found[k]
        for k in expected
    }
    assert got == expected, conventions


def test_many_subjects_at_once(twin_subjects: int) -> None:
    for number, first in enumerate(range(0, twin_subjects, BATCH)):
        size = min(BATCH, twin_subjects - first)
        cohort = generate_mrecist.random_mrecist_cohort(7000 + number, size)
        compare(cohort, next(iter(cohort.values()))[2])
