"""Where the criteria do not take a reader's word for progression: which lesion, what they ask, when it was met."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recist.criteria.base import Criteria
from recist.layout import lay_out
from recist.lesions import as_lesions
from recist.rows import PROGRESSED, Block, LesionArrays
from recist.terms import NEW_LESION
from recist.visits import new_lesion_rows


def tempered_lines(row: Any, lesions: pd.DataFrame | None, criteria: Criteria) -> list[str]:
    """Lines about new lesions and non-targets of the visit that the reader called unequivocal."""
    if lesions is None or (criteria.temper_new is None and criteria.discount_non_target is None):
        return []
    table = as_lesions(lesions)
    mine = table[(table["subject"] == row.subject) & (table["evaluator"] == row.evaluator)]
    mine = mine.reset_index(drop=True)
    layout = lay_out(mine)
    arrays = LesionArrays(mine, layout, criteria)
    block = Block(arrays, layout, 0, len(layout.subject))
    frame = mine.iloc[arrays.frame_rows(block.rows)].reset_index(drop=True)
    return [*_new(row, block, frame, criteria), *_non_targets(row, block, frame, criteria)]


def _new(row: Any, block: Block, frame: pd.DataFrame, criteria: Criteria) -> list[str]:
    if criteria.temper_new is None:
        return []
    rows, final = new_lesion_rows(block, criteria)
    if not len(rows):
        return []
    table = criteria.in_force("new_lesion")
    codes = (block.recorded_new[rows], block.by_pet[rows], block.baseline_pet[rows])
    word = table.outcome("new_lesion", table.decide(*codes))
    held = criteria.temper_new(block, rows, word, criteria)
    equivocal, unequivocal = NEW_LESION.index("E"), NEW_LESION.index("Y")
    lines = []
    for at in np.flatnonzero((word == unequivocal) & (held == equivocal)):
        lesion = frame.iloc[rows[at]]
        if str(lesion["visit"]) != str(row.visit):
            continue
        text = f"New lesion {lesion['lesion']}, {lesion['organ']}: the reader's unequivocal is equivocal here, because "
        text += f"{criteria.title} asks more: {criteria.tempering}."
        if final[at] == unequivocal:
            same = (frame["lesion"].iloc[rows] == lesion["lesion"]).to_numpy()
            later = rows[same & (held == unequivocal) & (block.visit[rows] > block.visit[rows[at]])]
            when = frame.iloc[later[0]]
            text += f" Met at {when['visit']} ({when['date']:%Y-%m-%d}): it counts from the scan where it was first seen."
        lines.append(text)
    return lines


def _non_targets(row: Any, block: Block, frame: pd.DataFrame, criteria: Criteria) -> list[str]:
    if criteria.discount_non_target is None:
        return []
    rows = np.flatnonzero(block.is_non_target)
    discounted = rows[(block.state[rows] == PROGRESSED) & criteria.discount_non_target(block, rows)]
    here = frame.iloc[discounted]
    return [
        f"Non-target {lesion.lesion}, {lesion.organ}: recorded as unequivocal progression, which does not count "
        f"here: {criteria.title} asks for positive cytology at this visit or before."
        for lesion in here[here["visit"].astype(str) == str(row.visit)].itertuples()
    ]
