"""The fifteen scales of the QLQ-C30 version 3.0: which items make them, and which way is better.

Fayers and others, EORTC QLQ-C30 Scoring Manual, 3rd edition (2001), Table 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from recist import InputError

MANUAL = "EORTC QLQ-C30 Scoring Manual, 3rd edition (Fayers and others, 2001)"
KINDS = ("global", "functional", "symptom")
TABLE_1 = """
scale | title                       | kind       | items              | range
QL2   | Global health status / QoL  | global     | 29, 30             | 6
PF2   | Physical functioning        | functional | 1, 2, 3, 4, 5      | 3
RF2   | Role functioning            | functional | 6, 7               | 3
EF    | Emotional functioning       | functional | 21, 22, 23, 24     | 3
CF    | Cognitive functioning       | functional | 20, 25             | 3
SF    | Social functioning          | functional | 26, 27             | 3
FA    | Fatigue                     | symptom    | 10, 12, 18         | 3
NV    | Nausea and vomiting         | symptom    | 14, 15             | 3
PA    | Pain                        | symptom    | 9, 19              | 3
DY    | Dyspnoea                    | symptom    | 8                  | 3
SL    | Insomnia                    | symptom    | 11                 | 3
AP    | Appetite loss               | symptom    | 13                 | 3
CO    | Constipation                | symptom    | 16                 | 3
DI    | Diarrhoea                   | symptom    | 17                 | 3
FI    | Financial difficulties      | symptom    | 28                 | 3
"""


@dataclass(frozen=True)
class Scale:
    """One scale: its items, and the range of an item, which is its highest answer less its lowest."""

    code: str
    title: str
    kind: str
    items: tuple[int, ...]
    range: int

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.code}: {self.kind!r} is not one of {', '.join(KINDS)}")

    @property
    def better(self) -> int:
        """1 when a higher score is better, -1 when it is worse (symptoms)."""
        return -1 if self.kind == "symptom" else 1

    @property
    def needed(self) -> int:
        """Items that must be answered: at least half (Scoring Manual, missing items)."""
        return (len(self.items) + 1) // 2


def _read(table: str) -> dict[str, Scale]:
    """The rows of the table by their code; every item of the questionnaire belongs to one scale."""
    _, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    found = [
        Scale(code, title, kind, tuple(int(item) for item in items.split(",")), int(width))
        for code, title, kind, items, width in rows
    ]
    if sorted(item for scale in found for item in scale.items) != list(range(1, 31)):
        raise ValueError("the scales do not divide the items 1 to 30 among them")
    return {scale.code: scale for scale in found}


SCALES: Mapping[str, Scale] = _read(TABLE_1)
HIGHEST = {item: scale.range + 1 for scale in SCALES.values() for item in scale.items}  # the lowest is 1


def scale_of(code: str) -> Scale:
    """The scale of that code; an unknown one is an error that names the nearest.

    Examples
    --------
    >>> scale_of("PF2").items
    (1, 2, 3, 4, 5)
    """
    if code not in SCALES:
        near = get_close_matches(str(code).upper(), SCALES, 1, 0.3)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise InputError(f"no scale {code!r} in the QLQ-C30; there are {', '.join(SCALES)}.{hint}")
    return SCALES[code]
