"""The changed cells that no case can show, from survivors.txt."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).parent / "survivors.txt"


def read_survivors() -> tuple[dict[tuple[str, str], str], dict[str, str]]:
    """Rows that no data reach, (owner, rule) -> reason; and single cells, mutant -> reason."""
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    parts = [line.rpartition(" | ") for line in lines]
    idle, cells = {}, {}
    for mutant, _, reason in parts:
        owner, rule, column, _ = mutant.split(" | ")
        if column == "*":
            idle[owner, rule] = reason
        else:
            cells[mutant] = reason
    return idle, cells
