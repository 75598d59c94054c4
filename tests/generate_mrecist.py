"""Hard but plausible subjects for mRECIST; see tests/generate.py for the recipe.

Viable parts, nodules of the liver by size and pattern, effusions with and without cytology, nodes of the
porta hepatis.  Their frames are those of tests/generate_irecist.py.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests import generate
from tests.generate import ALTERNATIVES, BEST_ALTERNATIVES, Row, Subject
from tests.generate_visits import Pick

M_ALTERNATIVES: dict[str, tuple[Any, ...]] = {
    "pd_abs_mm": (5, 0),
    "mrecist_new_min_mm": (10, 20),
    "mrecist_growth_mm": (10, 5),
}
SITES = ("LIVER", "LIVER", "PERITONEUM", "ASCITES", "PLEURAL EFFUSION", "LUNG", "PORTA HEPATIS", "LIVER")
PATTERNS = ("typical", "atypical", "atypical", "atypical", None)
NODULE_MM = (1200, 900, 999, 1000, 1500, 1999, 2000, 500)
GROWTH = (0, 0, 300, 1000, 999, 500, -200)


def build_mrecist_subject(pick: Pick) -> Subject:
    """Lesion rows, visit facts and conventions of one subject with hepatocellular carcinoma."""
    rows, facts, _ = generate.build_subject(pick)
    conventions = generate.pick_conventions(pick, M_ALTERNATIVES | ALTERNATIVES | BEST_ALTERNATIVES)
    rows = [row for row in rows if row["role"] != "new"] or rows
    targets = {row["lesion"] for row in rows if row["role"] == "target" and not row["node"]}
    viable = {name: pick(4) < 3 for name in sorted(targets)}
    hilar = pick(3) == 2
    fluid = {f"NT{k + 1}" for k in range(3) if pick(4) == 3}
    out = [liver_row(row, viable, hilar, fluid, pick) for row in rows]
    visits = {row["visit"]: row["date"] for row in rows if not row["baseline"]}
    for k in range(pick(3)):
        out += nodule_rows(f"H{k + 1}", visits, pick)
    known = {label: said for label, said in facts.items() if label in visits}  # else nothing dates the visit
    out.sort(key=lambda row: list(visits).index(row["visit"]) if row["visit"] in visits else -1)
    return out, known, conventions


def liver_row(row: Row, viable: dict[str, bool], hilar: bool, fluid: set[str], pick: Pick) -> Row:
    """The row with a viable part inside a larger whole, or a site of this disease."""
    row = dict(row)
    if row["node"] and hilar:
        row["organ"] = "PORTA HEPATIS"
    if row["role"] == "non-target" and row["lesion"] in fluid and not row["node"]:
        row |= {"organ": "ASCITES", "cytology_positive": (None, None, True, False)[pick(4)]}
    lesion = row["lesion"] if row["lesion"] in viable else str(row.get("parent"))
    size = row["diameter_mm"]
    if row["role"] != "target" or size is None or row["node"]:
        return row
    odd = not row["baseline"] and pick(16) == 15
    if viable.get(lesion, False):
        row |= {"viable_mm": None if odd else size, "diameter_mm": round(size + 18.5, 2)}
    elif odd:
        row["viable_mm"] = round(size / 2, 2)
    return row


def nodule_rows(name: str, visits: dict[str, dt.date], pick: Pick) -> list[Row]:
    """One new lesion from the visit at which it appears."""
    organ = SITES[pick(len(SITES))]
    wait, size = pick(4), NODULE_MM[pick(len(NODULE_MM))]
    rows = []
    for label, date in list(visits.items())[wait:]:
        plain = {
            "visit": label,
            "date": date,
            "lesion": name,
            "role": "new",
            "organ": organ,
            "baseline": False,
        }
        row: Row = plain | {
            "node": organ == "PORTA HEPATIS",
            "state": ("", "unequivocal", "equivocal")[pick(3)],
        }
        row |= {"diameter_mm": size / 100, "pattern": PATTERNS[pick(len(PATTERNS))]}
        if organ in ("ASCITES", "PLEURAL EFFUSION", "PERITONEUM"):
            row |= {"diameter_mm": (None, None, 6.0)[pick(3)], "pattern": None}
            row["cytology_positive"] = (None, None, False, True)[pick(4)]
        event = pick(10)
        if event == 9:
            row |= {"state": ("absent", "not new", "not evaluable", "not done")[pick(4)], "diameter_mm": None}
        elif event == 8 and row["diameter_mm"] is not None:
            row |= {"diameter_mm": None, "viable_mm": row["diameter_mm"]}
        if event != 7:
            rows.append(row)
        size = max(size + GROWTH[pick(len(GROWTH))], 100)
    return rows


def random_mrecist_subject(rng: np.random.Generator) -> Subject:
    """(rows, facts, conventions) of one subject."""
    return build_mrecist_subject(generate.numpy_pick(rng))


def random_mrecist_cohort(seed: int, n: int) -> dict[str, Subject]:
    """`n` subjects by identifier."""
    rng = np.random.default_rng(seed)
    return {f"S{k + 1:05d}": random_mrecist_subject(rng) for k in range(n)}


@st.composite
def mrecist_subjects(draw: st.DrawFn) -> Subject:
    """The subjects of `random_mrecist_subject`, drawn by Hypothesis."""
    return build_mrecist_subject(lambda n: draw(st.integers(0, n - 1)))
