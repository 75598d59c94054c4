"""The yes/no questions of the tables, answered from the numbers of every assessment.

Counts and percentages of blasts are compared in whole thousandths: 12.35 % is exactly half of 24.7 %.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.leukaemia.criteria.base import LeukaemiaCriteria
from recist.leukaemia.terms import ABOVE, BELOW, BETWEEN, MARROW, MRD, RECOVERED, UNKNOWN

Codes = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
Thousandths = npt.NDArray[np.int64]
MISSING = np.int64(-1)
NEGATIVE, POSITIVE, NOT_KNOWN = range(len(MRD))


def evidence(rows: pd.DataFrame, criteria: LeukaemiaCriteria) -> dict[str, Codes]:
    """Codes of every input of the tables of responses, one element per row (with its `pre_blasts_pct`)."""
    blasts, before = number(rows, "blasts_pct"), number(rows, "pre_blasts_pct")
    adequate = flag(rows, "evaluable", missing=True) & (blasts != MISSING)
    lines = recovered_lines(rows, criteria)
    return {
        "marrow": _marrow(blasts, adequate, criteria),
        "blood": flag(rows, "circulating_blasts").astype(np.int8),
        "extramedullary": flag(rows, "extramedullary").astype(np.int8),
        "auer": flag(rows, "auer_rods").astype(np.int8),
        "trilineage": flag(rows, "trilineage", missing=True).astype(np.int8),
        "mrd_high": _mrd_high(rows, criteria).astype(np.int8),
        "recovered": _recovered(rows, lines),
        "partly": _partly(rows, criteria).astype(np.int8),
        "cellular": cellular(rows, criteria).astype(np.int8),
        "fell": _fell(blasts, before, criteria).astype(np.int8),
    }


def number(rows: pd.DataFrame, name: str) -> Thousandths:
    """A column as whole thousandths; MISSING where it is not known."""
    if name not in rows:
        return np.full(len(rows), MISSING)
    values = rows[name].to_numpy(np.float64, na_value=np.nan)
    result: Thousandths = np.where(np.isnan(values), MISSING, np.rint(np.nan_to_num(values) * 1000)).astype(
        np.int64
    )
    return result


def limit(value: float) -> int:
    """A limit as whole thousandths."""
    return round(value * 1000)


def flag(rows: pd.DataFrame, name: str, missing: bool = False) -> Mask:
    """A yes/no column; `missing` where it is not known."""
    if name not in rows:
        return np.full(len(rows), missing)
    values: Mask = rows[name].astype("boolean").fillna(missing).to_numpy(bool)
    return values


def reached(count: Thousandths, needed: float, criteria: LeukaemiaCriteria) -> Mask:
    """Whether a count has recovered to a limit of complete remission."""
    if criteria.counts_reach == "more_than":
        return count > limit(needed)
    return count >= limit(needed)


def recovered_lines(rows: pd.DataFrame, criteria: LeukaemiaCriteria) -> dict[str, Mask]:
    """Neutrophils, platelets and (where transfusions are asked for) red cells: which have recovered?"""
    asked = criteria.transfusions
    platelets = reached(number(rows, "platelets"), criteria.platelets_cr, criteria)
    lines = {
        "neutrophils": reached(number(rows, "neutrophils"), criteria.neutrophils_cr, criteria),
        "platelets": platelets & ~_transfused(rows, criteria),
    }
    if asked in ("red_cells", "both"):
        lines["red cells"] = ~flag(rows, "red_cell_transfusion")
    return lines


def cellular(rows: pd.DataFrame, criteria: LeukaemiaCriteria) -> Mask:
    """Not merely aplastic: enough cells or enough cellularity; yes where neither is recorded."""
    cells, cellularity = number(rows, "cells_counted"), number(rows, "cellularity_pct")
    enough = (cells >= limit(criteria.min_cells)) | (cellularity >= limit(criteria.min_cellularity_pct))
    enough |= (cells == MISSING) & (cellularity == MISSING)
    if criteria.spicules == "asked":
        enough &= flag(rows, "spicules", missing=True)
    return np.asarray(enough)


def mrd_level(rows: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Level of residual disease, %; as it is, for levels lie far below a thousandth."""
    if "mrd_level_pct" not in rows:
        return np.full(len(rows), np.nan)
    return rows["mrd_level_pct"].to_numpy(np.float64, na_value=np.nan)


def mrd_code(rows: pd.DataFrame, criteria: LeukaemiaCriteria) -> Codes:
    """Residual disease: negative, positive or unknown, from the reported result or the level."""
    level = mrd_level(rows)
    by_level = np.where(level < criteria.mrd_limit_pct, NEGATIVE, POSITIVE)
    by_level = np.where(np.isnan(level), NOT_KNOWN, by_level)
    result = np.full(len(rows), NOT_KNOWN)
    if "mrd" in rows:
        result = np.where(rows["mrd"] == "negative", NEGATIVE, result)
        result = np.where(rows["mrd"] == "positive", POSITIVE, result)
    first, second = (by_level, result) if criteria.mrd_reading == "level" else (result, by_level)
    return np.where(first == NOT_KNOWN, second, first).astype(np.int8)


def _marrow(blasts: Thousandths, adequate: Mask, criteria: LeukaemiaCriteria) -> Codes:
    bands = [
        (~adequate, UNKNOWN),
        (blasts < limit(criteria.remission_blasts_lt), BELOW),
        (blasts <= limit(criteria.pr_blasts_max), BETWEEN),
    ]
    conditions = [condition for condition, _ in bands]
    codes: Codes = np.select(conditions, [MARROW.index(band) for _, band in bands], MARROW.index(ABOVE))
    return codes.astype(np.int8)


def _fell(blasts: Thousandths, before: Thousandths, criteria: LeukaemiaCriteria) -> Mask:
    known = (blasts != MISSING) & (before > 0)
    return np.asarray(known & (100 * blasts <= (100 - criteria.pr_fall_pct) * before))


def _recovered(rows: pd.DataFrame, lines: dict[str, Mask]) -> Codes:
    """Both, one or neither: red cells that needed transfusion leave at most one."""
    known = (number(rows, "neutrophils") != MISSING) & (number(rows, "platelets") != MISSING)
    every = np.all(list(lines.values()), axis=0)
    neither = ~(lines["neutrophils"] | lines["platelets"])
    terms = [RECOVERED.index(word) for word in ("unknown", "both", "neither")]
    codes: Codes = np.select([~known, every, neither], terms, RECOVERED.index("one"))
    return codes.astype(np.int8)


def _partly(rows: pd.DataFrame, criteria: LeukaemiaCriteria) -> Mask:
    neutrophils, platelets = number(rows, "neutrophils"), number(rows, "platelets")
    enough = (neutrophils >= limit(criteria.neutrophils_crh)) & (platelets >= limit(criteria.platelets_crh))
    used = criteria.crh == "used"
    return np.asarray(enough & ~_transfused(rows, criteria) & used)


def _transfused(rows: pd.DataFrame, criteria: LeukaemiaCriteria) -> Mask:
    """Platelets were given, and that is asked for."""
    if criteria.transfusions in ("platelets", "both"):
        return flag(rows, "platelet_transfusion")
    return np.zeros(len(rows), bool)


def _mrd_high(rows: pd.DataFrame, criteria: LeukaemiaCriteria) -> Mask:
    if criteria.mrd_failure_pct is None:
        return np.zeros(len(rows), bool)
    return np.asarray(mrd_level(rows) >= criteria.mrd_failure_pct)
