"""A small study without a fault, and edits that put one in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

Rows = list[dict[str, Any]]
Edit = Callable[[Rows], Rows]
DATES = {
    "BASELINE": "2024-01-02",
    "WEEK 8": "2024-02-27",
    "WEEK 16": "2024-04-23",
    "WEEK 24": "2024-06-18",
}
BASELINE, W8, W16, W24 = DATES


def row(
    visit: str, lesion: str, role: str, organ: str, size: float | str | None, **more: Any
) -> dict[str, Any]:
    """A row of subject 01-007; `size` is a length in mm or a state."""
    value = {"state": size, "diameter_mm": None} if isinstance(size, str) else {"diameter_mm": size}
    known = {"subject": "01-007", "evaluator": "INVESTIGATOR", "visit": visit, "date": DATES[visit]}
    kept = {"lesion": lesion, "role": role, "organ": organ, "node": False, "baseline": visit == BASELINE}
    other = dict.fromkeys(("state", "parent", "merged_into", "reason", "baseline_pet"))
    return known | kept | other | {"method": "CT", "slice_mm": 5.0} | value | more


def course(lesion: str, role: str, organ: str, *sizes: float | str | None, **more: Any) -> Rows:
    """One lesion over the visits, in order; None leaves the visit out."""
    pairs = zip(DATES, sizes, strict=False)
    return [row(visit, lesion, role, organ, size, **more) for visit, size in pairs if size is not None]


def study() -> Rows:
    """Subject 01-007, the one that the edits spoil, and 01-008, who has everything that is rare but right."""
    plain = [
        *course("T01", "target", "LIVER", 40, 32, 25, 21.5),
        *course("T02", "target", "LYMPH NODE", 20, 14, 9, 8, node=True),
        *course("T03", "target", "LUNG, LEFT", 22, 15, "too small", "absent"),
        *course("NT01", "non-target", "PERITONEUM", "present", "present", "present", "not evaluable"),
    ]
    return [*plain, *({**r, "subject": "01-008"} for r in _rare())]


def _rare() -> Rows:
    """Split, merged, irradiated, equivocal and new lesions, each recorded as it should be."""
    return [
        *course("T01", "target", "LIVER", 40, 30, None, None),
        *course("T01.1", "target", "LIVER", None, None, 18, 17, parent="T01"),
        *course("T01.2", "target", "LIVER", None, None, 12, 14, parent="T01"),
        *course("T02", "target", "LUNG RIGHT", 30, 28, 45, 44),
        *course("T03", "target", "LUNG LEFT", 25, 22, None, None),
        *course("T03", "target", "LUNG LEFT", None, None, "merged", "merged", merged_into="T02"),
        *course("T04", "target", "ADRENAL", 20, 18, None, None),
        *course(
            "T04", "target", "ADRENAL", None, None, "not evaluable", "not evaluable", reason="radiotherapy"
        ),
        *course("NT01", "non-target", "LN MEDIASTINUM", 12, "present", "present", "absent", node=True),
        *course("NT02", "non-target", "BONE", "present", "present", "increased", "unequivocal progression"),
        *course("NL1", "new", "BRAIN", None, "equivocal", "equivocal", "unequivocal"),
        *course(
            "NL2", "new", "BONE", None, None, None, "unequivocal", method="FDG-PET", baseline_pet="negative"
        ),
    ]


def frame(rows: Rows) -> pd.DataFrame:
    """The rows as a site would send them."""
    return pd.DataFrame(rows)


def subjects(**dates: Any) -> pd.DataFrame:
    """The subject table of the study; `dates` replace those of 01-007."""
    usual = {"treatment_start_date": "2024-01-10", "death_date": None, "cutoff_date": "2024-12-31"}
    return pd.DataFrame([{"subject": "01-007"} | usual | dates, {"subject": "01-008"} | usual])


def put(visit: str | None, lesion: str | None, **values: Any) -> Edit:
    """Change rows of 01-007: all visits or all lesions when None."""
    return lambda rows: [r | values if _meant(r, visit, lesion) else r for r in rows]


def drop(visit: str | None, lesion: str | None) -> Edit:
    """Leave rows of 01-007 out."""
    return lambda rows: [r for r in rows if not _meant(r, visit, lesion)]


def add(*new: dict[str, Any]) -> Edit:
    """Append rows."""
    return lambda rows: [*rows, *new]


def both(*edits: Edit) -> Edit:
    """One edit after the other."""

    def edit(rows: Rows) -> Rows:
        for one in edits:
            rows = one(rows)
        return rows

    return edit


def _meant(r: dict[str, Any], visit: str | None, lesion: str | None) -> bool:
    return r["subject"] == "01-007" and visit in (None, r["visit"]) and lesion in (None, r["lesion"])
