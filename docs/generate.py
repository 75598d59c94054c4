"""Writes docs/generated from the code and the golden cases: `python -m docs.generate`."""

from collections.abc import Callable
from pathlib import Path

from docs.pages import cases, conventions, endpoints, study_file, tables, traceability
from survival.adverse_events import check as adverse_events

FOLDER = Path(__file__).parent / "generated"
PAGES: dict[str, Callable[[], str]] = {
    "cases.md": cases.text,
    "tables.md": tables.text,
    "traceability.md": traceability.text,
    "conventions.md": conventions.text,
    "endpoints.md": endpoints.text,
    "study_file.md": study_file.text,
    "adverse_event_findings.md": adverse_events.markdown,
}


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in PAGES.items():
        (FOLDER / name).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
