"""What a classification of leukaemia response is: limits and conventions as named fields, and its tables."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

from recist.criteria.base import ConventionCell, doc
from recist.decision_table import DecisionTable

ELN22 = "ELN 2022, response table"


@dataclass(frozen=True, kw_only=True)
class LeukaemiaCriteria:
    """Limits, conventions and tables of a classification; a variant is `dataclasses.replace` on a value."""

    name: str
    title: str
    citation: str
    response: DecisionTable
    mrd: DecisionTable
    course: DecisionTable
    convention_cells: tuple[ConventionCell, ...] = ()
    remission_blasts_lt: float = doc(5, "remission: marrow blasts below this, %", ELN22)
    pr_blasts_max: float = doc(25, "partial remission: marrow blasts at most this, %", ELN22)
    pr_fall_pct: int = doc(
        50, "partial remission: fall of marrow blasts from before treatment by at least this, %", ELN22
    )
    neutrophils_cr: float = doc(1.0, "neutrophils of complete remission, 10^9/L", ELN22)
    platelets_cr: float = doc(100, "platelets of complete remission, 10^9/L", ELN22)
    counts_reach: Literal["at_least", "more_than"] = doc(
        "at_least", "whether a count equal to a limit of complete remission has recovered", ELN22
    )
    neutrophils_crh: float = doc(0.5, "neutrophils of partial haematologic recovery, 10^9/L", ELN22)
    platelets_crh: float = doc(50, "platelets of partial haematologic recovery, 10^9/L", ELN22)
    crh: Literal["used", "not_used"] = doc(
        "used", "whether partial haematologic recovery is a category of its own, taken out of CRi", ELN22
    )
    cri_rule: Literal["one_recovered", "any"] = doc(
        "one_recovered",
        "incomplete recovery: one of neutrophils and platelets has recovered, or neither need have",
        "docs/decisions/0501",
    )
    aplastic_marrow: Literal["NE", "NR"] = doc(
        "NE",
        "response of a merely aplastic marrow without blasts and without recovered counts",
        "docs/decisions/0502",
    )
    min_cells: int = doc(200, "cells counted in an aspirate that is not merely aplastic", ELN22)
    min_cellularity_pct: float = doc(10, "cellularity of a biopsy that is not merely aplastic, %", ELN22)
    spicules: Literal["asked", "not_asked"] = doc(
        "asked", "whether an aspirate recorded as without spicules is inadequate for MLFS", ELN22
    )
    transfusions: Literal["ignored", "red_cells", "platelets", "both"] = doc(
        "ignored",
        "transfusions that keep a count from having recovered: none, of red cells, of platelets, of either",
        "docs/decisions/0503",
    )
    mrd_limit_pct: float = doc(
        0.1, "residual disease below this level is negative, %", "the protocol's; docs/decisions/0504"
    )
    mrd_reading: Literal["result", "level"] = doc(
        "result", "what decides where a reported result and a level are both there", "docs/decisions/0504"
    )
    mrd_failure_pct: float | None = doc(
        None, "residual disease at or above this level is no remission, %; None: not asked", "ELN-ALL 2024"
    )
    relapse_blasts_min: float = doc(5, "relapse: marrow blasts at or above this, %", ELN22)
    relapse_in_blood: Literal["two_samples", "any"] = doc(
        "two_samples",
        "relapse by blasts in the blood: two samples with them, or any one",
        "docs/decisions/0505",
    )
    relapse_sample_days: int = doc(
        7, "days at least between the two blood samples with blasts", "docs/decisions/0505"
    )
    after_relapse: Literal["until_remission", "carry"] = doc(
        "until_remission",
        "assessments after relapse: relapse until a new remission, or for good",
        "house; docs/decisions/0506",
    )
    landmark_days: int | None = doc(
        None,
        "from this day on no response is refractory disease; None: where start has landmark_date",
        "ELN 2022, response table: the protocol's",
    )
    min_remission_days: int = doc(
        0, "a remission that relapse ends sooner is not counted as best response, days", "ELN-ALL 2024: none"
    )

    def conventions(self) -> dict[str, Any]:
        """Field -> value for everything that can be edited, in the order of the definition."""
        return {f.name: getattr(self, f.name) for f in fields(self) if "sentence" in f.metadata}

    def in_force(self, table: str) -> DecisionTable:
        """One of the tables with the cells that this value's conventions change."""
        result: DecisionTable = getattr(self, table)
        for cell in self.convention_cells:
            if cell.table == table and getattr(self, cell.convention) == cell.value:
                result = result.edit(cell.rule, **{next(iter(result.outputs)): cell.outcome})
        return result

    @property
    def label(self) -> str:
        """The name, with every field that differs from the published one: `aml_eln2022[cri_rule=any]`."""
        from recist.leukaemia.criteria import label_of

        return label_of(self)
