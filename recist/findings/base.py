"""A finding: one thing that may be wrong in a lesion table, why it matters, and what the site is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np
import pandas as pd

from recist.findings.evidence import Evidence, Mask

SEVERITY = ("error", "warning", "note")
PLACE = ("subject", "evaluator", "visit", "lesion")  # how far down a finding points
COLUMNS = ("finding", "severity", *PLACE, "row", "message")
Find = Callable[[Evidence], pd.DataFrame]


@dataclass(frozen=True)
class Finding:
    """One finding: how it is found, what it means, and its sentence; `{...}` stands for what was found."""

    find: Find
    _: KW_ONLY
    id: str
    severity: str  # error: responses are wrong or cannot be trusted; warning: probably; note: worth a look
    place: str
    meaning: str
    why: str
    cite: str
    sentence: str

    def __post_init__(self) -> None:
        if self.severity not in SEVERITY or self.place not in PLACE:
            raise ValueError(f"{self.id}: severity is one of {SEVERITY}, place one of {PLACE}")

    def report(self, evidence: Evidence) -> pd.DataFrame:
        """The findings frame of this finding, with a column `at` (row position; -1: no row)."""
        found = self.find(evidence)
        at = found["at"].to_numpy(np.int64)
        place = self._place(found, evidence)
        row = pd.Series(at + 2, dtype="Int64").where(at >= 0)
        if self.place not in ("visit", "lesion"):
            row = row.where(np.zeros(len(at), bool))
        fields = found.assign(criteria=evidence.criteria.title).to_dict("records")
        where = _where(place, row if self.place == "lesion" else None, evidence)
        message = [f"{w}: {self.sentence.format_map(f)}{r}" for (w, r), f in zip(where, fields, strict=True)]
        return pd.DataFrame(
            {"finding": self.id, "severity": self.severity}
            | place
            | {"row": row, "message": message, "at": at}
        )

    def _place(self, found: pd.DataFrame, evidence: Evidence) -> dict[str, list[str | None]]:
        at = found["at"].to_numpy(np.int64)
        depth = PLACE.index(self.place)
        place: dict[str, list[str | None]] = {}
        for level, name in enumerate(PLACE):
            if level > depth:
                place[name] = [None] * len(at)
            elif name in found:
                place[name] = list(found[name])
            else:
                place[name] = [text or None for text in evidence.text(name, at)]
        return place


def finding(**words: str) -> Callable[[Find], Finding]:
    """Declare a finding: the decorated function returns the hits, the words are the fields of Finding."""

    def declare(find: Find) -> Finding:
        return Finding(find, **words)

    return declare


def hits(rows: Mask | Any, **fields: Any) -> pd.DataFrame:
    """What a finding returns: row positions (or a mask of rows) and what its sentence names."""
    given = np.asarray(rows)
    at = np.flatnonzero(given) if given.dtype.kind == "b" else given.astype(np.int64)
    return pd.DataFrame({"at": at} | {name: np.asarray(v) if len(at) else v for name, v in fields.items()})


def _where(
    place: dict[str, list[str | None]], row: pd.Series | None, evidence: Evidence
) -> list[tuple[str, str]]:
    """The place as words, and the spreadsheet row: `Subject 01-007, WEEK 8, lesion T01` and ` (row 12)`."""
    several = len(evidence.words("evaluator")) > 1
    rows = [""] * len(place["subject"]) if row is None else ["" if pd.isna(r) else f" (row {r})" for r in row]
    words = []
    for subject, evaluator, visit, lesion in zip(*(place[name] for name in PLACE), strict=True):
        parts = [f"Subject {subject}", evaluator if several else None, visit, lesion and f"lesion {lesion}"]
        words.append(", ".join(part for part in parts if part))
    return list(zip(words, rows, strict=True))
