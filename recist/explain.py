"""Why is this response what it is?  Numbers, then rules, then where to read them."""

from __future__ import annotations

from difflib import get_close_matches

import pandas as pd

from recist.criteria.base import BestResponseRules
from recist.errors import InputError
from recist.explain_best import explain_best
from recist.explain_visit import explain_visit


def explain(
    responses: pd.DataFrame,
    subject: str,
    visit: str | None = None,
    evaluator: str | None = None,
    lesions: pd.DataFrame | None = None,
    rules: BestResponseRules | None = None,
) -> str:
    """The reasoning behind one response, as a person would write it in reply to a query.

    Parameters
    ----------
    responses : DataFrame
        From `recist.assess` or `recist.assess_leukaemia`; several readers or criteria are explained one
        after the other.
    subject : str
        Who.
    visit : str, optional
        Label of a visit; without it the best response and the chain of visits behind it.
    evaluator : str, optional
        One reader.
    lesions : DataFrame, optional
        The lesion table: each lesion is then listed with its size or state.
    rules : BestResponseRules, optional
        As handed to `best_response`, when not those of the criteria.

    Returns
    -------
    str
        Sums in mm, changes in per cent, the table rows that decided with their citation, and what kept the
        response from being another one.

    Raises
    ------
    InputError
        When there is no such subject, visit or reader; the message names the nearest.

    Examples
    --------
    >>> import recist
    >>> lesions = pd.DataFrame({"subject": "01", "visit": ["BASELINE", "WEEK 8"], "lesion": "T1", "role": "target",
    ...     "date": ["2024-01-02", "2024-02-27"], "organ": "LIVER", "diameter_mm": [50, 35]})
    >>> print(explain(recist.assess(lesions), "01", "WEEK 8").split("\\n")[0])
    RECIST 1.1, subject 01, INVESTIGATOR, WEEK 8 (2024-02-27, day 56): PR
    """
    if "response_rule" in responses:  # of `assess_leukaemia`
        from recist.leukaemia.explain import explain_leukaemia

        return explain_leukaemia(responses, subject, visit, evaluator)
    mine = _chosen(responses, "subject", subject)
    if evaluator is not None:
        mine = _chosen(mine, "evaluator", evaluator)
    if visit is not None:
        _chosen(mine, "visit", visit)
    keys = [c for c in ("evaluator", "criteria") if c in mine]
    if missing := {"evaluator", "criteria"} - set(keys):
        mine = mine.assign(**{c: {"evaluator": "INVESTIGATOR", "criteria": "recist_1_1"}[c] for c in missing})
    parts = []
    for _, series in mine.groupby(["evaluator", "criteria"], observed=True, sort=False):
        ordered = series.sort_values("date", kind="stable")
        if visit is None:
            parts.append("\n".join(explain_best(ordered, rules)))
            continue
        for position in [n for n, label in enumerate(ordered["visit"]) if str(label) == visit]:
            row = next(ordered.iloc[[position]].itertuples())
            earlier = list(ordered.iloc[:position].itertuples())
            parts.append("\n".join(explain_visit(row, earlier, lesions)))
    return "\n\n".join(parts)


def _chosen(frame: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    if column not in frame:
        raise InputError(f"The responses have no column {column!r}.")
    found = (
        frame[frame[column].astype(str) == value] if len(frame) < 10_000 else frame[frame[column] == value]
    )
    if found.empty:
        known = sorted({str(v) for v in frame[column].unique()})
        near = get_close_matches(value, known, n=1, cutoff=0.0)
        hint = f" Did you mean {near[0]!r}?" if near and len(known) > 8 else f" There are {', '.join(known)}."
        raise InputError(f"No response with {column} {value!r}.{hint if known else ''}")
    return found
