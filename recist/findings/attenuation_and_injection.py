"""Findings about the columns that single criteria ask for: attenuation (Choi) and injection (itRECIST)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recist.findings.base import finding, hits
from recist.findings.evidence import Evidence, Floats, Mask, mm

_LOWEST_HU, _HIGHEST_HU = -150, 400  # house: fat lies above the one, enhanced soft tissue below the other


def _attenuation(e: Evidence) -> Floats:
    """Attenuation of every row, HU; NaN throughout where there is no such column."""
    if not e.has("attenuation_hu"):
        return np.full(len(e.lesions), np.nan)
    return e.lesions["attenuation_hu"].to_numpy(float)


def _injected(e: Evidence, said: bool) -> Mask:
    """Rows that say yes, or no, to injection; blank is neither."""
    if not e.has("injected"):
        return np.zeros(len(e.lesions), bool)
    return e.lesions["injected"].astype("boolean").eq(said).fillna(False).to_numpy(bool)


@finding(
    id="implausible-attenuation",
    severity="error",
    place="lesion",
    meaning=f"An attenuation lies outside {_LOWEST_HU} to {_HIGHEST_HU} HU.",
    why="Soft tissue does not attenuate so; the mean over the targets follows it",
    cite="house",
    sentence="attenuation {hu} HU. Is it the mean of the whole lesion, in Hounsfield units?",
)
def implausible_attenuation(e: Evidence) -> pd.DataFrame:
    hu = _attenuation(e)
    at = np.flatnonzero((hu < _LOWEST_HU) | (hu > _HIGHEST_HU))
    return hits(at, hu=[f"{value:g}" for value in hu[at]])


@finding(
    id="attenuation-missing",
    severity="warning",
    place="lesion",
    meaning="A measured target has no attenuation at a visit, though it had one at baseline.",
    why="Without it a response by attenuation cannot be told from none",
    cite="Choi 2007",
    sentence="{size}, but no attenuation. Was the scan done without contrast?",
)
def attenuation_missing(e: Evidence) -> pd.DataFrame:
    known = ~np.isnan(_attenuation(e))
    at = np.flatnonzero(e.target & ~known & (e.diameter > 0) & e.before(known & e.baseline))
    return hits(at, size=mm(e.diameter[at]))


@finding(
    id="injected-then-not",
    severity="error",
    place="lesion",
    meaning="A lesion is recorded as not injected after it was injected.",
    why="An injected lesion stays in the group of the injected ones",
    cite="itRECIST: Goldmacher 2020",
    sentence="not injected, but injected before. Which one is right?",
)
def injected_then_not(e: Evidence) -> pd.DataFrame:
    return hits(_injected(e, False) & e.before(_injected(e, True)))
