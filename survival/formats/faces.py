"""The files that every table and listing can become."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from survival.formats.grid import Grid
from survival.formats.paper import LETTER, Paper

if TYPE_CHECKING:
    PathLike = str | Path


class Faces(ABC):
    """A display with a frame of texts and a grid, written as csv, html, rtf and docx."""

    @property
    @abstractmethod
    def frame(self) -> pd.DataFrame:
        """Texts as printed."""

    @property
    @abstractmethod
    def grid(self) -> Grid:
        """The texts with the words around them, for any format."""

    def to_csv(self, path: PathLike | None = None) -> str:
        """The frame as csv; written to `path` too when it is given.

        A text that a spreadsheet would run as a formula has an apostrophe before it.
        """
        from survival.formats.spreadsheet import csv_text

        return _written(csv_text(self.frame), path)

    def to_html(self, path: PathLike | None = None) -> str:
        """As html: a fragment as the answer, a whole page in `path` when it is given."""
        from survival.formats.html import fragment, page

        grid = self.grid
        text = fragment(grid)
        if path is not None:
            _written(page(grid.heading, text), path)
        return text

    def to_rtf(self, path: PathLike | None = None, paper: Paper = LETTER) -> str:
        """As RTF; written to `path` too when it is given.  `paper`: `LETTER` or `A4`."""
        from survival.formats.rtf import rtf

        return _written(rtf(self.grid, paper), path)

    def to_docx(self, path: PathLike | None = None, paper: Paper = LETTER) -> bytes:
        """As docx (Word); written to `path` too when it is given.

        Raises InputError when python-docx is not there: `pip install recist[docx]`.
        """
        from survival.formats.docx import docx

        content = docx(self.grid, paper)
        if path is not None:
            Path(path).write_bytes(content)
        return content

    def _repr_html_(self) -> str:
        return self.to_html()


def _written(text: str, path: PathLike | None) -> str:
    """The text, which is in the file as well when there is a path."""
    if path is not None:
        Path(path).write_text(text, encoding="utf-8", errors="replace", newline="\n")
    return text
