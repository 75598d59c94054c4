"""Findings about lesions operated, irradiated or ablated on study: EORTC FAQ, surgery and radiotherapy."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from recist.findings.base import finding, hits
from recist.findings.evidence import Evidence, Mask

_LOCAL = re.compile(
    r"RESECT|SURG|EXCIS|REMOVED|RADIOTHERAP|RADIATION|IRRADIAT|RADIOEMBOL|SBRT|ABLAT|EMBOLI|TACE"
)


def after_local_treatment(e: Evidence) -> Mask:
    """Rows of a lesion whose reason, now or at an earlier follow-up visit, is a local treatment."""
    if not e.has("reason"):
        return np.zeros(len(e.lesions), bool)
    treated = e.by_word("reason", lambda word: _LOCAL.search(word.upper())) & ~e.baseline
    return treated | e.before(treated)


@finding(
    id="zero-after-local-treatment",
    severity="error",
    place="lesion",
    meaning="A target that was resected or irradiated on study is recorded as absent or as 0 mm.",
    why="It is gone by the knife, not by the drug: as 0 it makes a false response; it counts as missing from "
    "then on",
    cite="EORTC FAQ, surgery and radiotherapy; RECIST 1.1 section 4.4.2",
    sentence="{value} after local treatment ({reason}); such a lesion is not evaluable from then on. Should "
    "the "
    "state be not evaluable?",
)
def zero_after_local_treatment(e: Evidence) -> pd.DataFrame:
    gone = e.state("absent") | (e.state("measured") & (e.size == 0))
    at = np.flatnonzero(e.target & gone & after_local_treatment(e))
    reason = pd.Series(e.text("reason", at)).replace("", "at an earlier visit")
    value = np.where(e.state("absent")[at], "absent", "0 mm")
    return hits(at, value=value, reason=reason.to_numpy())
