"""The hostile trial, run once for all tests of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from survival.run import StudyRun, run_study
from tests.report.browser import Browser
from tests.report.trial import write_trial


@dataclass(frozen=True)
class Ran:
    """A run, and its page."""

    run: StudyRun
    page: Path
    study: Path
    said: list[str]

    @property
    def html(self) -> str:
        return self.page.read_text(encoding="utf-8")


@pytest.fixture(scope="package")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The trial of hostile words."""
    folder = tmp_path_factory.mktemp("trial")
    study, said = write_trial(folder), list[str]()
    run = run_study(study, folder / "out", said.append)
    return Ran(run, folder / "out" / "report.html", study, said)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A fresh browser."""
    opened = Browser(tmp_path / "profile")
    yield opened
    opened.close()
