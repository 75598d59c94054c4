"""The conventions of change from baseline and of deterioration, each with its meaning and its source.

Anota and others, Qual Life Res 2015; 24: 5-18; Cocks and others, J Patient Rep Outcomes 2024; 8: 150 (how trials
define time to deterioration); docs/decisions/0701.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Literal, get_args, get_origin, get_type_hints

from survival.fact_rules import FactRules, doc
from survival.facts import RESPONSE_DATES
from survival.qlq_c30.scales import scale_of
from survival.readings import EndpointError


@dataclass(frozen=True, kw_only=True)
class DeteriorationRules(FactRules):
    """The settings of time to deterioration of one scale."""

    scale: str = doc("QL2", "scale whose deterioration counts", "protocol")
    points: float = doc(
        10.0,
        "a score that is worse than the reference by at least so many points is a deterioration: lower for "
        "functions and global health status, higher for symptoms",
        "Osoba 1998, J Clin Oncol 16:139",
    )
    baseline_rule: Literal[
        "on_or_before_start", "before_start", "on_or_before_first_dose", "first_assessment"
    ] = doc(
        "on_or_before_start",
        "baseline is the last score on or before the start date; strictly before it; on or before the first "
        "dose (the start where there is none); or the first score of all",
        "protocol; docs/decisions/0701",
    )
    reference: Literal["baseline", "best_previous"] = doc(
        "baseline",
        "what a score is compared with: baseline, or the best score up to then",
        "Anota 2015 (both); Charton 2020: baseline in 31 of 39 trials",
    )
    confirmation: Literal["next_available", "next_assessment", "every_later", "none"] = doc(
        "next_available",
        "a deterioration holds when the next assessment with a score is worse too; when the next assessment "
        "of all is; when every later score is, and there is one; or by itself",
        "protocol; Anota 2015; docs/decisions/0701",
    )
    last_unconfirmed: Literal["censored", "event", "event_if_died"] = doc(
        "censored",
        "a deterioration at the last assessment, which nothing can confirm: no event; an event; an event if "
        "the subject died after it",
        "protocol; docs/decisions/0701",
    )
    death: Literal["censored", "event", "event_within_gap"] = doc(
        "censored",
        "death without deterioration: censored at the last score; an event; an event if no more than "
        "max_gap_days after the last score, or the start",
        "Anota 2015 (with and without death as event)",
    )
    new_therapy: Literal["ignored", "censored"] = doc(
        "ignored",
        "new anticancer therapy before deterioration: plays no part, or censors at the last score up to it",
        "protocol (treatment policy, or while on treatment: ICH E9(R1))",
    )

    def __post_init__(self) -> None:
        """An unknown scale, convention or threshold is refused here, by name."""
        super().__post_init__()
        scale_of(self.scale)
        if of_tumour := [name for name in self.start if name in ("progression_date", *RESPONSE_DATES)]:
            raise EndpointError(
                f"start: {of_tumour[0]} is a date of tumour response; name one of the subject table"
            )
        if not self.points > 0:
            raise EndpointError(f"points is {self.points}; a deterioration is of more than 0 points")
        for name, kind in conventions().items():
            if (word := getattr(self, name)) not in kind:
                raise EndpointError(f"{name} is {word!r}; it is one of {', '.join(kind)}")


@cache
def conventions() -> dict[str, tuple[str, ...]]:
    """The settings that take one of a few words, with these words."""
    hints = get_type_hints(DeteriorationRules)
    own = [f.name for f in fields(DeteriorationRules) if f.name in DeteriorationRules.__annotations__]
    return {name: get_args(hints[name]) for name in own if get_origin(hints[name]) is Literal}
