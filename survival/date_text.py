"""Columns of dates and flags as a reader of a table would call them."""

from __future__ import annotations


def in_words(column: str) -> str:
    """A column as words.

    Examples
    --------
    >>> in_words("treatment_start_date"), in_words("dlt_evaluable")
    ('treatment start', 'dlt evaluable')
    """
    return column.removesuffix("_date").replace("_", " ")
