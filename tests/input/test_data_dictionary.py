"""The page of the data dictionaries says what the code does."""

import importlib.util

from recist.lesions import LESIONS
from survival.subjects import SUBJECTS
from tests.shared import ROOT


def test_the_page_is_current() -> None:
    spec = importlib.util.spec_from_file_location("data_dictionary", ROOT / "docs" / "data_dictionary.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.text(), "run: python docs/data_dictionary.py"


def test_every_column_has_a_sentence() -> None:
    for column in LESIONS.columns + SUBJECTS.columns:
        assert column.sentence.endswith("."), column.name
    assert len(set(LESIONS.names())) == len(LESIONS.columns)
