"""Frames below one another: columns without values and frames without rows change no type, and nothing warns."""

import pandas as pd
import pytest

from survival.study.stack import stacked

FINDINGS = pd.DataFrame(
    {
        "finding": pd.Categorical(["node-regrown"]),
        "visit": pd.Categorical(["WEEK 6"]),
        "row": pd.array([68], dtype="Int64"),
        "date": pd.to_datetime(["2024-01-01"]),
        "message": ["Is it right?"],
    }
)
TOLD = pd.DataFrame(
    [{"finding": "display_not_made", "visit": None, "row": None, "date": None, "message": "nothing"}]
)


@pytest.mark.filterwarnings("error")
def test_a_column_without_values_takes_the_type_of_the_others() -> None:
    whole = stacked([FINDINGS, TOLD])
    assert whole["row"].dtype == "Int64" and whole["row"].tolist() == [68, pd.NA]
    assert whole["date"].dtype.kind == "M" and whole["date"].isna().tolist() == [False, True]
    assert whole["finding"].cat.categories.tolist() == ["display_not_made", "node-regrown"]
    assert whole["visit"].isna().tolist() == [False, True] and whole["message"].dtype == "category"


@pytest.mark.filterwarnings("error")
def test_a_frame_without_rows_changes_nothing() -> None:
    whole = stacked([FINDINGS.head(0), FINDINGS, TOLD.head(0)])
    assert list(whole) == list(FINDINGS) and len(whole) == 1
    assert whole.dtypes.astype(str).tolist() == stacked([FINDINGS]).dtypes.astype(str).tolist()
    assert list(stacked([FINDINGS.head(0)])) == list(FINDINGS)
