"""Named findings about a table of adverse events: what a data manager would ask the site.

They are listed, with what each means, in docs/generated/adverse_event_findings.md; the data are never changed.
"""

from __future__ import annotations

from string import Formatter

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist import SubjectError
from survival.adverse_events.evidence import Table
from survival.adverse_events.findings import FINDINGS, AdverseFinding
from survival.adverse_events.frame import as_adverse_events

SEVERITY = ("error", "warning", "note")
COLUMNS = ("finding", "severity", "subject", "row", "message")
DATES = ("treatment_start_date", "death_date", "cutoff_date")
_HEAD = """\
# Findings about adverse events

`check_adverse_events` asks; it never changes data. A finding is an **error** when an incidence is wrong or cannot be
trusted, a **warning** when something is probably wrong, a **note** when it is worth a look.
The sentence is put to the site after the place (subject, term, spreadsheet row).

What cannot be read at all (a missing column, a grade that is no number, a date that is none) is refused by
`read_adverse_events` with an error of its own.

This page is written from the declarations in `survival/adverse_events/findings.py` by `python -m docs.generate`.
"""


def check_adverse_events(events: pd.DataFrame, subjects: pd.DataFrame | None = None) -> pd.DataFrame:
    """Ask of a table of adverse events what a data manager or a safety physician would ask.

    Parameters
    ----------
    events : DataFrame
        The table of adverse events (see `read_adverse_events`).
    subjects : DataFrame, optional
        `subject` and, where known, `treatment_start_date`, `death_date`, `cutoff_date`; without it the findings
        that need these are not looked for.

    Returns
    -------
    DataFrame
        One row per finding, in the order of the table: `finding` (its id), `severity` (error, warning, note),
        `subject`, `row` (row of a spreadsheet whose header is row 1), `message`.

    Raises
    ------
    AdverseEventError
        When the table cannot be read as one.
    SubjectError
        When the subject table has no column `subject`, or a subject twice.

    Examples
    --------
    >>> events = pd.DataFrame({"subject": ["01"], "term": ["Sepsis"], "grade": [5], "start_date": ["2024-03-05"]})
    >>> subjects = pd.DataFrame({"subject": ["01"], "death_date": [pd.NaT]})
    >>> check_adverse_events(events, subjects)["message"][0]
    'Subject 01, Sepsis: grade 5, but no date of death. Did the subject die, and when? (row 2)'
    """
    table = _table(as_adverse_events(events), subjects)
    found = [_reported(one, table.rows, np.flatnonzero(one.find(table))) for one in FINDINGS]
    frame = pd.concat(found, ignore_index=True).sort_values("row", kind="stable").reset_index(drop=True)
    frame["finding"] = pd.Categorical(frame["finding"], [one.id for one in FINDINGS])
    frame["severity"] = pd.Categorical(frame["severity"], list(SEVERITY))
    return frame[list(COLUMNS)]


def markdown() -> str:
    """The page docs/generated/adverse_event_findings.md."""
    lines = [_HEAD]
    for severity in SEVERITY:
        chosen = [one for one in FINDINGS if one.severity == severity]
        lines.append(f"\n## {severity.capitalize()}s ({len(chosen)})\n")
        lines += ["| finding | what it means | why it matters | asked of the site |", "|---|---|---|---|"]
        lines += [
            f"| `{one.id}` | {one.meaning} | {one.why} ({one.cite}) | {one.sentence} |" for one in chosen
        ]
    return "\n".join(lines) + "\n"


def _table(events: pd.DataFrame, subjects: pd.DataFrame | None) -> Table:
    """The events with the dates of their subjects."""
    if subjects is None:
        return Table(events, None)
    if "subject" not in subjects or subjects["subject"].astype(str).duplicated().any():
        raise SubjectError("The subject table needs a column 'subject', with one row per subject.")
    known = subjects.set_index(subjects["subject"].astype(str))
    who = events["subject"].astype(str)
    dates = {
        name: pd.to_datetime(known[name]).reindex(who).to_numpy().astype("datetime64[ns]")
        for name in DATES
        if name in known
    }
    return Table(events.assign(**dates), who.isin(known.index).to_numpy(bool))


def _reported(one: AdverseFinding, rows: pd.DataFrame, at: npt.NDArray[np.intp]) -> pd.DataFrame:
    """The rows of one finding with its sentence."""
    hit = rows.iloc[at]
    named = [name for _, name, _, _ in Formatter().parse(one.sentence) if name]
    said = {name: _texts(hit, name) for name in dict.fromkeys(named)}
    who, term = hit["subject"].astype(str).tolist(), hit["term"].astype(str).tolist()
    messages = [
        f"Subject {who[n]}, {term[n]}: {one.sentence.format(**{k: v[n] for k, v in said.items()})} (row {row + 2})"
        for n, row in enumerate(at.tolist())
    ]
    return pd.DataFrame(
        {
            "finding": one.id,
            "severity": one.severity,
            "subject": pd.array(who, "str"),
            "row": pd.array(at + 2, "Int64"),
            "message": pd.array(messages, "str"),
        }
    )


def _texts(hit: pd.DataFrame, name: str) -> list[str]:
    """A column as its sentence names it: whole grades as such, dates without a time."""
    if name not in hit:
        return ["not recorded"] * len(hit)
    if pd.api.types.is_datetime64_any_dtype(hit[name]):
        return list(hit[name].dt.strftime("%Y-%m-%d").fillna("not recorded"))
    if pd.api.types.is_numeric_dtype(hit[name]):
        return [f"{value:g}" if pd.notna(value) else "not recorded" for value in hit[name]]
    return list(hit[name].astype("string").fillna("not recorded"))
