"""The generated pages are what the code and the cases say today, and their links lead somewhere."""

import re

import pytest

from docs.generate import FOLDER, PAGES
from docs.pages.cases import anchor
from tests.cases.read import read_cases

pytestmark = pytest.mark.pandas_once


@pytest.mark.parametrize("name", PAGES)
def test_page_is_current(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), f"docs/generated/{name} is stale; run `python -m docs.generate`"


def test_no_other_page_is_left_behind() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)


def test_links_to_cases_lead_somewhere() -> None:
    linked = set(
        re.findall(r"\(cases\.md#([^)]+)\)", (FOLDER / "traceability.md").read_text(encoding="utf-8"))
    )
    anchors = [anchor(case) for case in read_cases()]
    assert len(set(anchors)) == len(anchors)
    assert linked <= set(anchors)
    assert len(linked) > 50
