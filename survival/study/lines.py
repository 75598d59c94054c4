"""Where a key of a TOML file stands, so that an error can name the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

Place = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_LONG = ('"""', "'''")


@dataclass(frozen=True)
class Lines:
    """The line numbers of the tables and keys of one TOML text, counted from 1."""

    text: str
    at: dict[Place, int] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        table: Place = ()
        count: dict[Place, int] = {}
        closing = ""
        for number, line in enumerate(self.text.splitlines(), start=1):
            if closing:  # inside a text of several lines nothing is a key
                closing = "" if closing in line else closing
            elif header := _HEADER.match(line):
                table = self._table(header, count)
                self.at.setdefault(table, number)
            elif key := _KEY.match(line):
                self.at.setdefault(table + _names(key.group(1)), number)
                closing = _left_open(line[key.end() :])

    @staticmethod
    def _table(header: re.Match[str], count: dict[Place, int]) -> Place:
        """The place a `[table]` or `[[list of tables]]` header opens, list positions included."""
        place: Place = ()
        names = _names(header.group(2))
        for name in names[:-1]:
            place += (name,)
            place += (count[place] - 1,) if place in count else ()
        place += (names[-1],)
        if header.group(1) == "[[":
            count[place] = count.get(place, 0) + 1
        return (*place, count[place] - 1) if place in count else place

    def line(self, place: Sequence[str | int]) -> int | None:
        """Line of a key, or of the nearest table around it that has a line; None for the whole file."""
        for end in range(len(place), 0, -1):
            if (found := self.at.get(tuple(place[:end]))) is not None:
                return found
            if (first := (*place[:end], 0)) in self.at:  # a list of tables: where its first one begins
                return self.at[first]
        return None


def _names(dotted: str) -> tuple[str, ...]:
    """The parts of a dotted key, quotes taken off."""
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _left_open(value: str) -> str:
    """The quotes that must come to close a text which this line opens."""
    for quotes in _LONG:
        if value.strip().startswith(quotes) and value.count(quotes) == 1:
            return quotes
    return ""
