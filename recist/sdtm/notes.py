"""What was seen while reading a submission: findings in the columns that check_lesions uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from recist.values import Unreadable, read_day

PLACE = ("subject", "evaluator", "visit", "lesion")
COLUMNS = ("finding", "severity", *PLACE, "row", "message")


@dataclass
class Notes:
    """Findings collected on the way; nothing that is left out of a frame is left out here."""

    found: list[dict[str, Any]] = field(default_factory=list)

    def add(self, finding: str, severity: str, rows: pd.DataFrame, sentence: str, domain: str) -> None:
        """One finding per row; `{...}` in the sentence stands for a column of the row."""
        for record in rows.to_dict("records"):
            place = {name: record.get(name) or None for name in PLACE}
            words = [f"{'' if n != 'visit' and n != 'lesion' else n + ' '}{v}" for n, v in place.items() if v]
            where = f" ({domain}, row {record['row']})" if record.get("row") else f" ({domain})"
            message = ": ".join([", ".join(words)] * bool(words) + [sentence.format_map(record)]) + where
            row = {"row": record.get("row"), "message": message}
            self.found.append({"finding": finding, "severity": severity} | place | row)

    def frame(self) -> pd.DataFrame:
        """The findings as a frame, in the order they were seen."""
        frame = pd.DataFrame(self.found, columns=list(COLUMNS))
        return frame.astype({"row": "Int64"} | {c: "string" for c in COLUMNS if c != "row"})


def stack(*frames: pd.DataFrame) -> pd.DataFrame:
    """The rows of several frames in one; empty frames have no say in the dtypes."""
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


def days(text: pd.Series[Any]) -> pd.Series[Any]:
    """ISO 8601 text to days; missing where the text is empty, lacks the day or is no date."""
    known = {word: _day(word) for word in text.unique()}
    return text.map(known).astype("datetime64[ns]")


def _day(word: str) -> Any:
    try:
        return read_day(word)
    except Unreadable:
        return pd.NaT
