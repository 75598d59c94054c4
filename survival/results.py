"""Every statistic as a row of data, and the one place where a number becomes text.

Tables and reports read these rows and compute nothing.  The idea of results as data before layout is that
of CDISC's Analysis Results Standard (2024).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

NOT_ESTIMABLE = "NE"
DAYS_PER_MONTH = 30.4375  # 365.25 / 12
DAYS_PER = {"days": 1.0, "months": DAYS_PER_MONTH}

COLUMNS = {  # one row per number
    "table": "the table the number stands in",
    "row": "the line of it, unique in the table",
    "group": "the column of it: an arm, or Total",
    "statistic": "count, proportion, estimate, lower, upper, minimum, maximum, mean, sd, p_value, words",
    "value": "the number at full precision; missing when it is not estimable, and for words",
    "text": "the number as printed, or the words",
    "unit": "what the value is in: subjects, assessments, events, proportion, days, months, ratio, score, "
    "probability; empty for words",
    "method": "how it was obtained",
    "population": "the subjects it speaks of",
    "n": "subjects in the group",
}


def rounded(value: float, decimals: int) -> str:
    """Half away from zero, as by hand and in SAS; binary noise beyond 12 digits does not decide.

    Examples
    --------
    >>> rounded(6.25, 1), rounded(100 * 0.145, 0), rounded(-0.04, 1), rounded(float("nan"), 1)
    ('6.3', '15', '0.0', 'NE')
    """
    if math.isnan(value):
        return NOT_ESTIMABLE
    if math.isinf(value):
        return "infinite"
    number = Decimal(f"{value:.12g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return str(abs(number) if number == 0 else number)


def count_text(value: float) -> str:
    """A number of subjects."""
    return rounded(value, 0)


def percent_text(value: float) -> str:
    """A proportion as per cent with one decimal.

    Examples
    --------
    >>> percent_text(6 / 86), percent_text(float("nan"))
    ('7.0%', 'NE')
    """
    text = rounded(100 * value, 1)
    return text if text == NOT_ESTIMABLE else f"{text}%"


def time_text(value: float) -> str:
    """A time with one decimal."""
    return rounded(value, 1)


def ratio_text(value: float) -> str:
    """A ratio with two decimals."""
    return rounded(value, 2)


def score_text(value: float) -> str:
    """A score of 0 to 100, or a change of it, with one decimal."""
    return rounded(value, 1)


def p_text(value: float) -> str:
    """A p-value with four decimals.

    Examples
    --------
    >>> p_text(0.00004), p_text(0.02449), p_text(0.99999)
    ('<0.0001', '0.0245', '>0.9999')
    """
    if value < 0.0001:
        return "<0.0001"
    return ">0.9999" if 0.9999 < value < 1 else rounded(value, 4)


TEXT_OF: dict[str, Callable[[float], str]] = {  # unit -> format
    "subjects": count_text,
    "assessments": count_text,
    "events": count_text,
    "events per 100 years": time_text,
    "proportion": percent_text,
    "days": time_text,
    "months": time_text,
    "ratio": ratio_text,
    "score": score_text,
    "probability": p_text,
}


RANGE = ("minimum", "maximum")


def _whole(ends: Iterable[float | None]) -> bool:
    """Whether both ends of a range are there and are whole; then they are printed without a decimal.

    Examples
    --------
    >>> _whole([52.0, 62.0]), _whole([45.8, 63.0]), _whole([None, 62.0])
    (True, False, False)
    """
    return all(end is not None and not pd.isna(end) and float(end).is_integer() for end in ends)


@dataclass
class ResultRows:
    """Collects the rows of one table."""

    table: str
    population: str
    rows: list[dict[str, object]] = field(default_factory=list)

    def add(
        self, row: str, group: str, n: int, unit: str, method: str = "", **statistics: float | None
    ) -> None:
        """One row per statistic, with the text that its unit calls for."""
        whole = unit == "days" and _whole([statistics.get(name) for name in RANGE])
        for statistic, number in statistics.items():
            value = math.nan if number is None or pd.isna(number) else float(number)
            written = count_text if whole and statistic in RANGE else TEXT_OF[unit]
            self.rows.append(
                {
                    "table": self.table,
                    "row": row,
                    "group": group,
                    "statistic": statistic,
                    "value": value,
                    "text": written(value),
                    "unit": unit,
                    "method": method,
                    "population": self.population,
                    "n": n,
                }
            )

    def add_count(self, row: str, group: str, n: int, count: int) -> None:
        """A number of subjects and its share of the group."""
        self.add(row, group, n, "subjects", count=count)
        self.add(row, group, n, "proportion", proportion=count / n if n else None)

    def add_words(self, row: str, group: str, n: int, words: str, method: str = "") -> None:
        """What a rule makes of the numbers of a group, in words."""
        fixed = {"table": self.table, "population": self.population, "statistic": "words", "unit": ""}
        self.rows.append(
            fixed | {"row": row, "group": group, "value": math.nan, "text": words, "method": method, "n": n}
        )

    def frame(self) -> pd.DataFrame:
        """The rows as a frame with exactly the columns of `COLUMNS`."""
        return pd.DataFrame(self.rows, columns=list(COLUMNS))


def stack(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The results of several tables as one frame."""
    kept = [frame for frame in frames if len(frame)]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=list(COLUMNS))


# How the texts of one line and group become a cell


def _count_cell(text: dict[str, str]) -> str:
    return text["count"] if text["count"] == "0" else f"{text['count']} ({text['proportion']})"


def _limits_cell(text: dict[str, str]) -> str:
    return f"({text['lower']}, {text['upper']})".replace("%", "")


def _estimate_cell(text: dict[str, str]) -> str:
    if {text["estimate"], text["lower"], text["upper"]} == {NOT_ESTIMABLE}:
        return NOT_ESTIMABLE
    return f"{text['estimate']} {_limits_cell(text)}"


def _mean_cell(text: dict[str, str]) -> str:
    if {text["mean"], text["sd"]} == {NOT_ESTIMABLE}:
        return NOT_ESTIMABLE
    return f"{text['mean']} ({text['sd']})"


def _range_cell(text: dict[str, str]) -> str:
    if {text["minimum"], text["maximum"]} == {NOT_ESTIMABLE}:
        return NOT_ESTIMABLE
    return f"{text['minimum']} to {text['maximum']}"


CELLS: dict[str, Callable[[dict[str, str]], str]] = {
    "n": lambda text: text["count"],
    "n (%)": _count_cell,
    "estimate": lambda text: text["estimate"],
    "limits": _limits_cell,
    "estimate (limits)": _estimate_cell,
    "range": _range_cell,
    "mean (SD)": _mean_cell,
    "p": lambda text: text["p_value"],
    "words": lambda text: text["words"],
}


def cell(text: dict[str, str], form: str) -> str:
    """The texts of one line and group, laid out; empty when there is no result.

    Examples
    --------
    >>> cell({"count": "6", "proportion": "7.0%"}, "n (%)")
    '6 (7.0%)'
    >>> cell({"estimate": "25.3%", "lower": "15.2%", "upper": "36.7%"}, "estimate (limits)")
    '25.3% (15.2, 36.7)'
    """
    return CELLS[form](text) if text else ""
