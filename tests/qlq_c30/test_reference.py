"""The product against the second hand, on invented persons, under every convention."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import survival
from survival.qlq_c30.rules import conventions
from survival.qlq_c30.scales import SCALES
from tests.qlq_c30.frames import PERSONS, answer_frame, subject_frame, visits_of
from tests.reference_qlq import all_scores, deterioration

SCORES = survival.score_qlq(answer_frame(PERSONS))
SUBJECTS = subject_frame(PERSONS)
VISITS = visits_of(PERSONS)
BASE = {
    "points": 10,
    "max_gap_days": 126,
    "baseline_rule": "on_or_before_start",
    "reference": "baseline",
    "confirmation": "next_available",
    "last_unconfirmed": "censored",
    "death": "censored",
    "new_therapy": "ignored",
}
SINGLE = [{}, {"points": 5}, {"points": 20}, {"max_gap_days": 60, "death": "event_within_gap"}] + [
    {name: word} for name, words in conventions().items() for word in words
]
PAIRS = [
    {"last_unconfirmed": last, "death": death, "confirmation": confirmation, "new_therapy": therapy}
    for last, death, confirmation, therapy in product(
        ("event", "event_if_died"),
        ("event", "event_within_gap"),
        ("next_assessment", "every_later"),
        ("ignored", "censored"),
    )
]


def test_scores_are_those_of_the_manual() -> None:
    expected = [score for one in PERSONS for _, form in one["forms"] for score in all_scores(form).values()]
    given = [np.nan if score is None else float(score) for score in expected]
    assert len(expected) == len(SCORES) > 20_000
    assert SCORES["scale"].astype(str).tolist() == [*SCALES] * (len(SCORES) // 15)
    np.testing.assert_allclose(SCORES["score"], given, rtol=0, atol=1e-12)
    missing = np.isnan(given).mean()
    assert 0.2 < missing < 0.6  # both sides of the half rule


@pytest.mark.parametrize(
    "edit", SINGLE + PAIRS, ids=lambda edit: ", ".join(map(str, edit.values())) or "default"
)
@pytest.mark.parametrize("scale", ["QL2", "PF2", "FA", "DY"])
def test_deterioration_is_that_of_the_sentences(scale: str, edit: dict[str, object]) -> None:
    tte = survival.derive_endpoint(replace(survival.TTD.of(scale), **edit), SUBJECTS, SCORES)
    expected = [
        deterioration(scale, visits, one, BASE | edit)
        for visits, one in zip(VISITS[scale], PERSONS, strict=True)
    ]
    got = zip(tte["situation"].astype(str), tte["time"] - 1, tte["event"], strict=True)
    assert list(got) == expected


def test_every_row_was_needed() -> None:
    edits = [{}, {"last_unconfirmed": "event"}, {"death": "event"}, {"new_therapy": "censored"}]
    seen = set()
    for edit in edits:
        tte = survival.derive_endpoint(replace(survival.TTD, **edit), SUBJECTS, SCORES)
        seen |= set(tte["situation"].astype(str))
    assert seen == {f"Q{n}" for n in range(1, 11)}
