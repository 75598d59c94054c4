"""Findings about new lesions: RECIST 1.1 section 4.3.5 and the EORTC FAQ on new lesions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recist.findings.base import finding, hits
from recist.findings.evidence import Evidence, Mask, first_of, mm


@finding(
    id="new-lesion-at-baseline",
    severity="error",
    place="lesion",
    meaning="A lesion is recorded as new at baseline.",
    why="New is what baseline did not show; at baseline all disease is target or non-target",
    cite="RECIST 1.1 sections 4.2 and 4.3.5",
    sentence="recorded as new at baseline. Is it a target or non-target lesion, or was it seen later?",
)
def new_lesion_at_baseline(e: Evidence) -> pd.DataFrame:
    return hits(e.new & e.baseline)


@finding(
    id="new-lesion-known-at-baseline",
    severity="error",
    place="lesion",
    meaning="A lesion is recorded as new although it has a baseline row.",
    why="A known lesion that grows is no new lesion: it would make a false progression",
    cite="RECIST 1.1 section 4.3.5",
    sentence="recorded as new, but known at baseline (row {row_}, {role}). Is it the same lesion?",
)
def new_lesion_known(e: Evidence) -> pd.DataFrame:
    old = np.flatnonzero(e.baseline & ~e.new)
    row = dict(zip(e.trail[old][::-1].tolist(), old[::-1].tolist(), strict=True))
    at = first_of(e.trail, e.new & ~e.baseline & e.in_group(e.trail, e.baseline & ~e.new))
    first = np.array([row[trail] for trail in e.trail[at].tolist()], np.int64)
    return hits(at, row_=first + 2, role=e.text("role", first))


@finding(
    id="new-lesion-not-seen",
    severity="warning",
    place="lesion",
    meaning="The first record of a new lesion calls it absent, not evaluable, not done or not new.",
    why="A lesion is new from the visit at which it was seen; that visit dates the progression",
    cite="RECIST 1.1 section 4.3.5",
    sentence="first recorded as a new lesion that is {state}. When was it first seen, and was it "
    "unequivocal?",
)
def new_lesion_not_seen(e: Evidence) -> pd.DataFrame:
    unseen = e.state("absent", "not new", "not evaluable", "not done") | (e.codes("state") < 0)
    at = np.flatnonzero(e.new & unseen & (e.previous < 0) & ~e.baseline)
    return hits(at, state=[word or "without a state" for word in e.text("state", at)])


def _pet(e: Evidence) -> Mask:
    return e.by_word("method", lambda word: "PET" in word.upper() or "POSITRON" in word.upper())


@finding(
    id="new-lesion-on-pet-alone",
    severity="warning",
    place="lesion",
    meaning="A new lesion on FDG-PET is called unequivocal without a negative baseline PET or a CT that "
    "shows it.",
    why="Without a baseline PET only a new site on CT makes progression; otherwise CT is awaited and dated "
    "back",
    cite="RECIST 1.1 section 4.3.5 (b)",
    sentence="unequivocal on {method} with no negative PET at baseline, and no CT or MRI shows it. Was there "
    "a baseline "
    "PET, and does CT show a new site?",
)
def new_lesion_on_pet_alone(e: Evidence) -> pd.DataFrame:
    certain = e.new & e.state("unequivocal")
    negative = e.by_word("baseline_pet", lambda word: "NEG" in word.upper())
    shown = e.in_group(e.trail, certain & ~_pet(e) & (e.codes("method") >= 0))
    at = first_of(e.trail, certain & _pet(e) & ~negative & ~shown)
    return hits(at, method=e.text("method", at))


@finding(
    id="equivocal-not-resolved",
    severity="warning",
    place="lesion",
    meaning="An equivocal new lesion is not mentioned again although a later visit took place.",
    why="Confirmed later, it dates progression at its first scan; gone, it never was one",
    cite="RECIST 1.1 section 4.3.5",
    sentence="equivocal, and not mentioned at later visits. Was it confirmed, gone, or still equivocal?",
)
def equivocal_not_resolved(e: Evidence) -> pd.DataFrame:
    latest = e.slots.groupby("series")["first"].max().to_numpy()
    later = latest[e.series] > e.slots["last"].to_numpy()[e.slot]
    return hits(e.new & e.state("equivocal") & (e.following < 0) & later)


@finding(
    id="new-node-below-target-size",
    severity="note",
    place="lesion",
    meaning="A new lymph node below 15 mm is called an unequivocal new lesion.",
    why="If it is the only sign of progression it is seen again at the next visit before it counts",
    cite="EORTC FAQ, new lymph node lesions",
    sentence="new node of {size}, called unequivocal; below {limit} a node alone is re-evaluated at the next "
    "visit. "
    "Is it unequivocal?",
)
def new_node_small(e: Evidence) -> pd.DataFrame:
    small = e.node & (e.diameter < e.criteria.node_target_min)
    at = first_of(e.trail, e.new & ~e.baseline & e.state("unequivocal") & small & (e.previous < 0))
    return hits(at, size=mm(e.diameter[at]), limit=f"{e.criteria.node_target_min:g} mm")
