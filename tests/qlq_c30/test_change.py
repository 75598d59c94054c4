"""Baseline by its four rules, timing of every assessment, and the change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import survival
from recist import InputError
from survival.qlq_c30.change import CHANGE
from survival.qlq_c30.placed import TIMING
from tests.qlq_c30.frames import PERSONS, START, answer_frame, at, subject_frame


def scores(*seen: tuple[int | None, float | None], scale: str = "QL2") -> pd.DataFrame:
    """Scores of subject 01 from (day, score) pairs, in the order given."""
    return pd.DataFrame(
        {
            "subject": pd.Series(["01"] * len(seen), dtype="str"),
            "visit": [f"V{n}" for n in range(len(seen))],
            "date": pd.Series([at(day) for day, _ in seen], dtype="datetime64[ns]"),
            "scale": scale,
            "score": pd.Series([score for _, score in seen], dtype="float64"),
        }
    )


def subject(**days: int) -> pd.DataFrame:
    """Subject 01; `death=100` is the death_date."""
    dates = {f"{name}_date": [at(day)] for name, day in days.items()}
    return pd.DataFrame({"subject": ["01"], "randomization_date": [START]} | dates)


SEEN = ((-9, 50.0), (-2, 60.0), (0, None), (4, 70.0), (60, 40.0), (None, 10.0), (120, None))


@pytest.mark.parametrize(
    ("rule", "baseline", "timing"),
    [
        ("on_or_before_start", 60.0, ["before", "baseline", "before", "after", "after", "undated", "after"]),
        ("before_start", 60.0, ["before", "baseline", "after", "after", "after", "undated", "after"]),
        (
            "on_or_before_first_dose",
            70.0,
            ["before", "before", "before", "baseline", "after", "undated", "after"],
        ),
        ("first_assessment", 50.0, ["baseline", "before", "before", "after", "after", "undated", "after"]),
    ],
)
def test_baseline_by_rule(rule: str, baseline: float, timing: list[str]) -> None:
    change = survival.qlq_change(scores(*SEEN), subject(treatment_start=5), rule)
    assert change["timing"].tolist() == timing
    assert (change["baseline_score"] == baseline).all()
    expected = [
        score - baseline if when == "after" and score is not None else np.nan
        for (_, score), when in zip(SEEN, timing, strict=True)
    ]
    np.testing.assert_array_equal(change["change"], expected)


def test_first_dose_is_the_start_where_there_is_none() -> None:
    change = survival.qlq_change(scores(*SEEN), subject(), "on_or_before_first_dose")
    assert (change["baseline_score"] == 60).all()


def test_the_start_may_be_the_first_dose() -> None:
    change = survival.qlq_change(scores(*SEEN), subject(treatment_start=5), start="treatment_start_date")
    assert (change["baseline_score"] == 70).all() and change["day"].tolist()[:2] == [-14, -7]


def test_a_score_on_the_start_date_is_baseline_unless_strictly_before() -> None:
    seen = scores((-7, 50.0), (0, 60.0), (56, 60.0))
    assert survival.qlq_change(seen, subject())["change"].tolist()[2] == 0
    assert survival.qlq_change(seen, subject(), "before_start")["change"].tolist()[1:] == [10, 10]


def test_each_scale_has_its_own_baseline() -> None:
    both = pd.concat(
        [scores((-7, 50.0), (0, None), (56, 60.0)), scores((-7, 0.0), (0, 33.3), (56, 66.6), scale="PA")]
    )
    change = survival.qlq_change(both, subject())
    assert change.groupby("scale")["baseline_score"].first().to_dict() == {"PA": 33.3, "QL2": 50.0}


def test_what_does_not_count_says_why() -> None:
    seen = scores((0, 50.0), (50, 40.0), (150, 40.0), (250, 40.0))
    change = survival.qlq_change(seen, subject(cutoff=200, death=100))
    assert change["timing"].tolist() == ["baseline", "after", "after death", "after death"]
    assert change["change"].notna().sum() == 1
    change = survival.qlq_change(seen, subject(cutoff=200))
    assert change["timing"].tolist() == ["baseline", "after", "after", "after cutoff"]
    no_baseline = survival.qlq_change(scores((50, 40.0)), subject())
    assert no_baseline["timing"].tolist() == ["after"] and no_baseline["change"].isna().all()


def test_the_same_score_twice_on_a_day_counts_once_and_two_scores_are_refused() -> None:
    change = survival.qlq_change(scores((0, 50.0), (56, 40.0), (56, 40.0), (56, None)), subject())
    assert change["timing"].tolist() == ["baseline", "after", "repeated", "repeated"]
    with pytest.raises(
        InputError, match=r"01, QL2: two scores on 2024-02-26, 40 and 45\. Keep the assessment"
    ):
        survival.qlq_change(scores((0, 50.0), (56, 40.0), (56, 45.0)), subject())


@pytest.mark.parametrize(
    ("frame", "rule", "said"),
    [
        (
            scores((0, 1.0)),
            "visit 1",
            "baseline_rule 'visit 1' is not one of on_or_before_start, before_start",
        ),
        (scores((0, 1.0), scale="PF"), "before_start", "'PF' is no scale of the QLQ-C30"),
        (scores((0, 1.0)).drop(columns="score"), "before_start", "no column score; derive them with"),
        (
            scores((0, 1.0)).assign(subject="02"),
            "before_start",
            "scores has subjects that are not in subjects: 02",
        ),
    ],
)
def test_what_is_refused(frame: pd.DataFrame, rule: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        survival.qlq_change(frame, subject(), rule)


SCORES = survival.score_qlq(answer_frame(PERSONS[:80]))
SUBJECTS = subject_frame(PERSONS[:80])


def test_order_and_company_change_nothing() -> None:
    change = survival.qlq_change(SCORES, SUBJECTS)
    key: list[Any] = ["subject", "scale", "visit"]
    turned = survival.qlq_change(SCORES.sample(frac=1, random_state=2), SUBJECTS.iloc[::-1])
    pd.testing.assert_frame_equal(
        turned.set_index(key).loc[change.set_index(key).index].reset_index(),
        change[list(turned)][[*key, *(c for c in turned if c not in key)]],
    )
    one = SCORES["subject"] == "S5"
    alone = survival.qlq_change(SCORES[one], SUBJECTS[SUBJECTS["subject"] == "S5"])
    pd.testing.assert_series_equal(
        alone["change"], change.loc[one.to_numpy(), "change"].reset_index(drop=True)
    )


def test_the_frame_has_the_columns_of_its_dictionary() -> None:
    change = survival.qlq_change(SCORES, SUBJECTS)
    assert list(change) == [*SCORES, *CHANGE]
    kinds = {name: str(change[name].dtype).removesuffix("[ns]") for name in CHANGE}
    assert kinds == {name: dtype for name, (dtype, _, _) in CHANGE.items()}
    assert tuple(change["timing"].cat.categories) == TIMING
    assert survival.qlq_change(change[list(SCORES)], SUBJECTS).equals(change)
