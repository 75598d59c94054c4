"""iRECIST: RECIST 1.1 beside a walk in which progression counts only once it is confirmed.

Seymour L et al. iRECIST: guidelines for response criteria for use in trials testing immunotherapeutics.
Lancet Oncol 2017;18:e143-52, doi:10.1016/S1470-2045(17)30074-8
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from recist.criteria import recist_1_1
from recist.criteria.base import ConfirmedProgression, doc
from recist.decision_table import DecisionTable
from recist.immune_best_tables import IMMUNE_TABLES
from recist.terms import IRECIST, NON_TARGET, PROGRESSION, TARGET, YES_NO

FURTHER = ("no", "too early", "yes")  # is the progression of the pending iUPD confirmed by more?
LEAVE = ("no", "unknown", "yes")  # may the pending iUPD be left?  unknown: what drove it is not evaluated


@dataclass(frozen=True, kw_only=True, repr=False)
class ImmuneCriteria(ConfirmedProgression):
    """Criteria with confirmation of progression: the conventions that iRECIST leaves open."""

    i_early_exception: bool = doc(
        True,
        "an earlier scan confirms when done for new symptoms and showing a further new lesion",
        "EORTC FAQ",
    )
    i_increase_mm: float = doc(
        5, "further increase of a sum that confirms progression, mm", "Seymour 2017: at least 5 mm"
    )
    i_increase_ref: Literal["iupd", "min_since_iupd"] = doc(
        "iupd", "sum that the further increase of 5 mm is counted from", "EORTC FAQ: increases are additive"
    )
    i_reset_rule: Literal["pr_vs_baseline_wins", "nadir_strict"] = doc(
        "pr_vs_baseline_wins",
        "a sum that fell since the iUPD and meets PR against baseline is iPR although still PD against nadir, or not",
        "Seymour 2017, text against Table 2 row 5",
    )
    i_new_lesion_policy: Literal["faq_improvement", "strict_table2"] = doc(
        "faq_improvement",
        "when iUPD by new lesions that persist is left: once something improved, or never",
        "EORTC FAQ, scenarios B and F; Seymour 2017 Table 2",
    )


CONFIRMATION = DecisionTable(
    name="iRECIST response at a time point",
    where="iRECIST Table 2",
    inputs={
        "before": PROGRESSION,
        "target": TARGET,  # against nadir; PR by i_reset_rule where the sum fell back to PR
        "non_target": NON_TARGET,
        "new_lesion": YES_NO,  # one not seen before, or earlier ones that progress
        "standing": YES_NO,  # a new lesion of an earlier visit, or of this one, that is not known to be gone
        "further": FURTHER,
        "leave": LEAVE,
        "assessed": YES_NO,
    },
    outputs={"ioverall": IRECIST, "after": PROGRESSION, "anchor": ("keep", "here")},
    text="""
    rule  | before      | target | non_target        | new_lesion | standing | further   | leave   | assessed | ioverall         | after       | anchor | cite
    I.1   | none        | CR     | CR, NA            | N          | N        | *         | *       | *        | iCR              | none        | keep   | Table 2, row 1
    I.1s  | none        | CR     | CR, NA            | N          | Y        | *         | *       | *        | iPR              | none        | keep   | EORTC FAQ: iCR needs the new lesions gone too
    I.2   | none        | CR     | NON-CR/NON-PD, NE | N          | *        | *         | *       | *        | iPR              | none        | keep   | Table 2, row 2; RECIST 1.1 Table 1, row 3
    I.3   | none        | PR     | not PD            | N          | *        | *         | *       | *        | iPR              | none        | keep   | Table 2, row 3
    I.4   | none        | SD     | not PD            | N          | *        | *         | *       | *        | iSD              | none        | keep   | Table 2, row 4
    I.5   | none        | NE     | not PD            | N          | *        | *         | *       | *        | NE               | none        | keep   | RECIST 1.1 Table 1, row 6
    I.6   | none        | NA     | CR                | N          | N        | *         | *       | *        | iCR              | none        | keep   | RECIST 1.1 Table 2, row 1
    I.6s  | none        | NA     | CR                | N          | Y        | *         | *       | *        | NON-iCR/NON-iUPD | none        | keep   | EORTC FAQ: iCR needs the new lesions gone too
    I.7   | none        | NA     | NON-CR/NON-PD     | N          | *        | *         | *       | *        | NON-iCR/NON-iUPD | none        | keep   | RECIST 1.1 Table 2, row 2
    I.8   | none        | NA     | NE                | N          | *        | *         | *       | *        | NE               | none        | keep   | RECIST 1.1 Table 2, row 3
    I.Ha  | none        | NA     | NA                | N          | N        | *         | *       | Y        | NED              | none        | keep   | house: no disease at baseline, none now
    I.Hb  | none        | NA     | NA                | N          | Y        | *         | *       | Y        | NON-iCR/NON-iUPD | none        | keep   | house: no disease at baseline, a new lesion stands
    I.Hc  | none        | NA     | NA                | N          | *        | *         | *       | N        | NE               | none        | keep   | house: not imaged, or no baseline to compare with
    I.9   | none        | PD     | *                 | *          | *        | *         | *       | *        | iUPD             | unconfirmed | here   | Table 2, rows 7 to 9: no previous iUPD
    I.10  | none        | not PD | PD                | *          | *        | *         | *       | *        | iUPD             | unconfirmed | here   | Table 2, row 6: no previous iUPD
    I.11  | none        | not PD | not PD            | Y          | *        | *         | *       | *        | iUPD             | unconfirmed | here   | Table 2, row 10: no previous iUPD
    I.12  | unconfirmed | *      | *                 | *          | *        | yes       | *       | *        | iCPD             | confirmed   | keep   | Table 2, rows 5 to 10: further increase, another category, or another new lesion
    I.13  | unconfirmed | *      | *                 | *          | *        | too early | *       | *        | iUPD             | unconfirmed | keep   | EORTC FAQ: less than 4 weeks after the iUPD
    I.14  | unconfirmed | CR     | CR, NA            | N          | N        | no        | yes     | *        | iCR              | none        | keep   | Table 2, row 1: the bar is reset
    I.14s | unconfirmed | CR     | CR, NA            | N          | Y        | no        | yes     | *        | iPR              | none        | keep   | EORTC FAQ: iCR needs the new lesions gone too
    I.15  | unconfirmed | CR     | NON-CR/NON-PD, NE | N          | *        | no        | yes     | *        | iPR              | none        | keep   | Table 2, row 2: the bar is reset
    I.16  | unconfirmed | PR     | not PD            | N          | *        | no        | yes     | *        | iPR              | none        | keep   | Table 2, row 3: the bar is reset
    I.17  | unconfirmed | SD     | not PD            | N          | *        | no        | yes     | *        | iSD              | none        | keep   | Table 2, row 4: the bar is reset
    I.18  | unconfirmed | NA     | CR                | N          | N        | no        | yes     | *        | iCR              | none        | keep   | RECIST 1.1 Table 2, row 1; the bar is reset
    I.18s | unconfirmed | NA     | CR                | N          | Y        | no        | yes     | *        | NON-iCR/NON-iUPD | none        | keep   | EORTC FAQ: iCR needs the new lesions gone too
    I.19  | unconfirmed | NA     | NON-CR/NON-PD     | N          | *        | no        | yes     | *        | NON-iCR/NON-iUPD | none        | keep   | RECIST 1.1 Table 2, row 2; the bar is reset
    I.Hd  | unconfirmed | NA     | NA                | N          | N        | no        | yes     | Y        | NED              | none        | keep   | house: no disease at baseline, none now; the bar is reset
    I.He  | unconfirmed | NA     | NA                | N          | Y        | no        | yes     | Y        | NON-iCR/NON-iUPD | none        | keep   | house: no disease at baseline, a new lesion stands but improved
    I.20  | unconfirmed | not PD | not PD            | N          | *        | no        | unknown | *        | NE               | unconfirmed | keep   | EORTC FAQ: NE does not end the block
    I.20t | unconfirmed | NE     | not PD            | N          | *        | no        | yes     | *        | NE               | unconfirmed | keep   | EORTC FAQ: NE does not end the block
    I.20n | unconfirmed | NA     | NE                | N          | *        | no        | yes     | *        | NE               | unconfirmed | keep   | EORTC FAQ: NE does not end the block
    I.20h | unconfirmed | NA     | NA                | N          | *        | no        | yes     | N        | NE               | unconfirmed | keep   | EORTC FAQ: NE does not end the block
    I.21  | unconfirmed | not PD | not PD            | N          | *        | no        | no      | *        | iUPD             | unconfirmed | keep   | Table 2, row 10; EORTC FAQ scenario F: the new lesion stands and nothing improved
    I.22  | unconfirmed | PD     | *                 | *          | *        | no        | *       | *        | iUPD             | unconfirmed | keep   | Table 2, rows 5 and 7 to 9: not confirmed
    I.23  | unconfirmed | not PD | PD                | *          | *        | no        | *       | *        | iUPD             | unconfirmed | keep   | Table 2, row 6: not confirmed
    I.24  | unconfirmed | not PD | not PD            | Y          | *        | no        | *       | *        | iUPD             | unconfirmed | keep   | Table 2, row 10: not confirmed
    I.25  | confirmed   | *      | *                 | *          | *        | *         | *       | *        | iCPD             | confirmed   | keep   | Seymour 2017: later responses do not undo iCPD
    """,
)

CRITERIA = ImmuneCriteria(
    **{f.name: getattr(recist_1_1.CRITERIA, f.name) for f in fields(recist_1_1.CRITERIA)}
    | {
        "name": "irecist",
        "title": "iRECIST",
        "citation": "Seymour 2017, Lancet Oncol 18:e143-e152, doi:10.1016/S1470-2045(17)30074-8",
        "confirmation": CONFIRMATION,
        "tables": IMMUNE_TABLES,
    }
)
