"""The subject table: strata, dates and flags of every subject, and why and when each left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from recist.simulation.design import Design
from recist.simulation.draws import Draws
from recist.simulation.follow_up import REASONS as LEAVING
from recist.simulation.frames import Block, Columns, framed, stacked, to_days
from recist.simulation.manufacturing import FAILED, WAITED

REGIONS = ("ASIA", "EUROPE", "NORTH AMERICA")
ETIOLOGIES = ("HBV", "HCV", "NON-VIRAL")
AGE_GROUPS, OLDER = ("<65", ">=65"), 65


def subject_columns(draws: Draws, design: Design, block: Block, cutoff: np.datetime64) -> Columns:
    """One row per subject: strata, dates, flags."""
    n, follow_up, start = block.start.size, block.follow_up, block.start
    scanned = block.readings[0].written.any(axis=2) & follow_up.visible & (block.schedule.label > 0)
    treated_on = start + (draws.integers(n, 0, 4) if design.randomised else 0)
    return {
        **_who(draws, design, block),
        **_enrolment(design, block),
        "treatment_start_date": np.where(block.treated, treated_on, np.datetime64("NaT")),
        "death_date": to_days(start, follow_up.death_day),
        "last_alive_date": to_days(start, follow_up.last_alive_day),
        "new_therapy_date": to_days(start, follow_up.new_therapy_day),
        **_departure(block),
        "cutoff_date": np.full(n, cutoff),
        "itt": np.ones(n, bool),
        "safety": block.treated,
        "response_evaluable": scanned.any(axis=1) & block.treated,
        **_product(design, block),
    }


def _who(draws: Draws, design: Design, block: Block) -> Columns:
    """Arm or cohort, demography and strata."""
    n, group = block.start.size, block.course.group.astype(np.int8)
    arms = (
        {"arm": np.zeros(n, np.int8), "cohort": group} if design.group_column == "cohort" else {"arm": group}
    )
    sex = draws.happens(0.42, n).astype(np.int8)
    age = np.clip(np.rint(61 + 10.5 * draws.normal(n)), 18, 88).astype(np.int64)
    subgroups = {"age_group": (age >= OLDER).astype(np.int8)} if block.strata else {}
    return {
        "subject": np.arange(block.first, block.first + n, dtype=np.int32),
        **arms,
        "sex": sex,
        "age": age,
        **subgroups,
        "region": draws.category([0.35, 0.35, 0.3], n).astype(np.int8),
        "ecog": draws.category([0.55, 0.45], n),
        **block.strata,
    }


def _enrolment(design: Design, block: Block) -> Columns:
    """Dates up to the start."""
    columns: Columns = {"enrollment_date": block.enrolled}
    if design.manufacturing is not None:
        columns["harvest_date"] = block.enrolled + block.product.harvest_day.astype("timedelta64[D]")
    if design.randomised:
        columns["randomization_date"] = block.start
    return columns


def _product(design: Design, block: Block) -> Columns:
    """Flags of a product that is made for each subject."""
    if design.manufacturing is None:
        return {}
    return {
        "harvested": np.ones(block.start.size, bool),
        "manufactured_as_planned": block.product.as_planned,
        "treated": block.treated,
    }


def _departure(block: Block) -> Columns:
    """When and why each subject left; a harvested one who was never treated, by the planned infusion."""
    follow_up, product = block.follow_up, block.product
    reason, day = follow_up.reason - 1, follow_up.discontinuation_day
    waits = ~product.treated
    reason = np.where(waits, len(LEAVING) - 1 + np.where(product.failed, 0, 1), reason)
    day = np.where(waits, -3.0, day)
    return {
        "discontinuation_date": to_days(block.start, day),
        "discontinuation_reason": reason.astype(np.int8),
    }


def subject_frame(blocks: Iterable[Columns], design: Design, subjects: pd.Index[Any]) -> pd.DataFrame:
    """The subject table."""
    names = [group.name for group in design.groups]
    categories: dict[str, Sequence[str] | pd.Index[Any]] = {
        "subject": subjects,
        "arm": [design.treatment] if design.group_column == "cohort" else names,
        "sex": ["M", "F"],
        "region": REGIONS,
        "discontinuation_reason": (*LEAVING[1:], *((FAILED, WAITED) if design.manufacturing else ())),
        "etiology": ETIOLOGIES,
        "age_group": AGE_GROUPS,
    }
    columns = stacked(blocks)
    categories = {name: words for name, words in categories.items() if name in columns}
    if design.group_column == "cohort":
        categories |= {"cohort": names}
    return framed(columns, categories, pd.DataFrame())
