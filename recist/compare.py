"""The same lesions under several criteria: where they part, what it does to best response and progression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from recist.brief import brief_reason
from recist.errors import InputError
from recist.terms import BESIDE

SERIES = ["subject", "evaluator"]
PARTED = {  # column -> sentence
    "subject": "Who.",
    "evaluator": "Who read the scans.",
    "visit": "Label of the visit.",
    "date": "Date of the response under `criteria`; under the other where that has none.",
    "criteria": "One criteria ...",
    "response": "... and its response; missing when it has none at this visit.",
    "reason": "Rule and numbers behind it.",
    "other_criteria": "The other criteria ...",
    "other_response": "... and its response.",
    "other_reason": "Rule and numbers behind that one.",
}
CROSSED = {
    "evaluator": "Who read the scans.",
    "criteria": "One criteria.",
    "other_criteria": "The other.",
    "confirmation": "`not required` or `required`.",
    "best_response": "Best response under `criteria`.",
    "other_best_response": "Best response under `other_criteria`.",
    "n": "Subjects with this pair.",
}
PROGRESSED = {
    "subject": "Who.",
    "evaluator": "Who read the scans.",
    "criteria": "One criteria.",
    "other_criteria": "The other.",
    "progression_date": "First progression under `criteria`.",
    "other_progression_date": "First progression under `other_criteria`.",
    "difference_days": "The second minus the first, days; missing where one has none.",
    "timing": "`same day`, `earlier`, `later` (of the other), `only here`, `only there`.",
}


@dataclass(frozen=True)
class CriteriaComparison:
    """Each pair of criteria on the same readings.

    `visits` lists the visits where they part (`PARTED`), `best` counts pairs of best responses (`CROSSED`),
    `progression` has the dates of first progression of whoever progressed under either (`PROGRESSED`).
    """

    visits: pd.DataFrame
    best: pd.DataFrame
    progression: pd.DataFrame


def compare_criteria(responses: pd.DataFrame, best: pd.DataFrame | None = None) -> CriteriaComparison:
    """Where criteria part on the same lesions, and what that changes.

    Parameters
    ----------
    responses : DataFrame
        From `recist.assess` with a list of criteria.  Of a row with `ioverall` that is the response.
    best : DataFrame, optional
        From `recist.best_response`; derived from `responses` when left out.

    Returns
    -------
    CriteriaComparison
        Three frames, with the first-named criteria of each pair first; dates compared in days.

    Raises
    ------
    InputError
        When there is only one criteria, or a visit has two responses under one of them.

    Notes
    -----
    iCR, iPR, iSD and iCPD agree with CR, PR, SD and PD; iUPD agrees with nothing, because it is neither
    progression nor stable disease (docs/decisions/0402-where-criteria-part.md).

    Examples
    --------
    >>> import recist
    >>> lesions = pd.DataFrame({"subject": "01", "visit": ["BASELINE", "WEEK 8"], "lesion": "T1",
    ...     "role": "target", "date": ["2024-01-02", "2024-02-27"], "organ": "LIVER",
    ...     "diameter_mm": [50, 36]})
    >>> responses = recist.assess(lesions, ["recist_1_1", "recist_1_1[pr_pct=25]"])
    >>> compare_criteria(responses).visits[["visit", "response", "other_response"]].values.tolist()
    [['WEEK 8', 'SD', 'PR']]
    """
    from recist.best_response import best_response

    pairs = _pairs(responses)
    rows = _one_per_visit(responses)
    found = best if best is not None else best_response(responses)
    return CriteriaComparison(
        visits=_all([_parted(rows, a, b) for a, b in pairs], PARTED),
        best=_all([_crossed(found, a, b) for a, b in pairs], CROSSED),
        progression=_all([_progressed(found, a, b) for a, b in pairs], PROGRESSED),
    )


def shown_response(responses: pd.DataFrame) -> pd.Series:
    """The response a criteria gives: `ioverall` where there is one, else `overall`; as text."""
    overall = responses["overall"].astype("string")
    if "ioverall" not in responses:
        return overall
    return responses["ioverall"].astype("string").fillna(overall)


def _pairs(responses: pd.DataFrame) -> list[tuple[str, str]]:
    if "criteria" not in responses:
        raise InputError("The responses have no column 'criteria', so there is nothing to compare.")
    labels = [str(label) for label in responses["criteria"].unique()]
    if len(labels) < 2:
        there = labels[0] if labels else "none"
        raise InputError(
            f"The responses are of one criteria only ({there}). Assess the lesions with a list of criteria."
        )
    return list(combinations(labels, 2))


def _one_per_visit(responses: pd.DataFrame) -> pd.DataFrame:
    rows = responses.assign(response=shown_response(responses))
    key = [*SERIES, "criteria", "visit"]
    twice = rows[rows.duplicated(key)]
    if len(twice):
        first = twice.iloc[0]
        place = f"{first['subject']}, {first['evaluator']}, {first['visit']}"
        raise InputError(f"{place}: two responses under {first['criteria']}. Keep one.")
    return rows


def _under(frame: pd.DataFrame, criteria: str) -> pd.DataFrame:
    return frame[(frame["criteria"].astype(str) == criteria).to_numpy()]


def _parted(rows: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """Visits at which the two criteria say different things."""
    sides = [
        _under(rows, name)[[*SERIES, "visit", "date", "response"]].assign(row=np.flatnonzero(_is(rows, name)))
        for name in (a, b)
    ]
    both = sides[0].merge(sides[1], "outer", [*SERIES, "visit"], suffixes=("", "_other"))
    words = [both[name].replace(BESIDE).fillna("") for name in ("response", "response_other")]
    parted = both[(words[0] != words[1]).to_numpy()]
    date = parted["date"].fillna(parted["date_other"])
    result = parted[[*SERIES, "visit", "response"]].assign(
        date=date,
        criteria=a,
        reason=list(_reasons(rows, parted["row"])),
        other_criteria=b,
        other_response=parted["response_other"],
        other_reason=list(_reasons(rows, parted["row_other"])),
    )
    return result.sort_values([*SERIES, "date"], kind="stable")


def _is(rows: pd.DataFrame, criteria: str) -> np.ndarray:
    return (rows["criteria"].astype(str) == criteria).to_numpy()


def _reasons(rows: pd.DataFrame, positions: pd.Series) -> Iterator[str]:
    """The short explanation of each row; empty where there is none."""
    there = rows.iloc[positions.dropna().astype(int)]
    texts = iter([brief_reason(row) for row in there.itertuples()])
    for position in positions:
        yield "" if pd.isna(position) else next(texts)


def _crossed(best: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """Counts of pairs of best responses, without and with confirmation, in the order of the terms."""
    pieces = []
    for column, word in (("best_response", "not required"), ("confirmed_best_response", "required")):
        both = _side_by_side(best, column, a, b)
        pair = ["evaluator", column, f"{column}_other"]
        count = both.groupby(pair, observed=True, sort=True).size().rename("n").reset_index()
        names = {column: "best_response", f"{column}_other": "other_best_response"}
        text = count.astype(dict.fromkeys(pair[1:], "string"))
        pieces.append(text.rename(columns=names).assign(criteria=a, other_criteria=b, confirmation=word))
    return pd.concat(pieces, ignore_index=True)


def _side_by_side(best: pd.DataFrame, column: str, a: str, b: str) -> pd.DataFrame:
    left, right = (_under(best, name)[[*SERIES, column]] for name in (a, b))
    return left.merge(right, "inner", SERIES, suffixes=("", "_other"))


def _progressed(best: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """Dates of first progression of whoever progressed under one of the two."""
    both = _side_by_side(best, "progression_date", a, b)
    here, there = both["progression_date"], both["progression_date_other"]
    days = (there - here).dt.days.astype("Int64")
    timing = np.select(
        [here.isna(), there.isna(), there < here, there > here],
        ["only there", "only here", "earlier", "later"],
        "same day",
    )
    result = both.rename(columns={"progression_date_other": "other_progression_date"}).assign(
        criteria=a, other_criteria=b, difference_days=days, timing=timing
    )
    return result[(here.notna() | there.notna()).to_numpy()]


def _all(pieces: list[pd.DataFrame], columns: dict[str, str]) -> pd.DataFrame:
    """The pieces of all pairs with the columns of their dictionary."""
    return pd.concat([piece[list(columns)] for piece in pieces], ignore_index=True)
