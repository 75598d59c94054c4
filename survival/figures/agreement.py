"""Agreement of two readers: how often each pair of best responses occurs, as a shaded table.

Kappa and limits are those of `survival.concordance`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recist import in_order
from survival.concordance import Concordance
from survival.figures.look import AgreementLook
from survival.groups import ALL, label
from survival.results import percent_text, ratio_text

CELL, AGREEMENT, KAPPA, WEIGHTED = "cell", "agreement", "kappa", "weighted kappa"
COLUMNS = {  # one row per pair of responses, and per measure of agreement
    "part": f"{CELL}, {AGREEMENT}, {KAPPA} or {WEIGHTED}",
    "group": "the arm as printed",
    "first": "best response by the first reader; empty for measures",
    "second": "best response by the second",
    "n": "subjects with this pair; measures: subjects whom both read",
    "total": "measures: all subjects of the group, read by both or not; 0 on cells",
    "share": "n / all subjects of the group whom both read",
    "estimate": "share that agrees, or kappa; missing when not estimable",
    "lower": "lower limit",
    "upper": "upper limit",
}


def agreement_numbers(found: Concordance) -> pd.DataFrame:
    """What the figure shows, with the columns of `COLUMNS`.

    Parameters
    ----------
    found : result of `concordance`.

    Returns
    -------
    frame: for each group every pair of the responses that occur, from best to worst, then the measures.

    Examples
    --------
    >>> from survival import concordance
    >>> best = pd.DataFrame({"subject": ["1", "2", "1", "2"], "evaluator": ["INV", "INV", "IRC", "IRC"],
    ...     "best_response": ["PR", "SD", "PR", "PR"], "best_response_date": pd.Timestamp("2024-03-01"),
    ...     "progression_date": pd.NaT})
    >>> numbers = agreement_numbers(concordance(best, pd.DataFrame({"subject": ["1", "2"]}), ("INV", "IRC")))
    >>> numbers.loc[numbers["part"] == "cell", ["first", "second", "n"]].values.tolist()
    [['PR', 'PR', 1], ['PR', 'SD', 0], ['SD', 'PR', 1], ['SD', 'SD', 0]]
    """
    by, counts = list(found.by), found.counts
    pairs = counts[["first_best", "second_best"]].astype(str)
    terms = in_order(set(pairs["first_best"]) | set(pairs["second_best"]))
    keys = _keys(counts, by)
    rows: list[dict[str, Any]] = []
    for key, measures in zip(_keys(found.agreement, by), found.agreement.to_dict("records"), strict=True):
        mine = counts[[one == key for one in keys]]
        n = int(measures["n"])
        for first in terms:
            for second in terms:
                here = (mine["first_best"].astype(str) == first) & (mine["second_best"].astype(str) == second)
                count = int(mine.loc[here, "n"].sum())
                share = count / n if n else np.nan
                pair = {"part": CELL, "group": key, "first": first, "second": second}
                rows.append(pair | {"n": count, "total": 0, "share": share})
        for part, name in ((AGREEMENT, "agreement"), (KAPPA, "kappa"), (WEIGHTED, "weighted_kappa")):
            limits = {side: measures[f"{name}_{side}"] for side in ("lower", "upper")}
            everyone = n + sum(int(measures[name]) for name in ("only_first", "only_second", "neither"))
            numbers = {"n": n, "total": everyone, "estimate": measures[name], **limits}
            rows.append({"part": part, "group": key, "first": "", "second": "", **numbers})
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype(
        {"n": "int64", "total": "int64", "share": float, "estimate": float, "lower": float, "upper": float}
    )


def agreement_plot(found: Concordance, look: AgreementLook | None = None) -> Any:
    """Draw the agreement of two readers as a shaded table for each group.

    Parameters
    ----------
    found : result of `concordance`.
    look : `AgreementLook`: width, caption.

    Returns
    -------
    matplotlib Figure, not registered with pyplot; write it with `recist.save_figure`.

    Raises
    ------
    InputError : more groups than fit on a page (two of single width, four of double width).
    """
    from survival.figures.agreement_ink import draw

    return draw(agreement_numbers(found), found.evaluators, _what(found), look or AgreementLook())


def agreement_pages(found: Concordance, look: AgreementLook | None = None) -> list[Any]:
    """Draw the agreement of two readers on as many pages as the groups need.

    Parameters
    ----------
    found, look : as in `agreement_plot`.

    Returns
    -------
    list of matplotlib Figures, groups in their order: two on a page of single width, four of double width.
    """
    from survival.figures.agreement_ink import MOST, draw

    numbers, chosen = agreement_numbers(found), look or AgreementLook()
    groups = list(dict.fromkeys(numbers["group"]))
    most = MOST[chosen.width]
    parts = [groups[n : n + most] for n in range(0, len(groups), most)]
    pages = [numbers[numbers["group"].isin(part)] for part in parts] or [numbers]
    return [draw(page, found.evaluators, _what(found), chosen) for page in pages]


def _what(found: Concordance) -> str:
    """What is compared, and what stands in brackets."""
    response = "Confirmed best" if found.rules.response == "confirmed_best_response" else "Best"
    return f"{response} overall response; in brackets {100 * found.rules.level:g}% CI."


def measures_text(numbers: pd.DataFrame, group: str) -> str:
    """The measures of one group as a sentence."""
    rows = numbers[(numbers["group"] == group) & (numbers["part"] != CELL)]
    told = []
    for row in rows.to_dict("records"):
        text = percent_text if row["part"] == AGREEMENT else ratio_text
        one, low, high = (text(row[name]) for name in ("estimate", "lower", "upper"))
        told.append(f"{row['part']} {one}" + ("" if one == "NE" else f" ({low}, {high})"))
    return ", ".join(told)


def read_text(numbers: pd.DataFrame, group: str) -> str:
    """How many subjects of a group both read."""
    row = numbers[(numbers["group"] == group) & (numbers["part"] == AGREEMENT)].iloc[0]
    return f"{row['n']} of {row['total']} read by both"


def alt_text(numbers: pd.DataFrame, evaluators: tuple[str, str]) -> str:
    """The figure in words."""
    parts = [f"Best responses by {evaluators[0]} (rows) and {evaluators[1]} (columns)."]
    for group, part in numbers.groupby("group", sort=False):
        cells = part[(part["part"] == CELL) & (part["n"] > 0)]
        pairs = [
            f"{a} and {b} {n}" for a, b, n in zip(cells["first"], cells["second"], cells["n"], strict=True)
        ]
        both = read_text(numbers, str(group))
        parts.append(
            f"{group} ({both}): {', '.join(pairs) or 'nobody'}; {measures_text(numbers, str(group))}."
        )
    return " ".join(parts)


def _keys(frame: pd.DataFrame, by: list[str]) -> list[str]:
    """The printed group of each row."""
    if not by:
        return [ALL] * len(frame)
    return [label(key) for key in frame[by].itertuples(index=False, name=None)]
