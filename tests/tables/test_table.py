"""A decision table that is not total, contradicts itself or misspells a term is refused, and says where."""

import re

import numpy as np
import pytest

from recist.decision_table import DecisionTable
from recist.errors import TableError

WEATHER = """
rule | sky           | wind | go  | cite
R1   | clear         | *    | yes | page 1
R2   | cloud         | N    | yes | page 2
R3   | cloud         | Y    | no  | page 2
R4   | not clear     | Y    | no  | page 3
R5   | rain          | N    | no  | page 3
"""


def table(text: str = WEATHER) -> DecisionTable:
    inputs = {"sky": ("clear", "cloud", "rain"), "wind": ("N", "Y")}
    return DecisionTable("walk", "handbook", inputs, {"go": ("yes", "no")}, text)


def edited(old: str, new: str) -> str:
    assert old in WEATHER
    return WEATHER.replace(old, new)


def test_a_lookup_returns_the_row_that_decided() -> None:
    rule = table().decide([0, 1, 1, 2, 2], [1, 0, 1, 1, 0])
    assert [table().ids()[n] for n in rule] == ["R1", "R2", "R3", "R4", "R5"]
    assert table().outcome("go", rule).tolist() == [0, 0, 1, 1, 1]


def test_of_rows_that_agree_the_first_decides() -> None:
    assert table().hit.tolist() == [[0, 0], [1, 2], [4, 3]]


def test_inputs_broadcast() -> None:
    assert table().decide(np.array([[0], [1]]), np.array([0, 1])).tolist() == [[0, 0], [1, 2]]


REFUSED = {
    "a gap": (
        edited("R5   | rain          | N    | no  | page 3\n", ""),
        "sky rain, wind N is decided by no rule",
    ),
    "a contradiction": (
        edited("R3   | cloud         | Y    | no", "R3   | cloud         | Y    | yes"),
        "sky cloud, wind Y is decided by R3 and R4, which disagree",
    ),
    "a misspelt input": (
        edited("R5   | rain ", "R5   | rian "),
        "R5: ['rian'] not among ('clear', 'cloud', 'rain')",
    ),
    "a misspelt outcome": (
        edited("| no  | page 2", "| nay | page 2"),
        "R3: 'nay' is not one of ('yes', 'no')",
    ),
    "an idle row": (
        edited("R4   | not clear     | Y", "R4   | cloud         | Y").replace(
            "rain          | N", "rain | *"
        ),
        "R4 decides nothing that an earlier row does not",
    ),
    "an idle last row": (
        WEATHER + "R6   | rain          | Y    | no  | page 4",
        "R6 decides nothing that an earlier row does not",
    ),
    "an id given twice": (edited("R4 ", "R3 "), "every row needs an id of its own"),
    "a row without citation": (edited("| no  | page 2", "| no  |"), "a citation"),
    "a missing cell": (
        edited("R1   | clear         | *    | yes | page 1", "R1 | clear | yes | page 1"),
        "row R1",
    ),
    "another column": (edited("| wind |", "| wnd  |"), "columns are ['rule', 'sky', 'wnd', 'go', 'cite']"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what: str) -> None:
    text, words = REFUSED[what]
    with pytest.raises(TableError, match="walk.*" + re.escape(words)):
        table(text)


def test_an_edit_is_checked_like_a_table() -> None:
    assert table().edit("R2", go="no").rule("R2")["go"] == "no"
    with pytest.raises(TableError, match="R3 and R4, which disagree"):
        table().edit("R3", go="yes")


def test_the_printed_table_can_be_read_back() -> None:
    head, line, *rows = str(table()).splitlines()[1:]
    assert set(line) == {"-", "+"}
    assert table("\n".join([head, *rows])).hit.tolist() == table().hit.tolist()
