"""What a table or listing shows is what its files show, whatever the data hold: the files are read back."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from recist import InputError
from survival import best_response_table, time_to_event_table
from survival.formats.align import PAD, aligned, text_width
from survival.formats.contents import Entry, contents
from survival.formats.faces import Faces
from survival.formats.grid import keep_blocks, printable
from survival.formats.paper import A4, GAP, LETTER, TWIPS_PER_PT, layout
from survival.formats.spreadsheet import guarded, unguarded
from survival.listings.listing import NOTHING, Listing
from survival.tables.best_response import BEST_RESPONSE
from survival.tables.table import Shell, Table
from tests.displays.read_back import ReadBack, plain, read_csv, read_docx, read_html, read_rtf
from tests.displays.test_tables import BEST, SUBJECTS, TTE

HOSTILE = [
    "<script>alert(1)</script>",
    "</td></tr></table><img src=x onerror=alert(1)>",
    "a & b &amp; c &#60; \"d\" 'e'",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://a.example","click")',
    "+1-555-1234",
    "-1+cmd()",
    "@SUM(1+1)",
    "'=already guarded",
    "-3.2",
    "{\\rtf1 \\b bold}",
    "\\par \\cell \\row \\u945? \\'e9",
    "back\\slash, {braces}, }{",
    "N" * 300,
    "long words " * 27,
    "\N{GREEK SMALL LETTER ALPHA}\N{GREEK SMALL LETTER BETA} \N{CJK UNIFIED IDEOGRAPH-809D}\N{CJK UNIFIED IDEOGRAPH-764C}",
    "caf\N{LATIN SMALL LETTER E WITH ACUTE} \N{PLUS-MINUS SIGN} \N{EURO SIGN}",
    "\N{GRINNING FACE} \N{FAMILY}\N{ZERO WIDTH JOINER}",
    "two\nlines\tand a tab",
    "a_b^c >= 5 <= \\alpha $x$ *bold* `code` [link](http://a.example)",
    "12. 3 |4|",
    "a,b;c",
    "{{ 7 * 7 }} %s {0}",
]


def docx_of(display: Faces) -> bytes:
    """The docx, where python-docx is there to write it."""
    pytest.importorskip("docx", reason="python-docx (the extra docx) is not installed")
    return display.to_docx()


READERS: dict[str, Callable[[Faces], ReadBack]] = {
    "html": lambda display: read_html(display.to_html()),
    "rtf": lambda display: read_rtf(display.to_rtf()),
    "docx": lambda display: read_docx(docx_of(display)),
    "csv": lambda display: read_csv(display.to_csv()),
}


def table() -> Table:
    """A table whose arms are called after hostile texts."""
    shell = Shell(number="14.2.1", title=HOSTILE[0], population=HOSTILE[10], footnotes=tuple(HOSTILE[:13]))
    groups = {text: n + 1 for n, text in enumerate(HOSTILE[:4])}
    subjects = [(f"{group[:4]}{n}", group) for group, size in groups.items() for n in range(size)]
    frame = pd.DataFrame(subjects, columns=["subject", "arm"])
    best = frame[["subject"]].assign(best_response=["CR", "PR", "SD", "PD", "NE"] * 2)
    return best_response_table(best, frame, by="arm", shell=replace(shell, total="Total"))


def listing(rows: int = 60) -> Listing:
    """A listing of hostile texts."""
    texts = [HOSTILE[n % len(HOSTILE)] for n in range(rows)]
    data = pd.DataFrame(
        {
            "subject": [f"S{n // 6:04d}" for n in range(rows)],
            "date": pd.Timestamp("2024-03-15"),
            "change": [None if n % 7 == 0 else (n - 20) * 3.25 for n in range(rows)],
            "days": pd.array([None if n % 5 == 0 else n * 13 - 90 for n in range(rows)], dtype="Int64"),
            "text": texts,
        }
    )
    heads = {
        "subject": "Subject",
        "date": "Date",
        "change": "Change (%)",
        "days": "Days",
        "text": "=Text <b>",
    }
    return Listing(Shell(title="Texts", footnotes=("A <b>note</b>",)), heads, data, {"change": 1})


def printed(frame: pd.DataFrame) -> list[list[str]]:
    """The cells of a frame, the first without its indentation, as any format can hold them."""
    rows = frame.to_numpy().tolist()
    return [[printable(row[0].lstrip(" ")), *map(printable, row[1:])] for row in rows]


@pytest.mark.parametrize("kind", ["html", "rtf", "docx"])
def test_a_table_reads_back_as_its_frame(kind: str) -> None:
    display = table()
    found = READERS[kind](display)
    assert found.rows == printed(display.frame)
    heads = [head.replace("\n", " ") for head in found.heads[0]]
    assert heads == [printable(str(name)) for name in display.frame.columns]
    assert [note for note in found.notes if note] == [printable(note) for note in display.shell.notes]
    said = "".join(found.titles)
    assert all(text in said for text in (display.shell.number, display.shell.title, display.shell.population))


@pytest.mark.parametrize("kind", ["html", "rtf", "docx"])
def test_a_listing_reads_back_as_its_frame(kind: str) -> None:
    display = listing()
    found = READERS[kind](display)
    assert found.rows == printed(display.frame)
    assert all(heads == list(display.frame.columns) for heads in found.heads)
    assert found.rows[1][2:4] == ["-61.8", "-77"] and found.rows[0][2:4] == ["", ""]


@pytest.mark.parametrize("display", [table(), listing()], ids=["table", "listing"])
def test_csv_reads_back_as_the_frame(display: Faces) -> None:
    found = read_csv(display.to_csv())
    assert [[unguarded(text) for text in row] for row in found.rows] == display.frame.to_numpy().tolist()
    assert [unguarded(text) for text in found.heads[0]] == list(map(str, display.frame.columns))


@pytest.mark.parametrize("text", [text for text in HOSTILE if text[0] in "=+-@'" and text != "-3.2"])
def test_csv_has_no_formula(text: str) -> None:
    assert guarded(text) == f"'{text}" and unguarded(guarded(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "-3.2",
        "+5",
        "-3.2%",
        "-3.2% (-10.1, 4.2)",
        "-1.5 (NE, 2.0)",
        "-77",
        "0.0+ to 24.1+",
        "-2.0 to -1.0+",
        "-5 (-1.2%)",
    ],
)
def test_numbers_are_not_guarded(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize("text", ["\t=1", "\r=1", "\N{FULLWIDTH EQUALS SIGN}1", "-2+3", "=1", "-", "+NE()"])
def test_what_could_run_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}" and unguarded(f"'{text}") == text


def test_csv_quotes_what_divides_fields_and_lines() -> None:
    texts = ["a,b", 'say "hi"', "x\ny", "x\r\ny", "x\ry", "", " a "]
    data = pd.DataFrame({"t": texts})
    text = Listing(Shell(title="L"), {"t": "T"}, data).to_csv()
    assert [row[0] for row in read_csv(text).rows] == texts


@pytest.mark.parametrize("kind", ["html", "rtf", "docx"])
def test_every_result_is_in_the_rendered_file(kind: str) -> None:
    """The numbers of results.csv, found in the file at their line and group."""
    display = time_to_event_table(TTE, by="arm", reference="B", times=[60, 200])
    found = READERS[kind](display)
    groups = list(display.columns)
    results = display.results.set_index(["row", "group", "statistic"])["text"].sort_index()
    seen = 0
    for line, cells in zip(display.lines, found.rows, strict=True):
        for group, shown in zip(groups, cells[1:], strict=True):
            if line.row and (line.row, group) in results.index:
                texts = results.loc[line.row, group].to_dict()
                wanted = {"n (%)": ["count"], "n": ["count"], "limits": ["lower", "upper"], "p": ["p_value"]}
                for statistic in wanted.get(line.form, ["estimate"] if "estimate" in texts else ["minimum"]):
                    assert texts[statistic].rstrip("%") in re.split(r"[ (),%]+", shown), (line.title, shown)
                    seen += 1
    assert seen > 30


@pytest.mark.parametrize("kind", ["rtf", "docx"])
def test_the_same_display_gives_the_same_bytes(kind: str) -> None:
    write = {"rtf": Table.to_rtf, "docx": docx_of}[kind]
    first = write(table())
    time.sleep(2.1)  # a zip file keeps times to two seconds
    assert write(table()) == first


def test_the_heading_row_is_on_every_page() -> None:
    display = listing(600)
    found = read_rtf(display.to_rtf())
    assert found.pages > 8 and len(found.heads) == found.pages
    assert found.rows == printed(display.frame)


def test_arms_that_do_not_fit_side_by_side_go_on_with_the_first_column_repeated() -> None:
    subjects = pd.DataFrame(
        {"subject": [f"{n}" for n in range(600)], "arm": [f"Arm {n % 12:02d}" for n in range(600)]}
    )
    best = subjects[["subject"]].assign(best_response="PR")
    display = best_response_table(best, subjects, by="arm", shell=BEST_RESPONSE)
    shape = layout(display.grid, LETTER)
    assert shape.landscape and [len(panel.columns) for panel in shape.panels] == [7, 8]
    assert all(panel.columns[0] == 0 and sum(panel.widths) <= shape.width(LETTER) for panel in shape.panels)
    found = read_rtf(display.to_rtf())
    half = len(found.rows) // 2
    joined = [left + right[1:] for left, right in zip(found.rows[:half], found.rows[half:], strict=True)]
    assert joined == printed(display.frame)


def test_paper() -> None:
    narrow = best_response_table(BEST, SUBJECTS)
    assert "\\paperw12240\\paperh15840\\margl" in narrow.to_rtf()
    assert "\\paperw11906\\paperh16838\\margl" in narrow.to_rtf(paper=A4)
    assert "\\paperw16838\\paperh11906\\landscape" in table().to_rtf(paper=A4)


def test_blocks_stay_together_and_long_ones_break_inside() -> None:
    assert keep_blocks([True] + [False] * 11) == [True] * 11 + [False]
    assert keep_blocks([True] + [False] * 12) == [True] + [False] * 10 + [True, False]
    assert keep_blocks([]) == []
    data = pd.DataFrame({"subject": [f"S{n // 5:03d}" for n in range(500)], "text": "x"})
    pages = Listing(Shell(title="L"), {"subject": "Subject", "text": "Text"}, data).to_rtf().split("\\page")
    for page in pages:
        subjects = [row[0] for row in read_rtf("{\\rtf1" + page.strip("}").split("\\rtf1")[-1] + "}").rows]
        assert len(pages) > 5 and all(subjects.count(name) == 5 for name in subjects)


def test_numbers_stand_below_each_other() -> None:
    texts = [
        "6 (7.0%)",
        "12 (14.0%)",
        "(5.3, 85.3)",
        "NE",
        "75.0 (30.0, NE)",
        "-1.5 (-2.0, 3.0)",
        "<0.0001",
        "",
    ]
    lines = aligned(texts)
    starts = {len(line.replace(PAD, "_").split(mark)[0]) for line, mark in zip(lines[:2], " ", strict=False)}
    assert starts == {2} and [plain(line) for line in lines] == texts
    assert lines[0].replace(PAD, "_") == "_6 (_7.0%)"
    assert aligned(["Q1 5", "v.2"]) == ["Q1 5", "v.2"]


def test_width_is_that_of_helvetica() -> None:
    assert text_width("0" * 10) == pytest.approx(5.56) and text_width("W\nii") == 0.944
    assert text_width(PAD) == text_width("0")


def test_html_can_be_heard_and_printed() -> None:
    text = table().to_html()
    assert text.count("<caption>") == 1 and text.count('scope="col"') == 6
    assert text.count('<th scope="row"') == len(table().lines)
    assert 'tabindex="0" role="region" aria-label="' in text and "@media print" in text
    assert text == table().to_html()


def test_an_empty_listing_says_so() -> None:
    display = replace(listing(), data=listing().data.head(0))
    for kind, read in READERS.items():
        found = read(display)
        assert found.rows == [] and (kind == "csv" or NOTHING in found.notes)


def test_five_thousand_rows_are_all_written() -> None:
    display = listing(5000)
    rtf, html = display.to_rtf(), display.to_html()
    assert len(read_rtf(rtf).rows) == len(read_html(html).rows) == 5000


def test_contents_link_to_the_files(tmp_path: Path) -> None:
    entries = [
        Entry(
            "best",
            "14.2.1",
            "Best <b>response</b>",
            "table",
            "tables/best response.html",
            "Full analysis set",
        ),
        Entry("km", "14.2.2", "{\\b PFS}", "figure", "figures/km.svg"),
    ]
    listed = contents(entries)
    assert listed.frame.iloc[1].tolist() == ["14.2.2", "{\\b PFS}", "figure", "", "figures/km.svg"]
    text = listed.to_html(tmp_path / "contents.html")
    assert '<a href="tables/best%20response.html">tables/best response.html</a>' in text
    for kind in ("html", "rtf", "docx"):
        assert READERS[kind](listed).rows == listed.frame.to_numpy().tolist()
    assert 'HYPERLINK "figures/km.svg"' in listed.to_rtf()
    assert list(contents([Entry("a", "", "A", "", "a.html")]).frame) == ["Title", "File"]


def test_docx_without_python_docx_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(InputError, match=r"pip install 'recist\[docx\]'"):
        table().to_docx()


def test_control_characters_are_shown() -> None:
    data = pd.DataFrame({"t": ["bell\x07", "nul\x00", "esc\x1b[0m", "c1\x85", "a\r\nb"]})
    display = Listing(Shell(title="L"), {"t": "T"}, data)
    shown = [[text] for text in ("bell␇", "nul␀", "esc␛[0m", "c1\ufffd", "a\nb")]
    assert printable("half \ud800") == "half \ufffd"
    for kind in ("html", "rtf", "docx"):
        assert READERS[kind](display).rows == shown


def test_a_date_with_its_day_is_not_broken() -> None:
    texts = {f"c{n}": ["some text that is broken into lines"] for n in range(12)}
    data = pd.DataFrame({"subject": ["1"], "day": ["2023-10-20 (56)"]} | texts)
    grid = Listing(Shell(title="L"), {name: name for name in data}, data).grid
    panel = layout(grid, LETTER).panels[0]
    room = panel.widths[1] - 2 * GAP
    assert text_width("2023-10-20 (56)") * layout(grid, LETTER).size * TWIPS_PER_PT <= room


def test_no_date_is_broken_at_a_hyphen() -> None:
    text = "censored, as nobody was seen any more after the visit on 2024-04-05, or in 2024-05; not 12024-04-051 or +1-555"
    display = Listing(Shell(title="L"), {"text": "Text"}, pd.DataFrame({"text": [text]}))
    for kind, reader in READERS.items():
        assert reader(display).rows == [[text]], kind
    assert "2024\\_04\\_05, or in 2024\\_05; not 12024-04-051 or +1-555" in display.to_rtf()
    html = display.to_html()
    assert re.findall('<span class="day">(.*?)</span>', html) == ["2024-04-05", "2024-05"]
    assert " .day { white-space: nowrap; }" in html
    assert "2024-04-05" in display.to_csv()
    shown = re.sub(r"<w:noBreakHyphen/>", "!", document_of(docx_of(display)))
    assert re.sub("<[^>]+>", "", shown).count("2024!04!05, or in 2024!05; not 12024-04-051") == 1


def document_of(docx: bytes) -> str:
    """The body of a docx as it is written."""
    with zipfile.ZipFile(io.BytesIO(docx)) as parts:
        return parts.read("word/document.xml").decode("utf-8")


def test_a_column_of_sentences_has_room_rather_on_a_further_page() -> None:
    data = pd.DataFrame({f"c{n}": ["a word of twenty"] for n in range(10)} | {"why": ["some sentence " * 20]})
    headings = {name: name for name in data}
    tight = layout(Listing(Shell(title="L"), headings, data).grid, LETTER)
    wide = layout(Listing(Shell(title="L"), headings, data, room={"why": 26.0}).grid, LETTER)
    assert len(tight.panels) == 1 and len(wide.panels) == 2
    needed = 26 * wide.size * TWIPS_PER_PT
    assert tight.panels[0].widths[-1] < needed <= wide.panels[1].widths[-1]


def test_a_page_is_not_left_half_empty_for_the_sake_of_a_block() -> None:
    data = pd.DataFrame({"subject": [f"{n // 12}" for n in range(240)], "text": "one line"})
    display = Listing(Shell(title="L"), {"subject": "Subject", "text": "Text"}, data)
    pages = [page.count("\\row") - 1 for page in display.to_rtf().split("\\page")]
    assert min(pages[:-1]) > 0.6 * max(pages) and sum(pages) == 240


@pytest.mark.parametrize("kind", ["rtf", "docx"])
def test_notes_that_would_fill_the_page_stand_below_the_table(kind: str) -> None:
    data = pd.DataFrame({"a": [str(n) for n in range(50)]})
    display = Listing(Shell(title="L", footnotes=tuple(f"note {n}" for n in range(80))), {"a": "A"}, data)
    text = display.to_rtf() if kind == "rtf" else ""
    found = READERS[kind](display)
    assert found.pages == 1 and found.rows == printed(display.frame)
    if kind == "rtf":
        assert text.index("\\row") < text.index("note 0") < text.index("note 79")
    else:
        assert "note 0" not in found.notes


@pytest.mark.pandas_once
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_makes_the_pages_that_were_counted(tmp_path: Path) -> None:
    display = listing(240)
    display.to_rtf(tmp_path / "listing.rtf")
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run(
        [*command, "--outdir", tmp_path, tmp_path / "listing.rtf"],
        check=True,
        capture_output=True,
        timeout=600,
    )
    pages = (tmp_path / "listing.pdf").read_bytes().count(b"/Type/Page/")
    counted = read_rtf(display.to_rtf()).pages
    pages = pages or len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "listing.pdf").read_bytes()))
    assert pages == counted > 3


def test_best_response_of_the_other_tests_reads_back() -> None:
    display = best_response_table(BEST, SUBJECTS, by="arm")
    assert all(READERS[kind](display).rows == printed(display.frame) for kind in ("html", "rtf", "docx"))
