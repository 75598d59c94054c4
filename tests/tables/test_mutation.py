"""Every cell of every decision table matters: changed, it is refused at import or a golden case shows it.

What no case can show is listed with its reason in survivors.txt.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from recist import immune_best
from recist.best_response_tables import RECIST_TABLES, BestTables
from recist.errors import TableError
from recist.immune_best_tables import IMMUNE_TABLES
from tests.cases.read import read_cases
from tests.cases.run import Group, best_differences, best_of_sequences, differences, groups
from tests.tables.mutants import BEST_TABLES, Mutant, criteria_tables, mutants
from tests.tables.survivors import read_survivors

CASES = read_cases()
BY_SUBJECT = {case.subject: case for case in CASES}
IMMUNE = [case for case in CASES if case.criteria == "irecist"]
OTHER = [case for case in CASES if case.criteria != "irecist"]
IDLE, LISTED = read_survivors()
PUBLISHED = {"best_response": RECIST_TABLES, "immune_best_response": IMMUNE_TABLES}


@pytest.fixture(scope="module")
def prepared() -> list[Group]:
    return sorted(groups(CASES), key=lambda group: -len(group.cases))  # the first mostly show it


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
    idle = [mutant for mutant in live if (mutant.owner, mutant.rule) in IDLE]
    assert not any(killed[str(mutant)] for mutant in idle), "a row that data reach is not idle"
    return {str(mutant) for mutant in live if mutant not in idle and not killed[str(mutant)]}


def listed(owner: str, rules: list[str]) -> set[str]:
    """The survivors named one by one."""
    return {line for line in LISTED if line.split(" | ")[0] == owner and line.split(" | ")[1] in rules}


@pytest.mark.parametrize(("owner", "table"), criteria_tables())
def test_cells_of_criteria(owner: str, table: str, prepared: list[Group]) -> None:
    found = list(mutants(owner, table, criteria_tables()[owner, table]))
    killed = {str(mutant): is_killed(mutant, prepared) for mutant in found if mutant is not None}
    assert survivors(found, killed) == listed(owner, criteria_tables()[owner, table].ids())


@pytest.mark.parametrize(("owner", "name"), BEST_TABLES)
def test_cells_of_best_response(owner: str, name: str) -> None:
    table = BEST_TABLES[owner, name]
    found, killed = list(mutants(owner, name, table)), {}
    assert not shown_by_sequences(owner, PUBLISHED[owner]), "the cases hold before a cell is changed"
    for mutant in found:
        if mutant is not None:
            changed = replace(PUBLISHED[owner], **{name: mutant.table})
            killed[str(mutant)] = shown_by_sequences(owner, changed)
    assert survivors(found, killed) == listed(owner, table.ids())


def shown_by_sequences(owner: str, tables: BestTables) -> bool:
    """Does a sequence of responses come out differently with these tables?"""
    with pytest.MonkeyPatch.context() as patch:
        if owner == "immune_best_response":
            patch.setattr(immune_best, "IMMUNE_TABLES", tables)
            best = best_of_sequences(IMMUNE)
        else:
            best = best_of_sequences(OTHER, lambda criteria: replace(criteria, tables=tables))
    wrong = [best_differences(BY_SUBJECT[record["subject"]], record) for record in best.to_dict("records")]
    return any(map(any, wrong))


def test_every_survivor_has_a_reason() -> None:
    assert all(len(reason.split()) > 3 for reason in [*IDLE.values(), *LISTED.values()])
