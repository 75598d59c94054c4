"""Findings about the choice of lesions at baseline: RECIST 1.1 sections 3.1 and 4.2."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recist.candidates import LIMITS, METHOD, method_codes, smallest_mm
from recist.findings.base import finding, hits
from recist.findings.evidence import Evidence, Ints, Mask, compact, first_of, mm
from recist.measurability import MEASURABILITY
from recist.organs import is_lymph_node

_SIZE_RULES = ("M.11", "M.12", "M.13")
_METHOD_RULES = ("M.7", "M.8")
_NEVER_RULES = ("M.1", "M.2", "M.9", "M.10")


def chosen(e: Evidence) -> Mask:
    """The first baseline row of every target lesion; fragments of split lesions are not chosen ones."""
    rows = np.zeros(len(e.lesions), bool)
    rows[first_of(e.trail, e.baseline & e.target & (e.codes("parent") < 0))] = True
    return rows


def organ_group(e: Evidence) -> Ints:
    """Number of the series and organ of each row."""
    return compact(e.series * (e.organ_code.max(initial=0) + 2) + e.organ_code)


def over_limit(group: Ints, rows: Mask, limit: int) -> tuple[Ints, Ints]:
    """Groups with more than `limit` of the given rows, and how many they have."""
    count = np.bincount(group[rows], minlength=1)
    groups = np.flatnonzero(count > limit)
    return groups, count[groups]


@finding(
    id="too-many-targets",
    severity="warning",
    place="visit",
    meaning="More target lesions at baseline than the criteria allow.",
    why="The sum would hold more lesions than other subjects' sums; the choice is the site's to correct",
    cite="RECIST 1.1 section 4.2",
    sentence="{n} target lesions ({lesions}); {criteria} allows {limit}. Which ones were selected as "
    "targets?",
)
def too_many_targets(e: Evidence) -> pd.DataFrame:
    rows = chosen(e)
    groups, n = over_limit(e.series, rows, e.criteria.max_targets)
    at = first_of(e.series, rows & np.isin(e.series, groups))
    order = e.series[at]
    count = dict(zip(groups.tolist(), n.tolist(), strict=True))
    return hits(
        at,
        n=[count[g] for g in order.tolist()],
        lesions=e.listed(e.series, rows, order),
        limit=e.criteria.max_targets,
    )


@finding(
    id="too-many-targets-in-organ",
    severity="warning",
    place="visit",
    meaning="More target lesions in one organ than allowed; paired organs and all lymph nodes are one organ.",
    why="One organ would dominate the sum",
    cite="RECIST 1.1 section 4.2; EORTC FAQ, paired organs",
    sentence="{n} target lesions in one organ, {organ} ({lesions}); {criteria} allows {limit} (paired organs "
    "and all "
    "lymph nodes count as one organ). Which ones were selected as targets?",
)
def too_many_in_organ(e: Evidence) -> pd.DataFrame:
    rows, group = chosen(e) & (e.organ_code >= 0), organ_group(e)
    groups, n = over_limit(group, rows, e.criteria.max_per_organ)
    at = first_of(group, rows & np.isin(group, groups))
    count = dict(zip(groups.tolist(), n.tolist(), strict=True))
    return hits(
        at,
        n=[count[g] for g in group[at].tolist()],
        organ=e.organ.iloc[at].to_list(),
        lesions=e.listed(group, rows, group[at]),
        limit=e.criteria.max_per_organ,
    )


def _limit(e: Evidence, at: Ints) -> dict[str, Any]:
    rows = e.lesions.iloc[at]
    slices = rows["slice_mm"].to_numpy(float) if e.has("slice_mm") else np.full(len(at), np.nan)
    thick = slices > LIMITS.thin_slice_mm
    scan = [
        f"by CT or MRI with slices of {s:g} mm" if t else "by CT or MRI"
        for s, t in zip(slices, thick, strict=True)
    ]
    how = np.select(
        [method_codes(rows) == METHOD.index("caliper"), method_codes(rows) == METHOD.index("chest X-ray")],
        ["with calipers", "on a chest X-ray"],
        np.array(scan, dtype=str),
    )
    return {"size": mm(e.diameter[at]), "limit": mm(smallest_mm(rows, e.criteria)), "how": list(how)}


@finding(
    id="target-too-small",
    severity="warning",
    place="lesion",
    meaning="A target lesion at baseline is below the measurable size of its method and slice thickness.",
    why="Below it the error of measurement is as large as the changes that decide a response",
    cite="RECIST 1.1 section 3.1.1 and Appendix II",
    sentence="{size}, recorded as a target; {criteria} asks for at least {limit} {how}. Is the size right, "
    "or "
    "should it be a non-target lesion?",
)
def target_too_small(e: Evidence) -> pd.DataFrame:
    at = np.flatnonzero(e.target & e.by_rule(*_SIZE_RULES) & (e.diameter > 0))
    return hits(at, **_limit(e, at))


@finding(
    id="target-node-too-small",
    severity="warning",
    place="lesion",
    meaning="A lymph node with a short axis from 10 to below 15 mm is recorded as a target.",
    why="Such a node is pathological but not measurable: it belongs to the non-targets",
    cite="RECIST 1.1 section 3.1.1",
    sentence="node with a short axis of {size}, recorded as a target; {criteria} asks for at least {limit}. "
    "Is the "
    "short axis right, or should it be a non-target lesion?",
)
def target_node_too_small(e: Evidence) -> pd.DataFrame:
    at = np.flatnonzero(e.target & e.by_rule("M.14"))
    return hits(at, size=mm(e.diameter[at]), limit=f"{e.criteria.node_target_min:g} mm")


@finding(
    id="normal-node-as-disease",
    severity="warning",
    place="lesion",
    meaning="A lymph node below the pathological size is recorded as disease at baseline.",
    why="Below 10 mm a node is normal; it is neither a target nor a non-target",
    cite="RECIST 1.1 section 3.1.1",
    sentence="node with a short axis of {size} at baseline, recorded as {role}; below {limit} a node is "
    "normal. Is "
    "the short axis right, and is this node disease?",
)
def normal_node(e: Evidence) -> pd.DataFrame:
    at = np.flatnonzero(e.by_rule("M.4"))
    limit = f"{e.criteria.node_normal_lt:g} mm"
    return hits(at, size=mm(e.diameter[at]), role=e.text("role", at), limit=limit)


@finding(
    id="method-does-not-measure",
    severity="warning",
    place="lesion",
    meaning="A target lesion was measured by a method that the criteria do not take sizes from.",
    why="Ultrasound, PET, bone scan, endoscopy and palpation give no reproducible size",
    cite="RECIST 1.1 section 4.1 and Appendix II",
    sentence="measured by {method}, from which {criteria} takes no size of such a lesion. Was it measured by "
    "CT or "
    "MRI as well?",
)
def method_does_not_measure(e: Evidence) -> pd.DataFrame:
    if not e.has("method"):
        return hits([], method=[])
    other = method_codes(e.lesions) == METHOD.index("other")
    at = np.flatnonzero(e.target & e.sized & (other | e.by_rule(*_METHOD_RULES)))
    return hits(at, method=e.text("method", at))


def _bone_described(e: Evidence) -> Mask:
    known = [e.lesions[name].notna().to_numpy() for name in ("bone_type", "soft_tissue") if e.has(name)]
    return np.asarray(np.logical_or.reduce([np.zeros(len(e.lesions), bool), *known]))


@finding(
    id="target-not-measurable",
    severity="warning",
    place="lesion",
    meaning="A target lesion is of a kind that is never measurable: effusion, blastic bone, irradiated "
    "before ...",
    why="Its size does not follow the tumour; it belongs to the non-targets or is no disease at all",
    cite="RECIST 1.1 sections 3.1.2 and 3.1.3",
    sentence="recorded as a target ({organ}), but not measurable: {reason}. Should it be a non-target "
    "lesion?",
)
def target_not_measurable(e: Evidence) -> pd.DataFrame:
    bone = e.by_rule("M.3") & _bone_described(e)
    at = np.flatnonzero(e.target & (e.by_rule(*_NEVER_RULES) | bone))
    reason = {rule["rule"]: rule["cite"].partition(": ")[2] for rule in MEASURABILITY.rules}
    rules = e.measurable["measurability_rule"].reindex(at).astype(str)
    return hits(at, organ=e.text("organ", at), reason=[reason[rule] for rule in rules])


@finding(
    id="bone-target",
    severity="note",
    place="lesion",
    meaning="A bone lesion is a target, and nothing says that it has a soft-tissue component.",
    why="Bone is measurable only by a soft-tissue component on CT or MRI; blastic bone never",
    cite="RECIST 1.1 section 3.1.3",
    sentence="bone lesion recorded as a target. Has it a soft-tissue component on CT or MRI, and is {size} "
    "its size?",
)
def bone_target(e: Evidence) -> pd.DataFrame:
    at = np.flatnonzero(e.target & e.by_rule("M.3") & ~_bone_described(e) & e.sized)
    return hits(at, size=mm(e.diameter[at]))


@finding(
    id="measurable-non-target",
    severity="note",
    place="lesion",
    meaning="A measurable lesion is a non-target although the limits leave room for another target.",
    why="All measurable lesions up to the limits are to be targets",
    cite="RECIST 1.1 section 4.2",
    sentence="{size} and measurable, recorded as a non-target while there are {n} targets, {k} of them in "
    "{organ}. "
    "Should it be a target?",
)
def measurable_non_target(e: Evidence) -> pd.DataFrame:
    rows, group = chosen(e), organ_group(e)
    in_all = np.bincount(e.series[rows], minlength=e.series.max(initial=-1) + 1)[e.series]
    in_organ = np.bincount(group[rows], minlength=group.max(initial=-1) + 1)[group]
    room = (in_all < e.criteria.max_targets) & (in_organ < e.criteria.max_per_organ) & (e.organ_code >= 0)
    free = e.non_target & e.by_rule("M.16", "M.17", "M.18", "M.19") & room
    at = first_of(e.trail, free)
    organ = e.organ.iloc[at].to_list()
    return hits(at, size=mm(e.diameter[at]), n=in_all[at], k=in_organ[at], organ=organ)


@finding(
    id="organ-missing",
    severity="warning",
    place="lesion",
    meaning="A target or non-target lesion has no organ at baseline.",
    why="The number of targets per organ cannot be checked, nor whether a bone or a node was measured",
    cite="RECIST 1.1 section 4.2",
    sentence="no organ recorded at baseline. Where is the lesion?",
)
def organ_missing(e: Evidence) -> pd.DataFrame:
    return hits(e.baseline & (e.target | e.non_target) & (e.codes("organ") < 0))


@finding(
    id="node-not-flagged",
    severity="warning",
    place="lesion",
    meaning="The organ says lymph node, but the lesion is not marked as one.",
    why="A node is measured by its short axis, counts from 15 mm, and below 10 mm is normal: a CR may be "
    "missed",
    cite="RECIST 1.1 section 3.1.1",
    sentence="organ {organ}, but not marked as a lymph node. Is it one, and is the size its short axis?",
)
def node_not_flagged(e: Evidence) -> pd.DataFrame:
    at = first_of(e.trail, is_lymph_node(e.lesions["organ"]) & ~e.node)
    return hits(at, organ=e.text("organ", at))
