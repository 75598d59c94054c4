"""Concordance of two evaluators: best response, responders, progression and its dates, per group.

Cohen 1960; Cicchetti and Feinstein 1990; Amit 2011: see `survival.concordance`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd

from survival.concordance import TERMS, Concordance
from survival.groups import label
from survival.progression_status import STATUS
from survival.results import ResultRows
from survival.tables.table import Line, Shell, Table, column_sizes

CONCORDANCE = Shell(title="Concordance of evaluators", population="Subjects read by both")
READ_BY = {
    "n": "Read by both",
    "only_first": "Read by {first} only",
    "only_second": "Read by {second} only",
    "neither": "Read by neither",
}
RESPONDERS = {
    "response_both": "Responder by both",
    "response_first": "By {first} only",
    "response_second": "By {second} only",
    "response_neither": "By neither",
}
SHARES = {
    "response_agreement": "Agreement",
    "positive_agreement": "Positive agreement",
    "negative_agreement": "Negative agreement",
}
STATUSES = {
    "a1": "Both, on the same day (a1)",
    "a2": "Both, {first} later (a2)",
    "a3": "Both, {first} earlier (a3)",
    "b": "{first} only (b)",
    "c": "{second} only (c)",
    "d": "Neither (d)",
}
RATES = {
    "edr": "Early discrepancy rate, (b + a3)/(a + b)",
    "ldr": "Late discrepancy rate, (c + a2)/(b + c + a2 + a3)",
}
APART = {  # row -> title, days from the first date to the second: at least, at most
    "days < -28": ("{second} earlier by more than 28 days", -math.inf, -29),
    "days -28 to -1": ("{second} earlier by 1 to 28 days", -28, -1),
    "days 0": ("Same day", 0, 0),
    "days 1 to 28": ("{second} later by 1 to 28 days", 1, 28),
    "days > 28": ("{second} later by more than 28 days", 29, math.inf),
}
NOTES = (
    "Percentages are of the subjects read by both, those below the days of the subjects in whom both saw progression.",
    "Kappa: Cohen 1960, limits by Fleiss, Cohen and Everitt 1969; weighted: linear, over CR, PR, SD (with "
    "NON-CR/NON-PD) and PD.",
    "Positive agreement: 2 both/(2 both + one only); negative alike (Cicchetti and Feinstein 1990).",
    "Rates of discrepancy: Amit and others, Eur J Cancer 2011; 47: 1772-1778; CI of proportions by Clopper "
    "and Pearson, of their differences by Miettinen and Nurminen. NE: not estimable.",
)


def concordance_table(found: Concordance, shell: Shell = CONCORDANCE) -> Table:
    """How far two evaluators agree, one column per group.

    Parameters
    ----------
    found : of `survival.concordance.concordance`.
    shell : title, population, footnotes.

    Returns
    -------
    Table with `.results`, `.frame`, `.to_html(path)` and `.to_csv(path)`; a difference of discrepancy rates
    stands in the column of the arm that is compared with the reference.

    Examples
    --------
    >>> from survival.concordance import concordance
    >>> best = pd.DataFrame({"subject": ["1", "2", "1", "2"], "evaluator": ["INV", "INV", "IRC", "IRC"],
    ...     "best_response": ["PR", "SD", "PR", "PD"], "best_response_date": pd.Timestamp("2024-03-01"),
    ...     "progression_date": pd.to_datetime([None, "2024-06-01", None, "2024-03-01"])})
    >>> table = concordance_table(concordance(best, pd.DataFrame({"subject": ["1", "2"]}), ("INV", "IRC")))
    >>> table.frame.iloc[7].tolist()
    ['Agreement on best response, n (%)', '1 (50.0%)']
    """
    rows = ResultRows(shell.heading, shell.population)
    sizes = []
    pairs = _pairs(found)
    agreement = found.agreement.to_dict("records")
    for response, progression in zip(agreement, found.progression.to_dict("records"), strict=True):
        key = tuple(response[name] for name in found.by)
        group, n = label(key), int(response["n"])
        sizes.append((key, n))
        _add_response(rows, group, response)
        _add_pairs(rows, group, _of_group(found.counts, found.by, key), pairs, n)
        _add_progression(rows, group, progression)
        _add_days(rows, group, _of_group(found.subjects, found.by, key))
    _add_differences(rows, found)
    first, second = found.evaluators
    words = (f"First evaluator: {first}; second: {second}.", *NOTES, *_tolerance(found))
    noted = replace(shell, footnotes=(*shell.footnotes, *words))
    return Table(noted, tuple(_lines(found, pairs)), column_sizes(sizes, ""), rows.frame())


def _pairs(found: Concordance) -> list[tuple[str, str]]:
    """Pairs of best responses that occur, in the order of the terms."""
    seen = set(found.counts[["first_best", "second_best"]].astype(str).itertuples(index=False, name=None))
    return sorted(seen, key=lambda pair: (TERMS.index(pair[0]), TERMS.index(pair[1])))


def _of_group(rows: pd.DataFrame, by: tuple[str, ...], key: tuple[object, ...]) -> pd.DataFrame:
    for name, value in zip(by, key, strict=True):
        rows = rows[(rows[name] == value).to_numpy()]
    return rows


def _add_response(rows: ResultRows, group: str, row: dict[Any, Any]) -> None:
    """Who was read, agreement, kappas and responders."""
    n = int(row["n"])
    everyone = sum(int(row[name]) for name in READ_BY)
    for name in READ_BY:
        rows.add(name, group, everyone, "subjects", count=row[name])
    rows.add_count("agreeing", group, n, int(row["agreeing"]))
    limits = {"lower": row["agreement_lower"], "upper": row["agreement_upper"]}
    rows.add("agreeing", group, n, "proportion", "Clopper-Pearson", **limits)
    for name, size in (("kappa", n), ("weighted_kappa", int(row["ordered"])), ("response_kappa", n)):
        numbers = {"estimate": row[name], "lower": row[f"{name}_lower"], "upper": row[f"{name}_upper"]}
        rows.add(name, group, size, "ratio", "Cohen's kappa", **numbers)
    for name in RESPONDERS:
        rows.add_count(name, group, n, int(row[name]))
    for name in SHARES:
        rows.add(name, group, n, "proportion", estimate=row[name])


def _add_pairs(
    rows: ResultRows, group: str, counts: pd.DataFrame, pairs: list[tuple[str, str]], n: int
) -> None:
    """Subjects with each pair of best responses."""
    text = counts.astype({"first_best": str, "second_best": str})
    number = dict(zip(zip(text["first_best"], text["second_best"], strict=True), text["n"], strict=True))
    for first, second in pairs:
        rows.add_count(f"best {first} / {second}", group, n, int(number.get((first, second), 0)))


def _add_progression(rows: ResultRows, group: str, row: dict[Any, Any]) -> None:
    """Status of progression, discrepancy rates and days between the dates."""
    n = int(row["n"])
    for name in STATUS:
        rows.add_count(name, group, n, int(row[name]))
    rows.add_count("progression agreement", group, n, int(row["a1"] + row["a2"] + row["a3"] + row["d"]))
    for name, size in (("edr", row["progressions"]), ("ldr", row["discrepancies"])):
        numbers = {"estimate": row[name], "lower": row[f"{name}_lower"], "upper": row[f"{name}_upper"]}
        rows.add(name, group, int(size), "proportion", "Clopper-Pearson", **numbers)
    dated = int(row["dated"])
    ends = {"minimum": row["minimum_days"], "maximum": row["maximum_days"]}
    rows.add("days", group, dated, "days", estimate=row["median_days"], **ends)
    ends = {"minimum": row["lower_quartile_days"], "maximum": row["upper_quartile_days"]}
    rows.add("days quartiles", group, dated, "days", "quartiles, linear between two differences", **ends)


def _add_days(rows: ResultRows, group: str, part: pd.DataFrame) -> None:
    """Subjects in whom both saw progression, by how far the dates are apart."""
    days = part.loc[part["status"].isin(["a1", "a2", "a3"]), "difference_days"].astype(float)
    for name, (_, least, most) in APART.items():
        rows.add_count(name, group, len(days), int(days.between(least, most).sum()))


def _add_differences(rows: ResultRows, found: Concordance) -> None:
    """Discrepancy rates of each arm minus those of the reference."""
    sizes = {
        label(tuple(row[name] for name in found.by)): int(row["n"])
        for row in found.agreement.to_dict("records")
    }
    for row in found.difference.to_dict("records"):
        for name in RATES:
            method = f"minus {row['reference']}, Miettinen-Nurminen limits"
            ends = {"estimate": "", "lower": "_lower", "upper": "_upper"}
            numbers = {to: row[f"{name}_difference{end}"] for to, end in ends.items()}
            rows.add(
                f"{name} difference", str(row["arm"]), sizes[str(row["arm"])], "proportion", method, **numbers
            )


def _tolerance(found: Concordance) -> tuple[str, ...]:
    days = found.rules.tolerance_days
    return (f"Dates of progression up to {days} days apart count as the same day.",) if days else ()


def _lines(found: Concordance, pairs: list[tuple[str, str]]) -> list[Line]:
    """The lines in the order of the shell."""
    names = dict(zip(("first", "second"), found.evaluators, strict=True))
    confirmed = "confirmed best response" if "confirmed" in found.rules.response else "best response"
    lines = [Line(title.format(**names) + ", n", name, "n", 0) for name, title in READ_BY.items()]
    lines.append(Line(f"{confirmed.capitalize()}, {' / '.join(found.evaluators)}, n (%)", indent=0))
    lines += [Line(f"{first} / {second}", f"best {first} / {second}") for first, second in pairs]
    lines.append(Line(f"Agreement on {confirmed}, n (%)", "agreeing", indent=0))
    lines.append(Line("95% CI (Clopper-Pearson)", "agreeing", "limits"))
    lines.append(Line("Kappa (95% CI)", "kappa", "estimate (limits)"))
    lines.append(Line("Weighted kappa (95% CI)", "weighted_kappa", "estimate (limits)"))
    lines.append(Line("Objective response, n (%)", indent=0))
    lines += [Line(title.format(**names), name) for name, title in RESPONDERS.items()]
    lines += [Line(title, name, "estimate") for name, title in SHARES.items()]
    lines.append(Line("Kappa (95% CI)", "response_kappa", "estimate (limits)"))
    lines.append(Line("Progression, n (%)", indent=0))
    lines += [Line(title.format(**names), name) for name, title in STATUSES.items()]
    lines.append(Line("Agreement on progression (a + d), n (%)", "progression agreement", indent=0))
    for name, title in RATES.items():
        lines.append(Line(f"{title} (95% CI)", name, "estimate (limits)", 0))
        if found.rules.reference is not None:
            title = f"Difference from {found.rules.reference} (95% CI)"
            lines.append(Line(title, f"{name} difference", "estimate (limits)"))
    lines.append(Line(f"Days from {names['first']}'s progression to {names['second']}'s", indent=0))
    lines += [Line("Median", "days", "estimate"), Line("Quartiles", "days quartiles", "range")]
    lines.append(Line("Range", "days", "range"))
    return [*lines, *(Line(title.format(**names), name) for name, (title, _, _) in APART.items())]
