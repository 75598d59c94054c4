"""Every key of a study file has a sentence, in the reference page and in the schema."""

import re

import pytest
from pydantic import BaseModel

from docs.pages import study_file
from survival.study import model, study_schema
from survival.study.keys import KEYS

MODELS = [
    one
    for one in vars(model).values()
    if isinstance(one, type) and issubclass(one, BaseModel) and one not in (BaseModel, model.Part)
]


@pytest.mark.parametrize("one", MODELS, ids=lambda one: one.__name__)
def test_every_key_has_a_sentence_and_no_other(one):
    assert set(KEYS[one.__name__]) == set(one.model_fields), "say it in survival/study/keys.py"
    assert all(re.fullmatch(r"[A-Z`].*[.]", sentence) for sentence in KEYS[one.__name__].values())


def test_every_key_stands_in_the_reference():
    page = study_file.text()
    for one in MODELS:
        if one is not model.Study:
            assert all(f"| `{key}` | " in page for key in one.model_fields), one.__name__
    assert "## `[endpoint.sensitivity.NAME]`" in page
    assert (
        '| `convention` | `"sas"`, `"r"` | `"sas"` | Whose convention holds where SAS and R differ. |' in page
    )
    assert "| `id` | text | **needed** | Identifier of the study, in titles and files. |" in page


def test_an_editor_shows_the_sentences():
    analysis = study_schema()["$defs"]["Analysis"]["properties"]
    assert analysis["unit"]["description"] == "Unit of times in displays."
