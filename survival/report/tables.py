"""A table or listing of the results folder as part of the page; subjects in listings lead to their data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from recist import subject_link
from survival.formats.align import text_width
from survival.formats.grid import Column, Grid, Row
from survival.formats.html import DIGIT_EM, escaped

MOST_ROWS = 400  # of a listing; a longer one would make the page slow, and its subjects show the same
SUBJECT = "Subject"  # heading of the column whose cells lead to the subject
SHORT_EM = 12.0  # a column no wider is not broken
LONG_EM = 45.0  # a wider one holds sentences
LONG_WORD = 24  # characters; a longer word of a heading is broken


def table_html(grid: Grid, name: str, subjects: frozenset[str], file: str) -> str:
    """The grid as a table with its notes; `file` is where a listing that is too long stands in full."""
    notes = list(grid.notes)
    if (n := len(grid.rows)) > MOST_ROWS:
        more = f"The first {MOST_ROWS:,} of {n:,} lines; all of them are in the file {file} of the results."
        notes.insert(0, more)
        grid = replace(grid, rows=grid.rows[:MOST_ROWS])
    texts = grid.aligned
    looks = [_look(grid, place, texts) for place in range(len(grid.columns))]
    links = [column.head == SUBJECT for column in grid.columns]
    body = [
        _row(row, cells, looks, [subjects if link else frozenset() for link in links])
        for row, cells in zip(grid.rows, texts, strict=True)
    ]
    heads = "".join(_head(column, look) for column, look in zip(grid.columns, looks, strict=True))
    below = "".join(f"<p>{escaped(note)}</p>" for note in notes)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-labelledby="{name}-title">'
        f'<table class="display" aria-labelledby="{name}-title"><thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{chr(10).join(body)}\n</tbody></table></div>\n"
        + (f'<div class="notes">{below}</div>' if below else "")
    )


def _look(grid: Grid, place: int, texts: tuple[tuple[str, ...], ...]) -> tuple[str, str]:
    """Class of the cells of a column, none for short ones, and the room for its numbers in widths of a digit."""
    widest = max((text_width(text) for text in {cells[place] for cells in texts}), default=0.0)
    if grid.columns[place].numbers:
        return "num", f"{widest / DIGIT_EM + 0.2:.1f}ch"
    return ("" if widest <= SHORT_EM else "long" if widest <= LONG_EM else "prose"), ""


def _head(column: Column, look: tuple[str, str]) -> str:
    words = escaped(column.head).replace("\n", "<br>")
    broken = any(len(word) > LONG_WORD for word in column.head.split())
    return f'<th scope="col"{_class(f"{look[0]} broken" if broken else look[0])}>{words}</th>'


def _row(row: Row, cells: tuple[str, ...], looks: list[tuple[str, str]], known: list[frozenset[str]]) -> str:
    """One row; the first cell heads it."""
    start = '<tr class="block">' if row.heading else "<tr>"
    return f"{start}{''.join(_cells(row, cells, looks, known))}</tr>"


def _cells(
    row: Row, cells: tuple[str, ...], looks: list[tuple[str, str]], known: list[frozenset[str]]
) -> Iterator[str]:
    for place, (text, (name, room)) in enumerate(zip(cells, looks, strict=True)):
        shown = escaped(text)
        if text in known[place]:
            shown = f'<a href="{escaped(subject_link(text))}">{shown}</a>'
        if place == 0:
            inset = f' style="padding-left:{0.5 + 1.1 * row.indent:.1f}em"' if row.indent else ""
            yield f'<th scope="row"{_class(name)}{inset}>{shown}</th>'
        elif room:
            yield f'<td class="num"><span style="min-width:{room}">{shown}</span></td>'
        else:
            yield f"<td{_class(name)}>{shown}</td>"


def _class(name: str) -> str:
    """The attribute; most cells go without."""
    return f' class="{name.strip()}"' if name else ""
