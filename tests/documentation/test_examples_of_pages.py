"""The tutorial and the how-tos run as they stand, and print what they say."""

import re
import tomllib

import pytest

from docs import examples
from survival.study.model import Study
from tests.cli.trial import call
from tests.shared import ROOT

PAGES = examples.pages()
NEEDED = {"study": {"id": "T-1"}, "data": {"lesions": "lesions.csv", "subjects": "subjects.csv"}}


def blocks(path, language):
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_python_blocks_print_what_the_page_says(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    page = path.read_text(encoding="utf-8")
    assert blocks(path, "python")
    assert examples.written(page) == page, "if the new words are right: python -m docs.examples"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_toml_blocks_are_keys_of_a_study_file(path):
    for block in blocks(path, "toml"):
        Study.model_validate(NEEDED | tomllib.loads(block))


def commands():
    lines = [line for path in PAGES for block in blocks(path, "sh") for line in block.splitlines()]
    return sorted({line for line in lines if line.startswith("recist ")})


@pytest.mark.parametrize("command", commands())
def test_commands_run(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    words = command.split()[1:]
    if words[0] == "run":  # the run itself is tested elsewhere
        words = ["study", words[1]]
    assert call(*words) == 0
    assert capsys.readouterr().out
