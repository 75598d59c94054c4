"""What holds for every classification, on generated subjects: nothing here needs to know the right answer."""

from __future__ import annotations

import pandas as pd
import pytest

import recist
from recist.leukaemia.best_response import BEST, BEST_LEUKAEMIA
from recist.leukaemia.responses import LEUKAEMIA_RESPONSES
from recist.leukaemia.terms import IN_REMISSION
from tests.leukaemia.frames import generated

NAMES = list(recist.all_leukaemia_criteria())
MARROW = generated(300)
every = pytest.mark.parametrize("name", NAMES)


def said(responses: pd.DataFrame) -> dict[tuple[str, str], tuple[str, str]]:
    """(subject, visit) -> (overall, rule)."""
    columns = [responses[c].astype(str) for c in ("subject", "visit", "overall", "overall_rule")]
    return {(subject, visit): (overall, rule) for subject, visit, overall, rule in zip(*columns, strict=True)}


@every
def test_the_frame_has_the_columns_of_its_dictionary(name: str) -> None:
    responses = recist.assess_leukaemia(MARROW, name)
    assert list(responses) == list(LEUKAEMIA_RESPONSES)
    kinds = {column: str(dtype).removesuffix("[ns]") for column, dtype in responses.dtypes.items()}
    assert kinds == {column: dtype for column, (dtype, _, _) in LEUKAEMIA_RESPONSES.items()}
    assert len(responses) == (~MARROW["baseline"]).sum()
    assert responses["overall"].notna().all()
    best = recist.best_leukaemia_response(responses)
    assert list(best) == list(BEST_LEUKAEMIA)
    assert {c: str(d).removesuffix("[ns]") for c, d in best.dtypes.items()} == {
        column: dtype for column, (dtype, _) in BEST_LEUKAEMIA.items()
    }


@every
def test_later_assessments_change_no_earlier_response(name: str) -> None:
    everything = said(recist.assess_leukaemia(MARROW, name))
    for day in (60, 150, 220):
        early = MARROW[MARROW["date"] <= pd.Timestamp("2024-01-01") + pd.Timedelta(day, "D")]
        prefix = said(recist.assess_leukaemia(early, name))
        assert prefix == {key: everything[key] for key in prefix}


@every
def test_order_names_and_company_change_nothing(name: str) -> None:
    everything = said(recist.assess_leukaemia(MARROW, name))
    assert said(recist.assess_leukaemia(MARROW.sample(frac=1, random_state=3), name)) == everything
    alone = MARROW[MARROW["subject"] == "S7"]
    assert said(recist.assess_leukaemia(alone, name)) == {k: v for k, v in everything.items() if k[0] == "S7"}
    turned = MARROW.assign(subject="X" + MARROW["subject"].str[::-1])
    renamed = said(recist.assess_leukaemia(turned, name))
    assert renamed == {("X" + who[::-1], visit): value for (who, visit), value in everything.items()}


@every
def test_more_counts_are_never_a_worse_response(name: str) -> None:
    ranks = {word: n for n, word in enumerate(("CR", "CRh", "CRi", "MLFS", "PR", "NR", "NE"))}
    known = MARROW[MARROW["baseline"] | MARROW[["neutrophils", "platelets"]].notna().all(axis=1)]
    low = recist.assess_leukaemia(known, name)["response"].astype(str).map(ranks)
    better = known.assign(neutrophils=known["neutrophils"] + 1, platelets=known["platelets"] + 100)
    high = recist.assess_leukaemia(better, name)["response"].astype(str).map(ranks)
    assert (high <= low).all()
    assert (high < low).any()


@every
def test_relapse_comes_only_after_remission(name: str) -> None:
    responses = recist.assess_leukaemia(MARROW, name)
    best = recist.best_leukaemia_response(responses).set_index("subject")
    relapsed = best["relapse_date"].notna()
    assert relapsed.any()
    assert (best["relapse_date"] > best["remission_date"])[relapsed].all()
    reached = best["best_response"].isin(IN_REMISSION)
    assert (best["remission_date"].notna() | ~reached).all()


@every
def test_a_wider_window_is_never_a_worse_best_response(name: str) -> None:
    responses = recist.assess_leukaemia(MARROW, f"{name}[min_remission_days=0]")
    rank = {word: n for n, word in enumerate(BEST)}
    before: pd.Series | None = None
    for window in (28, 60, 120, None):
        best = recist.best_leukaemia_response(responses, window).set_index("subject")["best_response"]
        now = best.astype(str).map(rank)
        assert before is None or (now <= before).all()
        before = now


def test_several_classifications_are_stacked() -> None:
    stacked = recist.assess_leukaemia(MARROW, NAMES)
    for name in NAMES:
        mine = stacked[stacked["criteria"] == name]
        assert said(mine) == said(recist.assess_leukaemia(MARROW, name))
    assert stacked["subject"].dtype == "category"


def test_labels_are_read_back() -> None:
    for name in NAMES:
        for field, other in (("cri_rule", "any"), ("landmark_days", "70"), ("mrd_limit_pct", "0.5")):
            label = f"{name}[{field}={other}]"
            assert recist.get_leukaemia_criteria(label).label == label
        assert recist.get_leukaemia_criteria(name).label == name
