"""The ink of the figure of QLQ-C30 changes: a frame of `qlq_numbers` as a figure.

Everything is placed in points from measured text, as in the Kaplan-Meier figure; marks of the groups stand side
by side, so that their limits do not cover one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from recist import (
    AXES_PT,
    POINTS_PER_MM,
    WIDTH_MM,
    JournalFigure,
    figure_style,
    line_style,
    new_figure,
    text_width,
    wrap_text,
)
from survival.figures.qlq import QlqLook, drawn
from survival.qlq_c30.scales import SCALES

EDGE, GAP, LINE = 5.0, 8.0, 9.0  # margin, distance between blocks, height of a line of text
HANDLE = 22.0  # length of the line samples
SCALE, X_SCALE, X_TITLE = 46.0, 14.0, 14.0  # room for the scales and the title below
PANEL = 105.0  # height of a panel where there are several
MARKERS = ("o", "s", "^", "D", "v", "P")
MOST_TICKS = 9


@dataclass(frozen=True)
class Plan:
    """Where things go, in points from the lower left corner."""

    width: float
    height: float
    panels: list[tuple[str, float, float, float, float]]  # scale, left, bottom, width, height
    key: list[list[tuple[int, str, float]]]  # lines of group, name, place
    notes: list[str]
    names: dict[str, list[str]]  # group -> its name as lines, beside the numbers; empty with several panels


def draw(numbers: pd.DataFrame, look: QlqLook) -> JournalFigure:
    """The figure; its height follows from what it has to hold."""
    numbers = drawn(numbers, look.fewest)
    groups = list(dict.fromkeys(numbers["group"]))
    plan = _plan(numbers, groups, look)
    with figure_style():
        figure = new_figure(plan.width / POINTS_PER_MM, plan.height / POINTS_PER_MM)
        for code, left, bottom, wide, high in plan.panels:
            box = (left / plan.width, bottom / plan.height, wide / plan.width, high / plan.height)
            axes = figure.add_axes(box)
            _draw_panel(axes, numbers[numbers["scale"] == code], groups, look)
            _scales(axes, numbers, code, look)
            _title(figure, plan, code, left, bottom + high + 5)
            if plan.names:
                _numbers(figure, axes, plan, numbers, (left, bottom, wide))
        _key(figure, plan, axes)
        x = plan.panels[-1][1] + plan.panels[-1][3] / 2 if plan.names else plan.width / 2
        below = (1 + sum(map(len, plan.names.values()))) * LINE if plan.names else 0
        time = f"Weeks{' from ' if look.origin else ''}{look.origin}"
        _write(figure, plan, x, EDGE + below + LINE / 2, time, "center")
    return figure


def _plan(numbers: pd.DataFrame, groups: list[str], look: QlqLook) -> Plan:
    """Room for every block, from the width of its text."""
    width = WIDTH_MM[look.width] * POINTS_PER_MM
    scales = list(dict.fromkeys(numbers["scale"]))
    one = len(scales) == 1
    names = {group: wrap_text(group, 0.26 * width) for group in groups} if one else {}
    widest = max((text_width(line) for lines in names.values() for line in lines), default=0.0)
    left = max(SCALE, EDGE + widest + GAP + 6, EDGE + text_width("Number of subjects") * bool(names))
    columns = 1 if one else (2 if look.width == "single" or len(scales) in (2, 4) else 3)
    high = AXES_PT[look.width] if one else PANEL
    below = EDGE + X_TITLE + X_SCALE + ((1 + sum(map(len, names.values()))) * LINE if one else 0)
    key = _key_lines(groups, width)
    notes = [line for text in _sentences(numbers, look) for line in wrap_text(text, width - 2 * EDGE)]
    above = EDGE + LINE * (len(key) + len(notes)) + GAP
    rows = -(-len(scales) // columns)
    step = high + LINE + X_SCALE + GAP
    wide = (width - columns * left - EDGE - 5) / columns
    panels = []
    for n, code in enumerate(scales):
        row, column = divmod(n, columns)
        panels.append((code, left + column * (left + wide), below + (rows - 1 - row) * step, wide, high))
    height = below + (rows - 1) * step + high + LINE + above
    return Plan(width, height, panels, key, notes, names)


def _key_lines(groups: list[str], width: float) -> list[list[tuple[int, str, float]]]:
    """Samples and names one after the other, on as many lines as they need."""
    lines: list[list[tuple[int, str, float]]] = [[]]
    x = EDGE
    for n, group in enumerate(groups):
        name = " ".join(wrap_text(group, width - 2 * EDGE - HANDLE)[:1])
        need = HANDLE + 6 + text_width(name) + 2 * GAP
        if lines[-1] and x + need > width:
            lines.append([])
            x = EDGE
        lines[-1].append((n, name, x))
        x += need
    return lines


def _sentences(numbers: pd.DataFrame, look: QlqLook) -> list[str]:
    """What the bars and the dotted line are."""
    bars = f"Bars: {100 * look.level:g}% confidence limits of the mean change from baseline."
    line = f" Dotted: {look.points:g} points worse than baseline." if look.points else ""
    few = numbers.loc[numbers["mean"].isna() & (numbers["n"] > 0), "n"]
    left_out = f" Not drawn: means of fewer than {look.fewest} subjects." if len(few) else ""
    return [bars + line + left_out]


def _draw_panel(axes: Any, mine: pd.DataFrame, groups: list[str], look: QlqLook) -> None:
    """Means joined by lines, limits as bars, the groups side by side."""
    last = max(float(mine["time"].max()), 1.0)
    axes.axhline(0, color="#888888", linewidth=0.5, zorder=1)
    for n, group in enumerate(groups):
        style = line_style(n)
        rows = mine[(mine["group"] == group) & mine["mean"].notna()]
        time = rows["time"].to_numpy() + (n - (len(groups) - 1) / 2) * 0.012 * last * (rows["time"] > 0)
        axes.plot(time, rows["mean"], linewidth=1.0, zorder=3, **style)
        axes.plot(
            time,
            rows["mean"],
            linestyle="none",
            marker=MARKERS[n],
            markersize=3.2,
            markerfacecolor="white" if n % 2 else style["color"],
            markeredgecolor=style["color"],
            markeredgewidth=0.7,
            zorder=4,
        )
        axes.vlines(time, rows["lower"], rows["upper"], color=style["color"], linewidth=0.7, zorder=2)
    if look.points:
        worse = -SCALES[str(mine["scale"].iloc[0])].better * look.points
        axes.axhline(worse, color="black", linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)


def _scales(axes: Any, numbers: pd.DataFrame, code: str, look: QlqLook) -> None:
    """Ticks at the visits as far as they fit, and at round numbers of points."""
    low, high = _reach(numbers, code, look)
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(_ticks_of(high - low))
    times = sorted(numbers.loc[numbers["mean"].notna(), "time"].unique())
    every = max(1, -(-len(times) // MOST_TICKS))
    axes.set_xticks(times[::every], [f"{time:.0f}" for time in times[::every]])
    last = max([*times, 1.0])
    axes.set_xlim(-0.03 * last, 1.04 * last)
    better = "higher: better" if SCALES[code].better > 0 else "higher: worse"
    axes.set_ylabel(f"Mean change, points\n({better})", labelpad=3)


def _reach(numbers: pd.DataFrame, code: str, look: QlqLook) -> tuple[float, float]:
    """Lowest and highest change to be shown: the same for all scales of one direction."""
    better = SCALES[code].better
    alike = numbers["scale"].map(lambda other: SCALES[str(other)].better == better)
    drawn = numbers.loc[alike.astype(bool), ["mean", "lower", "upper"]].to_numpy()
    shown = np.append(drawn[~np.isnan(drawn)], [-better * look.points, better * 2.5])
    return float(np.floor(shown.min() / 5) * 5 - 1), float(np.ceil(shown.max() / 5) * 5 + 1)


def _ticks_of(length: float) -> Any:
    """Ticks at round numbers of points."""
    from matplotlib.ticker import MultipleLocator

    return MultipleLocator(next((step for step in (5, 10, 20, 50) if length <= 6 * step), 100))


def _title(figure: JournalFigure, plan: Plan, code: str, x: float, y: float) -> None:
    _write(figure, plan, x, y, f"{SCALES[code].title} ({code})")


def _key(figure: JournalFigure, plan: Plan, axes: Any) -> None:
    """Line samples with the names of the groups, and the sentences under them."""
    from matplotlib.lines import Line2D

    y = plan.height - EDGE - LINE / 2
    for line in plan.key:
        for n, name, x in line:
            style = line_style(n)
            sample = Line2D(
                [x / plan.width, (x + HANDLE / 2) / plan.width, (x + HANDLE) / plan.width],
                [y / plan.height] * 3,
                linewidth=1.2,
                marker=MARKERS[n],
                markevery=[1],
                markersize=3.2,
                markerfacecolor="white" if n % 2 else style["color"],
                markeredgewidth=0.7,
                transform=figure.transFigure,
                **style,
            )
            figure.add_artist(sample)
            _write(figure, plan, x + HANDLE + 6, y, name)
        y -= LINE
    for note in plan.notes:
        _write(figure, plan, EDGE, y, note)
        y -= LINE


def _numbers(
    figure: JournalFigure, axes: Any, plan: Plan, numbers: pd.DataFrame, box: tuple[float, float, float]
) -> None:
    """Subjects with a change at each tick, under it."""
    left, bottom, wide = box
    first, last = axes.get_xlim()
    shown = set(axes.get_xticks())
    y = bottom - X_SCALE - X_TITLE - LINE / 2
    _write(figure, plan, EDGE, y, "Number of subjects")
    for group, lines in plan.names.items():
        y -= LINE
        mine = numbers[(numbers["group"] == group) & numbers["time"].isin(shown)]
        for time, n in zip(mine["time"], mine["n"], strict=True):
            x = left + wide * (time - first) / (last - first)
            _write(figure, plan, x, y, str(n), "center")
        for place, line in enumerate(lines):
            y -= LINE if place else 0
            _write(figure, plan, EDGE, y, line)


def _write(figure: JournalFigure, plan: Plan, x: float, y: float, text: str, align: str = "left") -> None:
    """Text at a place in points."""
    figure.text(x / plan.width, y / plan.height, text, ha=align, va="center_baseline")
