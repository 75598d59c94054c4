"""Runs the python blocks of the tutorial and the how-tos: `python -m docs.examples` writes what they print below them.

The blocks of a page share their names, and run in the project's folder.  A `text` block right after a python block is
what that block prints.
"""

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

FOLDER = Path(__file__).parent
BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n(?:\n```text\n(?P<printed>.*?)```\n)?", re.DOTALL)


def pages() -> list[Path]:
    """The tutorial, then the how-tos."""
    return [FOLDER / "tutorial.md", *sorted((FOLDER / "howto").glob("*.md"))]


def run(page: str) -> Iterator[str]:
    """What each python block of a page prints, in order."""
    names: dict[str, object] = {}
    for number, block in enumerate(BLOCK.finditer(page), 1):
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile(block["code"], f"block {number}", "exec"), names)
        yield "".join(f"{line.rstrip()}\n" for line in printed.getvalue().splitlines())


def written(page: str) -> str:
    """The page with what its blocks print below them."""
    printed = run(page)

    def with_output(block: re.Match[str]) -> str:
        text = next(printed)
        return f"```python\n{block['code']}```\n" + (f"\n```text\n{text}```\n" if text else "")

    return BLOCK.sub(with_output, page)


if __name__ == "__main__":
    for path in pages():
        path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")
