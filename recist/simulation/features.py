"""What a simulated trial may have beside its scans: each value is one concern, and none means without it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Necrosis:
    """Liver tumours lose arterial enhancement: shares of tumours with it, by what the diameters do.

    A responding tumour necroses nearly always; `stable` is the share of the others that lose most of their
    enhancement while the diameter hardly changes, as after embolisation.
    """

    stable: float = 0.3
    per_day: float = 0.03  # speed of the loss
    regrowth_per_day: float = 0.012  # speed of its return once the tumour resists
    typical_new: float = 0.75  # new liver nodules with arterial uptake and washout


@dataclass(frozen=True, kw_only=True)
class BeyondProgression:
    """Treatment and imaging beyond the first progression, and progression that is none."""

    pseudo: tuple[float, ...]  # share of subjects with a passing swelling, one per group
    swelling: tuple[float, float] = (0.85, 1.2)  # of the baseline diameters, at its height
    peak_day: float = 54.0
    width_days: float = 20.0
    with_new_lesion: float = 0.4  # of the pseudo-progressions: a new lesion that vanishes again
    scans: tuple[float, ...] = (0.25, 0.35, 0.25, 0.15)  # share of subjects with 0, 1, 2 ... further scans


@dataclass(frozen=True, kw_only=True)
class Questionnaires:
    """The EORTC QLQ-C30: how often it is filled in, and when quality of life really falls."""

    every_weeks: int = 8
    to_deterioration: tuple[float, ...] = (300.0, 190.0)  # median days, one per group
    missing_form: float = 0.07
    missing_item: float = 0.015
    passing: float = 0.05  # forms filled in on a bad day that does not last
    wrong_answer: float = 0.01  # answers one step beside what is true


@dataclass(frozen=True, kw_only=True)
class Manufacturing:
    """A product made for each subject: what can go wrong between harvest and infusion."""

    failure: float = 0.07
    delay: float = 0.11
    delay_days: tuple[int, int] = (10, 35)
    not_treated: float = 0.06  # worsened, died or withdrew while the product was made
    harvest_days: tuple[int, int] = (1, 7)  # after enrolment


@dataclass(frozen=True, kw_only=True)
class AdverseEvents:
    """Which events can happen (`recist.simulation.adverse.PROFILES`) and for how long they are recorded."""

    profile: str
    days: int | None = None  # from the first dose; None: until the end of participation
