"""iRECIST parameters of ADRS, as the admiralonco vignette "Creating ADRS with iRECIST endpoints" names them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from recist.adrs_frame import AVALC, NO, YES, Block
from recist.confirmation import NE
from recist.counted import Counted, first_day
from recist.criteria.base import BestResponseRules
from recist.immune_best import CPD, UPD, WORDS, immune_best_of, progression_blocks
from recist.records import NOTHING
from recist.terms import IMMUNE_BEST, OVERALL

Ints = npt.NDArray[np.integer[Any]]
_IMMUNE_WORD = {word: term for term, word in WORDS.items() if term != "ND"}
_OF_OVERALL = np.array([AVALC.index(_IMMUNE_WORD[term]) for term in (*OVERALL, "iUPD")], np.int8)
_OF_BEST = np.array([AVALC.index(term) for term in IMMUNE_BEST], np.int8)


def immune_blocks(
    counted: Counted, rules: BestResponseRules, who: Ints, offsets: dict[str, npt.NDArray[np.int16]]
) -> list[Block]:
    """The parameters of the subjects' readings under one criteria.

    ICPD: confirmed progression, dated at the first iUPD of its block.  IUPD: an iUPD with nothing but iUPD and NE
    after it, dated at the first one.
    """
    records, day = counted.records, counted.records.day
    overall = np.where(records.not_done & counted.window, np.int8(UPD), counted.overall)
    best = immune_best_of(counted, rules)
    confirmed, open_ = progression_blocks(overall, day)
    graded = counted.late & (overall != CPD) & (overall != UPD) & (overall != NE)
    benefit = first_day(day, graded)
    blocks = [_assessments(counted, who)]
    for parameter, date in {
        "ICPD": confirmed,
        "IUPD": np.where(confirmed == NOTHING, open_, NOTHING).astype(np.int32),
        "IRSP": best["response_date"],
        "ICRSP": best["confirmed_response_date"],
        "ICB": earlier(best["response_date"], benefit),
        "ICCB": earlier(best["confirmed_response_date"], benefit),
    }.items():
        blocks.append(Block(parameter, who, date, np.where(date == NOTHING, NO, YES)))
    for parameter, name in (("IBOR", "best_response"), ("ICBOR", "confirmed_best_response")):
        rule = offsets[name][best[f"{name}_rule"]]
        blocks.append(Block(parameter, who, best[f"{name}_date"], _OF_BEST[best[name]], rule))
    return blocks


def _assessments(counted: Counted, who: Ints) -> Block:
    """Every assessment, whether it counts for the best response or not."""
    records = counted.records
    at = np.flatnonzero(records.real)
    given = np.where(records.not_done, np.int8(UPD), records.overall).ravel()[at]
    row = who[at // max(records.real.shape[1], 1)]
    return Block("IOVR", row, records.day.ravel()[at], _OF_OVERALL[given], counts=counted.window.ravel()[at])


def earlier(one: Ints, other: Ints) -> npt.NDArray[np.int32]:
    """The earlier of two days, either of which may be missing."""
    return np.where((other == NOTHING) | ((one != NOTHING) & (one < other)), one, other).astype(np.int32)
