"""The gallery of golden cases."""

from __future__ import annotations

import re
from itertools import groupby

from docs.pages import HEAD, table
from tests.cases.read import Case, read_cases

INTRO = """\
Small subjects worked by hand, each with the response that follows from the rules and the rows of the
[tables](tables.md) that decide it.  They are tests: a change of a rule shows here.

T is a target lesion, N a non-target, X a new one (XT measured, XN not).  Lengths are mm (short axis for
lymph nodes); day 0 is the start date and baseline.  An empty cell means that nothing is recorded;
`15 + 12` are the fragments of a split lesion, `?` one that was not evaluable; `22 of 40` is 22 mm viable
of 40 mm; `@ 45` a scan on another day than the visit's.  A rule that says only that a subject has no
targets (TL-NA) or no non-target lesions (NT-NA) is left out."""
SAID = {
    "conventions": "Convention",
    "baseline": "Baseline",
    "targets": "Target lesions",
    "new therapy": "New anticancer therapy on day",
}


def text() -> str:
    """Every case under its section."""
    parts = ["# Worked cases", HEAD, INTRO]
    for criteria, of_criteria in groupby(read_cases(), lambda case: case.criteria):
        parts.append(f"# {criteria}")
        for section, cases in groupby(of_criteria, lambda case: case.section):
            parts.append(f"## {section}")
            parts += map(shown, cases)
    return "\n\n".join(parts) + "\n"


def anchor(case: Case) -> str:
    """What a heading with the title of the case is called in a link."""
    return re.sub(r"[^\w\- ]", "", case.title.lower()).replace(" ", "-")


def shown(case: Case) -> str:
    """One case as Markdown."""
    lines = [f"{SAID[key]}: `{said}`" for key, said in case.said.items() if key in SAID]
    head, *_ = case.head, case.table
    rows = [[row[column] for column in head] for row in case.table]
    parts = [f"### {case.title}", "  \n".join(lines), table(head, rows), best(case)]
    if "why" in case.said:
        parts.insert(1, capital(case.said["why"]) + ".")
    return "\n\n".join(part for part in parts if part)


def best(case: Case) -> str:
    """What is expected of the best response, in a line."""
    names = {"best": "Best response", "confirmed": "confirmed", "dates": "first on day"}
    return "; ".join(f"{name}: {case.said[key]}" for key, name in names.items() if key in case.said)


def capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
