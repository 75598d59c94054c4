"""Dose-limiting toxicity by dose level, the reading of the 3 + 3 design, and the maximum tolerated dose.

Storer, Biometrics 1989; 45: 925-937; Le Tourneau, Lee and Siu, J Natl Cancer Inst 2009; 101: 708-720.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from survival.adverse_events.dose_limiting import DLT_WINDOW, THREE_PLUS_THREE, dose_limiting, mtd
from survival.adverse_events.window import Window
from survival.date_text import in_words
from survival.proportion import METHODS
from survival.results import ResultRows
from survival.tables.table import Line, Shell, Table

DOSE_LIMITING = Shell(title="Dose-limiting toxicity by dose level")
RULES = f"Rules of {THREE_PLUS_THREE.where}; Le Tourneau, Lee and Siu, J Natl Cancer Inst 2009; 101: 708."


def dose_limiting_table(
    events: pd.DataFrame,
    subjects: pd.DataFrame,
    level: str = "dose_level",
    window: Window = DLT_WINDOW,
    words: tuple[str | None, Shell] = (None, DOSE_LIMITING),
) -> Table:
    """Treated, evaluable, with dose-limiting toxicity, its rate and limits, and the 3 + 3 reading of each level.

    Parameters
    ----------
    events, subjects, level, window : as in `survival.dose_limiting`.
    words : the column of who is evaluable (None: everyone treated), and the shell.

    Returns
    -------
    Table with `.results`, `.frame`, `.to_html(path)` and `.to_csv(path)`; the maximum tolerated dose is a footnote.

    Raises
    ------
    InputError : as `survival.dose_limiting`.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": list("123456789"), "dose_level": list("111222222"),
    ...     "treatment_start_date": pd.Timestamp("2024-03-01")})
    >>> events = pd.DataFrame({"subject": ["4"], "term": ["Neurotoxicity"], "grade": [3],
    ...     "dose_limiting": ["Y"], "start_date": ["2024-03-09"]})
    >>> table = dose_limiting_table(events, subjects)
    >>> table.frame.iloc[2].tolist(), table.frame.iloc[5].tolist()
    (['With dose-limiting toxicity, n (%)', '0', '1 (16.7%)'], ['3 + 3 design', 'escalate (D2)', 'escalate (D6)'])
    """
    evaluable, shell = words
    levels = dose_limiting(events, subjects, level, window, evaluable)
    rows = ResultRows(shell.heading, shell.population)
    columns: dict[str, int] = {}
    for row in levels.to_dict("records"):
        group, n = str(row[level]), int(row["evaluable"])
        columns[group] = int(row["treated"])
        rows.add("treated", group, int(row["treated"]), "subjects", count=row["treated"])
        rows.add("evaluable", group, int(row["treated"]), "subjects", count=n)
        rows.add_count("with_dlt", group, n, int(row["with_dlt"]))
        method = METHODS[str(row["conf_type"])].title
        rows.add("with_dlt", group, n, "proportion", method, lower=row["lower"], upper=row["upper"])
        rows.add("events", group, n, "events", count=row["events"])
        rows.add_words(
            "reading", group, n, f"{row['reading']} ({row['reading_rule']})", THREE_PLUS_THREE.where
        )
    rows.add_words("mtd", "", int(levels["evaluable"].sum()), mtd(levels).sentence, THREE_PLUS_THREE.where)
    noted = replace(shell, footnotes=(*shell.footnotes, *_notes(levels, window, evaluable)))
    return Table(noted, tuple(_lines()), columns, rows.frame())


def _lines() -> list[Line]:
    """The lines in the order of the shell."""
    return [
        Line("Treated, n", "treated", "n", 0),
        Line("Evaluable, n", "evaluable", "n", 0),
        Line("With dose-limiting toxicity, n (%)", "with_dlt", indent=0),
        Line("95% CI (Clopper-Pearson)", "with_dlt", "limits"),
        Line("Dose-limiting toxicities, n", "events", "n"),
        Line("3 + 3 design", "reading", "words", 0),
    ]


def _notes(levels: pd.DataFrame, window: Window, evaluable: str | None) -> tuple[str, ...]:
    """The maximum tolerated dose, who is evaluable, and the rules that decided."""
    who = (
        "everyone treated"
        if evaluable is None
        else f"subjects flagged as {in_words(evaluable)}, and whoever had a dose-limiting toxicity"
    )
    sentence = window.sentence[0].upper() + window.sentence[1:]
    used = [rule for rule in THREE_PLUS_THREE.ids() if (levels["reading_rule"] == rule).any()]
    read = "; ".join(f"{rule}: {THREE_PLUS_THREE.rule(rule)['cite']}" for rule in used)
    notes = [mtd(levels).sentence, f"{sentence}. Evaluable: {who}. Percentages are of the evaluable."]
    return (*notes, RULES, *([f"{read}."] if read else []))
