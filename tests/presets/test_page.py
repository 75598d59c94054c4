"""The counts printed in docs/admiralonco.md are those measured now."""

from pathlib import Path

import recist
from docs.admiralonco import SHOWN, changed_fields, page_table

PAGE = Path(__file__).parents[2] / "docs" / "admiralonco.md"


def test_the_table_of_differences_is_current() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page_table() in text, "docs/admiralonco.md is stale; run `python -m docs.admiralonco`"


def test_every_difference_is_explained() -> None:
    assert set(changed_fields()) == set(SHOWN)
    assert recist.get_rules("admiralonco").min_sd_days == recist.get_rules("recist_1_1").min_sd_days == 42
