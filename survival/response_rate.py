"""Response rates with confidence limits: objective response, complete response, disease control, benefit.

RECIST 1.1 sections 4.6.1 to 4.6.3; FDA, Clinical Trial Endpoints (2018), objective response rate: the
proportion of all patients, so a subject who was never assessed stays in the denominator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from recist import BESIDE, BEST, IMMUNE_BEST, InputError
from survival.clinical_benefit import BENEFIT
from survival.groups import as_columns, groups
from survival.proportion import interval


@dataclass(frozen=True)
class Rate:
    """A rate: its name, what it counts, and the flag column that may replace the list of responses."""

    name: str
    title: str
    flag: str
    responses: tuple[str, ...]


RATES = (
    Rate("ORR", "Objective response (CR or PR)", "objective_response", BENEFIT.response),
    Rate("CR", "Complete response", "complete_response", ("CR",)),
    Rate("DCR", "Disease control", "disease_control", BENEFIT.disease_control),
    Rate("CBR", "Clinical benefit", "clinical_benefit", ()),
)
CONFIRMED = {"": "", "confirmed_": " confirmed"}  # prefix of the columns of `best` -> end of the rate's name

COLUMNS = {  # after the columns named in `by`
    "rate": "ORR, CR, DCR, CBR, each also as `ORR confirmed` ...",
    "n": "subjects of the group, assessed or not",
    "responders": "subjects that count",
    "estimate": "responders / n; missing when n is 0",
    "lower": "lower confidence limit, a proportion",
    "upper": "upper confidence limit, a proportion",
    "conf_type": "clopper-pearson or wilson",
    "level": "confidence level, a proportion",
}


def response_rate(
    best: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    conf_type: str = "clopper-pearson",
    level: float = 0.95,
) -> pd.DataFrame:
    """Response rates of each group, unconfirmed and confirmed, with confidence limits.

    Parameters
    ----------
    best : frame with `subject best_response` and `confirmed_best_response`, of one evaluator and criteria; iCR,
        iPR ... of iRECIST count as the responses of RECIST 1.1 beside which they stand.
        Flag columns of `survival.clinical_benefit.benefit_flags`, merged into it, are used where there:
        with `clinical_benefit` there is a clinical benefit rate, without it there is none, because the
        duration of stable disease is not in `best`; `disease_control` carries the convention on NON-CR/NON-PD
        (`BenefitRules.non_target_only`), which does not count otherwise.
    subjects : one row per subject.  Every one is in the denominator; another population is another filter
        of this frame.  Rows of `best` whose subject is not in it do not count.
    by : columns of `subjects` to group by.
    conf_type : `clopper-pearson` or `wilson`.
    level : confidence level, a proportion.

    Returns
    -------
    frame with the columns of `by`, then `rate n responders estimate lower upper conf_type level`; groups in
    the order of their categories, else sorted; rates in the order ORR, CR, DCR, CBR, then confirmed.

    Raises
    ------
    InputError : a column is missing, a subject occurs twice, a response is not a term of RECIST, none of the
        subjects of `best` is in `subjects`, or a group is missing.

    Examples
    --------
    >>> best = pd.DataFrame({"subject": ["1", "2"], "best_response": ["PR", "SD"],
    ...     "confirmed_best_response": ["SD", "SD"]})
    >>> rates = response_rate(best, pd.DataFrame({"subject": ["1", "2", "3", "4"]}))
    >>> rates[["rate", "n", "responders", "estimate"]].to_numpy()[0].tolist()
    ['ORR', 4, 1, 0.25]
    """
    limits, by = interval(conf_type), as_columns(by)
    rows = [
        dict(zip(by, key, strict=True))
        | {"rate": rate, "n": len(part), "responders": int(part[f"rate {rate}"].sum())}
        for key, part in groups(flagged_rates(best, subjects), by)
        for rate in rates_of(best)
    ]
    table = pd.DataFrame(rows)
    for name in by:
        table[name] = table[name].astype(subjects[name].dtype)
    lower, upper = limits(table["responders"], table["n"], level)
    estimate = table["responders"] / table["n"].where(table["n"] > 0)
    return table.assign(estimate=estimate, lower=lower, upper=upper, conf_type=conf_type, level=level)


def rates_of(best: pd.DataFrame) -> list[str]:
    """Names of the rates that the columns of `best` allow, in order."""
    return [
        rate.name + ending
        for prefix, ending in CONFIRMED.items()
        if f"{prefix}best_response" in best
        for rate in RATES
        if rate.responses or prefix + rate.flag in best
    ]


def best_of_all(best: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """Every row of `subjects` with the columns of `best`; missing for a subject that has none there."""
    _check(best, subjects)
    names = ["best_response", "best_response_date", "not_evaluable", *(rate.flag for rate in RATES)]
    taken = [prefix + name for prefix in CONFIRMED for name in names if prefix + name in best]
    left = subjects.drop(columns=[name for name in taken if name in subjects])
    right = best[["subject", *taken]].assign(subject=best["subject"].astype(str))
    return left.assign(subject=left["subject"].astype(str)).merge(right, on="subject", how="left")


def flagged_rates(best: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """Every row of `subjects` with a yes-or-no column for each rate, called `rate ORR` and so on."""
    everyone = best_of_all(best, subjects)
    flags = {}
    for prefix, ending in CONFIRMED.items():
        if f"{prefix}best_response" not in everyone:
            continue
        for rate in RATES:
            if prefix + rate.flag in everyone:
                flag = everyone[prefix + rate.flag].eq(True).fillna(False).to_numpy(bool)
            elif not rate.responses:
                continue  # best responses alone do not say it
            else:
                given = everyone[f"{prefix}best_response"].astype("string").replace(BESIDE)
                flag = given.isin(rate.responses).to_numpy(bool)
            flags[f"rate {rate.name}{ending}"] = flag
    return everyone.assign(**flags)


def _check(best: pd.DataFrame, subjects: pd.DataFrame) -> None:
    """An error for frames that would give a wrong rate without a word."""
    for name, frame, needed in (
        ("best", best, ("subject", "best_response")),
        ("subjects", subjects, ("subject",)),
    ):
        if missing := [column for column in needed if column not in frame]:
            there = ", ".join(map(str, frame))
            raise InputError(f"{name} has no column {', '.join(missing)}; it has {there}")
        ids = frame["subject"].astype(str)
        if ids.duplicated().any():
            raise InputError(_twice(name, frame, ids[ids.duplicated()].iloc[0]))
    for column in ("best_response", "confirmed_best_response"):
        terms = set(best[column].dropna().astype(str)) if column in best else set()
        if terms := terms - {*BEST, *IMMUNE_BEST}:
            raise InputError(f"{column} {', '.join(sorted(terms))} is unknown; known: {', '.join(BEST)}")
    known, mine = set(subjects["subject"].astype(str)), best["subject"].astype(str)
    if len(best) and known and not mine.isin(known).any():
        raise InputError(
            f"no subject of best is in subjects: best begins with {mine.iloc[0]}, "
            f"subjects with {subjects['subject'].iloc[0]}. Are the identifiers written alike?"
        )


def _twice(name: str, frame: pd.DataFrame, subject: str) -> str:
    """Why a subject has two rows, and what to do."""
    for column in ("evaluator", "criteria"):
        values = sorted(frame[column].astype(str).unique()) if column in frame else []
        if name == "best" and len(values) > 1:
            return (
                f"best holds several values of {column} ({', '.join(values)}); keep the rows of one of them"
            )
    return f"subject {subject} has more than one row in {name}; keep one row per subject"
