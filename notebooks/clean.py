"""Takes outputs, counts and chance identifiers out of the notebooks: `python notebooks/clean.py`."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def cleaned(text: str) -> str:
    """A notebook as it is kept: only what somebody wrote, so that a change shows in a few lines."""
    cells = [_cell(number, cell) for number, cell in enumerate(json.loads(text)["cells"], 1)]
    notebook = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _cell(number: int, cell: dict[str, Any]) -> dict[str, Any]:
    """One cell with its number as identifier, and without what running it left behind."""
    source = "".join(cell["source"]).strip("\n").splitlines(keepends=True)
    kept = {"cell_type": cell["cell_type"], "id": f"cell-{number:02d}", "metadata": {}, "source": source}
    return kept | ({"execution_count": None, "outputs": []} if cell["cell_type"] == "code" else {})


if __name__ == "__main__":
    for path in sorted(FOLDER.glob("*.ipynb")):
        path.write_text(cleaned(path.read_text(encoding="utf-8")), encoding="utf-8")
