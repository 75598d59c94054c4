"""Tables as html, by great_tables."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from survival.tables.table import escaped

if TYPE_CHECKING:
    from survival.tables.table import Table


def fragment(table: Table) -> str:
    """The table as a piece of html with its style; the same table gives the same text."""
    return str(_great_table(table).as_raw_html())


def page(table: Table) -> str:
    """The table as a page that stands alone."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(table.shell.heading)}</title>\n</head>\n<body>\n{fragment(table)}\n</body>\n</html>\n"
    )


def _great_table(table: Table) -> Any:
    """Headings, notes and style around the table's strings; great_tables escapes the cells."""
    import great_tables as gt

    shell, frame = table.shell, table.frame
    names = [f"c{n}" for n in range(frame.shape[1])]
    heads: dict[str, Any] = {
        name: gt.html(html.escape(group) + f"<br>(N={n})")
        for name, (group, n) in zip(names[1:], table.columns.items(), strict=True)
    }
    frame = frame.set_axis(names, axis=1)
    frame["c0"] = [_indented(text) for text in frame["c0"]]
    great = (
        gt.GT(frame, rowname_col="c0", id=table.html_id)
        .tab_header(title=gt.html(escaped(shell.heading)), subtitle=gt.html(escaped(shell.population)))
        .cols_label(**heads)
        .cols_align("center", columns=names[1:])
        .tab_style(gt.style.text(weight="bold"), gt.loc.stub(rows=_headings(table)))
        .tab_options(
            table_font_names=["Arial", "Helvetica", "Liberation Sans", "sans-serif"],
            table_font_size="13px",
            heading_align="left",
            heading_title_font_size="15px",
            data_row_padding="3px",
            stub_border_style="none",
            table_body_hlines_style="none",
            source_notes_font_size="11px",
        )
    )
    for note in shell.footnotes:
        great = great.tab_source_note(gt.html(escaped(note)))
    return great


def _headings(table: Table) -> list[int]:
    """Positions of the lines that read no result."""
    return [n for n, line in enumerate(table.lines) if not line.row or line.indent == 0]


def _indented(text: str) -> str:
    """Leading spaces as spaces that html keeps."""
    stripped = text.lstrip(" ")
    return "\N{EM SPACE}" * ((len(text) - len(stripped)) // 2) + stripped
