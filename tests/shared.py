"""Where the shared cases, data and reference values lie; tests that need them skip where they are absent."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("RECIST_SHARED", ROOT.parent / "shared"))


def shared(relative: str) -> Path:
    """The path below the shared folder, or a skip that says what is missing."""
    path = SHARED / relative
    if not path.exists():
        pytest.skip(f"no {relative} in the shared folder; set RECIST_SHARED to run this test")
    return path
