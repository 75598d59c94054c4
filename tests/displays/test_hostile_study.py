"""A whole study of hostile words: in every file of the run they are text, and nothing else."""

from __future__ import annotations

import csv
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest

from survival import run_study
from survival.formats.spreadsheet import FORMULA
from tests.displays.hostile_trial import NOTE, TITLE, WORDS, write_trial
from tests.displays.read_back import cells_of, read_file, read_rtf
from tests.report.browser import Browser

SHOWN = {
    word: text.replace("\u202e", "\ufffd") for word, text in WORDS.items()
}  # it would turn the letters round
PARTS = {
    "svg",
    "g",
    "defs",
    "path",
    "use",
    "clipPath",
    "rect",
    "text",
    "tspan",
    "style",
    "metadata",
    "a",
    "image",
}
PARTS |= {
    "desc",
    "title",
    "pattern",
    "linearGradient",
    "stop",
    "polygon",
    "circle",
    "line",
    "marker",
    "mask",
    "symbol",
}
NUMBER = r"[-+]\d[-+\d.%(), toNE]*"  # a number, a range, a number with its limits


def shown(text: str) -> str:
    """A text without what would turn the letters after it round."""
    return text.replace("\u202e", "\ufffd")


SHOWN = {word: shown(text) for word, text in WORDS.items()}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    return run_study(write_trial(folder), folder / "out").out


def printed(path: Path) -> dict[str, list[str]]:
    """Heading -> cells, as a reader sees them; a csv is data and keeps every letter."""
    return {shown(heading): [shown(cell) for cell in cells] for heading, cells in cells_of(path).items()}


def displays(out: Path, suffix: str) -> list[Path]:
    return [path for name in ("tables", "listings") for path in sorted((out / name).glob(f"*{suffix}"))]


@pytest.mark.parametrize("suffix", [".html", ".rtf", ".docx"])
def test_every_format_shows_the_same_text(out: Path, suffix: str) -> None:
    files = displays(out, suffix)
    assert len(files) > 40
    for path in files:
        wanted = printed(path.with_suffix(".csv"))
        found = printed(path)
        assert [re.sub(r"\s+", " ", one) for one in found] == [re.sub(r"\s+", " ", one) for one in wanted]
        assert list(found.values()) == list(wanted.values()), path.name


def test_the_words_are_there_as_they_were_given(out: Path) -> None:
    for suffix in (".html", ".rtf", ".docx"):
        responses = printed(out / "listings" / f"response{suffix}")
        assert set(responses["Subject"]) == {SHOWN[f"S-0{n}"] for n in range(1, 5)}
        assert set(responses["Visit"]) == {SHOWN["WEEK 8"], SHOWN["WEEK 16"]}
        assert set(responses["Arm"]) == {SHOWN["NEW"], SHOWN["CONTROL"]}
        lesions = printed(out / "listings" / f"lesions{suffix}")
        assert set(lesions["Organ"]) == {SHOWN["LIVER"].upper(), SHOWN["LUNG"].upper()}
        assert SHOWN["Fatigue"] in printed(out / "tables" / f"adverse_event{suffix}")[""]
        table = read_file(out / "tables" / f"best_response{suffix}")
        assert any(TITLE in line for line in table.titles) and NOTE in table.notes
        assert any(NOTE in line for line in table.titles)  # the label of the population


def test_no_cell_of_a_csv_is_a_formula(out: Path) -> None:
    for path in [*displays(out, ".csv")]:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                for cell in row:
                    assert cell[:1] not in FORMULA or not cell or re.fullmatch(NUMBER, cell), (
                        path.name,
                        cell,
                    )


def test_figures_hold_no_markup_of_the_data(out: Path) -> None:
    files = sorted((out / "figures").glob("*.svg"))
    assert len(files) > 15
    for path in files:
        for part in ET.parse(path).iter():
            name = part.tag.rpartition("}")[2]
            if "svg" in part.tag:
                assert name in PARTS, (path.name, name)
            assert not any(key.lower().startswith("on") for key in part.attrib), path.name
        for page in (path.with_suffix(".rtf"), path.with_suffix(".docx")):
            assert page.is_file()
        read_rtf(path.with_suffix(".rtf").read_text("ascii"))  # braces match, nothing but ASCII
    km = read_rtf((out / "figures" / "km-pfs.rtf").read_text("ascii"))
    assert TITLE in km.titles and NOTE in km.notes


def test_every_docx_is_xml_throughout(out: Path) -> None:
    for path in [*displays(out, ".docx"), *(out / "figures").glob("*.docx")]:
        with zipfile.ZipFile(path) as parts:
            for name in parts.namelist():
                if name.endswith((".xml", ".rels")):
                    ET.fromstring(parts.read(name))


def test_libreoffice_reads_the_words_out_of_the_rtf(out: Path, tmp_path: Path) -> None:
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path)]
    subprocess.run(
        [*command, out / "listings" / "best_response.rtf"], check=True, capture_output=True, timeout=600
    )
    text = (tmp_path / "best_response.txt").read_text("utf-8-sig")
    for word in ("S-01", "S-02", "S-03", "S-04", "NEW", "CONTROL"):
        assert SHOWN[word] in text, word


def test_the_page_runs_nothing_of_the_data(out: Path, tmp_path: Path) -> None:
    browser = Browser(tmp_path / "profile")
    try:
        browser.open(out / "report.html")
        assert browser.run("window.hit === undefined") and browser.problems() == []
        assert browser.run("document.title").find(TITLE.strip()) >= 0
        page = browser.run("document.body.textContent")
        assert all(
            SHOWN[word] in page or WORDS[word] in page for word in ("S-01", "NEW", "CONTROL", "Fatigue")
        )
        browser.open(out / "contents.html")
        assert browser.run("window.hit === undefined") and TITLE in browser.run("document.body.textContent")
    finally:
        browser.close()
