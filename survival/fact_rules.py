"""The settings that facts about a subject depend on, each with its meaning and its source."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Literal, get_args, get_type_hints

from survival.readings import EndpointError


def doc(default: Any, sentence: str, cite: str) -> Any:
    """A field with its default, what it means, and where that is said."""
    return field(default=default, metadata={"sentence": sentence, "cite": cite})


@dataclass(frozen=True, kw_only=True)
class FactRules:
    """The settings that the facts depend on; every endpoint is such a value and more."""

    start: tuple[str, ...] = doc(
        ("randomization_date", "treatment_start_date"),
        "day 1: the first of these columns that is there",
        "FDA 2018, Appendix 3; single-arm trials have no randomisation",
    )
    events: tuple[str, ...] = doc(
        ("progression_date", "death_date"),
        "the dates whose earliest is the event",
        "FDA 2018, section III.B (definition of PFS)",
    )
    max_gap_days: int = doc(
        126,
        "two or more assessments were missed when more days than this lie between the last adequate one (or "
        "the start) and the event: twice the interval and both windows",
        "FDA 2018, Appendix 3 (more than one missed visit); 2 x 56 + 2 x 7",
    )
    later_gap_days: int | None = doc(
        None,
        "the gap that counts after a last adequate assessment on or after `later_gap_from_day`, where assessments "
        "become rarer; None: the same throughout",
        "FDA 2018, Appendix 3 (more than one missed visit); the schedule of the protocol",
    )
    later_gap_from_day: int = doc(
        0, "days after the start from which `later_gap_days` counts", "the schedule of the protocol"
    )
    progression: tuple[str, ...] = doc(
        ("PD",), "overall responses that are progression", "RECIST 1.1, Table 1"
    )
    progression_dated: Literal["first", "block_start", "confirmation"] = doc(
        "first",
        "date of progression: its first record; under iRECIST the first iUPD of the block that ends in iCPD, or the "
        "iCPD itself",
        "iRECIST (Seymour 2017): first iUPD; RECIST 1.1 has no blocks",
    )
    unconfirmed: Literal["as_criteria", "event", "no_event"] = doc(
        "as_criteria",
        "an iUPD that is neither confirmed nor cancelled: as the convention i_unconfirmed_is_event of the criteria has "
        "it, progression, or none",
        "iRECIST (Seymour 2017); iRECIST alone",
    )
    not_adequate: tuple[str, ...] = doc(
        ("NE",),
        "overall responses of an assessment that is not adequate",
        "FDA 2018, section III.B (analysis of PFS)",
    )
    nact_rule: Literal["on_or_before", "ignore"] = doc(
        "on_or_before",
        "responses that count: those that began no later than new anticancer therapy, or all of `best`",
        "FDA 2018, Appendix 3; as in the best-response rules",
    )
    claim_reasons: tuple[str, ...] = doc(
        (
            "PROGRESSIVE DISEASE",
            "DISEASE PROGRESSION",
            "PROGRESSION",
            "CLINICAL PROGRESSION",
            "SYMPTOMATIC DETERIORATION",
            "DISEASE RELAPSE",
        ),
        "values of discontinuation_reason that claim progression, capitals or not",
        "CDISC terminology NCOMPLT; FDA 2018, Appendix 3, Table C",
    )
    completion_reasons: tuple[str, ...] = doc(
        ("COMPLETED",),
        "values of discontinuation_reason that are no failure of treatment, capitals or not",
        "CDISC terminology NCOMPLT",
    )
    complete_response: tuple[str, ...] = doc(
        ("CR", "iCR"), "best responses that are complete", "RECIST 1.1, Table 1; iRECIST, Table 2"
    )
    stable_disease: tuple[str, ...] = doc(
        ("SD", "iSD"),
        "best responses that are stable disease; add NON-CR/NON-PD where the protocol counts it",
        "RECIST 1.1, section 4.6.3",
    )
    remission: tuple[str, ...] = doc(
        (),
        "overall responses that are remission; with any, the facts are those of `survival.leukaemia_facts`",
        "ELN 2022 (AML), Table 9",
    )
    landmark_days: int = doc(
        180,
        "day after the start by which remission must be reached, where subjects have no landmark_date",
        "ELN 2022 (AML), Table 9: 180 days for non-intensive therapy; the protocol's",
    )
    visit_interval_days: int = doc(
        56,
        "days between scheduled assessments, counted from the start",
        "protocol; FDA 2018, App. 3, Table B",
    )
    visit_window_days: int = doc(7, "days by which an assessment may miss its schedule", "protocol")
    columns: tuple[str, ...] = doc(
        (),
        "date columns of the subject table that are facts of the endpoint under their own names",
        "protocol",
    )
    followed: tuple[str, ...] = doc(
        (),
        "dates whose latest ends the follow-up of a subject without event; none: last contact of any kind",
        "protocol",
    )

    def __post_init__(self) -> None:
        """Settings that no subject could satisfy are refused here, by name; one word is a list of one."""
        for setting in fields(self):
            value = getattr(self, setting.name)
            if isinstance(value, str) and isinstance(setting.default, tuple):
                object.__setattr__(self, setting.name, (value,))
        hints = _types()
        for name in ("progression_dated", "unconfirmed", "nact_rule"):
            known = get_args(hints[name])
            if (value := getattr(self, name)) not in known:
                raise EndpointError(f"{name} is {value!r}; it is one of {', '.join(known)}")
        for name in ("max_gap_days", "landmark_days", "visit_interval_days", "visit_window_days"):
            if getattr(self, name) < (name == "visit_interval_days"):
                raise EndpointError(f"{name} is {getattr(self, name)}; it is a number of days, and positive")


@cache
def _types() -> dict[str, Any]:
    """Setting -> type; every endpoint asks for them."""
    return get_type_hints(FactRules)
