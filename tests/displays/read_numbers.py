"""Whether a cell of a table says what `results.csv` holds: numbers are read out of the text and compared by value.

The line of the table names the row of the results and the form of the cell; rounding and layout are done again here,
so that nothing of the code that prints is used to check what it printed.
"""

from __future__ import annotations

import math
import re

import pandas as pd

STATISTICS = {  # form of a cell -> what stands in it, in order
    "n": ("count",),
    "n (%)": ("count", "proportion"),
    "estimate": ("estimate",),
    "limits": ("lower", "upper"),
    "estimate (limits)": ("estimate", "lower", "upper"),
    "range": ("minimum", "maximum"),
    "mean (SD)": ("mean", "sd"),
    "p": ("p_value",),
}
DECIMALS = {
    "subjects": 0,
    "assessments": 0,
    "events": 0,
    "whole days": 0,
    "ratio": 2,
    "probability": 4,
}  # of a unit; else 1
TOKEN = re.compile(r"NE|infinite|[<>]?-?\d+(?:\.\d+)?")
Values = dict[tuple[str, str, str], tuple[float, str, str]]  # row, group, statistic -> value, text, unit


def values_of(results: pd.DataFrame) -> dict[str, Values]:
    """The results of every table by its file name."""
    found: dict[str, Values] = {}
    names = ["display", "row", "group", "statistic", "value", "text", "unit"]
    for display, row, group, statistic, *rest in results[names].itertuples(index=False, name=None):
        found.setdefault(display, {})[row, group, statistic] = tuple(rest)
    return found


def fault(cell: str, row: str, form: str, group: str, values: Values) -> str:
    """What is wrong with a cell; empty when it says what the results hold."""
    if form == "words":
        words = values.get((row, group, "words"), (0.0, "", ""))[1]
        return "" if cell == words else f"{cell!r} instead of {words!r}"
    held = [values.get((row, group, statistic)) for statistic in STATISTICS[form]]
    if not row or all(one is None for one in held):
        return "" if cell == "" else f"{cell!r} where there is no result"
    if any(one is None for one in held):
        return f"no result for part of {cell!r}"
    told = TOKEN.findall(cell)
    if form == "n (%)" and told == ["0"]:
        told = ["0", "0.0"]
        held[1] = (0.0 if math.isnan(held[1][0]) else held[1][0], *held[1][1:])
    if told == ["NE"]:
        told *= len(held)
    if len(told) != len(held):
        return f"{cell!r} has {len(told)} numbers, not {len(held)}"
    days = form == "range" and all(unit == "days" and value % 1 == 0 for value, _, unit in held)
    for token, (value, _, unit) in zip(told, held, strict=True):
        if not same(token, value, "whole days" if days else unit):
            return f"{token} in {cell!r} is not {value}"
    return ""


def same(token: str, value: float, unit: str) -> bool:
    """Whether a printed number is the value rounded, or a bound that holds."""
    if math.isnan(value) or token == "NE":
        return math.isnan(value) and token == "NE"
    if math.isinf(value) or token == "infinite":
        return math.isinf(value) and token == "infinite"
    scaled = 100 * value if unit == "proportion" else value
    if token[0] in "<>":
        return (scaled < float(token[1:])) == (token[0] == "<") and scaled not in (0.0, 1.0)
    decimals = len(token.partition(".")[2])
    near = abs(float(token) - scaled) <= 0.5 * 10.0**-decimals + 1e-9 * max(1.0, abs(scaled))
    return near and decimals == DECIMALS.get(unit, 1)
