"""Listing of an endpoint: when, event or censored, by which situation, and which others applied.

FDA, Clinical Trial Endpoints (2018), Appendix 3: the dates and reasons behind a time to an event are shown for
every subject; ICH E3, appendix 16.2.6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from recist import InputError
from survival.listings.about import with_groups
from survival.listings.listing import Listing
from survival.listings.order import in_order
from survival.results import DAYS_PER
from survival.tables.table import Shell

ENDPOINT = Shell(title="Event or censoring of each subject")
NEEDED = ("subject", "time", "event", "start_date", "date", "situation", "description")
OUTCOME = {True: "event", False: "censored"}
COLUMNS = {  # column -> what it says, in the order of the columns
    "situation": "Rule: the row of the table of situations of the endpoint that decides. Situation: what the row says.",
    "record": "Record: where the date stands in the data, as file and column, file, visit and reader, or domain with "
    "variable or sequence numbers. Blank: no record has that date.",
    "also": "Also applied: situations further down the table of the endpoint that held too, each with the date it "
    "would have given. The first that holds decides.",
}


def endpoint_listing(
    tte: pd.DataFrame,
    situations: pd.DataFrame | None = None,
    by: str | Sequence[str] | None = None,
    shell: Shell = ENDPOINT,
    sources: Mapping[str, str] | None = None,
    unit: str = "days",
) -> Listing:
    """Every subject of an endpoint with its dates, its situation in words, and what else applied.

    Parameters
    ----------
    tte : of `survival.derive_endpoint`, of one endpoint.  A column `record` says where the date stands in the data.
    situations : of `survival.all_situations` of the same endpoint; with them the situations that also applied.
    by : columns of `tte` shown after the subject.
    shell : title, population, footnotes.
    sources : situation -> where its date comes from, in words.
    unit : `days`, or `months` for a further column of months (30.4375 days).

    Returns
    -------
    Listing by subject.

    Raises
    ------
    InputError : a column is missing, or the unit is unknown.

    Examples
    --------
    >>> day = pd.Timestamp("2024-01-01")
    >>> tte = pd.DataFrame({"subject": ["1"], "time": [32], "event": [True], "start_date": [day],
    ...     "date": [day + pd.Timedelta(days=31)], "situation": ["P5"], "description": ["Progression documented"]})
    >>> endpoint_listing(tte).frame.iloc[0].tolist()
    ['1', '2024-01-01', '2024-02-01', '32', 'event', 'P5', 'Progression documented']
    """
    if missing := [name for name in NEEDED if name not in tte]:
        raise InputError(
            f"the times have no column {', '.join(missing)}; they have {', '.join(map(str, tte))}"
        )
    if unit not in DAYS_PER:
        raise InputError(f"unit {unit!r} is not one of {', '.join(DAYS_PER)}")
    rows, headings = with_groups(tte, tte, by)
    rows = in_order(rows, ["subject"])
    data = rows.assign(outcome=rows["event"].astype(bool).map(OUTCOME))
    headings |= {"start_date": "Start", "date": "Date", "time": "Days"}
    if unit != "days":
        data, headings = (
            data.assign(scaled=data["time"] / DAYS_PER[unit]),
            headings | {"scaled": unit.capitalize()},
        )
    headings |= {"outcome": "Outcome", "situation": "Rule", "description": "Situation"}
    if sources is not None:
        data = data.assign(source=data["situation"].astype("string").map(dict(sources)))
        headings |= {"source": "Date of"}
    if "record" in data:
        headings |= {"record": "Record"}
    if situations is not None:
        also = _also(situations)
        data = data.assign(also=data["subject"].map(also).astype("string").fillna(""))
        headings |= {"also": "Also applied"}
    explained = (text for name, text in COLUMNS.items() if name in headings)
    noted = replace(shell, footnotes=(*shell.footnotes, *counted_days(rows, unit), *explained))
    return Listing(noted, headings, data[list(headings)], {"scaled": 1})


def counted_days(tte: pd.DataFrame, unit: str = "days") -> tuple[str, ...]:
    """How times count their days, read from the times themselves: nothing is said of none.

    Examples
    --------
    >>> day = pd.Timestamp("2024-01-01")
    >>> counted_days(pd.DataFrame({"time": [32], "start_date": [day], "date": [day + pd.Timedelta(days=31)]}))
    ('Days: date - start + 1, so that the start is day 1.',)
    """
    first = (tte["time"] - (tte["date"] - tte["start_date"]).dt.days).dropna().unique()
    if len(first) != 1:
        return ()
    added = f" + {int(first[0])}" if first[0] else ""
    months = f" {unit.capitalize()}: days / {DAYS_PER[unit]:g}." if unit != "days" else ""
    return (f"Days: date - start{added}, so that the start is day {int(first[0])}.{months}",)


def _also(situations: pd.DataFrame) -> pd.Series:
    """The situations that applied without deciding, by subject."""
    rest = situations[~situations["chosen"].astype(bool)]
    if rest.empty:
        return pd.Series(dtype="object")
    date = rest["date"].dt.strftime("%Y-%m-%d").astype("string").fillna("no date")
    outcome = rest["outcome"].astype("string")
    words = rest["situation"].astype("string") + " " + rest["description"].astype("string")
    text = words + " (" + outcome + ", " + date + ")"
    found: pd.Series = text.groupby(rest["subject"].astype(str)).agg("; ".join)
    return found
