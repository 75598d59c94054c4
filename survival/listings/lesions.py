"""Listing of lesions: one line per lesion and reader, its size or state at every visit, and what became of it.

RECIST 1.1, sections 3 and 4: 5 mm for a target too small to measure (4.3.2), lesions that split or coalesce
(4.3.2), lesions not evaluated (4.4.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from recist import InputError
from survival.listings.about import several, with_groups
from survival.listings.listing import Listing
from survival.listings.order import in_order, natural
from survival.results import rounded
from survival.tables.table import Shell

LESIONS = Shell(title="Lesions")
NEEDED = ("subject", "evaluator", "lesion", "role", "organ", "visit", "date", "state", "baseline")
STATES = {  # state -> printed
    "absent": "0",
    "not evaluable": "NE",
    "not done": "ND",
    "unequivocal progression": "UP",
    "unequivocal": "new",
    "equivocal": "equivocal",
    "not new": "not new",
}
NODES = {True: "Y", False: "N"}
KEY = ["subject", "evaluator", "lesion"]
TOO_SMALL = 5.0  # mm, RECIST 1.1 section 4.3.2
NOTE = (
    "Sizes in mm: longest diameter, of lymph nodes (Node Y) the short axis. *: too small to measure, 5 mm unless a size "
    "is given. 0: absent. NE: not evaluable. ND: not done. UP: unequivocal progression. new: unequivocal new lesion."
)
MERGED = "in T2: merged with that lesion, which has the size of both."
SPLIT = "Split from T2: a part of that lesion, measured by itself."
VIABLE = "In square brackets: longest diameter of the enhancing part, mm."


def lesion_listing(
    lesions: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    shell: Shell = LESIONS,
) -> Listing:
    """Every lesion of every reader with its baseline and its value at each visit.

    Parameters
    ----------
    lesions : of `recist.read_lesions`; those of others than `subjects` are not listed.
    subjects, by : the population, and its columns shown after the subject.
    shell : title, population, footnotes.

    Returns
    -------
    Listing with a column per visit label, in the order of the days on which the visits were.

    Raises
    ------
    InputError : a column is missing.

    Examples
    --------
    >>> import recist
    >>> lesions = recist.as_lesions(pd.DataFrame({"subject": "01", "visit": ["BASELINE", "WEEK 8"], "lesion": "T1",
    ...     "role": "target", "date": ["2024-01-02", "2024-02-27"], "organ": "LIVER",
    ...     "diameter_mm": [12.0, None], "state": ["measured", "too small"]}))
    >>> lesion_listing(lesions, pd.DataFrame({"subject": ["01"]})).frame.iloc[0].tolist()
    ['01', 'T1', 'target', 'LIVER', 'N', '12', '5*', '']
    """
    if missing := [name for name in NEEDED if name not in lesions]:
        raise InputError(f"lesions has no column {', '.join(missing)}; read them with recist.read_lesions")
    rows, headings = with_groups(lesions, subjects, by)
    rows = rows.assign(
        value=_values(rows), label=rows["visit"].astype(str).mask(rows["baseline"], "Baseline")
    )
    visits = _visits(rows)
    wide = in_order(_wide(rows, list(headings), visits), ["subject", "evaluator", "role", "lesion"])
    stub = {"subject": "Subject"} | ({"evaluator": "Evaluator"} if several(rows, "evaluator") else {})
    stub |= {"lesion": "Lesion"}
    headings = stub | headings | {"role": "Role", "organ": "Organ"}
    headings |= {"method": "Method"} if "method" in wide else {}
    headings |= {"node": "Node", **{visit: visit for visit in visits}, "note": "Note"}
    explained = {"viable_mm": VIABLE, "merged_into": MERGED, "parent": SPLIT}
    notes = (NOTE, *(note for name, note in explained.items() if _has(rows, name)))
    noted = replace(shell, footnotes=(*shell.footnotes, *notes))
    return Listing(noted, headings, wide[list(headings)], stub=len(stub))


def _has(rows: pd.DataFrame, name: str) -> bool:
    return name in rows and bool(rows[name].notna().any())


def _values(rows: pd.DataFrame) -> pd.Series:
    """What is printed of each row."""
    state = rows["state"].astype("string").fillna("")
    size = rows["diameter_mm"].map(_size).astype("string").fillna("")
    text = state.replace(STATES).where(state.ne("measured"), size)
    small = state == "too small"
    text = text.mask(small, size.where(size != "", _size(TOO_SMALL)) + "*")
    sized_new = state.isin(["unequivocal", "equivocal", "present", "increased"]) & (size != "")
    text = text.mask(sized_new, text + " (" + size + ")")
    if _has(rows, "merged_into"):
        text = text.mask(rows["merged_into"].notna(), "in " + rows["merged_into"].astype("string"))
    if _has(rows, "viable_mm"):
        viable = rows["viable_mm"].map(_size).astype("string")
        text = text.mask(rows["viable_mm"].notna(), text + " [" + viable + "]")
    return text.mask(text == "", "blank")


def _size(value: float) -> str:
    """A length as it was recorded: no decimals that say nothing."""
    return "" if pd.isna(value) else rounded(value, 1).removesuffix(".0")


def _visits(rows: pd.DataFrame) -> list[str]:
    """Labels of visits, baseline first, then by the usual day since the first scan of a reader."""
    first = rows.groupby(["subject", "evaluator"], observed=True)["date"].transform("min")
    day = (rows["date"] - first).dt.days
    usual = day.groupby(rows["label"]).median().fillna(0.0)
    return sorted(usual.index, key=lambda label: (label != "Baseline", usual[label], natural(label)))


def _wide(rows: pd.DataFrame, about: list[str], visits: list[str]) -> pd.DataFrame:
    """One row per lesion: what is fixed of it, its values by visit, its notes."""
    fixed = [*about, "role", "organ", *(["method"] if _has(rows, "method") else []), "node"]
    fixed = [name for name in dict.fromkeys(fixed) if name not in KEY]
    rows = rows.assign(node=rows["node"].map(NODES)).astype(dict.fromkeys([*KEY, *fixed], "string"))
    grouped = rows.groupby(KEY, sort=False)
    wide = grouped[fixed].first()
    values = rows.pivot_table("value", KEY, "label", aggfunc="; ".join, sort=False)
    wide = wide.join(values.reindex(columns=visits)).reset_index()
    return wide.assign(note=wide[KEY].merge(_notes(rows), on=KEY, how="left")["note"].fillna(""))


def _notes(rows: pd.DataFrame) -> pd.DataFrame:
    """What else is on record: fragments, merging, reasons, enhancement of new lesions; each with its visit."""
    at = rows["label"] + ": "
    told = []
    if _has(rows, "parent"):
        told.append("split from " + rows["parent"].astype("string"))
    if _has(rows, "merged_into"):
        told.append(at + "merged into " + rows["merged_into"].astype("string"))
    told += [at + rows[name].astype("string") for name in ("reason", "pattern") if _has(rows, name)]
    if not told:
        return pd.DataFrame(columns=[*KEY, "note"], dtype="string")
    notes = pd.concat([rows[KEY].assign(note=text) for text in told]).dropna(subset="note").drop_duplicates()
    return notes.groupby(KEY, sort=False)["note"].agg("; ".join).reset_index()
