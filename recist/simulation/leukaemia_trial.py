"""Run a dose-escalation trial in leukaemia: cohort by cohort, each level decided by what came before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from recist.simulation.adverse import (
    adverse_event_frame,
    as_adverse_events,
    event_counts,
    event_rows,
)
from recist.simulation.columns import category, dates_of
from recist.simulation.course import NEVER
from recist.simulation.draws import Bools, Draws, Floats, Ints
from recist.simulation.escalation import COHORT, Escalation, escalate
from recist.simulation.leukaemia_course import (
    DISEASES,
    KINDS,
    LeukaemiaCourse,
    LeukaemiaDesign,
    draw_leukaemia_course,
)
from recist.simulation.marrow import Assessments, marrow_frame, plan_assessments, true_responses
from recist.simulation.result import Simulation
from recist.simulation.streams import ADVERSE, ESCALATION, MARROW, PEOPLE

TOXICITIES = (
    (("Cytokine release syndrome", "immune"), 3),
    (("Immune effector cell-associated neurotoxicity syndrome", "nerves"), 3),
    (("Cytokine release syndrome", "immune"), 4),
    (("Hypoxia", "lung"), 3),
)
LEAVING = ("DEATH", "RELAPSE", "NO RESPONSE", "LOST TO FOLLOW-UP", "NEW ANTICANCER THERAPY")


def simulate_leukaemia(design: LeukaemiaDesign) -> Simulation:
    """Simulate a design; `design.n_subjects` and `design.seed` decide size and draws.

    When two of three subjects at the lowest level have a toxicity the trial stops, with fewer subjects.
    """
    people = Draws.of(design.seed, 0, PEOPLE)
    tolerance = Draws.of(design.seed, 0, ESCALATION).uniform(design.n_subjects)
    path = escalate(tolerance, design.toxicity)
    level = np.array(path.level, np.intp)
    course = draw_leukaemia_course(people, design, level)
    enrolled, start = _calendar(people, path)
    subjects, end = _subjects(people, design, path, course, (enrolled, start))
    marrow = Draws.of(design.seed, 0, MARROW)
    plan = plan_assessments(marrow, design, course, end)
    subjects = subjects.assign(**_departure(design, subjects, course, plan, end))
    events = _events(design, subjects, path.toxic)
    names = pd.DataFrame({"dose_level": [design.levels[k - 1] for k in path.table()["dose_level"]]})
    return Simulation(
        design=design,
        subjects=subjects,
        marrow=marrow_frame(marrow, design, course, plan, subjects),
        adverse_events=events,
        subject_truth=_truth(design, subjects, course, plan, (path.toxic, events)),
        response_truth=true_responses(course, plan, subjects),
        escalation=path.table().assign(dose_level=names["dose_level"].astype("category")),
    )


def _calendar(draws: Draws, path: Escalation) -> tuple[Ints, Ints]:
    """Days of enrolment and first dose: a cohort waits until the one before has been watched for 28 days."""
    n = len(path.level)
    gap = draws.integers(n, 2, 16)
    lag = draws.integers(n, 5, 12)
    enrolled = np.zeros(n, np.int64)
    in_escalation = int(path.table()["cohort_size"].sum())
    for k in range(1, n):
        enrolled[k] = enrolled[k - 1] + gap[k]
        if path.cohort[k] != path.cohort[k - 1] and k <= in_escalation:
            enrolled[k] = max(enrolled[k], (enrolled + lag)[k - COHORT : k].max() + 28 + gap[k] // 2)
        elif k >= in_escalation:
            enrolled[k] = enrolled[k - 1] + gap[k] // 2  # several sites enrol at once
    return enrolled, enrolled + lag


def _subjects(
    draws: Draws, design: LeukaemiaDesign, path: Escalation, course: LeukaemiaCourse, when: tuple[Ints, Ints]
) -> tuple[pd.DataFrame, Floats]:
    """The subject table without what ends the study, and the last day of each from the first dose."""
    n = len(path.level)
    opened = np.datetime64(design.first_enrollment, "D").astype(np.int64)
    enrolled, start = (opened + day for day in when)
    cutoff = int(enrolled[-1]) + design.follow_up_days
    lost = np.where(draws.happens(design.lost, n), draws.integers(n, 70, 500), NEVER)
    death = np.where(course.death_day < np.minimum(lost, cutoff - start), course.death_day, NEVER)
    contact = np.where(np.isfinite(death), death - draws.integers(n, 0, 6), cutoff - start - 3.0)
    last = np.maximum(np.minimum(contact, lost), 1.0)
    therapy = np.where(course.transplant_day <= last, course.transplant_day, NEVER)
    dose = np.array(design.dose_days, float) + start[:, None]
    stopped = path.toxic & draws.happens(0.5, n)  # a toxicity after the second dose
    dose[stopped, 2:] = NEVER
    frame = pd.DataFrame(
        {
            "subject": pd.Categorical(_names(design.prefix, n)),
            "arm": pd.Categorical([design.treatment] * n),
            "dose_level": category(path.level, design.levels),
            "phase": pd.Categorical(_phase(path)),
            "cohort": np.array(path.cohort, np.int64),
            "disease": category(course.disease, DISEASES),
            "sex": category(draws.happens(0.45, n), ("M", "F")),
            "age": np.clip(np.rint(54 + 15 * draws.normal(n)), 18, 82).astype(np.int64),
            "enrollment_date": dates_of(enrolled.astype(float)),
            "treatment_start_date": dates_of(dose[:, 0]),
            **{f"dose_{k + 1}_date": dates_of(dose[:, k]) for k in range(1, dose.shape[1])},
            "death_date": dates_of(start + death),
            "last_alive_date": dates_of(start + last),
            "new_therapy_date": dates_of(start + therapy),
            "cutoff_date": dates_of(np.full(n, float(cutoff))),
            "itt": True,
            "safety": True,
            "dlt_evaluable": True,
        }
    )
    return frame, np.minimum(np.where(np.isfinite(death), death - 1, last), cutoff - start)


def _names(prefix: str, n: int) -> list[str]:
    return [f"{prefix}-{k:0{max(3, len(str(n)))}d}" for k in range(1, n + 1)]


def _phase(path: Escalation) -> list[str]:
    last = int(path.table()["cohort_size"].sum())
    return ["ESCALATION" if k < last else "EXPANSION" for k in range(len(path.level))]


def _departure(
    design: LeukaemiaDesign, subjects: pd.DataFrame, course: LeukaemiaCourse, plan: Assessments, end: Floats
) -> dict[str, Any]:
    """Why and when each subject left, and whether response can be judged."""
    start = subjects["treatment_start_date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    last = np.where(plan.due, plan.day, -NEVER).max(axis=1)
    state = np.take_along_axis(plan.state, np.where(plan.due, plan.day, -NEVER).argmax(axis=1)[:, None], 1)
    state = state[:, 0]
    died = subjects["death_date"].notna().to_numpy()
    therapy = subjects["new_therapy_date"].notna().to_numpy()
    assessed = plan.due[:, 1:].any(axis=1)
    late = (subjects["cutoff_date"] - subjects["last_alive_date"]).dt.days.to_numpy() > 3
    reason = np.select(
        [assessed & (state == len(KINDS)), therapy, assessed & np.isin(state, [4, 5]), died, late],
        [1, 4, 2, 0, 3],
        -1,
    )
    known = {name: (subjects[name].to_numpy().astype("datetime64[D]").astype(np.int64) - start).astype(float)
             for name in ("death_date", "new_therapy_date", "last_alive_date")}  # fmt: skip
    day = np.choose(
        reason + 1,
        [np.full(len(subjects), NEVER), known["death_date"], last, last, end, known["new_therapy_date"]],
    )
    return {
        "discontinuation_date": dates_of(start + day),
        "discontinuation_reason": category(reason, LEAVING),
        "response_evaluable": assessed,
    }


def _events(design: LeukaemiaDesign, subjects: pd.DataFrame, toxic: Bools) -> pd.DataFrame:
    """Adverse events; each subject with a dose-limiting toxicity has one event that is it."""
    draws = Draws.of(design.seed, 0, ADVERSE)
    plan = design.adverse_events
    usual = adverse_event_frame(draws, plan.profile, subjects, plan.days)
    n = len(subjects)
    start = subjects["treatment_start_date"].to_numpy().astype("datetime64[D]").astype(np.int64).astype(float)
    limit = subjects["death_date"].fillna(subjects["cutoff_date"]).to_numpy().astype("datetime64[D]")
    begins = np.minimum(start + draws.integers(n, 3, 8), limit.astype(np.int64))
    ends = begins + draws.integers(n, 3, 12)
    ends = np.where(ends <= limit.astype(np.int64), ends, np.nan)
    which = draws.category([0.4, 0.3, 0.15, 0.15], n)
    parts = []
    for number, (kind, grade) in enumerate(TOXICITIES):
        at = np.flatnonzero(toxic & (which == number))
        given = {"grade": grade, "serious": True, "related": True, "dose_limiting": True}
        parts.append(event_rows(at, kind, start=begins[at], end=ends[at], **given))
    limiting = as_adverse_events(pd.concat(parts, ignore_index=True), subjects)
    return _merged([usual, limiting])


def _merged(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Events of several frames by subject and date."""
    words = ("term", "system_organ_class")
    plain = [frame.astype(dict.fromkeys(words, "str")) for frame in frames if len(frame)]
    events = pd.concat(plain, ignore_index=True).astype(dict.fromkeys(words, "category"))
    return events.sort_values(["subject", "start_date", "term"], kind="stable", ignore_index=True)


def _truth(
    design: LeukaemiaDesign,
    subjects: pd.DataFrame,
    course: LeukaemiaCourse,
    plan: Assessments,
    events: tuple[Bools, pd.DataFrame],
) -> pd.DataFrame:
    """What happened to each subject, seen or not; dates of response are those of the due assessments."""
    start = subjects["treatment_start_date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    follow_up = plan.due & (np.arange(plan.day.shape[1]) > 0)
    remission = follow_up & (plan.state <= 2)
    first = np.where(remission, plan.day, NEVER).min(axis=1)
    within = np.where(plan.day <= design.window_days, remission, False)
    negative = within[:, 2] & course.mrd_negative
    relapse = np.where(follow_up & (plan.state == len(KINDS)), plan.day, NEVER).min(axis=1)
    cr_or_cri = (within & np.isin(plan.state, (0, 2))).any(axis=1)
    toxic, recorded = events
    return pd.DataFrame(
        {
            "subject": subjects["subject"].array,
            "day_28_state": category(course.kind, KINDS),
            "true_cr_or_cri_in_window": cr_or_cri,
            "true_mrd_negative_in_window": negative,
            "true_dose_limiting_toxicity": toxic,
            "true_remission_date": dates_of(start + first),
            "true_relapse_seen_date": dates_of(start + relapse),
            "true_relapse_date": dates_of(start + course.relapse_day),
            "true_death_date": dates_of(start + course.death_day),
        }
    ).join(event_counts(recorded, subjects))
