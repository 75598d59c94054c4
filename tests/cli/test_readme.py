"""What the README shows runs as it stands there."""

import re
import shlex

import pytest

from survival import read_study
from tests.cli.trial import FILES, call
from tests.shared import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands():
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("recist ")]


def test_the_python_example_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    (example,) = blocks("python")
    exec(compile(example, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "ORR confirmed" in printed
    assert "RECIST 1.1, subject NCT5361-002, INVESTIGATOR, WEEK 18" in printed


@pytest.mark.pandas_once  # tests/study/test_shipped.py runs the same study under each pandas
@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_runs(command, tmp_path, monkeypatch, capsys):
    words = [str(ROOT / word) if word.startswith("data/") else word for word in command]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()  # the main job made it
    assert call(*words) == 0
    assert capsys.readouterr().out


def test_the_study_file_is_read(tmp_path):
    (example,) = blocks("toml")
    (tmp_path / "study.toml").write_text(example, encoding="utf-8")
    study = read_study(tmp_path / "study.toml")
    assert [spec.name for spec in study.endpoint] == ["ORR", "PFS", "PFS, every event"]
    for name in ("lesions.csv", "subjects.csv"):
        (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    assert call("run", tmp_path / "study.toml", "--out", tmp_path / "out") == 0
    table = (tmp_path / "out" / "tables" / "time_to_event-pfs.html").read_text(encoding="utf-8")
    assert "Table 14.2.1" in table
    assert "Responses derived from lesion measurements." in table


def test_every_file_the_readme_points_to_is_there():
    pointed = re.findall(r"`(docs/[^`*]+|data/synthetic/[^`*]+)`", README) + re.findall(
        r"\]\((docs/[^)]+)\)", README
    )
    assert pointed
    assert [path for path in pointed if not (ROOT / path).exists()] == []
