"""A grid as html: style, headings and notes by great_tables, the rows by us.

great_tables makes every cell an object; 5,000 rows of ten columns took it 10 s.  The table has a caption and
scopes, so that a screen reader tells what a number belongs to (W3C, WCAG 2.2, techniques H39 and H63).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from survival.formats.align import text_width
from survival.formats.grid import Column, Grid, Row

_NAME = "id-of-the-grid"  # great_tables keeps letters and hyphens of a name, and nothing else
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
    heads = [escaped(column.head).replace("\n", "<br>") for column in grid.columns]
    texts = {
        "id": grid.id,
        "label": escaped(grid.heading),
        "caption": f"<b>{escaped(grid.heading)}</b>{escaped(grid.population)}",
        "body": "\n".join(_rows(grid)),
        **{f"head{n}": head for n, head in enumerate(heads)},
        **{f"note{n}": escaped(note) for n, note in enumerate(grid.notes)},
    }
    shape = _shape(tuple(column.numbers for column in grid.columns), len(grid.notes))
    return "".join(texts[part] if n % 2 else part for n, part in enumerate(shape))


def page(title: str, body: str) -> str:
    """A page that stands alone."""
    return _PAGE.format(title=html.escape(title), body=body)


def escaped(text: str) -> str:
    """Text from data as html text."""
    return html.escape(text)


def _gap(name: str) -> str:
    """Where a text of the grid goes, in characters that no browser shows (Unicode, private use)."""
    return f"\ue000{name}\ue001"


@lru_cache(maxsize=128)
def _shape(numbers: tuple[bool, ...], notes: int) -> tuple[str, ...]:
    """What all tables with these columns and as many notes have in common; every second part names a gap."""
    name = _gap("id")
    raw = str(_frame_around(numbers, notes).as_raw_html()).replace(_NAME, name)
    raw = raw.replace("</style>", f"{_STYLE.format(id=name)}</style>", 1)
    caption = f"<caption>{_gap('caption')}</caption>"
    raw = re.sub(r"(<table [^>]*>)", lambda hit: f"{hit.group(1)}\n{caption}", raw, count=1)
    told = f'tabindex="0" role="region" aria-label="{_gap("label")}"'
    raw = raw.replace(f'<div id="{name}"', f'<div id="{name}" {told}', 1)
    body = rf"\1\n{_gap('body')}\n\2"
    raw = re.sub(r"(<tbody[^>]*>).*?(</tbody>)", body, raw, flags=re.S)
    return tuple(re.split("\ue000(.*?)\ue001", raw))


def _frame_around(numbers: tuple[bool, ...], notes: int) -> Any:
    """A great_tables table without rows: column headings, notes and style."""
    import great_tables as gt

    names = [f"c{n}" for n in range(len(numbers))]
    heads: dict[str, Any] = {name: gt.html(_gap(f"head{n}")) for n, name in enumerate(names)}
    great = gt.GT(pd.DataFrame(columns=names, dtype=str), id=_NAME)
    great = great.cols_label(**heads).cols_align("left")
    if any(numbers):
        middle = [name for name, number in zip(names, numbers, strict=True) if number]
        great = great.cols_align("center", columns=middle)
    for n in range(notes):
        great = great.tab_source_note(gt.html(_gap(f"note{n}")))
    return great.tab_options(
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
        if row.link and place == len(texts) - 1:
            shown = f'<a href="{html.escape(row.link)}">{shown}</a>'
        if place == 0:
            yield f'<th scope="row" class="gt_row {look.name} gt_stub{block}"{inset}>{shown}</th>'
        elif look.digits:
            yield f'<td class="gt_row num"><span style="min-width:{look.digits}">{shown}</span></td>'
        else:
            yield f'<td class="gt_row {look.name}">{shown}</td>'
