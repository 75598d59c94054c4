"""Every cell of every decision table matters: changed, it is refused at import or a golden case shows it.

What no case can show is listed with its reason in survivors.txt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from recist import Criteria, best_response, immune_best
from recist.best_response_tables import RECIST_TABLES, BestTables
from recist.errors import TableError
from recist.immune_best_tables import IMMUNE_TABLES
from recist.visit_table import VisitFactsFrame
from tests.cases.read import read_cases
from tests.cases.run import Group, best_differences, differences, groups, sequences
from tests.tables.mutants import BEST_TABLES, Mutant, criteria_tables, mutants
from tests.tables.survivors import read_survivors

pytestmark = pytest.mark.pandas_once

CASES = read_cases()
BY_SUBJECT = {case.subject: case for case in CASES}
SEQUENCES = {
    "best_response": sequences([case for case in CASES if case.criteria != "irecist"]),
    "immune_best_response": sequences([case for case in CASES if case.criteria == "irecist"]),
}
IDLE, LISTED = read_survivors()
PUBLISHED = {"best_response": RECIST_TABLES, "immune_best_response": IMMUNE_TABLES}


@pytest.fixture(scope="module")
def prepared() -> Iterator[list[Group]]:
    """The cases by criteria; what no table plays a part in, reading and laying out, is done once for all mutants."""
    main_path = import_module("recist.assess")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("as_lesions", "visit_table", "add_visits", "lay_out"):
            patch.setattr(main_path, name, once(getattr(main_path, name)))
        patch.setattr(VisitFactsFrame, "on", once(VisitFactsFrame.on))
        yield sorted(groups(CASES), key=lambda group: -len(group.cases))  # the first mostly show it


def once(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with its answers kept for the arguments (the same objects) it was asked before."""
    kept: dict[tuple[int, ...], tuple[tuple[Any, ...], Any]] = {}

    def answer(*given: Any) -> Any:
        key = tuple(map(id, given))
        if key not in kept:
            kept[key] = (given, function(*given))
        return kept[key][1]

    return answer


def is_killed(mutant: Mutant, prepared: list[Group]) -> bool:
    """Does a golden case of the criteria come out differently?"""
    mine = [group for group in prepared if group.criteria.name in mutant.owner.split(", ")]
    return any(shown_by(group, mutant) for group in mine)


def shown_by(group: Group, mutant: Mutant) -> bool:
    """By its responses, or else by its best responses?"""

    def edit(criteria: Criteria) -> Criteria:
        return replace(criteria, **{mutant.table_name: mutant.table})

    try:
        responses = group.responses(edit)
    except TableError:  # a convention's cell no longer fits: refused
        return True
    if mutant.table_name != "new_lesion" and responses.equals(group.unedited):
        return False  # no rule fires elsewhere; only those of new lesions are not in the responses
    answers = group.by_subject(responses, edit)
    if any(any(differences(case, answers[case.subject])) for case in group.cases):
        return True
    by_subject = {str(record["subject"]): record for record in group.best(responses).to_dict("records")}
    return any(any(best_differences(case, by_subject[case.subject])) for case in group.cases)


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
    immune = owner == "immune_best_response"
    with pytest.MonkeyPatch.context() as patch:
        if immune:
            patch.setattr(immune_best, "IMMUNE_TABLES", tables)
        for criteria, frame in SEQUENCES[owner]:
            best = best_response(frame, criteria if immune else replace(criteria, tables=tables))
            records = best.to_dict("records")
            if any(any(best_differences(BY_SUBJECT[record["subject"]], record)) for record in records):
                return True
    return False


def test_every_survivor_has_a_reason() -> None:
    assert all(len(reason.split()) > 3 for reason in [*IDLE.values(), *LISTED.values()])
