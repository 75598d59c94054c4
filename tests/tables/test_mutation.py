"""Every cell of every decision table matters: changed, it is refused at import or a golden case shows it.

What no case can show is listed with its reason in survivors.txt.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from recist.best_response_tables import RECIST_TABLES, BestTables
from recist.errors import TableError
from tests.cases.read import read_cases
from tests.cases.run import Group, best_differences, best_of_sequences, differences, groups
from tests.tables.mutants import BEST_TABLES, Mutant, criteria_tables, mutants

CASES = read_cases()
BY_SUBJECT = {case.subject: case for case in CASES}
LISTED = {
    line.rpartition(" | ")[0]: line.rpartition(" | ")[2]
    for line in (Path(__file__).parent / "survivors.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
}


@pytest.fixture(scope="module")
def prepared() -> list[Group]:
    return groups(CASES)


def is_killed(mutant: Mutant, prepared: list[Group]) -> bool:
    """Does a golden case of the criteria come out differently?"""
    for group in prepared:
        if group.criteria.name not in mutant.owner.split(", "):
            continue
        try:
            answers, best = group.answers(lambda c: replace(c, **{mutant.table_name: mutant.table}))
        except TableError:  # a convention's cell no longer fits: refused
            return True
        by_subject = {str(record["subject"]): record for record in best.to_dict("records")}
        for case in group.cases:
            if any(differences(case, answers[case.subject])):
                return True
            if any(best_differences(case, by_subject[case.subject])):
                return True
    return False


def survivors(found: list[Mutant | None], killed: dict[str, bool]) -> set[str]:
    live = [mutant for mutant in found if mutant is not None]
    assert len(found) > len(live), "the checks at import refuse some of them"
    return {str(mutant) for mutant in live if not killed[str(mutant)]}


@pytest.mark.parametrize(("owner", "table"), criteria_tables())
def test_cells_of_criteria(owner: str, table: str, prepared: list[Group]) -> None:
    found = list(mutants(owner, table, criteria_tables()[owner, table]))
    killed = {str(mutant): is_killed(mutant, prepared) for mutant in found if mutant is not None}
    rules = criteria_tables()[owner, table].ids()
    listed = {line for line in LISTED if line.split(" | ")[0] == owner and line.split(" | ")[1] in rules}
    assert survivors(found, killed) == listed


@pytest.mark.parametrize("name", BEST_TABLES)
def test_cells_of_best_response(name: str) -> None:
    found, killed = list(mutants("best_response", name, BEST_TABLES[name])), {}
    assert not shown_by_sequences(RECIST_TABLES), "the cases hold before a cell is changed"
    for mutant in found:
        if mutant is not None:
            killed[str(mutant)] = shown_by_sequences(replace(RECIST_TABLES, **{name: mutant.table}))
    listed = {line for line in LISTED if line.split(" | ")[1] in BEST_TABLES[name].ids()}
    assert survivors(found, killed) == listed


def shown_by_sequences(tables: BestTables) -> bool:
    """Does a sequence of responses come out differently with these tables?"""
    best = best_of_sequences(CASES, lambda criteria: replace(criteria, tables=tables))
    wrong = [best_differences(BY_SUBJECT[record["subject"]], record) for record in best.to_dict("records")]
    return any(map(any, wrong))


def test_every_survivor_has_a_reason() -> None:
    assert all(len(reason.split()) > 3 for reason in LISTED.values())
