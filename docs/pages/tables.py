"""The decision tables as one lays them beside the papers."""

from __future__ import annotations

from dataclasses import fields

from docs.pages import HEAD, published
from recist import Criteria
from recist.best_response_tables import BEST_RESPONSE, CONFIRMED_BEST_RESPONSE
from recist.decision_table import DecisionTable
from recist.immune_best_tables import CONFIRMED_IMMUNE_BEST_RESPONSE, IMMUNE_BEST_RESPONSE
from recist.measurability import MEASURABILITY, SELECTION

INTRO = """\
One line is one rule; `*` is "any", `a, b` is "a or b", `not a` is "anything but a".  Where several rows
fit they agree, and the first is reported.  Every combination of the inputs is decided by some row: this
is checked when the table is read.  `recist criteria NAME` prints the same."""


def text() -> str:
    """The tables of every criteria, of best response and of baseline selection."""
    parts = ["# Decision tables", HEAD, INTRO]
    seen: dict[str, str] = {}
    for criteria in published():
        parts += [f"## {criteria.title} (`{criteria.name}`)", criteria.citation + "."]
        for field, table in tables_of(criteria).items():
            if known := seen.get(str(table)):
                parts.append(f"### {table.name}\n\nAs in {known}.")
            else:
                seen[str(table)] = criteria.title
                parts += [printed(table, "###"), *edited(criteria, field)]
    parts += [
        "## Best overall response",
        printed(BEST_RESPONSE, "###"),
        printed(CONFIRMED_BEST_RESPONSE, "###"),
        printed(IMMUNE_BEST_RESPONSE, "###"),
        printed(CONFIRMED_IMMUNE_BEST_RESPONSE, "###"),
    ]
    parts += ["## Baseline", printed(MEASURABILITY, "###"), printed(SELECTION, "###")]
    return "\n\n".join(parts) + "\n"


def tables_of(criteria: Criteria) -> dict[str, DecisionTable]:
    """Field -> table, in the order of the definition."""
    found = {field.name: getattr(criteria, field.name) for field in fields(criteria)}
    return {name: value for name, value in found.items() if isinstance(value, DecisionTable)}


def printed(table: DecisionTable, level: str) -> str:
    """A table under its heading."""
    _, *lines = str(table).splitlines()
    title = table.name[0].upper() + table.name[1:]
    return "\n".join([f"{level} {title}", "", table.where + ".", "", "```text", *lines, "```"])


def edited(criteria: Criteria, field: str) -> list[str]:
    """The cells that a convention changes, as sentences."""
    cells = [cell for cell in criteria.convention_cells if cell.table == field]
    return [
        "\n".join(f"* Under `{c.convention}={c.value}`, {c.rule} decides {c.outcome}." for c in cells)
    ] * bool(cells)
