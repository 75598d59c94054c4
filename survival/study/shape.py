"""Faults of shape in a study file, unknown keys and wrong types, in the words of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from survival.study.model import Study
from survival.study.source import Fault, Key, nearest

_STRICT = ConfigDict(strict=True)


def shape_faults(errors: list[dict[str, Any]]) -> Iterator[Fault]:
    """The errors of pydantic in the words of the file; a value that fits no type of several is one fault."""
    by_key: dict[Key, list[dict[str, Any]]] = {}
    for error in errors:
        key = tuple(part for part in error["loc"] if part != "[key]" and not _is_branch(part))
        by_key.setdefault(key, []).append(error)
    for key, same in by_key.items():
        if len(same) == 1:
            yield shape_fault(key, same[0])
        else:
            kinds = dict.fromkeys(expected(error).removeprefix("this must be ") for error in same)
            yield key, f"{_key_name(key)} = {show(same[0]['input'])}: this must be {', or '.join(kinds)}."


def shape_fault(key: Key, error: dict[str, Any]) -> Fault:
    """One error of pydantic in the words of the file."""
    name, table = _key_name(key), table_name(key[:-1])
    if error["type"] == "extra_forbidden":
        return key, f"unknown key '{name}' in {table}.{nearest(name, _keys_of(key[:-1]))}"
    if error["type"] == "missing":
        return key, f"'{name}' is missing in {table}. Add it."
    if error["type"] == "literal_error":
        known = _literal_words(error["ctx"]["expected"])
        return key, f"{name} = {show(error['input'])} is not known.{nearest(str(error['input']), known)}"
    return key, f"{name} = {show(error['input'])}: {expected(error)}."


def _key_name(key: Key) -> str:
    """The last key, or the item of the list that it holds."""
    return f"{key[-2]}, item {key[-1] + 1}" if isinstance(key[-1], int) else key[-1]


def _is_branch(part: str | int) -> bool:
    """Pydantic adds the type of a union's branch to the place; the file has no such key."""
    return isinstance(part, str) and (part in {"str", "int", "float", "bool"} or part.startswith("list["))


def expected(error: dict[str, Any]) -> str:
    """What a value should have been."""
    kinds = {
        "string": "a text in quotes",
        "int": "a whole number without quotes",
        "float": "a number without quotes",
        "bool": "true or false without quotes",
        "list": "a list in [ ]",
        "dict": "a table of key = value",
        "model": "a table of key = value",
    }
    if (limit := _limit(error)) is not None:
        return f"this must be {limit}"
    kind = error["type"].split("_")[0]
    wrong_type = error["type"].endswith("_type") and kind in kinds
    return f"this must be {kinds[kind]}" if wrong_type else str(error["msg"])


def _limit(error: dict[str, Any]) -> str | None:
    """What a value of the right type should have been."""
    given = error.get("ctx", {})
    said = {
        "greater_than_equal": f"{given.get('ge')} or more",
        "greater_than": f"more than {given.get('gt')}",
        "too_short": f"a list of {given.get('min_length')}",
        "too_long": f"a list of {given.get('max_length')}",
        "string_too_short": "a text that is not empty",
        "string_pattern_mismatch": "letters, digits, dots, hyphens and underscores",
    }
    return said.get(error["type"], "").replace(".0 ", " ").removesuffix(".0") or None


def show(value: Any) -> str:
    """A value as the file writes it, shortened."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    text = f"[{', '.join(map(show, value))}]" if isinstance(value, list) else text
    text = text.lower() if isinstance(value, bool) else text
    return text if len(text) <= 60 else text[:57] + "..."


def table_name(key: Key) -> str:
    """A table as its header is written."""
    if not key:
        return "the file (expected are tables such as [study] and [data])"
    names = [str(part) for part in key if isinstance(part, str)]
    return f"[[{names[0]}]]" if isinstance(key[-1], int) else f"[{'.'.join(names)}]"


def _keys_of(key: Key) -> list[str]:
    """The keys that a table of the study file may hold."""
    model: Any = Study
    for part in key:
        if isinstance(model, type) and issubclass(model, BaseModel) and part in model.model_fields:
            model = model.model_fields[str(part)].annotation
        elif get_args(model):
            model = get_args(model)[-1]
        if type(None) in get_args(model):  # `Arms | None`: a table that may be left out
            model = next(kind for kind in get_args(model) if kind is not type(None))
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _literal_words(expected: str) -> list[str]:
    """The words of pydantic's `'a', 'b' or 'c'`."""
    return expected.replace(" or ", ", ").replace("'", "").split(", ")


def value_fault(key: Key, hint: Any, value: Any) -> Iterator[Fault]:
    """A number must be a number, and none of these limits can be below nought; one word is a list of one."""
    if get_origin(hint) is Literal:
        if value not in (words := get_args(hint)):
            yield key, f"{key[-1]} = {show(value)} is not known.{nearest(str(value), words)}"
        return
    given = value
    if get_origin(hint) is tuple and isinstance(value, str | list):
        given = (value,) if isinstance(value, str) else tuple(value)
    try:
        TypeAdapter(hint, config=_STRICT).validate_python(given)
    except ValidationError as error:
        yield key, f"{key[-1]} = {show(value)}: {expected(dict(error.errors()[0]))}."
        return
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        yield key, f"{key[-1]} = {value} is negative. Give 0 or more."


def name_fault(key: Key, what: str, name: str | None, known: Any) -> Iterator[Fault]:
    """A name that must be one of those defined elsewhere in the file."""
    if name is not None and name not in known:
        yield key, f"{what} '{name}' is not known.{nearest(name, known)}"
