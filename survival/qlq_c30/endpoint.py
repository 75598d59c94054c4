"""An endpoint of deterioration: the settings of an endpoint, those of deterioration, and its own facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

import pandas as pd

from survival.endpoint import Endpoint
from survival.qlq_c30.facts import DETERIORATION_FACTS, deterioration_facts
from survival.qlq_c30.rules import DeteriorationRules
from survival.qlq_c30.scales import scale_of


@dataclass(frozen=True, kw_only=True)
class Deterioration(Endpoint, DeteriorationRules):
    """Time to deterioration of one scale of the QLQ-C30; another scale or convention is an edit.

    >>> from survival import TTD
    >>> TTD.of("PF2").name, replace(TTD, points=5).points
    ('TTD PF2', 5)
    """

    own_facts: ClassVar[Mapping[str, Any]] = DETERIORATION_FACTS

    def of(self, scale: str) -> Deterioration:
        """The same endpoint of another scale, named after it."""
        title = (
            f"{self.title.split(' of ')[0]} of {scale_of(scale).title[0].lower()}{scale_of(scale).title[1:]}"
        )
        name = self.name.removesuffix(f" {self.scale}")
        return replace(self, name=f"{name} {scale}", title=title, scale=scale)

    def facts(
        self, subjects: pd.DataFrame, responses: pd.DataFrame | None, best: pd.DataFrame | None
    ) -> pd.DataFrame:
        """The facts of `survival.qlq_c30.facts`; `responses` are the scores."""
        return deterioration_facts(subjects, responses, self)

    def __str__(self) -> str:
        """The table, and the conventions of deterioration below it."""
        own = [f.name for f in fields(DeteriorationRules) if f.name in DeteriorationRules.__annotations__]
        said = "; ".join(f"{name} {getattr(self, name)}" for name in own)
        return f"{super().__str__()}\n{said}"
