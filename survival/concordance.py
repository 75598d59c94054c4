"""Two evaluators of the same subjects: agreement on best response and on progression.

Kappa: Cohen 1960.  Positive and negative agreement: Cicchetti and Feinstein, J Clin Epidemiol 1990; 43:
551-558.  Progression: Amit 2011 (see `survival.progression_status`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from recist import BEST, IMMUNE_BEST, InputError
from survival.agreement import cohen_kappa
from survival.groups import as_columns, groups
from survival.progression_status import DIFFERENCE, discrepancy_rates, progression_status, rate_differences
from survival.proportion import clopper_pearson

READ = {  # column before those of `by` -> sentence
    "subject": "as in `subjects`",
    "read_by": "both, first, second or neither",
    "first_best": "best response by the first evaluator; missing when there is none",
    "second_best": "best response by the second",
    "first_best_date": "its date",
    "second_best_date": "its date",
    "best_agrees": "both have the same best response; missing unless both read",
    "first_progression": "first progression by the first evaluator",
    "second_progression": "first progression by the second",
    "difference_days": "second date of progression minus first, days",
    "status": "a1, a2, a3, b, c or d (`STATUS`); missing unless both read",
}
AGREEMENT = {  # column after the groups -> sentence
    "n": "subjects whom both evaluators read",
    "only_first": "subjects whom the first alone read",
    "only_second": "subjects whom the second alone read",
    "neither": "subjects whom neither read",
    "agreeing": "subjects with the same best response",
    "agreement": "agreeing / n",
    "agreement_lower": "lower limit, Clopper-Pearson",
    "agreement_upper": "upper limit, Clopper-Pearson",
    "kappa": "Cohen's kappa over all categories; missing when not estimable",
    "kappa_lower": "lower limit",
    "kappa_upper": "upper limit",
    "ordered": "subjects in whom both have CR, PR, SD (or NON-CR/NON-PD) or PD",
    "weighted_kappa": "kappa of these with linear weights",
    "weighted_kappa_lower": "lower limit",
    "weighted_kappa_upper": "upper limit",
    "response_both": "responders (CR or PR) by both",
    "response_first": "by the first only",
    "response_second": "by the second only",
    "response_neither": "by neither",
    "response_agreement": "(both + neither) / n",
    "positive_agreement": "2 both / (2 both + first only + second only)",
    "negative_agreement": "2 neither / (2 neither + first only + second only)",
    "response_kappa": "Cohen's kappa of responder, yes or no",
    "response_kappa_lower": "lower limit",
    "response_kappa_upper": "upper limit",
}
TERMS = tuple(dict.fromkeys((*BEST, *IMMUNE_BEST)))
RESPONSE = ("CR", "PR", "iCR", "iPR")
ORDERED = {  # best response -> its grade, for weighted kappa
    "CR": "CR",
    "PR": "PR",
    "SD": "SD",
    "NON-CR/NON-PD": "SD",
    "PD": "PD",
    "iCR": "CR",
    "iPR": "PR",
    "iSD": "SD",
    "NON-iCR/NON-iUPD": "SD",
    "iUPD": "PD",
    "iCPD": "PD",
}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How two evaluators are compared; a variant is an edit."""

    response: Literal["best_response", "confirmed_best_response"] = "best_response"
    tolerance_days: int = 0  # dates of progression no further apart agree
    reference: str | None = None  # arm the rates of discrepancy of the others are compared with
    level: float = 0.95


@dataclass(frozen=True)
class Concordance:
    """Agreement of two evaluators.

    `subjects` has one row per subject (`READ` and the groups), `counts` the pairs of best responses,
    `agreement` one row per group (`AGREEMENT`), `progression` one row per group (`PROGRESSION`), `difference`
    the discrepancy rates of each arm against the reference.
    """

    evaluators: tuple[str, str]
    by: tuple[str, ...]
    rules: Comparison
    subjects: pd.DataFrame
    counts: pd.DataFrame
    agreement: pd.DataFrame
    progression: pd.DataFrame
    difference: pd.DataFrame


def concordance(
    best: pd.DataFrame,
    subjects: pd.DataFrame,
    evaluators: tuple[str, str],
    by: str | Sequence[str] | None = None,
    rules: Comparison = Comparison(),
) -> Concordance:
    """Agreement of two evaluators on best response and on progression, for each group.

    Parameters
    ----------
    best : frame of `recist.best_response` with both evaluators, of one criteria.
    subjects : one row per subject; rows of `best` whose subject is not in it do not count.
    evaluators : the first (usually the investigator) and the second (independent review).
        Early and late are said of the first.
    by : columns of `subjects` to group by.
    rules : confirmed or unconfirmed response, days within which dates agree, reference arm, confidence level.

    Returns
    -------
    Concordance

    Raises
    ------
    InputError : a column is missing, an evaluator is unknown, or there are several criteria.

    Notes
    -----
    Kappa and the rates are of subjects whom both evaluators read; docs/decisions/0404-concordance.md.

    Examples
    --------
    >>> best = pd.DataFrame({"subject": ["1", "2", "1", "2"], "evaluator": ["INV", "INV", "IRC", "IRC"],
    ...     "best_response": ["PR", "SD", "PR", "PD"], "best_response_date": pd.Timestamp("2024-03-01"),
    ...     "progression_date": pd.to_datetime([None, "2024-06-01", None, "2024-03-01"])})
    >>> found = concordance(best, pd.DataFrame({"subject": ["1", "2"]}), ("INV", "IRC"))
    >>> found.agreement["agreement"].tolist(), found.subjects["status"].tolist()
    ([0.5], ['d', 'a2'])
    """
    by = as_columns(by)
    _check(best, subjects, evaluators, rules)
    read = _read(best, subjects, evaluators, by, rules)
    both = read[read["read_by"] == "both"]
    parts = groups(read, by)
    agreement = [dict(zip(by, key, strict=True)) | _agreement(part, rules) for key, part in parts]
    progression = discrepancy_rates(read, by, rules.level)
    return Concordance(
        evaluators=evaluators,
        by=tuple(by),
        rules=rules,
        subjects=read,
        counts=_counts(both, by),
        agreement=pd.DataFrame(agreement, columns=[*by, *AGREEMENT]),
        progression=progression,
        difference=_differences(progression, by, rules),
    )


def _check(
    best: pd.DataFrame, subjects: pd.DataFrame, evaluators: tuple[str, str], rules: Comparison
) -> None:
    """An error for what would give a wrong answer without a word."""
    needed = ("subject", "evaluator", rules.response, f"{rules.response}_date", "progression_date")
    if absent := [name for name in needed if name not in best]:
        raise InputError(f"best has no column {absent[0]!r}; it has {', '.join(map(str, best))}")
    if "subject" not in subjects:
        raise InputError(f"subjects has no column 'subject'; it has {', '.join(map(str, subjects))}")
    known = sorted(best["evaluator"].astype(str).unique())
    for name in evaluators:
        if name not in known:
            raise InputError(f"best has no evaluator {name!r}; it has {', '.join(known)}")
    if evaluators[0] == evaluators[1]:
        raise InputError(f"{evaluators[0]!r} cannot be compared with itself; name two evaluators")
    if "criteria" in best and len(best["criteria"].astype(str).unique()) > 1:
        names = ", ".join(sorted(best["criteria"].astype(str).unique()))
        raise InputError(f"best holds several criteria ({names}); keep the rows of one of them")
    chosen = best[best["evaluator"].astype(str).isin(evaluators).to_numpy()]
    for name, frame, keys in (
        ("best", chosen, ["subject", "evaluator"]),
        ("subjects", subjects, ["subject"]),
    ):
        if len(twice := frame[frame.duplicated(keys)]):
            place = ", ".join(str(value) for value in twice.iloc[0][keys])
            raise InputError(f"{place} has more than one row in {name}; keep one")


def _read(
    best: pd.DataFrame, subjects: pd.DataFrame, evaluators: tuple[str, str], by: list[str], rules: Comparison
) -> pd.DataFrame:
    """One row per subject with what each evaluator found."""
    rows = subjects.assign(subject=subjects["subject"].astype(str))[["subject", *by]]
    for side, name in zip(("first", "second"), evaluators, strict=True):
        mine = best[(best["evaluator"].astype(str) == name).to_numpy()]
        mine = mine.assign(subject=mine["subject"].astype(str))
        columns = {
            rules.response: f"{side}_best",
            f"{rules.response}_date": f"{side}_best_date",
            "progression_date": f"{side}_progression",
        }
        renamed = mine[["subject", *columns]].rename(columns=columns)
        rows = rows.merge(renamed, "left", "subject", validate="m:1")
    return _compared(rows, rules)[[*READ, *by]]


def _compared(rows: pd.DataFrame, rules: Comparison) -> pd.DataFrame:
    """Who read, and whether they agree; a best response without a date comes from no assessment."""
    one, two = (rows[f"{side}_best_date"].notna().to_numpy() for side in ("first", "second"))
    read_by = np.select([one & two, one, two], ["both", "first", "second"], "neither")
    first, second = rows["first_progression"], rows["second_progression"]
    same = (rows["first_best"].astype("string") == rows["second_best"].astype("string")).astype("boolean")
    status = progression_status(first, second, rules.tolerance_days)
    return rows.assign(
        read_by=pd.Categorical(read_by, ["both", "first", "second", "neither"]),
        best_agrees=same.where(read_by == "both"),
        difference_days=(second - first).dt.days.astype("Int64"),
        status=status.where(read_by == "both"),
    )


def _counts(both: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Subjects with each pair of best responses, in the order of the terms."""
    pair = {
        name: pd.Categorical(both[name].astype("string"), list(TERMS))
        for name in ("first_best", "second_best")
    }
    keys = [*by, *pair]
    return both.assign(**pair).groupby(keys, observed=True, sort=True).size().rename("n").reset_index()


def _agreement(part: pd.DataFrame, rules: Comparison) -> dict[str, Any]:
    """The row of `AGREEMENT` of one group."""
    both = part[part["read_by"] == "both"]
    first, second = both["first_best"].astype(str), both["second_best"].astype(str)
    agreeing = int((first == second).sum())
    lower, upper = clopper_pearson(agreeing, len(both), rules.level)
    ordered = first.isin(list(ORDERED)) & second.isin(list(ORDERED))
    order = list(dict.fromkeys(ORDERED.values()))
    weighted = cohen_kappa(
        first[ordered].map(ORDERED), second[ordered].map(ORDERED), "linear", order, rules.level
    )
    return {
        "n": len(both),
        "only_first": int((part["read_by"] == "first").sum()),
        "only_second": int((part["read_by"] == "second").sum()),
        "neither": int((part["read_by"] == "neither").sum()),
        "agreeing": agreeing,
        "agreement": agreeing / len(both) if len(both) else np.nan,
        "agreement_lower": float(lower),
        "agreement_upper": float(upper),
        **_kappa("kappa", cohen_kappa(first, second, "unweighted", TERMS, rules.level)),
        "ordered": int(ordered.sum()),
        **_kappa("weighted_kappa", weighted),
        **_responders(first.isin(RESPONSE), second.isin(RESPONSE), rules),
    }


def _responders(first: pd.Series[bool], second: pd.Series[bool], rules: Comparison) -> dict[str, Any]:
    """Responder by each: the four cells and what is made of them."""
    a, b = int((first & second).sum()), int((first & ~second).sum())
    c, d = int((~first & second).sum()), int((~first & ~second).sum())
    kappa = cohen_kappa(first, second, "unweighted", (True, False), rules.level)
    return {
        "response_both": a,
        "response_first": b,
        "response_second": c,
        "response_neither": d,
        "response_agreement": _share(a + d, a + b + c + d),
        "positive_agreement": _share(2 * a, 2 * a + b + c),
        "negative_agreement": _share(2 * d, 2 * d + b + c),
        **_kappa("response_kappa", kappa),
    }


def _share(count: int, n: int) -> float:
    return count / n if n else np.nan


def _kappa(name: str, found: pd.DataFrame) -> dict[str, float]:
    row = found.iloc[0]
    return {name: row["estimate"], f"{name}_lower": row["lower"], f"{name}_upper": row["upper"]}


def _differences(progression: pd.DataFrame, by: list[str], rules: Comparison) -> pd.DataFrame:
    """Discrepancy rates of the arms against the reference; empty without one."""
    if rules.reference is None:
        return pd.DataFrame(columns=list(DIFFERENCE))
    if len(by) != 1:
        raise InputError(f"a reference arm needs one grouping column, not {', '.join(by) or 'none'}")
    known = progression[by[0]].astype(str).tolist()
    if rules.reference not in known:
        raise InputError(f"no arm {rules.reference!r} was read by both; there are {', '.join(known)}")
    return rate_differences(progression, by[0], rules.reference, rules.level)
