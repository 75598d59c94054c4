"""Every decision table of the criteria, and every table that differs from one of them in a single cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from recist import all_criteria
from recist.best_response_tables import RECIST_TABLES
from recist.decision_table import DecisionTable
from recist.errors import TableError
from recist.immune_best_tables import IMMUNE_TABLES

BEST_TABLES: dict[tuple[str, str], DecisionTable] = {  # (owner, field) -> table
    (owner, field): table
    for owner, tables in (("best_response", RECIST_TABLES), ("immune_best_response", IMMUNE_TABLES))
    for field, table in vars(tables).items()
}


@cache
def criteria_tables() -> dict[tuple[str, str], DecisionTable]:
    """(criteria, field) -> table; a table that several criteria share stands under all their names, once."""
    owners: dict[tuple[int, str], list[str]] = defaultdict(list)
    tables: dict[tuple[int, str], DecisionTable] = {}
    for name, criteria in all_criteria().items():
        for field in fields(criteria):
            if isinstance(table := getattr(criteria, field.name), DecisionTable):
                owners[id(table), field.name].append(name)
                tables[id(table), field.name] = table
    return {(", ".join(names), key[1]): tables[key] for key, names in owners.items()}


@dataclass(frozen=True)
class Mutant:
    """One cell of a table changed."""

    owner: str  # criteria (those that share the table), or the module of the table
    table_name: str
    rule: str
    column: str
    cell: str
    instead: str
    table: DecisionTable

    def __str__(self) -> str:
        return f"{self.owner} | {self.rule} | {self.column} | {self.cell} -> {self.instead}"


def mutants(owner: str, table_name: str, table: DecisionTable) -> Iterator[Mutant | None]:
    """Changed tables that import accepts and that decide something else; None for each one refused."""
    for rule in table.rules:
        for column in (*table.inputs, *table.outputs):
            for instead in _other_cells(table, column, rule[column]):
                try:
                    changed = table.edit(rule["rule"], **{column: instead})
                except TableError:
                    yield None
                    continue
                if not _same(table, changed):
                    yield Mutant(owner, table_name, rule["rule"], column, rule[column], instead, changed)


def _other_cells(table: DecisionTable, column: str, cell: str) -> list[str]:
    """Each single term, each list of terms without one of them, and `*`."""
    if column in table.outputs:
        return [term for term in table.outputs[column] if term != cell]
    listed = cell.split(", ")
    shorter = [", ".join(term for term in listed if term != gone) for gone in listed if len(listed) > 1]
    found = dict.fromkeys([*table.inputs[column], *shorter, "*"])
    return [term for term in found if term != cell]


def _same(table: DecisionTable, changed: DecisionTable) -> bool:
    outcomes = ([[rule[name] for name in t.outputs] for rule in t.rules] for t in (table, changed))
    return bool(np.array_equal(table.hit, changed.hit)) and next(outcomes) == next(outcomes)
