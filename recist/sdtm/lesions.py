"""TU and TR to the lesion table that everything else works on, with its baseline visit and its dates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recist.lesions import as_lesions
from recist.sdtm.domains import Domain
from recist.sdtm.joined import rename_merged, with_merged, with_parents
from recist.sdtm.notes import Notes, days, stack
from recist.sdtm.results import add_results
from recist.sdtm.tumours import VISIT, identified, link, measurements, one_per_visit, only_identified

SERIES = ["subject", "evaluator"]
COLUMNS = (
    *("subject", "evaluator", "visit", "date", "lesion", "role", "organ", "node", "diameter_mm", "state"),
    *("parent", "merged_into", "baseline", "method", "reason"),  # those of the lesion table
    *("accepted", "visit_number", "source", "source_row", "source_seq"),  # where the row comes from
)


def lesions_from(
    tu: Domain, tr: Domain, reference: pd.Series[Any], notes: Notes
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lesion table, and the rows kept apart because their day is not known.

    `reference` is DM.RFSTDTC by subject, as text.
    """
    lesions = identified(tu, notes)
    records = rename_merged(measurements(tr, notes))
    rows = add_results(one_per_visit(link(records, lesions, notes), notes), notes).assign(source="TR")
    alone = only_identified(lesions[~lesions["lesion"].str.contains("/", regex=False)], rows)
    rows = with_merged(with_parents(stack(rows, alone), notes), notes)
    rows = rows.assign(baseline=baseline_rows(rows, reference), date=days(rows["date_text"]))
    dated, undated = _apart(rows, notes)
    return _shaped(dated, conform=True), _shaped(undated, conform=False)


def baseline_rows(rows: pd.DataFrame, reference: pd.Series[Any]) -> pd.Series[Any]:
    """Flagged visits; without a flag the last visit on or before the reference start; else the first visit.

    Dates are compared as ISO text, so that a visit whose day is missing still takes its place; such a
    baseline is later kept apart, rather than a later visit taking its place unnoticed.
    """
    flagged = rows[rows["flagged"] | rows["flagged_tu"].isin([True])]
    visits = rows[rows["date_text"] != ""].groupby(VISIT, as_index=False, sort=False)
    order = visits.agg(text=("date_text", "min"), number=("visit_number", "min"))
    order = order.sort_values([*SERIES, "text", "number"])
    start = order["subject"].map(reference).astype("string").fillna("").str[:10]
    before = order[(order["text"].str[:10] <= start).to_numpy(bool)]
    chosen = pd.concat([before.drop_duplicates(SERIES, keep="last"), order.drop_duplicates(SERIES)])
    chosen = chosen.drop_duplicates(SERIES)[VISIT]
    marked = flagged[VISIT].drop_duplicates()
    unmarked = chosen.merge(marked[SERIES].drop_duplicates(), "left", SERIES, indicator="seen")
    unmarked = unmarked[unmarked["seen"] == "left_only"][VISIT]
    both = pd.concat([marked, unmarked]).drop_duplicates()
    found = rows[VISIT].merge(both, "left", VISIT, indicator="seen")["seen"] == "both"
    return pd.Series(found.to_numpy(bool), index=rows.index)


def _apart(rows: pd.DataFrame, notes: Notes) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows whose day is not known are reported and kept apart; an unimaged lesion needs no day of its own."""
    known = rows["date"].notna()
    dated = rows.loc[known, VISIT].drop_duplicates()
    visit_known = (rows[VISIT].merge(dated, "left", VISIT, indicator="seen")["seen"] == "both").to_numpy()
    unimaged = (
        (rows["date_text"] == "") & rows["state"].isin(["not done", "not evaluable", "merged"]) & visit_known
    )
    partial = ~known & (rows["date_text"] != "")
    blank = ~known & (rows["date_text"] == "") & ~unimaged
    for source in ("TR", "TU"):
        here = rows["source"] == source
        sentence = "date {date_text!r} has no day; the row is kept apart, a day is never guessed"
        notes.add("date_without_day", "error", rows[partial & here], sentence, source)
        sentence = "no date; the row is kept apart, a day is never guessed"
        notes.add("date_missing", "error", rows[blank & here], sentence, source)
    lost = rows[(partial | blank) & rows["baseline"]].drop_duplicates(SERIES)
    lost = lost.merge(
        rows[known & rows["baseline"]][SERIES].drop_duplicates(), "left", SERIES, indicator="seen"
    )
    lost = lost[lost["seen"] == "left_only"].drop(columns=["seen", "row", "lesion"])
    sentence = "the baseline visit has no date with a day, so nothing can be judged against it"
    notes.add("baseline_undated", "error", lost, sentence, "TR")
    apart = (partial | blank).to_numpy(bool)
    return rows[~apart], rows[apart]


def _shaped(rows: pd.DataFrame, conform: bool) -> pd.DataFrame:
    rows = rows.rename(columns={"row": "source_row", "seq": "source_seq"})
    rows = rows.sort_values([*SERIES, "date", "visit_number", "source_row"])
    kept = [
        c for c in COLUMNS if c not in ("parent", "merged_into", "reason", "method") or (rows[c] != "").any()
    ]
    if not conform:
        kept.insert(kept.index("date"), "date_text")
    shaped = rows[kept].reset_index(drop=True)
    shaped = shaped.assign(
        source=shaped["source"].astype("category"),
        source_row=shaped["source_row"].astype("Int64"),
        source_seq=shaped["source_seq"].astype("Int64"),
        accepted=shaped["accepted"].astype(bool),
        node=shaped["node"].astype(bool),
        diameter_mm=shaped["diameter_mm"].astype(np.float64),
    )
    return as_lesions(shaped) if conform and len(shaped) else shaped


def visits_from(lesions: pd.DataFrame) -> pd.DataFrame:
    """One row per subject, evaluator and visit: first and last day, and whether anything was imaged."""
    imaged = ~lesions["state"].isin(["not done"])
    by = lesions.assign(imaged=imaged).groupby(VISIT, observed=True, sort=False, as_index=False)
    return by.agg(
        visit_number=("visit_number", "min"),
        date=("date", "min"),
        last_date=("date", "max"),
        baseline=("baseline", "any"),
        imaging_done=("imaged", "any"),
    )
