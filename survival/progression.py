"""Date of progression from the responses of the visits: the first of its kind, or that of a block of iRECIST.

Seymour, Lancet Oncol 2017; 18: e143: the date is that of the first iUPD of the block that ends in iCPD; an iUPD that
iSD, iPR or iCR follows is none (docs/decisions/0208).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

import recist
from recist import Criteria, all_criteria, get_criteria
from survival.fact_rules import FactRules
from survival.fact_sources import blank

CONFIRMED = ("iCPD", "PD")
IMMUNE = "irecist"


def progression(seen: pd.DataFrame, n: int, rules: FactRules, criteria: str) -> pd.DataFrame:
    """`date` of progression and whether it is `confirmed`, one row per position; RECIST needs no confirmation.

    `seen` has `position date overall progressed`, no later than the data are to be known.
    """
    if rules.progression_dated == "first":
        date = by_subject(seen[seen["progressed"]], n, "min")
        return pd.DataFrame({"date": date, "confirmed": date.notna()})
    date = _of_blocks(seen, n, rules, criteria)
    confirmation = by_subject(seen[seen["overall"].isin(CONFIRMED)], n, "min")
    if rules.progression_dated == "confirmation":
        date = confirmation.fillna(date)
    return pd.DataFrame({"date": date, "confirmed": confirmation.notna()})


def by_subject(seen: pd.DataFrame, n: int, pick: str) -> pd.Series[Any]:
    """Earliest or latest date of each subject, missing where there is none."""
    found: pd.Series[Any] = seen.groupby("position")["date"].agg(pick).reindex(range(n))
    return found.astype("datetime64[ns]")


def _of_blocks(seen: pd.DataFrame, n: int, rules: FactRules, criteria: str) -> pd.Series[Any]:
    """First iUPD of the block that counts, as `recist.best_response` finds it, whatever therapy came."""
    found = blank(n)
    known = seen[seen["overall"].notna()]
    if known.empty:
        return found
    frame = pd.DataFrame(
        {
            "subject": known["position"].astype(str),
            "date": known["date"],
            "start_date": known["date"].min(),
            "overall": known["overall"].astype(str),
            "ioverall": known["overall"].astype(str),
        }
    )
    best = recist.best_response(frame, rules=_conventions(rules, criteria))
    place = best["subject"].astype(str).astype(int).to_numpy()
    found.iloc[place] = best["progression_date"].astype("datetime64[ns]").to_numpy()
    return found


def _conventions(rules: FactRules, criteria: str) -> Criteria:
    """The criteria of the responses, every record counted; what an open block means may be set here."""
    name = criteria.split("[")[0]
    known = get_criteria(criteria if name in all_criteria() else IMMUNE)
    chosen = known if hasattr(known, "i_unconfirmed_is_event") else get_criteria(IMMUNE)
    edits: dict[str, Any] = {"nact_rule": "ignore", "first_record": "any"}
    if rules.unconfirmed != "as_criteria":
        edits["i_unconfirmed_is_event"] = rules.unconfirmed == "event"
    return replace(chosen, **edits)
