"""Best overall response of each subject, unconfirmed and confirmed, from the responses of the visits."""

from __future__ import annotations

from typing import Any

import pandas as pd

from recist.confirmation import CR, PR
from recist.counted import PD, Counted, after_cr, confirmed_kinds, count, decided, first_day, kinds_of
from recist.criteria.base import BestResponseRules
from recist.immune_best import immune_best_response, is_immune
from recist.records import read_records
from recist.rules import get_rules
from recist.several import stack_responses

BEST_COLUMNS = {  # column -> sentence
    "subject": "Who.",
    "evaluator": "Who read the scans.",
    "criteria": "Name of the criteria and every edit of its conventions.",
    "best_response": "Best overall response, confirmation not required.",
    "best_response_date": "Date of the first record that carries it.",
    "best_response_rule": "Row of the table that decided it.",
    "confirmed_best_response": "Best overall response, confirmation required.",
    "confirmed_best_response_date": "Date of the first record that carries it.",
    "confirmed_best_response_rule": "Row of the table that decided it.",
    "response_date": "First CR or PR.",
    "confirmed_response_date": "First CR or PR that is confirmed later.",
    "progression_date": "First PD.",
}


def best_response(
    responses: pd.DataFrame, rules: BestResponseRules | None = None, subjects: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Best overall response of every subject, evaluator and criteria, without and with confirmation.

    Parameters
    ----------
    responses : DataFrame
        Responses by visit, derived or recorded: `subject`, `date`, `overall`, `start_date`; `evaluator`,
        `criteria`, `target` (NA: no target lesions) and `new_therapy_date` where there.
    rules : BestResponseRules, optional
        Minimum duration of SD, confirmation and the rest; by default those of each row's criteria.
    subjects : DataFrame, optional
        The subject table: `new_therapy_date` ends the window, and subjects without any response get a row.

    Returns
    -------
    DataFrame
        One row per subject, evaluator and criteria; the columns of `recist.best_response.BEST_COLUMNS`.  Dates
        are missing where there is no such record.  Only records after the start date, up to and including
        the first PD and not after new anticancer therapy count (RECIST 1.1 section 4.6).

    Raises
    ------
    InputError
        When a column is missing, a date is missing, or a response is not a known term.

    Examples
    --------
    >>> responses = pd.DataFrame({"subject": "01-001", "start_date": pd.Timestamp("2024-01-01"),
    ...     "date": pd.to_datetime(["2024-02-26", "2024-03-25"]), "overall": ["PR", "PR"]})
    >>> best_response(responses).loc[0, ["best_response", "confirmed_best_response"]].tolist()
    ['PR', 'PR']
    """
    immune = is_immune(responses)
    if immune.any():
        mine = responses if immune.all() else responses[immune]
        best = immune_best_response(mine, rules, subjects, list(BEST_COLUMNS))
        if len(mine) == len(responses):
            return best
        others = responses[~immune].drop(columns="ioverall", errors="ignore")
        return stack_responses([best, best_response(others, rules, subjects)])
    records = read_records(responses, subjects)
    pieces, tables = [], []
    for label, _, part in records.by_criteria():
        chosen = rules or get_rules(label)
        pieces.append(best_of(count(part, chosen), chosen))
        tables.append(chosen.tables)
    return records.frame(pieces, tables, list(BEST_COLUMNS))


def best_of(counted: Counted, rules: BestResponseRules) -> dict[str, Any]:
    """The columns of `best` under one set of rules, as codes and days."""
    records, overall = counted.records, counted.overall
    is_cr, is_pr = overall == CR, overall == PR
    kinds = kinds_of(overall, is_cr, is_pr, counted.late) | {"not_done": counted.not_done}
    result = decided("best_response", rules.tables, kinds, records.day, rules)
    result["response_date"] = first_day(records.day, is_cr | is_pr)
    result["progression_date"] = first_day(records.day, kinds["pd"])
    unheld = after_cr(counted.unheld, records.without_targets, rules, PD)
    kinds = confirmed_kinds(unheld, counted, rules) | {"not_done": counted.not_done}
    result |= decided("confirmed_best_response", rules.tables, kinds, records.day, rules)
    result["confirmed_response_date"] = first_day(records.day, kinds["cr"] | kinds["pr"])
    return result
