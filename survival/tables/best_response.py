"""Best overall response with response and disease control rates.

RECIST 1.1 sections 4.6.1 to 4.6.3.  Intervals: Clopper and Pearson 1934 or Wilson 1927.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from survival.clinical_benefit import BENEFIT
from survival.groups import ALL, as_columns, groups, label
from survival.not_evaluable import REASONS
from survival.proportion import INTERVAL_TITLE
from survival.response_rate import CONFIRMED, RATES, best_of_all, rates_of, response_rate
from survival.results import ResultRows
from survival.tables.table import Line, Shell, Table, column_sizes

RESPONSES = {  # response -> (printed, shown although nobody has it)
    "CR": ("Complete response (CR)", True),
    "PR": ("Partial response (PR)", True),
    "SD": ("Stable disease (SD)", True),
    "NON-CR/NON-PD": ("Non-CR/Non-PD", False),
    "NED": ("No evidence of disease (NED)", False),
    "PD": ("Progressive disease (PD)", True),
    "NE": ("Not evaluable (NE)", True),
    "ND": ("Not done (ND)", False),
    "MISSING": ("Missing (no assessment)", False),
}
IMMUNE = {  # the same for iRECIST
    "iCR": ("Complete response (iCR)", True),
    "iPR": ("Partial response (iPR)", True),
    "iSD": ("Stable disease (iSD)", True),
    "NON-iCR/NON-iUPD": ("Non-iCR/Non-iUPD", False),
    "NED": ("No evidence of disease (NED)", False),
    "iUPD": ("Unconfirmed progression (iUPD)", True),
    "iCPD": ("Confirmed progression (iCPD)", True),
    "NE": ("Not evaluable (NE)", True),
    "MISSING": ("Missing (no assessment)", False),
}
DATED = {
    False: "no assessment",
    True: "assessed",
}  # is there a record at all? -> reason, as far as dates tell it
NOT_EVALUABLE = REASONS | {"assessed": "No evaluable assessment, or SD too early"}  # reason -> printed
HEADING = {
    "": "Best overall response (unconfirmed), n (%)",
    "confirmed_": "Best overall response (confirmed), n (%)",
}
BEST_RESPONSE = Shell(title="Best overall response", total="Total")
DENOMINATOR = "Percentages are of N; subjects without an assessment stay in the denominator."
CONTROL = f"Disease control: best response {', '.join(BENEFIT.disease_control)}."
FLAGGED = "Disease control: as flagged in the data."
CITATION = {
    "clopper-pearson": "CI: confidence interval by Clopper and Pearson, Biometrika 1934; 26: 404-413.",
    "wilson": "CI: confidence interval by Wilson (score), J Am Stat Assoc 1927; 22: 209-212.",
}


def best_response_table(
    best: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    conf_type: str = "clopper-pearson",
    shell: Shell = BEST_RESPONSE,
) -> Table:
    """Best overall response and the rates made of it, unconfirmed and confirmed, per group and in total.

    Parameters
    ----------
    best, subjects, by, conf_type : as in `survival.response_rate`; percentages are of all rows of `subjects`.
        A subject whom `best` does not have counts as missing.  Confirmed and unconfirmed stand in the order of
        the columns of `best`.  With the columns of `survival.not_evaluable_reasons` every reason of NE has a line.
    shell : title, population, footnotes, and the label of the total column (empty for none).  Name there
        what the data do not say: the criteria, the evaluator, the minimum duration of stable disease.

    Returns
    -------
    Table with `.results`, `.frame`, `.to_html(path)` and `.to_csv(path)`.

    Raises
    ------
    InputError : as `survival.response_rate`.

    Examples
    --------
    >>> best = pd.DataFrame({"subject": ["1", "2"], "best_response": ["PR", "SD"],
    ...     "confirmed_best_response": ["SD", "SD"]})
    >>> table = best_response_table(best, pd.DataFrame({"subject": ["1", "2", "3", "4"]}))
    >>> table.frame.iloc[2].tolist()
    ['  Partial response (PR)', '1 (25.0%)']
    """
    by = as_columns(by)
    everyone = best_of_all(best, subjects)
    parts = groups(everyone, by)
    columns = column_sizes([(key, len(part)) for key, part in parts], shell.total)
    rows = ResultRows(shell.heading, shell.population)
    for key, part in parts:
        _add_counts(rows, label(key), part, _terms(best))
    _add_rates(rows, response_rate(best, subjects, by, conf_type), by)
    if shell.total in columns:
        _add_counts(rows, shell.total, everyone, _terms(best))
        _add_rates(rows, response_rate(best, subjects, None, conf_type).assign(total=shell.total), ["total"])
    results = rows.frame()
    control = FLAGGED if "disease_control" in best else CONTROL
    noted = replace(shell, footnotes=(*shell.footnotes, DENOMINATOR, control, CITATION[conf_type]))
    return Table(noted, tuple(_lines(results, best, conf_type)), columns, results)


def _add_counts(rows: ResultRows, group: str, part: pd.DataFrame, terms: Iterable[str]) -> None:
    """Subjects with each best response."""
    for prefix in CONFIRMED:
        if f"{prefix}best_response" not in part:
            continue
        given = part[f"{prefix}best_response"].astype("string").fillna("MISSING")
        for response in terms:
            hit = given == response
            rows.add_count(f"{prefix}best_response {response}", group, len(part), int(hit.sum()))
        told = _told(part, prefix)
        for reason in () if told is None else NOT_EVALUABLE:
            hit = (given == "NE") & (told == reason)
            rows.add_count(f"{prefix}best_response NE: {reason}", group, len(part), int(hit.sum()))


def _told(part: pd.DataFrame, prefix: str) -> pd.Series | None:
    """Why each best response is NE: the reason where it is given, else what the dates tell."""
    if f"{prefix}not_evaluable" in part:
        return part[f"{prefix}not_evaluable"].astype("string").fillna("")
    if f"{prefix}best_response_date" in part:
        return part[f"{prefix}best_response_date"].notna().map(DATED)
    return None


def _shown(row: str, best: pd.DataFrame, counts: pd.Series) -> list[str]:
    """Reasons of NE that have a line: all of them once they are known and somebody is NE, else those that occur."""
    here = [reason for reason in NOT_EVALUABLE if counts.get(f"{row}: {reason}", 0) > 0]
    return list(REASONS) if here and "not_evaluable" in best else here


def _terms(best: pd.DataFrame) -> dict[str, tuple[str, bool]]:
    """The responses of the criteria at hand: those of iRECIST where one of them occurs."""
    there = set(best["best_response"].dropna().astype(str))
    if "criteria" in best:
        there |= {"iUPD"} if best["criteria"].astype(str).str.startswith("irecist").any() else set()
    return IMMUNE if there & (set(IMMUNE) - set(RESPONSES)) else RESPONSES


def _add_rates(rows: ResultRows, rates: pd.DataFrame, by: list[str]) -> None:
    """Responders, their share, and its limits, for each group and rate."""
    names = [label(key) for key in rates[by].itertuples(index=False, name=None)] if by else [ALL] * len(rates)
    numbers = [rates[name].tolist() for name in ("rate", "n", "responders", "lower", "upper", "conf_type")]
    for group, rate, n, responders, lower, upper, method in zip(names, *numbers, strict=True):
        rows.add_count(rate, group, n, responders)
        rows.add(rate, group, n, "proportion", INTERVAL_TITLE[method], lower=lower, upper=upper)


def _lines(results: pd.DataFrame, best: pd.DataFrame, conf_type: str) -> list[Line]:
    """Headings, responses and rates in order; the rarer responses only where one occurs."""
    counts = results[results["statistic"] == "count"].groupby("row")["value"].sum()
    titles = {rate.name: rate.title for rate in RATES}
    lines = []
    prefixes = [prefix for prefix in CONFIRMED if f"{prefix}best_response" in best]
    for prefix in sorted(prefixes, key=lambda prefix: list(best).index(f"{prefix}best_response")):
        ending = CONFIRMED[prefix]
        lines.append(Line(HEADING[prefix], indent=0))
        for response, (title, always) in _terms(best).items():
            row = f"{prefix}best_response {response}"
            if always or counts.get(row, 0) > 0:
                lines.append(Line(title, row))
            lines += [
                Line(NOT_EVALUABLE[one], f"{row}: {one}", indent=2) for one in _shown(row, best, counts)
            ]
        for name in rates_of(best):
            if name in [rate.name + ending for rate in RATES]:
                title = titles[name.split()[0]] + (", confirmed" if ending else "")
                lines.append(Line(f"{title}, n (%)", name, indent=0))
                lines.append(Line(f"95% CI ({INTERVAL_TITLE[conf_type]})", name, "limits"))
    return lines
