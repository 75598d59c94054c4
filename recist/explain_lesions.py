"""The lesions of one subject and reader at baseline and at one visit, as lines of text."""

from __future__ import annotations

from typing import Any

import pandas as pd

from recist.criteria.base import Criteria
from recist.lesions import as_lesions
from recist.wording import mm

GONE = ("absent", "not evaluable", "not done")  # a new lesion in such a state is not seen at that visit


def lesion_lines(row: Any, lesions: pd.DataFrame, criteria: Criteria) -> list[str]:
    """Each lesion: baseline and now, in the order target, non-target, new."""
    table = as_lesions(lesions)
    mine = table[(table["subject"] == row.subject) & (table["evaluator"] == row.evaluator)]
    now, baseline = mine[(mine["visit"] == row.visit) & ~mine["baseline"]], mine[mine["baseline"]]
    lines = []
    for role, title in (("target", "target"), ("non-target", "non-target")):
        for lesion in baseline.loc[baseline["role"] == role].itertuples():
            here = now[(now["lesion"] == lesion.lesion) & (now["role"] == role)]
            seen = "no row at this visit: missing" if here.empty else _state(here.iloc[0], criteria)
            before = _state(pd.Series(lesion._asdict()), criteria)
            lines.append(f"  {lesion.lesion} {title}, {_place(lesion)}: {before} at baseline, now {seen}")
            lines += _fragments(lesion, now, criteria)
    for lesion in now[now["role"].astype(str).str.startswith("new")].itertuples():
        lines.append(
            f"  {lesion.lesion} new, {_place(lesion)}: {_state(pd.Series(lesion._asdict()), criteria)}"
        )
    return ["Lesions", *lines] if lines else []


def unequivocal_lines(row: Any, lesions: pd.DataFrame) -> list[str]:
    """The new lesions that are progression at this visit, and the later scan that settled an equivocal one."""
    table = as_lesions(lesions)
    mine = table[(table["subject"] == row.subject) & (table["evaluator"] == row.evaluator)]
    new = mine[mine["role"].astype(str).str.startswith("new") & ~mine["state"].isin(GONE)]
    lines = []
    for lesion in new[new["visit"] == row.visit].itertuples():
        if lesion.state != "equivocal":
            lines.append(f"Unequivocal new lesion {lesion.lesion}, {_place(lesion)}.")
            continue
        later = new[
            (new["lesion"] == lesion.lesion) & (new["date"] > row.date) & (new["state"] != "equivocal")
        ]
        if len(later):
            settled = later.sort_values("date").iloc[0]
            lines.append(
                f"New lesion {lesion.lesion}, {_place(lesion)}, was equivocal at this visit and unequivocal at "
                f"{settled['visit']} ({settled['date']:%Y-%m-%d}): it counts from the scan where it was "
                "first seen (RECIST 1.1, section 4.3.5)."
            )
    return lines


def _fragments(lesion: Any, now: pd.DataFrame, criteria: Criteria) -> list[str]:
    if "parent" not in now:
        return []
    parts = now[now["parent"] == lesion.lesion]
    return [f"    fragment {part['lesion']}: {_state(part, criteria)}" for _, part in parts.iterrows()]


def _place(lesion: Any) -> str:
    organ = "organ not given" if pd.isna(lesion.organ) else str(lesion.organ)
    return f"{organ} (node, short axis)" if lesion.node else organ


def _state(lesion: pd.Series, criteria: Criteria) -> str:
    """What is recorded of a lesion: its size, or its state."""
    size = lesion[criteria.measure]
    state = "" if pd.isna(lesion["state"]) else str(lesion["state"])
    if state == "too small":
        return f"too small to measure (counts as {mm(criteria.tstm_mm)})"
    if pd.isna(size) or state in ("not evaluable", "not done"):
        reason = f" ({lesion['reason']})" if "reason" in lesion and not pd.isna(lesion["reason"]) else ""
        return (state or "neither size nor state") + reason
    return mm(float(size)) if state in ("", "measured") else f"{state}, {mm(float(size))}"
