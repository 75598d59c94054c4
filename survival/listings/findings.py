"""Listing of findings: what is doubtful in the data, record by record, as a question to whoever recorded it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from recist import InputError
from survival.listings.listing import Listing
from survival.listings.order import in_order
from survival.tables.table import Shell

FINDINGS = Shell(title="Findings of the check of the data", population="All records")
HEADINGS = {
    "subject": "Subject",
    "severity": "Severity",
    "finding": "Finding",
    "evaluator": "Evaluator",
    "visit": "Visit",
    "lesion": "Lesion",
    "row": "Row",
    "message": "Question",
}
SEVERITY = ("error", "warning", "note")
NOTES = (
    "Error: no response can be trusted until it is settled; warning: a response may change; note: worth a look. "
    "Row: of the file that was read, its heading is row 1.",
    "Findings are reported, the data are not changed.",
)


def finding_listing(findings: pd.DataFrame, shell: Shell = FINDINGS) -> Listing:
    """Every finding with its severity, its place and its question, by severity and subject.

    Parameters
    ----------
    findings : of `recist.check_lesions` and its kin.
    shell : title, population, footnotes.

    Returns
    -------
    Listing; columns that are blank throughout are left out.

    Raises
    ------
    InputError : a column is missing.

    Examples
    --------
    >>> found = pd.DataFrame({"finding": ["b", "a"], "severity": ["note", "error"], "subject": ["1", "2"],
    ...     "message": ["Is it so?", "Is it?"]})
    >>> finding_listing(found).frame.values.tolist()
    [['2', 'error', 'a', 'Is it?'], ['1', 'note', 'b', 'Is it so?']]
    """
    if missing := [name for name in ("finding", "severity", "subject", "message") if name not in findings]:
        raise InputError(f"findings has no column {', '.join(missing)}; make it with recist.check_lesions")
    kept = {
        name: head for name, head in HEADINGS.items() if name in findings and findings[name].notna().any()
    }
    kept = kept or {name: HEADINGS[name] for name in ("subject", "severity", "finding", "message")}
    rank = findings["severity"].astype("string").map({word: n for n, word in enumerate(SEVERITY)})
    ordered = findings.assign(rank=rank.astype("Float64"))
    names = [name for name in ("rank", "subject", "finding", "row") if name in ordered]
    data = in_order(ordered, names)[list(kept)]
    return Listing(replace(shell, footnotes=(*shell.footnotes, *NOTES)), kept, data)
