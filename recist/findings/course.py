"""Findings about a course that does not fit together: what was gone comes back, what was CR is less.

RECIST 1.1 Table 3, footnote a, and Appendix III; EORTC FAQ.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from recist.findings.base import finding, hits
from recist.findings.evidence import Evidence, Mask, first_of, mm
from recist.findings.measurements import conflicting, value_text

_LESSER = ("PR", "SD", "NON-CR/NON-PD")


def _gone(e: Evidence) -> Mask:
    """Follow-up rows of targets and non-targets that say the lesion is gone."""
    gone = e.state("absent") | (e.state("measured") & (e.size == 0))
    return np.asarray(gone & ~e.new & ~e.baseline)


def _previous(e: Evidence, rows: Mask) -> Mask:
    """Whether the same lesion's row before is one of the given rows."""
    return (e.previous >= 0) & rows[np.where(e.previous >= 0, e.previous, 0)]


@finding(
    id="lesion-reappeared",
    severity="warning",
    place="lesion",
    meaning="A target or non-target lesion (not a node) that was absent is there again.",
    why="After a complete response it is progression at any size; if it was never gone, the CR was a PR",
    cite="RECIST 1.1 Table 3, footnote a, and Appendix III",
    sentence="{value} after it was absent. Was the lesion truly gone before?",
)
def lesion_reappeared(e: Evidence) -> pd.DataFrame:
    visible = e.state("present", "increased", "unequivocal progression", "too small")
    there = ~e.new & (visible | (e.state("measured") & (e.size > 0)))
    at = np.flatnonzero(there & ~e.node & e.before(_gone(e)) & ~_previous(e, there))
    return hits(at, value=value_text(e, at))


@finding(
    id="node-regrown",
    severity="note",
    place="lesion",
    meaning="A target node that had become normal is pathological again.",
    why="After a complete response it may be progression; the short axis of both scans is worth a second "
    "look",
    cite="EORTC FAQ, abnormal lymph node; RECIST 1.1 section 4.3.2",
    sentence="short axis of {size} after it was below {limit}. Are both short axes right?",
)
def node_regrown(e: Evidence) -> pd.DataFrame:
    node = e.target & e.node
    normal = node & (_gone(e) | ((e.size < e.criteria.node_normal_lt) & ~e.baseline))
    large = node & (e.size >= e.criteria.node_normal_lt)
    at = np.flatnonzero(large & e.before(normal) & ~_previous(e, large))
    return hits(at, size=mm(e.size[at]), limit=f"{e.criteria.node_normal_lt:g} mm")


@finding(
    id="absent-after-unequivocal-progression",
    severity="warning",
    place="lesion",
    meaning="A non-target lesion is absent after it was called unequivocally progressive.",
    why="Unequivocal progression of a non-target ends the subject's response; a lesion that then vanishes "
    "casts doubt",
    cite="RECIST 1.1 section 4.3.4",
    sentence="absent after unequivocal progression. Was that progression unequivocal?",
)
def absent_after_progression(e: Evidence) -> pd.DataFrame:
    progressed = e.non_target & e.state("unequivocal progression")
    absent = e.non_target & e.state("absent")
    return hits(absent & e.before(progressed) & ~_previous(e, absent))


def _markers(e: Evidence, rows: Mask) -> pd.DataFrame | None:
    """Tumour markers at the visits of the given rows: an elevated one keeps a CR from being complete."""
    if e.visits is None or "tumour_marker_elevated" not in e.visits:
        return None
    keys = [key for key in ("subject", "evaluator", "visit") if key in e.visits]
    at = first_of(e.slot, rows)
    known = pd.MultiIndex.from_arrays([e.text(key, at) for key in keys])
    given = pd.MultiIndex.from_arrays([e.visits[key].astype(str).str.strip() for key in keys])
    found = e.visits.loc[given.isin(known), [*keys, "tumour_marker_elevated"]].reset_index(drop=True)
    return found if len(found) else None


@finding(
    id="lesser-response-after-cr",
    severity="warning",
    place="visit",
    meaning="A visit after a complete response is PR, SD or NON-CR/NON-PD.",
    why="Disease after a true CR is progression; disease that was there all along makes the CR a PR",
    cite="RECIST 1.1 Table 3, footnote a",
    sentence="{overall} after CR at {visit_}. Was the disease truly gone at {visit_}, or did it come back?",
)
def lesser_after_cr(e: Evidence) -> pd.DataFrame:
    from recist.assess import assess

    undefined = e.in_group(e.series, conflicting(e))  # asked about by conflicting-duplicate
    if undefined.all():
        return hits([], overall=[], visit_=[])
    responses = assess(
        e.lesions[~undefined].reset_index(drop=True), e.criteria, visits=_markers(e, ~undefined)
    )
    complete = responses["overall"] == "CR"
    keys = ["subject", "evaluator"]
    groups = [responses[key].cat.codes for key in keys]
    after = complete.astype(int).groupby(groups).cumsum() > 0
    label = responses["visit"].astype("string").where(complete).groupby(groups).ffill()
    lesser = after & responses["overall"].isin(_LESSER)
    found = responses.loc[lesser, [*keys, "visit", "overall"]].assign(cr=label[lesser]).astype("string")
    at = e.slots["at"].to_numpy(np.int64)
    slots = (
        pd.DataFrame({key: e.text(key, at) for key in (*keys, "visit")} | {"at": at}) if len(found) else found
    )
    placed = found.merge(slots, on=[*keys, "visit"]) if len(found) else found.assign(at=0)
    return hits(placed["at"], overall=placed["overall"], visit_=placed["cr"])
