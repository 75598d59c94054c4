"""Findings about the value in one row, and about two rows for one thing: RECIST 1.1 section 4.3."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recist.findings.base import finding, hits
from recist.findings.evidence import Evidence, Ints, Mask, days, mm
from recist.findings.treatment import after_local_treatment

_IMPLAUSIBLE_MM = 500  # house: half a metre
_SLIP = (7.0, 14.0)  # house: a ratio of sizes that looks like cm for mm, the lesion having changed a little
_BACK = 4.0  # house: a tenth that is followed by a size at least so many times larger was a slip
_LAST_SLIP = (8.0, 12.0)  # house: a tenth at the last visit, where nothing follows, may be a response


def value_text(e: Evidence, at: Ints) -> list[str]:
    """What a row says of the lesion: its size, its state, or both."""
    sizes, states = mm(e.diameter[at]), e.text("state", at)
    known = ~np.isnan(e.diameter[at])
    pairs = zip(sizes, states, known, strict=True)
    return [
        " ".join(word for word in (state, size if is_sized else "") if word)
        for size, state, is_sized in pairs
    ]


def _repeats(e: Evidence) -> tuple[Ints, Mask]:
    """Rows after the first of the same lesion and visit, and whether they say the same as the first."""
    at = np.flatnonzero(e.first_same != np.arange(len(e.first_same)))
    same = np.ones(len(at), bool)
    for name in ("date", "role", "diameter_mm", "viable_mm", "state", "organ", "merged_into", "parent"):
        if e.has(name):
            here, first = e.lesions[name].array[at], e.lesions[name].array[e.first_same[at]]
            same &= np.asarray(here == first) | (pd.isna(here) & pd.isna(first))
    return at, same


def conflicting(e: Evidence) -> Mask:
    """Rows that say something else than the first row of the same lesion and visit."""
    at, same = _repeats(e)
    found = np.zeros(len(e.lesions), bool)
    found[at[~same]] = True
    return found


@finding(
    id="exact-duplicate",
    severity="note",
    place="lesion",
    meaning="A row repeats another row of the same lesion and visit.",
    why="It adds nothing, but shows a fault of entry or transfer",
    cite="house",
    sentence="the same as row {other}. May it be deleted?",
)
def exact_duplicate(e: Evidence) -> pd.DataFrame:
    at, same = _repeats(e)
    return hits(at[same], other=e.first_same[at[same]] + 2)


@finding(
    id="conflicting-duplicate",
    severity="error",
    place="lesion",
    meaning="Two rows of the same lesion and visit say different things.",
    why="Which of them enters the sum is undefined",
    cite="house",
    sentence="{value} on {date}, but {other} on {other_date} in row {row_}. Which one is right?",
)
def conflicting_duplicate(e: Evidence) -> pd.DataFrame:
    at = np.flatnonzero(conflicting(e))
    first = e.first_same[at]
    return hits(
        at,
        value=value_text(e, at),
        other=value_text(e, first),
        date=days(e.day[at]),
        other_date=days(e.day[first]),
        row_=first + 2,
    )


@finding(
    id="missing-without-reason",
    severity="warning",
    place="lesion",
    meaning="A target lesion was not evaluated, and no reason is given.",
    why="One missing target makes the visit NE; resection or radiotherapy makes it missing from then on",
    cite="RECIST 1.1 section 4.4.2; EORTC FAQ, surgery and radiotherapy",
    sentence="{state}, no reason given. Why was the lesion not measured?",
)
def missing_without_reason(e: Evidence) -> pd.DataFrame:
    missing = e.target & e.state("not evaluable", "not done") & (e.codes("reason") < 0)
    at = np.flatnonzero(missing & ~e.sized & ~e.baseline)
    return hits(at, state=e.text("state", at))


@finding(
    id="target-without-value",
    severity="error",
    place="lesion",
    meaning="A target row has neither a size nor a state.",
    why="Nothing is known of the lesion: it counts as missing and the visit is NE unless PD is provable",
    cite="RECIST 1.1 section 4.4.2",
    sentence="neither a size nor a state. Was the lesion measured, absent, too small or not evaluable?",
)
def target_without_value(e: Evidence) -> pd.DataFrame:
    return hits(e.target & ~e.sized & (e.codes("state") < 0))


@finding(
    id="target-unmeasured-at-baseline",
    severity="error",
    place="lesion",
    meaning="A target lesion has no size above 0 at baseline.",
    why="The baseline sum is the reference of every response; each target needs a size in it",
    cite="RECIST 1.1 sections 4.2 and 4.3.1",
    sentence="a target that is {value} at baseline. What was its size?",
)
def target_unmeasured_at_baseline(e: Evidence) -> pd.DataFrame:
    known = e.sized | (e.codes("state") >= 0)
    at = np.flatnonzero(e.baseline & e.target & known & ~(e.diameter > 0) & ~(e.size > 0))
    return hits(at, value=value_text(e, at))


@finding(
    id="size-contradicts-state",
    severity="error",
    place="lesion",
    meaning="Size and state cannot both be true: absent with a size, not evaluable with one, measured "
    "without.",
    why="The sum takes 0, nothing or the size, depending on which of the two is believed",
    cite="RECIST 1.1 section 4.3.2",
    sentence="state {state}, {size}. Which of the two is right?",
)
def size_contradicts_state(e: Evidence) -> pd.DataFrame:
    no_size = e.state("not evaluable", "not done", "merged") & (e.size > 0)
    normal = e.non_target & e.node & (e.size < e.criteria.node_normal_lt)  # an absent node may have a size
    unsized = e.target & e.state("measured") & ~e.sized & ~e.baseline
    gone = e.state("absent") & (e.size > 0) & ~normal
    at = np.flatnonzero(((no_size | gone) & ~e.new) | unsized)
    size = [text if s > 0 else "but no size" for text, s in zip(mm(e.size[at]), e.size[at], strict=True)]
    return hits(at, state=e.text("state", at), size=size)


@finding(
    id="too-small-with-other-size",
    severity="warning",
    place="lesion",
    meaning="A lesion is called too small to measure but has a size other than the default value.",
    why="A size that was measured is used as it is; only an unmeasurable one takes the default of 5 mm",
    cite="RECIST 1.1 section 4.3.2",
    sentence="too small to measure, yet {size}; the value of such a lesion is {limit}. Was it measured?",
)
def too_small_with_other_size(e: Evidence) -> pd.DataFrame:
    at = np.flatnonzero(e.state("too small") & ~np.isnan(e.size) & (e.size != e.criteria.tstm_mm))
    return hits(at, size=mm(e.size[at]), limit=f"{e.criteria.tstm_mm:g} mm")


@finding(
    id="zero-as-measured",
    severity="note",
    place="lesion",
    meaning="A target is recorded as measured with 0 mm, in a table that has a word for absent lesions and "
    "uses it.",
    why="0 says the lesion is gone and may make a CR; too small to measure or not evaluable would not",
    cite="RECIST 1.1 section 4.3.2",
    sentence="0 mm, recorded as measured. Is the lesion gone, too small to measure, or not evaluable?",
)
def zero_as_measured(e: Evidence) -> pd.DataFrame:
    zero = e.target & e.state("measured") & (e.size == 0) & ~e.baseline
    spoken = bool((e.target & e.state("absent")).any())  # elsewhere 0 is how absent is written
    return hits(zero & ~after_local_treatment(e) & spoken)


@finding(
    id="implausible-size",
    severity="error",
    place="lesion",
    meaning="A size is larger than half a metre.",
    why="It dominates the sum and turns any other change into stable disease",
    cite="house limit",
    sentence="{size} is larger than {limit} mm. Is it in tenths of a millimetre?",
)
def implausible_size(e: Evidence) -> pd.DataFrame:
    at = np.flatnonzero((e.diameter > _IMPLAUSIBLE_MM) | (e.size > _IMPLAUSIBLE_MM))
    return hits(at, size=mm(np.fmax(e.diameter[at], e.size[at])), limit=_IMPLAUSIBLE_MM)


@finding(
    id="viable-larger-than-lesion",
    severity="error",
    place="lesion",
    meaning="The viable part is larger than the lesion.",
    why="The viable part lies within the lesion",
    cite="mRECIST: Lencioni and Llovet 2010",
    sentence="viable part {viable}, whole lesion {size}. Which one is right?",
)
def viable_larger_than_lesion(e: Evidence) -> pd.DataFrame:
    viable = e.lesions["viable_mm"].to_numpy(float) if e.has("viable_mm") else np.full(len(e.lesions), np.nan)
    at = np.flatnonzero(viable > e.diameter)
    return hits(at, viable=mm(viable[at]), size=mm(e.diameter[at]))


@finding(
    id="too-many-decimals",
    severity="note",
    place="lesion",
    meaning="A size has more than two decimals.",
    why="Lengths are compared as whole hundredths of a millimetre; what is finer is lost",
    cite="house",
    sentence="{size} has more than two decimals. Is it in mm?",
)
def too_many_decimals(e: Evidence) -> pd.DataFrame:
    hundredths = np.nan_to_num(e.size) * 100
    at = np.flatnonzero(np.abs(hundredths - np.rint(hundredths)) > 1e-6)
    return hits(at, size=mm(e.size[at]))


def _ratio(e: Evidence, neighbour: Ints) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Size of each row over that of a neighbouring row; missing unless both are measured, at two visits."""
    measured = e.target & e.state("measured") & (e.size > 0)
    near = np.where(neighbour >= 0, neighbour, 0)
    both = (neighbour >= 0) & measured & measured[near] & (e.slot != e.slot[near])
    ratio = np.full(len(near), np.nan)
    np.divide(e.size, e.size[near], out=ratio, where=both)
    return ratio


@finding(
    id="unit-slip",
    severity="warning",
    place="lesion",
    meaning="A size is about ten times, or a tenth of, the one before; a tenth only if it does not stay "
    "small.",
    why="Centimetres for millimetres make a false response or a false progression",
    cite="house limit: a ratio of 7 to 14",
    sentence="{size} after {other} at {visit_}. Is one of them in cm?",
)
def unit_slip(e: Evidence) -> pd.DataFrame:
    more, back = _ratio(e, e.previous), _ratio(e, e.following)
    less = 1 / more
    up = (more >= _SLIP[0]) & (more <= _SLIP[1])
    jumps_back = (less >= _SLIP[0]) & (less <= _SLIP[1]) & (back <= 1 / _BACK)
    down = jumps_back | ((less >= _LAST_SLIP[0]) & (less <= _LAST_SLIP[1]) & np.isnan(back))
    slip = up | down
    told = (e.previous >= 0) & slip[
        np.where(e.previous >= 0, e.previous, 0)
    ]  # the way back says nothing more
    at = np.flatnonzero(slip & ~told)
    before = e.previous[at]
    return hits(at, size=mm(e.size[at]), other=mm(e.size[before]), visit_=e.text("visit", before))
