"""The ink of the Kaplan-Meier figure: a frame of `km_numbers` as a figure.

Everything is placed in points from measured text: the key above the axes, the numbers at risk below them
under their ticks, so that long names make the figure taller instead of covering it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from recist import (
    AXES_PT,
    POINTS_PER_MM,
    TEXT_PT,
    WIDTH_MM,
    JournalFigure,
    clip_text,
    figure_style,
    line_style,
    new_figure,
    plain_text,
    text_width,
    wrap_text,
)
from survival.figures.km import alt_text
from survival.figures.look import KmLook
from survival.results import p_text, percent_text, ratio_text, time_text

EDGE, GAP, LINE = 5.0, 8.0, 9.0  # margin, distance between blocks, height of a line of text
HANDLE, SAMPLE_GAP = 22.0, 6.0  # length of the line samples in the key, and the room after them
SCALE = 36.0  # room for the vertical scale and its title
X_TITLE = 30.0  # room for the horizontal scale and its title
ROWS = {  # part of the numbers -> heading in the table under the curves
    "at_risk": "Number at risk",
    "cumulative_events": "Cumulative events",
    "cumulative_censored": "Cumulative censored",
}
DASH = "\N{EN DASH}"


@dataclass(frozen=True)
class Plan:
    """Where things go, in points from the lower left corner."""

    width: float
    height: float
    left: float
    bottom: float
    axes_width: float
    axes_height: float
    names: dict[str, list[str]]  # group -> its name as lines, in the table of numbers at risk
    key: list[tuple[str, list[str], str, str]]  # group, name as lines, events/n, median
    sentences: list[str]


def draw(numbers: pd.DataFrame, unit: str, look: KmLook) -> JournalFigure:
    """The figure; its height follows from what it has to hold."""
    plan = _plan(numbers, unit, look)
    with figure_style():
        figure = new_figure(plan.width / POINTS_PER_MM, plan.height / POINTS_PER_MM)
        box = (
            plan.left / plan.width,
            plan.bottom / plan.height,
            plan.axes_width / plan.width,
            plan.axes_height / plan.height,
        )
        axes = figure.add_axes(box)
        _draw_curves(axes, numbers, list(plan.names), look)
        _draw_scales(axes, numbers, unit, look)
        _draw_key(figure, plan, unit, look)
        _draw_table(figure, axes, plan, numbers, look.rows)
    figure.alt_text = alt_text(numbers, look.endpoint, unit)
    return figure


def _plan(numbers: pd.DataFrame, unit: str, look: KmLook) -> Plan:
    """Room for every block, from the width of its text."""
    width = WIDTH_MM[look.width] * POINTS_PER_MM
    risk = numbers[numbers["part"] == "at_risk"]
    half = max(text_width(f"{value:.0f}") for value in risk["value"]) / 2
    groups = list(dict.fromkeys(risk["group"]))
    names = {group: clip_text(plain_text(group), 0.26 * width, TEXT_PT, 4) for group in groups}
    widest = max(text_width(line) for lines in names.values() for line in lines)
    scale = SCALE + LINE * (len(_axis_title(look)) - 1)
    left = max(
        EDGE + widest + GAP + half, EDGE + max(text_width(ROWS[row]) for row in look.rows), EDGE + scale
    )
    right = max(EDGE + half, 10.0)
    key = _key(numbers, width, _heads(unit, look))
    sentences = [
        line for text in _sentences(numbers, look, unit) for line in wrap_text(text, width - 2 * EDGE)
    ]
    below = EDGE + LINE * len(look.rows) * (1 + sum(map(len, names.values()))) + X_TITLE
    above = EDGE + LINE * (1 + sum(len(row[1]) for row in key) + len(sentences)) + GAP
    height = below + AXES_PT[look.width] + above
    return Plan(width, height, left, below, width - left - right, AXES_PT[look.width], names, key, sentences)


def _heads(unit: str, look: KmLook) -> tuple[str, str]:
    """Titles of the columns of the key."""
    return "Events/n", f"Median ({look.confidence}), {unit}"


def _key(
    numbers: pd.DataFrame, width: float, heads: tuple[str, str]
) -> list[tuple[str, list[str], str, str]]:
    """A line of the key per group: name, events of subjects, median with limits."""
    medians = numbers[numbers["part"] == "median"]
    columns = (medians[name].tolist() for name in ("group", "events", "n", "time", "lower", "upper"))
    rows = [
        (group, f"{events:.0f}/{n:.0f}", _with_limits(time_text, time, lower, upper))
        for group, events, n, time, lower, upper in zip(*columns, strict=True)
    ]
    taken = sum(max(map(text_width, (head, *(row[n] for row in rows)))) for n, head in enumerate(heads, 1))
    room = min(0.42 * width, width - taken - 2 * EDGE - HANDLE - SAMPLE_GAP - 4 * GAP)
    return [
        (group, clip_text(plain_text(group), room, TEXT_PT, 4), counts, median)
        for group, counts, median in rows
    ]


def _with_limits(text: Callable[[float], str], value: float, lower: float, upper: float) -> str:
    """'8.6 (7.1–10.4)'; NE for what is not estimable."""
    if pd.isna(value) and pd.isna(lower) and pd.isna(upper):
        return text(value)
    return f"{text(value)} ({text(lower)}{DASH}{text(upper)})"


def _sentences(numbers: pd.DataFrame, look: KmLook, unit: str) -> list[str]:
    """A sentence per comparison, and one about the marks."""
    rows = numbers[numbers["part"] == "hazard_ratio"]
    columns = (rows[name].tolist() for name in ("group", "reference", "value", "lower", "upper", "p_value"))
    texts = [look.caption] if look.caption else []
    for group, reference, value, lower, upper, p in zip(*columns, strict=True):
        ratio = _with_limits(ratio_text, value, lower, upper).replace(
            "(", f"({look.confidence}\N{NO-BREAK SPACE}"
        )
        shown = p_text(p)
        sign = "" if shown[0] in "<>" else "="
        texts.append(
            f"{group} vs {reference}: hazard ratio {ratio}, log-rank\N{NO-BREAK SPACE}p{sign}{shown}"
        )
    return [plain_text(text) for text in (*texts, *_landmarks(numbers, look, unit), *_marks(numbers, look))]


def _landmarks(numbers: pd.DataFrame, look: KmLook, unit: str) -> list[str]:
    """Survival at each dotted line."""
    texts = []
    for time, rows in numbers[numbers["part"] == "landmark"].groupby("time"):
        columns = (rows[name].tolist() for name in ("group", "value", "lower", "upper"))
        told = [
            f"{group} {_with_limits(percent_text, value, lower, upper)}"
            for group, value, lower, upper in zip(*columns, strict=True)
        ]
        texts.append(f"Dotted line, {time:g} {unit} ({look.confidence}): {', '.join(told)}.")
    return texts


def _marks(numbers: pd.DataFrame, look: KmLook) -> list[str]:
    """What bands and ticks on the curves are, where there are any."""
    marks = []
    if numbers["group"].nunique() <= look.most_bands:
        marks.append(f"Shaded: {look.confidence}.")
    if (numbers["part"] == "censored").any():
        marks.append("Ticks on the curves: censored.")
    return [" ".join(marks)] if marks else []


def _draw_curves(axes: Any, numbers: pd.DataFrame, groups: list[str], look: KmLook) -> None:
    """Steps, censor marks and, for few groups, bands of the limits."""
    for n, group in enumerate(groups):
        style = line_style(n)
        mine = numbers[numbers["group"] == group]
        curve, censored = mine[mine["part"] == "curve"], mine[mine["part"] == "censored"]
        axes.step(curve["time"], curve["value"], where="post", linewidth=1.0, zorder=3, **style)
        axes.plot(
            censored["time"],
            censored["value"],
            linestyle="none",
            marker="|",
            markersize=4.0,
            markeredgewidth=0.5,
            color=style["color"],
            zorder=4,
            clip_on=False,
        )
        if len(groups) <= look.most_bands:
            # each limit holds up to the next time; one that is missing hides its own step alone
            time, lower, upper = (
                np.repeat(curve[name].to_numpy(float), 2) for name in ("time", "lower", "upper")
            )
            axes.fill_between(
                time[1:], lower[:-1], upper[:-1], color=style["color"], alpha=0.13, linewidth=0, zorder=2
            )


def _draw_scales(axes: Any, numbers: pd.DataFrame, unit: str, look: KmLook) -> None:
    """Ticks at the times of the numbers at risk; the vertical scale always from 0 to 1."""
    ticks = numbers.loc[numbers["part"] == "at_risk", "time"].unique()
    longest = numbers.loc[numbers["part"] == "curve", "time"].max()
    axes.set_xlim(0, 1.01 * max(longest, ticks.max(), 1e-9))
    axes.set_ylim(0, 1.02)
    axes.set_yticks(np.linspace(0, 1, 6), [f"{value:.1f}" for value in np.linspace(0, 1, 6)])
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xlabel(f"Time{' from ' if look.origin else ''}{look.origin}, {unit}", labelpad=3)
    axes.set_ylabel("\n".join(_axis_title(look)), labelpad=4)
    axes.spines["left"].set_bounds(0, 1)
    for time in numbers.loc[numbers["part"] == "landmark", "time"].unique():
        axes.plot([time, time], [0, 1], color="black", linewidth=0.5, linestyle=(0, (1, 2)), zorder=1)


def _axis_title(look: KmLook) -> list[str]:
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


def _draw_key(figure: JournalFigure, plan: Plan, unit: str, look: KmLook) -> None:
    """The key as a small table above the axes, and the comparisons under it."""
    head = _heads(unit, look)
    widths = [max(text_width(line) for row in plan.key for line in row[1])]
    widths.append(max(text_width(text) for text in (head[0], *(row[2] for row in plan.key))))
    first = EDGE + HANDLE + SAMPLE_GAP
    second = first + widths[0] + 2 * GAP
    third = second + widths[1] + 2 * GAP
    y = plan.height - EDGE - LINE / 2
    for x, text in zip((second, third), head, strict=True):
        _write(figure, plan, x, y, text)
    for n, (_, lines, counts, median) in enumerate(plan.key):
        y -= LINE
        _sample(figure, plan, EDGE, y, n)
        _write(figure, plan, second, y, counts)
        _write(figure, plan, third, y, median)
        for place, line in enumerate(lines):
            y -= LINE if place else 0
            _write(figure, plan, first, y, line)
    for line in plan.sentences:
        y -= LINE
        _write(figure, plan, EDGE, y, line)


def _draw_table(
    figure: JournalFigure, axes: Any, plan: Plan, numbers: pd.DataFrame, rows: tuple[str, ...]
) -> None:
    """Numbers at risk, with events and censored before, centred under their ticks."""
    end = axes.get_xlim()[1]
    y = plan.bottom - X_TITLE + LINE / 2
    for row in rows:
        risk = numbers[numbers["part"] == row]
        y -= LINE
        _write(figure, plan, EDGE, y, ROWS[row])
        for group, lines in plan.names.items():
            y -= LINE
            mine = risk[risk["group"] == group]
            for tick, value in zip(mine["time"], mine["value"], strict=True):
                x = plan.left + plan.axes_width * tick / end
                _write(figure, plan, x, y, f"{value:.0f}", align="center")
            for place, line in enumerate(lines):
                y -= LINE if place else 0
                _write(figure, plan, EDGE, y, line)


def _write(figure: JournalFigure, plan: Plan, x: float, y: float, text: str, align: str = "left") -> None:
    """Text at a place in points."""
    figure.text(x / plan.width, y / plan.height, text, ha=align, va="center_baseline")


def _sample(figure: JournalFigure, plan: Plan, x: float, y: float, number: int) -> None:
    """A piece of the line of one group."""
    from matplotlib.lines import Line2D

    places = [x / plan.width, (x + HANDLE) / plan.width], [y / plan.height, y / plan.height]
    figure.add_artist(Line2D(*places, linewidth=1.2, transform=figure.transFigure, **line_style(number)))
