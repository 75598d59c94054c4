"""Findings about rows that are missing or say too little: RECIST 1.1 sections 4.3.3 and 4.4.2."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recist.findings.base import finding, hits
from recist.findings.evidence import Evidence, Ints, Mask, first_of, mm
from recist.findings.identity import parent_trail


def _unlisted(e: Evidence, role: Mask) -> pd.DataFrame:
    """Follow-up visits at which baseline lesions of the role have no row: first row, lesions."""
    fathered = parent_trail(e)
    trail = np.where(fathered >= 0, fathered, e.trail)  # a fragment stands for the lesion it split from
    of_baseline = np.zeros(e.trail.max(initial=-1) + 1, bool)
    of_baseline[e.trail[e.baseline & role]] = True
    slots = e.slots
    followed = (~slots["baseline"] & slots["old"]).to_numpy(bool)
    seen = followed[e.slot] & of_baseline[trail]
    pairs = pd.DataFrame({"slot": e.slot[seen], "trail": trail[seen]}).drop_duplicates()
    count = np.bincount(pairs["slot"].to_numpy(), minlength=len(slots))
    first = first_of(e.trail, e.baseline & role)
    expected = np.bincount(e.series[first], minlength=e.series.max(initial=-1) + 1)[slots["series"]]
    short = slots.loc[followed & (count < expected), ["at", "series"]].rename_axis("slot").reset_index()
    lesions = pd.DataFrame(
        {"series": e.series[first], "trail": e.trail[first], "lesion": e.text("lesion", first)}
    )
    wanted = short.merge(lesions, on="series").merge(pairs, on=["slot", "trail"], how="left", indicator=True)
    missing = wanted[wanted["_merge"] == "left_only"]
    return missing.groupby("at")["lesion"].agg(", ".join).reset_index()


@finding(
    id="target-not-listed",
    severity="warning",
    place="visit",
    meaning="A follow-up visit has no row for a target lesion of baseline.",
    why="A target without a row is missing: the visit is NE unless PD is provable",
    cite="RECIST 1.1 section 4.4.2",
    sentence="no row for target lesion {lesions}. Was it measured, absent, or not evaluable?",
)
def target_not_listed(e: Evidence) -> pd.DataFrame:
    found = _unlisted(e, e.target)
    return hits(found["at"], lesions=found["lesion"])


@finding(
    id="non-target-not-listed",
    severity="warning",
    place="visit",
    meaning="A follow-up visit has no row for a non-target lesion of baseline.",
    why="Not all non-targets are evaluated: no CR, and NE where there are no targets",
    cite="RECIST 1.1 section 4.3.3 and Tables 1 and 2",
    sentence="no row for non-target lesion {lesions}. Was it present, absent, or not evaluable?",
)
def non_target_not_listed(e: Evidence) -> pd.DataFrame:
    found = _unlisted(e, e.non_target)
    return hits(found["at"], lesions=found["lesion"])


@finding(
    id="only-new-lesions-listed",
    severity="warning",
    place="visit",
    meaning="A follow-up visit lists new lesions only, although there was disease at baseline.",
    why="The visit is PD if the lesion is unequivocal; otherwise NE for want of the other lesions",
    cite="RECIST 1.1 sections 4.3.5 and 4.4.2",
    sentence="new lesions only ({lesions}). Were the target and non-target lesions assessed as well?",
)
def only_new_lesions_listed(e: Evidence) -> pd.DataFrame:
    disease = e.in_group(e.series, e.baseline & ~e.new)
    alone = ~e.slots["old"].to_numpy(bool)[e.slot] & ~e.baseline & disease
    at = first_of(e.slot, alone)
    return hits(at, lesions=e.listed(e.slot, alone, e.slot[at]))


def _unstated(e: Evidence) -> Mask:
    stated = e.by_word("state", lambda word: word != "measured")
    return e.non_target & ~e.baseline & ~stated


@finding(
    id="non-target-without-state",
    severity="error",
    place="lesion",
    meaning="A non-target row at follow-up has no state and no size.",
    why="Non-targets are judged present, absent or unequivocally worse; without a word nothing is known",
    cite="RECIST 1.1 section 4.3.3",
    sentence="no state. Was the lesion present, absent, increased, unequivocally worse, or not evaluable?",
)
def non_target_without_state(e: Evidence) -> pd.DataFrame:
    return hits(_unstated(e) & ~e.sized)


@finding(
    id="non-target-size-without-state",
    severity="warning",
    place="lesion",
    meaning="A non-target row at follow-up has a size but no state.",
    why="Non-targets are not measured: only the reader can say whether a change is unequivocal",
    cite="RECIST 1.1 section 4.3.3",
    sentence="{size} but no state. Was the lesion present, absent, increased, or unequivocally worse?",
)
def non_target_size_without_state(e: Evidence) -> pd.DataFrame:
    at = np.flatnonzero(_unstated(e) & e.sized)
    return hits(at, size=mm(e.diameter[at]))


@finding(
    id="method-changed",
    severity="note",
    place="lesion",
    meaning="A target was measured by another method than the visit before.",
    why="The same method is to be used at baseline and follow-up; a change of method can look like one of "
    "size",
    cite="RECIST 1.1 section 4.1",
    sentence="measured by {method}, by {other} at {visit_}. Is the change of method right, and are the sizes "
    "comparable?",
)
def method_changed(e: Evidence) -> pd.DataFrame:
    group = _method_group(e)
    before = np.where(e.previous >= 0, e.previous, 0)
    known = (e.previous >= 0) & (group >= 0) & (group[before] >= 0) & e.sized & e.sized[before]
    at = np.flatnonzero(e.target & known & (group != group[before]) & (e.slot != e.slot[before]))
    before = before[at]
    return hits(
        at, method=e.text("method", at), other=e.text("method", before), visit_=e.text("visit", before)
    )


def _method_group(e: Evidence) -> Ints:
    """Number of the method, CT with or without contrast being one and MRI another; -1 where blank."""
    words = [
        next((known for known in ("MR", "CT") if known in word.upper()), word) for word in e.words("method")
    ]
    number = {word: n for n, word in enumerate(dict.fromkeys(words))}
    return np.array([number[word] for word in words] + [-1])[e.codes("method")]
