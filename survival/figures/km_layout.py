"""What stands around the Kaplan-Meier curves, and how much room it takes: key, sentences, names.

Everything is measured before it is drawn, so that long names make the figure taller instead of covering it; names are
cut to fewer lines where the figure would be taller than a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from recist import (
    AXES_PT,
    PAGE_MM,
    POINTS_PER_MM,
    SMALL_PT,
    WIDTH_MM,
    name_lines,
    plain_text,
    shorten_text,
    text_width,
    wrap_text,
)
from survival.figures.look import KmLook
from survival.results import NOT_ESTIMABLE, p_text, percent_text, ratio_text, time_text

EDGE, GAP, LINE = 5.0, 8.0, 9.0  # margin, distance between blocks, height of a line of text
HANDLE, SAMPLE_GAP = 22.0, 6.0  # length of the line samples in the key, and the room after them
SCALE = 36.0  # room for the vertical scale and its title
X_TITLE = 30.0  # room for the horizontal scale and its title
COLUMN_GAP = 10.0  # between columns of the key
NAME = 0.29  # longest name within a sentence, of the width
LEAST_PT = 70.0  # room for the names beside the columns of the key, at least
ROWS = {  # part of the numbers -> heading in the table under the curves
    "at_risk": "Number at risk",
    "cumulative_events": "Cumulative events",
    "cumulative_censored": "Cumulative censored",
}
DASH = "\N{EN DASH}"


@dataclass(frozen=True)
class Column:
    """A column of the key: its heading and a text for each group."""

    head: str
    texts: list[str]

    @property
    def width(self) -> float:
        """Room for the widest text."""
        return max(map(text_width, (self.head, *self.texts)))


@dataclass(frozen=True)
class Layout:
    """What is written, and where the axes are: left edge and width, in points."""

    left: float
    axes_width: float
    axes_height: float
    table: float  # height of the numbers at risk
    names: dict[str, list[str]]  # group -> its name as lines, in the table of numbers at risk
    key: dict[str, list[str]]  # the same in the key
    columns: list[Column]
    sentences: list[str]  # lines over the curves
    notes: list[str]  # sentences under the figure

    @property
    def body(self) -> float:
        """Height of everything but the notes."""
        key = LINE * (1 + sum(map(len, self.key.values())) + len(self.sentences)) + GAP
        return self.table + X_TITLE + self.axes_height + key


def layout(numbers: pd.DataFrame, unit: str, look: KmLook) -> Layout:
    """Names of up to four lines, or fewer, so that the figure is no taller than a page; at last without landmarks."""
    for most, spelled in ((4, True), (3, True), (2, True), (1, True), (1, False)):
        found = _layout(numbers, unit, look, (most, spelled))
        lines = wrap_text(" ".join(found.notes), WIDTH_MM[look.width] * POINTS_PER_MM - 2 * EDGE, SMALL_PT)
        if found.body + 1.25 * SMALL_PT * len(lines) + 2 * EDGE + 3 <= PAGE_MM * POINTS_PER_MM:
            break
    return found


def _layout(numbers: pd.DataFrame, unit: str, look: KmLook, limits: tuple[int, bool]) -> Layout:
    """Room for every block, from the width of its text; `limits`: most lines of a name, and whether landmarks are told."""
    most, spelled = limits
    width = WIDTH_MM[look.width] * POINTS_PER_MM
    risk = numbers[numbers["part"] == "at_risk"]
    half = max(text_width(f"{value:.0f}") for value in risk["value"]) / 2
    groups = list(dict.fromkeys(risk["group"]))
    names = {group: name_lines(group, 0.26 * width, most) for group in groups}
    widest = max(text_width(line) for lines in names.values() for line in lines)
    scale = SCALE + LINE * (len(axis_title(look)) - 1)
    left = max(EDGE + widest + GAP + half, EDGE + max(text_width(ROWS[row]) for row in look.rows))
    left = max(left, EDGE + scale)
    columns, told = _columns(numbers, groups, unit, look)
    room = min(0.42 * width, _room(columns, look))
    key = {group: name_lines(group, room, most) for group in groups}
    texts = [*_comparisons(numbers, look), *(_landmarks(numbers, look, unit) if spelled and not told else [])]
    return Layout(
        left=left,
        axes_width=width - left - max(EDGE + half, 10.0),
        axes_height=AXES_PT[look.width],
        table=LINE * len(look.rows) * (1 + sum(map(len, names.values()))),
        names=names,
        key=key,
        columns=columns,
        sentences=[line for text in texts for line in wrap_text(plain_text(text), width - 2 * EDGE)],
        notes=[
            *_notes(numbers, look),
            *_dotted(numbers, unit, told, spelled),
            *_letters(look, _texts(columns, texts)),
        ],
    )


def _columns(numbers: pd.DataFrame, groups: list[str], unit: str, look: KmLook) -> tuple[list[Column], bool]:
    """Events and medians of the key, and survival at the landmarks where there is room; whether there is."""
    medians = numbers[numbers["part"] == "median"].set_index("group").loc[groups]
    counts = [f"{events:.0f}/{n:.0f}" for events, n in zip(medians["events"], medians["n"], strict=True)]
    columns = [
        Column("Events/n", counts),
        Column(f"Median ({look.confidence}), {unit}", _limited(medians, "time", time_text)),
    ]
    further = []
    for time, rows in numbers[numbers["part"] == "landmark"].groupby("time"):
        here = rows.set_index("group").loc[groups]
        head = f"At {time:g} {unit} ({look.confidence})"
        further.append(Column(head, _limited(here, "value", percent_text)))
    natural = max(text_width(plain_text(group)) for group in groups)
    if not further or _room([*columns, *further], look) < min(natural, LEAST_PT):
        return columns, False
    return [*columns, *further], True


def _room(columns: list[Column], look: KmLook) -> float:
    """What the columns of the key leave for the names."""
    taken = sum(column.width + COLUMN_GAP for column in columns)
    return WIDTH_MM[look.width] * POINTS_PER_MM - 2 * EDGE - HANDLE - SAMPLE_GAP - taken


def _limited(rows: pd.DataFrame, name: str, text: Callable[[float], str]) -> list[str]:
    """An estimate with its limits for each row."""
    values = zip(rows[name], rows["lower"], rows["upper"], strict=True)
    return [_with_limits(text, *row) for row in values]


def _with_limits(text: Callable[[float], str], value: float, lower: float, upper: float) -> str:
    """'8.6 (7.1-10.4)' with a dash; NE for what is not estimable."""
    if pd.isna(lower) and pd.isna(upper):
        return text(value) if pd.isna(value) else f"{text(value)} ({NOT_ESTIMABLE})"
    return f"{text(value)} ({text(lower)}{DASH}{text(upper)})"


def _name(group: str, look: KmLook) -> str:
    """A name within a sentence."""
    return shorten_text(plain_text(group), NAME * WIDTH_MM[look.width] * POINTS_PER_MM)


def _comparisons(numbers: pd.DataFrame, look: KmLook) -> Iterator[str]:
    """A sentence per comparison."""
    rows = numbers[numbers["part"] == "hazard_ratio"]
    columns = (rows[name].tolist() for name in ("group", "reference", "value", "lower", "upper", "p_value"))
    for group, reference, value, lower, upper, p in zip(*columns, strict=True):
        limits = f"({look.confidence}\N{NO-BREAK SPACE}"
        ratio = _with_limits(ratio_text, value, lower, upper).replace("(", limits)
        shown = p_text(p)
        sign = "" if shown[0] in "<>" else "="
        yield (
            f"{_name(group, look)} vs {_name(reference, look)}: hazard ratio {ratio}, "
            f"log-rank\N{NO-BREAK SPACE}p{sign}{shown}"
        )


def _landmarks(numbers: pd.DataFrame, look: KmLook, unit: str) -> Iterator[str]:
    """Survival at each dotted line, as a sentence."""
    for time, rows in numbers[numbers["part"] == "landmark"].groupby("time"):
        values = zip(rows["group"], _limited(rows, "value", percent_text), strict=True)
        told = ", ".join(f"{_name(group, look)} {text}" for group, text in values)
        yield f"Dotted line, {time:g} {unit} ({look.confidence}): {told}."


def _texts(columns: list[Column], sentences: list[str]) -> str:
    """All that is printed of the estimates."""
    return " ".join([*(text for column in columns for text in column.texts), *sentences])


def _notes(numbers: pd.DataFrame, look: KmLook) -> list[str]:
    """The caption, and what bands, bars and ticks are, where there are any."""
    notes = [look.caption] if look.caption else []
    if numbers["group"].nunique() <= look.most_bands:
        notes.append(f"Shaded: {look.confidence}.")
    else:
        notes.append(
            f"Bars: {look.confidence} at the times of the scale, side by side in the order of the key."
        )
    if (numbers["part"] == "censored").any():
        notes.append("Ticks on the curves: censored.")
    return notes


def _dotted(numbers: pd.DataFrame, unit: str, told: bool, spelled: bool) -> list[str]:
    """Where the dotted lines are, unless a sentence over the curves says it."""
    times = [f"{time:g}" for time in sorted(numbers.loc[numbers["part"] == "landmark", "time"].unique())]
    if not times or (spelled and not told):
        return []
    listed = ", ".join(times[:-1]) + f" and {times[-1]}" if len(times) > 1 else times[0]
    elsewhere = "" if told else "; no room for the estimates there, which are in the words of the figure"
    return [f"Dotted: {listed} {unit}{elsewhere}."]


def _letters(look: KmLook, printed: str) -> list[str]:
    """What is left out of the curves, and what the letters mean."""
    ends = [f"Curves end where fewer than {look.fewest} subjects are at risk."] if look.fewest > 1 else []
    unknown = f"; {NOT_ESTIMABLE}: not estimable" if NOT_ESTIMABLE in printed else ""
    return [*ends, f"CI: confidence interval{unknown}."]


def axis_title(look: KmLook) -> list[str]:
    """Title of the vertical axis, as lines no longer than the axis."""
    return wrap_text(f"{_still(look.endpoint)} (probability)", AXES_PT[look.width])


def _still(endpoint: str) -> str:
    """What the curve is the probability of: a time or a duration has none, being without the event has."""
    for start, state in (
        ("Time to first ", "Without "),
        ("Time to ", "Without "),
        ("Duration of ", "Continued "),
    ):
        if endpoint.startswith(start):
            return state + endpoint.removeprefix(start)
    return endpoint
