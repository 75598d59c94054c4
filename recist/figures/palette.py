"""Colour, hatching and dashes of each response; in grey print lightness, hatching or dashes tell them apart.

The hues are those of Okabe and Ito, Color Universal Design (2008).  Lightness steps from CR (darkest) by PD, iUPD,
PR and SD to NE, so that neighbours differ in grey where a bar has no room for hatching.
"""

from __future__ import annotations

from typing import Any

from recist.figures.course import DEATH, NEW_THERAPY, PROGRESSION, PROGRESSION_WORDS
from recist.terms import BEST

FILLS: dict[str, tuple[str, str]] = {  # response -> colour, hatching
    "CR": ("#00406F", ""),
    "PR": ("#7CC4F0", ""),
    "SD": ("#E2E2E2", ""),
    "NON-CR/NON-PD": ("#E2E2E2", "----"),
    "NED": ("#009E73", ""),
    "PD": ("#BC4A00", "//////"),
    "NE": ("#F8F2A0", "...."),
    "ND": ("#FFFFFF", "...."),
    "MISSING": ("#FFFFFF", ""),
}
STROKES: dict[str, tuple[str, Any]] = {  # response -> colour, dashes
    "CR": ("#00406F", "solid"),
    "PR": ("#56B4E9", "solid"),
    "SD": ("#777777", (0, (3, 1.2))),
    "NON-CR/NON-PD": ("#777777", (0, (1, 1))),
    "NED": ("#009E73", (0, (6, 1.5, 1, 1.5))),
    "PD": ("#D55E00", (0, (5, 1.2, 1, 1.2))),
    "NE": ("#000000", (0, (1, 1))),
    "ND": ("#000000", (0, (1, 2))),
    "MISSING": ("#000000", (0, (1, 3))),
}
PLAIN = {  # term of iRECIST -> the response whose look it has
    "iCR": "CR",
    "iPR": "PR",
    "iSD": "SD",
    "NON-iCR/NON-iUPD": "NON-CR/NON-PD",
    "iCPD": "PD",
}
FILLS |= {term: FILLS[of] for term, of in PLAIN.items()} | {"iUPD": ("#DB8A1E", "\\\\\\\\\\\\")}
STROKES |= {term: STROKES[of] for term, of in PLAIN.items()} | {"iUPD": ("#E69F00", (0, (5, 1.2)))}
_INK = {"markeredgecolor": "black", "markeredgewidth": 0.5}
EVENT_MARKS: dict[str, dict[str, Any]] = {  # what ended the course of a subject -> its mark
    PROGRESSION_WORDS["iUPD"]: {"marker": "s", "markerfacecolor": "white", **_INK},
    PROGRESSION_WORDS["iCPD"]: {"marker": "s", "markerfacecolor": "#BC4A00", **_INK},
    PROGRESSION: {"marker": "s", "markerfacecolor": "#BC4A00", **_INK},
    NEW_THERAPY: {"marker": "P", "markerfacecolor": "#F0E442", **_INK},
    DEATH: {"marker": "X", "markerfacecolor": "black", "markeredgecolor": "white", "markeredgewidth": 0.3},
}
ORDER = tuple(  # from best to worst, an iRECIST response beside the one it stands beside
    word
    for term in BEST
    for word in (*(("iUPD",) if term == "PD" else ()), term, *(i for i, of in PLAIN.items() if of == term))
)


def in_order(responses: set[str]) -> list[str]:
    """Responses from best to worst, and terms that are not of the field after them."""
    known = [term for term in ORDER if term in responses]
    return known + sorted(responses - set(known))


def fill_style(response: str, hatched: bool = True) -> dict[str, Any]:
    """What a filled shape of this response looks like."""
    colour, hatch = FILLS.get(response, ("#FFFFFF", ""))
    style: dict[str, Any] = {"facecolor": colour, "edgecolor": "black", "linewidth": 0.3}
    return style | {"hatch": hatch} if hatch and hatched else style


def stroke_style(response: str) -> dict[str, Any]:
    """What a line of this response looks like."""
    colour, dashes = STROKES.get(response, ("#000000", (0, (1, 3))))
    return {"color": colour, "linestyle": dashes}
