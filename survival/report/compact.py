"""The svg of a figure without what the page does not need: fonts named once, hundredths of a point, no empty groups."""

from __future__ import annotations

import re

_TAG = re.compile(r"<[A-Za-z][^>]*>")  # matplotlib escapes the signs < and > of a text and of an attribute
_FAMILY = re.compile(r"font-family: ([^;\"]*)(?:; )?")
_NO_TURN = re.compile(r" transform=\"rotate\(-?0 [^\"]*\)\"")
_PLACES = re.compile(r"(?<= )(d|x|y|transform|points)=\"([^\"]*)\"")
_LONG = re.compile(r"-?\d+\.\d{3,}")
_AROUND = re.compile(r"\s*([MLCQVHAZz])\s*")
_ZERO = re.compile(r"(?<![\d.])(-?)0\.")
_ID = re.compile(r" id=\"([^\"]*)\"")
_USED = re.compile(r"(?:href=\"#|url\(#)([^\")]*)")
_BREAK = re.compile(r">\s*\n\s*<")
_EMPTY = re.compile(r"<g\s*/>|<g></g>|<defs></defs>|<defs\s*/>")


def compact_svg(svg: str) -> str:
    """The same picture in fewer bytes; links, words and identifiers that are used stay."""
    used = set(_USED.findall(svg))
    families = set(_FAMILY.findall(svg))
    alone = len(families) == 1

    def shorter(tag: re.Match[str]) -> str:
        text = _ID.sub(lambda one: one.group(0) if one.group(1) in used else "", tag.group(0))
        text = _FAMILY.sub("", text) if alone else text
        return _PLACES.sub(_place, _NO_TURN.sub("", text))

    svg = _BREAK.sub("><", _TAG.sub(shorter, svg))
    while (fewer := _EMPTY.sub("", svg)) != svg:
        svg = fewer
    return svg.replace("<svg ", f'<svg style="font-family: {families.pop()}" ', 1) if alone else svg


def _place(found: re.Match[str]) -> str:
    """An attribute that says where something lies, to a hundredth of a point."""
    name, value = found.groups()
    value = _LONG.sub(lambda number: f"{float(number.group(0)):.2f}".rstrip("0").rstrip("."), value)
    if name == "d":
        value = _ZERO.sub(r"\1.", _AROUND.sub(r"\1", value.strip())).replace(" -", "-")
    return f'{name}="{value}"'
