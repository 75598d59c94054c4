"""A listing as a frame with headings, and its faces: csv, html."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from survival.tables.table import Shell, escaped

NOTHING = "No subject to list."


@dataclass(frozen=True)
class Listing:
    """Rows as printed, below headings; nothing here computes.

    `data` has the values, `headings` the printed columns: name in `data` -> heading.
    """

    shell: Shell
    headings: dict[str, str]
    data: pd.DataFrame

    @property
    def frame(self) -> pd.DataFrame:
        """Texts as printed: days as 2024-03-15, nothing for a missing value."""
        columns = {heading: _texts(self.data[name]) for name, heading in self.headings.items()}
        return pd.DataFrame(columns, columns=list(columns))

    def to_csv(self, path: str | Path | None = None) -> str:
        """The frame as csv; written to `path` too when it is given."""
        text = self.frame.to_csv(index=False, lineterminator="\n")
        if path is not None:
            Path(path).write_text(text, encoding="utf-8", newline="\n")
        return text

    def to_html(self, path: str | Path | None = None) -> str:
        """The listing as html: a fragment as the answer, a whole page in `path` when it is given."""
        fragment = str(_great_table(self).as_raw_html())
        if path is not None:
            head = f'<meta charset="utf-8">\n<title>{html.escape(self.shell.heading)}</title>'
            body = f'<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{fragment}\n</body>\n</html>\n'
            page = f"<!DOCTYPE html>\n{body}"
            Path(path).write_text(page, encoding="utf-8", newline="\n")
        return fragment

    def _repr_html_(self) -> str:
        return self.to_html()

    @property
    def html_id(self) -> str:
        """An identifier that the same listing always has."""
        return re.sub(r"[^a-z0-9]+", "-", f"l {self.shell.heading}".lower()).strip("-")


def _texts(column: pd.Series[Any]) -> list[str]:
    """A column as printed."""
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    return column.astype("string").fillna("").tolist()


def _great_table(listing: Listing) -> Any:
    """Headings, notes and style around the rows; great_tables escapes the cells."""
    import great_tables as gt

    shell, frame = listing.shell, listing.frame
    names = [f"c{n}" for n in range(frame.shape[1])]
    heads: dict[str, Any] = dict(zip(names, frame.columns, strict=True))
    notes = shell.footnotes if len(frame) else (NOTHING, *shell.footnotes)
    great = (
        gt.GT(frame.set_axis(names, axis=1), id=listing.html_id)
        .tab_header(title=gt.html(escaped(shell.heading)), subtitle=gt.html(escaped(shell.population)))
        .cols_label(**heads)
        .cols_align("left")
        .tab_options(
            table_font_names=["Arial", "Helvetica", "Liberation Sans", "sans-serif"],
            table_font_size="12px",
            heading_align="left",
            heading_title_font_size="15px",
            data_row_padding="3px",
            source_notes_font_size="11px",
        )
    )
    for note in notes:
        great = great.tab_source_note(gt.html(escaped(note)))
    return great
