"""A variant is one file: put into a folder of criteria it is found, listed, printed, assessed and explained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import recist
import recist.criteria as folder

VARIANT = '''
"""RECIST 1.1 with a quarter as the limit of partial response: a variant for a test."""

from dataclasses import replace

from recist.criteria import recist_1_1

CRITERIA = replace(
    recist_1_1.CRITERIA, name="quarter", title="RECIST 1.1 at a quarter", citation="made up for a test", pr_pct=25
)
'''


@pytest.fixture
def variant(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "quarter.py").write_text(VARIANT, encoding="utf-8")
    folder.__path__.append(str(tmp_path))
    yield "quarter"
    folder.__path__.remove(str(tmp_path))


def test_one_file_is_a_variant(variant: str) -> None:
    lesions = pd.DataFrame(
        {
            "subject": "01",
            "visit": ["BASELINE", "WEEK 8"],
            "date": ["2024-01-02", "2024-02-27"],
            "lesion": "T1",
            "role": "target",
            "organ": "LIVER",
            "diameter_mm": [40.0, 30.0],
        }
    )
    assert variant in recist.all_criteria()
    assert "at least 30 %" in str(recist.get_criteria(variant).target)
    responses = recist.assess(lesions, variant)
    assert responses.loc[0, ["criteria", "overall"]].tolist() == ["quarter", "PR"]
    assert recist.assess(lesions).loc[0, "overall"] == "SD"
    assert recist.best_response(responses).loc[0, "best_response"] == "PR"
    text = recist.explain(responses, "01", "WEEK 8")
    assert text.startswith("RECIST 1.1 at a quarter") and "made up for a test" in text
    assert recist.get_criteria("quarter[pr_pct=30]").label == "quarter[pr_pct=30]"
