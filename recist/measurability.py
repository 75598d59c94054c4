"""Which lesions are measurable at baseline, and which of them one would choose as targets.

RECIST 1.1 (Eisenhauer 2009, Eur J Cancer 45:228) sections 3.1 and 4.2; EORTC RECIST FAQ "Paired organs".
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.candidates import (
    KIND,
    METHOD,
    SIZE,
    Flags,
    column,
    flag,
    kind_codes,
    matches,
    method_codes,
    size_codes,
)
from recist.criteria import Criteria, get_criteria
from recist.decision_table import DecisionTable
from recist.errors import LesionError
from recist.organs import organ_key

_CYSTIC = re.compile("META|MALIG|CYSTIC")
VERDICT = ("MEASURABLE", "NON-MEASURABLE", "NORMAL", "NOT DISEASE")

MEASURABILITY = DecisionTable(
    name="measurability at baseline",
    where="Eisenhauer 2009, section 3.1",
    inputs={"kind": KIND, "method": METHOD, "size": SIZE, "treated": ("N", "Y")},
    outputs={"measurability": VERDICT},
    text="""
rule | kind                                   | method        | size       | treated | measurability  | cite
M.1  | simple cyst                            | *             | *          | *       | NOT DISEASE    | 3.1.3: a simple cyst is not a malignant lesion
M.2  | diffuse                                | *             | *          | *       | NON-MEASURABLE | 3.1.2: truly non-measurable (leptomeningeal disease, ascites, effusion, inflammatory breast disease, lymphangitic spread, mass by palpation only)
M.3  | bone                                   | *             | *          | *       | NON-MEASURABLE | 3.1.3: bone without a soft-tissue component on CT or MRI, and blastic bone
M.4  | node                                   | *             | normal     | *       | NORMAL         | 3.1.1: a node with a short axis below 10 mm is normal and not recorded
M.5  | node                                   | other         | not normal | *       | NON-MEASURABLE | 4.1: ultrasound, PET, bone scan, endoscopy and palpation do not measure
M.6  | mass, lung mass, bone with soft tissue | other         | *          | *       | NON-MEASURABLE | 4.1: ultrasound, PET, bone scan, endoscopy and palpation do not measure
M.7  | node                                   | caliper, chest X-ray | not normal | * | NON-MEASURABLE | 3.1.1: the short axis of a node is assessed by CT (or MRI)
M.8  | mass, bone with soft tissue            | chest X-ray   | *          | *       | NON-MEASURABLE | 4.1: a chest X-ray measures only what aerated lung surrounds
M.9  | node                                   | CT or MRI     | not normal | Y       | NON-MEASURABLE | 3.1.3: previously irradiated or locally treated, no progression of it shown since
M.10 | mass, lung mass, bone with soft tissue | not other | *      | Y       | NON-MEASURABLE | 3.1.3: previously irradiated or locally treated, no progression of it shown since
M.11 | mass, lung mass, bone with soft tissue | CT or MRI     | not reached | N      | NON-MEASURABLE | 3.1.1: CT and MRI, 10 mm; slices above 5 mm, twice the slice thickness
M.12 | mass, lung mass, bone with soft tissue | caliper       | not reached | N      | NON-MEASURABLE | 3.1.1: calipers, 10 mm
M.13 | lung mass                              | chest X-ray   | not reached | N      | NON-MEASURABLE | 3.1.1: chest X-ray, 20 mm
M.14 | node                                   | CT or MRI     | below      | N       | NON-MEASURABLE | 3.1.1: a node of 10 to less than 15 mm is pathological and not measurable
M.15 | node                                   | CT or MRI     | unknown    | N       | NON-MEASURABLE | 3.1.1: no short axis recorded
M.16 | mass, lung mass, bone with soft tissue | CT or MRI     | reached    | N       | MEASURABLE     | 3.1.1: CT and MRI
M.17 | mass, lung mass, bone with soft tissue | caliper       | reached    | N       | MEASURABLE     | 3.1.1: superficial lesion measured with calipers
M.18 | lung mass                              | chest X-ray   | reached    | N       | MEASURABLE     | 3.1.1: chest X-ray, surrounded by aerated lung
M.19 | node                                   | CT or MRI     | reached    | N       | MEASURABLE     | 3.1.1: short axis of 15 mm or more
""",  # noqa: E501
)

SELECTION = DecisionTable(
    name="choice of targets",
    where="Eisenhauer 2009, section 4.2",
    inputs={"measurability": VERDICT, "in_organ": ("within", "beyond"), "in_all": ("within", "beyond")},
    outputs={"role": ("TARGET", "NON-TARGET", "NOT RECORDED")},
    text="""
rule | measurability       | in_organ | in_all | role         | cite
S.1  | MEASURABLE          | within   | within | TARGET       | 4.2: the largest, over all organs involved, at most 2 per organ and 5 in all
S.2  | MEASURABLE          | beyond   | *      | NON-TARGET   | 4.2: at most 2 per organ; paired organs and all lymph nodes are one organ each (FAQ)
S.3  | MEASURABLE          | within   | beyond | NON-TARGET   | 4.2: at most 5 in all
S.4  | NON-MEASURABLE      | *        | *      | NON-TARGET   | 4.2: all other lesions are non-target lesions
S.5  | NORMAL, NOT DISEASE | *        | *      | NOT RECORDED | 3.1.1 and 3.1.3: not disease
""",  # noqa: E501
)


def measurability(candidates: pd.DataFrame, criteria: str | Criteria = "recist_1_1") -> pd.DataFrame:
    """Whether each lesion found at baseline is measurable, and by which rule.

    Parameters
    ----------
    candidates : DataFrame
        One row per lesion.  Needed: `diameter_mm` (mm; short axis of a node).  Used when there: `organ`,
        `node`, `method` (blank is read as CT or MRI), `slice_mm` (mm), `bone_type` (lytic, mixed, blastic),
        `soft_tissue`, `prior_rt`, `progressed_after_rt`, `cyst` (simple, metastatic), `kind` (effusion,
        leptomeningeal, ascites ...), `superficial` (calipers measure nothing else).
    criteria : str or Criteria
        Whose limits for nodes count.

    Returns
    -------
    DataFrame
        Same index: `measurability` (MEASURABLE, NON-MEASURABLE, NORMAL, NOT DISEASE) and
        `measurability_rule` (id of the row of the table MEASURABILITY), both categories.

    Raises
    ------
    LesionError
        When there is no column `diameter_mm`.

    Notes
    -----
    Eisenhauer 2009, section 3.1.

    Examples
    --------
    >>> import pandas as pd
    >>> liver = pd.DataFrame({"organ": "LIVER", "diameter_mm": [14.0, 15.0], "method": "CT", "slice_mm": 7.5})
    >>> list(measurability(liver)["measurability"])
    ['NON-MEASURABLE', 'MEASURABLE']
    """
    if "diameter_mm" not in candidates:
        raise LesionError(
            "The candidate lesions have no column diameter_mm; add it (mm, short axis of a node)."
        )
    limits = get_criteria(criteria)
    treated = flag(candidates, "prior_rt") & ~flag(candidates, "progressed_after_rt")
    rule: Any = MEASURABILITY.decide(
        kind_codes(candidates), method_codes(candidates), size_codes(candidates, limits), treated.astype(int)
    )
    return pd.DataFrame(
        {
            "measurability": _words(MEASURABILITY.outcome("measurability", rule), VERDICT),
            "measurability_rule": _words(rule, MEASURABILITY.ids()),
        },
        index=candidates.index,
    )


def select_targets(candidates: pd.DataFrame, criteria: str | Criteria = "recist_1_1") -> pd.DataFrame:
    """The targets one would choose: for laying beside a site's choice, never for replacing it.

    The largest measurable lesion of every organ comes first, then the second of every organ; a cystic
    metastasis comes after all solid lesions (section 3.1.3).

    Parameters
    ----------
    candidates : DataFrame
        As for `measurability`; rows are chosen within `subject` and `evaluator` when these are there.
    criteria : str or Criteria
        Whose limits count: `max_targets`, `max_per_organ` and those of nodes.

    Returns
    -------
    DataFrame
        Same index: `role` (TARGET, NON-TARGET, NOT RECORDED), `role_rule` (row of the table SELECTION),
        `measurability` and `measurability_rule`.

    Raises
    ------
    LesionError
        When there is no column `diameter_mm`.

    Notes
    -----
    Eisenhauer 2009, section 4.2.

    Examples
    --------
    >>> import pandas as pd
    >>> lung = pd.DataFrame({"organ": ["LUNG LEFT", "LUNG", "LUNG RIGHT"], "diameter_mm": [30.0, 20.0, 25.0]})
    >>> list(select_targets(lung)["role"])
    ['TARGET', 'NON-TARGET', 'TARGET']
    """
    limits = get_criteria(criteria)
    found = measurability(candidates, limits)
    usable = np.asarray(found["measurability"] == "MEASURABLE")
    in_organ, in_all = _places(candidates, usable, limits.max_per_organ)
    rule = SELECTION.decide(
        found["measurability"].cat.codes, in_organ >= limits.max_per_organ, in_all >= limits.max_targets
    )
    role = pd.DataFrame(
        {
            "role": _words(SELECTION.outcome("role", rule), SELECTION.outputs["role"]),
            "role_rule": _words(rule, SELECTION.ids()),
        },
        index=candidates.index,
    )
    return pd.concat([role, found], axis=1)


def _places(candidates: pd.DataFrame, usable: Flags, per_organ: int) -> tuple[npt.NDArray[Any], ...]:
    """Place of each measurable lesion in its organ and in its subject, both counted from 0."""
    owner = [name for name in ("subject", "evaluator") if name in candidates]
    work = candidates[owner].astype(str).reset_index(drop=True)
    work["organ"] = organ_key(column(candidates, "organ"), flag(candidates, "node")).cat.codes.to_numpy()
    work["usable"] = usable
    work["cystic"] = matches(candidates, "cyst", _CYSTIC)
    work["smaller"] = -candidates["diameter_mm"].to_numpy(float)
    work = work.sort_values(["cystic", "smaller"], kind="stable")
    work["in_organ"] = work.groupby([*owner, "organ", "usable"]).cumcount()
    work["fits"] = work["usable"] & (work["in_organ"] < per_organ)  # only these compete for the places in all
    work = work.sort_values(["cystic", "in_organ", "smaller"], kind="stable")
    work["in_all"] = work.groupby([*owner, "fits"]).cumcount()
    work = work.sort_index()
    return work["in_organ"].to_numpy(), work["in_all"].to_numpy()


def _words(codes: Any, words: tuple[str, ...]) -> Any:
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(words)))
