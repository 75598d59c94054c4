"""How criteria and decision tables show themselves in a notebook: html, with every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recist.criteria.base import Criteria
    from recist.decision_table import DecisionTable

SHORT = 16  # letters
HOW_TO_READ = (
    "A rule is a row: what must hold stands left, the response in the column before the citation. "
    "Y is yes, N is no, * is anything."
)


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
    return f"<p><b>{escape(table.name)} ({escape(table.where)})</b></p>{_rules_html(table)}"


def _rules_html(table: DecisionTable) -> str:
    """The rules of a decision table, one row each."""
    head = ["rule", *table.inputs, *table.outputs, "cite"]
    return html_table(head, ([rule[column] for column in head] for rule in table.rules))


def _folded(table: DecisionTable) -> str:
    """A decision table below its name, open for the overall response at a visit."""
    opened = " open" if "overall" in table.outputs else ""
    name = f"<b>{escape(table.name)} ({escape(table.where)})</b>"
    return f"<details{opened}><summary>{name}</summary>{_rules_html(table)}</details>"


def criteria_html(criteria: Criteria) -> str:
    """Title, label and citation; every table in force, that of the overall response open; the conventions."""
    label = f" (<code>{escape(criteria.label)}</code>)"
    parts = [f"<p><b>{escape(criteria.title)}</b>{label}<br>{escape(criteria.citation)}</p>"]
    parts.append(f"<p>{HOW_TO_READ}</p>")
    parts += [_folded(table) for table in criteria.printed()]
    conventions = html_table(["convention", "value"], criteria.conventions().items())
    parts.append(f"<details><summary>Conventions, each can be edited</summary>{conventions}</details>")
    return f"<div>{''.join(parts)}</div>"
