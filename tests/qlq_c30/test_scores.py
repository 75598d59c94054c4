"""The table of scales and the scores, item by item."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import survival
from recist import InputError
from survival.qlq_c30.answers import ITEMS
from survival.qlq_c30.scales import SCALES, TABLE_1, _read, scale_of
from survival.qlq_c30.scores import SCORES
from tests.reference_qlq import all_scores

LAST = {n: 7 if n > 28 else 4 for n in range(1, 31)}
# Scoring Manual, 3rd edition, Table 1, typed once more: scale -> items
MANUAL = {
    "QL2": [29, 30],
    "PF2": [1, 2, 3, 4, 5],
    "RF2": [6, 7],
    "EF": [21, 22, 23, 24],
    "CF": [20, 25],
    "SF": [26, 27],
    "FA": [10, 12, 18],
    "NV": [14, 15],
    "PA": [9, 19],
    "DY": [8],
    "SL": [11],
    "AP": [13],
    "CO": [16],
    "DI": [17],
    "FI": [28],
}


def scored(*forms: dict[int, float | None]) -> pd.DataFrame:
    """Scores of questionnaires with the answer 2 to what is not given; one row each."""
    rows = [
        {f"q{n}": form.get(n, 2) for n in LAST} | {"subject": "1", "date": "2024-01-01"} for form in forms
    ]
    frame = pd.DataFrame(rows).assign(visit=[f"V{n:03d}" for n in range(len(rows))])
    scores = survival.score_qlq(frame)["score"].to_numpy().reshape(len(rows), len(SCALES))
    return pd.DataFrame(scores, columns=list(SCALES))


def test_the_scales_are_those_of_the_manual() -> None:
    assert {code: sorted(scale.items) for code, scale in SCALES.items()} == MANUAL
    assert [code for code, scale in SCALES.items() if scale.better > 0] == [
        "QL2",
        "PF2",
        "RF2",
        "EF",
        "CF",
        "SF",
    ]
    assert {scale.range for code, scale in SCALES.items() if code != "QL2"} == {3} and SCALES[
        "QL2"
    ].range == 6


def test_a_table_that_does_not_divide_the_items_is_refused() -> None:
    with pytest.raises(ValueError, match="do not divide the items"):
        _read(TABLE_1.replace("10, 12, 18", "10, 12"))
    with pytest.raises(ValueError, match="'physical' is not one of"):
        _read(TABLE_1.replace("functional | 6, 7", "physical | 6, 7"))
    with pytest.raises(InputError, match=r"no scale 'PF' in the QLQ-C30.*Did you mean 'PF2'"):
        scale_of("PF")


@pytest.mark.parametrize("item", range(1, 31))
def test_an_item_moves_its_scale_alone_and_in_its_direction(item: int) -> None:
    before, after = scored({}, {item: 3}).to_numpy()
    (mine,) = (code for code, items in MANUAL.items() if item in items)
    moved = {code: round(float(b - a), 9) for code, a, b in zip(SCALES, before, after, strict=True) if a != b}
    step = 100 / SCALES[mine].range / len(MANUAL[mine])
    worse_when_higher = mine not in ("QL2", "PF2", "RF2", "EF", "CF", "SF")
    assert moved == {mine: round(step if worse_when_higher or mine == "QL2" else -step, 9)}


@pytest.mark.parametrize("scale", MANUAL)
def test_best_and_worst_answers_are_100_and_0(scale: str) -> None:
    first, last = scored({}.fromkeys(LAST, 1), dict(LAST))[scale]
    good_first = scale in ("PF2", "RF2", "EF", "CF", "SF")
    assert (first, last) == ((100.0, 0.0) if good_first else (0.0, 100.0))


@pytest.mark.parametrize("scale", MANUAL)
def test_half_of_the_items_are_enough_and_the_rest_is_their_mean(scale: str) -> None:
    items = MANUAL[scale]
    for missing in range(len(items) + 1):
        form: dict[int, float | None] = dict.fromkeys(items, 3) | dict.fromkeys(items[:missing])
        score = scored(form)[scale].iloc[0]
        whole = scored(dict.fromkeys(items, 3))[scale].iloc[0]
        if 2 * (len(items) - missing) >= len(items) and missing < len(items):
            assert score == whole
        else:
            assert np.isnan(score)


@pytest.mark.parametrize("wrong", [0, 5, 2.5, -1, 99, np.inf])
def test_an_impossible_answer_counts_as_none_and_is_counted(wrong: float) -> None:
    frame = pd.DataFrame([{f"q{n}": 2.0 for n in LAST} | {"q1": wrong, "subject": "1", "date": "2024-01-01"}])
    scores = survival.score_qlq(frame).set_index("scale")
    assert scores.loc["PF2", ["items", "answered", "impossible"]].tolist() == [5, 4, 1]
    assert scores.loc["PF2", "raw_score"] == 2 and scores["impossible"].sum() == 1
    blank = survival.score_qlq(frame.assign(q1=np.nan)).set_index("scale")
    assert scores["score"].equals(blank["score"])


def test_seven_is_possible_for_questions_29_and_30_alone() -> None:
    scores = survival.score_qlq(
        pd.DataFrame([{f"q{n}": 7 for n in LAST} | {"subject": "1", "date": "2024-01-01"}])
    )
    assert scores.loc[scores["answered"] > 0, "scale"].tolist() == ["QL2"]
    assert scores["impossible"].sum() == 28


def test_the_frame_has_the_columns_of_its_dictionary() -> None:
    frame = pd.DataFrame([{f"q{n}": 1 for n in LAST} | {"subject": "1", "date": None, "arm": "A"}])
    scores = survival.score_qlq(frame)
    assert list(scores) == list(SCORES)
    kinds = {column: str(dtype).removesuffix("[ns]") for column, dtype in scores.dtypes.items()}
    assert kinds == {column: dtype for column, (dtype, _, _) in SCORES.items()}
    assert (
        scores["scale"].tolist() == list(SCALES)
        and (scores["items"] == [len(v) for v in MANUAL.values()]).all()
    )


def test_rows_are_scored_each_by_itself() -> None:
    random = np.random.default_rng(7)
    answers = random.integers(1, 5, (200, 30)).astype(float)
    answers[random.random(answers.shape) < 0.4] = np.nan
    frame = pd.DataFrame(answers, columns=list(ITEMS)).assign(
        subject=[f"S{n}" for n in range(200)], date="2024-01-01"
    )
    scores = survival.score_qlq(frame)
    turned = survival.score_qlq(frame.iloc[::-1]).set_index(["subject", "scale"])["score"]
    pd.testing.assert_series_equal(scores.set_index(["subject", "scale"])["score"], turned, check_like=True)
    alone = survival.score_qlq(frame.iloc[[17]])["score"].tolist()
    assert np.array_equal(alone, scores["score"].iloc[17 * 15 : 18 * 15], equal_nan=True)


def test_scores_are_the_nearest_floats() -> None:
    forms = [
        dict.fromkeys(MANUAL["PF2"], 1) | {1: a, 2: b, 3: c}
        for a in (1, 2, 3, 4)
        for b in (1, 2)
        for c in (None, 3)
    ]
    expected = [float(all_scores(dict.fromkeys(LAST, 2) | form)["PF2"]) for form in forms]
    assert scored(*forms)["PF2"].tolist() == expected


def test_the_light_import_stays_light() -> None:
    code = "import sys, survival; survival.score_qlq; print([m for m in ('matplotlib', 'scipy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
