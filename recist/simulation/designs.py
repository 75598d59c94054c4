"""The named trials.  Size, arms and schedule follow their public registration; every rate is an assumption.

Registrations: ClinicalTrials.gov NCT07028008, NCT05361174, NCT05962450; hs_it101 is a single-arm TIL trial.
Orders of magnitude: TIL in melanoma ORR 31 %, median OS 14 months (Chesney 2022, JITC 10:e005755); TIL in
NSCLC ORR 21 % (Schoenfeld 2024, Cancer Discov 14:1389); HCC after a first line median PFS 3 to 7 months and
OS 11 to 20 months (Bruix 2017, Lancet 389:56; Abou-Alfa 2018, NEJM 379:54; Finn 2020, NEJM 382:1894).
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from recist.errors import InputError
from recist.simulation.design import Design, Disease, Group
from recist.simulation.features import (
    AdverseEvents,
    BeyondProgression,
    Manufacturing,
    Necrosis,
    Questionnaires,
)
from recist.simulation.leukaemia_course import LEUKAEMIA, LeukaemiaDesign

MELANOMA = Disease(
    "melanoma",
    target={"lung": 3, "lymph node": 3, "liver": 2, "soft tissue": 2, "adrenal gland": 0.5},
    non_target={"lung": 2, "lymph node": 2, "bone": 2, "soft tissue": 2, "liver": 1},
    new={"lung": 2, "liver": 2, "brain": 2, "lymph node": 2, "soft tissue": 2, "bone": 1},
)
NSCLC = Disease(
    "non-small-cell lung cancer",
    target={"lung": 5, "lymph node": 4, "liver": 1.5, "adrenal gland": 1.5},
    non_target={"pleura": 3, "bone": 3, "lymph node": 2, "lung": 2},
    new={"lung": 3, "brain": 3, "liver": 2, "bone": 2, "lymph node": 1},
)
HCC = Disease(
    "hepatocellular carcinoma",
    target={"liver": 12, "lung": 2, "lymph node": 1.5, "adrenal gland": 0.7, "peritoneum": 0.7},
    non_target={"liver": 4, "lung": 2, "bone": 1.5, "peritoneum": 1.5, "lymph node": 1},
    new={"liver": 6, "lung": 2, "bone": 1, "lymph node": 1, "peritoneum": 1},
)
TIL_MELANOMA = Group(
    "MELANOMA",
    1.0,
    MELANOMA,
    complete=0.08,
    partial=0.23,
    stable=0.31,
    response_lasts=420,
    stable_lasts=90,
    to_new_lesion=230,
    after_progression=270,
)
TIL_WEEKS = (6, 12, 18, 24, 36, 48, 60, 72, 84, 96, 108, 120, 132, 144, 156)

HS_IT101 = Design(
    name="hs_it101",
    title="Single arm, TIL therapy, advanced melanoma; investigator and independent review committee",
    registered="single arm, n = 10, imaging every 6 to 12 weeks, follow-up to 36 months",
    prefix="HSIT101",
    n_subjects=10,
    seed=20242,
    groups=(replace(TIL_MELANOMA, name="TIL"),),
    weeks=TIL_WEEKS,
    evaluators=("INVESTIGATOR", "INDEPENDENT REVIEW COMMITTEE"),
    scripted=("nodal_cr", "unconfirmed_pr", "pd_by_nadir"),
    first_enrollment="2021-06-07",
    accrual_days=420,
    follow_up_days=720,
    adverse_events=AdverseEvents(profile="til", days=365),
)
NCT07028008 = Design(
    name="nct07028008",
    title="Single arm, TIL therapy, refractory melanoma",
    registered="single arm, n = 9, follow-up to 60 months",
    prefix="NCT7028",
    n_subjects=9,
    seed=20245,
    groups=(replace(TIL_MELANOMA, name="TIL"),),
    weeks=(*TIL_WEEKS, 168, 180, 192, 204, 216, 228, 240, 260),
    scripted=("pr_kept_from_cr", "provable_pd", "equivocal_backdated"),
    first_enrollment="2019-09-02",
    accrual_days=365,
    follow_up_days=1100,
    target_counts=(0.02, 0.04, 0.08, 0.12, 0.14, 0.16, 0.16, 0.12, 0.09, 0.07),
    targets_per_organ=5,
    adverse_events=AdverseEvents(profile="til", days=183),
)
NCT05361174 = Design(
    name="nct05361174",
    title="Two cohorts, PD-1 knockout TIL, unresectable or metastatic melanoma and stage III or IV NSCLC",
    registered="phase 1/2, single arm, two cohorts, n = 53, infusion as start, investigator's reading",
    prefix="NCT5361",
    n_subjects=53,
    seed=20253,
    groups=(
        replace(TIL_MELANOMA, share=0.5),
        Group(
            "NSCLC",
            0.5,
            NSCLC,
            complete=0.04,
            partial=0.20,
            stable=0.38,
            response_lasts=300,
            after_progression=250,
        ),
    ),
    group_column="cohort",
    treatment="PD-1 KNOCKOUT TIL",
    block=6,
    weeks=TIL_WEEKS[:11],
    scripted=(
        "nodal_cr",
        "pd_by_nadir",
        "pr_kept_from_cr",
        "confirmed_pr",
        "unconfirmed_pr",
        "equivocal_backdated",
        "provable_pd",
        "too_small_nadir",
        "borderline_30",
        "reappearance",
        "therapy_before_response",
        "split_lesion",
    ),
    first_enrollment="2022-09-05",
    accrual_days=560,
    follow_up_days=400,
    manufacturing=Manufacturing(),
    adverse_events=AdverseEvents(profile="til"),
)
HCC_CONTROL = Group(
    "CONTROL",
    0.5,
    HCC,
    complete=0.02,
    partial=0.12,
    stable=0.44,
    response_lasts=200,
    stable_lasts=100,
    growth_per_day=0.0042,
    to_new_lesion=210,
    after_progression=270,
    to_unrelated_death=2400,
)
NCT05962450 = Design(
    name="nct05962450",
    title="Randomised 1:1, open label, hepatocellular carcinoma; two masked radiologists",
    registered="randomised 1:1, n = 84, block randomisation, imaging every 8 weeks",
    prefix="NCT5962",
    n_subjects=84,
    seed=20249,
    groups=(
        replace(
            HCC_CONTROL,
            name="EXPERIMENTAL",
            complete=0.06,
            partial=0.28,
            stable=0.42,
            response_lasts=320,
            stable_lasts=160,
            after_progression=330,
        ),
        HCC_CONTROL,
    ),
    randomised=True,
    weeks=tuple(range(8, 105, 8)),
    evaluators=("READER 1", "READER 2"),
    untreated=0.02,
    scripted=(
        "nodal_cr",
        "pd_by_nadir",
        "pr_kept_from_cr",
        "confirmed_pr",
        "unconfirmed_pr",
        "equivocal_backdated",
        "equivocal_gone",
        "provable_pd",
        "partial_sum",
        "too_small_nadir",
        "borderline_30",
        "merged_lesions",
        "non_target_only",
    ),
    first_enrollment="2023-08-07",
    accrual_days=480,
    follow_up_days=400,
    adjudicator="ADJUDICATOR",
    necrosis=Necrosis(),
    beyond_progression=BeyondProgression(pseudo=(0.16, 0.0)),
    questionnaires=Questionnaires(),
    adverse_events=AdverseEvents(profile="liver"),
)
PHASE3 = replace(
    NCT05962450,
    name="phase3",
    title="Generic randomised trial, two arms 1:1, non-small-cell lung cancer, investigator's reading",
    registered="none: an invented trial for power, speed and large-sample checks",
    prefix="P3",
    n_subjects=500,
    seed=20240,
    groups=(
        Group("EXPERIMENTAL", 0.5, NSCLC, complete=0.05, partial=0.33, stable=0.36, after_progression=330),
        Group("CONTROL", 0.5, NSCLC, complete=0.02, partial=0.20, stable=0.40, response_lasts=200),
    ),
    weeks=(6, 12, 18, 24, 36, 48, 60, 72),
    evaluators=("INVESTIGATOR",),
    scripted=(
        "nodal_cr",
        "pd_by_nadir",
        "pr_kept_from_cr",
        "confirmed_pr",
        "unconfirmed_pr",
        "equivocal_backdated",
        "equivocal_gone",
        "provable_pd",
        "partial_sum",
        "too_small_nadir",
        "borderline_30",
        "reappearance",
        "therapy_before_response",
        "split_lesion",
        "merged_lesions",
        "non_target_progression",
        "non_target_only",
    ),
    first_enrollment="2020-01-06",
    accrual_days=720,
    follow_up_days=500,
    adjudicator="",
    necrosis=None,
    beyond_progression=None,
    questionnaires=None,
    adverse_events=None,
)
DESIGNS = {design.name: design for design in (HS_IT101, NCT07028008, NCT05361174, NCT05962450, PHASE3)}
STUDIES = (*DESIGNS, *LEUKAEMIA)


def get_design(name: str) -> Design:
    """The design of that name in solid tumours; InputError with the nearest names when there is none."""
    if name in DESIGNS:
        return DESIGNS[name]
    raise _unknown(name, tuple(DESIGNS))


def find_design(name: str) -> Design | LeukaemiaDesign:
    """The design of that name; InputError with the nearest names when there is none."""
    if name in STUDIES:
        return DESIGNS[name] if name in DESIGNS else LEUKAEMIA[name]
    raise _unknown(name, STUDIES)


def _unknown(name: str, names: tuple[str, ...]) -> InputError:
    near = get_close_matches(str(name).lower(), names, n=3, cutoff=0.5)
    meant = f" Did you mean {' or '.join(near)}?" if near else ""
    return InputError(f"There is no simulated study {name!r}.{meant} The studies are {', '.join(names)}.")
