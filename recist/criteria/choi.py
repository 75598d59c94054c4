"""Choi criteria: a tumour responds when it shrinks by a tenth, or when its attenuation on CT falls by 15 %.

Choi H et al. Correlation of computed tomography and positron emission tomography in patients with metastatic
gastrointestinal stromal tumor treated at a single institution with imatinib mesylate: proposal of new computed tomography
response criteria. J Clin Oncol 2007;25:1753-9, doi:10.1200/JCO.2006.07.3049
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from recist.criteria import recist_1_1
from recist.criteria.base import ConventionCell, Criteria, FurtherColumns, doc
from recist.decision_table import DecisionTable
from recist.sums import change_percent, grew, hundredths
from recist.terms import EVALUATED, TARGET, YES_NO
from recist.wording import mm, signed

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
RESPONDS = ("none", "size", "attenuation", "both", "size or more", "unknown")  # the last two: no attenuation


@dataclass(frozen=True, kw_only=True, repr=False)
class ChoiCriteria(Criteria):
    """Size and attenuation of the targets; the conventions that the paper leaves open."""

    attenuation_pct: int = doc(
        15, "decrease of the mean attenuation from baseline that is PR, per cent", "Choi 2007"
    )
    choi_pd_reference: Literal["nadir", "baseline"] = doc(
        "nadir",
        "sum that an increase is counted from",
        "house: as RECIST; Choi 2007 compared one scan on treatment with the one before",
    )
    choi_unmeasured: Literal["NE", "by_size"] = doc(
        "NE",
        "target response when the attenuation is not known and the size does not show PR: not evaluable, or by size",
        "house",
    )


# The rows of RECIST 1.1 keep their ids; a row that says something else has one of its own.
TARGET_RESPONSE = DecisionTable(
    name="Target response by size and attenuation",
    where="Choi 2007",
    inputs={
        "at_baseline": YES_NO,  # were there target lesions at baseline?
        "evaluated": EVALUATED,  # how many of them have a size now?
        "gone": YES_NO,  # all non-nodal ones absent, all nodes normal?
        "returned": YES_NO,  # is a lesion back after complete response?
        "grew": YES_NO,  # sum: enough per cent above the reference?
        "responds": RESPONDS,  # which of size and attenuation has fallen by enough per cent below baseline?
        "held": YES_NO,  # does an earlier PR continue (convention sticky_pr)?
    },
    outputs={"target": TARGET},
    text="""
    rule   | at_baseline | evaluated    | gone | returned | grew | responds              | held | target | cite
    TL-NA  | N           | *            | *    | *        | *    | *                     | *    | NA     | RECIST 1.1 section 4.2: no measurable disease at baseline
    TL-NE0 | Y           | none         | *    | *        | *    | *                     | *    | NE     | RECIST 1.1 section 4.4.2: no imaging or measurement at all
    TL-PDr | Y           | some, scaled | *    | Y        | *    | *                     | *    | PD     | RECIST 1.1 Appendix III: lesion back after complete response
    CH.NEs | Y           | some, scaled | *    | N        | *    | *                     | *    | NE     | house: the attenuation of the missing lesions might be a response
    TL-CR  | Y           | all          | Y    | *        | *    | *                     | *    | CR     | complete response: all lesions gone
    TL-PDb | Y           | all          | N    | Y        | *    | *                     | *    | PD     | RECIST 1.1 Appendix III: lesion back after complete response
    CH.PD  | Y           | all          | N    | N        | Y    | none, size            | *    | PD     | progressive disease: 10 % larger and no partial response by attenuation
    CH.PRd | Y           | all          | N    | N        | Y    | attenuation, both     | *    | PR     | partial response by attenuation, which 10 % more in size do not undo
    CH.NEg | Y           | all          | N    | N        | Y    | unknown, size or more | *    | NE     | house: 10 % larger, and whether the attenuation responds is not known
    CH.PRs | Y           | all          | N    | N        | N    | size, size or more    | *    | PR     | partial response: 10 % smaller
    CH.PRa | Y           | all          | N    | N        | N    | attenuation           | *    | PR     | partial response: attenuation 15 % lower
    CH.PRb | Y           | all          | N    | N        | N    | both                  | *    | PR     | partial response: 10 % smaller and attenuation 15 % lower
    TL-PRh | Y           | all          | N    | N        | N    | none, unknown         | Y    | PR     | EORTC FAQ: once PR is assigned it continues until PD
    CH.SD  | Y           | all          | N    | N        | N    | none                  | N    | SD     | stable disease: neither response nor progression
    CH.NEa | Y           | all          | N    | N        | N    | unknown               | N    | NE     | house: whether the attenuation responds is not known
    """,
)


def attenuation(seen: Any) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Ints, Mask]:
    """Sums of the attenuation of the targets that are there, and of the same lesions at baseline; how many; known?

    One element per visit of the block, in hundredths of a Hounsfield unit.  Not known where a target that is there
    has no attenuation at the visit or at baseline.
    """
    block = seen.block
    hu = block.arrays.values("attenuation_hu", block.rows)
    rows = np.flatnonzero(
        block.is_target & ~block.missing_as_target & ((block.target_value > 0) | block.tiny)
    )
    base = hu[block.base_rows][block.lesion[rows]]
    lacking = np.isnan(hu[rows]) | np.isnan(base)
    visit, n = block.visit[rows], block.n_visits
    now, then = np.zeros(n, np.int64), np.zeros(n, np.int64)
    np.add.at(now, visit, hundredths(hu[rows]))
    np.add.at(then, visit, hundredths(base))
    count = np.bincount(visit, minlength=n)
    complete = np.bincount(visit[lacking], minlength=n) == 0
    return now, then, count, complete & (count > 0) & (then > 0) & seen.facts.any_valued


def size_and_attenuation(seen: Any, amounts: Any, asked: Any) -> Any:
    """The questions with `shrank` answered by size and attenuation: the code of RESPONDS."""
    criteria, grid = seen.criteria, seen.grid
    now, then, _, known_at = attenuation(seen)
    known = grid.spread(known_at, False)
    fell = grid.spread(100 * now <= (100 - criteria.attenuation_pct) * then, False)
    smaller = asked.shrank
    with_hu = np.where(fell, np.where(smaller, 3, 2), np.where(smaller, 1, 0))
    responds = np.where(known, with_hu, np.where(smaller, 4, 5)).astype(np.int8)
    if criteria.choi_pd_reference == "nadir":
        return replace(asked, shrank=responds)
    whole = np.where(amounts.scaled, amounts.total * amounts.nadir, amounts.total)
    larger = grew(whole, amounts.baseline[:, None], amounts.scale, criteria)
    return replace(asked, shrank=responds, grew=larger & asked.targets_at_baseline[:, None])


def attenuation_columns(seen: Any, asked: Any, course: Any) -> dict[str, Any]:
    """Mean attenuation now and, of the same lesions, at baseline, HU; and the change in per cent."""
    now, then, count, known = (values[seen.grid.visit] for values in attenuation(seen))
    number = np.where(known, count, 1) * 100.0
    here, before = (np.where(known, total / number, np.nan) for total in (now, then))
    return {
        "attenuation_hu": here,
        "baseline_attenuation_hu": before,
        "attenuation_change_pct": change_percent(here, before),
    }


def limit_lines(row: Any, criteria: Any) -> list[str]:
    """Size and attenuation against their limits, for an explanation."""
    if row.target == "NA" or np.isnan(row.baseline_mm):
        return []
    small = row.baseline_mm * (100 - criteria.pr_pct) / 100
    reference = row.nadir_mm if criteria.choi_pd_reference == "nadir" else row.baseline_mm
    large = max(reference * (100 + criteria.pd_pct) / 100, reference + criteria.pd_abs_mm)
    lines = [
        f"  PR by size needs a sum of {mm(small)} or less (baseline {mm(row.baseline_mm)} - {criteria.pr_pct} %).",
        f"  PD needs a sum of {mm(large)} or more ({criteria.choi_pd_reference} {mm(reference)} + {criteria.pd_pct} %) "
        "without PR by attenuation.",
    ]
    if np.isnan(row.attenuation_hu):
        return [
            *lines,
            "  Attenuation is not known for every target that is there, at this visit and at baseline.",
        ]
    low = row.baseline_attenuation_hu * (100 - criteria.attenuation_pct) / 100
    return [
        *lines,
        f"  PR by attenuation needs a mean of {low:.1f} HU or less (baseline {row.baseline_attenuation_hu:.1f} HU "
        f"- {criteria.attenuation_pct} %): it is {row.attenuation_hu:.1f} HU, {signed(row.attenuation_change_pct, '%')}.",
    ]


ATTENUATION = FurtherColumns(
    dictionary={
        "attenuation_hu": (
            "float64",
            "HU",
            "Mean attenuation of the targets that are there; missing when one lacks it.",
        ),
        "baseline_attenuation_hu": ("float64", "HU", "Mean attenuation of the same targets at baseline."),
        "attenuation_change_pct": ("float64", "%", "Change of the mean attenuation from baseline."),
    },
    terms={},
    compute=attenuation_columns,
)

CRITERIA = ChoiCriteria(
    **{f.name: getattr(recist_1_1.CRITERIA, f.name) for f in fields(recist_1_1.CRITERIA)}
    | {
        "name": "choi",
        "title": "Choi criteria",
        "citation": "Choi 2007, J Clin Oncol 25:1753-1759, doi:10.1200/JCO.2006.07.3049",
        "target": TARGET_RESPONSE,
        "needs": ("attenuation_hu",),
        "ask": size_and_attenuation,
        "further": ATTENUATION,
        "explain_target": limit_lines,
        "convention_cells": (
            *recist_1_1.CRITERIA.convention_cells,
            ConventionCell("choi_unmeasured", "by_size", "target", "CH.NEg", "PD"),
            ConventionCell("choi_unmeasured", "by_size", "target", "CH.NEa", "SD"),
        ),
        "pr_pct": 10,
        "pd_pct": 10,
        "pd_abs_mm": 0,
    }
)
