"""The findings of `check_lesions`: one module per family, found by walking this folder."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from recist.findings.base import SEVERITY, Finding

_NOT_FAMILIES = ("base", "evidence")
_HEAD = """\
# Findings

`check_lesions` asks; it never changes data. A finding is an **error** when responses are wrong or cannot be
trusted, a **warning** when something is probably wrong or against the rules, a **note** when it is worth
a look.
The sentence is put to the site after the place (subject, evaluator, visit, lesion, spreadsheet row).

What cannot be read at all (a missing column, an unknown word, a negative length, a date without a day) is
refused by `read_lesions` with an error of its own.

This page is written from the declarations in `recist/findings` by `recist.findings.markdown()`.
"""


@cache
def all_findings() -> tuple[Finding, ...]:
    """Every finding, family by family in the order of declaration."""
    families = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name not in _NOT_FAMILIES)
    modules = [import_module(f"{__name__}.{family}") for family in families]
    found = tuple(v for module in modules for v in vars(module).values() if isinstance(v, Finding))
    if len({f.id for f in found}) < len(found):
        raise ValueError("two findings have the same id")
    return found


def markdown() -> str:
    """The page docs/findings.md."""
    lines = [_HEAD]
    for severity in SEVERITY:
        chosen = [f for f in all_findings() if f.severity == severity]
        lines.append(f"\n## {severity.capitalize()}s ({len(chosen)})\n")
        lines += ["| finding | what it means | why it matters | asked of the site |", "|---|---|---|---|"]
        lines += [f"| `{f.id}` | {f.meaning} | {f.why} ({f.cite}) | {f.sentence} |" for f in chosen]
    return "\n".join(lines) + "\n"
