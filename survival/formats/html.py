"""A grid as html: style, headings and notes by great_tables, the rows by us.

great_tables makes every cell an object; 5,000 rows of ten columns took it 10 s.  The table has a caption and
scopes, so that a screen reader tells what a number belongs to (W3C, WCAG 2.2, techniques H39 and H63).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from survival.formats.align import text_width
from survival.formats.grid import DATE, Column, Grid, Row

_NAME = "id-of-the-grid"  # stands where the name of a grid goes
DIGIT_EM = 0.556
SHORT_EM = 11.0  # a column no wider is not broken
_STYLE = """
#{id} caption {{ caption-side: top; text-align: left; padding: 4px 5px; }}
#{id} caption b {{ display: block; font-size: 15px; }}
#{id} .gt_row, #{id} thead th {{ vertical-align: top; font-variant-numeric: tabular-nums; }}
#{id} .gt_row {{ white-space: pre-wrap; overflow-wrap: anywhere; min-width: 12em; max-width: 34em; }}
#{id} thead th.gt_col_heading {{ white-space: pre-line; vertical-align: bottom; }}
#{id} tbody th.gt_stub {{ position: sticky; left: 0; font-weight: normal; border-right: none; background: #FFFFFF; }}
#{id} tbody th.block {{ font-weight: bold; }}
#{id} .short, #{id} .num {{ white-space: pre; min-width: 0; }}
#{id} .day {{ white-space: nowrap; }}
#{id} td.num {{ text-align: center; }}
#{id} td.num span {{ display: inline-block; text-align: left; }}
@media print {{
  #{id} {{ overflow: visible !important; }}
  #{id} thead {{ display: table-header-group; }}
  #{id} tr {{ break-inside: avoid; }}
  #{id} tr.kept {{ break-after: avoid; }}
  #{id} tbody th.gt_stub {{ position: static; }}
}}
"""
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ margin: 1.5em; }} @page {{ size: landscape; margin: 15mm; }}</style>
</head>
<body>
{body}
</body>
</html>
"""


def fragment(grid: Grid) -> str:
    """The grid as a piece of html with its style; the same grid gives the same text."""
    frame = _frame()
    looks = [head.replace(_NAME, grid.id) for head in frame.heads]
    heads = "".join(
        looks[column.numbers].format(n=n, head=escaped(column.head).replace("\n", "<br>"))
        for n, column in enumerate(grid.columns)
    )
    notes = "".join(frame.note.format(columns=len(grid.columns), note=escaped(note)) for note in grid.notes)
    texts = {
        "label": escaped(grid.heading),
        "caption": f"<b>{escaped(grid.heading)}</b>{escaped(grid.population)}",
        "heads": heads,
        "body": "\n".join(_rows(grid)),
        "notes": f"<tfoot>{notes}</tfoot>" if notes else "",
    }
    return "".join(
        texts[part] if n % 2 else part.replace(_NAME, grid.id) for n, part in enumerate(frame.parts)
    )


def page(title: str, body: str) -> str:
    """A page that stands alone."""
    return _PAGE.format(title=html.escape(title), body=body)


def escaped(text: str) -> str:
    """Text from data as html text."""
    return html.escape(text)


@dataclass(frozen=True)
class _Frame:
    """What all tables have in common: every second of `parts` names a gap; heads of texts and of numbers; a note."""

    parts: tuple[str, ...]
    heads: tuple[str, str]
    note: str


@cache
def _frame() -> _Frame:
    """The frame that great_tables makes, taken apart once."""
    raw = str(_frame_around().as_raw_html()).replace("</style>", f"{_STYLE.format(id=_NAME)}</style>", 1)
    told = f'<div id="{_NAME}" tabindex="0" role="region" aria-label="\ue000label\ue000"'
    raw = raw.replace(f'<div id="{_NAME}"', told, 1)
    raw = re.sub(r"(<table [^>]*>)", "\\1\n<caption>\ue000caption\ue000</caption>", raw, count=1)
    raw = re.sub(r"(<tbody[^>]*>).*?(</tbody>)", "\\1\n\ue000body\ue000\n\\2", raw, flags=re.S)
    text, numbers = re.findall(r" *<th .*?</th>\n", raw)
    raw = raw.replace(text + numbers, "\ue000heads\ue000")
    foot = re.findall(r"<tfoot>(.*?)</tfoot>", raw, re.S)[0]
    raw = raw.replace(f"<tfoot>{foot}</tfoot>", "\ue000notes\ue000")
    heads = text.replace("-c0", "-c{n}"), numbers.replace("-c1", "-c{n}")
    return _Frame(tuple(raw.split("\ue000")), heads, foot.replace('colspan="2"', 'colspan="{columns}"'))


def _frame_around() -> Any:
    """A great_tables table without rows: a heading of texts, one of numbers, a note, and the style."""
    import great_tables as gt

    great = gt.GT(pd.DataFrame(columns=["c0", "c1"], dtype=str), id=_NAME)
    great = great.cols_label(c0=gt.html("{head}"), c1=gt.html("{head}"))
    great = great.cols_align("left", columns="c0").cols_align("center", columns="c1")
    return great.tab_source_note(gt.html("{note}")).tab_options(
        table_font_names=["Arial", "Helvetica", "Liberation Sans", "sans-serif"],
        table_font_size="13px",
        data_row_padding="3px",
        table_body_hlines_style="none",
        source_notes_font_size="11px",
    )


def _rows(grid: Grid) -> Iterator[str]:
    """Table rows; the first cell heads its row."""
    cells = grid.aligned
    looks = [
        _look(part, column) for part, column in zip(zip(*cells, strict=True), grid.columns, strict=False)
    ]
    for row, texts in zip(grid.rows, cells, strict=True):
        kept = ' class="kept"' if row.kept else ""
        yield f"<tr{kept}>{''.join(_cells(row, texts, looks))}</tr>"


@dataclass(frozen=True)
class _Look:
    """Class of the cells of a column, and the room for its numbers in widths of a digit."""

    name: str
    digits: str = ""


def _look(texts: tuple[str, ...], column: Column) -> _Look:
    """How the cells of a column look."""
    widest = max(map(text_width, set(texts)), default=0.0)
    if column.numbers:
        return _Look("num", f"{widest / DIGIT_EM + 0.2:.1f}ch")
    return _Look("gt_left short" if widest <= SHORT_EM else "gt_left")


def _cells(row: Row, texts: tuple[str, ...], looks: list[_Look]) -> Iterator[str]:
    """The cells of one row."""
    inset = f' style="padding-left:{5 + 16 * row.indent}px"' if row.indent else ""
    block = " block" if row.heading else ""
    for place, (text, look) in enumerate(zip(texts, looks, strict=True)):
        shown = escaped(text)
        if look.name == "gt_left":  # the other columns are not broken at all
            shown = DATE.sub(r'<span class="day">\g<0></span>', shown)
        if row.link and place == len(texts) - 1:
            shown = f'<a href="{html.escape(row.link)}">{shown}</a>'
        if place == 0:
            yield f'<th scope="row" class="gt_row {look.name} gt_stub{block}"{inset}>{shown}</th>'
        elif look.digits:
            yield f'<td class="gt_row num"><span style="min-width:{look.digits}">{shown}</span></td>'
        else:
            yield f'<td class="gt_row {look.name}">{shown}</td>'
