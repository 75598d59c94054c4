"""The ink of the figure of QLQ-C30 changes: a frame of `qlq_numbers` as a figure.

Marks of the groups stand side by side, so that their limits do not cover one another; under each panel stand the
numbers of subjects behind its means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from recist import (
    AXES_PT,
    PAGE_MM,
    POINTS_PER_MM,
    TEXT_PT,
    JournalFigure,
    Sheet,
    clip_text,
    figure_style,
    line_style,
    name_lines,
    text_width,
)
from survival.figures.qlq import QlqLook, alt_text, drawn
from survival.qlq_c30.scales import SCALES

EDGE, GAP, LINE = 5.0, 8.0, 9.0  # margin, distance between blocks, height of a line of text
HANDLE, SHORT = 22.0, 13.0  # length of the line samples in the key, and beside the numbers of subjects
SCALE, X_SCALE, X_TITLE = 36.0, 14.0, 14.0  # room for the scales and the title below
PANEL, LOWEST = 105.0, 58.0  # height of a panel where there are several: wanted, and at least
BESIDE = 30.0  # left of a further panel of a row: its scale, and the samples beside its numbers
MARKERS = ("o", "s", "^", "D", "v", "P")
MOST_TICKS = 9


@dataclass(frozen=True)
class Plan:
    """Columns and rows of panels, in points."""

    scales: list[str]
    columns: int
    left: float  # of the first column
    wide: float  # of a panel
    high: float
    counts: int  # lines of numbers of subjects under a panel
    key: list[list[tuple[int, str, float]]]  # lines of group, name, place
    notes: list[str]

    @property
    def step(self) -> float:
        """Height of a row of panels with what belongs to it."""
        return self.high + 2 * LINE + X_SCALE + self.counts * LINE + GAP

    @property
    def body(self) -> float:
        """Height of everything but the sentences."""
        rows = -(-len(self.scales) // self.columns)
        return LINE * len(self.key) + GAP + rows * self.step + X_TITLE


def draw(numbers: pd.DataFrame, look: QlqLook) -> JournalFigure:
    """The figure; its height follows from what it has to hold."""
    numbers = drawn(numbers, look.fewest)
    groups = list(dict.fromkeys(numbers["group"]))
    with figure_style():
        plan = _plan(numbers, groups, look)
        sheet = Sheet(look.width, plan.body, (), plan.notes)
        _key(sheet, plan)
        top = sheet.top - LINE * len(plan.key) - GAP
        for n, code in enumerate(plan.scales):
            row, column = divmod(n, plan.columns)
            left = plan.left + column * (plan.wide + BESIDE)
            bottom = top - row * plan.step - 2 * LINE - plan.high
            axes = sheet.axes(left, bottom, plan.wide, plan.high)
            mine = numbers[numbers["scale"] == code]
            _draw_panel(axes, mine, groups, look)
            _scales(axes, numbers, (code, column == 0), look)
            _title(sheet, code, (left, bottom + plan.high), plan.wide)
            if plan.counts:
                _numbers(sheet, axes, mine, (groups, left, bottom, plan.wide))
        time = f"Weeks{' from ' if look.origin else ''}{look.origin}"
        sheet.write((plan.left + sheet.width - EDGE) / 2, sheet.bottom + LINE / 2, time, align="center")
    sheet.figure.alt_text = alt_text(numbers)
    return sheet.figure


def _plan(numbers: pd.DataFrame, groups: list[str], look: QlqLook) -> Plan:
    """Room for every block: panels become lower, then lose their numbers, where they would exceed a page."""
    width = Sheet(look.width, 0.0).width
    scales = list(dict.fromkeys(numbers["scale"]))
    columns = 1 if len(scales) == 1 else (2 if look.width == "single" or len(scales) in (2, 4) else 3)
    left = EDGE + SCALE
    common: dict[str, Any] = {
        "scales": scales,
        "columns": columns,
        "left": left,
        "wide": (width - left - EDGE - 5 - (columns - 1) * BESIDE) / columns,
        "key": _key_lines(groups, width),
    }
    high = AXES_PT[look.width] if len(scales) == 1 else PANEL
    for counts in (len(groups), 0):
        notes = _sentences(numbers, look, bool(counts))
        plan = Plan(**common, high=high, counts=counts, notes=notes)
        excess = plan.body + Sheet(look.width, 0.0, (), notes).height - PAGE_MM * POINTS_PER_MM
        lower = high - max(excess, 0.0) / -(-len(scales) // columns)
        if lower >= LOWEST:
            break
    return Plan(**common, high=max(lower, LOWEST), counts=counts, notes=notes)


def _key_lines(groups: list[str], width: float) -> list[list[tuple[int, str, float]]]:
    """Samples and names one after the other, on as many lines as they need."""
    lines: list[list[tuple[int, str, float]]] = [[]]
    x = EDGE
    for n, group in enumerate(groups):
        (name,) = name_lines(group, width - 2 * EDGE - HANDLE - 6, 1)
        need = HANDLE + 6 + text_width(name) + 2 * GAP
        if lines[-1] and x + need > width:
            lines.append([])
            x = EDGE
        lines[-1].append((n, name, x))
        x += need
    return lines


def _sentences(numbers: pd.DataFrame, look: QlqLook, counted: bool) -> list[str]:
    """The caption, and what the bars, the dotted line and the numbers are."""
    notes = [look.caption] if look.caption else []
    notes.append("Means of those who answered at each visit, drawn at its median day.")
    notes.append(
        f"Bars: {100 * look.level:g}% confidence limits of the mean change from baseline (Student's t)."
    )
    if look.points:
        notes.append(f"Dotted: {look.points:g} points worse than baseline.")
    if (numbers["mean"].isna() & (numbers["n"] > 0)).any():
        notes.append(f"Not drawn: means of fewer than {look.fewest} subjects.")
    if counted:
        notes.append("Under each panel: subjects with a score at baseline, and with a change at the visit.")
    return notes


def _draw_panel(axes: Any, mine: pd.DataFrame, groups: list[str], look: QlqLook) -> None:
    """Means joined by lines, limits as bars, the groups side by side."""
    last = max(float(mine["time"].max()), 1.0)
    axes.axhline(0, color="#888888", linewidth=0.5, zorder=1)
    for n, group in enumerate(groups):
        style = line_style(n)
        rows = mine[(mine["group"] == group) & mine["mean"].notna()]
        time = rows["time"].to_numpy() + (n - (len(groups) - 1) / 2) * 0.012 * last * (rows["time"] > 0)
        axes.plot(time, rows["mean"], linewidth=1.0, zorder=3, **style)
        axes.plot(time, rows["mean"], linestyle="none", zorder=4, **_mark(n))
        axes.vlines(time, rows["lower"], rows["upper"], color=style["color"], linewidth=0.7, zorder=2)
    if look.points:
        worse = -SCALES[str(mine["scale"].iloc[0])].better * look.points
        axes.axhline(worse, color="black", linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)


def _mark(n: int) -> dict[str, Any]:
    """The mark of a group."""
    colour = line_style(n)["color"]
    return {
        "marker": MARKERS[n],
        "markersize": 3.2,
        "markerfacecolor": "white" if n % 2 else colour,
        "markeredgecolor": colour,
        "markeredgewidth": 0.7,
    }


def _scales(axes: Any, numbers: pd.DataFrame, panel: tuple[str, bool], look: QlqLook) -> None:
    """Ticks at the visits as far as they fit, and at round numbers of points; `panel`: scale, and whether leftmost."""
    code, first = panel
    low, high = _reach(numbers, code, look)
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(_ticks_of(high - low))
    times = sorted(numbers.loc[numbers["mean"].notna(), "time"].unique())
    every = max(1, -(-len(times) // MOST_TICKS))
    axes.set_xticks(times[::every], [f"{time:.0f}" for time in times[::every]])
    last = max([*times, 1.0])
    axes.set_xlim(-0.03 * last, 1.04 * last)
    if first:
        axes.set_ylabel("Mean change, points", labelpad=3)


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


def _title(sheet: Sheet, code: str, corner: tuple[float, float], wide: float) -> None:
    """Name of the scale, and which way is better."""
    x, y = corner
    better = "higher: better" if SCALES[code].better > 0 else "higher: worse"
    name, room = f"{SCALES[code].title} ({code})", wide + BESIDE - 4
    fits = text_width(name) <= room
    lines = [name, better] if fits else clip_text(f"{name}, {better}", room, TEXT_PT, 2)
    for n, line in enumerate(lines):
        sheet.write(x, y + 5 + (len(lines) - 1 - n) * LINE, line)


def _key(sheet: Sheet, plan: Plan) -> None:
    """Line samples with the names of the groups."""
    y = sheet.top - LINE / 2
    for line in plan.key:
        for n, name, x in line:
            _sample(sheet, n, (x, y), HANDLE)
            sheet.write(x + HANDLE + 6, y, name)
        y -= LINE


def _sample(sheet: Sheet, n: int, place: tuple[float, float], long: float) -> None:
    """A piece of the line of a group with its mark."""
    x, y = place
    look = line_style(n) | _mark(n) | {"markevery": [1], "linewidth": 1.2}
    sheet.line([x, x + long / 2, x + long], [y] * 3, **look)


def _numbers(
    sheet: Sheet, axes: Any, mine: pd.DataFrame, place: tuple[list[str], float, float, float]
) -> None:
    """Subjects with a change at each tick, a line for each group; those that would touch are left out."""
    groups, left, bottom, wide = place
    first, last = axes.get_xlim()
    shown = set(axes.get_xticks())
    y = bottom - X_SCALE - LINE / 2
    for n, group in enumerate(groups):
        _sample(sheet, n, (left - SHORT - 9, y), SHORT)
        end = -np.inf
        rows = mine[(mine["group"] == group) & mine["time"].isin(shown)].sort_values("time")
        for time, count in zip(rows["time"], rows["n"], strict=True):
            x, half = left + wide * (time - first) / (last - first), text_width(str(count)) / 2
            if x - half > end + 1:
                sheet.write(x, y, str(count), align="center")
                end = x + half
        y -= LINE
