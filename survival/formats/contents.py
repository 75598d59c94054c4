"""The list of the displays of a report: number, title, population and file of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import pandas as pd

from survival.formats.faces import Faces
from survival.formats.grid import Column, Grid, Row
from survival.tables.table import Shell, grid_of

CONTENTS = Shell(title="Tables, figures and listings", population="")
HEADINGS = {"number": "Number", "title": "Title", "kind": "Kind", "population": "Population", "file": "File"}


@dataclass(frozen=True)
class Entry:
    """One display of the list; `file` is its place as seen from the list."""

    id: str
    number: str
    title: str
    kind: str
    file: str
    population: str = ""


@dataclass(frozen=True)
class Contents(Faces):
    """The list, in the order given.  In html and RTF the files are links."""

    shell: Shell
    entries: tuple[Entry, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """Texts as printed; columns that are empty throughout are left out."""
        columns = {
            heading: [str(getattr(entry, name)) for entry in self.entries]
            for name, heading in HEADINGS.items()
            if name in ("title", "file") or any(getattr(entry, name) for entry in self.entries)
        }
        return pd.DataFrame(columns, columns=list(columns))

    @property
    def grid(self) -> Grid:
        """The texts of the frame, with the links."""
        frame = self.frame
        texts = frame.itertuples(index=False, name=None)
        rows = [Row(cells, link=quote(entry.file)) for cells, entry in zip(texts, self.entries, strict=True)]
        return grid_of("contents", self.shell, [Column(str(name)) for name in frame], rows)


def contents(entries: Sequence[Entry], shell: Shell = CONTENTS) -> Contents:
    """A table of contents.

    Parameters
    ----------
    entries : displays in order.
    shell : title, population, footnotes.

    Returns
    -------
    Contents with `.frame`, `.to_html(path)`, `.to_rtf(path)`, `.to_docx(path)` and `.to_csv(path)`.

    Examples
    --------
    >>> one = Entry("best", "14.2.1", "Best overall response", "table", "tables/best.html")
    >>> contents([one]).frame.iloc[0].tolist()
    ['14.2.1', 'Best overall response', 'table', 'tables/best.html']
    """
    return Contents(shell, tuple(entries))
