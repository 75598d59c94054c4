"""Discordance listing: where two evaluators part in a subject, with the explanation of each.

What counts is best response and date of progression, as two readers are compared in central review.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from recist import InputError, brief_reason
from survival.concordance import RESPONSE, Concordance
from survival.listings.listing import Listing
from survival.progression_status import STATUS
from survival.tables.table import Shell

DISCORDANT = {  # column -> sentence; the groups follow `subject`
    "subject": "who",
    "outcome": "best response or progression",
    "first": "result of the first evaluator, with its date",
    "second": "result of the second",
    "difference_days": "second date of progression minus first, days",
    "category": "what kind of discordance",
    "first_reason": "rule and numbers behind the first evaluator's",
    "second_reason": "rule and numbers behind the second's",
}
DISCORDANCE = Shell(title="Discordance of evaluators", population="Subjects read by both")


def discordances(found: Concordance, responses: pd.DataFrame) -> pd.DataFrame:
    """Every discordance of best response or progression, each explained from both readings.

    Parameters
    ----------
    found : of `survival.concordance.concordance`.
    responses : of `recist.assess`, with both evaluators; the rows that gave the best responses.

    Returns
    -------
    frame with the columns of `DISCORDANT`, those of the groups after `subject`; by subject.  Where one
    alone saw progression, the reason of the other is that of its last reading up to that day.

    Raises
    ------
    InputError : the responses lack a column or an evaluator.

    Examples
    --------
    >>> import recist
    >>> from survival.concordance import concordance
    >>> lesions = pd.DataFrame({"subject": "01", "visit": ["BASELINE", "WEEK 8"] * 2, "lesion": "T1",
    ...     "evaluator": ["INV", "INV", "IRC", "IRC"], "role": "target", "organ": "LIVER",
    ...     "date": ["2024-01-02", "2024-02-27"] * 2, "diameter_mm": [50, 35, 50, 36]})
    >>> responses = recist.assess(lesions)
    >>> subjects = pd.DataFrame({"subject": ["01"]})
    >>> found = concordance(recist.best_response(responses), subjects, ("INV", "IRC"))
    >>> discordances(found, responses)[["first", "second", "category"]].values.tolist()
    [['PR (2024-02-27)', 'SD (2024-02-27)', 'responder by the first only']]
    """
    both = found.subjects[found.subjects["read_by"] == "both"]
    read = _by_reader(responses, found.evaluators)
    rows = [*_best(found, both, read), *_progression(found, both, read)]
    names = ["subject", *found.by, *list(DISCORDANT)[1:]]
    listing = pd.DataFrame(rows, columns=names).sort_values("subject", kind="stable")
    return listing.reset_index(drop=True).astype({"difference_days": "Int64"})


def discordance_listing(found: Concordance, responses: pd.DataFrame, shell: Shell = DISCORDANCE) -> Listing:
    """The discordances as a listing; parameters and errors are those of `discordances`, `shell` the words."""
    first, second = found.evaluators
    headings = {
        "subject": "Subject",
        **{name: str(name).capitalize() for name in found.by},
        "outcome": "Outcome",
        "first": first,
        "second": second,
        "difference_days": "Difference (days)",
        "category": "Category",
        "first_reason": f"Finding: {first}",
        "second_reason": f"Finding: {second}",
    }
    note = f"First: {first}; second: {second}.  Difference: second date minus first."
    return Listing(
        replace(shell, footnotes=(*shell.footnotes, note)), headings, discordances(found, responses)
    )


Read = dict[tuple[str, str], pd.DataFrame]  # (evaluator, subject) -> responses in date order


def _by_reader(responses: pd.DataFrame, evaluators: tuple[str, str]) -> Read:
    needed = ("subject", "evaluator", "visit", "date", "overall")
    if absent := [name for name in needed if name not in responses]:
        raise InputError(f"responses has no column {absent[0]!r}; it has {', '.join(map(str, responses))}")
    who = responses["evaluator"].astype(str)
    if unknown := [name for name in evaluators if not (who == name).any()]:
        raise InputError(
            f"responses has no evaluator {unknown[0]!r}; it has {', '.join(sorted(who.unique()))}"
        )
    rows = responses[who.isin(evaluators).to_numpy()].sort_values("date", kind="stable")
    keys = [rows[name].astype(str) for name in ("evaluator", "subject")]
    return {(str(key[0]), str(key[1])): part for key, part in rows.groupby(keys, sort=False)}


def _best(found: Concordance, both: pd.DataFrame, read: Read) -> Iterator[dict[str, Any]]:
    """Subjects with two different best responses."""
    row: dict[Any, Any]
    for row in both[~both["best_agrees"].fillna(True).astype(bool)].to_dict("records"):
        responds = [best in RESPONSE for best in (row["first_best"], row["second_best"])]
        category = {
            (True, False): "responder by the first only",
            (False, True): "responder by the second only",
        }.get((responds[0], responds[1]), "another category")
        sides = zip(
            found.evaluators, (row["first_best"], row["second_best"]), _dates(row, "best_date"), strict=True
        )
        texts = [
            (_dated(best, date), _reason(read, name, row["subject"], date)) for name, best, date in sides
        ]
        yield _row(found, row, "best response", texts) | {"category": category}


def _progression(found: Concordance, both: pd.DataFrame, read: Read) -> Iterator[dict[str, Any]]:
    """Subjects in whom progression is not on one day, or seen by one only."""
    row: dict[Any, Any]
    for row in both[both["status"].isin(["a2", "a3", "b", "c"]).to_numpy()].to_dict("records"):
        dates = _dates(row, "progression")
        texts = []
        for name, date, other in zip(found.evaluators, dates, dates[::-1], strict=True):
            if pd.isna(date):
                texts.append(("none", _reason(read, name, row["subject"], other)))
            else:
                texts.append((_dated("PD", date), _reason(read, name, row["subject"], date)))
        yield _row(found, row, "progression", texts) | {
            "difference_days": row["difference_days"],
            "category": f"{row['status']}: {STATUS[row['status']]}",
        }


def _row(
    found: Concordance, row: dict[Any, Any], outcome: str, texts: list[tuple[str, str]]
) -> dict[str, Any]:
    (first, first_reason), (second, second_reason) = texts
    return {
        "subject": row["subject"],
        **{name: row[name] for name in found.by},
        "outcome": outcome,
        "first": first,
        "second": second,
        "difference_days": pd.NA,
        "first_reason": first_reason,
        "second_reason": second_reason,
    }


def _dates(row: dict[Any, Any], name: str) -> list[Any]:
    return [row[f"{side}_{name}"] for side in ("first", "second")]


def _dated(result: object, date: Any) -> str:
    return str(result) if pd.isna(date) else f"{result} ({date:%Y-%m-%d})"


def _reason(read: Read, evaluator: str, subject: str, date: Any) -> str:
    """The short explanation of the last reading up to that day, with its visit."""
    rows = read.get((evaluator, str(subject)))
    if rows is None or pd.isna(date):
        return "no response on record"
    upto = rows[(rows["date"] <= date).to_numpy()]
    if upto.empty:
        return f"no response up to {date:%Y-%m-%d}"
    last: Any = next(upto.tail(1).itertuples())
    return f"{last.visit} ({last.date:%Y-%m-%d}): {brief_reason(last)}"
