"""Depth of response: which sums count, who has none and why, and the summary by arm."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from recist import InputError
from survival import depth_of_response, depth_summary
from survival.depth import DEPTH, DEPTH_RULES, DEPTH_SUMMARY
from tests.endpoints.frames import at, one_subject

Visit = tuple[float, str, str, float | None]  # day, overall, target, change


def sums(*visits: Visit, subject: str = "01") -> pd.DataFrame:
    """Responses with their change from baseline."""
    frame = pd.DataFrame(list(visits), columns=["day", "overall", "target", "change_from_baseline_pct"])
    dates = pd.Series([at(day) for day in frame["day"]], dtype="datetime64[ns]")
    change = frame["change_from_baseline_pct"].astype("float64")
    return frame.drop(columns="day").assign(subject=subject, date=dates, change_from_baseline_pct=change)


def depth(*visits: Visit, rules: Any = DEPTH_RULES, **days: Any) -> tuple[float | None, int, str]:
    """Best change (None: missing), number of sums, note."""
    row = depth_of_response(sums(*visits), one_subject(**days), rules=rules).iloc[0]
    best = row["best_change_pct"]
    return (None if np.isnan(best) else float(best)), int(row["n_sums"]), str(row["note"])


COURSE: tuple[Visit, ...] = (
    (56, "SD", "SD", -10),
    (112, "PR", "PR", -40),
    (168, "PD", "PD", -5),
    (224, "SD", "SD", -60),
)


@pytest.mark.parametrize(
    ("visits", "days", "expected"),
    [
        (COURSE, {}, (-40, 3, "")),
        (COURSE, {"new_therapy": 100}, (-10, 1, "")),
        (COURSE, {"new_therapy": 112}, (-40, 2, "")),
        (COURSE, {"cutoff": 111}, (-10, 1, "")),
        (COURSE, {"new_therapy": 20}, (None, 0, "no assessment that counts")),
        (((56, "PD", "PD", 35),), {}, (35, 1, "")),
        (((56, "NE", "NE", -50), (112, "SD", "SD", -5)), {}, (-5, 1, "")),
        (((56, "NE", "NE", -50),), {}, (None, 0, "no complete sum after baseline")),
        (((56, "NON-CR/NON-PD", "NA", None),), {}, (None, 0, "no target lesion at baseline")),
        ((), {}, (None, 0, "no assessment after baseline")),
    ],
)
def test_best_change(visits: tuple[Visit, ...], days: dict[str, Any], expected: Any) -> None:
    assert depth(*visits, **days) == expected


def test_what_counts_is_a_convention() -> None:
    assert depth(*COURSE, rules=replace(DEPTH_RULES, last="any")) == (-60, 4, "")
    assert depth(*COURSE, rules=replace(DEPTH_RULES, nact_rule="ignore"), new_therapy=20) == (-40, 3, "")
    nodes: tuple[Visit, ...] = ((56, "CR", "CR", -72), (112, "CR", "CR", -68))
    assert depth(*nodes) == (-72, 2, "")
    assert depth(*nodes, rules=replace(DEPTH_RULES, complete="minus_100")) == (-100, 2, "")


def test_it_is_dated_at_the_first_visit_with_that_change() -> None:
    seen = sums((112, "PR", "PR", -40), (56, "PR", "PR", -40))
    assert depth_of_response(seen, one_subject())["best_change_date"].tolist() == [at(56)]


def test_under_irecist_a_cancelled_progression_ends_nothing() -> None:
    seen = sums(*COURSE).assign(ioverall=["iSD", "iPR", "iUPD", "iSD"])
    assert depth_of_response(seen, one_subject())["best_change_pct"].tolist() == [-60]
    best = pd.DataFrame({"subject": ["01"], "progression_date": [at(168)]})
    assert depth_of_response(seen, one_subject(), best)["best_change_pct"].tolist() == [-40]


def test_columns_and_order_are_those_of_the_subjects() -> None:
    subjects = pd.concat([one_subject("02"), one_subject("01")]).assign(arm=["X", "Y"])
    found = depth_of_response(sums(*COURSE), subjects)
    assert list(found) == [*DEPTH, "randomization_date", "arm"]
    assert found["subject"].tolist() == ["02", "01"]
    assert found["note"].tolist() == ["no assessment after baseline", ""]


def test_summary_by_arm_keeps_an_arm_without_anybody() -> None:
    frame = pd.DataFrame(
        {
            "best_change_pct": [-80.0, -40, -20, np.nan, 12],
            "arm": pd.Categorical(list("AAAAB"), ["A", "B", "C"]),
        }
    )
    found = depth_summary(frame, "arm").set_index("arm")
    assert list(found) == list(DEPTH_SUMMARY)
    assert found.loc["A", ["n", "evaluable"]].tolist() == [4, 3]
    assert found.loc["A", ["median", "q1", "q3", "minimum", "maximum"]].tolist() == [-40, -60, -30, -80, -20]
    assert found.loc["A", "mean"] == pytest.approx(-140 / 3)
    assert found.loc["B", ["median", "minimum", "maximum"]].tolist() == [12, 12, 12]
    assert found.loc["C", ["n", "evaluable"]].tolist() == [0, 0]
    assert found.loc["C", "note"] == "not estimable: no subject with a change"


def test_what_cannot_be_used_is_named() -> None:
    with pytest.raises(InputError, match="responses has no column target; make it with"):
        depth_of_response(sums(*COURSE).drop(columns="target"), one_subject())
    with pytest.raises(InputError, match="responses has subjects that are not in subjects: 02"):
        depth_of_response(sums(*COURSE, subject="02"), one_subject())
    with pytest.raises(InputError, match="subject 01 has more than one row in subjects"):
        depth_of_response(sums(*COURSE), pd.concat([one_subject(), one_subject()]))
    with pytest.raises(InputError, match="subjects has a column note"):
        depth_of_response(sums(*COURSE), one_subject().assign(note="x"))
    with pytest.raises(InputError, match="more than one evaluator"):
        depth_of_response(sums(*COURSE).assign(evaluator=["A", "A", "B", "B"]), one_subject())
