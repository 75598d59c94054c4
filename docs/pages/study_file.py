"""The study file: every table, and every key with its type, default and meaning."""

from __future__ import annotations

import types
import typing
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from docs.pages import HEAD, table
from survival.study.keys import KEYS
from survival.study.model import Study

INTRO = """\
A study file is TOML.  It says what the protocol says; `recist run STUDY.toml` derives the rest, `recist study
STUDY.toml` reads the file back in sentences, and `recist study --schema` prints a JSON schema, with which
an editor completes and checks the keys.  An unknown key or name is an error that names the line and the nearest
known word.  Files are relative to the study file; `"${HOME}/x"` takes an environment variable.

Endpoints by name: [endpoints](endpoints.md).  Fields of the criteria: [conventions](conventions.md)."""
VALUE = {str, int, float, bool}
WORDS = {str: "text", int: "whole number", float: "number", bool: "`true`, `false`", Any: "any"}


def text() -> str:
    """A section per table of the file, in the order of the model."""
    parts = ["# The study file", HEAD, INTRO]
    for name, field in Study.model_fields.items():
        parts += list(sections(header(name, field.annotation), field.annotation))
    return "\n\n".join(parts) + "\n"


def header(name: str, kind: Any) -> str:
    """How the table is written: [name], [name.NAME] or [[name]]."""
    origin = typing.get_origin(kind)
    return f"[[{name}]]" if origin is list else f"[{name}.NAME]" if origin is dict else f"[{name}]"


def sections(title: str, kind: Any) -> typing.Iterator[str]:
    """The section of one table, and those of the tables within it."""
    model = model_of(kind)
    if model is None:  # [criteria.NAME]: its keys are the fields of the criteria
        yield f"## `{title}`"
        yield KEYS["Study"]["criteria"] + "  A list of the fields: [conventions](conventions.md)."
        return
    yield f"## `{title}`"
    said = " ".join((model.__doc__ or "").split()).split(": ", 1)[-1]
    yield said[0].upper() + said[1:]
    rows = [row(model, name, field) for name, field in model.model_fields.items()]
    yield table(["key", "value", "default", "meaning"], rows)
    for name, field in model.model_fields.items():
        if model_of(field.annotation) is not None:
            inner = title.strip("[]") + "." + name
            yield from sections(header(inner, field.annotation), field.annotation)


def row(model: type[BaseModel], name: str, field: FieldInfo) -> list[str]:
    """One key."""
    return [f"`{name}`", words(field.annotation), default(field), KEYS[model.__name__][name]]


def default(field: FieldInfo) -> str:
    """What holds when the key is left out."""
    if field.is_required():
        return "**needed**"
    value = field.default
    if value is None or value in ("", [], {}) or isinstance(value, BaseModel):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else repr(value)}`".replace("'", '"')


def model_of(kind: Any) -> type[BaseModel] | None:
    """The model of a table, alone, in a list or under names."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for inner in typing.get_args(kind) if (found := model_of(inner))), None)


def words(kind: Any) -> str:
    """The values a key takes, in words."""
    if model_of(kind) is not None:
        return "table"
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        return ", ".join(f'`"{value}"`' for value in inside)
    if origin is typing.Annotated:
        return words(inside[0])
    if origin is list:
        return f"list of {plural(words(inside[0]))}"
    if origin is dict:
        return f"table of name = {words(inside[1])}"
    if origin in (typing.Union, types.UnionType):
        named = ["value"] if set(inside) >= VALUE else []
        named += [words(one) for one in inside if one is not type(None) and not (named and one in VALUE)]
        return " or ".join(named)
    return WORDS[kind]


def plural(word: str) -> str:
    """`text` to `texts`."""
    return f"{word}s" if word in {"text", "number", "whole number", "value"} else word
