"""What the page shows in a browser, against the files of the run: tables, dates, responses, times."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pandas as pd
import pytest

import recist
from survival.formats.grid import printable
from survival.formats.spreadsheet import unguarded
from tests.report.browser import Browser
from tests.report.conftest import Ran
from tests.report.trial import NAMES

pytestmark = pytest.mark.pandas_once
ROWS = """[...document.querySelectorAll('%s tr')].filter(row => !row.classList.contains('reason') && !row.hidden)
  .map(row => [...row.cells].map(cell => cell.textContent))"""


def frame(trial: Ran, name: str) -> pd.DataFrame:
    """A file of the run as it was written."""
    found = pd.read_csv(trial.page.parent / f"{name}.csv", dtype=str, keep_default_na=False)
    return found.assign(subject=found["subject"].str.replace("\x01", "␁"))


def section(browser: Browser, title: str) -> list[list[str]]:
    """The rows of the table under a heading of the subject, its headings first."""
    browser.run(
        "document.querySelectorAll('#subject section').forEach(one => one.classList.toggle('read',"
        f" one.querySelector('h3').textContent.startsWith({json.dumps(title)})))"
    )
    rows: list[list[str]] = browser.run(ROWS % "#subject section.read table")
    return rows


def number(text: str) -> float | None:
    """A number as the page writes it."""
    return float(text.replace("\N{MINUS SIGN}", "-")) if text else None


def test_every_table_holds_what_its_file_holds(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page)
    shown: dict[str, str] = browser.run(
        "Object.fromEntries([...document.querySelectorAll('article')].filter(one => one.querySelector('table'))"
        ".map(one => [one.id, one.querySelector('table')]).map(([name, table]) => [name,"
        " [...table.rows].map(row => [...row.cells].map(cell => [...cell.childNodes]"
        ".map(node => node.nodeName === 'BR' ? ' ' : node.textContent).join('')))]))"
    )
    files = {
        path.stem: path
        for kind in ("tables", "listings")
        for path in (trial.page.parent / kind).glob("*.csv")
    }
    assert {name.split("-", 1)[1] for name in shown} == set(files) and len(files) >= 5
    for name, rows in shown.items():
        path = files[name.split("-", 1)[1]]
        written = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        assert [[plain(cell) for cell in row] for row in rows] == [
            [plain(printable(unguarded(cell))) for cell in row] for row in written
        ], name


def plain(text: str) -> str:
    """A text without the spaces that align its numbers or break its lines."""
    return " ".join(text.split()).replace("( ", "(").replace(" )", ")")


@pytest.mark.parametrize("criteria", ["recist_1_1", "irecist"])
def test_visits_are_those_of_the_responses(browser: Browser, trial: Ran, criteria: str) -> None:
    written = frame(trial, "responses")
    written = written[(written["criteria"] == criteria) & (written["evaluator"] == "INVESTIGATOR")]
    browser.open(trial.page, "#subjects")
    seen = 0
    for who in [*NAMES, "HSIT101-010"]:
        browser.go(recist.subject_link(who) + f"&criteria={criteria}&evaluator=INVESTIGATOR")
        mine = written[written["subject"] == who].sort_values("date", kind="stable").to_dict("records")
        head, *rows = section(browser, "Visits")
        base = [row for row in rows if row[head.index("Reason")] == ""]
        rows = [row for row in rows if row not in base]
        assert len(rows) == len(mine) and len(base) <= 1
        for row, one in zip(rows, mine, strict=True):
            cell = dict(zip(head, row, strict=True))
            assert cell["Visit"] == one["visit"].replace("\x01", "␁")
            assert (cell["Date"], cell["Days from start"]) == (one["date"], one["day"])
            for title, name, digits in (
                ("Sum, mm", "sum_mm", 2),
                ("From baseline, %", "change_from_baseline_pct", 1),
                ("From nadir, %", "change_from_nadir_pct", 1),
            ):
                value = float(one[name]) if one[name] else None
                shown = number(cell.get(title, ""))
                assert (shown is None) == (value is None), (who, title)
                assert value is None or shown is None or abs(shown - value) <= 0.5 * 10**-digits + 1e-9
            name, title = ("ioverall", "iRECIST") if criteria == "irecist" else ("overall", "Overall")
            assert cell[title] == f"{one[name]} {one[f'{name}_rule']}".strip()
            assert cell["Target"] == f"{one['target']} {one['target_rule']}".strip()
            seen += 1
    assert seen == len(written) and seen > 20


def test_times_and_best_responses_are_those_of_the_files(browser: Browser, trial: Ran) -> None:
    times, best = frame(trial, "endpoints"), frame(trial, "best_response")
    browser.open(trial.page, "#subjects")
    seen = [0, 0]
    for who in [*NAMES, "HSIT101-010"]:
        browser.go(recist.subject_link(who))
        rows: list[Any] = section(browser, "Times to events")
        head = rows[0]
        mine = times[times["subject"] == who].to_dict("records")
        assert len(rows) == len(mine) + 1
        for row, one in zip(rows[1:], mine, strict=True):
            happened = one["event"] == "True"
            assert row[1] == ("event" if happened else "censored")
            assert row[head.index("Days")] == one["time"]
            months = float(row[2].removesuffix("+"))
            assert (
                abs(months - float(one["time"]) / 30.4375) <= 0.05 + 1e-9 and row[2].endswith("+") != happened
            )
            assert row[4:6] == [one["start_date"], one["date"]]
            assert row[6].startswith(f"{one['description']} {one['situation']}")
            seen[0] += 1
        head, *rows = section(browser, "Best responses")
        its = best[best["subject"] == who]
        assert sorted(row[1] for row in rows) == sorted(
            (its["best_response"] + " " + its["best_response_rule"]).str.strip()
        )
        seen[1] += len(rows)
    assert seen == [len(times), len(best)]
