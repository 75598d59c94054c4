"""Every golden case gives what it says, and every rule of every criteria has one."""

import pytest

from recist import all_criteria
from tests.cases.read import Case, read_cases
from tests.cases.run import best_differences, best_of_sequences, differences, groups
from tests.tables.mutants import BEST_TABLES, criteria_tables
from tests.tables.survivors import read_survivors

CASES = read_cases()
IDLE, _ = read_survivors()


@pytest.fixture(scope="module")
def found() -> dict[str, tuple[list[dict[str, object]], dict[str, object]]]:
    """Subject -> (responses, best response)."""
    result = {}
    for group in groups(CASES):
        answers, best = group.answers()
        for record in best.to_dict("records"):
            result[str(record["subject"])] = (answers[record["subject"]], record)
    for record in best_of_sequences(CASES).to_dict("records"):
        result[str(record["subject"])] = ([], record)
    return result


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.subject} {case.title}")
def test_case(case: Case, found) -> None:
    records, best = found[case.subject]
    wrong = [] if case.is_sequence else list(differences(case, records))
    assert [*wrong, *best_differences(case, best)] == []


def test_every_criteria_has_cases() -> None:
    assert {case.criteria for case in CASES} == set(all_criteria())


def test_titles_are_unique() -> None:
    titles = [(case.criteria, case.section, case.title) for case in CASES]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("owners", sorted({owners for owners, _ in criteria_tables()}))
def test_every_rule_of_the_criteria_has_a_case(owners: str, found) -> None:
    """A case of any criteria that uses the table counts; survivors.txt names the rows that no data reach."""
    fired = {
        rule
        for case in CASES
        if case.criteria in owners.split(", ")
        for record in found[case.subject][0]
        for rule in record["rules"]
    }
    rules = {
        rule for (names, _), table in criteria_tables().items() if names == owners for rule in table.ids()
    }
    assert rules - fired == {rule for owner, rule in IDLE if owner == owners}


def test_every_rule_of_best_response_has_a_case(found) -> None:
    said = " ".join(case.said.get("best", "") + " " + case.said.get("confirmed", "") for case in CASES)
    rules = {rule for table in BEST_TABLES.values() for rule in table.ids()}
    assert rules - set(said.split()) == set()
