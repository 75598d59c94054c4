"""The reference: every public name of both packages, from its docstring."""

from __future__ import annotations

import inspect
import re
from types import ModuleType
from typing import Any

import recist
import survival

HEADINGS = re.compile(r"^(?P<title>[A-Z][A-Za-z ]+)\n-{3,}$", re.MULTILINE)
ITEM = re.compile(r"(?P<name>[^\s:][^:\n]*?)\s*(?::\s*(?P<text>.*))?")
TYPES = re.compile(r"collections\.abc\.|typing\.|(?:recist|survival)(?:\.[a-z_0-9]+)+\.(?=[A-Z])")
LISTS = {"Parameters", "Raises", "Returns"}


def pages() -> dict[str, str]:
    """Path of each page below `docs` and its text."""
    return {"reference/index.md": index()} | {
        f"reference/{package.__name__}.md": page(package) for package in (recist, survival)
    }


def index() -> str:
    """What there is to look up."""
    lines = ["# Reference", "", "* [The study file](../generated/study_file.md), key by key"]
    lines += ["* [Data dictionary](../data_dictionary.md): the columns of every input table"]
    for package in (recist, survival):
        lines.append(f"* [`{package.__name__}`]({package.__name__}.md): {summary(package)}")
    for package in (recist, survival):
        lines += ["", f"## {package.__name__}", "", "| name | |", "|---|---|"]
        for name in public(package):
            about = summary(getattr(package, name)).replace("|", "\\|")
            lines.append(f"| [`{name}`]({package.__name__}.md#{anchor(name)}) | {about} |")
    return "\n".join(lines) + "\n"


def public(package: ModuleType) -> list[str]:
    """The public names, constants without words of their own left out."""
    names = list(getattr(package, "__all__", None) or vars(package)["_HOME"])
    return [name for name in names if summary(getattr(package, name))]


def page(package: ModuleType) -> str:
    """One package: a section per name."""
    parts = [f"# `{package.__name__}`", summary(package)]
    parts += [section(package, name) for name in public(package)]
    return "\n\n".join(parts) + "\n"


def section(package: ModuleType, name: str) -> str:
    """One name: its signature, then its docstring."""
    value = getattr(package, name)
    parts = [f"## `{name}` {{ #{anchor(name)} }}"]
    if callable(value):
        parts.append(f"```python\n{signature(package.__name__, name, value)}\n```")
    return "\n\n".join([*parts, markdown(documentation(value))])


def anchor(name: str) -> str:
    """Anchors that tell PFS from pfs."""
    return f"{name}-value" if name.isupper() else name


def documentation(value: Any) -> str:
    """The docstring of a function or class; of a constant its title, or the words of its module."""
    if callable(value):
        return inspect.getdoc(value) or ""
    title, cite = getattr(value, "title", None), getattr(value, "cite", None)
    return f"{title}. {cite}." if isinstance(title, str) and cite else ""


def summary(value: Any) -> str:
    """The first paragraph, in one line."""
    text = inspect.getdoc(value) if isinstance(value, ModuleType) else documentation(value)
    return " ".join((text or "").split("\n\n")[0].split())


def signature(package: str, name: str, value: Any) -> str:
    """How it is called, one argument a line when it is long."""
    try:
        found = inspect.signature(value)
    except ValueError:
        return f"{package}.{name}"
    arguments = [re.sub(r"= <(?:class )?.*>$", "= ...", str(one)) for one in found.parameters.values()]
    arguments = [re.sub(r": '([^']*)'", r": \1", one) for one in arguments]
    arguments = [one if len(one) < 100 else one.split("=")[0].strip() + " = ..." for one in arguments]
    arguments = [TYPES.sub("", one).replace("pandas.core.frame.", "pd.") for one in arguments]
    line = f"{package}.{name}({', '.join(arguments)})"
    if len(line) <= 100:
        return line
    return f"{package}.{name}(\n" + "".join(f"    {one},\n" for one in arguments) + ")"


def markdown(text: str) -> str:
    """A NumPy docstring as Markdown: headings in bold, parameters as lists, examples as code."""
    pieces = HEADINGS.split(text)
    parts = [prose(pieces[0])]
    for title, body in zip(pieces[1::2], pieces[2::2], strict=True):
        parts.append(f"**{title}**")
        if title == "Examples":
            parts.append(f"```pycon\n{body.strip()}\n```")
        else:
            parts.append(items(body) if title in LISTS else prose(body))
    return "\n\n".join(part for part in parts if part)


def prose(text: str) -> str:
    """Paragraphs; signs that Markdown or html would take for its own are kept as signs."""
    return re.sub(r"<(?=[A-Za-z/])", "&lt;", text.strip()).replace("*", "\\*")


def items(body: str) -> str:
    """`name : text`, with the lines indented below it, as a list."""
    found: list[list[str]] = []
    for line in inspect.cleandoc(body).splitlines():
        if line and not line[0].isspace():
            found.append([line])
        elif found and line.strip():
            found[-1].append(line.strip())
    return "\n".join(f"* {item(lines)}" for lines in found)


def item(lines: list[str]) -> str:
    """One entry; a heading alone keeps its words."""
    match = ITEM.fullmatch(lines[0])
    rest = prose(" ".join(lines[1:]))
    if match is None:
        return f"{prose(lines[0])} {rest}".strip()
    text = prose(match["text"] or "")
    return f"`{match['name']}`: {' '.join(filter(None, [text, rest]))}".rstrip(": ")
