"""Every number that a run prints in a table is a result of that table and group: the files are read back."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from survival import run_study
from survival.formats.spreadsheet import unguarded
from tests.displays.read_back import ReadBack, read_csv, read_docx, read_html, read_rtf

DATA = Path(__file__).parents[2] / "data" / "synthetic" / "nct05962450"
STUDY = """
[study]
id = "NCT05962450"
start_date = "randomization_date"
[data]
lesions = "lesions.csv"
subjects = "subjects.csv"
[response]
evaluator = "READER 1"
[arms]
column = "arm"
order = ["EXPERIMENTAL", "CONTROL"]
reference = "CONTROL"
labels = { EXPERIMENTAL = "=Experimental <b>", CONTROL = "{\\\\rtf1 \\\\b Control}" }
[[endpoint]]
name = "ORR"
[[endpoint]]
name = "PFS"
settings = { max_gap_days = 126 }
[[endpoint]]
name = "OS"
[analysis]
unit = "months"
times = [6, 12]
strata = ["region"]
"""
NUMBER = re.compile(r"[<>]?-?\d+(?:\.\d+)?")
READERS = {".html": read_html, ".rtf": read_rtf}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    for name in ("lesions.csv", "subjects.csv"):
        shutil.copy(DATA / name, folder / name)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return run_study(folder / "study.toml", folder / "out").out


def rendered(out: Path) -> list[Path]:
    """The tables of the run in every format that is written."""
    return sorted(path for path in (out / "tables").iterdir() if path.suffix in (*READERS, ".docx"))


def read(path: Path) -> ReadBack:
    return (
        read_docx(path.read_bytes())
        if path.suffix == ".docx"
        else READERS[path.suffix](path.read_text("utf-8"))
    )


def columns(found: ReadBack) -> dict[str, list[str]]:
    """Group -> its cells, whether its columns are on one page or on several."""
    cells: dict[str, list[str]] = {}
    for n, head in enumerate(found.heads[0]):
        if n:
            group = re.sub(r"\s*\(N=\d+\)$", "", head)
            cells[group] = [row[n] for row in found.rows]
    return cells


def test_numbers_of_the_tables_are_results(out: Path) -> None:
    results = pd.read_csv(out / "results.csv", dtype={"text": str, "group": str}, keep_default_na=False)
    numbers = {
        key: {token for text in part["text"] for token in NUMBER.findall(text)}
        for key, part in results.groupby(["display", "group"])
    }
    seen = 0
    for path in rendered(out):
        for group, cells in columns(read(path)).items():
            printed = {token for text in cells for token in NUMBER.findall(text)}
            assert printed <= numbers[path.stem, group], (
                path.name,
                group,
                printed - numbers[path.stem, group],
            )
            seen += len(printed)
    assert seen > 300


def test_every_format_of_a_table_says_the_same(out: Path) -> None:
    for path in rendered(out):
        rows = [[text.strip() for text in row] for row in read(path).rows]
        wanted = read_csv((path.with_suffix(".csv")).read_text("utf-8")).rows
        assert rows == [[unguarded(text).strip() for text in row] for row in wanted], path.name
