"""The truth of the responses as frames: per visit, and per subject under every criteria of the study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from recist.simulation.adjudication import criteria_of
from recist.simulation.design import Design
from recist.simulation.draws import Floats, Ints
from recist.simulation.frames import Block, to_days
from recist.simulation.readings import Reading
from recist.simulation.true_immune import WORDS, immune_best, immune_course
from recist.simulation.true_responses import NOTHING, PD, RECIST, Seen, best_of, see, target_course

BEST_WORDS = (*RECIST, "NE")
IMMUNE_WORDS = (*WORDS, "NE")


def true_frames(
    design: Design, block: Block, truly: Reading, n_scripted: int, subjects: pd.Index[Any]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Responses and best responses of a reading without error; the first `n_scripted` subjects have their own."""
    visits, best = [], []
    for name in criteria_of(design):
        measure = "viable_mm" if name == "mrecist_hcc" else "diameter_mm"
        seen = see(block.course, block.schedule, block.follow_up.visible, truly, measure)
        response, words, found = _under(name, seen, block.follow_up.new_therapy_day)
        visits.append(_visit_rows(design, block, seen, (name, response, words), subjects))
        best.append(_best_rows(block, (name, found, words), n_scripted, subjects))
    return _sorted(visits, ["subject"]), _sorted(best, ["subject"])


def _under(name: str, seen: Seen, therapy: Floats) -> tuple[Ints, tuple[str, ...], dict[str, Any]]:
    """Responses under one criteria, their words, and what follows from them."""
    target, overall = target_course(seen)
    if name == "irecist":
        immune = immune_course(seen, target)
        return immune, IMMUNE_WORDS, immune_best(seen, immune, therapy)
    progressed = np.maximum.accumulate(overall == PD, axis=1)
    carried = np.where(progressed & (overall != NOTHING), PD, overall)
    return carried, BEST_WORDS, best_of(seen, overall, therapy)


def _visit_rows(
    design: Design, block: Block, seen: Seen, of: tuple[str, Ints, tuple[str, ...]], subjects: pd.Index[Any]
) -> pd.DataFrame:
    name, response, words = of
    subject, visit = np.nonzero(seen.there & (block.schedule.label > 0))
    return pd.DataFrame(
        {
            "subject": subjects[block.first + subject],
            "criteria": name,
            "visit": np.array(design.visit_labels)[block.schedule.label[subject, visit]],
            "true_overall": np.array(words)[response[subject, visit]],
        }
    )


def _best_rows(
    block: Block, of: tuple[str, dict[str, Any], tuple[str, ...]], n_scripted: int, subjects: pd.Index[Any]
) -> pd.DataFrame:
    name, found, words = of
    spoken = np.array(words)
    confirmed = spoken[found["confirmed"]] if "confirmed" in found else np.full(len(found["best"]), None)
    rows = pd.DataFrame(
        {
            "subject": subjects[block.first : block.first + len(confirmed)],
            "criteria": name,
            "true_best_response": spoken[found["best"]],
            "true_confirmed_best_response": confirmed,
            "true_response_date": to_days(block.start, found["response"]).astype("datetime64[ns]"),
            "true_progression_date": to_days(block.start, found["progression"]).astype("datetime64[ns]"),
        }
    )
    return rows.iloc[n_scripted if block.first == 0 else 0 :]


def _sorted(frames: Sequence[pd.DataFrame], by: list[str]) -> pd.DataFrame:
    """One frame by subject, the criteria in the order of the study."""
    return pd.concat(frames, ignore_index=True).sort_values(by, kind="stable", ignore_index=True)
