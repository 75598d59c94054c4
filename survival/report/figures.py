"""A figure of the results folder as part of the page: its svg with names of its own, and its words."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

from survival.formats.html import escaped
from survival.report.compact import compact_svg

_PROLOG = re.compile(r"\A.*?(?=<svg\b)", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
_STYLE = re.compile(
    r"<style type=\"text/css\">.*?</style>\s*", re.DOTALL
)  # for all of a page, not the figure
_FACE = re.compile(r"@font-face \{[^}]*\}")
_ID = re.compile(r'(\sid=")([^"]*")')
_USE = re.compile(r'((?:xlink:)?href="#)(?!subject=)([^"]*")')
_URL = re.compile(r"url\(#([^)]*)\)")
_OPEN = re.compile(r"<svg\b[^>]*>")
_BOX = re.compile(r'viewBox="([^"]*)"')
_FONTS = re.compile(r' style="font-family: [^"]*"')
_LINK = re.compile(r'<a xlink:href="(#subject=([^"]*))"(?: target="_blank")?>')


def inline_svg(svg: str, prefix: str, words: str) -> str:
    """An svg file as an element of a page.

    Its identifiers begin with `prefix`, so that figures of one page do not share clip paths; its description
    becomes the label of the element; links to subjects stay links, outside the order of the tab key.
    """
    body = compact_svg(_STYLE.sub("", _METADATA.sub("", _PROLOG.sub("", svg, count=1))))
    body = _ID.sub(rf"\g<1>{prefix}-\g<2>", body)
    body = _USE.sub(rf"\g<1>{prefix}-\g<2>", body)
    body = _URL.sub(rf"url(#{prefix}-\g<1>)", body)
    opened = _OPEN.search(body)
    box = _BOX.search(opened.group(0)) if opened else None
    fonts = _FONTS.search(opened.group(0)) if opened else None
    if opened is None or box is None:
        raise ValueError(f"{prefix}: the figure is not an svg with a viewBox")
    linked = _LINK.search(body) is not None
    body = _LINK.sub(_named, body)
    role = "group" if linked else "img"
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{box.group(1)}"{fonts.group(0) if fonts else ""} role="{role}" aria-label="{escaped(words)}">'
    )
    return start + body[opened.end() :].strip()


def font_faces(svg: str) -> list[str]:
    """The rules of the fonts that an svg file holds: `inline_svg` leaves them out, a page needs each once."""
    style = _STYLE.search(svg)
    return _FACE.findall(style.group(0)) if style else []


def _named(link: re.Match[str]) -> str:
    """A link with its subject as its name, which the pointer shows too."""
    who = escaped(unquote(unescape(link.group(2))))
    return f'<a tabindex="-1" href="{link.group(1)}"><title>{who}</title>'


def width_pt(svg: str) -> float:
    """Width of an inline svg in points."""
    box = _BOX.search(svg)
    return float(box.group(1).split()[2]) if box else 0.0
