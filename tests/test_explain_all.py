"""`explain_all` says of every visit what `explain` says of it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import recist

DATA = Path(__file__).parents[1] / "data" / "synthetic"


def _subjects(frame: pd.DataFrame, n: int) -> pd.DataFrame:
    names = sorted(frame["subject"].astype(str).unique())[:n]
    return frame[frame["subject"].astype(str).isin(names)].reset_index(drop=True)


@pytest.mark.parametrize("criteria", ["recist_1_1", "irecist", "mrecist_hcc", "irrecist"])
def test_each_visit_as_explain_says(criteria: str) -> None:
    lesions = _subjects(recist.read_lesions(DATA / "nct05962450" / "lesions.csv"), 12)
    responses = recist.assess(lesions, criteria=criteria)
    _same(responses)


def test_leukaemia_as_explain_says() -> None:
    marrow = recist.read_marrow(DATA / "nct06559644" / "marrow.csv")
    responses = recist.assess_leukaemia(_subjects(marrow, 8))
    assert responses["circulating_blasts"].isna().any()  # an unknown count of the blood is no error
    _same(responses)


def _same(responses: pd.DataFrame) -> None:
    shuffled = responses.sample(frac=1.0, random_state=1)
    texts = recist.explain_all(shuffled)
    assert texts.index.equals(shuffled.index)
    for place, row in shuffled.iterrows():
        said = recist.explain(responses, str(row["subject"]), str(row["visit"]), str(row["evaluator"]))
        assert texts[place] == said


def test_a_missing_column_is_named() -> None:
    with pytest.raises(recist.InputError, match="criteria"):
        recist.explain_all(pd.DataFrame(columns=["subject", "evaluator", "visit", "date"]))
