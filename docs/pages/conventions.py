"""The conventions: every field of the criteria that a protocol may set otherwise."""

from __future__ import annotations

import typing
from dataclasses import fields

from docs.pages import HEAD, published, table

INTRO = """\
What a paper leaves open, or a protocol may set, is a named field of the criteria with our default.  Edit
it by `dataclasses.replace(recist.get_criteria("recist_1_1"), min_sd_days=56)` or by name:
`recist.get_criteria("recist_1_1[min_sd_days=56]")`.  The column `criteria` of every result names the
edits."""


def text() -> str:
    """One table: a row per field, a column per criteria; blank where a criteria does not ask."""
    criteria = published()
    kinds = {name: kind for value in criteria for name, kind in typing.get_type_hints(type(value)).items()}
    asked = {
        field.name: field for value in criteria for field in fields(value) if "sentence" in field.metadata
    }
    rows = [
        [
            f"`{name}`",
            values(kinds[name]),
            *(f"`{getattr(value, name)}`" if hasattr(value, name) else "" for value in criteria),
            field.metadata["sentence"],
            field.metadata["cite"],
        ]
        for name, field in asked.items()
    ]
    head = ["field", "values", *(value.name for value in criteria), "meaning", "source"]
    return "\n\n".join(["# Conventions", HEAD, INTRO, table(head, rows)]) + "\n"


def values(kind: object) -> str:
    """The values a field takes, in words."""
    if typing.get_origin(kind) is typing.Literal:
        return ", ".join(f"`{value}`" for value in typing.get_args(kind))
    words = {int: "whole number", float: "number", bool: "`True`, `False`"}
    if kind in words:
        return words[kind]
    return ", ".join("`None`" if one is type(None) else words[one] for one in typing.get_args(kind))
