"""The product against the sentences of page 0701 in exact fractions, on invented subjects, by every convention."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise, product
from random import Random
from typing import Any

import numpy as np
import pytest

import survival
from survival.qlq_c30.rules import conventions
from survival.qlq_c30.scales import SCALES
from tests.generate_qlq import answer_frame, generated, subject_frame
from tests.reference_qlq import SCALES as REFERENCE_SCALES
from tests.reference_qlq import Subject, all_scores, answer, score, time_to_deterioration
from tests.shared import shared

FOUND = [generated(Random(number)) for number in range(240)]
FORMS = [(day, answers) for one in FOUND for day, answers in one.forms]
SCORES = survival.score_qlq(answer_frame(FOUND))
SUBJECTS = subject_frame(FOUND)
COMPARED = ("QL2", "PF2", "FA", "DY")
ROWS = {
    scale: [[(day, score(scale, answers)) for day, answers in one.forms] for one in FOUND]
    for scale in COMPARED
}
SITUATION = {
    "no baseline": "Q1",
    "baseline alone": "Q2",
    "new therapy": "Q3",
    "deterioration": "Q4",
    "counted unconfirmed": "Q5",
    "death": "Q6",
    "unconfirmed, died": "Q7",
    "unconfirmed": "Q8",
    "died": "Q9",
    "no deterioration": "Q10",
}
EDITS: list[dict[str, Any]] = [
    *({}, {"points": 5}, {"points": 20}, {"points": 34}, {"max_gap_days": 60, "death": "event_within_gap"}),
    *({name: word} for name, words in conventions().items() for word in words[1:]),
]
TOGETHER: list[dict[str, Any]] = [
    dict(zip(conventions(), words, strict=True)) for words in product(*conventions().values())
]
TOGETHER = Random(0).sample(TOGETHER, 24)


def compare(scale: str, edit: dict[str, Any]) -> set[str]:
    """Every subject's date, event, time and situation; returns the situations that occurred."""
    tte = survival.derive_endpoint(replace(survival.TTD.of(scale), **edit), SUBJECTS, SCORES)
    expected = [
        time_to_deterioration(scale, rows, one.subject, **edit)
        for one, rows in zip(FOUND, ROWS[scale], strict=True)
    ]
    situations = [SITUATION[outcome.why] for outcome in expected]
    got = zip(tte["date"].dt.date, tte["event"], tte["time"], tte["situation"].astype(str), strict=True)
    assert list(got) == [
        (o.date, o.event, o.days, situation) for o, situation in zip(expected, situations, strict=True)
    ]
    return set(situations)


def test_scores_are_those_of_the_manual() -> None:
    expected = [value for _, answers in FORMS for value in all_scores(answers).values()]
    given = [np.nan if value is None else float(value) for value in expected]
    assert len(expected) == len(SCORES) > 18_000
    assert SCORES["scale"].astype(str).tolist() == [*REFERENCE_SCALES] * len(FORMS)
    np.testing.assert_allclose(SCORES["score"], given, rtol=0, atol=1e-12)
    assert 0.2 < np.isnan(given).mean() < 0.6  # both sides of the half rule


def test_answered_and_impossible_are_counted() -> None:
    counted = [
        (
            sum(answer(item, answers[item]) is not None for item in items),
            sum(answer(item, answers[item]) is None and answers[item] is not None for item in items),
        )
        for _, answers in FORMS
        for items in REFERENCE_SCALES.values()
    ]
    assert list(zip(SCORES["answered"], SCORES["impossible"], strict=True)) == counted


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: ", ".join(map(str, edit.values())) or "default")
@pytest.mark.parametrize("scale", ["PF2", "FA"])
def test_deterioration_by_one_convention(scale: str, edit: dict[str, Any]) -> None:
    compare(scale, edit)


@pytest.mark.parametrize("number", range(len(TOGETHER)))
def test_deterioration_by_conventions_together(number: int) -> None:
    compare(COMPARED[number % 4], TOGETHER[number])


def test_every_row_was_needed() -> None:
    edits: list[dict[str, Any]] = [
        {},
        {"last_unconfirmed": "event"},
        {"death": "event"},
        {"new_therapy": "censored"},
    ]
    assert set().union(*(compare("QL2", edit) for edit in edits)) == set(SITUATION.values())


def test_the_reference_gives_the_worked_cases() -> None:
    cases = json.loads((shared("cases") / "qlq_c30.json").read_text(encoding="utf-8"))
    for case in cases:
        given, expected = case["input"], case["expected"]
        if case["input_level"] == "qlq":
            found = score(given["scale"], {int(item): value for item, value in given["items"].items()})
            assert (None if found is None else round(float(found), 6)) == expected["score"], case["id"]
            continue
        rows = [(case["baseline"]["date"], given["baseline"])]
        rows += [(row["date"], row["score"]) for row in given["obs"]]
        ended = time_to_deterioration(
            given["scale"],
            [
                (date.fromisoformat(day), None if value is None else Fraction(str(value)))
                for day, value in rows
            ],
            Subject(date.fromisoformat(case["ref_date"])),
            points=given["threshold"],
        )
        assert (str(ended.date), int(not ended.event)) == (expected["adt"], expected["cnsr"]), case["id"]


def test_changes_are_never_closer_than_five_ninths_of_a_point() -> None:
    """What makes a comparison in hundredths of a point exact."""
    closest = []
    for scale, items in REFERENCE_SCALES.items():
        choices = (None, *range(1, SCALES[scale].range + 2))
        forms = combinations_with_replacement(choices, len(items)) if len(items) > 1 else product(choices)
        met = {score(scale, dict(zip(items, given, strict=True))) for given in forms} - {None}
        changes = sorted({b - a for a in met for b in met if a is not None and b is not None})
        closest.append(min(b - a for a, b in pairwise(changes)))
    assert min(closest) * 9 == 5
