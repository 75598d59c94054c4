"""Where a mark of one subject leads: a page that shows figures and subjects together gives the place its meaning."""

from __future__ import annotations

from urllib.parse import quote


def subject_link(subject: str) -> str:
    """The address of a subject within a page: bars and lines of single subjects carry it in an svg.

    Examples
    --------
    >>> subject_link("01-701/1015 <a>")
    '#subject=01-701%2F1015%20%3Ca%3E'
    """
    return f"#subject={quote(subject, safe='')}"
