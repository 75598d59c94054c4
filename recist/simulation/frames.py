"""From blocks of arrays to the three frames: lesions, subjects, visits (and the truth of each subject)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.simulation.course import KINETICS, N_NEW, N_NON_TARGET, Course
from recist.simulation.design import SITES, Design
from recist.simulation.draws import Floats
from recist.simulation.follow_up import REASONS as LEAVING
from recist.simulation.follow_up import FollowUp
from recist.simulation.manufacturing import Product
from recist.simulation.readings import REASONS, Reading
from recist.simulation.schedule import Schedule
from recist.simulation.viable import PATTERNS
from recist.terms import ROLE, STATE

Days = npt.NDArray[np.datetime64]
Columns = dict[str, Any]
_METHODS = tuple(dict.fromkeys(site.method for site in SITES))
_METHOD = np.array([_METHODS.index(site.method) for site in SITES], np.int8)
_NODE = np.array([site.node for site in SITES])


@dataclass(frozen=True)
class Block:
    """Everything about consecutive subjects, before it is written as rows."""

    first: int  # position of the first subject in the study
    enrolled: Days
    start: Days
    course: Course
    schedule: Schedule
    follow_up: FollowUp
    readings: Sequence[Reading]  # one per evaluator
    product: Product
    strata: Columns  # what else is known of each subject

    @property
    def treated(self) -> npt.NDArray[np.bool_]:
        """Subjects who received the treatment."""
        return self.follow_up.treated & self.product.treated


def lesion_labels(n_targets: int) -> tuple[str, ...]:
    """Names of the slots: T1, T2 ..., N1 ..., X1 ...."""
    slots = (("T", n_targets), ("N", N_NON_TARGET), ("X", N_NEW))
    return tuple(f"{letter}{k + 1}" for letter, count in slots for k in range(count))


def _roles(n_targets: int) -> npt.NDArray[np.int8]:
    codes = [ROLE.index(role) for role in ("target", "non-target", "new")]
    return np.repeat(codes, [n_targets, N_NON_TARGET, N_NEW]).astype(np.int8)


def to_days(start: Days, day: Floats) -> Days:
    """Dates of day numbers counted from the start; infinite = no date."""
    finite = np.isfinite(day)
    offset = np.where(finite, day, 0).astype("timedelta64[D]")
    return np.where(finite, start + offset, np.datetime64("NaT"))


def lesion_columns(block: Block) -> Columns:
    """Rows in the order subject, evaluator, time, lesion, as arrays of codes."""
    visible = block.follow_up.visible[:, None, :, None]
    written = np.stack([reading.written for reading in block.readings], axis=1) & visible
    subject, evaluator, visit, slot = np.nonzero(written)

    def values(name: str) -> npt.NDArray[Any]:
        return np.stack([getattr(reading, name) for reading in block.readings], axis=1)[written]

    site = block.course.site[subject, slot]
    day = block.schedule.day[subject, visit]
    shift = block.schedule.session_shift[subject, visit]
    day = day + shift * np.array([one.own_session for one in SITES])[site]
    label = block.schedule.label[subject, visit]
    columns = {
        "subject": (block.first + subject).astype(np.int32),
        "evaluator": evaluator.astype(np.int8),
        "visit": label.astype(np.int8),
        "date": to_days(block.start[subject], day),
        "lesion": slot.astype(np.int8),
        "role": _roles(block.course.n_targets)[slot],
        "organ": site.astype(np.int8),
        "node": _NODE[site],
        "diameter_mm": values("mm"),
        "state": values("state"),
        "method": _METHOD[site],
        "reason": values("reason") - np.int8(1),
        "baseline": label == 0,
    }
    for name in block.readings[0].more:
        columns[name] = np.stack([reading.more[name] for reading in block.readings], axis=1)[written]
    return columns


def lesion_frame(
    blocks: Iterable[Columns], design: Design, subjects: pd.Index[Any], scripted: pd.DataFrame
) -> pd.DataFrame:
    """The lesion table, scripted subjects first; text columns are categories."""
    extra = [] if scripted.empty else list(dict.fromkeys(scripted["lesion"]))
    labels = lesion_labels(len(design.target_counts))
    lesions = list(dict.fromkeys([*labels, *extra]))
    categories: dict[str, Sequence[str] | pd.Index[Any]] = {
        "subject": subjects,
        "evaluator": design.readers,
        "visit": design.visit_labels,
        "lesion": lesions,
        "role": ROLE,
        "organ": [site.organ.upper() for site in SITES],
        "state": STATE,
        "method": _METHODS,
        "reason": REASONS[1:],
    }
    for name in ("parent", "merged_into"):  # only where a scripted subject needs them
        if name in scripted and scripted[name].notna().any():
            categories[name] = labels
    columns = stacked(blocks)
    if "pattern" in columns:
        categories["pattern"] = PATTERNS
    frame = framed(columns, categories, scripted)
    if "further_increase" in frame:
        codes = frame["further_increase"].to_numpy()
        frame["further_increase"] = pd.arrays.BooleanArray(codes == 1, codes < 0)
    names = [name for name in frame if name != "viable_mm"]
    names[names.index("diameter_mm") + 1 : 0] = ["viable_mm"] if "viable_mm" in frame else []
    return frame[names]


def visit_columns(block: Block) -> Columns:
    """Every planned visit that fell into follow-up, imaged or not."""
    follow_up, schedule = block.follow_up, block.schedule
    subject, visit = np.nonzero(schedule.planned & follow_up.visible)
    done = schedule.imaged & follow_up.visible
    last = done.shape[1] - 1 - done[:, ::-1].argmax(axis=1)
    worse = follow_up.reason == LEAVING.index("SYMPTOMATIC DETERIORATION")
    columns = {
        "subject": (block.first + subject).astype(np.int32),
        "visit": schedule.label[subject, visit].astype(np.int8),
        "date": to_days(block.start[subject], schedule.day[subject, visit]),
        "imaging_done": schedule.imaged[subject, visit],
        "symptomatic_deterioration": (worse & (last > 0))[subject] & (visit == last[subject]),
    }
    if block.course.swelling.size:
        columns["clinically_stable"] = ~columns["symptomatic_deterioration"]
    return columns


def visit_frame(
    blocks: Iterable[Columns], design: Design, subjects: pd.Index[Any], scripted: pd.DataFrame
) -> pd.DataFrame:
    """The visit table, scripted subjects first."""
    return framed(stacked(blocks), {"subject": subjects, "visit": design.visit_labels}, scripted)


def truth_columns(block: Block) -> Columns:
    """What was drawn and no reader can see: kinetics and the dates of the latent events."""
    course = block.course
    per_target = course.used[:, : course.n_targets]

    def first_target(values: Floats) -> Floats:
        return np.asarray(np.where(per_target[:, 0], values[:, 0], np.nan), np.float64).round(5)

    columns = {
        "subject": np.arange(block.first, block.first + block.start.size, dtype=np.int32),
        "kinetics": course.kinetics.astype(np.int8),
        "n_targets": per_target.sum(axis=1),
        "true_baseline_sum_mm": np.round((course.baseline_mm * per_target).sum(axis=1), 2),
        "t1_decay_per_day": first_target(course.decay),
        "t1_resistant_fraction": first_target(course.resistant),
        "t1_growth_per_day": first_target(course.growth),
        "true_resistance_date": to_days(block.start, np.floor(course.resistance_day)),
        "true_new_lesion_date": to_days(block.start, _before_death(course, course.onset_day[:, 0])),
        "true_non_target_progression_date": to_days(
            block.start, _before_death(course, course.non_target_progression_day)
        ),
        "true_progression_date": to_days(block.start, course.progression_day),
        "true_death_date": to_days(block.start, course.death_day),
    }
    if course.swelling.size:
        columns["pseudo_progression"] = course.pseudo
    return columns


def truth_frame(blocks: Iterable[Columns], subjects: pd.Index[Any]) -> pd.DataFrame:
    """The truth of each subject; `scripted` kinetics are those of the hand-written subjects."""
    categories: dict[str, Sequence[str] | pd.Index[Any]] = {
        "subject": subjects,
        "kinetics": (*KINETICS, "scripted"),
    }
    return framed(stacked(blocks), categories, pd.DataFrame())


def _before_death(course: Course, day: Floats) -> Floats:
    return np.where(day < course.death_day, day, np.inf)


def stacked(blocks: Iterable[Columns]) -> Columns:
    """Columns of all blocks end to end, freed one by one so that they are held once."""
    parts = list(blocks)
    return {name: np.concatenate([part.pop(name) for part in parts]) for name in list(parts[0])}


def framed(
    columns: Columns, categories: Mapping[str, Sequence[str] | pd.Index[Any]], scripted: pd.DataFrame
) -> pd.DataFrame:
    """Codes to categories, days to dates; rows of scripted subjects go in front."""
    data: dict[str, Any] = {}
    n_rows = next(iter(columns.values())).size
    for name in dict.fromkeys([*columns, *categories]):
        values = columns.pop(name) if name in columns else np.full(n_rows, -1, np.int8)
        front = scripted[name] if name in scripted else pd.Series(np.nan, index=scripted.index, dtype=float)
        if name in categories:
            words = pd.Index(categories[name], dtype=str)
            codes = words.get_indexer(pd.Index(front)).astype(values.dtype)
            data[name] = pd.Categorical.from_codes(np.concatenate([codes, values]), categories=words)
        elif values.dtype.kind == "M":
            days = (
                front.to_numpy("datetime64[ns]") if front.size else front.to_numpy().astype("datetime64[ns]")
            )
            data[name] = np.concatenate([days, values.astype("datetime64[ns]")])
        else:
            data[name] = np.concatenate([front.to_numpy().astype(values.dtype), values])
    return pd.DataFrame(data, copy=False)
