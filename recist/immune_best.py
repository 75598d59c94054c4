"""Best overall response under iRECIST, and the date of the progression that counts.

Seymour 2017, Table 3 and text; EORTC iRECIST FAQ.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.confirmation import CR, NN, PR, SD, confirmations
from recist.criteria import get_criteria
from recist.criteria.base import BestResponseRules, ConfirmedProgression
from recist.immune_best_tables import IMMUNE_TABLES
from recist.records import NOTHING, Records, read_records
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
    given = as_categorical(responses["ioverall" if "ioverall" in responses else "overall"])
    words = [WORDS.get(str(word), str(word)) for word in given.categories]
    terms = list(dict.fromkeys(words))
    codes = np.array([*(terms.index(word) for word in words), -1])[given.codes]
    data: dict[str, Any] = {name: responses[name].array for name in READ if name in responses}
    data["overall"] = pd.Categorical.from_codes(codes, pd.Index(terms))
    if "criteria" not in data:
        data["criteria"] = pd.Categorical.from_codes(np.zeros(len(responses), np.int8), pd.Index(["irecist"]))
    elif isinstance(data["criteria"], pd.Categorical):
        data["criteria"] = data["criteria"].remove_unused_categories()
    table = read_records(pd.DataFrame(data, copy=False), subjects, apart="iUPD")
    pieces = []
    for label, _, part in table.by_criteria():
        pieces.append(_best_of(part, rules or get_criteria(label)))
    return table.frame(pieces, [IMMUNE_TABLES] * len(pieces), columns)


def _best_of(records: Records, rules: BestResponseRules) -> dict[str, Any]:
    from recist.best_response import count, first_day

    counted = count(records, rules)
    apart = records.not_done & (counted.overall >= 0)
    overall = np.where(apart, UPD, counted.overall).astype(np.int8)
    unheld = np.where(apart, UPD, counted.unheld).astype(np.int8)
    day = records.day
    result = _decided(
        "best_response", _kinds(overall, overall == CR, overall == PR, counted.late), day, rules
    )
    strict = _after_cr(unheld, records.without_targets, rules)
    confirmed_cr, _ = confirmations(strict, day, CR, rules)
    confirmed_pr, _ = confirmations(strict, day, PR, rules)
    kinds = _kinds(strict, confirmed_cr, confirmed_pr, counted.late)
    no_targets = records.without_targets[:, None]
    fallback = np.isin(strict, (CR, PR)) & counted.late
    keeps_sd = (strict != CR) | ~no_targets | (rules.unconfirmed_cr_nt_only == "SD")
    kinds["sd"] |= fallback & keeps_sd
    kinds["non_cr_non_pd"] |= fallback & ~keeps_sd
    result |= _decided("confirmed_best_response", kinds, day, rules)
    result["confirmed_response_date"] = first_day(day, confirmed_cr | confirmed_pr)
    result["response_date"] = first_day(day, (overall == CR) | (overall == PR))
    result["progression_date"] = progression_day(overall, day, rules)
    return result


def _kinds(overall: Ints, cr: Mask, pr: Mask, late: Mask) -> dict[str, Mask]:
    return {
        "cr": cr,
        "pr": pr,
        "sd": (overall == SD) & late,
        "non_cr_non_pd": (overall == NN) & late,
        "ned": overall == NED,
        "cpd": overall == CPD,
        "upd": overall == UPD,
        "assessed": overall >= 0,
    }


def _after_cr(overall: Ints, no_targets: Mask, rules: BestResponseRules) -> Ints:
    """A lesser response after iCR is read as iUPD and ends the sequence, or the iCR was never one."""
    lesser = np.isin(overall, (PR, SD, NN))
    had_cr = np.maximum.accumulate(overall == CR, axis=1)
    if rules.cr_then_lesser == "table3_strict":
        ends = np.cumsum(lesser & had_cr, axis=1)
        changed = np.where(lesser & had_cr & (ends == 1), UPD, overall)
        over = np.maximum.accumulate(lesser & had_cr, axis=1)
        behind = np.zeros_like(over)
        behind[:, 1:] = over[:, :-1]
        return np.where(behind, -1, changed).astype(np.int8)
    if rules.cr_then_lesser == "downgrade_cr":
        follows = np.maximum.accumulate(lesser[:, ::-1], axis=1)[:, ::-1]
        instead = np.where(no_targets, NN, PR)[:, None]
        return np.where((overall == CR) & follows, instead, overall).astype(np.int8)
    return overall


def _decided(name: str, kinds: dict[str, Mask], day: Ints, rules: BestResponseRules) -> dict[str, Any]:
    """Best response, the date of the first record that carries it, and the row of the table."""
    from recist.best_response import first_day

    table = getattr(IMMUNE_TABLES, name)
    rule = table.decide(*(kinds[column].any(axis=1) for column in table.inputs))
    best = table.outcome("best", rule)
    first = np.full(len(rule), NOTHING, np.int32)
    for number, column in enumerate(table.inputs):  # row n of the tables speaks of the n-th kind
        chosen = rule == number
        first[chosen] = first_day(day[chosen], kinds[column][chosen])
    if rules.no_assessment == "MISSING":
        best = np.where(rule == len(table.inputs), np.int8(table.outputs["best"].index("MISSING")), best)
    return {name: best, f"{name}_date": first, f"{name}_rule": rule}


def progression_day(overall: Ints, day: Ints, rules: BestResponseRules) -> npt.NDArray[np.int32]:
    """First iUPD of the block that ends in iCPD; of one that stays open where `i_unconfirmed_is_event`.

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
    counts = not isinstance(rules, ConfirmedProgression) or rules.i_unconfirmed_is_event
    return np.where((found == NOTHING) & counts, begin, found).astype(np.int32)
