"""Lesions that split or merged: `T04.1` is a fragment of T04, `T02/T03` are two lesions measured as one.

RECIST 1.1 Appendix III; identifiers as in the CDISC RECIST 1.1 disease-response supplement.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from recist.sdtm.notes import Notes, stack
from recist.sdtm.tumours import LESION, VISIT

_FRAGMENT = re.compile(r"(.+)\.\d+")


def rename_merged(records: pd.DataFrame) -> pd.DataFrame:
    """`T02/T03` becomes T02 with `merged_with` T03, so that the conglomerate is booked once."""
    parts = records["lesion"].str.partition("/")
    return records.assign(lesion=parts[0].str.strip(), merged_with=parts[2].str.strip())


def with_parents(rows: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """`parent` of each fragment; a parent without a size beside its fragments is left out."""
    ids = {word: _FRAGMENT.fullmatch(word) for word in rows["lesion"].unique()}
    parent = rows["lesion"].map({word: m[1] if m else "" for word, m in ids.items()}).astype("string")
    known = rows[LESION].drop_duplicates().rename(columns={"lesion": "parent"})
    pairs = rows[["subject", "evaluator"]].assign(parent=parent).merge(known, "left", indicator="seen")
    parent = parent.where((pairs["seen"] == "both").to_numpy(), "")
    fragments = rows.assign(parent=parent)[parent != ""]
    split = fragments[[*VISIT, "parent"]].drop_duplicates().rename(columns={"parent": "lesion"})
    beside = rows[[*VISIT, "lesion"]].merge(split, "left", indicator="seen")["seen"] == "both"
    idle = (
        beside.to_numpy() & rows["diameter_mm"].isna() & rows["state"].isin(["", "not done", "not evaluable"])
    )
    sentence = "split; its fragments are measured, so this record without a size takes no part"
    notes.add("split_parent_without_size", "note", rows[idle], sentence, "TR")
    return rows.assign(parent=parent)[~idle].reset_index(drop=True)


def with_merged(rows: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """The first lesion keeps the size of the whole; each partner is `merged` into it, not missing."""
    rows = rows.assign(merged_into="")
    whole = rows[rows["merged_with"] != ""]
    if whole.empty:
        return rows
    for name, partners in (("lesion", False), ("merged_with", True)):
        about = whole.assign(partner=whole[name].str.split("/")).explode("partner")
        keys = about[[*VISIT, "partner", "lesion"]].rename(columns={"lesion": "into", "partner": "lesion"})
        keys = keys.assign(lesion=keys["lesion"].str.strip().astype("string")).drop_duplicates(
            [*VISIT, "lesion"]
        )
        found = rows[[*VISIT, "lesion"]].merge(keys, "left", [*VISIT, "lesion"])["into"]
        idle = found.notna().to_numpy() & rows["diameter_mm"].isna().to_numpy() & (rows["merged_with"] == "")
        if partners:
            rows = rows.assign(
                state=rows["state"].mask(idle, "merged"),
                merged_into=rows["merged_into"].mask(idle, found.array),
            )
            rows = stack(rows, _absent_partners(rows, whole, keys))
        else:
            sentence = "merged; the size of the conglomerate stands here, so this record takes no part"
            notes.add("merged_record_without_size", "note", rows[idle], sentence, "TR")
            rows = rows[~idle].reset_index(drop=True)
    return rows


def _absent_partners(rows: pd.DataFrame, whole: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """Partners without any record at the visit of the conglomerate, with the organ they had before."""
    new = keys.merge(rows[[*VISIT, "lesion"]], "left", indicator="seen")
    new = new[new["seen"] == "left_only"].drop(columns="seen").rename(columns={"into": "merged_into"})
    about = whole.drop_duplicates(VISIT)[[*VISIT, "date_text", "visit_number", "row", "source", "accepted"]]
    known = rows.drop_duplicates(LESION)[[*LESION, "role", "organ", "node"]]
    new = new.merge(about, "left", VISIT).merge(known, "inner", LESION)
    blank: dict[str, Any] = {
        "reason": "",
        "method": "",
        "parent": "",
        "merged_with": "",
        "diameter_mm": float("nan"),
    }
    seq = pd.array([pd.NA] * len(new), "Int64")
    return new.assign(state="merged", flagged=False, flagged_tu=False, seq=seq, **blank)
