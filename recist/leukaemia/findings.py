"""The findings of `check_leukaemia`: what may be wrong in a table of marrow assessments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.leukaemia.criteria.base import LeukaemiaCriteria
from recist.leukaemia.evidence import evidence, flag, mrd_level
from recist.leukaemia.terms import BELOW, MARROW

Mask = npt.NDArray[np.bool_]
Find = Callable[["Table"], Mask]
LARGEST = {"neutrophils": 200.0, "platelets": 3000.0}  # 10^9/L; above it the unit is in question


@dataclass(frozen=True)
class Table:
    """The assessments with the dates of their subjects, and whose limits count."""

    rows: pd.DataFrame
    criteria: LeukaemiaCriteria

    def number(self, name: str) -> npt.NDArray[np.float64]:
        """A column of numbers, missing where the table has none."""
        rows = self.rows
        return (
            rows[name].to_numpy(np.float64, na_value=np.nan) if name in rows else np.full(len(rows), np.nan)
        )

    def date(self, name: str) -> pd.Series[Any]:
        """A date of the subject, missing where the subject table has none."""
        rows = self.rows
        return rows[name] if name in rows else pd.Series(np.datetime64("NaT", "ns"), index=rows.index)

    @property
    def after(self) -> Mask:
        """Rows after baseline."""
        return ~self.rows["baseline"].to_numpy(bool)

    @property
    def below(self) -> Mask:
        """Rows with an adequate marrow below the limit of remission."""
        rows = self.rows.assign(pre_blasts_pct=np.nan)
        return np.asarray(evidence(rows, self.criteria)["marrow"] == MARROW.index(BELOW))


@dataclass(frozen=True)
class MarrowFinding:
    """One finding: how it is found, what it means, why it matters; `{column}` is filled in."""

    find: Find
    _: KW_ONLY
    id: str
    severity: str  # error, warning or note, as in recist.findings
    meaning: str
    why: str
    sentence: str


def _outside(t: Table) -> Mask:
    return np.asarray(
        (t.number("blasts_pct") > 100) | (t.number("cellularity_pct") > 100) | (mrd_level(t.rows) > 100)
    )


def _platelets_per_microlitre(t: Table) -> Mask:
    return np.asarray(t.number("platelets") > LARGEST["platelets"])


def _neutrophils_per_microlitre(t: Table) -> Mask:
    return np.asarray(t.number("neutrophils") > LARGEST["neutrophils"])


def _counts_missing(t: Table) -> Mask:
    unknown = np.isnan(t.number("neutrophils")) | np.isnan(t.number("platelets"))
    return np.asarray(t.after & t.below & unknown)


def _no_reason(t: Table) -> Mask:
    rows = t.rows
    missing = np.isnan(t.number("blasts_pct")) | ~flag(rows, "evaluable", missing=True)
    given = rows["reason"].notna().to_numpy(bool) if "reason" in rows else np.zeros(len(rows), bool)
    return np.asarray(t.after & missing & ~given)


def _no_blasts_before(t: Table) -> Mask:
    """On the first row of a subject and evaluator of whom no blasts before treatment are known."""
    rows = t.rows
    known = rows["baseline"].to_numpy(bool) & ~np.isnan(t.number("blasts_pct"))
    key = [rows["subject"].astype(str), rows["evaluator"].astype(str)]
    some = pd.Series(known, index=rows.index).groupby(key).transform("any").to_numpy(bool)
    return np.asarray(~some & ~rows.duplicated(["subject", "evaluator"]).to_numpy(bool))


def _few_blasts_before(t: Table) -> Mask:
    before = t.rows["baseline"].to_numpy(bool)
    return np.asarray(
        before & (t.number("blasts_pct") < t.criteria.remission_blasts_lt) & ~flag(t.rows, "extramedullary")
    )


def _mrd_without_remission(t: Table) -> Mask:
    reported = (
        t.rows["mrd"].isin(["negative", "positive"]).to_numpy(bool)
        if "mrd" in t.rows
        else np.zeros(len(t.rows), bool)
    )
    return np.asarray(t.after & (reported | ~np.isnan(mrd_level(t.rows))) & ~t.below)


def _mrd_contradicts(t: Table) -> Mask:
    if "mrd" not in t.rows:
        return np.zeros(len(t.rows), bool)
    level, limit = mrd_level(t.rows), t.criteria.mrd_limit_pct
    negative, positive = (t.rows["mrd"].eq(word).to_numpy(bool) for word in ("negative", "positive"))
    return np.asarray((negative & (level >= limit)) | (positive & (level < limit)))


def _blood_not_recorded(t: Table) -> Mask:
    if "circulating_blasts" not in t.rows:
        return np.zeros(len(t.rows), bool)
    return np.asarray(t.after & t.below & t.rows["circulating_blasts"].isna().to_numpy(bool))


def _auer_below(t: Table) -> Mask:
    return np.asarray(t.after & t.below & flag(t.rows, "auer_rods"))


def _after_death(t: Table) -> Mask:
    death = t.date("death_date")
    return np.asarray((death.notna() & (t.rows["date"] > death)).to_numpy(bool))


def _baseline_after_dose(t: Table) -> Mask:
    dose = t.date("treatment_start_date")
    late = (dose.notna() & (t.rows["date"] > dose)).to_numpy(bool)
    return np.asarray(late & ~t.after)


def _response_before_dose(t: Table) -> Mask:
    dose = t.date("treatment_start_date")
    early = (dose.notna() & (t.rows["date"] < dose)).to_numpy(bool)
    return np.asarray(early & t.after)


def _after_cutoff(t: Table) -> Mask:
    cutoff = t.date("cutoff_date")
    return np.asarray((cutoff.notna() & (t.rows["date"] > cutoff)).to_numpy(bool))


FINDINGS = (
    MarrowFinding(
        _outside,
        id="percentage-above-100",
        severity="error",
        meaning="A percentage is above 100.",
        why="No response can be derived from it",
        sentence="blasts {blasts_pct}, cellularity {cellularity_pct}, MRD {mrd_level_pct}, in %. Is it so?",
    ),
    MarrowFinding(
        _platelets_per_microlitre,
        id="platelets-unit",
        severity="error",
        meaning="Platelets that are too many for 10^9/L.",
        why="Counts per microlitre would all have recovered",
        sentence="platelets {platelets}. Is it per microlitre? Divide by 1000.",
    ),
    MarrowFinding(
        _neutrophils_per_microlitre,
        id="neutrophils-unit",
        severity="error",
        meaning="Neutrophils that are too many for 10^9/L.",
        why="Counts per microlitre would all have recovered",
        sentence="neutrophils {neutrophils}. Is it per microlitre? Divide by 1000.",
    ),
    MarrowFinding(
        _counts_missing,
        id="counts-missing",
        severity="error",
        meaning="A marrow below the limit of remission without both counts.",
        why="CR, CRh, CRi and MLFS cannot be told apart: the response is NE",
        sentence="blasts {blasts_pct} %, neutrophils {neutrophils}, platelets {platelets}. What were they?",
    ),
    MarrowFinding(
        _no_blasts_before,
        id="no-marrow-before-treatment",
        severity="warning",
        meaning="Marrow blasts before treatment are not known.",
        why="PR asks how far they fell",
        sentence="no marrow blasts before treatment. Was a marrow taken?",
    ),
    MarrowFinding(
        _few_blasts_before,
        id="no-leukaemia-before-treatment",
        severity="warning",
        meaning="Few marrow blasts before treatment, and no extramedullary disease.",
        why="Who is in remission before treatment cannot respond",
        sentence="blasts {blasts_pct} % before treatment. Is it the right marrow?",
    ),
    MarrowFinding(
        _no_reason,
        id="marrow-missing-without-reason",
        severity="note",
        meaning="No adequate marrow, and no reason given.",
        why="The response is NE",
        sentence="no adequate marrow and no reason. Was it a blood sample only?",
    ),
    MarrowFinding(
        _mrd_without_remission,
        id="mrd-without-remission",
        severity="warning",
        meaning="Residual disease reported where the marrow is not below the limit of remission.",
        why="It counts in remission only",
        sentence="MRD {mrd}, level {mrd_level_pct}, with blasts {blasts_pct} %. Do they belong to one sample?",
    ),
    MarrowFinding(
        _mrd_contradicts,
        id="mrd-contradicts-level",
        severity="warning",
        meaning="Reported residual disease and its level are on different sides of the limit.",
        why="The convention mrd_reading decides which counts",
        sentence="MRD {mrd} with a level of {mrd_level_pct} %. Which counts?",
    ),
    MarrowFinding(
        _blood_not_recorded,
        id="blood-not-recorded",
        severity="warning",
        meaning="Circulating blasts are blank where others have them recorded.",
        why="Blank counts as none",
        sentence="circulating blasts are not recorded. Were there any?",
    ),
    MarrowFinding(
        _auer_below,
        id="auer-rods-in-remission",
        severity="note",
        meaning="Auer rods in a marrow below the limit of remission.",
        why="ELN 2017 asks for their absence, ELN 2022 does not",
        sentence="Auer rods with blasts {blasts_pct} %. Is it recorded for this marrow?",
    ),
    MarrowFinding(
        _after_death,
        id="assessed-after-death",
        severity="error",
        meaning="An assessment after the day of death.",
        why="One of the dates is wrong",
        sentence="assessed on {date}, died on {death_date}. Which date is right?",
    ),
    MarrowFinding(
        _baseline_after_dose,
        id="baseline-after-first-dose",
        severity="warning",
        meaning="A baseline marrow after the first dose.",
        why="Blasts before treatment are the reference of PR",
        sentence="baseline of {date}, first dose on {treatment_start_date}. Is it before treatment?",
    ),
    MarrowFinding(
        _response_before_dose,
        id="response-before-first-dose",
        severity="warning",
        meaning="An assessment that is not baseline before the first dose.",
        why="It would count as a response",
        sentence="assessed on {date}, first dose on {treatment_start_date}. Is it baseline?",
    ),
    MarrowFinding(
        _after_cutoff,
        id="assessed-after-cutoff",
        severity="note",
        meaning="An assessment after the data cutoff.",
        why="It does not count in the analysis",
        sentence="assessed on {date}, cutoff {cutoff_date}. Is the date right?",
    ),
)
