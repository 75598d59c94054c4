"""How criteria and decision tables show themselves in a notebook: html, with every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recist.criteria.base import Criteria
    from recist.decision_table import DecisionTable

SHORT = 16  # letters


def html_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows below a heading, left-aligned as text is read."""
    top = _line("th", head)
    body = "".join(f"<tr>{_line('td', list(map(str, row)))}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _line(tag: str, cells: Sequence[str]) -> str:
    """The cells of a row; a short one, such as the id of a rule, is not broken."""
    look = "text-align:left;vertical-align:top"
    looks = [f"{look};white-space:nowrap" if len(cell) < SHORT else look for cell in cells]
    return "".join(
        f'<{tag} style="{one}">{escape(cell)}</{tag}>' for one, cell in zip(looks, cells, strict=True)
    )


def decision_table_html(table: DecisionTable) -> str:
    """A decision table as the paper prints it, below its name and place."""
    head = ["rule", *table.inputs, *table.outputs, "cite"]
    rows = ([rule[column] for column in head] for rule in table.rules)
    return f"<p><b>{escape(table.name)} ({escape(table.where)})</b></p>{html_table(head, rows)}"


def criteria_html(criteria: Criteria) -> str:
    """Title, label and citation, every table in force, and the conventions with their values, folded up."""
    label = f" (<code>{escape(criteria.label)}</code>)"
    parts = [f"<p><b>{escape(criteria.title)}</b>{label}<br>{escape(criteria.citation)}</p>"]
    parts += [decision_table_html(table) for table in criteria.printed()]
    conventions = html_table(["convention", "value"], criteria.conventions().items())
    parts.append(f"<details><summary>Conventions, each can be edited</summary>{conventions}</details>")
    return f"<div>{''.join(parts)}</div>"
