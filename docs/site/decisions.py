"""The index of the decisions: number, title and question of each page."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "decisions"
INTRO = """\
Where a paper leaves a choice, or the project had one, a page says what was asked, what is known, what was chosen and
what would change it."""
QUESTION = re.compile(r"\*\*Question\.\*\*\s+(.*?)\n\n", re.DOTALL)


def text() -> str:
    """One row per decision."""
    rows = ["| decision | question |", "|---|---|"]
    for path in sorted(FOLDER.glob("*.md")):
        page = path.read_text(encoding="utf-8")
        title = page.splitlines()[0].removeprefix("# ").strip()
        asked = QUESTION.search(page)
        first = page.split("\n\n")[1]  # a page of several questions begins with what they have in common
        question = " ".join((asked[1] if asked else first).split()).replace("|", "\\|")
        rows.append(f"| [{title}]({path.name}) | {question} |")
    return "\n\n".join(["# Decisions", INTRO, "\n".join(rows)]) + "\n"
