"""Adds to the site what is made while it is built: reference, gallery, index of the decisions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).resolve().parents[2])


def on_files(files: Any, config: Any) -> Any:
    """The pages of `docs`, and the made ones beside them."""
    from mkdocs.structure.files import File

    if ROOT not in sys.path:  # mkdocs loads this file by its path, and puts the search path back afterwards
        sys.path.insert(0, ROOT)
    from docs.site import decisions, gallery, reference

    made: dict[str, str | bytes] = {
        "decisions/index.md": decisions.text(),
        **reference.pages(),
        **gallery.files(),
    }
    for path, content in made.items():
        files.append(File.generated(config, path, content=content))
    return files
