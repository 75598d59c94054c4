"""Findings about a lesion over its visits: is it the same lesion, and do split and merged ones fit together?

RECIST 1.1 sections 4.2 and 4.3 and Appendix III.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from recist.findings.base import finding, hits
from recist.findings.evidence import Evidence, Ints, Mask, first_of
from recist.organs import plain

_FRAGMENT = re.compile(r"(.*\w)(?:[._-]\d{1,2}|[._-]?[A-Za-z])")


def _lesion_code(e: Evidence, words: list[str]) -> Ints:
    """Code of the lesion that each word names (-1: none), with -1 appended for a blank."""
    code = {word: n for n, word in enumerate(e.words("lesion"))}
    return np.array([code.get(word, -1) for word in words] + [-1])


def _key(e: Evidence, group: Ints, lesion: Ints) -> Ints:
    """One number per group and lesion; -1 where the lesion is unknown."""
    return np.where(lesion >= 0, group * (len(e.words("lesion")) + 1) + lesion, -1)


def parent_trail(e: Evidence) -> Ints:
    """Number of the trail that a fragment split from; -1 where none is named or known."""
    if not e.has("parent"):
        return np.full(len(e.lesions), -1, np.int64)
    wanted = _key(e, e.series, _lesion_code(e, e.words("parent"))[e.codes("parent")])
    keys = _key(e, e.series, e.codes("lesion"))
    distinct, at = np.unique(keys, return_index=True)
    place = np.minimum(np.searchsorted(distinct, wanted), len(distinct) - 1)
    return np.where(distinct[place] == wanted, e.trail[at[place]], -1) if len(keys) else keys


def _looks_like_fragment(e: Evidence) -> tuple[Mask, list[str]]:
    """Rows whose identifier is that of another lesion of the series with a suffix, and that lesion's word."""
    parts = [_FRAGMENT.fullmatch(word) for word in e.words("lesion")]
    base = [part.group(1) if part else "" for part in parts]
    code = _lesion_code(e, base)[e.codes("lesion")]
    known = np.isin(_key(e, e.series, code), _key(e, e.series, e.codes("lesion"))[e.baseline])
    return known & (code >= 0) & ~e.in_group(e.trail, e.baseline), [*base, ""]


def _without_baseline(e: Evidence, role: Mask) -> Mask:
    """Follow-up rows of the role whose lesion has no baseline row although its series has some."""
    lost = role & ~e.in_group(e.trail, e.baseline) & e.in_group(e.series, e.baseline)
    return lost & (e.codes("parent") < 0) & ~_looks_like_fragment(e)[0]


@finding(
    id="target-without-baseline",
    severity="error",
    place="lesion",
    meaning="A target lesion appears at follow-up that was none at baseline.",
    why="Targets are fixed at baseline; what comes later is a new lesion, and that is progression",
    cite="RECIST 1.1 sections 4.2 and 4.3.5",
    sentence="a target without a baseline row. Is it a new lesion, a fragment of another one, or is its "
    "baseline "
    "missing?",
)
def target_without_baseline(e: Evidence) -> pd.DataFrame:
    return hits(first_of(e.trail, _without_baseline(e, e.target)))


@finding(
    id="non-target-without-baseline",
    severity="error",
    place="lesion",
    meaning="A non-target lesion appears at follow-up that was not recorded at baseline.",
    why="All other disease is recorded at baseline; what comes later is a new lesion, and that is "
    "progression",
    cite="RECIST 1.1 sections 4.2 and 4.3.5",
    sentence="a non-target without a baseline row. Is it a new lesion, or is its baseline missing?",
)
def non_target_without_baseline(e: Evidence) -> pd.DataFrame:
    return hits(first_of(e.trail, _without_baseline(e, e.non_target)))


def _change(e: Evidence, value: Ints) -> tuple[Ints, Ints]:
    """First row of each trail whose known value differs from the trail's first known one, and that one."""
    at = e.order[value[e.order] >= 0]
    trail = e.trail[at]
    start = np.flatnonzero(np.diff(trail, prepend=-1))
    first = at[np.repeat(start, np.diff(start, append=len(at)))]
    differs = value[at] != value[first]
    place = np.flatnonzero(differs)[np.unique(trail[differs], return_index=True)[1]]
    return at[place], first[place]


def _role_group(e: Evidence) -> Ints:
    return np.select([e.target, e.non_target], [0, 1], 2)


def _changed(e: Evidence, column: str, at: Ints, first: Ints) -> pd.DataFrame:
    return hits(
        at, now=e.text(column, at), then=e.text(column, first), visit_=e.text("visit", first), row_=first + 2
    )


@finding(
    id="role-changed",
    severity="error",
    place="lesion",
    meaning="A lesion changes its role: target, non-target or new.",
    why="The role is fixed when the lesion is first recorded; the sum would gain or lose a lesion",
    cite="RECIST 1.1 section 4.2",
    sentence="{now} here, {then} at {visit_} (row {row_}). Which one is it?",
)
def role_changed(e: Evidence) -> pd.DataFrame:
    at, first = _change(e, _role_group(e))
    known = e.new[at] & e.baseline[first]  # said by new-lesion-known-at-baseline
    return _changed(e, "role", at[~known], first[~known])


@finding(
    id="organ-changed",
    severity="warning",
    place="lesion",
    meaning="A lesion changes its organ.",
    why="Either it is another lesion, perhaps a new one, or the count of targets per organ is wrong",
    cite="RECIST 1.1 section 4.2",
    sentence="{now} here, {then} at {visit_} (row {row_}). Is it the same lesion, and where does it lie?",
)
def organ_changed(e: Evidence) -> pd.DataFrame:
    words = [plain(word) for word in e.words("organ")]
    number = {word: n for n, word in enumerate(dict.fromkeys(words))}
    value = np.array([number[word] for word in words] + [-1])[e.codes("organ")]
    return _changed(e, "organ", *_change(e, value))


@finding(
    id="node-flag-changed",
    severity="error",
    place="lesion",
    meaning="A lesion is a lymph node at one visit and not at another.",
    why="A node is normal below 10 mm and measured by its short axis; the two readings can differ by a CR",
    cite="RECIST 1.1 sections 3.1.1 and 4.3.2",
    sentence="{now} here, {then} at {visit_} (row {row_}). Is it a lymph node?",
)
def node_flag_changed(e: Evidence) -> pd.DataFrame:
    at, first = _change(e, e.node.astype(np.int64))
    word = np.array(["not a lymph node", "a lymph node"])
    is_node: Any = e.node.astype(int)
    return hits(
        at, now=word[is_node[at]], then=word[is_node[first]], visit_=e.text("visit", first), row_=first + 2
    )


@finding(
    id="split-without-parent",
    severity="warning",
    place="lesion",
    meaning="The identifier looks like a fragment of another lesion, but no parent is named.",
    why="The fragments of a split lesion are added up in its place; without the parent they look like new "
    "ones",
    cite="RECIST 1.1 Appendix III; CDISC disease response supplement (T04.1)",
    sentence="no parent named. Did it split from {base}?",
)
def split_without_parent(e: Evidence) -> pd.DataFrame:
    like, base = _looks_like_fragment(e)
    at = first_of(e.trail, like & ~e.new & (e.codes("parent") < 0))
    return hits(at, base=[base[code] for code in e.codes("lesion")[at]])


@finding(
    id="parent-unknown",
    severity="error",
    place="lesion",
    meaning="The parent of a fragment is not a lesion of baseline.",
    why="The fragment cannot take the place of a lesion that does not exist",
    cite="RECIST 1.1 Appendix III",
    sentence="split from {parent}, which has no baseline row. Which lesion did it split from?",
)
def parent_unknown(e: Evidence) -> pd.DataFrame:
    of_baseline = np.append(np.zeros(e.trail.max(initial=-1) + 1, bool), False)
    of_baseline[e.trail[e.baseline]] = True
    at = first_of(e.trail, (e.codes("parent") >= 0) & ~of_baseline[parent_trail(e)])
    return hits(at, parent=e.text("parent", at))


@finding(
    id="merged-into-nothing",
    severity="error",
    place="lesion",
    meaning="A merged lesion names no lesion, or none of this subject, that it merged with.",
    why="A merged lesion counts as 0 because the other one carries the size of both",
    cite="RECIST 1.1 Appendix III",
    sentence="merged, {partner}. Which lesion did it merge with?",
)
def merged_into_nothing(e: Evidence) -> pd.DataFrame:
    known = np.isin(_partner(e, e.series), _key(e, e.series, e.codes("lesion")))
    at = np.flatnonzero(e.state("merged") & ~known)
    named = e.text("merged_into", at)
    return hits(
        at, partner=[f"into {word}, which is not recorded" if word else "into no lesion" for word in named]
    )


@finding(
    id="merged-partner-not-measured",
    severity="error",
    place="lesion",
    meaning="The lesion that another merged into has no size at that visit.",
    why="The diameter of the conglomerate is booked on the partner; without it both are lost from the sum",
    cite="RECIST 1.1 Appendix III",
    sentence="merged into {partner}, which has no size at this visit. How large is the conglomerate?",
)
def merged_partner_not_measured(e: Evidence) -> pd.DataFrame:
    partner = _partner(e, e.series)
    known = np.isin(partner, _key(e, e.series, e.codes("lesion")))
    valued = e.sized | e.state("absent", "too small", "not evaluable", "not done", "merged")
    measured = np.isin(_partner(e, e.slot), _key(e, e.slot, e.codes("lesion"))[valued])
    at = np.flatnonzero(e.state("merged") & known & ~measured)
    return hits(at, partner=e.text("merged_into", at))


def _partner(e: Evidence, group: Ints) -> Ints:
    code = _lesion_code(e, e.words("merged_into"))[e.codes("merged_into")]
    return np.where(code >= 0, _key(e, group, code), -2)
