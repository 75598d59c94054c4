"""Spellings that sites and vendors use, and the one word of ours that each stands for.

A spelling is compared without case, and with hyphens, underscores, slashes and runs of blanks as one blank.
"""

from __future__ import annotations

import re

from recist.terms import ROLE, STATE

MISSING = frozenset({"", "na", "n/a", ".", "nan", "<na>", "nat", "null"})  # what csv writers put for nothing
FLAG = {
    **dict.fromkeys(("y", "yes", "true", "t", "1", "1.0"), True),
    **dict.fromkeys(("n", "no", "false", "f", "0", "0.0"), False),
}

_ROLE = {
    "target": "t, tl, target lesion, targets",
    "non-target": "nt, ntl, nontarget, non target lesion, nontarget lesion, non targets",
    "new": "n, nl, new lesion, newlesion",
    "new target": "nlt, newtarget, new lesion target, new target lesion",
    "new non-target": "nlnt, new nontarget, newnontarget, new lesion non target, new non target lesion",
}
_STATE = {
    "measured": "measurable, measurement done",
    "absent": "disappeared, resolved, gone, not present, complete disappearance, cr, complete response",
    "too small": "tstm, too small to measure, toosmall, tsm, below measurable limit",
    "not evaluable": "ne, non evaluable, unevaluable, inevaluable, not assessable, not evaluated",
    "not done": "nd, notdone, not assessed, not imaged, not performed, missed, missing",
    "merged": "coalesced, tumor merged, tumour merged, lesion merged, confluent",
    "present": "stable, unchanged, persistent, persisting, decreased, non cr non pd, still present",
    "increased": "increase, enlarged, larger, worse, worsened, equivocal progression",
    "unequivocal progression": "pd, progression, progressive disease, unequivocal pd, unequivocal increase",
    "unequivocal": "definite, unequivocal new lesion",
    "equivocal": "suspected, uncertain, possible, equivocal new lesion",
    "not new": "notnew, preexisting, pre existing",
}


def plain(text: str) -> str:
    """The text as spellings are compared: `NON_TARGET ` and `Non-Target` are both `non target`."""
    return re.sub(r"[\s_/\-–—]+", " ", text.strip()).strip().casefold()


def _table(words: tuple[str, ...], spellings: dict[str, str]) -> dict[str, str]:
    own = {plain(word): word for word in words}
    return own | {plain(s): word for word, given in spellings.items() for s in given.split(",")}


METHOD_SPELLINGS = {
    **dict.fromkeys(("ct scan", "computed tomography", "spiral ct", "helical ct", "ct with contrast"), "CT"),
    **dict.fromkeys(("mri scan", "mr", "mri with contrast", "magnetic resonance imaging"), "MRI"),
    **dict.fromkeys(("x ray", "xray", "chest x ray", "chest xray"), "XRAY"),
    **dict.fromkeys(("fdg pet", "pet scan", "pet", "fdg pet scan"), "FDG-PET"),
    **dict.fromkeys(("calipers", "caliper"), "CALIPER"),
}
ROLE_SPELLINGS = _table(ROLE, _ROLE)
STATE_SPELLINGS = _table(STATE, _STATE)
