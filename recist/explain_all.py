"""The reasoning behind every response of a table at once, as `explain` gives it for one."""

from __future__ import annotations

from typing import Any

import pandas as pd

from recist.errors import InputError
from recist.explain_visit import explain_visit


def explain_all(responses: pd.DataFrame) -> pd.Series[Any]:
    """The explanation of each row of `responses`, by the index of `responses`.

    Parameters
    ----------
    responses : DataFrame
        From `recist.assess` or `recist.assess_leukaemia`, of any number of subjects, readers and criteria.

    Returns
    -------
    Series of str
        What `explain(responses, subject, visit, evaluator)` says of each visit: it is given no lesion table,
        so lesions are not listed.

    Raises
    ------
    InputError
        When a column that names a series or its order is missing.

    Examples
    --------
    >>> import recist
    >>> lesions = pd.DataFrame({"subject": "01", "visit": ["BASELINE", "WEEK 8"], "lesion": "T1", "role": "target",
    ...     "date": ["2024-01-02", "2024-02-27"], "organ": "LIVER", "diameter_mm": [50, 35]})
    >>> print(explain_all(recist.assess(lesions))[0].split("\\n")[0])
    RECIST 1.1, subject 01, INVESTIGATOR, WEEK 8 (2024-02-27, day 56): PR
    """
    needed = ("subject", "evaluator", "criteria", "visit", "date")
    if missing := [name for name in needed if name not in responses]:
        raise InputError(f"The responses have no column {missing[0]!r}.")
    texts: list[str] = [""] * len(responses)
    ordered = responses.assign(_place=range(len(responses))).sort_values("date", kind="stable")
    keys = [ordered[name].astype(str) for name in ("subject", "evaluator", "criteria")]
    if "response_rule" in responses:  # of `assess_leukaemia`
        for _, series in ordered.groupby(keys, sort=False):
            _explain_marrow(series.reset_index(drop=True), texts)
        return pd.Series(texts, index=responses.index, dtype="str")
    earlier: dict[tuple[str, str, str], list[Any]] = {}
    for place, key, row in zip(
        ordered.pop("_place").tolist(), zip(*keys, strict=True), ordered.itertuples(), strict=True
    ):
        before = earlier.setdefault(key, [])
        texts[place] = "\n".join(explain_visit(row, before, None))
        before.append(row)
    return pd.Series(texts, index=responses.index, dtype="str")


def _explain_marrow(series: pd.DataFrame, texts: list[str]) -> None:
    """The assessments of one series of marrow, each put in its place."""
    from recist.leukaemia.explain import explain_assessment

    for n, place in enumerate(series.pop("_place").tolist()):
        texts[place] = "\n".join(explain_assessment(series.iloc[[n]], series.iloc[:n]))
