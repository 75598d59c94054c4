"""The endpoints: their situations in the order they are tried, and the settings that differ from the default."""

from __future__ import annotations

import typing
from dataclasses import MISSING, fields

from docs.pages import HEAD, table
from survival import Endpoint, all_endpoints

INTRO = """\
The first situation that applies to a subject decides.  A variant is an edit: `PFS.without("P4")`, `PFS.edit("P3",
date="new_therapy_date")`, `replace(OS, frame_days=730)`; in a study file `without = ["P4"]` and
`settings = { frame_days = 730 }`.  Dates are facts of the subject, described in `survival.facts.FACTS`."""
TITLES = {True: "everyone has a row", False: "only subjects with {only}; arms are not compared"}


def text() -> str:
    """The settings, then a section per endpoint."""
    parts = ["# Endpoints", HEAD, INTRO, "## Settings", settings()]
    parts += [section(key, endpoint) for key, endpoint in all_endpoints().items()]
    return "\n\n".join(parts) + "\n"


def settings() -> str:
    """Every setting with its default, meaning and source."""
    hints = typing.get_type_hints(Endpoint)
    rows = [
        [
            f"`{f.name}`",
            words(hints[f.name]),
            f"`{value(f.default)}`",
            f.metadata["sentence"],
            f.metadata["cite"],
        ]
        for f in fields(Endpoint)
        if "sentence" in f.metadata
    ]
    return table(["setting", "values", "default", "meaning", "source"], rows)


def section(key: str, endpoint: Endpoint) -> str:
    """One endpoint: title and source, who has a row, its settings, its situations."""
    known = TITLES[endpoint.compares_arms].format(only=f"`{endpoint.only}`")
    own = [
        f"`{f.name} = {value(getattr(endpoint, f.name))}`"
        for f in fields(endpoint)
        if "sentence" in f.metadata and f.default is not MISSING and getattr(endpoint, f.name) != f.default
    ]
    rows = [[s.rule, s.text, f"`{s.date}`", s.outcome, s.cite] for s in endpoint.situations]
    lines = [
        f"## `{key}`: {endpoint.title}",
        f"{endpoint.cite}; {known}.",
        f"Settings of its own: {', '.join(own)}." if own else "Settings: the defaults.",
        table(["rule", "situation", "date", "outcome", "source"], rows),
    ]
    return "\n\n".join(lines)


def value(given: object) -> str:
    """A setting as a study file writes it."""
    if isinstance(given, tuple):
        return f"[{', '.join(value(one) for one in given)}]"
    return f'"{given}"' if isinstance(given, str) else str(given)


def words(kind: object) -> str:
    """The values a setting takes."""
    if typing.get_origin(kind) is typing.Literal:
        return ", ".join(f"`{one}`" for one in typing.get_args(kind))
    known = {
        int: "whole number",
        float: "number",
        str: "text",
        bool: "`True`, `False`",
        type(None): "`None`",
        tuple[str, ...]: "list of texts",
    }
    return known[kind] if kind in known else ", ".join(known[one] for one in typing.get_args(kind))
