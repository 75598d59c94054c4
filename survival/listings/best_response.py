"""Listing of best responses: which, on which day, by which rule, and the dates that hang on it.

RECIST 1.1, section 4.6: best overall response, confirmation, and the dates of response and progression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from recist import InputError
from survival.listings.about import several, with_groups
from survival.listings.listing import Listing
from survival.listings.order import in_order
from survival.tables.table import Shell

BEST = Shell(title="Best overall response of each subject")
NONE = "no assessment"
NOTE = "Rule: row of the table of best responses in force.  NE: not evaluable."
HEADINGS = {
    "best_response": "Best response",
    "best_response_date": "Date",
    "best_response_rule": "Rule",
    "confirmed_best_response": "Confirmed best response",
    "confirmed_best_response_date": "Date of it",
    "confirmed_best_response_rule": "Rule of it",
    "response_date": "First response",
    "confirmed_response_date": "First confirmed response",
    "progression_date": "First progression",
    "remission_date": "First remission",
    "mrd_negative_date": "First without residual disease",
    "relapse_date": "Relapse",
    "n_assessments": "Assessments",
}


def best_response_listing(
    best: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    shell: Shell = BEST,
) -> Listing:
    """The best response of every subject of the population, by reader and criteria where there are several.

    Parameters
    ----------
    best : of `recist.best_response`; leave out the columns that shall not be shown.
    subjects, by : the population, and its columns shown after the subject.  A subject whom `best` does not have
        has one line that says so.
    shell : title, population, footnotes.

    Raises
    ------
    InputError : a column is missing.

    Examples
    --------
    >>> best = pd.DataFrame({"subject": ["2"], "best_response": ["PR"], "best_response_rule": ["B.2"]})
    >>> best_response_listing(best, pd.DataFrame({"subject": ["10", "2"]})).frame.values.tolist()
    [['2', 'PR', 'B.2'], ['10', 'no assessment', '']]
    """
    if missing := [name for name in ("subject", "best_response") if name not in best]:
        raise InputError(f"best has no column {', '.join(missing)}; make it with recist.best_response")
    alone = ~subjects["subject"].astype(str).isin(set(best["subject"].astype(str)))
    nobody = pd.DataFrame({"subject": subjects.loc[alone, "subject"].astype(str), "best_response": NONE})
    text = {name: "string" for name in ("subject", "best_response", "evaluator", "criteria") if name in best}
    everyone = (
        pd.concat([best.astype(text), nobody.astype("string")], ignore_index=True) if len(nobody) else best
    )
    rows, headings = with_groups(everyone, subjects, by)
    keys = [name for name in ("evaluator", "criteria") if several(rows, name)]
    rows = in_order(rows, ["subject", *keys])
    headings |= {name: name.capitalize() for name in keys}
    headings |= {name: heading for name, heading in HEADINGS.items() if name in best}
    noted = replace(shell, footnotes=(*shell.footnotes, NOTE))
    return Listing(noted, headings, rows[list(headings)])
