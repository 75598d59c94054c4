"""Reasons for progression: which lesions grew, where new ones appeared, and who died without progression.

RECIST 1.1, sections 4.3.1 to 4.3.5; iRECIST (Seymour, Lancet Oncol 2017; 18: e143).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from survival.endpoint import Endpoint
from survival.groups import as_columns, declared_groups, label
from survival.progression_reasons import (
    CAUSES,
    CLAIMED,
    CLINICAL,
    DEATH,
    UNTOLD,
    new_lesion_sites,
    progression_reasons,
)
from survival.results import ResultRows
from survival.tables.table import Line, Shell, Table, column_sizes

PROGRESSION = Shell(title="Reasons for progression", total="Total")
CLAIM_NOTE = "Clinical progression only: treatment stopped for progression that no assessment documents; no event, of N."
NOTES = (
    "Percentages of events are of N, those of reasons of the subjects with an event, those of sites of the subjects with "
    "a new lesion at progression, who may have several.",
    "The reasons are those of the assessment that is the progression; under iRECIST of the iUPD that counts.",
)


def progression_reason_table(
    tte: pd.DataFrame,
    responses: pd.DataFrame,
    endpoint: Endpoint,
    by: str | Sequence[str] | None = None,
    shell: Shell = PROGRESSION,
    lesions: pd.DataFrame | None = None,
) -> Table:
    """Events by what made them, and the sites of new lesions, per group and in total.

    Parameters
    ----------
    tte, responses, endpoint : as in `survival.progression_reasons.progression_reasons`.
    by : columns of `tte` that make the groups.
    shell : title, population, footnotes, and the label of the total column (empty for none).
    lesions : of `recist.read_lesions`; with them the sites of new lesions.

    Returns
    -------
    Table with `.results` and `.frame`.

    Raises
    ------
    InputError : as `progression_reasons`.

    Examples
    --------
    >>> from survival import PFS
    >>> day = pd.to_datetime(["2024-02-01", "2024-03-01"])
    >>> tte = pd.DataFrame({"subject": ["1", "2"], "event": True, "date": day, "situation": ["P5", "P7"]})
    >>> seen = pd.DataFrame({"subject": ["1"], "date": day[:1], "overall": ["PD"], "target": ["PD"],
    ...     "non_target": ["CR"], "new_lesion": ["N"], "visit": ["WEEK 8"]})
    >>> progression_reason_table(tte, seen, PFS).frame.iloc[:3, 1].tolist()
    ['2 (100.0%)', '1 (50.0%)', '1 (50.0%)']
    """
    by = as_columns(by)
    reasons = progression_reasons(tte, responses, endpoint)
    sites = None if lesions is None else new_lesion_sites(reasons, lesions)
    parts = declared_groups(tte, by)
    sizes = column_sizes([(key, len(part)) for key, part in parts], shell.total)
    rows = ResultRows(shell.heading, shell.population)
    groups = {label(key): part for key, part in parts} | ({shell.total: tte} if shell.total in sizes else {})
    for group, part in groups.items():
        _add(rows, group, part, reasons, sites)
    results = rows.frame()
    claims = "description" in tte and any(one.text == CLAIMED for one in endpoint.situations)
    shell = replace(shell, footnotes=(*shell.footnotes, *((CLAIM_NOTE,) if claims else ())))
    noted = replace(shell, footnotes=(*shell.footnotes, *(NOTES if sites is not None else _without_sites())))
    return Table(noted, tuple(_lines(reasons, sites, claims)), sizes, results)


def _without_sites() -> tuple[str, ...]:
    """The notes of a table that says nothing of sites."""
    return ("Percentages of events are of N, those of reasons of the subjects with an event.", NOTES[1])


def _add(
    rows: ResultRows, group: str, part: pd.DataFrame, reasons: pd.DataFrame, sites: pd.DataFrame | None
) -> None:
    """The counts of one group."""
    here = reasons[reasons["subject"].isin(part["subject"].astype(str))]
    n = len(here)
    rows.add_count("Events", group, len(part), n)
    documented = int((~here["reason"].isin([DEATH, CLINICAL])).sum())
    rows.add_count("Progression", group, n, documented)
    if (claimed := _claimed(part)) is not None:
        rows.add_count(CLAIMED, group, len(part), int(claimed.sum()))
    for reason in (*CAUSES.values(), UNTOLD, DEATH, CLINICAL):
        rows.add_count(reason, group, n, int((here["reason"] == reason).sum()))
    if sites is None:
        return
    new = set(here.loc[here["new_lesion"], "subject"])
    rows.add_count("New lesion", group, n, len(new))
    seen = sites[sites["subject"].isin(new)]
    for organ in sites["organ"].unique():
        rows.add_count(f"Site {organ}", group, len(new), int((seen["organ"] == organ).sum()))
    unknown = new - set(seen["subject"])
    rows.add_count("Site not on record", group, len(new), len(unknown))


def _claimed(part: pd.DataFrame) -> pd.Series | None:
    """Who stopped treatment for progression that no scan documents, and is censored for it."""
    if "description" not in part:
        return None
    return ~part["event"].astype(bool) & (part["description"].astype(str) == CLAIMED)


def _lines(reasons: pd.DataFrame, sites: pd.DataFrame | None, claims: bool) -> list[Line]:
    """Events, their reasons, clinical progression that is none, then the sites, the most frequent first."""
    there = set(reasons["reason"])
    lines = [
        Line("Progression or death, n (%)", "Events", indent=0),
        Line("Documented progression, n (%)", "Progression", indent=0),
        *(Line(reason, reason) for reason in CAUSES.values()),
        *([Line(UNTOLD, UNTOLD)] if UNTOLD in there else []),
        Line(f"{DEATH}, n (%)", DEATH, indent=0),
        *([Line(f"{CLINICAL}, n (%)", CLINICAL, indent=0)] if CLINICAL in there else []),
        *([Line("Clinical progression only (censored), n (%)", CLAIMED, indent=0)] if claims else []),
    ]
    if sites is None or not reasons["new_lesion"].any():
        return lines
    lines.append(Line("New lesion at progression, n (%)", "New lesion", indent=0))
    often = sites["organ"].value_counts()
    for organ in sorted(often.index, key=lambda organ: (-often[organ], organ)):
        lines.append(Line(organ.capitalize(), f"Site {organ}"))
    if not set(reasons.loc[reasons["new_lesion"], "subject"]) <= set(sites["subject"]):
        lines.append(Line("Site not on record", "Site not on record"))
    return lines
