"""Why is this leukaemia response what it is?  Numbers, then rules, then what kept it from a better one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import pandas as pd

from recist.errors import InputError
from recist.leukaemia.criteria import get_leukaemia_criteria
from recist.leukaemia.criteria.base import LeukaemiaCriteria
from recist.leukaemia.evidence import Codes, evidence
from recist.leukaemia.terms import IN_REMISSION, RESPONSE
from recist.leukaemia.wording import INPUT, SHOWN, TERM, number_lines
from recist.wording import source


def explain_leukaemia(
    responses: pd.DataFrame, subject: str, visit: str | None = None, evaluator: str | None = None
) -> str:
    """The reasoning behind one leukaemia response, as a person would write it in reply to a query.

    Parameters
    ----------
    responses : DataFrame
        From `recist.assess_leukaemia`; several readers or classifications are explained one after the other.
    subject : str
        Who.
    visit : str, optional
        Label of a visit; without it the chain of assessments.
    evaluator : str, optional
        One reader.

    Returns
    -------
    str
        Blasts and counts against their limits, the table rows that decided with their citation, and what kept
        the response from being a better one.

    Raises
    ------
    InputError
        When there is no such subject, visit or reader; the message names the nearest.

    Examples
    --------
    >>> import recist
    >>> marrow = pd.DataFrame({"subject": "01", "visit": ["SCREENING", "CYCLE 1"],
    ...     "date": ["2024-01-02", "2024-02-10"], "blasts_pct": [60, 3],
    ...     "neutrophils": [0.4, 0.99], "platelets": [30, 150]})
    >>> print(explain_leukaemia(recist.assess_leukaemia(marrow), "01", "CYCLE 1").split("\\n")[0])
    AML, ELN 2022, subject 01, INVESTIGATOR, CYCLE 1 (2024-02-10, day 39): CRh
    """
    mine = _chosen(responses, "subject", subject)
    if evaluator is not None:
        mine = _chosen(mine, "evaluator", evaluator)
    if visit is not None:
        _chosen(mine, "visit", visit)
    parts = []
    for _, series in mine.groupby(["evaluator", "criteria"], observed=True, sort=False):
        ordered = series.sort_values("date", kind="stable").reset_index(drop=True)
        if visit is None:
            parts.append("\n".join(_chain(ordered)))
            continue
        for n in [n for n, label in enumerate(ordered["visit"]) if str(label) == visit]:
            parts.append("\n".join(explain_assessment(ordered.iloc[[n]], ordered.iloc[:n])))
    return "\n\n".join(parts)


def _chosen(frame: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    found = frame[frame[column].astype(str) == value]
    if found.empty:
        known = sorted({str(v) for v in frame[column].dropna().unique()})
        near = get_close_matches(value, known, n=1, cutoff=0.0)
        hint = f" Did you mean {near[0]!r}?" if near and len(known) > 8 else f" There are {', '.join(known)}."
        raise InputError(f"No response with {column} {value!r}.{hint if known else ''}")
    return found


def _chain(ordered: pd.DataFrame) -> list[str]:
    """Every assessment of a series on a line, and the milestones."""
    first = ordered.iloc[0]
    criteria = get_leukaemia_criteria(str(first["criteria"]))
    lines = [f"{criteria.title}{_edits(first, criteria)}, subject {first['subject']}, {first['evaluator']}:"]
    for row in ordered.itertuples():
        rules = f"{row.response_rule}, {row.overall_rule}"
        lines.append(f"  {row.visit} ({row.date:%Y-%m-%d}, day {row.day}): {row.overall} by {rules}")
    remission = ordered[ordered["overall"].isin(IN_REMISSION)]
    relapse = ordered[ordered["overall"] == "RELAPSE"]
    for word, rows in (("First remission", remission), ("Relapse", relapse)):
        said = "none" if rows.empty else f"{rows['overall'].iloc[0]} on {rows['date'].iloc[0]:%Y-%m-%d}"
        lines.append(f"{word}: {said}.")
    return [*lines, f"Source: {criteria.citation}"]


def explain_assessment(row: pd.DataFrame, earlier: pd.DataFrame) -> list[str]:
    """The reasoning about one assessment; `earlier` holds those of the series before it."""
    this: Any = next(row.itertuples())
    criteria = get_leukaemia_criteria(str(this.criteria))
    asked = evidence(row, criteria)
    head = (
        f"{criteria.title}{_edits(row.iloc[0], criteria)}, subject {this.subject}, {this.evaluator}, "
        f"{this.visit} ({this.date:%Y-%m-%d}, day {this.day}): {this.overall}"
    )
    return [
        head,
        "",
        *number_lines(this, asked, criteria),
        "",
        *_response_lines(this, asked, criteria),
        *_mrd_lines(this, criteria),
        *_course_lines(this, earlier, criteria),
        "",
        f"Source: {criteria.citation}",
    ]


def _edits(row: Any, criteria: LeukaemiaCriteria) -> str:
    edits = str(row["criteria"]).removeprefix(criteria.name)
    return f" {edits}" if edits else ""


def _response_lines(this: Any, asked: dict[str, Codes], criteria: LeukaemiaCriteria) -> list[str]:
    """The response, its row, and which single change would have given a better one."""
    table = criteria.in_force("response")
    rule = table.rule(str(this.response_rule))
    lines = [f"Response {this.response} by rule {this.response_rule}: {source(criteria.title, rule['cite'])}"]
    codes = {name: int(asked[name][0]) for name in table.inputs}
    ways: dict[str, list[str]] = {}
    at_least = "NR" if this.response == "NE" else str(this.response)
    for name, terms in table.inputs.items():
        for code, term in enumerate(terms):
            other = table.rules[int(table.decide(*(codes | {name: code}).values()))]["response"]
            if code != codes[name] and RESPONSE.index(other) < RESPONSE.index(at_least):
                ways.setdefault(other, []).append(f"{INPUT[name]} {TERM.get(name, SHOWN)[term]}")
    better = sorted(ways, key=RESPONSE.index)
    lines += [f"  It would be {word} if {', or '.join(ways[word])}." for word in better]
    if not better and this.response not in ("CR", "NE"):
        lines.append("  No single change would give a better response.")
    return lines


def _mrd_lines(this: Any, criteria: LeukaemiaCriteria) -> list[str]:
    """Residual disease, where the response asks for it."""
    if this.response not in ("CR", "CRh", "CRi"):
        return []
    rule = criteria.in_force("mrd").rule(str(this.mrd_rule))
    level = (
        ""
        if pd.isna(this.mrd_level_pct)
        else f" (level {this.mrd_level_pct:g} %, limit {criteria.mrd_limit_pct:g} %)"
    )
    where = source(criteria.title, rule["cite"])
    return [f"Residual disease {this.mrd_status}{level} by rule {this.mrd_rule}: {where}"]


def _course_lines(this: Any, earlier: pd.DataFrame, criteria: LeukaemiaCriteria) -> list[str]:
    """What the course makes of the response."""
    rule = criteria.in_force("course").rule(str(this.overall_rule))
    lines = [f"Overall {this.overall} by rule {this.overall_rule}: {source(criteria.title, rule['cite'])}"]
    before = earlier[earlier["overall"].isin(IN_REMISSION)]
    if this.remission != "never" and len(before):
        last = before.iloc[-1]
        lines.append(
            f"  Last remission before: {last['overall']}, {last['visit']} ({last['date']:%Y-%m-%d})."
        )
    if this.overall == "RELAPSE":
        lines.append(
            f"  Relapse needs marrow blasts of {criteria.relapse_blasts_min:g} % or more, "
            "blasts in the blood, or extramedullary disease."
        )
    in_blood = pd.notna(this.circulating_blasts) and bool(this.circulating_blasts)
    if this.remission == "holds" and this.overall_rule == "C-HO" and in_blood:
        lines.append(
            "  Blasts in the blood once: relapse by blood needs a second sample "
            f"{criteria.relapse_sample_days} days later or more."
        )
    if this.overall == "REFRACTORY":
        lines.append("  The response landmark has passed without CR, CRh or CRi.")
    return lines
