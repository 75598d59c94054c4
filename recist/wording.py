"""The tables' inputs and the numbers of a visit, said in words."""

from __future__ import annotations

import math

from recist.decision_table import DecisionTable, Rule

INPUT = {  # table input -> how a sentence calls it
    "progressed": "progression at an earlier visit",
    "target": "target response",
    "non_target": "non-target response",
    "new_lesion": "new lesion",
    "assessed": "assessed against a baseline",
}
TERM = {
    "new_lesion": {"N": "none", "E": "equivocal", "Y": "unequivocal"},
    "assessed": {"N": "no", "Y": "yes"},
    "progressed": {"N": "no", "Y": "yes"},
}


def mm(value: float) -> str:
    """A length: 35.5 mm; two decimals only where they are needed."""
    text = f"{value:.2f}"
    return f"{text[:-1] if text.endswith('0') else text} mm"


def signed(value: float, unit: str) -> str:
    """A change: +20.0 %, -3.25 mm; a percentage whose rounding would hide a difference keeps its decimals."""
    if math.isnan(value):
        return "not defined"
    decimals = 2 if unit == "%" and round(value, 1) != round(value, 4) else 1
    if unit == "mm" and round(value, 1) != round(value, 2):
        decimals = 2
    return f"{value:+.{decimals}f} {unit}"


def term(column: str, value: str) -> str:
    """A term of an input as a reader would say it."""
    return TERM.get(column, {}).get(value, value)


def conditions(table: DecisionTable, rule: Rule) -> str:
    """What a row asks: 'target response CR; non-target response NON-CR/NON-PD'."""
    asked = []
    for column in table.inputs:
        if rule[column] == "*" or column == "progressed":
            continue
        cell = rule[column]
        negated = cell.startswith("not ") and cell not in table.inputs[column]
        words = [term(column, word) for word in cell.removeprefix("not ").split(", ")]
        asked.append(f"{INPUT.get(column, column)} {'not ' if negated else ''}{' or '.join(words)}")
    return "; ".join(asked)


def counterfactuals(table: DecisionTable, given: dict[str, str]) -> dict[str, list[str]]:
    """Other outcomes, NE aside, that one changed input would give: outcome -> ['the target response were CR', ...]."""
    output = next(iter(table.outputs))
    now = _outcome(table, given, output)
    found: dict[str, dict[str, list[str]]] = {}
    for column, terms in table.inputs.items():
        for word in terms:
            if word == given[column] or column in ("progressed", "assessed") or word == "NA":
                continue
            other = _outcome(table, given | {column: word}, output)
            if other not in (now, "NE"):
                found.setdefault(other, {}).setdefault(column, []).append(word)
    return {
        outcome: [_were(column, words) for column, words in by_input.items()]
        for outcome, by_input in found.items()
    }


def _were(column: str, words: list[str]) -> str:
    """A changed input as a clause after 'if'."""
    if column == "new_lesion" and "N" in words:
        return "there were no new lesion" + (", or an equivocal one" if "E" in words else "")
    shown = " or ".join(term(column, word) for word in words)
    return f"the {INPUT.get(column, column)} were {shown}"


def _outcome(table: DecisionTable, given: dict[str, str], output: str) -> str:
    codes = [table.inputs[column].index(given[column]) for column in table.inputs]
    return table.rules[int(table.decide(*codes))][output]


def source(citation: str, where: str) -> str:
    """Place in the paper as an explanation quotes it."""
    return (
        where
        if where.startswith(("house", "convention", "analysis plan", "EORTC"))
        else f"{citation}, {where}"
    )
