"""Seymour 2017, Table 3: every sequence that its eight examples stand for, through the engine."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pandas as pd
import pytest

import recist
from tests.shared import shared

START = pd.Timestamp("2024-01-01")
NUMBER = {
    1: 16,
    2: 54,
    3: 100,
    4: 40,
    5: 48,
    6: 1,
    7: 1,
    8: 1,
}  # sequences of each example, ANY written as iPR


def sequences() -> dict[str, tuple[tuple[str, ...], str, int]]:
    """Subject -> responses, best response of the paper, example."""
    table = json.loads(shared("data/worked_examples/irecist_worked_examples.json").read_text())
    found: dict[str, tuple[tuple[str, ...], str, int]] = {}
    for example in table["ibor_table_seymour2017_T3"]:
        for terms in itertools.product(
            *([word.replace("ANY", "iPR") for word in tp] for tp in example["tp"])
        ):
            found[f"S{len(found) + 1:03d}"] = (terms, example["iBOR"], example["ex"])
    return found


def responses(by_subject: dict[str, tuple[tuple[str, ...], str, int]], column: str) -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            "subject": subject,
            "criteria": "irecist",
            "date": START + pd.Timedelta(56 * (k + 1), "D"),
            column: term,
        }
        for subject, (terms, _, _) in by_subject.items()
        for k, term in enumerate(terms)
    ]
    return pd.DataFrame(rows).assign(start_date=START)


@pytest.mark.parametrize("column", ["overall", "ioverall"])
def test_every_sequence_has_the_best_response_of_its_example(column: str) -> None:
    cases = sequences()
    by_example = pd.Series([example for _, _, example in cases.values()]).value_counts()
    assert by_example.to_dict() == NUMBER and len(cases) == 261
    best = recist.best_response(responses(cases, column)).set_index("subject")["best_response"].astype(str)
    assert best.to_dict() == {subject: wanted for subject, (_, wanted, _) in cases.items()}


def test_progression_is_the_first_iupd_of_the_block_that_is_confirmed() -> None:
    """Example 1 ends in iUPD, iCPD at visits 4 and 5; an iUPD before an iCR is cancelled, one before NE is not."""
    cases = {
        subject: case
        for subject, case in sequences().items()
        if case[2] == 1 and case[0][1:3] in (("iUPD", "iCR"), ("iUPD", "NE"))
    }
    best = recist.best_response(responses(cases, "overall")).set_index("subject")
    visit = {cases[s][0][1:3]: (row.progression_date - START).days // 56 for s, row in best.iterrows()}
    assert visit == {("iUPD", "iCR"): 4, ("iUPD", "NE"): 2}
