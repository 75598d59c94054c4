"""Best overall response under iRECIST, and the date of the progression that counts.

Seymour 2017, Table 3 and text; EORTC iRECIST FAQ.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.confirmation import CR, NN, PR, SD
from recist.counted import Counted, Kinds, after_cr, confirmed_kinds, count, decided, first_day, kinds_of
from recist.criteria import get_criteria
from recist.criteria.base import BestResponseRules, ConfirmedProgression
from recist.immune_best_tables import IMMUNE_TABLES
from recist.records import NOTHING, RecordTable, read_records
from recist.terms import OVERALL

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
CPD, NED, UPD = OVERALL.index("PD"), OVERALL.index("NED"), len(OVERALL)
WORDS = {
    "iCR": "CR",
    "iPR": "PR",
    "iSD": "SD",
    "NON-iCR/NON-iUPD": "NON-CR/NON-PD",
    "iCPD": "PD",
    "iUPD": "iUPD",
    "NE": "NE",
    "ND": "NE",
    "NED": "NED",
}


READ = ("subject", "evaluator", "criteria", "date", "start_date", "target", "target_rule", "new_therapy_date")


def is_immune(responses: pd.DataFrame) -> Mask:
    """Rows that carry an iRECIST response: in `ioverall`, or as recorded in `overall`."""
    if "ioverall" in responses:
        return responses["ioverall"].notna().to_numpy()
    nothing = np.zeros(len(responses), bool)
    if "overall" not in responses:
        return nothing
    overall = as_categorical(responses["overall"])
    immune = [str(word).startswith(("i", "NON-i")) for word in overall.categories]
    if not any(immune):
        return nothing
    rows: Mask = np.array([*immune, False])[overall.codes]
    if not rows.any() or "criteria" not in responses:
        return np.full(len(responses), bool(rows.any()))
    return responses["criteria"].isin(responses.loc[rows, "criteria"].unique()).to_numpy()


def as_categorical(column: pd.Series) -> pd.Categorical:
    """The column as codes and words."""
    found = column.array if isinstance(column.dtype, pd.CategoricalDtype) else pd.Categorical(column)
    assert isinstance(found, pd.Categorical)
    return found


def immune_best_response(
    responses: pd.DataFrame,
    rules: BestResponseRules | None,
    subjects: pd.DataFrame | None,
    columns: list[str],
) -> pd.DataFrame:
    """The frame of best responses for rows that carry iRECIST responses."""
    table = immune_records(responses, subjects)
    pieces = []
    for label, _, part in table.by_criteria():
        chosen = rules or get_criteria(label)
        pieces.append(immune_best_of(count(part, chosen), chosen))
    return table.frame(pieces, [IMMUNE_TABLES] * len(pieces), columns)


def immune_records(responses: pd.DataFrame, subjects: pd.DataFrame | None) -> RecordTable:
    """The records of iRECIST responses: iCPD as PD, and iUPD as the word kept apart."""
    given = as_categorical(responses["ioverall" if "ioverall" in responses else "overall"])
    words = [WORDS.get(str(word), str(word)) for word in given.categories]
    terms = list(dict.fromkeys(words))
    codes = np.array([*(terms.index(word) for word in words), -1], np.int8)[given.codes]
    data: dict[str, Any] = {name: responses[name].array for name in READ if name in responses}
    data["overall"] = pd.Categorical.from_codes(codes, pd.Index(terms))
    if "criteria" not in data:
        data["criteria"] = pd.Categorical.from_codes(np.zeros(len(responses), np.int8), pd.Index(["irecist"]))
    elif isinstance(data["criteria"], pd.Categorical) and len(data["criteria"].categories) > 1:
        data["criteria"] = data["criteria"].remove_unused_categories()
    return read_records(pd.DataFrame(data, copy=False), subjects, apart="iUPD")


def immune_best_of(counted: Counted, rules: BestResponseRules) -> dict[str, Any]:
    """The columns of `best` under one set of rules, as codes and days."""
    records, day = counted.records, counted.records.day
    apart = records.not_done & counted.window
    overall = np.where(apart, np.int8(UPD), counted.overall)
    is_cr, is_pr = overall == CR, overall == PR
    kinds = _kinds(kinds_of(overall, is_cr, is_pr, counted.late), overall)
    result = decided("best_response", IMMUNE_TABLES, kinds, day, rules)
    result["response_date"] = first_day(day, is_cr | is_pr)
    result["progression_date"] = progression_day(overall, day, rules)
    unheld = overall if counted.unheld is counted.overall else np.where(apart, np.int8(UPD), counted.unheld)
    unheld = after_cr(unheld, records.without_targets, rules, UPD)
    kinds = _kinds(confirmed_kinds(unheld, counted, rules), unheld)
    result |= decided("confirmed_best_response", IMMUNE_TABLES, kinds, day, rules)
    result["confirmed_response_date"] = first_day(day, kinds["cr"] | kinds["pr"])
    return result


def _kinds(kinds: Kinds, overall: Ints) -> Kinds:
    """With progression told apart: confirmed, which RECIST 1.1 knows as PD, and unconfirmed."""
    return kinds | {"cpd": kinds["pd"], "upd": overall == UPD}


def progression_day(overall: Ints, day: Ints, rules: BestResponseRules) -> npt.NDArray[np.int32]:
    """First iUPD of the block that ends in iCPD; of one that stays open where `i_unconfirmed_is_event`."""
    confirmed, open_ = progression_blocks(overall, day)
    counts = not isinstance(rules, ConfirmedProgression) or rules.i_unconfirmed_is_event
    return np.where((confirmed == NOTHING) & counts, open_, confirmed).astype(np.int32)


def progression_blocks(overall: Ints, day: Ints) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """First iUPD of the block that ends in iCPD (iCPD itself without one), and of the block that stays open.

    An iUPD that iSD, iPR or iCR cancels is no progression; NE does not end a block.
    """
    n, width = overall.shape
    begin, found = np.full(n, NOTHING, np.int32), np.full(n, NOTHING, np.int32)
    for v in range(width):
        now = overall[:, v]
        begin = np.where((now == UPD) & (begin == NOTHING), day[:, v], begin)
        confirmed = (now == CPD) & (found == NOTHING)
        found = np.where(confirmed, np.where(begin == NOTHING, day[:, v], begin), found)
        cancels = np.isin(now, (CR, PR, SD, NN, NED))
        begin = np.where(cancels, NOTHING, begin)
    return found, begin
