"""A grid as docx (Office Open XML, ECMA-376), laid out as the RTF is; python-docx holds it together."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from recist import InputError
from survival.formats.grid import DATE, Grid, Row
from survival.formats.pages import EDGE, TITLE_PT, notes_in_footer
from survival.formats.paper import GAP, LETTER, TWIPS_PER_PT, Layout, Panel, Paper, layout

SMALL_PT = 8
FONT = "Arial"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip file can have
_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TEXT = '<w:t xml:space="preserve">'
_EDGE = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
_NEEDED = "docx needs python-docx, which is not installed. Install it with: pip install 'recist[docx]'"


def docx(grid: Grid, paper: Paper = LETTER) -> bytes:
    """The whole file; the same grid gives the same bytes."""
    shape = layout(grid, paper)
    document, footer = _document(grid, shape, paper)
    tables = [_table(grid, shape, panel) for panel in shape.panels]
    end = _gap(break_page=False) if footer else _notes(grid)
    return _saved(document, _gap(break_page=True).join(tables) + end)


def picture_docx(
    words: Grid, picture: tuple[IO[bytes], int, str], landscape: bool, paper: Paper = LETTER
) -> bytes:
    """A page with a picture (its png, width in EMU, what it shows); a grid without rows has the words around it."""
    from docx.shared import Emu, Pt

    shape = Layout(landscape, TITLE_PT, (), (), ())
    document, footer = _document(words, shape, paper)
    png, width, alt_text = picture
    drawn = document.add_paragraph()
    drawn.alignment = 1  # in the middle
    drawn.paragraph_format.space_before = drawn.paragraph_format.space_after = Pt(0)
    inline = drawn.add_run().add_picture(png, Emu(width))._inline
    inline.docPr.set("name", words.heading[:255])
    inline.docPr.set("descr", alt_text)
    return _saved(document, "" if footer else _notes(words))


def _document(grid: Grid, shape: Layout, paper: Paper) -> tuple[Any, bool]:
    """A document with page, header and footer, and whether the notes are in the footer."""
    try:
        from docx import Document
        from docx.oxml import parse_xml
    except ImportError:
        raise InputError(_NEEDED) from None
    document = Document()
    section = document.sections[0]
    _page(section, shape, paper)
    _replace(section.header, _header(grid, shape.width(paper)), parse_xml)
    footer = notes_in_footer(grid, shape, paper)
    notes = [_paragraph(note, SMALL_PT) for note in grid.notes] if footer else []
    _replace(section.footer, [_paragraph("", SMALL_PT), *notes], parse_xml)
    about = document.core_properties
    about.title, about.author, about.comments = grid.heading[:255], "", ""
    about.created = about.modified = datetime(2000, 1, 1)
    return document, footer


def _notes(grid: Grid) -> str:
    """The notes as paragraphs of the body."""
    return "".join(_paragraph(note, SMALL_PT) for note in grid.notes)


def _saved(document: Any, body: str) -> bytes:
    """The file with this body, without the time at which it was written.

    The body goes in as text: python-docx takes 19 s to take in 5,000 rows of 8 columns, this 1 s.
    """
    raw, fixed = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:sectPr", body.encode() + b"<w:sectPr", 1)
            target.writestr(entry, content)
    return fixed.getvalue()


def _page(section: Any, shape: Layout, paper: Paper) -> None:
    """Size and margins."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Twips

    width, height = (paper.height, paper.width) if shape.landscape else (paper.width, paper.height)
    section.orientation = WD_ORIENT.LANDSCAPE if shape.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Twips(width), Twips(height)
    section.left_margin = section.right_margin = Twips(paper.margin)
    section.top_margin = section.bottom_margin = Twips(paper.margin)
    section.header_distance = section.footer_distance = Twips(EDGE)


def _replace(part: Any, paragraphs: list[str], parse: Any) -> None:
    """These paragraphs instead of what a header or footer holds."""
    part.is_linked_to_previous = False
    element = part._element
    for child in list(element):
        element.remove(child)
    for paragraph in paragraphs:
        element.append(parse(paragraph))


def _header(grid: Grid, width: int) -> list[str]:
    """Page x of y at the right; number, title and population in the middle."""
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
    style = _run_style(SMALL_PT)
    field = '<w:fldSimple w:instr="{}"><w:r>' + style + "<w:t>1</w:t></w:r></w:fldSimple>"
    of = f'<w:r>{style}<w:t xml:space="preserve"> of </w:t></w:r>'
    page = f'<w:r>{style}<w:tab/><w:t xml:space="preserve">Page </w:t></w:r>'
    runs = page + field.format("PAGE") + of + field.format("NUMPAGES")
    first = f"<w:p {_NAMESPACE}><w:pPr>{tab}{_SPACING}</w:pPr>{runs}</w:p>"
    lines = [(grid.number, True), (grid.title, True), (grid.population, False)]
    middle = [_paragraph(text, TITLE_PT, '<w:jc w:val="center"/>', bold) for text, bold in lines if text]
    return [first, *middle, _paragraph("", SMALL_PT)]


_SPACING = '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'


def _run_style(size: int, bold: bool = False) -> str:
    """Font, weight and size of a run."""
    fonts = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/>'
    return f'<w:rPr>{fonts}{"<w:b/>" if bold else ""}<w:sz w:val="{2 * size}"/></w:rPr>'


def _paragraph(text: str, size: int, side: str = "", bold: bool = False, kept: bool = False) -> str:
    """A paragraph of one run; `side` is its indentation or alignment."""
    keep = "<w:keepNext/>" if kept else ""
    style = _run_style(size, bold)  # of the mark too: it makes the line of an empty paragraph
    return f"<w:p {_NAMESPACE}><w:pPr>{keep}{_SPACING}{side}{style}</w:pPr>{_run(text, style)}</w:p>"


def _run(text: str, style: str) -> str:
    """Text as a run, its line ends and tabs as elements."""
    if not text:
        return ""
    lines = [
        "<w:tab/>".join(f"{_TEXT}{_unbroken(escape(piece))}</w:t>" for piece in line.split("\t"))
        for line in text.split("\n")
    ]
    return f"<w:r>{style}{'<w:br/>'.join(lines)}</w:r>"


def _unbroken(text: str) -> str:
    """Text in which no date is broken at a hyphen."""
    return DATE.sub(lambda hit: hit.group().replace("-", f"</w:t><w:noBreakHyphen/>{_TEXT}"), text)


def _gap(break_page: bool) -> str:
    """A paragraph that takes no room after a table, or that begins a page."""
    spacing = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    run = '<w:r><w:br w:type="page"/></w:r>' if break_page else ""
    return f'<w:p {_NAMESPACE}><w:pPr>{spacing}<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr>{run}</w:p>'


def _table(grid: Grid, shape: Layout, panel: Panel) -> str:
    """The heading row, to be repeated on each page, and the rows of one panel."""
    widths = "".join(f'<w:gridCol w:w="{width}"/>' for width in panel.widths)
    margins = "".join(f'<w:{side} w:w="{GAP}" w:type="dxa"/>' for side in ("left", "right"))
    look = (
        f'<w:tblW w:w="{sum(panel.widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f"<w:tblCaption w:val={quoteattr(grid.heading)}/>"
    )
    rows = [_head_row(grid, shape, panel)]
    for n, (row, texts) in enumerate(zip(grid.rows, shape.texts, strict=True)):
        edge = "bottom" if n == len(grid.rows) - 1 else ""
        cells = "".join(_cells(grid, row, texts, shape, panel, edge))
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    return (
        f"<w:tbl {_NAMESPACE}><w:tblPr>{look}</w:tblPr><w:tblGrid>{widths}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _cell(width: int, paragraph: str, edges: str, low: bool = False) -> str:
    """A cell with the lines named in `edges`."""
    lines = "".join(_EDGE.format(edge) for edge in edges.split())
    borders = f"<w:tcBorders>{lines}</w:tcBorders>" if lines else ""
    place = '<w:vAlign w:val="bottom"/>' if low else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}{place}</w:tcPr>{paragraph}</w:tc>'


def _head_row(grid: Grid, shape: Layout, panel: Panel) -> str:
    """The headings: the first at the left, numbers in the middle."""
    cells = []
    for place, width in zip(panel.columns, panel.widths, strict=True):
        column = grid.columns[place]
        side = '<w:jc w:val="center"/>' if column.numbers else ""
        paragraph = _paragraph(column.head, shape.size, side, bold=True, kept=True)
        cells.append(_cell(width, paragraph, "top bottom", low=True))
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"


def _cells(
    grid: Grid, row: Row, texts: tuple[str, ...], shape: Layout, panel: Panel, edge: str
) -> Iterator[str]:
    """The cells of a row."""
    step = shape.size * TWIPS_PER_PT
    for place, width in zip(panel.columns, panel.widths, strict=True):
        if place == 0:
            side = f'<w:ind w:left="{(row.indent + 1) * step}" w:hanging="{step}"/>' if row.indent else ""
            paragraph = _paragraph(texts[place], shape.size, side, row.heading, row.kept)
        else:
            side = _side(grid, place, width, shape)
            paragraph = _paragraph(texts[place], shape.size, side, kept=row.kept)
        yield _cell(width, paragraph, edge)


def _side(grid: Grid, place: int, width: int, shape: Layout) -> str:
    """Text at the left; numbers as a block in the middle, each beginning at the same place."""
    if not grid.columns[place].numbers:
        return ""
    room = width - 2 * GAP - shape.natural[place]
    return f'<w:ind w:left="{room // 2}"/>' if room >= 0 else '<w:jc w:val="center"/>'
