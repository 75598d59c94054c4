"""The ink of the Kaplan-Meier figure: a frame of `km_numbers` as a figure.

The key stands above the axes, the numbers at risk below them under their ticks, the sentences at the foot.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recist import JournalFigure, Sheet, figure_style, line_style, text_width
from survival.figures.km import alt_text
from survival.figures.km_layout import (
    COLUMN_GAP,
    EDGE,
    HANDLE,
    LINE,
    ROWS,
    SAMPLE_GAP,
    X_TITLE,
    Layout,
    axis_title,
    layout,
)
from survival.figures.look import KmLook

DODGE_PT = 2.2  # distance of the bars of neighbouring groups


def draw(numbers: pd.DataFrame, unit: str, look: KmLook) -> JournalFigure:
    """The figure; its height follows from what it has to hold."""
    drawn = curves_drawn(numbers, look.fewest)
    with figure_style():
        plan = layout(drawn, unit, look)
        sheet = Sheet(look.width, plan.body, (), plan.notes)
        axes = sheet.axes(plan.left, sheet.bottom + plan.table + X_TITLE, plan.axes_width, plan.axes_height)
        _draw_scales(axes, drawn, unit, look)
        _draw_curves(axes, drawn, list(plan.names), look)
        if len(plan.names) > look.most_bands:
            _draw_bars(axes, drawn, list(plan.names), plan.axes_width)
        _draw_key(sheet, plan)
        _draw_table(sheet, plan, drawn, (look.rows, axes.get_xlim()[1]))
    sheet.figure.alt_text = alt_text(numbers, look.endpoint, unit)
    return sheet.figure


def curves_drawn(numbers: pd.DataFrame, fewest: int) -> pd.DataFrame:
    """The numbers with the parts of the curves left out that rest on fewer subjects at risk; time 0 stays."""
    curves = numbers[numbers["part"] == "curve"]
    kept = curves[(curves["n"] >= fewest) | (curves["time"] <= 0)]
    ends = kept.groupby("group", observed=True)["time"].max()
    beyond = numbers["part"].isin(["curve", "censored"]) & (numbers["time"] > numbers["group"].map(ends))
    return numbers[~beyond.to_numpy(bool)]


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


def _draw_bars(axes: Any, numbers: pd.DataFrame, groups: list[str], wide: float) -> None:
    """Limits of many groups: at each tick a bar per group with somebody at risk, side by side."""
    point = axes.get_xlim()[1] / wide
    for n, group in enumerate(groups):
        mine = numbers[numbers["group"] == group]
        curve, risk = mine[mine["part"] == "curve"], mine[mine["part"] == "at_risk"]
        ticks = risk.loc[(risk["time"] > 0) & (risk["value"] > 0), "time"].to_numpy()
        ticks = ticks[ticks <= curve["time"].max()]
        rows = curve.iloc[np.searchsorted(curve["time"].to_numpy(), ticks + 1e-9, side="right") - 1]
        places = ticks + (n - (len(groups) - 1) / 2) * DODGE_PT * point
        colour = line_style(n)["color"]
        axes.vlines(places, rows["lower"], rows["upper"], color=colour, linewidth=0.8, zorder=2)


def _draw_scales(axes: Any, numbers: pd.DataFrame, unit: str, look: KmLook) -> None:
    """Ticks at the times of the numbers at risk; the vertical scale always from 0 to 1."""
    ticks = numbers.loc[numbers["part"] == "at_risk", "time"].unique()
    longest = numbers.loc[numbers["part"] == "curve", "time"].max()
    axes.set_xlim(0, 1.01 * max(longest, ticks.max(), 1e-9))
    axes.set_ylim(0, 1.02)
    axes.set_yticks(np.linspace(0, 1, 6), [f"{value:.1f}" for value in np.linspace(0, 1, 6)])
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xlabel(f"Time{' from ' if look.origin else ''}{look.origin}, {unit}", labelpad=3)
    axes.set_ylabel("\n".join(axis_title(look)), labelpad=4)
    axes.spines["left"].set_bounds(0, 1)
    for time in numbers.loc[numbers["part"] == "landmark", "time"].unique():
        axes.plot([time, time], [0, 1], color="black", linewidth=0.5, linestyle=(0, (1, 2)), zorder=1)


def _draw_key(sheet: Sheet, plan: Layout) -> None:
    """The key as a small table above the axes, and the comparisons under it."""
    first = EDGE + HANDLE + SAMPLE_GAP
    x = first + max(text_width(line) for lines in plan.key.values() for line in lines) + COLUMN_GAP
    for column in plan.columns:
        sheet.write(x, sheet.top - LINE / 2, column.head)
        y = sheet.top - LINE / 2
        for lines, text in zip(plan.key.values(), column.texts, strict=True):
            sheet.write(x, y - LINE, text)
            y -= LINE * len(lines)
        x += column.width + COLUMN_GAP
    y = sheet.top - LINE / 2
    for n, lines in enumerate(plan.key.values()):
        sheet.line([EDGE, EDGE + HANDLE], [y - LINE] * 2, linewidth=1.2, **line_style(n))
        for line in lines:
            y -= LINE
            sheet.write(first, y, line)
    for line in plan.sentences:
        y -= LINE
        sheet.write(EDGE, y, line)


def _draw_table(
    sheet: Sheet, plan: Layout, numbers: pd.DataFrame, table: tuple[tuple[str, ...], float]
) -> None:
    """Numbers at risk, with events and censored before, centred under their ticks."""
    rows, end = table
    y = sheet.bottom + plan.table + LINE / 2
    for row in rows:
        risk = numbers[numbers["part"] == row]
        y -= LINE
        sheet.write(EDGE, y, ROWS[row])
        for group, lines in plan.names.items():
            y -= LINE
            mine = risk[risk["group"] == group]
            for tick, value in zip(mine["time"], mine["value"], strict=True):
                sheet.write(plan.left + plan.axes_width * tick / end, y, f"{value:.0f}", align="center")
            for place, line in enumerate(lines):
                y -= LINE if place else 0
                sheet.write(EDGE, y, line)
