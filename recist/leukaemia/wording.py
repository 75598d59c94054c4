"""The inputs of the leukaemia tables and the numbers of an assessment, said in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from recist.leukaemia.criteria.base import LeukaemiaCriteria
from recist.leukaemia.evidence import Codes
from recist.leukaemia.terms import MARROW, RECOVERED

INPUT = {  # table input -> how a sentence calls it
    "marrow": "marrow blasts were",
    "blood": "circulating blasts were",
    "extramedullary": "extramedullary disease were",
    "auer": "blasts with Auer rods were",
    "trilineage": "trilineage haematopoiesis were",
    "mrd_high": "residual disease at the level of failure were",
    "recovered": "neutrophils and platelets had recovered:",
    "partly": "the limits of partial recovery were",
    "cellular": "a marrow that is not merely aplastic were",
    "fell": "the fall asked of PR were",
}
SHOWN = {"N": "absent", "Y": "present"}
TERM = {
    "marrow": {
        "below": "below the limit of remission",
        "between": "within the limits of PR",
        "above": "above the limit of PR",
        "unknown": "not known",
    },
    "recovered": {word: word for word in RECOVERED},
    "partly": {"N": "not reached", "Y": "reached"},
    "fell": {"N": "not reached", "Y": "reached"},
}


def number_lines(this: Any, asked: dict[str, Codes], criteria: LeukaemiaCriteria) -> list[str]:
    """Blasts and counts against their limits."""
    lines = [*_marrow(this, asked, criteria), *_counts(this, criteria)]
    for column, words in (
        ("circulating_blasts", "Circulating blasts"),
        ("extramedullary", "Extramedullary disease"),
        ("auer_rods", "Blasts with Auer rods"),
        ("platelet_transfusion", "Platelet transfusion"),
        ("red_cell_transfusion", "Red cell transfusion"),
    ):
        value = getattr(this, column)
        if pd.notna(value) and (column != "auer_rods" or "auer" in criteria.response.inputs):
            lines.append(f"{words}: {'yes' if value else 'no'}.")
    return lines


def _marrow(this: Any, asked: dict[str, Codes], criteria: LeukaemiaCriteria) -> list[str]:
    reason = "" if pd.isna(this.reason) else f" ({this.reason})"
    if MARROW[int(asked["marrow"][0])] == "unknown":
        given = "no blasts recorded" if pd.isna(this.blasts_pct) else "marked as not evaluable"
        return [f"No adequate marrow: {given}{reason}."]
    blasts, limit = this.blasts_pct, criteria.remission_blasts_lt
    met = "below" if blasts < limit else "not below"
    lines = [f"Marrow blasts {blasts:g} %: {met} {limit:g} %, the limit of remission."]
    if blasts >= limit:
        within = "within" if blasts <= criteria.pr_blasts_max else "above"
        lines.append(f"  PR allows up to {criteria.pr_blasts_max:g} %: {within}.")
        if pd.isna(this.pre_blasts_pct):
            lines.append("  Blasts before treatment are not known, so the fall asked of PR cannot be shown.")
        elif this.pre_blasts_pct > 0:
            fall = 100 * (1 - blasts / this.pre_blasts_pct)
            asked_for = f"PR needs a fall of {criteria.pr_fall_pct} %"
            lines.append(
                f"  Before treatment {this.pre_blasts_pct:g} %: fallen by {fall:.4g} %; {asked_for}."
            )
    return lines


def _counts(this: Any, criteria: LeukaemiaCriteria) -> list[str]:
    word = "more than" if criteria.counts_reach == "more_than" else "at least"
    lines = []
    for name, value, full, partial in (
        ("Neutrophils", this.neutrophils, criteria.neutrophils_cr, criteria.neutrophils_crh),
        ("Platelets", this.platelets, criteria.platelets_cr, criteria.platelets_crh),
    ):
        if pd.isna(value):
            lines.append(f"{name} not known.")
            continue
        reached = value > full if criteria.counts_reach == "more_than" else value >= full
        said = f"{name} {value:g} x 10^9/L: CR needs {word} {full:g}, {'met' if reached else 'not met'}"
        if criteria.crh == "used" and not reached:
            said += f"; CRh at least {partial:g}, {'met' if value >= partial else 'not met'}"
        lines.append(f"{said}.")
    return lines
